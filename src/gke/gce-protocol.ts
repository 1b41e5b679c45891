/** What a load balancer speaks to a port of a Service. */
export enum GceProtocol {
  /** Plain HTTP/1.1. */
  HTTP = 'HTTP',
  /** HTTP/1.1 over TLS. The backend's certificate is not verified, and no server name is sent. */
  HTTPS = 'HTTPS',
  /** HTTP/2 over TLS, as gRPC needs it. The backend's certificate is not verified, and no server name is sent. */
  HTTP2 = 'HTTP2',
}
