import { GatewayEdge } from './gateway-edge';
import { GkeIngressOptions, GkeInternalIngressOptions } from './gke-load-balancer-options';
import { Prerequisites } from '../platform/prerequisites';

/** Notes what a load balancer of Google Cloud refers to by name. */
export function noteGkePrerequisites(
  edge: GatewayEdge, ingress: string, backendConfig: string, options: GkeIngressOptions | GkeInternalIngressOptions, internal: boolean,
): void {
  const prerequisites = Prerequisites.of(edge.scope);
  const { certificate } = options;
  const external: Partial<GkeIngressOptions> = internal ? {} : options;
  const reliedOnBy = [ingress];
  if (options.staticAddress !== undefined) {
    const where = internal ? '--region <region> --subnet <subnet> --purpose SHARED_LOADBALANCER_VIP' : '--global';
    prerequisites.add({
      kind: 'Static address',
      value: options.staticAddress,
      purpose: 'is where clients reach the load balancer',
      command: `gcloud compute addresses create ${options.staticAddress} ${where}`,
      reliedOnBy,
    });
  }
  if (internal) {
    prerequisites.add({
      kind: 'Proxy-only subnet',
      purpose: 'is where regional load balancers have their proxies',
      command: 'gcloud compute networks subnets create <name> --purpose REGIONAL_MANAGED_PROXY --role ACTIVE --region <region> --network <network> --range <range>',
      reliedOnBy,
    });
  }
  for (const name of certificate._preShared ?? []) {
    prerequisites.add({
      kind: 'Certificate',
      value: name,
      purpose: 'is what the load balancer shows to clients; it has to cover the hosts',
      command: `gcloud compute ssl-certificates create ${name} --certificate <file> --private-key <file> ${internal ? '--region <region>' : '--global'}`,
      reliedOnBy,
    });
  }
  if (certificate._secret !== undefined) {
    prerequisites.add({
      kind: 'TLS Secret',
      value: `${edge.namespace}/${certificate._secret}`,
      purpose: 'is the certificate that the load balancer shows to clients; it has to cover the hosts',
      command: `kubectl create secret tls ${certificate._secret} --namespace ${edge.namespace} --cert <file> --key <file>`,
      reliedOnBy,
    });
  }
  if (external.sslPolicy !== undefined) {
    prerequisites.add({
      kind: 'TLS policy',
      value: external.sslPolicy,
      purpose: 'says which TLS versions and ciphers clients may use',
      command: `gcloud compute ssl-policies create ${external.sslPolicy} --profile MODERN --min-tls-version 1.2 --global`,
      reliedOnBy: [`FrontendConfig/${edge.namespace}/${edge.name}`],
    });
  }
  if (external.securityPolicy !== undefined) {
    prerequisites.add({
      kind: 'Cloud Armor policy',
      value: external.securityPolicy,
      purpose: 'is the firewall that every request passes',
      command: `gcloud compute security-policies create ${external.securityPolicy}`,
      reliedOnBy: [backendConfig],
    });
  }
}
