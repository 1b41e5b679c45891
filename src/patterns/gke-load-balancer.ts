import { Duration } from 'cdk8s';
import { EXTERNAL_DNS_HOSTNAME, externalDnsValue, noteDnsRecords } from './external-dns';
import { GatewayEdge } from './gateway-edge';
import { GkeIngressOptions, GkeInternalIngressOptions, GkeLoadBalancerOptions } from './gke-load-balancer-options';
import { noteGkePrerequisites } from './gke-prerequisites';
import { LoadBalancerVariant, READY_PATH } from './load-balancer-variant';
import { BackendConfig, HealthCheckType } from '../gke/backend-config';
import { CloudEndpointsDns } from '../gke/cloud-endpoints-dns';
import { FrontendConfig } from '../gke/frontend-config';
import { GceBackend } from '../gke/gce-backend';
import { GceIngress } from '../gke/gce-ingress';
import { GceProtocol } from '../gke/gce-protocol';
import { isIpAddress } from '../gke/google-names';
import { ManagedCertificate } from '../gke/managed-certificate';
import { ingressServiceAnnotations } from '../gke/service-annotations';
import { ServiceType } from '../platform/service';

const DRAINING = Duration.seconds(30);
const GRPC_TIMEOUT = Duration.hours(1);
const TIMEOUT = Duration.seconds(30);

export function gkeExternalVariant(options: GkeIngressOptions): LoadBalancerVariant {
  if (options.address !== undefined && !isIpAddress(options.address)) {
    throw new Error(`LoadBalancer.gkeIngress: address must be the IP address of "${options.staticAddress}", got "${options.address}"`);
  }
  return { demands: (edge) => demands(edge, options), attach: (edge) => attach(edge, options, false) };
}

export function gkeInternalVariant(options: GkeInternalIngressOptions): LoadBalancerVariant {
  if (options.certificate._domains) {
    throw new Error('LoadBalancer.gkeInternalIngress: Google issues managed certificates for external load balancers only; use GkeCertificate.preShared or .secret');
  }
  return { demands: (edge) => demands(edge, options), attach: (edge) => attach(edge, options, true) };
}

function demands(edge: GatewayEdge, options: GkeLoadBalancerOptions) {
  return {
    serviceType: ServiceType.CLUSTER_IP,
    serviceAnnotations: ingressServiceAnnotations([{ portName: edge.httpsPort.name, protocol: GceProtocol.HTTP2, backendConfig: edge.name }]),
    backend: 'https' as const,
    deregistrationSeconds: (options.drainingTimeout ?? DRAINING).toSeconds(),
    forwardsProto: true,
    // Google adds the client's address and its own to X-Forwarded-For.
    trustedProxies: 2,
  };
}

function attach(edge: GatewayEdge, options: GkeIngressOptions | GkeInternalIngressOptions, internal: boolean): void {
  const { certificate } = options;
  const external: Partial<GkeIngressOptions> = internal ? {} : options;
  const place = { name: edge.name, namespace: edge.namespace };

  const backendConfig = new BackendConfig(edge.scope, 'BackendConfig', {
    ...place,
    healthCheck: { type: HealthCheckType.HTTP, port: edge.statusPort.targetPort, path: READY_PATH },
    timeout: options.timeout,
    drainingTimeout: options.drainingTimeout ?? DRAINING,
    securityPolicy: external.securityPolicy,
    requestHeaders: options.requestHeaders,
    logSampleRate: options.logSampleRate,
  });
  backendConfig._defaultTimeout(() => (edge.grpc() ? GRPC_TIMEOUT : TIMEOUT));

  const redirectToHttps = !internal && (external.redirectHttp ?? true);
  const frontendConfig = redirectToHttps || external.sslPolicy !== undefined
    ? new FrontendConfig(edge.scope, 'FrontendConfig', { ...place, redirectToHttps, sslPolicy: external.sslPolicy })
    : undefined;

  const managed = certificate._domains && new ManagedCertificate(edge.scope, 'ManagedCertificate', { ...place, domains: certificate._domains });
  const ingress = new GceIngress(edge.scope, 'Ingress', {
    ...place,
    internal,
    staticAddress: options.staticAddress,
    managedCertificates: managed && [managed],
    preSharedCertificates: certificate._preShared,
    tlsSecrets: certificate._secret === undefined ? undefined : [certificate._secret],
    frontendConfig,
    allowHttp: redirectToHttps,
    defaultBackend: GceBackend.serviceNamed(edge.serviceName, edge.httpsPort.port),
  });
  if (managed) {
    const domains = new Set(managed.domains);
    edge.scope.node.addValidation({
      // A wildcard is reached by those of its names that the certificate holds.
      validate: () => edge.hosts().filter((host) => !host.startsWith('*.') && !domains.has(host)).map((host) => (
        `${managed.reference}: host "${host}" is routed but not in the certificate, which holds ${managed.domains.join(', ')}; add it to GkeCertificate.managed`
      )),
    });
  }
  nameTheEdge(edge, ingress, options, external.address);
  noteGkePrerequisites(edge, ingress.reference, backendConfig.reference, options, internal);
}

function nameTheEdge(edge: GatewayEdge, ingress: GceIngress, options: GkeLoadBalancerOptions & { staticAddress?: string }, address?: string): void {
  const domains = options.certificate._domains ?? [];
  const byEndpoints = domains.filter((domain) => address !== undefined && CloudEndpointsDns.serves(domain));
  for (const host of byEndpoints) new CloudEndpointsDns(edge.scope, `Dns-${host}`, { host, address: address!, reliedOnBy: [ingress] });
  const names = domains.filter((domain) => !byEndpoints.includes(domain));
  // ExternalDNS and people make the records of all other names.
  const others: GatewayEdge = { ...edge, hosts: () => edge.hosts().filter((host) => !byEndpoints.includes(host)) };
  if (domains.length > 0 && names.length === 0) return;
  if (options.externalDns) ingress.apiObject.metadata.addAnnotation(EXTERNAL_DNS_HOSTNAME, externalDnsValue(others, names));
  noteDnsRecords(others, ingress.reference, {
    externalDns: options.externalDns,
    names,
    command: `gcloud dns record-sets create <host>. --zone <zone> --type A --ttl 300 --rrdatas ${address ?? `<address of ${options.staticAddress ?? 'the load balancer'}>`}`,
  });
}
