import { IConstruct } from 'constructs';
import type { ResolvedBackend } from './resolved-backend';
import { nameProblem, NameSyntax } from '../platform/names';
import { ObservedService, ObservedServicePort } from '../platform/observed';
import { portProblem } from '../platform/ports';

/** Options of a backend. */
export interface BackendOptions {
  /**
   * The port of the Service.
   * @default - the Service's only port; of several one has to be named
   */
  readonly port?: number;
  /**
   * The share of the requests, relative to the sum of the route's backends; 0 sends none.
   * @default - everything, for a single backend; of several each needs a weight
   */
  readonly weight?: number;
  /**
   * The cluster's DNS domain.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

/** A Service that is known by name only. */
export interface NamedBackendOptions {
  /** The Service's namespace. */
  readonly namespace: string;
  /** The port of the Service. */
  readonly port: number;
  /**
   * Whether gRPC is spoken on the port. The Service has to say so too: by `appProtocol: grpc`, or a port name that begins with `grpc`.
   * @default false
   */
  readonly grpc?: boolean;
  /**
   * The share of the requests, relative to the sum of the route's backends; 0 sends none.
   * @default - everything, for a single backend; of several each needs a weight
   */
  readonly weight?: number;
  /**
   * The cluster's DNS domain.
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
}

interface Target {
  readonly name: string;
  readonly namespace?: string;
  readonly construct?: IConstruct;
  readonly service?: ObservedService;
  readonly grpc?: boolean;
  readonly port?: number;
  readonly clusterDomain?: string;
}

/** Where a route sends requests: a Service and its port, and a share where there are several. */
export class Backend {
  /**
   * A Service of this app, built with any cdk8s library.
   *
   * @param service a Service of this library, of cdk8s-plus, of `cdk8s import`, or an ApiObject
   * @throws if it is no Service; at synthesis if it has not the port, or several and none is named.
   */
  public static service(service: IConstruct, options: BackendOptions = {}): Backend {
    const observed = new ObservedService(service, 'Backend.service');
    return new Backend({ ...options, name: observed.name, namespace: observed.namespace, construct: service, service: observed }, options.weight);
  }

  /**
   * A Service that is made elsewhere.
   * @throws if the name or the namespace is no DNS label, or the port is out of range.
   */
  public static serviceNamed(name: string, options: NamedBackendOptions): Backend {
    const problem = nameProblem(name, NameSyntax.SERVICE);
    if (problem) throw new Error(`Backend.serviceNamed: ${problem}`);
    const namespaceProblem = nameProblem(options.namespace, NameSyntax.LABEL);
    if (namespaceProblem) throw new Error(`Backend.serviceNamed ${name}: namespace: ${namespaceProblem}`);
    return new Backend({ ...options, name }, options.weight);
  }

  /** @internal */
  public readonly _weight?: number;
  private readonly target: Target;
  private named?: ResolvedBackend;

  private constructor(target: Target, weight?: number) {
    this.target = target;
    this._weight = weight;
    const problem = target.port === undefined ? undefined : portProblem(target.port);
    if (problem) throw new Error(`Backend ${this._reference}: ${problem}`);
    if (weight !== undefined && (!Number.isInteger(weight) || weight < 0)) {
      throw new Error(`Backend ${this._reference}: weight must be a whole number of 0 or more, got ${weight}`);
    }
  }

  /** The same backend with another share of the requests. */
  public weight(weight: number): Backend {
    return new Backend(this.target, weight);
  }

  /** @internal */
  public get _reference(): string {
    return `Service/${this.target.namespace ?? ''}/${this.target.name}`;
  }

  /** @internal */
  public get _namespace(): string | undefined {
    return this.target.namespace;
  }

  /** @internal */
  public get _construct(): IConstruct | undefined {
    return this.target.construct;
  }

  /**
   * What is known at synthesis, or what is wrong.
   * @internal
   */
  public _resolve(): ResolvedBackend | string {
    if (this.named) return this.named;
    const { name, namespace, service, grpc, clusterDomain } = this.target;
    const host = `${name}.${namespace}.svc.${clusterDomain ?? 'cluster.local'}`;
    // Nothing more will be known of a Service that is made elsewhere.
    if (!service) return this.named = { host, port: this.target.port!, grpc: grpc ?? false };
    const ports = service.ports.filter((each) => each.protocol === undefined || each.protocol === 'TCP');
    const choices = ports.map((each) => (each.name === undefined ? `${each.port}` : `${each.port} (${each.name})`)).join(', ');
    if (ports.length === 0) return `${this._reference} has no TCP port`;
    if (this.target.port === undefined && ports.length > 1) return `${this._reference} has several ports; name one with \`port\`: ${choices}`;
    const port = this.target.port === undefined ? ports[0]! : ports.find((each) => each.port === this.target.port);
    if (!port) return `${this._reference} has no port ${this.target.port}; it has ${choices}`;
    return { host, port: port.port, ...spoken(port) };
  }
}

// A proxy takes the protocol from appProtocol, and without it from the port's name up to the first "-".
function spoken(port: ObservedServicePort): { http2: boolean; grpc: boolean } {
  const name = port.name ?? '';
  const protocol = (port.appProtocol ?? (/^grpc-web(-|$)/.test(name) ? 'grpc-web' : name.split('-')[0]!)).toLowerCase();
  const grpc = protocol === 'grpc' || protocol === 'grpc-web';
  return { grpc, http2: grpc || protocol === 'http2' || protocol === 'kubernetes.io/h2c' };
}
