/** What is spoken on a listener. */
export enum Protocol {
  /** HTTP/1.1. */
  HTTP = 'http',
  /** HTTP/2. */
  HTTP2 = 'http2',
  /** gRPC. */
  GRPC = 'grpc',
  /** Anything over TCP; gateways do not know it. */
  TCP = 'tcp',
}

/** A port and what is spoken on it. */
export interface PortMapping {
  /** The port. */
  readonly port: number;
  /** The protocol. */
  readonly protocol: Protocol;
}
