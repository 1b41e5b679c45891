import { unknownToRe2 } from './re2';

/** Which paths a route is for. The query is no part of the path. */
export class PathMatch {
  /**
   * The path itself and everything below it, by whole segments: `/api` is `/api`, `/api/` and `/api/x`, and not `/apix`.
   * A slash at the end makes no difference; `/` is every path.
   *
   * @throws if the path does not begin with a slash, or holds a query, a `*` or an empty segment.
   */
  public static prefix(path: string): PathMatch {
    const problem = pathProblem(path)
      ?? (path.includes('*') ? 'a prefix covers everything below it and takes no "*"' : undefined)
      ?? (path.includes('//') ? 'an empty segment ("//") is no part of a prefix' : undefined);
    if (problem) throw new Error(`PathMatch.prefix: ${problem}, got "${path}"`);
    return new PathMatch('prefix', path === '/' ? '/' : path.replace(/\/$/, ''));
  }

  /**
   * This path and no other.
   * @throws if the path does not begin with a slash, or holds a query.
   */
  public static exactly(path: string): PathMatch {
    const problem = pathProblem(path);
    if (problem) throw new Error(`PathMatch.exactly: ${problem}, got "${path}"`);
    return new PathMatch('exact', path);
  }

  /**
   * Paths that an RE2 expression matches as a whole.
   * @throws if the expression is empty, or has what RE2 does not know: looking ahead or behind, and references back.
   */
  public static regex(expression: string): PathMatch {
    const unknown = unknownToRe2(expression);
    if (expression === '') throw new Error('PathMatch.regex: the expression must not be empty; use PathMatch.prefix("/") for every path');
    if (unknown !== undefined) throw new Error(`PathMatch.regex: RE2 has no "${unknown}", got "${expression}"`);
    return new PathMatch('regex', expression);
  }

  /**
   * A gRPC service, or one method of it.
   * @param service its full name, such as `echo.EchoService`
   * @param method such as `Call`
   * @throws if a name is none of Protocol Buffers.
   */
  public static grpc(service: string, method?: string): PathMatch {
    if (!/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(service)) throw new Error(`PathMatch.grpc: a service is named "package.Service", got "${service}"`);
    if (method === undefined) return new PathMatch('prefix', `/${service}`);
    if (!/^[A-Za-z_]\w*$/.test(method)) throw new Error(`PathMatch.grpc: a method is named "Method", got "${method}"`);
    return new PathMatch('exact', `/${service}/${method}`);
  }

  private constructor(
    /** @internal */
    public readonly _kind: 'exact' | 'prefix' | 'regex',
    /** @internal */
    public readonly _value: string,
  ) {}

  /**
   * The text that every matching path begins with.
   * @internal
   */
  public get _literal(): string {
    if (this._kind !== 'regex') return this._value;
    // An alternative at the top, or a quantifier after the last character, takes back what was read so far.
    const expression = this._value.replace(/^\^/, '');
    if (expression.includes('|')) return '';
    const literal = /^[^\\.+*?()[\]{}^$|]*/.exec(expression)![0];
    return /^[*?{]/.test(expression.slice(literal.length)) ? literal.slice(0, -1) : literal;
  }
}

function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'a path begins with "/"';
  const wrong = /[?#\s]/.exec(path)?.[0];
  if (wrong !== undefined) return `a path has no "${wrong}"; query and fragment are no part of it`;
  return undefined;
}
