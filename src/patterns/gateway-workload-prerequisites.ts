import { Construct } from 'constructs';
import { drainSeconds, proxyConfig, WorkloadContext } from './gateway-workload-context';
import { Prerequisites } from '../platform/prerequisites';

/** Notes what a workload of somebody else has to be for the load balancer. */
export function noteDemands(scope: Construct, context: WorkloadContext, serviceName: string): void {
  const { name, namespace, demands } = context;
  const reliedOnBy = [`Gateway/${namespace}/${name}`];
  Prerequisites.of(scope).add({
    kind: 'Gateway Service',
    value: `${namespace}/${serviceName}`,
    purpose: `takes the traffic as a Service of type ${demands.serviceType}${demands.loadBalancerClass === undefined ? '' : ` and class ${demands.loadBalancerClass}`}`,
    command: `helm upgrade ${serviceName} istio/gateway --namespace ${namespace} --reuse-values --set service.type=${demands.serviceType}` +
      Object.entries(demands.serviceAnnotations).map(([key, value]) => ` --set-string 'service.annotations.${key.replace(/\./g, '\\.')}=${value}'`).join(''),
    reliedOnBy,
  });
  Prerequisites.of(scope).add({
    kind: 'Gateway pod annotation',
    value: `proxy.istio.io/config: '${JSON.stringify(proxyConfig(demands))}'`,
    purpose: 'says how many proxies stand before the gateway, and lets pods drain until the load balancer has let go of them',
    command: `helm upgrade ${serviceName} istio/gateway --namespace ${namespace} --reuse-values ` +
      `--set-json 'podAnnotations={"proxy.istio.io/config":${JSON.stringify(JSON.stringify(proxyConfig(demands)))}}' --set terminationGracePeriodSeconds=${drainSeconds(demands) + 15}`,
    reliedOnBy,
  });
}
