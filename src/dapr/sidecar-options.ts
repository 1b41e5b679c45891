import { Duration, Size } from 'cdk8s';

/** What a sidecar speaks with its application. */
export enum AppProtocol {
  /** HTTP/1.1. */
  HTTP = 'http',
  /** HTTP over TLS. */
  HTTPS = 'https',
  /** HTTP/2 without TLS. */
  H2C = 'h2c',
  /** gRPC without TLS. */
  GRPC = 'grpc',
  /** gRPC over TLS. */
  GRPCS = 'grpcs',
}

/** How much a sidecar logs. */
export enum LogLevel {
  /** Everything. */
  DEBUG = 'debug',
  /** What happens. */
  INFO = 'info',
  /** What may go wrong. */
  WARN = 'warn',
  /** What went wrong. */
  ERROR = 'error',
  /** What ends the sidecar. */
  FATAL = 'fatal',
}

/** How a sidecar asks whether its application is well; while it is not, nothing is delivered to it. */
export interface AppHealthCheck {
  /**
   * The path that is asked, for applications that speak HTTP.
   * @default '/healthz'
   */
  readonly path?: string;
  /**
   * How often it is asked.
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * How long an answer may take.
   * @default Duration.millis(500)
   */
  readonly timeout?: Duration;
  /**
   * How many failures in a row make it unwell.
   * @default 3
   */
  readonly threshold?: number;
}

/** CPU and memory of a sidecar, as Kubernetes quantities. */
export interface SidecarResources {
  /**
   * CPU that is set aside.
   * @default - none
   */
  readonly cpuRequest?: string;
  /**
   * CPU that it may use.
   * @default - as much as there is
   */
  readonly cpuLimit?: string;
  /**
   * Memory that is set aside.
   * @default - none
   */
  readonly memoryRequest?: string;
  /**
   * Memory that it may use.
   * @default - as much as there is
   */
  readonly memoryLimit?: string;
}

/** What can be told to a sidecar, whether Dapr injects it or it stands in the pod explicitly. */
export interface SidecarOptions {
  /**
   * What the application speaks.
   * @default AppProtocol.HTTP
   */
  readonly appProtocol?: AppProtocol;
  /**
   * How many requests the application is given at a time.
   * @default - no limit
   */
  readonly appMaxConcurrency?: number;
  /**
   * How the application's health is asked for.
   * @default - it is not; the application is taken to be well
   */
  readonly appHealthCheck?: AppHealthCheck;
  /**
   * The Secret with which the sidecar shows the application that a call is its own: header `dapr-api-token`. The token
   * stands under the key `token`, in the namespace of the pod.
   * @default - calls carry no token
   */
  readonly appTokenSecret?: string;
  /**
   * The Secret that callers of the sidecar's API have to know: header `dapr-api-token`. The token stands under the key
   * `token`, in the namespace of the pod.
   * @default - the API asks for no token
   */
  readonly apiTokenSecret?: string;
  /**
   * Port of the sidecar's gRPC API.
   * @default 50001
   */
  readonly grpcPort?: number;
  /**
   * Port on which sidecars talk to each other. A caller dials the port it has itself, so it is one port everywhere.
   * @default 50002
   */
  readonly internalGrpcPort?: number;
  /**
   * Whether the sidecar offers metrics.
   * @default true
   */
  readonly enableMetrics?: boolean;
  /**
   * Port of the metrics.
   * @default 9090
   */
  readonly metricsPort?: number;
  /**
   * The largest body that passes through the sidecar.
   * @default Size.mebibytes(4)
   */
  readonly maxBodySize?: Size;
  /**
   * The largest head of a request that passes through the sidecar; long cookies and tokens need more.
   * @default Size.kibibytes(4)
   */
  readonly readBufferSize?: Size;
  /**
   * Whether the log is written as JSON.
   * @default - plain text for an injected sidecar, JSON for an explicit one
   */
  readonly logAsJson?: boolean;
  /**
   * Whether each call of the sidecar's API is logged.
   * @default - as the Configuration says for an injected sidecar, true for an explicit one
   */
  readonly enableApiLogging?: boolean;
  /**
   * How long calls under way may take when the pod ends.
   * @default Duration.seconds(5)
   */
  readonly gracefulShutdown?: Duration;
  /**
   * How long the sidecar keeps serving after the pod is told to end, unless the application is unwell earlier.
   * @default - not at all
   */
  readonly blockShutdown?: Duration;
}
