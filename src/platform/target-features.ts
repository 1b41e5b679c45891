/** The systems whose version decides what may be written. */
export type TargetSystem = 'kubernetes' | 'istio' | 'contour' | 'dapr' | 'certManager' | 'gatewayApi' | 'awsLoadBalancerController' | 'gke';

/** Everything that a supported target may lack; docs/compatibility.md shows the same table. */
export const FEATURES = {
  'native-sidecar': { system: 'kubernetes', since: '1.29', title: 'a native sidecar (an init container with restartPolicy Always)' },
  'dapr-native-sidecar': { system: 'dapr', since: '1.18', title: 'dapr.io/enable-native-sidecar' },
  'alb-without-public-ipv4': {
    system: 'awsLoadBalancerController', since: '2.8', title: 'an ALB without public IPv4 addresses (ip-address-type dualstack-without-public-ipv4)',
  },
  'nlb-security-groups': { system: 'awsLoadBalancerController', since: '2.6', title: 'security groups of an NLB' },
} as const satisfies Record<string, { system: TargetSystem; since: string; title: string }>;

/** A key of FEATURES. */
export type Feature = keyof typeof FEATURES;
