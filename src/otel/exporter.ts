import { componentProblem } from './component';
import { Signal } from './signal';
import { nameProblem, NameSyntax } from '../platform/names';

/** A value in an existing Secret, of the namespace of those who use it. */
export interface SecretKey {
  /** The Secret's name. */
  readonly secretName: string;
  /** The key in the Secret. */
  readonly key: string;
}

/** Options of the exporter to Azure Monitor. */
export interface AzureMonitorExporterOptions {
  /** Where the connection string of the Application Insights resource is kept. Its value is in no manifest. */
  readonly connectionString: SecretKey;
}

/** Options of the exporters that speak OTLP. */
export interface OtlpExporterOptions {
  /**
   * Whether the connection is without TLS, as inside the cluster.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * Tells several exporters of this kind apart.
   * @default - none: it is the only one
   */
  readonly name?: string;
}

/** Options of the exporter to the collector's own log. */
export interface DebugExporterOptions {
  /**
   * Whether every span, measurement and record is written in full, not only their numbers.
   * @default false
   */
  readonly detailed?: boolean;
}

/** Options of an exporter that this library has no word for. */
export interface ExporterOptions {
  /**
   * The signals that it can send.
   * @default - all
   */
  readonly signals?: Signal[];
  /**
   * Its configuration, as the collector spells it.
   * @default - the collector's defaults
   */
  readonly config?: any;
  /**
   * Environment variables of the collector that the exporter reads, from Secrets.
   * @default - none
   */
  readonly environment?: { [variable: string]: SecretKey };
}

/**
 * Where a collector sends telemetry.
 * @see https://opentelemetry.io/docs/collector/components/exporter/
 */
export class Exporter {
  /**
   * Azure Monitor (Application Insights). The exporter finds its connection string in an environment variable that
   * comes from a Secret, so that the configuration holds neither the value nor a placeholder.
   */
  public static azureMonitor(options: AzureMonitorExporterOptions): Exporter {
    return new Exporter('azuremonitor', { environment: { APPLICATIONINSIGHTS_CONNECTION_STRING: options.connectionString } });
  }

  /**
   * OTLP over gRPC.
   *
   * @param endpoint `host:port`
   * @throws if the endpoint is written otherwise
   */
  public static otlp(endpoint: string, options: OtlpExporterOptions = {}): Exporter {
    const match = /^[^\s/:]+:(\d+)$/.exec(endpoint);
    if (!match || Number(match[1]) < 1 || Number(match[1]) > 65535) {
      throw new Error(`Exporter.otlp: the endpoint is written host:port, such as "tempo.monitoring:4317", got "${endpoint}"`);
    }
    return new Exporter(named('otlp', options.name), { config: { endpoint, ...(options.insecure ? { tls: { insecure: true } } : {}) } });
  }

  /**
   * OTLP over HTTP; the paths `/v1/traces` and so on are added to the endpoint.
   *
   * @param endpoint `https://host[:port][/path]`, or `http://…` where `insecure` says so
   * @throws if the endpoint is written otherwise
   */
  public static otlpHttp(endpoint: string, options: OtlpExporterOptions = {}): Exporter {
    if (!/^https?:\/\/[^\s/]+(\/\S*)?$/.test(endpoint)) {
      throw new Error(`Exporter.otlpHttp: the endpoint is written https://host[:port][/path], got "${endpoint}"`);
    }
    if (endpoint.startsWith('http://') !== (options.insecure ?? false)) {
      throw new Error(`Exporter.otlpHttp: an http:// endpoint goes with insecure: true and an https:// one without, got "${endpoint}"`);
    }
    return new Exporter(named('otlphttp', options.name), { config: { endpoint } });
  }

  /** The collector's own log. */
  public static debug(options: DebugExporterOptions = {}): Exporter {
    return new Exporter('debug', { config: { verbosity: options.detailed ? 'detailed' : 'basic' } });
  }

  /**
   * Any exporter of the collector's distribution.
   *
   * @param component its id: the type, or `type/name`
   */
  public static of(component: string, options: ExporterOptions = {}): Exporter {
    return new Exporter(component, options);
  }

  /** The exporter's id in the collector's configuration. */
  public readonly componentId: string;
  /** The signals that it can send. */
  public readonly signals: Signal[];
  /** Its configuration, as the collector spells it. */
  public readonly config: any;
  /** The environment variables that it reads. */
  public readonly environment: { [variable: string]: SecretKey };

  private constructor(component: string, options: ExporterOptions) {
    const problem = componentProblem(component);
    if (problem) throw new Error(`Exporter ${component}: ${problem}`);
    if (options.signals?.length === 0) throw new Error(`Exporter ${component}: signals must name at least one signal, got none`);
    for (const [variable, secret] of Object.entries(options.environment ?? {})) {
      const wrong = nameProblem(secret.secretName, NameSyntax.SUBDOMAIN);
      if (wrong) throw new Error(`Exporter ${component}: ${variable}: Secret ${wrong}`);
      if (!/^[-._a-zA-Z0-9]{1,253}$/.test(secret.key)) {
        throw new Error(`Exporter ${component}: ${variable}: a key of a Secret is made of letters, digits, "-", "_" and ".", got "${secret.key}"`);
      }
    }
    this.componentId = component;
    this.signals = options.signals ?? Object.values(Signal);
    this.config = options.config;
    this.environment = options.environment ?? {};
  }
}

function named(type: string, name?: string): string {
  return name === undefined ? type : `${type}/${name}`;
}
