import { LoadBalancerVariant } from './load-balancer-variant';
import { ServiceType } from '../platform/service';

export function nobodyInFront(): LoadBalancerVariant {
  return {
    demands: () => ({
      serviceType: ServiceType.CLUSTER_IP,
      serviceAnnotations: {},
      backend: 'passthrough',
      deregistrationSeconds: 0,
      forwardsProto: false,
      trustedProxies: 0,
    }),
    attach: () => undefined,
  };
}
