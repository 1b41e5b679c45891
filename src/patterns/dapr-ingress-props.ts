import { Size } from 'cdk8s';
import { ContourChart } from './dapr-ingress-chart';
import { DaprIngressTls } from './dapr-ingress-tls';
import { LogLevel, SidecarResources } from '../dapr/sidecar-options';
import { Tracing } from '../dapr/tracing';
import { TargetVersions } from '../platform/targets';

/** The sidecars beside Envoy. */
export interface DaprIngressSidecar {
  /**
   * Port of the sidecar's gRPC API.
   * @default 50001
   */
  readonly grpcPort?: number;
  /**
   * Port on which sidecars talk to each other; the applications' sidecars have to have the same.
   * @default 50002
   */
  readonly internalGrpcPort?: number;
  /**
   * Port of the sidecar's metrics, open only to `scrapedFrom`.
   * @default 9090
   */
  readonly metricsPort?: number;
  /**
   * The largest body that a client may send.
   * @default Size.mebibytes(4) - Dapr's own
   */
  readonly maxBodySize?: Size;
  /**
   * The largest head of a request, with its cookies and tokens.
   * @default Size.kibibytes(64) - a little more than Envoy lets through, where Dapr's own 4 KiB would break logins
   */
  readonly readBufferSize?: Size;
  /**
   * Whether the pods have IPv6 addresses, too.
   * @default false
   */
  readonly dualStack?: boolean;
  /**
   * How much the sidecar logs.
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;
  /**
   * CPU and memory of the sidecar.
   * @default - as Dapr's control plane is set up
   */
  readonly resources?: SidecarResources;
}

/** Properties of a Dapr ingress. */
export interface DaprIngressProps {
  /**
   * The namespace that Contour runs in. Everything that the ingress consists of lives there: an HTTPProxy reaches no
   * Service of another.
   * @default - the chart's namespace
   */
  readonly namespace?: string;
  /**
   * The app id of the ingress and the name of its Configuration and its NetworkPolicy; the Service's begins with it.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The ClusterIssuer, by name, that the certificates of the hosts come from.
   * @default - none: `tls`, or each host, says where its certificate comes from
   */
  readonly issuer?: string;
  /**
   * Where the certificates of the hosts come from, if not from a ClusterIssuer by name.
   * @default - from `issuer`
   */
  readonly tls?: DaprIngressTls;
  /**
   * The domains that hosts belong to; a host that is in none of them is an error.
   * @default - any
   */
  readonly domains?: string[];
  /**
   * How Contour is installed.
   * @default ContourChart.project()
   */
  readonly chart?: ContourChart;
  /**
   * The class of the HTTPProxies, which Contour is installed with.
   * @default - none: the one Contour of the cluster takes proxies without a class
   */
  readonly ingressClassName?: string;
  /**
   * Paths of applications that no outsider reaches, `/name` or `/name/**`: Envoy answers 404, and the applications' own
   * sidecars refuse them, which holds for every spelling of the path.
   * @default ['/.internal/**', '/actors/**', '/dapr/**', '/job/**']
   */
  readonly internalPaths?: string[];
  /**
   * Where the sidecars beside Envoy send their traces.
   * @default - nowhere
   */
  readonly tracing?: Tracing;
  /**
   * The trust domain of the ingress, which applications know it by.
   * @default 'public'
   */
  readonly trustDomain?: string;
  /**
   * The namespaces that Contour's, Envoy's and the sidecars' metrics are scraped from. Pods get the annotations that
   * Prometheus finds them by.
   * @default - none: metrics are closed, the sidecars have none
   */
  readonly scrapedFrom?: string[];
  /**
   * Whether the Service of the sidecars has the gRPC port.
   * @default - as soon as a host has a gRPC route
   */
  readonly grpc?: boolean;
  /**
   * Whether a NetworkPolicy closes Envoy's pods to everything but clients, themselves and scrapers. Without it, every pod
   * of the cluster may call applications in the name of the ingress.
   * @default true
   */
  readonly networkPolicy?: boolean;
  /**
   * Whether ExternalDNS makes the DNS records of the hosts, from an annotation of Envoy's Service.
   * @default false
   */
  readonly externalDns?: boolean;
  /**
   * The sidecars beside Envoy.
   * @default - as each setting says
   */
  readonly sidecar?: DaprIngressSidecar;
  /**
   * The versions that the manifests are written for.
   * @default - those of the chart or the app
   */
  readonly targets?: TargetVersions;
}
