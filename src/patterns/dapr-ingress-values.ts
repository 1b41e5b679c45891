import { Yaml } from 'cdk8s';
import { ContourChart } from './dapr-ingress-chart';
import { ENVOY_PORTS, EnvoyAccess, sidecarRules } from './dapr-ingress-network-policy';
import { EXTERNAL_DNS_HOSTNAME } from './external-dns';
import { FileContent } from '../platform/companion-file';

/** What the values of Contour's chart depend on; read at synthesis. */
export interface ContourValues {
  readonly chart: ContourChart;
  readonly access: EnvoyAccess;
  readonly ingressClassName?: string;
  /** The annotations that put the sidecar beside Envoy. */
  readonly sidecarAnnotations: { [key: string]: string };
  /** Whether the ingress has a NetworkPolicy of its own. */
  readonly ownNetworkPolicy: boolean;
  /** The hosts, if ExternalDNS is to read them. */
  externalDnsHosts(): string[];
}

/** The port and path of Contour's own metrics. */
const CONTOUR_METRICS = { port: 8000, path: '/metrics' };

/** The values that Contour's chart is installed with. */
export function contourValues(of: ContourValues): FileContent {
  return FileContent._deferred(() => Yaml.stringify(render(of)));
}

function render({ chart, access, ingressClassName, sidecarAnnotations, ownNetworkPolicy, externalDnsHosts }: ContourValues): object {
  const scraped = access.scrapedFrom.length > 0;
  const hosts = externalDnsHosts();
  const contour = {
    ...chart._values.contour,
    ...(ingressClassName === undefined ? {} : { ingressClass: { name: ingressClassName } }),
    ...(scraped ? { podAnnotations: scrapeAnnotations(CONTOUR_METRICS) } : {}),
  };
  return {
    ...(chart._values.global ? { global: chart._values.global } : {}),
    ...(Object.keys(contour).length === 0 ? {} : { contour }),
    envoy: {
      ...chart._values.envoy,
      // On the node's network the sidecar's API would be open on the node's address.
      hostNetwork: false,
      // The sidecar needs no token of the API server: its one reader, the built-in secret store, is off.
      automountServiceAccountToken: false,
      serviceAccount: { automountServiceAccountToken: false },
      podAnnotations: {
        ...(scraped ? scrapeAnnotations({ port: ENVOY_PORTS.metrics, path: '/stats/prometheus' }) : {}),
        ...sidecarAnnotations,
      },
      ...(hosts.length === 0 ? {} : { service: { annotations: { [EXTERNAL_DNS_HOSTNAME]: hosts.join(',') } } }),
      // Policies add up: the chart's would open the metrics to everybody, and without extra rules close the sidecar to Envoy.
      networkPolicy: ownNetworkPolicy ? { enabled: false } : { enabled: true, extraIngress: sidecarRules(access) },
    },
  };
}

function scrapeAnnotations({ port, path }: { port: number; path: string }): { [key: string]: string } {
  return { 'prometheus.io/scrape': 'true', 'prometheus.io/path': path, 'prometheus.io/port': String(port) };
}
