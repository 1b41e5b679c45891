import { IConstruct } from 'constructs';
import { HeaderChanges } from './header-changes';
import { headerChangesProblem, renderHeaderChanges } from './header-policy';
import type { HttpProxySpecRoutesServices } from '../../imports/projectcontour.io';
import { nameProblem, NameSyntax } from '../platform/names';
import { ObservedService } from '../platform/observed';
import { portProblem } from '../platform/ports';
import { given } from '../platform/wire';

/** What Envoy speaks with the pods of a Service. */
export enum UpstreamProtocol {
  /** HTTP/2 over TLS. */
  H2 = 'h2',
  /** HTTP/2 in the clear, as gRPC without TLS. */
  H2C = 'h2c',
  /** HTTP/1.1 over TLS. */
  TLS = 'tls',
}

/** Options of a Service that receives requests. */
export interface ServiceTargetOptions {
  /**
   * What Envoy speaks with the pods.
   * @default - what the port's appProtocol or the Service's annotations say; HTTP/1.1 in the clear without either
   */
  readonly protocol?: UpstreamProtocol;
  /**
   * Headers of requests to this Service only. A header that the route sets, too, gets the route's value.
   * @default - unchanged
   */
  readonly requestHeaders?: HeaderChanges;
  /**
   * Headers of responses of this Service only.
   * @default - unchanged
   */
  readonly responseHeaders?: HeaderChanges;
  /**
   * The port that health checks ask.
   * @default - the same port
   */
  readonly healthPort?: number;
}

/** A Service that receives requests, in the namespace of the HTTPProxy: Contour follows no other. */
export class ServiceTarget {
  /**
   * A Service of this app, built by any cdk8s library.
   * @param port the number of one of its ports
   */
  public static of(service: IConstruct, port: number, options: ServiceTargetOptions = {}): ServiceTarget {
    const observed = new ObservedService(service, 'ServiceTarget.of');
    return new ServiceTarget(observed.name, port, options, observed);
  }

  /** A Service by name. */
  public static named(name: string, port: number, options: ServiceTargetOptions = {}): ServiceTarget {
    const problem = nameProblem(name, NameSyntax.SERVICE);
    if (problem) throw new Error(`ServiceTarget.named: ${problem}`);
    return new ServiceTarget(name, port, options);
  }

  /** @internal */
  public readonly _service?: ObservedService;
  /** @internal */
  public readonly _port: number;
  /** @internal */
  public readonly _weight?: number;
  private readonly name: string;
  private readonly options: ServiceTargetOptions;
  private wire?: HttpProxySpecRoutesServices;

  private constructor(name: string, port: number, options: ServiceTargetOptions, service?: ObservedService, weight?: number) {
    const problem = portProblem(port)
      ?? (options.healthPort === undefined ? undefined : portProblem(options.healthPort, 'healthPort'))
      ?? prefixed('requestHeaders', headerChangesProblem(options.requestHeaders, 'request', true))
      ?? prefixed('responseHeaders', headerChangesProblem(options.responseHeaders, 'response', true));
    if (problem) throw new Error(`ServiceTarget ${name}: ${problem}`);
    this.name = name;
    this._port = port;
    this.options = options;
    this._service = service;
    this._weight = weight;
  }

  /**
   * The same Service with a share of the requests: the weight in relation to the sum of all weights of the route. 0: none.
   * @throws if the weight is negative or no whole number.
   */
  public weight(weight: number): ServiceTarget {
    if (!Number.isInteger(weight) || weight < 0) throw new Error(`ServiceTarget ${this.name}: weight must be a whole number, 0 or more, got ${weight}`);
    return new ServiceTarget(this.name, this._port, this.options, this._service, weight);
  }

  /** @internal */
  public get _changesHeaders(): boolean {
    return this.options.requestHeaders !== undefined || this.options.responseHeaders !== undefined;
  }

  /** @internal */
  public get _reference(): string {
    return `${this.name}:${this._port}`;
  }

  /** @internal */
  public _headersSet(): string[] {
    return Object.keys(this.options.requestHeaders?.set ?? {});
  }

  /** @internal */
  public _render(): HttpProxySpecRoutesServices {
    return (this.wire ??= given({
      name: this.name,
      port: this._port,
      weight: this._weight,
      protocol: this.options.protocol as unknown as HttpProxySpecRoutesServices['protocol'],
      healthPort: this.options.healthPort,
      requestHeadersPolicy: renderHeaderChanges(this.options.requestHeaders),
      responseHeadersPolicy: renderHeaderChanges(this.options.responseHeaders),
    }));
  }
}

function prefixed(what: string, problem: string | undefined): string | undefined {
  return problem === undefined ? undefined : `${what}: ${problem}`;
}
