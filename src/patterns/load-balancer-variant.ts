import { GatewayDemands, GatewayEdge } from './gateway-edge';

/** One kind of load balancer. */
export interface LoadBalancerVariant {
  /** What the gateway has to be. It may ask for names and ports; hosts are not known yet. */
  demands(edge: GatewayEdge): GatewayDemands;
  /** Builds what the load balancer takes. */
  attach(edge: GatewayEdge): void;
}

/** Where an Istio gateway says whether it can serve, on its status port. */
export const READY_PATH = '/healthz/ready';
