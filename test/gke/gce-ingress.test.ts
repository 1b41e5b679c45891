import { JsonPatch } from 'cdk8s';
import { gke, platform } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const SHOP = gke.GceBackend.serviceNamed('shop', 80);

function ingress(props: (scope: any) => gke.GceIngressProps): any {
  const scope = chart();
  new gke.GceIngress(scope, 'Shop', { defaultBackend: SHOP, ...props(scope) });
  return only(synthesized(scope), 'Ingress');
}

function refused(props: (scope: any) => gke.GceIngressProps): () => void {
  const scope = chart();
  return () => new gke.GceIngress(scope, 'Shop', props(scope));
}

test('GKE001, GKE002, GKE013: the class stands in the annotation and never in the field', () => {
  const scope = chart();
  const certificate = new gke.ManagedCertificate(scope, 'Shop', { domains: ['shop.example.com'] });
  const frontendConfig = new gke.FrontendConfig(scope, 'Shop2', { name: 'shop', redirectToHttps: true, sslPolicy: 'modern' });
  new gke.GceIngress(scope, 'Shop3', { name: 'shop', defaultBackend: SHOP, staticAddress: 'shop-ip', managedCertificates: [certificate], frontendConfig });
  const objects = synthesized(scope);
  expect(only(objects, 'Ingress')).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'shop',
      namespace: 'web',
      annotations: {
        'kubernetes.io/ingress.class': 'gce',
        'kubernetes.io/ingress.global-static-ip-name': 'shop-ip',
        'networking.gke.io/managed-certificates': 'shop',
        'networking.gke.io/v1beta1.FrontendConfig': 'shop',
      },
    },
    spec: { defaultBackend: { service: { name: 'shop', port: { number: 80 } } } },
  });
  expect(only(objects, 'ManagedCertificate')).toEqual({
    apiVersion: 'networking.gke.io/v1', kind: 'ManagedCertificate', metadata: { name: 'shop', namespace: 'web' }, spec: { domains: ['shop.example.com'] },
  });
  expect(only(objects, 'FrontendConfig')).toEqual({
    apiVersion: 'networking.gke.io/v1beta1',
    kind: 'FrontendConfig',
    metadata: { name: 'shop', namespace: 'web' },
    spec: { sslPolicy: 'modern', redirectToHttps: { enabled: true, responseCodeName: 'MOVED_PERMANENTLY_DEFAULT' } },
  });
});

test('GKE003, GKE004: the address is of the scope of the class', () => {
  const { annotations } = ingress(() => ({ internal: true, staticAddress: 'shop-ip' })).metadata;
  expect(annotations).toEqual({
    'kubernetes.io/ingress.class': 'gce-internal',
    'kubernetes.io/ingress.regional-static-ip-name': 'shop-ip',
  });
});

test('GKE010: beside TLS plain requests are not served unless they are redirected', () => {
  expect(ingress(() => ({ preSharedCertificates: ['a', 'b'] })).metadata.annotations).toMatchObject({
    'kubernetes.io/ingress.allow-http': 'false', 'ingress.gcp.kubernetes.io/pre-shared-cert': 'a,b',
  });
  const redirecting = ingress((scope) => ({
    preSharedCertificates: ['a'], frontendConfig: new gke.FrontendConfig(scope, 'Redirect', { redirectToHttps: true, redirectCode: gke.RedirectCode.PERMANENT_REDIRECT }),
  }));
  expect(redirecting.metadata.annotations['kubernetes.io/ingress.allow-http']).toBeUndefined();
  const withPolicy = ingress((scope) => ({
    preSharedCertificates: ['a'], frontendConfig: new gke.FrontendConfig(scope, 'Policy', { sslPolicy: 'modern' }),
  }));
  expect(withPolicy.metadata.annotations['kubernetes.io/ingress.allow-http']).toBe('false');
});

test('GKE024: a TLS entry always names its Secret', () => {
  expect(ingress(() => ({ tlsSecrets: ['shop-tls'] })).spec.tls).toEqual([{ secretName: 'shop-tls' }]);
});

