import { Duration } from 'cdk8s';
import { HeaderChanges } from './header-changes';
import { HeaderCondition } from './header-condition';
import { PathCondition } from './path-condition';
import { ProxyTimeout } from './proxy-timeout';
import { QueryCondition } from './query-condition';
import { ServiceTarget } from './service-target';

/** Which requests a route is for. All conditions have to hold. */
export interface RouteMatch {
  /**
   * The paths.
   * @default - every path of the host; in an included proxy every path that it is included for
   */
  readonly path?: PathCondition;
  /**
   * What headers have to be.
   * @default - any
   */
  readonly headers?: HeaderCondition[];
  /**
   * What parameters of the query have to be.
   * @default - any
   */
  readonly query?: QueryCondition[];
  /**
   * Whether requests without TLS are answered, too, instead of being sent to https.
   * @default false
   */
  readonly permitInsecure?: boolean;
}

/** What makes Envoy try a request again. */
export enum RetryOn {
  /** The Service answers 5xx, or not at all. */
  SERVER_ERROR = '5xx',
  /** The Service answers 502, 503 or 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** The Service does not answer: the connection ends or times out. */
  RESET = 'reset',
  /** The connection ends before the request was sent. */
  RESET_BEFORE_REQUEST = 'reset-before-request',
  /** No connection can be made. */
  CONNECT_FAILURE = 'connect-failure',
  /** The Service answers 409. */
  RETRIABLE_4XX = 'retriable-4xx',
  /** The Service refuses the HTTP/2 stream. */
  REFUSED_STREAM = 'refused-stream',
  /** The Service answers one of `statusCodes`. */
  STATUS_CODES = 'retriable-status-codes',
  /** gRPC: the call was cancelled. */
  CANCELLED = 'cancelled',
  /** gRPC: the call took too long. */
  DEADLINE_EXCEEDED = 'deadline-exceeded',
  /** gRPC: the server failed. */
  INTERNAL = 'internal',
  /** gRPC: the server has no more resources. */
  RESOURCE_EXHAUSTED = 'resource-exhausted',
  /** gRPC: the server is not available. */
  UNAVAILABLE = 'unavailable',
}

/** How failed requests are tried again. */
export interface RouteRetries {
  /**
   * How often at most.
   * @default 1
   */
  readonly count?: number;
  /**
   * What makes Envoy try again.
   * @default [RetryOn.SERVER_ERROR]
   */
  readonly on?: RetryOn[];
  /**
   * Status codes that make Envoy try again; goes with `RetryOn.STATUS_CODES`.
   * @default - none
   */
  readonly statusCodes?: number[];
  /**
   * How long each try may take.
   * @default - as long as the whole request
   */
  readonly perTryTimeout?: Duration;
}

/** Options of a route to Services. */
export interface ForwardRouteOptions extends RouteMatch {
  /** The Services, at least one. With several, each has a weight, or none has and they share alike. */
  readonly to: ServiceTarget[];
  /**
   * What the matched prefix becomes: `/` for `/shop/cart` under `/shop` is `/cart`.
   * @default - the path stays as it is
   */
  readonly rewrite?: string;
  /**
   * Headers of every request of the route.
   * @default - unchanged
   */
  readonly requestHeaders?: HeaderChanges;
  /**
   * Headers of every response of the route.
   * @default - unchanged
   */
  readonly responseHeaders?: HeaderChanges;
  /**
   * A Service that gets a copy of the requests; what it answers is thrown away.
   * @default - none
   */
  readonly mirror?: ServiceTarget;
  /**
   * The share of requests that is copied, in percent.
   * @default 100
   */
  readonly mirrorPercent?: number;
  /**
   * How long the whole response may take.
   * @default - 15 seconds, as Envoy has it
   */
  readonly responseTimeout?: ProxyTimeout;
  /**
   * How long a request may be without any traffic.
   * @default - 5 minutes, as Envoy has it
   */
  readonly idleTimeout?: ProxyTimeout;
  /**
   * How long an unused connection to the Service is kept.
   * @default - 1 hour, as Envoy has it
   */
  readonly idleConnectionTimeout?: ProxyTimeout;
  /**
   * How failed requests are tried again.
   * @default - they are not
   */
  readonly retries?: RouteRetries;
  /**
   * Whether clients may change to WebSocket.
   * @default false
   */
  readonly websockets?: boolean;
}

/** Options of a route that Envoy answers by itself. */
export interface RespondRouteOptions extends RouteMatch {
  /** The status code, from 200 to 599. */
  readonly statusCode: number;
  /**
   * The body.
   * @default - none
   */
  readonly body?: string;
}
