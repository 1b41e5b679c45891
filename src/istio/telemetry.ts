import { Construct } from 'constructs';
import type { TelemetrySpec } from '../../imports/telemetry.istio.io';
import { generated } from '../platform/load-on-first-use';
import { Resource, ResourceProps } from '../platform/resource';

/** An access log. */
export interface AccessLog {
  /**
   * The providers of the mesh configuration that write it.
   * @default ['envoy'] - the proxy's standard output
   */
  readonly providers?: string[];
  /**
   * A CEL expression: only requests for which it is true are written, such as `response.code >= 400`.
   * @default - every request
   */
  readonly filter?: string;
  /**
   * Whether requests are written; `false` silences what a wider Telemetry asks for.
   * @default true
   */
  readonly enabled?: boolean;
}

/** Properties of a Telemetry. */
export interface TelemetryProps extends ResourceProps {
  /**
   * The labels of the pods that it holds for.
   * @default - all pods of the namespace; in Istio's root namespace, of the mesh
   */
  readonly selector?: { [key: string]: string };
  /** The access logs, at least one. */
  readonly accessLogs: AccessLog[];
}

/**
 * What proxies report.
 * @see https://istio.io/latest/docs/reference/config/telemetry/
 */
export class Telemetry extends Resource {
  private readonly props: TelemetryProps;

  /** @throws if there is no access log. */
  constructor(scope: Construct, id: string, props: TelemetryProps) {
    super(scope, id, { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' }, props);
    this.props = props;
    if (props.accessLogs.length === 0) this._fail('needs at least one access log; to silence a wider one give `{ enabled: false }`');
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { selector, accessLogs } = this.props;
    const spec: TelemetrySpec = {
      selector: selector && { matchLabels: selector },
      accessLogging: accessLogs.map((log) => ({
        providers: (log.providers ?? ['envoy']).map((name) => ({ name })),
        filter: log.filter === undefined ? undefined : { expression: log.filter },
        disabled: log.enabled === false ? true : undefined,
      })),
    };
    return { spec: generated.istioTelemetry.toJson_TelemetrySpec(spec) };
  }
}
