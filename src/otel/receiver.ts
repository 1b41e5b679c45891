import { componentProblem, OTLP_GRPC, OTLP_HTTP, ZIPKIN } from './component';
import { Signal } from './signal';
import { portProblem } from '../platform/ports';

/** A port that a receiver listens on. */
export interface ReceiverPort {
  /** The port's name, on the container and on the Service: at most 15 lower-case letters, digits and `-`. */
  readonly name: string;
  /** The port's number. */
  readonly port: number;
  /** What is spoken on it, such as `grpc` or `http`. */
  readonly appProtocol: string;
}

/** Options of the OTLP receiver. */
export interface OtlpReceiverOptions {
  /**
   * The port for OTLP over gRPC.
   * @default 4317
   */
  readonly grpcPort?: number;
  /**
   * The port for OTLP over HTTP.
   * @default 4318
   */
  readonly httpPort?: number;
}

/** Options of the Zipkin receiver. */
export interface ZipkinReceiverOptions {
  /**
   * The port for Zipkin spans, as JSON or protobuf.
   * @default 9411
   */
  readonly port?: number;
}

/** Options of a receiver that this library has no word for. */
export interface ReceiverOptions {
  /** The signals that it can receive. */
  readonly signals: Signal[];
  /**
   * Its configuration, as the collector spells it.
   * @default - the collector's defaults
   */
  readonly config?: any;
  /**
   * The ports that it listens on.
   * @default - none: it fetches
   */
  readonly ports?: ReceiverPort[];
}

/**
 * How telemetry reaches a collector.
 * @see https://opentelemetry.io/docs/collector/components/receiver/
 */
export class Receiver {
  /** OTLP, over gRPC and HTTP: traces, metrics and logs. */
  public static otlp(options: OtlpReceiverOptions = {}): Receiver {
    const grpc = options.grpcPort ?? 4317;
    const http = options.httpPort ?? 4318;
    return new Receiver('otlp', {
      signals: [Signal.TRACES, Signal.METRICS, Signal.LOGS],
      config: { protocols: { grpc: { endpoint: `0.0.0.0:${grpc}` }, http: { endpoint: `0.0.0.0:${http}` } } },
      ports: [
        { name: OTLP_GRPC, port: grpc, appProtocol: 'grpc' },
        { name: OTLP_HTTP, port: http, appProtocol: 'http' },
      ],
    });
  }

  /** Zipkin, the protocol that Dapr and Envoy spoke first: traces. */
  public static zipkin(options: ZipkinReceiverOptions = {}): Receiver {
    const port = options.port ?? 9411;
    return new Receiver('zipkin', {
      signals: [Signal.TRACES],
      config: { endpoint: `0.0.0.0:${port}` },
      ports: [{ name: ZIPKIN, port, appProtocol: 'http' }],
    });
  }

  /**
   * Any receiver of the collector's distribution.
   *
   * @param component its id: the type, or `type/name`
   */
  public static of(component: string, options: ReceiverOptions): Receiver {
    return new Receiver(component, options);
  }

  /** The receiver's id in the collector's configuration. */
  public readonly componentId: string;
  /** The signals that it can receive. */
  public readonly signals: Signal[];
  /** The ports that it listens on. */
  public readonly ports: ReceiverPort[];
  /** Its configuration, as the collector spells it. */
  public readonly config: any;

  private constructor(component: string, options: ReceiverOptions) {
    const problem = componentProblem(component);
    if (problem) throw new Error(`Receiver ${component}: ${problem}`);
    if (options.signals.length === 0) throw new Error(`Receiver ${component}: signals must name at least one signal, got none`);
    for (const port of options.ports ?? []) {
      const wrong = portProblem(port.port, `port ${port.name}`);
      if (wrong) throw new Error(`Receiver ${component}: ${wrong}`);
      if (!/^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/.test(port.name)) {
        throw new Error(`Receiver ${component}: a port's name must be 1 to 15 lower-case letters, digits and "-", got "${port.name}"`);
      }
    }
    this.componentId = component;
    this.signals = options.signals;
    this.ports = options.ports ?? [];
    this.config = options.config;
  }
}
