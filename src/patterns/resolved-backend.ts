/** What is known of a backend at synthesis. */
export interface ResolvedBackend {
  readonly host: string;
  readonly port: number;
  /** Whether the port speaks HTTP/2 without being asked; undefined where the Service is known by name only. */
  readonly http2?: boolean;
  readonly grpc: boolean;
}
