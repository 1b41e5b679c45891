import type { ExplicitSidecarOptions } from './explicit-sidecar-options';

/** The ports that a sidecar opens, whatever its options. */
export const SIDECAR_PORTS = { http: 3500, public: 3501, grpc: 50001, internalGrpc: 50002, metrics: 9090 } as const;

/** Ports of a sidecar, each with the option that moves it. */
export function sidecarPorts(options: ExplicitSidecarOptions): Record<'httpPort' | 'publicPort' | 'grpcPort' | 'internalGrpcPort' | 'metricsPort', number> {
  return {
    httpPort: options.httpPort ?? SIDECAR_PORTS.http,
    publicPort: options.publicPort ?? SIDECAR_PORTS.public,
    grpcPort: options.grpcPort ?? SIDECAR_PORTS.grpc,
    internalGrpcPort: options.internalGrpcPort ?? SIDECAR_PORTS.internalGrpc,
    metricsPort: options.metricsPort ?? SIDECAR_PORTS.metrics,
  };
}
