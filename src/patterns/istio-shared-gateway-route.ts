import { Duration } from 'cdk8s';
import { Backend } from './backend';
import { HeaderMatch } from './header-match';
import { PathMatch } from './path-match';
import type { HttpRetries } from '../istio/http-route';
import type { VirtualService } from '../istio/virtual-service';

/** Which requests a route is for. */
export interface GatewayRouteMatch {
  /**
   * The host.
   * @default - every host of the gateway
   */
  readonly host?: string;
  /**
   * Several hosts, instead of `host`.
   * @default - every host of the gateway
   */
  readonly hosts?: string[];
  /**
   * The path.
   * @default PathMatch.prefix('/') - every path
   */
  readonly path?: PathMatch;
  /**
   * Headers that the request must all have.
   * @default - none are asked for
   */
  readonly headers?: HeaderMatch[];
  /**
   * The namespace of the VirtualService.
   * @default - the backend's; where there is none, the gateway's
   */
  readonly namespace?: string;
}

/** A route to one Service or several. */
export interface GatewayRouteProps extends GatewayRouteMatch {
  /** Where requests go. Of several backends each has a weight. */
  readonly to: Backend | Backend[];
  /**
   * The path that takes the place of the matched one: of `/api` rewritten to `/`, `/api/x` arrives as `/x`, and never as `//x`.
   * @default - the path stays
   */
  readonly rewrite?: string;
  /**
   * How long the whole request may take, streams included.
   * @default - as long as it likes
   */
  readonly timeout?: Duration;
  /**
   * How often a request is tried again.
   * @default - twice, where the backend did not begin to work on it
   */
  readonly retries?: HttpRetries;
  /**
   * Whether gRPC is spoken. It is checked that the Service's port says so, since a gateway would speak HTTP/1.1 to it otherwise.
   * @default - as the Service's port says
   */
  readonly grpc?: boolean;
}

/** A route that the gateway answers by itself. */
export interface GatewayRespondProps extends GatewayRouteMatch {
  /** The status, 200 to 599. */
  readonly status: number;
  /**
   * The answer's text.
   * @default - an empty answer
   */
  readonly body?: string;
}

/** A route that sends the client elsewhere. */
export interface GatewayRedirectProps extends GatewayRouteMatch {
  /**
   * The host to go to.
   * @default - the request's
   */
  readonly toHost?: string;
  /**
   * The whole path to go to; the query is kept.
   * @default - the request's
   */
  readonly toPath?: string;
  /**
   * The status: 301, 302, 303, 307 or 308.
   * @default 302
   */
  readonly code?: number;
}

/** A route of a shared gateway. */
export class IstioGatewayRoute {
  /** @internal */
  public static _of(name: string, hosts: string[], virtualServices: VirtualService[]): IstioGatewayRoute {
    return new IstioGatewayRoute(name, hosts, virtualServices);
  }

  private constructor(
    /** The route's name; it stands in the gateway's access log. */
    public readonly name: string,
    /** The hosts that it is for. */
    public readonly hosts: string[],
    /** The VirtualServices that it lands in, one for each host. */
    public readonly virtualServices: VirtualService[],
  ) {}
}
