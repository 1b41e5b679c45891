/** Versions of what runs in the cluster. Where versions differ and none is given, answers are `assumed`. */
export interface TrafficVersions {
  /** Kubernetes. @default - the newest that is known */
  readonly kubernetes?: string;
  /** Istio. @default - the newest that is known */
  readonly istio?: string;
  /** Contour. @default - the newest that is known */
  readonly contour?: string;
  /** Dapr. @default - the newest that is known */
  readonly dapr?: string;
  /** Gateway API. @default - the newest that is known */
  readonly gatewayApi?: string;
  /** AWS Load Balancer Controller. @default - the newest that is known */
  readonly awsLoadBalancerController?: string;
}

/** Headers that Contour sets and removes on every route. */
export interface ContourHeaderPolicy {
  /** Headers to set, by name. @default - none */
  readonly set?: { [name: string]: string };
  /** Headers to remove. @default - none */
  readonly remove?: string[];
}

/** How Contour is installed. */
export interface ContourOptions {
  /** The ingress classes that it takes. @default - objects without a class, and class `contour` */
  readonly ingressClassNames?: string[];
  /** The namespaces whose HTTPProxies may be roots. @default - all */
  readonly rootNamespaces?: string[];
  /** Whether Services of type ExternalName are routed to. @default false */
  readonly enableExternalNameService?: boolean;
  /** Whether `permitInsecure` is ignored. @default false */
  readonly disablePermitInsecure?: boolean;
  /** The fallback certificate, `namespace/name`. @default - none */
  readonly fallbackCertificate?: string;
  /** Request headers of every route. @default - none */
  readonly requestHeaders?: ContourHeaderPolicy;
  /** Response headers of every route. @default - none */
  readonly responseHeaders?: ContourHeaderPolicy;
}

/** How Istio is installed. */
export interface IstioOptions {
  /** The namespace of mesh-wide configuration. @default 'istio-system' */
  readonly rootNamespace?: string;
  /** Whether a Gateway configures pods of its own namespace only. @default false */
  readonly scopeGatewayToNamespace?: boolean;
  /** What sidecars do with unknown hosts: `ALLOW_ANY` or `REGISTRY_ONLY`. @default 'ALLOW_ANY' */
  readonly outboundTrafficPolicy?: string;
  /** The trusted proxies in front of gateways. @default 0 */
  readonly numTrustedProxies?: number;
}

/** What runs on AWS. */
export interface AwsOptions {
  /** Whether the AWS Load Balancer Controller is installed. @default true */
  readonly loadBalancerController?: boolean;
}

/** How the App Mesh controller is installed. */
export interface AppMeshOptions {
  /** Whether BackendGroups are enabled. @default false */
  readonly backendGroups?: boolean;
}

/** The cluster profile: what manifests cannot say. */
export interface TrafficModelOptions {
  /** Whether the objects are everything that the cluster holds. @default false */
  readonly complete?: boolean;
  /** The namespace of objects of namespaced kinds that name none. @default 'default' */
  readonly defaultNamespace?: string;
  /** The cluster's DNS domain. @default 'cluster.local' */
  readonly clusterDomain?: string;
  /** What runs in the cluster. @default - the newest versions that are known */
  readonly versions?: TrafficVersions;
  /** How Contour is installed. @default - as it comes */
  readonly contour?: ContourOptions;
  /** How Istio is installed. @default - as it comes */
  readonly istio?: IstioOptions;
  /** What runs on AWS. @default - the AWS Load Balancer Controller */
  readonly aws?: AwsOptions;
  /** How the App Mesh controller is installed. @default - as it comes */
  readonly appMesh?: AppMeshOptions;
}
