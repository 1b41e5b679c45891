import { Duration } from 'cdk8s';
import { SecretKey } from './secret-key';
import type { ConfigurationSpecTracing } from '../../imports/dapr.io';

/** What every way of tracing has in common. */
export interface TracingOptions {
  /**
   * The share of requests that is traced, from 0 (none) to 1 (all). Dapr itself takes 0.0001 where none is given.
   * @default 1
   */
  readonly samplingRate?: number;
}

/** How spans are sent to an OpenTelemetry collector. */
export enum OtelProtocol {
  /** OTLP over gRPC, port 4317 by convention. */
  GRPC = 'grpc',
  /** OTLP over HTTP, port 4318 by convention. */
  HTTP = 'http',
}

/** Options of tracing to an OpenTelemetry collector. */
export interface OtelTracingOptions extends TracingOptions {
  /** The protocol; daprd does not start without one. */
  readonly protocol: OtelProtocol;
  /** Whether the collector speaks TLS. Dapr assumes so where nothing is said, and then sends nothing to a plain one. */
  readonly isSecure: boolean;
  /**
   * Headers that are sent along, such as a vendor's key.
   * @default - none
   */
  readonly headers?: { [name: string]: SecretKey };
  /**
   * How long an export may take.
   * @default - 10 seconds, as the exporter has it
   */
  readonly timeout?: Duration;
}

/** Where sidecars send their traces. */
export class Tracing {
  /**
   * To an OpenTelemetry collector.
   *
   * @param endpoint host and port, such as `otel-collector.otel-system:4317`, without scheme or path
   * @throws if the endpoint or the sampling rate is none
   * @see https://docs.dapr.io/operations/observability/tracing/otel-collector/
   */
  public static otel(endpoint: string, options: OtelTracingOptions): Tracing {
    const port = Number(/^(?:[-.a-zA-Z0-9]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(endpoint)?.[1]);
    if (!(port >= 1 && port <= 65535)) {
      throw new Error(`Tracing.otel: the endpoint is written "<host>:<port>" without scheme or path, got "${endpoint}"`);
    }
    return new Tracing({
      samplingRate: rate('otel', options),
      otel: {
        endpointAddress: endpoint,
        protocol: options.protocol,
        isSecure: options.isSecure,
        timeout: options.timeout === undefined ? undefined : `${options.timeout.toMilliseconds()}ms`,
        headers: options.headers === undefined ? undefined
          : Object.entries(options.headers).map(([name, secret]) => ({ name, secretKeyRef: secret._render() })),
      },
    });
  }

  /**
   * To a collector that speaks Zipkin.
   *
   * @param endpoint the whole address, such as `http://zipkin.otel-system:9411/api/v2/spans`
   * @throws if the address does not end in `/api/v2/spans`, or the sampling rate is none
   * @see https://docs.dapr.io/operations/observability/tracing/zipkin/
   */
  public static zipkin(endpoint: string, options: TracingOptions = {}): Tracing {
    if (!/^https?:\/\/[^/\s]+\/(\S+\/)?api\/v2\/spans$/.test(endpoint)) {
      throw new Error(`Tracing.zipkin: the endpoint is a URL that ends in /api/v2/spans, got "${endpoint}"`);
    }
    return new Tracing({ samplingRate: rate('zipkin', options), zipkin: { endpointAddress: endpoint } });
  }

  /** To the sidecar's own log; for trying things out. */
  public static stdout(options: TracingOptions = {}): Tracing {
    return new Tracing({ samplingRate: rate('stdout', options), stdout: true });
  }

  /** No tracing at all. */
  public static off(): Tracing {
    return new Tracing({ samplingRate: '0' });
  }

  private constructor(private readonly spec: ConfigurationSpecTracing) {}

  /** @internal */
  public _spec(): ConfigurationSpecTracing {
    return this.spec;
  }
}

// The wire has a string, and what Dapr cannot parse means "almost never", so the number is written out in full.
function rate(factory: string, options: TracingOptions): string {
  const share = options.samplingRate ?? 1;
  if (!(share >= 0 && share <= 1)) throw new Error(`Tracing.${factory}: samplingRate must be from 0 to 1, got ${share}`);
  const written = String(share);
  return written.includes('e') ? share.toFixed(12).replace(/0+$/, '') : written;
}
