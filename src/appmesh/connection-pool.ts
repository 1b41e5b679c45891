/** How much an HTTP/1.1 listener takes at once. */
export interface HttpConnectionPool {
  /** The number of connections to the application, at least 1. */
  readonly maxConnections: number;
  /**
   * The number of requests that may wait for a connection, at least 1.
   * @default - 2147483647
   */
  readonly maxPendingRequests?: number;
}

/** How much an HTTP/2 or gRPC listener takes at once. */
export interface RequestConnectionPool {
  /** The number of requests under way, at least 1. */
  readonly maxRequests: number;
}

/** How much a TCP listener takes at once. */
export interface TcpConnectionPool {
  /** The number of connections, at least 1. */
  readonly maxConnections: number;
}
