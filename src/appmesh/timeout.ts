import { Duration } from 'cdk8s';

/** How long a TCP connection may be silent. */
export interface TcpTimeout {
  /**
   * The longest silence; 0 is for ever.
   * @default - 5 minutes
   */
  readonly idle?: Duration;
}

/** How long an HTTP or gRPC request may take. The smallest of the route, the target's listener and the caller counts. */
export interface RequestTimeout extends TcpTimeout {
  /**
   * From the request to the end of the answer; 0 is for ever.
   * @default - 15 seconds, on routes and on listeners: a longer one has to be said at both
   */
  readonly perRequest?: Duration;
}
