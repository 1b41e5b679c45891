import { Construct } from 'constructs';
import { ServiceType } from '../platform/service';

/* What a gateway and the load balancer in front of it tell each other. */

/** A port of the gateway's Service. */
export interface GatewayEdgePort {
  readonly name: string;
  readonly port: number;
  /** The port on the gateway's pods. */
  readonly targetPort: number;
}

/** The gateway, as a load balancer sees it. */
export interface GatewayEdge {
  readonly scope: Construct;
  readonly name: string;
  readonly namespace: string;
  readonly serviceName: string;
  readonly httpPort: GatewayEdgePort;
  readonly httpsPort: GatewayEdgePort;
  /** Answers `/healthz/ready`, in plain HTTP. */
  readonly statusPort: GatewayEdgePort;
  /** The hosts of the gateway and of its routes, known at synthesis; `*` is left out. */
  readonly hosts: () => string[];
  /** Whether a route speaks gRPC, known at synthesis. */
  readonly grpc: () => boolean;
}

/** What a load balancer asks of the gateway behind it. */
export interface GatewayDemands {
  readonly serviceType: ServiceType;
  readonly loadBalancerClass?: string;
  readonly serviceAnnotations: { [key: string]: string };
  /**
   * `http`: plain HTTP reaches the gateway; `https`: the load balancer encrypts again and sends no SNI, so that server
   * hosts must be `*`; `passthrough`: the clients' own TLS reaches the gateway.
   */
  readonly backend: 'http' | 'https' | 'passthrough';
  readonly httpsAppProtocol?: string;
  readonly httpAppProtocol?: string;
  /** How long the load balancer keeps sending to a pod that goes; the gateway drains longer. */
  readonly deregistrationSeconds: number;
  /** Whether the load balancer ends TLS and says so in X-Forwarded-Proto; then the gateway redirects nobody to HTTPS. */
  readonly forwardsProto: boolean;
  /** How many proxies before the gateway add to X-Forwarded-For. */
  readonly trustedProxies: number;
}
