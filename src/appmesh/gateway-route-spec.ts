import { GatewayRouteHostnameMatch, GatewayRoutePathMatch } from './gateway-route-match';
import { HeaderMatch, HttpRouteMethod, QueryParameterMatch } from './match';
import type { IMeshResource } from './mesh-resource';
import { Protocol } from './protocol';
import { checkedGrpcService, checkedPriority, renderMatches } from './route-rendering';
import type { IVirtualService } from './virtual-service';
import { wireReference } from './wire';
import { portProblem } from '../platform/ports';

/** What gateway routes of every kind have in common. */
export interface GatewayRouteOptions {
  /** The virtual service that gets the requests. */
  readonly target: IVirtualService;
  /**
   * The target's port.
   * @default - the only one that its provider listens on
   */
  readonly targetPort?: number;
  /**
   * Whether the Host header becomes the target's host; applications that answer by host may need the original.
   * @default true
   */
  readonly rewriteHost?: boolean;
  /**
   * Which of several matching routes counts, 0 to 1000: the lowest, then the longest prefix.
   * @default 1000
   */
  readonly priority?: number;
}

/** What has to be true of an HTTP request; everything that is given. */
export interface HttpGatewayRouteMatch {
  /**
   * The path, and what it is rewritten to.
   * @default - every path, or, where `hostname` is given, not looked at
   */
  readonly path?: GatewayRoutePathMatch;
  /**
   * The host.
   * @default - any
   */
  readonly hostname?: GatewayRouteHostnameMatch;
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
   * The gateway's port.
   * @default - that of the gateway's listener of the route's protocol
   */
  readonly port?: number;
}

/** What has to be true of a gRPC request: the service, the host, or both, and everything else that is given. */
export interface GrpcGatewayRouteMatch {
  /**
   * The service, with its package.
   * @default - any
   */
  readonly serviceName?: string;
  /**
   * The host.
   * @default - any
   */
  readonly hostname?: GatewayRouteHostnameMatch;
  /**
   * The metadata, 1 to 10.
   * @default - any
   */
  readonly metadata?: HeaderMatch[];
  /**
   * The gateway's port.
   * @default - that of the gateway's gRPC listener
   */
  readonly port?: number;
}

/** An HTTP or HTTP/2 gateway route. */
export interface HttpGatewayRouteOptions extends GatewayRouteOptions {
  /**
   * Which requests the route is for.
   * @default - all
   */
  readonly match?: HttpGatewayRouteMatch;
}

/** A gRPC gateway route. */
export interface GrpcGatewayRouteOptions extends GatewayRouteOptions {
  /** Which requests the route is for. */
  readonly match: GrpcGatewayRouteMatch;
}

/** What a gateway route does. */
export class GatewayRouteSpec {
  /**
   * HTTP/1.1 requests.
   * @throws if a match or the priority is malformed
   */
  public static http(options: HttpGatewayRouteOptions): GatewayRouteSpec {
    return GatewayRouteSpec.forHttp(Protocol.HTTP, options);
  }

  /**
   * HTTP/2 requests.
   * @throws if a match or the priority is malformed
   */
  public static http2(options: HttpGatewayRouteOptions): GatewayRouteSpec {
    return GatewayRouteSpec.forHttp(Protocol.HTTP2, options);
  }

  /**
   * gRPC requests.
   * @throws if a match or the priority is malformed, or neither service nor host is given
   */
  public static grpc(options: GrpcGatewayRouteOptions): GatewayRouteSpec {
    const who = 'GatewayRouteSpec.grpc';
    const match = options.match;
    if (match.serviceName === undefined && match.hostname === undefined) throw new Error(`${who}: match needs serviceName or hostname`);
    return new GatewayRouteSpec(who, Protocol.GRPC, options, {
      serviceName: checkedGrpcService(who, match.serviceName),
      hostname: match.hostname?._render(),
      metadata: renderMatches(who, 'metadata', match.metadata),
    }, match.port, {});
  }

  private static forHttp(protocol: Protocol, options: HttpGatewayRouteOptions): GatewayRouteSpec {
    const who = `GatewayRouteSpec.${protocol}`;
    const match = options.match ?? {};
    const path = match.path ?? (match.hostname === undefined ? GatewayRoutePathMatch.startsWith('/') : undefined);
    return new GatewayRouteSpec(who, protocol, options, {
      ...path?._renderMatch(),
      hostname: match.hostname?._render(),
      headers: renderMatches(who, 'headers', match.headers),
      queryParameters: renderMatches(who, 'queryParameters', match.queryParameters),
      method: match.method,
    }, match.port, path?._renderRewrite() ?? {});
  }

  private constructor(
    who: string,
    /** What the route is for. */
    public readonly protocol: Protocol,
    private readonly options: GatewayRouteOptions,
    private readonly match: Record<string, unknown>,
    private readonly matchPort: number | undefined,
    private readonly pathRewrite: Record<string, unknown>,
  ) {
    checkedPriority(who, options.priority);
    for (const [what, port] of [['match.port', matchPort], ['targetPort', options.targetPort]] as const) {
      const problem = port === undefined ? undefined : portProblem(port, what);
      if (problem) throw new Error(`${who}: ${problem}`);
    }
  }

  /** @internal */
  public get _target(): IVirtualService {
    return this.options.target;
  }

  /** @internal */
  public get _targetPort(): number | undefined {
    return this.options.targetPort;
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
    return JSON.stringify([this.protocol, this.options.priority ?? 1000, this.matchPort ?? null, this.match]);
  }

  /** @internal */
  public _render(from: IMeshResource, port: number | undefined): any {
    const rewrite = {
      ...this.pathRewrite,
      ...(this.options.rewriteHost === false ? { hostname: { defaultTargetHostname: 'DISABLED' } } : {}),
    };
    const { target } = this.options;
    const virtualService = target.arn === undefined ? { virtualServiceRef: wireReference(from, target) } : { virtualServiceArn: target.arn };
    const kind = this.protocol === Protocol.GRPC ? 'grpcRoute' : this.protocol === Protocol.HTTP2 ? 'http2Route' : 'httpRoute';
    return {
      priority: this.options.priority,
      [kind]: {
        match: { ...this.match, port },
        action: {
          target: { virtualService, port: this.options.targetPort },
          rewrite: Object.keys(rewrite).length === 0 ? undefined : rewrite,
        },
      },
    };
  }
}
