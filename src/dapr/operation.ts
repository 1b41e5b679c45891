import { operationProblem } from './operation-path';

/** A verb of HTTP, as access control compares it. */
export enum HttpVerb {
  /** GET. */
  GET = 'GET',
  /** HEAD. */
  HEAD = 'HEAD',
  /** POST. */
  POST = 'POST',
  /** PUT. */
  PUT = 'PUT',
  /** PATCH. */
  PATCH = 'PATCH',
  /** DELETE. */
  DELETE = 'DELETE',
  /** OPTIONS. */
  OPTIONS = 'OPTIONS',
  /** CONNECT. */
  CONNECT = 'CONNECT',
  /** TRACE. */
  TRACE = 'TRACE',
}

/**
 * Something that an application is asked to do by another: a path and its verbs, or a gRPC method.
 *
 * A path covers everything below it; `/*` at the end covers one segment more, `/**` any number. HTTP paths are compared
 * without regard to case.
 */
export class Operation {
  /** GET on a path. */
  public static get(path: string): Operation { return Operation.of(path, HttpVerb.GET); }
  /** POST on a path. */
  public static post(path: string): Operation { return Operation.of(path, HttpVerb.POST); }
  /** PUT on a path. */
  public static put(path: string): Operation { return Operation.of(path, HttpVerb.PUT); }
  /** PATCH on a path. */
  public static patch(path: string): Operation { return Operation.of(path, HttpVerb.PATCH); }
  /** DELETE on a path. */
  public static delete(path: string): Operation { return Operation.of(path, HttpVerb.DELETE); }
  /** Any verb on a path. */
  public static any(path: string): Operation { return Operation.of(path); }

  /**
   * Some verbs on a path; none named means any.
   * @throws if the path does not begin with a slash, ends with one, or has a wildcard anywhere but as its last segment
   */
  public static of(path: string, ...verbs: HttpVerb[]): Operation {
    const problem = operationProblem(path);
    if (problem) throw new Error(`Operation: ${problem}`);
    return new Operation(path, verbs.length === 0 ? ['*'] : [...new Set(verbs)]);
  }

  /**
   * A gRPC method.
   *
   * @param service the service with its package, such as `shop.v1.Orders`
   * @param method the method; all of the service's unless told
   */
  public static grpc(service: string, method?: string): Operation {
    for (const [what, name] of [['service', service], ['method', method]] as const) {
      if (name !== undefined && !/^[A-Za-z_][\w.]*$/.test(name)) {
        throw new Error(`Operation.grpc: the ${what} is written as in its .proto file, got "${name}"`);
      }
    }
    return new Operation(`/${service}/${method ?? '*'}`, ['*']);
  }

  /** The path, with its wildcard. */
  public readonly path: string;
  /** The verbs; `*` for any. */
  public readonly verbs: string[];

  private constructor(path: string, verbs: string[]) {
    this.path = path;
    this.verbs = verbs;
  }
}
