import { App, Chart, Duration } from 'cdk8s';
import { Backend, GatewayWorkload, GkeCertificate, GkeIngressOptions, GkeInternalIngressOptions, IstioSharedGateway, LoadBalancer, Prerequisites } from '../../src';
import { chart, only, synthesized } from '../synthesized';

interface Options {
  gke?: Partial<GkeIngressOptions>;
  internal?: GkeInternalIngressOptions;
  name?: string;
  workload?: GatewayWorkload;
  grpc?: boolean;
  hosts?: string[];
}

function build(options: Options = {}) {
  const scope = chart();
  const loadBalancer = options.internal
    ? LoadBalancer.gkeInternalIngress(options.internal)
    : LoadBalancer.gkeIngress({ staticAddress: 'edge-ip', certificate: GkeCertificate.managed(['shop.example.com']), ...options.gke });
  const gateway = new IstioSharedGateway(scope, 'Edge', {
    name: options.name, namespace: 'ingress', hosts: options.hosts ?? ['shop.example.com'], workload: options.workload, loadBalancer,
  });
  gateway.route('orders', { to: Backend.serviceNamed('orders', { namespace: 'shop', port: 80, grpc: options.grpc }) });
  return { scope, objects: synthesized(scope) };
}

test('everything goes to the gateway\'s HTTPS port; its Service says how', () => {
  const { objects } = build();
  expect(only(objects, 'Ingress')).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'edge',
      namespace: 'ingress',
      annotations: {
        'kubernetes.io/ingress.class': 'gce',
        'kubernetes.io/ingress.global-static-ip-name': 'edge-ip',
        'networking.gke.io/managed-certificates': 'edge',
        'networking.gke.io/v1beta1.FrontendConfig': 'edge',
      },
    },
    spec: { defaultBackend: { service: { name: 'edge', port: { number: 443 } } } },
  });
  const service = only(objects, 'Service');
  expect(service.metadata.annotations).toEqual({
    'cloud.google.com/app-protocols': '{"https":"HTTP2"}',
    'cloud.google.com/backend-config': '{"ports":{"https":"edge"}}',
    'cloud.google.com/neg': '{"ingress":true}',
  });
  expect(service.spec.type).toBe('ClusterIP');
  expect(only(objects, 'BackendConfig').spec).toEqual({
    timeoutSec: 30,
    connectionDraining: { drainingTimeoutSec: 30 },
    healthCheck: { type: 'HTTP', port: 15021, requestPath: '/healthz/ready' },
  });
  expect(only(objects, 'FrontendConfig').spec).toEqual({ redirectToHttps: { enabled: true, responseCodeName: 'MOVED_PERMANENTLY_DEFAULT' } });
  expect(only(objects, 'ManagedCertificate').spec).toEqual({ domains: ['shop.example.com'] });
});

test('the gateway trusts Google\'s two entries in X-Forwarded-For', () => {
  const { template } = only(build().objects, 'Deployment').spec;
  expect(JSON.parse(template.metadata.annotations['proxy.istio.io/config'])).toMatchObject({ gatewayTopology: { numTrustedProxies: 2 } });
});

test('every knob arrives', () => {
  const { objects } = build({
    gke: {
      certificate: GkeCertificate.preShared(['a', 'b']),
      timeout: Duration.minutes(5),
      drainingTimeout: Duration.seconds(60),
      securityPolicy: 'armor',
      sslPolicy: 'modern',
      logSampleRate: 1,
      requestHeaders: { 'X-Region': '{client_region}' },
      redirectHttp: false,
    },
  });
  expect(only(objects, 'BackendConfig').spec).toEqual({
    timeoutSec: 300,
    connectionDraining: { drainingTimeoutSec: 60 },
    securityPolicy: { name: 'armor' },
    healthCheck: { type: 'HTTP', port: 15021, requestPath: '/healthz/ready' },
    customRequestHeaders: { headers: ['X-Region:{client_region}'] },
    logging: { enable: true, sampleRate: 1 },
  });
  expect(only(objects, 'FrontendConfig').spec).toEqual({ sslPolicy: 'modern' });
  expect(only(objects, 'Ingress').metadata.annotations).toMatchObject({
    'kubernetes.io/ingress.allow-http': 'false', 'ingress.gcp.kubernetes.io/pre-shared-cert': 'a,b',
  });
  expect(objects.filter(({ kind }) => kind === 'ManagedCertificate')).toEqual([]);
});

test('without redirect and policy there is no FrontendConfig, and port 80 is closed', () => {
  const { objects } = build({ gke: { redirectHttp: false } });
  expect(objects.filter(({ kind }) => kind === 'FrontendConfig')).toEqual([]);
  expect(only(objects, 'Ingress').metadata.annotations['kubernetes.io/ingress.allow-http']).toBe('false');
});

test('a Secret as certificate', () => {
  const { objects, scope } = build({ gke: { certificate: GkeCertificate.secret('shop-tls') } });
  expect(only(objects, 'Ingress').spec.tls).toEqual([{ secretName: 'shop-tls' }]);
  expect(Prerequisites.of(scope).list().map(({ kind, value }) => [kind, value])).toContainEqual(['TLS Secret', 'ingress/shop-tls']);
});

