import { albVariant, AlbOptions } from './alb-load-balancer';
import { GatewayDemands, GatewayEdge } from './gateway-edge';
import { gkeExternalVariant, gkeInternalVariant } from './gke-load-balancer';
import { GkeIngressOptions, GkeInternalIngressOptions } from './gke-load-balancer-options';
import { LoadBalancerVariant } from './load-balancer-variant';
import { NetworkLoadBalancerOptions, networkVariant } from './network-load-balancer';
import { nobodyInFront } from './no-load-balancer';

/**
 * What stands between the clients and a gateway.
 *
 * It decides the gateway's Service, what is spoken to the gateway, where its health is asked for, and which other objects
 * the load balancer takes. What has to exist in the cloud is written to the app's prerequisites.
 */
export class LoadBalancer {
  /**
   * An Application Load Balancer of AWS. It ends TLS with certificates of ACM, redirects HTTP, and asks the gateway's own
   * status port for health; a firewall stands before every request, as the gateway's Service is reached in no other way.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
   */
  public static alb(options: AlbOptions): LoadBalancer {
    return new LoadBalancer(albVariant(options));
  }

  /**
   * A Network Load Balancer of AWS. It passes connections on as they are: the gateway ends TLS, with certificates of its own.
   *
   * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/nlb/
   */
  public static nlb(options: NetworkLoadBalancerOptions = {}): LoadBalancer {
    return new LoadBalancer(networkVariant(options));
  }

  /**
   * A global external Application Load Balancer of Google Cloud by a GKE Ingress. It ends TLS, and speaks HTTP/2 over TLS
   * to the gateway, which suits gRPC; the gateway's certificate is not verified and may be self-signed.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-xlb
   */
  public static gkeIngress(options: GkeIngressOptions): LoadBalancer {
    return new LoadBalancer(gkeExternalVariant(options));
  }

  /**
   * A regional internal Application Load Balancer of Google Cloud by a GKE Ingress, for clients in the VPC. It serves HTTPS only.
   *
   * @see https://cloud.google.com/kubernetes-engine/docs/concepts/ingress-ilb
   */
  public static gkeInternalIngress(options: GkeInternalIngressOptions): LoadBalancer {
    return new LoadBalancer(gkeInternalVariant(options));
  }

  /** Nobody: the gateway is reached inside the cluster only, and ends TLS itself. */
  public static none(): LoadBalancer {
    return new LoadBalancer(nobodyInFront());
  }

  private readonly variant: LoadBalancerVariant;

  private constructor(variant: LoadBalancerVariant) {
    this.variant = variant;
  }

  /**
   * What the gateway has to be for this load balancer.
   * @internal
   */
  public _demands(edge: GatewayEdge): GatewayDemands {
    return this.variant.demands(edge);
  }

  /**
   * Builds the load balancer's objects before a gateway.
   * @internal
   */
  public _attach(edge: GatewayEdge): void {
    this.variant.attach(edge);
  }
}
