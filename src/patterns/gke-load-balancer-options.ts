import { Duration } from 'cdk8s';
import { GkeCertificate } from './gke-certificate';

/** What every load balancer of Google Cloud before a gateway has. */
export interface GkeLoadBalancerOptions {
  /** The certificate that clients see. */
  readonly certificate: GkeCertificate;
  /**
   * How long a request may take, streams included.
   * @default - an hour where a route speaks gRPC, since the end of it is the end of every stream; 30 seconds otherwise
   */
  readonly timeout?: Duration;
  /**
   * How long a gateway pod that goes away still serves its running requests, at most an hour.
   * @default Duration.seconds(30)
   */
  readonly drainingTimeout?: Duration;
  /**
   * The share of requests that the load balancer logs, 0 to 1.
   * @default - as Google has it
   */
  readonly logSampleRate?: number;
  /**
   * Headers that requests get on their way to the gateway; values may hold variables such as `{client_region}`.
   * @default - none but Google's own
   */
  readonly requestHeaders?: { [name: string]: string };
  /**
   * Whether ExternalDNS makes the DNS records of the routes' hosts and the certificate's domains.
   * @default false; the records are among the prerequisites
   */
  readonly externalDns?: boolean;
}

/** Options of a global external load balancer of Google Cloud before a gateway. */
export interface GkeIngressOptions extends GkeLoadBalancerOptions {
  /** The name of a reserved global address. */
  readonly staticAddress: string;
  /**
   * The IP address behind that name, once it is reserved. Names under `cloud.goog` get their Cloud Endpoints document from it.
   * @default - not known; DNS records have a placeholder
   */
  readonly address?: string;
  /**
   * Whether port 80 redirects to HTTPS; otherwise nothing listens there.
   * @default true
   */
  readonly redirectHttp?: boolean;
  /**
   * The name of a policy in Google Cloud that TLS versions and ciphers are taken from.
   * @default - Google's, which takes TLS 1.0 and later
   */
  readonly sslPolicy?: string;
  /**
   * The name of a Cloud Armor policy that every request has to pass.
   * @default - none
   */
  readonly securityPolicy?: string;
}

/** Options of a regional internal load balancer of Google Cloud before a gateway. */
export interface GkeInternalIngressOptions extends GkeLoadBalancerOptions {
  /**
   * The name of a reserved address of the region.
   * @default - an address that may change
   */
  readonly staticAddress?: string;
}
