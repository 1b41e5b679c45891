import type { GatewayDemands, GatewayEdgePort } from './gateway-edge';

/** The ports of a gateway. */
export interface WorkloadPorts {
  readonly http: GatewayEdgePort;
  readonly https: GatewayEdgePort;
  readonly status: GatewayEdgePort;
}

/** What the gateway asks of its workload. */
export interface WorkloadContext {
  readonly name: string;
  readonly namespace: string;
  readonly revision?: string;
  readonly demands: GatewayDemands;
  /** The ports that are served, beside the status port. */
  readonly served: Array<'http' | 'https'>;
  /** Whether the pods take certificates from Secrets. */
  readonly readsSecrets: boolean;
}

/** What stands in the annotation `proxy.istio.io/config` of a gateway's pods. */
export function proxyConfig(demands: GatewayDemands): { [key: string]: unknown } {
  return {
    ...(demands.trustedProxies > 0 && { gatewayTopology: { numTrustedProxies: demands.trustedProxies } }),
    terminationDrainDuration: `${drainSeconds(demands)}s`,
  };
}

/** How long a pod that goes still serves: until the load balancer has stopped sending to it, and a little longer. */
export function drainSeconds(demands: GatewayDemands): number {
  return demands.deregistrationSeconds + 15;
}
