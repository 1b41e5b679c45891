import { Duration } from 'cdk8s';

/** HTTP answers that are worth another try. */
export enum HttpRetryEvent {
  /** 500 and above. */
  SERVER_ERROR = 'server-error',
  /** 502, 503 and 504. */
  GATEWAY_ERROR = 'gateway-error',
  /** 409. */
  CLIENT_ERROR = 'client-error',
  /** A stream that was refused. */
  STREAM_ERROR = 'stream-error',
}

/** TCP failures that are worth another try. */
export enum TcpRetryEvent {
  /** No connection came about. */
  CONNECTION_ERROR = 'connection-error',
}

/** gRPC answers that are worth another try. */
export enum GrpcRetryEvent {
  /** CANCELLED. */
  CANCELLED = 'cancelled',
  /** DEADLINE_EXCEEDED. */
  DEADLINE_EXCEEDED = 'deadline-exceeded',
  /** INTERNAL. */
  INTERNAL = 'internal',
  /** RESOURCE_EXHAUSTED. */
  RESOURCE_EXHAUSTED = 'resource-exhausted',
  /** UNAVAILABLE. */
  UNAVAILABLE = 'unavailable',
}

/** When a request is tried again. */
export interface HttpRetryPolicy {
  /** The number of tries after the first, at least 0. */
  readonly maxRetries: number;
  /** How long each try may take. */
  readonly perRetryTimeout: Duration;
  /**
   * The HTTP answers that are worth another try.
   * @default - none
   */
  readonly httpRetryEvents?: HttpRetryEvent[];
  /**
   * The TCP failures that are worth another try.
   * @default - none
   */
  readonly tcpRetryEvents?: TcpRetryEvent[];
}

/** When a gRPC request is tried again. */
export interface GrpcRetryPolicy extends HttpRetryPolicy {
  /**
   * The gRPC answers that are worth another try.
   * @default - none
   */
  readonly grpcRetryEvents?: GrpcRetryEvent[];
}
