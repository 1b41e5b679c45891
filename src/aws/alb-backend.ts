import { IConstruct } from 'constructs';
import { AlbCondition } from './alb-condition';
import { nameProblem, NameSyntax } from '../platform/names';
import { ObservedService } from '../platform/observed';
import { portProblem } from '../platform/ports';

/** A redirect's changes; what is left out stays as the request has it. */
export interface AlbRedirectOptions {
  /**
   * The new scheme, `HTTP` or `HTTPS`.
   * @default - that of the request
   */
  readonly protocol?: string;
  /**
   * The new port.
   * @default - that of the request
   */
  readonly port?: number;
  /**
   * The new host.
   * @default - that of the request
   */
  readonly host?: string;
  /**
   * The new path.
   * @default - that of the request
   */
  readonly path?: string;
  /**
   * Whether clients may remember it: 301 instead of 302.
   * @default false
   */
  readonly permanent?: boolean;
}

/** An answer that the load balancer gives by itself. */
export interface AlbFixedResponseOptions {
  /**
   * What the body is.
   * @default 'text/plain'
   */
  readonly contentType?: string;
  /**
   * The body, at most 1024 characters.
   * @default - empty
   */
  readonly body?: string;
}

/** What an Application Load Balancer does with the requests of a rule. */
export class AlbBackend {
  /**
   * Sends them to a Service of the Ingress's namespace, which any cdk8s library built.
   *
   * @param service the Service
   * @param port its port, by number or name
   */
  public static service(service: IConstruct, port: any): AlbBackend {
    const observed = new ObservedService(service, 'AlbBackend.service');
    return new AlbBackend({ name: observed.name, port, observed });
  }

  /**
   * Sends them to a Service of the Ingress's namespace that is made elsewhere.
   *
   * @param name the Service's name
   * @param port its port, by number or name
   */
  public static serviceNamed(name: string, port: any): AlbBackend {
    const problem = nameProblem(name, NameSyntax.SERVICE);
    if (problem) throw new Error(`AlbBackend.serviceNamed: ${problem}`);
    return new AlbBackend({ name, port });
  }

  /**
   * Redirects them.
   * @param name the action's name, a DNS label
   */
  public static redirect(name: string, options: AlbRedirectOptions): AlbBackend {
    if (options.protocol !== undefined && !['HTTP', 'HTTPS'].includes(options.protocol)) {
      throw new Error(`AlbBackend.redirect ${name}: protocol must be HTTP or HTTPS, got "${options.protocol}"`);
    }
    if ([options.protocol, options.port, options.host, options.path].every((part) => part === undefined)) {
      throw new Error(`AlbBackend.redirect ${name}: a redirect that changes nothing goes round for ever; give protocol, port, host or path`);
    }
    return AlbBackend.action('redirect', name, {
      type: 'redirect',
      redirectConfig: {
        statusCode: options.permanent ? 'HTTP_301' : 'HTTP_302',
        protocol: options.protocol,
        port: options.port?.toString(),
        host: options.host,
        path: options.path,
      },
    });
  }

  /**
   * Answers them.
   * @param name the action's name, a DNS label
   */
  public static fixedResponse(name: string, statusCode: number, options: AlbFixedResponseOptions = {}): AlbBackend {
    if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599 || Math.floor(statusCode / 100) === 3) {
      throw new Error(`AlbBackend.fixedResponse ${name}: statusCode must be 2xx, 4xx or 5xx, got ${statusCode}`);
    }
    return AlbBackend.action('fixedResponse', name, {
      type: 'fixed-response',
      fixedResponseConfig: { statusCode: String(statusCode), contentType: options.contentType ?? 'text/plain', messageBody: options.body },
    });
  }

  private static action(what: string, name: string, action: { [key: string]: unknown }): AlbBackend {
    const problem = nameProblem(name, NameSyntax.LABEL);
    if (problem) throw new Error(`AlbBackend.${what}: ${problem}`);
    return new AlbBackend({ name, port: 'use-annotation', action });
  }

  private readonly target: { name: string; port: any; observed?: ObservedService; action?: { [key: string]: unknown } };
  private readonly requirements: AlbCondition[] = [];

  private constructor(target: { name: string; port: any; observed?: ObservedService; action?: { [key: string]: unknown } }) {
    const problem = typeof target.port === 'number' ? portProblem(target.port) : nameProblem(String(target.port), NameSyntax.LABEL);
    if (problem) throw new Error(`AlbBackend ${target.name}: ${problem}`);
    this.target = target;
  }

  /** Only for requests for which all these conditions hold, too. They belong to the backend's name, in all rules of the Ingress. */
  public when(...conditions: AlbCondition[]): AlbBackend {
    const narrowed = new AlbBackend(this.target);
    narrowed.requirements.push(...this.requirements, ...conditions);
    return narrowed;
  }

  /** @internal */
  public get _name(): string {
    return this.target.name;
  }

  /** @internal */
  public get _conditions(): AlbCondition[] {
    return this.requirements;
  }

  /** @internal */
  public get _action(): { [key: string]: unknown } | undefined {
    return this.target.action;
  }

  /**
   * What is wrong with the backend for an Ingress of a namespace, known at synthesis.
   * @internal
   */
  public _problem(namespace: string | undefined, instanceTargets: boolean): string | undefined {
    const { observed, port } = this.target;
    if (!observed) return undefined;
    if ((observed.namespace ?? 'default') !== (namespace ?? 'default')) {
      return `${observed.reference} is in another namespace; the load balancer would answer 503. Move the Ingress to "${observed.namespace}"`;
    }
    if (!observed.ports.some((each) => each.port === port || each.name === port)) {
      return `${observed.reference} has no port ${port}; it has ${observed.ports.map((each) => each.name ?? each.port).join(', ')}`;
    }
    if (instanceTargets && !['NodePort', 'LoadBalancer'].includes(observed.type)) {
      return `${observed.reference} has to be of type NodePort for targets of type instance, it is ${observed.type}; use AlbTargetType.IP`;
    }
    return undefined;
  }

  /** @internal */
  public _render(): { [key: string]: unknown } {
    const { name, port } = this.target;
    return { service: { name, port: typeof port === 'number' ? { number: port } : { name: port } } };
  }
}
