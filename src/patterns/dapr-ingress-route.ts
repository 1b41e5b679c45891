import { DaprTarget } from './dapr-target';
import { HeaderCondition } from '../contour/header-condition';
import { ProxyTimeout } from '../contour/proxy-timeout';
import { QueryCondition } from '../contour/query-condition';

/** What all routes of a Dapr ingress have in common. */
export interface DaprRouteOptionsBase {
  /** The applications, at least one. With several, each has a weight, or none has and they share alike. */
  readonly to: DaprTarget[];
  /**
   * What headers have to be, beside the path.
   * @default - any
   */
  readonly headers?: HeaderCondition[];
}

/** Options of a route for a path. */
export interface DaprRouteOptions extends DaprRouteOptionsBase {
  /**
   * What the path becomes for the application: with `/`, `/backend/orders` of the route `/backend` is `/orders`.
   * @default - the path stays as it is
   */
  readonly rewrite?: string;
  /**
   * What parameters of the query have to be, beside the path.
   * @default - any
   */
  readonly query?: QueryCondition[];
  /**
   * How long a response may take. Dapr tries again by itself; a shorter time than its tries need cuts them off.
   * @default ProxyTimeout.after(Duration.seconds(60)) - longer than Envoy's own 15 seconds
   */
  readonly timeout?: ProxyTimeout;
  /**
   * Whether requests without TLS are answered, too, instead of being sent to https.
   * @default false
   */
  readonly permitInsecure?: boolean;
}

/** Options of a route for a gRPC service. */
export interface DaprGrpcRouteOptions extends DaprRouteOptionsBase {
  /**
   * The method.
   * @default - every method of the service
   */
  readonly method?: string;
  /**
   * How long a call may take.
   * @default ProxyTimeout.never() - streams stay open
   */
  readonly timeout?: ProxyTimeout;
}
