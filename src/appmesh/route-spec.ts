import { renderTimeout } from './listener-rendering';
import { HeaderMatch, HttpRouteMethod, HttpRoutePathMatch, QueryParameterMatch } from './match';
import { Protocol } from './protocol';
import { GrpcRetryPolicy, HttpRetryPolicy } from './retry-policy';
import { checkedGrpcService, checkedPriority, renderMatches, renderRetryPolicy } from './route-rendering';
import { RequestTimeout, TcpTimeout } from './timeout';
import type { IVirtualNode } from './virtual-node';
import { portProblem } from '../platform/ports';

/** A virtual node and its share of a route's requests. */
export interface WeightedTarget {
  /** The node. */
  readonly virtualNode: IVirtualNode;
  /**
   * Its share, 0 to 100, relative to the sum over the route's targets.
   * @default 1
   */
  readonly weight?: number;
  /**
   * The port of the node.
   * @default - that of its listener of the route's protocol; where there are several, the one with the router's port
   */
  readonly port?: number;
}

/** What routes of every kind have in common. */
export interface RouteOptions {
  /** The nodes that get the requests, 1 to 10; at least one weight is not 0. */
  readonly weightedTargets: WeightedTarget[];
  /**
   * Which of several matching routes counts, 0 to 1000: the lowest.
   * @default - after all routes with a priority
   */
  readonly priority?: number;
}

/** The scheme that a request came with. */
export enum HttpRouteScheme {
  /** http. */
  HTTP = 'http',
  /** https. */
  HTTPS = 'https',
}

/** What has to be true of an HTTP request; everything that is given. */
export interface HttpRouteMatch {
  /**
   * The path.
   * @default - every path
   */
  readonly path?: HttpRoutePathMatch;
  /**
   * The headers, 1 to 10.
   * @default - any
   */
  readonly headers?: HeaderMatch[];
  /**
   * The query parameters, 1 to 10.
   * @default - any
   */
  readonly queryParameters?: QueryParameterMatch[];
  /**
   * The method.
   * @default - any
   */
  readonly method?: HttpRouteMethod;
  /**
   * The scheme.
   * @default - any
   */
  readonly scheme?: HttpRouteScheme;
  /**
   * The router's port.
   * @default - that of the router's listener of the route's protocol
   */
  readonly port?: number;
}

/** What has to be true of a gRPC request; everything that is given. */
export interface GrpcRouteMatch {
  /**
   * The service, with its package.
   * @default - any
   */
  readonly serviceName?: string;
  /**
   * The method; needs `serviceName`.
   * @default - any
   */
  readonly methodName?: string;
  /**
   * The metadata, 1 to 10.
   * @default - any
   */
  readonly metadata?: HeaderMatch[];
  /**
   * The router's port.
   * @default - that of the router's gRPC listener
   */
  readonly port?: number;
}

/** What has to be true of a TCP connection. */
export interface TcpRouteMatch {
  /**
   * The router's port.
   * @default - that of the router's TCP listener
   */
  readonly port?: number;
}

/** An HTTP or HTTP/2 route. */
export interface HttpRouteOptions extends RouteOptions {
  /**
   * Which requests the route is for.
   * @default - all
   */
  readonly match?: HttpRouteMatch;
  /**
   * How long a request may take.
   * @default - 15 seconds, idle 5 minutes
   */
  readonly timeout?: RequestTimeout;
  /**
   * When a request is tried again.
   * @default - App Mesh's: 2 retries on 503, unavailable, refused streams and failed connections
   */
  readonly retryPolicy?: HttpRetryPolicy;
}

/** A gRPC route. */
export interface GrpcRouteOptions extends RouteOptions {
  /**
   * Which requests the route is for.
   * @default - all
   */
  readonly match?: GrpcRouteMatch;
  /**
   * How long a request may take.
   * @default - 15 seconds, idle 5 minutes
   */
  readonly timeout?: RequestTimeout;
  /**
   * When a request is tried again.
   * @default - App Mesh's: 2 retries on 503, unavailable, refused streams and failed connections
   */
  readonly retryPolicy?: GrpcRetryPolicy;
}

/** A TCP route. */
export interface TcpRouteOptions extends RouteOptions {
  /**
   * Which connections the route is for.
   * @default - all
   */
  readonly match?: TcpRouteMatch;
  /**
   * How long a connection may be silent.
   * @default - 5 minutes
   */
  readonly timeout?: TcpTimeout;
}