test('inside the VPC: HTTPS only, a regional address, no redirect', () => {
  const { objects, scope } = build({ internal: { staticAddress: 'inner-ip', certificate: GkeCertificate.preShared(['inner']) } });
  expect(only(objects, 'Ingress').metadata.annotations).toEqual({
    'ingress.gcp.kubernetes.io/pre-shared-cert': 'inner',
    'kubernetes.io/ingress.allow-http': 'false',
    'kubernetes.io/ingress.class': 'gce-internal',
    'kubernetes.io/ingress.regional-static-ip-name': 'inner-ip',
  });
  expect(objects.filter(({ kind }) => kind === 'FrontendConfig')).toEqual([]);
  expect(Prerequisites.of(scope).list().map(({ kind, value }) => [kind, value])).toEqual([
    ['Certificate', 'inner'], ['DNS record', 'shop.example.com'], ['Proxy-only subnet', undefined], ['Static address', 'inner-ip'],
  ]);
});

test('what has to exist in Google Cloud is among the prerequisites, with its command', () => {
  const { scope } = build({ gke: { sslPolicy: 'modern', securityPolicy: 'armor', address: '203.0.113.10' } });
  expect(Prerequisites.of(scope).list().map(({ kind, value, command, reliedOnBy }) => [kind, value, command, reliedOnBy[0]])).toEqual([
    ['Cloud Armor policy', 'armor', 'gcloud compute security-policies create armor', 'BackendConfig/ingress/edge'],
    ['DNS record', 'shop.example.com', 'gcloud dns record-sets create <host>. --zone <zone> --type A --ttl 300 --rrdatas 203.0.113.10', 'Ingress/ingress/edge'],
    ['Static address', 'edge-ip', 'gcloud compute addresses create edge-ip --global', 'Ingress/ingress/edge'],
    ['TLS policy', 'modern', 'gcloud compute ssl-policies create modern --profile MODERN --min-tls-version 1.2 --global', 'FrontendConfig/ingress/edge'],
  ]);
});

test('names of Cloud Endpoints get their document, other names a record', () => {
  const app = new App({ outdir: '/tmp/never-written' });
  const scope = new Chart(app, 'edge');
  const endpoints = 'shop.endpoints.acme-prod.cloud.goog';
  const edge = new IstioSharedGateway(scope, 'Edge', {
    namespace: 'ingress',
    hosts: [endpoints, 'shop.example.com'],
    loadBalancer: LoadBalancer.gkeIngress({
      staticAddress: 'edge-ip', address: '203.0.113.10', externalDns: true, certificate: GkeCertificate.managed([endpoints, 'shop.example.com']),
    }),
  });
  edge.respond('hello', { status: 200 });
  expect(edge.node.findAll().filter(({ node }) => node.id === 'Document').map((file: any) => file.path)).toEqual(['cloud-endpoints/shop.yaml']);
  expect(only(synthesized(scope), 'Ingress').metadata.annotations['external-dns.alpha.kubernetes.io/hostname']).toBe('shop.example.com');
  expect(Prerequisites.of(scope).list().map(({ kind, value, reliedOnBy }) => [kind, value, reliedOnBy])).toEqual([
    ['DNS record', endpoints, ['Ingress/ingress/edge']],
    ['ExternalDNS', undefined, ['Ingress/ingress/edge']],
    ['Static address', 'edge-ip', ['Ingress/ingress/edge']],
  ]);
});

test('another name leaves no object behind, nor does another port or port name', () => {
  const named = (name: string) => JSON.stringify(build({ name }).objects);
  expect(named('aaaa').replaceAll('aaaa', 'bbbb')).toBe(named('bbbb'));
  const existing = (httpsPort: number, httpsPortName: string) => {
    const { objects, scope } = build({
      workload: GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' }, httpsPort, httpsPortName }),
    });
    return JSON.stringify([objects, Prerequisites.of(scope).list()]);
  };
  const before = existing(8443, 'tls');
  expect(before).toContain('"number":8443');
  expect(before.replaceAll('8443', '9443').replaceAll('{\\"tls\\"', '{\\"sec\\"')).toBe(existing(9443, 'sec'));
});

test.each<[string, Options, string]>([
  ['a routed host that the certificate does not hold', { hosts: ['api.example.com'] }, 'ManagedCertificate/ingress/edge: host "api.example.com" is routed but not in the certificate, which holds shop.example.com'],
  ['a certificate without domain', { gke: { certificate: GkeCertificate.managed([]) } }, 'ManagedCertificate ingress/edge: domains must name at least one domain'],
  ['a wildcard', { gke: { certificate: GkeCertificate.managed(['*.example.com']) } }, 'no managed certificate for a wildcard'],
  ['an address that is none', { gke: { address: 'edge-ip' } }, 'LoadBalancer.gkeIngress: address must be the IP address of "edge-ip", got "edge-ip"'],
  ['a name of the address that is none', { gke: { staticAddress: '' } }, 'a name in Google Cloud is at most 63'],
  ['a managed certificate inside', { internal: { certificate: GkeCertificate.managed(['a.example.com']) } }, 'LoadBalancer.gkeInternalIngress: Google issues managed certificates for external load balancers only'],
])('refuses %s', (_, options, message) => {
  expect(() => build(options)).toThrow(message);
});

test('of a wildcard those names are reached that the certificate holds', () => {
  expect(() => build({ hosts: ['*.example.com'] })).not.toThrow();
});

test('refuses pre-shared certificates without a name', () => {
  expect(() => GkeCertificate.preShared([])).toThrow('GkeCertificate.preShared: names must hold at least one name');
});
