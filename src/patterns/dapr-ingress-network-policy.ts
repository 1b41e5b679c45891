import { Construct } from 'constructs';
import { Resource, ResourceProps } from '../platform/resource';

/** The ports of Envoy's containers in both charts. */
export const ENVOY_PORTS = { http: 8080, https: 8443, metrics: 8002 } as const;

/** Whom Envoy's pods listen to; read at synthesis. */
export interface EnvoyAccess {
  /** The labels of Envoy's pods. */
  readonly podLabels: { [key: string]: string };
  /** The ports of metrics. */
  readonly metricsPorts: number[];
  /** The namespaces that scrape them. */
  readonly scrapedFrom: string[];
  /** The ports of the sidecar's API. */
  sidecarPorts(): number[];
}

/**
 * Who reaches Envoy's pods: everybody their public ports, Envoy the API of its sidecars, scrapers the metrics, and
 * nobody anything else. Without it every pod of the cluster could use the identity of the ingress.
 */
export class EnvoyNetworkPolicy extends Resource {
  private readonly access: EnvoyAccess;

  constructor(scope: Construct, id: string, access: EnvoyAccess, props: ResourceProps) {
    super(scope, id, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' }, props);
    this.access = access;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return {
      spec: {
        podSelector: { matchLabels: this.access.podLabels },
        policyTypes: ['Ingress'],
        ingress: [{ ports: tcp([ENVOY_PORTS.http, ENVOY_PORTS.https]) }, ...sidecarRules(this.access)],
      },
    };
  }
}

/** The rules for the sidecars beside the public ports; the chart's own policy takes them as extra rules. */
export function sidecarRules(access: EnvoyAccess): object[] {
  return [
    { from: [{ podSelector: { matchLabels: access.podLabels } }], ports: tcp(access.sidecarPorts()) },
    ...(access.scrapedFrom.length === 0 ? [] : [{
      from: access.scrapedFrom.map((namespace) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } })),
      ports: tcp(access.metricsPorts),
    }]),
  ];
}

function tcp(ports: number[]): object[] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