test('GKE012: all paths of a host stand in one rule', () => {
  const { spec } = ingress(() => ({
    rules: [
      { host: 'a.example.com', path: '/x', backend: SHOP },
      { path: '/y', backend: SHOP },
      { host: 'a.example.com', path: '/z/*', pathType: gke.GcePathType.PATTERN, backend: SHOP },
    ],
  }));
  expect(spec.rules.map((rule: any) => [rule.host, rule.http.paths.map((path: any) => `${path.pathType} ${path.path}`)])).toEqual([
    ['a.example.com', ['Prefix /x', 'ImplementationSpecific /z/*']], [undefined, ['Prefix /y']],
  ]);
});

const REFUSED: [string, (scope: any) => gke.GceIngressProps, string][] = [
  ['GKE006', () => ({ allowHttp: false }), 'without HTTP and without a certificate there is nothing to listen on'],
  ['GKE007', () => ({ internal: true, allowHttp: true, tlsSecrets: ['tls'] }), 'serves HTTP and HTTPS on one address only if it is reserved'],
  ['GKE009 without HTTP', (scope) => ({
    allowHttp: false, tlsSecrets: ['tls'], frontendConfig: new gke.FrontendConfig(scope, 'F', { redirectToHttps: true }),
  }), 'the FrontendConfig redirects requests that allowHttp: false does not let in'],
  ['GKE009 without certificate', (scope) => ({ frontendConfig: new gke.FrontendConfig(scope, 'F', { redirectToHttps: true }) }), 'which needs a certificate'],
  ['GKE009 internal', (scope) => ({
    internal: true, staticAddress: 'ip', tlsSecrets: ['tls'], frontendConfig: new gke.FrontendConfig(scope, 'F', { redirectToHttps: true }),
  }), 'an internal load balancer cannot redirect to HTTPS'],
  ['GKE008', (scope) => ({ frontendConfig: new gke.FrontendConfig(scope, 'F', { namespace: 'far', sslPolicy: 'modern' }) }), 'FrontendConfig far/f is in another namespace'],
  ['GKE214 namespace', (scope) => ({
    managedCertificates: [new gke.ManagedCertificate(scope, 'C', { namespace: 'far', domains: ['a.example.com'] })],
  }), 'ManagedCertificate far/c is in another namespace'],
  ['GKE214 internal', (scope) => ({
    internal: true, managedCertificates: [new gke.ManagedCertificate(scope, 'C', { domains: ['a.example.com'] })],
  }), 'managed certificates for external load balancers only'],
  ['16 certificates', () => ({ preSharedCertificates: Array.from({ length: 16 }, (_, i) => `c${i}`) }), 'at most 15 certificates, got 16'],
  ['an address in upper case', () => ({ staticAddress: 'Shop' }), 'beginning with a letter, got "Shop"'],
  ['a Secret in upper case', () => ({ tlsSecrets: ['TLS'] }), 'TLS Secret name must be lower-case'],
  ['GKE013', () => ({ rules: [{ path: '/a', backend: SHOP }, { path: '/a', pathType: gke.GcePathType.EXACT, backend: SHOP }] }), 'the URL map holds "/a" from Prefix /a already'],
  ['GKE013 slash', () => ({ rules: [{ path: '/a', backend: SHOP }, { path: '/a/', backend: SHOP }] }), 'rule /a/: the URL map holds "/a" from Prefix /a already'],
  ['GKE014 prefix', () => ({ rules: [{ path: '/a*', backend: SHOP }] }), '"*" goes with GcePathType.PATTERN only, got "/a*"'],
  ['GKE014 pattern', () => ({ rules: [{ path: '/a*', pathType: gke.GcePathType.PATTERN, backend: SHOP }] }), '"*" stands at the end after "/" only, got "/a*"'],
  ['GKE017', () => ({ rules: [{ path: '/a(b)', backend: SHOP }] }), 'path is no regular expression'],
  ['a path without slash', () => ({ rules: [{ path: 'a', backend: SHOP }] }), 'path must begin with "/", got "a"'],
  ['GKE018', () => ({ rules: [{ host: 'a.*.example.com', backend: SHOP }] }), 'host must be a host name in lower case'],
  ['GKE022', () => ({ annotations: { 'nginx.ingress.kubernetes.io/rewrite-target': '/' } }), 'belongs to another controller and has no effect'],
  ['GKE022 backend', () => ({ annotations: { 'cloud.google.com/backend-config': '{}' } }), 'belongs on the Service'],
  ['status', () => ({ annotations: { 'ingress.kubernetes.io/backends': '{}' } }), 'never set by hand'],
  ['a property by hand', () => ({ annotations: { 'kubernetes.io/ingress.class': 'gce' } }), 'is written from the properties'],
];

