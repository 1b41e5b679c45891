import { Duration } from 'cdk8s';
import { EXTERNAL_DNS_HOSTNAME, externalDnsValue, noteDnsRecords } from './external-dns';
import { GatewayDemands, GatewayEdge } from './gateway-edge';
import { LoadBalancerVariant, READY_PATH } from './load-balancer-variant';
import { networkLoadBalancerAnnotations, NLB_CLASS } from '../aws/network-load-balancer-annotations';
import { NlbSettings, NlbTargetType } from '../aws/nlb-settings';
import { Prerequisites } from '../platform/prerequisites';
import { ServiceType } from '../platform/service';
import { requireFeature } from '../platform/targets';

/** Options of a Network Load Balancer before a gateway. */
export interface NetworkLoadBalancerOptions extends NlbSettings {
  /**
   * Whether ExternalDNS makes the DNS records of the routes' hosts.
   * @default false; the records are among the prerequisites
   */
  readonly externalDns?: boolean;
}

const DEREGISTRATION = Duration.seconds(30);

export function networkVariant(options: NetworkLoadBalancerOptions): LoadBalancerVariant {
  if (options.targetType === NlbTargetType.INSTANCE) {
    throw new Error('LoadBalancer.nlb: targetType must be NlbTargetType.IP, since the status port of a gateway is asked on its pods, got "instance"');
  }
  return {
    demands: (edge) => {
      if (options.securityGroups) requireFeature(edge.scope, 'LoadBalancer.nlb', 'nlb-security-groups');
      return demands(edge, options);
    },
    attach: (edge) => {
      const reference = `Service/${edge.namespace}/${edge.serviceName}`;
      Prerequisites.of(edge.scope).add({
        kind: 'AWS Load Balancer Controller',
        purpose: 'makes load balancers from Services of its class',
        command: 'helm install aws-load-balancer-controller aws-load-balancer-controller --repo https://aws.github.io/eks-charts --namespace kube-system --set clusterName=<cluster>',
        reliedOnBy: [reference],
      });
      noteDnsRecords(edge, reference, {
        externalDns: options.externalDns,
        command: `kubectl get service ${edge.serviceName} --namespace ${edge.namespace}   # its hostname is the target of an alias record`,
      });
    },
  };
}

function demands(edge: GatewayEdge, options: NetworkLoadBalancerOptions): GatewayDemands {
  const delay = options.deregistrationDelay ?? DEREGISTRATION;
  return {
    serviceType: ServiceType.LOAD_BALANCER,
    loadBalancerClass: NLB_CLASS,
    serviceAnnotations: {
      ...networkLoadBalancerAnnotations(
        { ...options, deregistrationDelay: delay },
        { port: edge.statusPort.targetPort, path: READY_PATH },
        (problem) => { throw new Error(`LoadBalancer.nlb: ${problem}`); },
      ),
      ...(options.externalDns && { [EXTERNAL_DNS_HOSTNAME]: externalDnsValue(edge) }),
    },
    backend: 'passthrough',
    deregistrationSeconds: delay.toSeconds(),
    forwardsProto: false,
    trustedProxies: 0,
  };
}