/** What a route of a virtual router does. */
export class RouteSpec {
  /**
   * HTTP/1.1 requests.
   * @throws if a weight, a match, a retry policy or the priority is malformed
   */
  public static http(options: HttpRouteOptions): RouteSpec {
    return RouteSpec.forHttp(Protocol.HTTP, options);
  }

  /**
   * HTTP/2 requests.
   * @throws if a weight, a match, a retry policy or the priority is malformed
   */
  public static http2(options: HttpRouteOptions): RouteSpec {
    return RouteSpec.forHttp(Protocol.HTTP2, options);
  }

  /**
   * gRPC requests.
   * @throws if a weight, a match, a retry policy or the priority is malformed
   */
  public static grpc(options: GrpcRouteOptions): RouteSpec {
    const who = 'RouteSpec.grpc';
    const match = options.match ?? {};
    if (match.methodName !== undefined && match.serviceName === undefined) throw new Error(`${who}: methodName "${match.methodName}" needs serviceName`);
    return new RouteSpec(who, Protocol.GRPC, options, {
      serviceName: checkedGrpcService(who, match.serviceName),
      methodName: match.methodName,
      metadata: renderMatches(who, 'metadata', match.metadata),
    }, match.port, { timeout: renderTimeout(options.timeout), retryPolicy: renderRetryPolicy(who, options.retryPolicy) });
  }

  /**
   * TCP connections.
   * @throws if a weight or the priority is malformed
   */
  public static tcp(options: TcpRouteOptions): RouteSpec {
    return new RouteSpec('RouteSpec.tcp', Protocol.TCP, options, {}, options.match?.port, { timeout: renderTimeout(options.timeout) });
  }

  private static forHttp(protocol: Protocol, options: HttpRouteOptions): RouteSpec {
    const who = `RouteSpec.${protocol}`;
    const match = options.match ?? {};
    return new RouteSpec(who, protocol, options, {
      ...(match.path ?? HttpRoutePathMatch.startsWith('/'))._render(),
      headers: renderMatches(who, 'headers', match.headers),
      queryParameters: renderMatches(who, 'queryParameters', match.queryParameters),
      method: match.method,
      scheme: match.scheme,
    }, match.port, { timeout: renderTimeout(options.timeout), retryPolicy: renderRetryPolicy(who, options.retryPolicy) });
  }

  private constructor(
    who: string,
    /** What the route is for. */
    public readonly protocol: Protocol,
    private readonly options: RouteOptions,
    private readonly match: Record<string, unknown>,
    private readonly matchPort: number | undefined,
    private readonly policies: Record<string, unknown>,
  ) {
    const { weightedTargets, priority } = options;
    checkedPriority(who, priority);
    if (weightedTargets.length < 1 || weightedTargets.length > 10) throw new Error(`${who}: takes 1 to 10 weightedTargets, got ${weightedTargets.length}`);
    let sum = 0;
    for (const { virtualNode, weight = 1, port } of weightedTargets) {
      if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
        throw new Error(`${who}: the weight of ${virtualNode.name} must be a whole number from 0 to 100, got ${weight}`);
      }
      const problem = port === undefined ? undefined : portProblem(port, `the port of ${virtualNode.name}`);
      if (problem) throw new Error(`${who}: ${problem}`);
      sum += weight;
    }
    if (sum === 0) throw new Error(`${who}: the weights sum to 0, so no request would go anywhere; give one target a weight`);
  }

  /** @internal */
  public get _targets(): WeightedTarget[] {
    return this.options.weightedTargets;
  }

  /** @internal */
  public get _port(): number | undefined {
    return this.matchPort;
  }

  /**
   * What tells the route from others: two with the same are a tie that App Mesh does not decide.
   * @internal
   */
  public get _identity(): string {
    return JSON.stringify([this.protocol, this.options.priority ?? null, this.matchPort ?? null, this.match]);
  }

  /** @internal */
  public _render(name: string, targets: any[], port: number | undefined): any {
    const match = { ...this.match, port };
    const empty = Object.values(match).every((value) => value === undefined);
    const kind = {
      [Protocol.HTTP]: 'httpRoute', [Protocol.HTTP2]: 'http2Route', [Protocol.GRPC]: 'grpcRoute', [Protocol.TCP]: 'tcpRoute',
    }[this.protocol];
    return {
      name,
      priority: this.options.priority,
      [kind]: {
        match: this.protocol === Protocol.TCP && empty ? undefined : match,
        action: { weightedTargets: targets },
        ...this.policies,
      },
    };
  }
}