test.each(REFUSED)('refuses %s', (_, props, message) => {
  const make = refused(props);
  expect(make).toThrow('Ingress web/shop: ');
  expect(refused(props)).toThrow(message);
});

test('an Ingress that leads nowhere is refused at synthesis', () => {
  const scope = chart();
  new gke.GceIngress(scope, 'Shop');
  expect(() => synthesized(scope)).toThrow('Ingress/web/shop: has neither rule nor default backend');
});

describe('GceBackend.service', () => {
  const service = (scope: any, props: Partial<platform.ServiceProps> = {}) => new platform.Service(scope, 'Shop', {
    ports: [{ port: 443, name: 'https', targetPort: 8443 }, { port: 80, name: 'http' }], selector: { app: 'shop' }, ...props,
  });

  test('GKE104, GKE106, GKE109, GKE110, GKE113: the Service gets network endpoint groups, the protocol by port name, the BackendConfig by port name', () => {
    const scope = chart();
    const backendConfig = new gke.BackendConfig(scope, 'Timeout', { drainingTimeout: undefined });
    const shop = service(scope);
    new gke.GceIngress(scope, 'Edge', {
      defaultBackend: gke.GceBackend.service(shop, 443, { protocol: gke.GceProtocol.HTTP2, backendConfig }),
      rules: [{ path: '/plain', backend: gke.GceBackend.service(shop, 'http') }],
    });
    expect(only(synthesized(scope), 'Service').metadata.annotations).toEqual({
      'cloud.google.com/app-protocols': '{"https":"HTTP2"}',
      'cloud.google.com/backend-config': '{"ports":{"https":"timeout"}}',
      'cloud.google.com/neg': '{"ingress":true}',
    });
  });

  const refusing = (make: (scope: any) => gke.GceBackend) => () => {
    const scope = chart();
    new gke.GceIngress(scope, 'Edge', { defaultBackend: make(scope) });
  };

  test.each<[string, (scope: any) => gke.GceBackend, string]>([
    ['GKE101', (scope) => gke.GceBackend.service(service(scope, { namespace: 'far' }), 443), 'Service/far/shop is in another namespace; a GKE Ingress serves its own. Move the Ingress to "far"'],
    ['GKE102', (scope) => gke.GceBackend.service(service(scope), 8080), 'Service/web/shop has no port 8080; it has https, http'],
    ['GKE105', (scope) => gke.GceBackend.service(service(scope, { headless: true }), 443), 'Service/web/shop is headless, which no load balancer of Google Cloud takes'],
    ['GKE114', (scope) => gke.GceBackend.service(service(scope), 443, {
      backendConfig: new gke.BackendConfig(scope, 'B', { namespace: 'far', logSampleRate: 0 }),
    }), 'BackendConfig far/b is in another namespace than Service/web/shop'],
  ])('refuses %s', (_, make, message) => {
    expect(refusing(make)).toThrow(`Ingress web/edge: ${message}`);
  });

  test('one port has one protocol', () => {
    const scope = chart();
    const shop = service(scope);
    const edge = new gke.GceIngress(scope, 'Edge', { defaultBackend: gke.GceBackend.service(shop, 443, { protocol: gke.GceProtocol.HTTP2 }) });
    expect(() => edge.addRule({ path: '/x', backend: gke.GceBackend.service(shop, 'https') })).toThrow('Service port "https" speaks HTTP2');
  });

  test('parts name their mistakes', () => {
    expect(() => gke.GceBackend.serviceNamed('Shop', 80)).toThrow('GceBackend.serviceNamed: name must be');
    expect(() => gke.GceBackend.serviceNamed('shop', 70000)).toThrow('GceBackend shop: port must be a whole number from 1 to 65535, got 70000');
  });
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  new gke.GceIngress(scope, 'Shop', { defaultBackend: SHOP }).apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { a: 1 }));
  expect(only(synthesized(scope), 'Ingress').spec.brandNew).toEqual({ a: 1 });
});
