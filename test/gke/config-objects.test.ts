import { Duration } from 'cdk8s';
import { CompanionFile, gke, platform, Prerequisites } from '../../src';
import { chart, only, synthesized } from '../synthesized';

function backendConfig(props: gke.BackendConfigProps): any {
  const scope = chart();
  new gke.BackendConfig(scope, 'Edge', props);
  return only(synthesized(scope), 'BackendConfig');
}

test('every setting of a BackendConfig has its field', () => {
  expect(backendConfig({
    timeout: Duration.hours(1),
    drainingTimeout: Duration.seconds(60),
    securityPolicy: 'armor',
    healthCheck: { port: 15021, path: '/healthz/ready', interval: Duration.seconds(10), timeout: Duration.seconds(5), healthyThreshold: 1, unhealthyThreshold: 3 },
    sessionAffinity: gke.SessionAffinity.GENERATED_COOKIE,
    affinityCookieTtl: Duration.hours(1),
    requestHeaders: { 'X-Region': '{client_region}', 'X-City': '{client_city}' },
    responseHeaders: { 'Strict-Transport-Security': 'max-age=31536000' },
    logSampleRate: 0.5,
    cdn: {
      cacheMode: gke.CdnCacheMode.USE_ORIGIN_HEADERS,
      clientTtl: Duration.minutes(1),
      defaultTtl: Duration.minutes(2),
      maxTtl: Duration.minutes(3),
      serveWhileStale: Duration.minutes(4),
      requestCoalescing: false,
      negativeCaching: true,
      bypassHeaders: ['Authorization'],
      queryParameters: ['q'],
    },
  })).toEqual({
    apiVersion: 'cloud.google.com/v1',
    kind: 'BackendConfig',
    metadata: { name: 'edge', namespace: 'web' },
    spec: {
      timeoutSec: 3600,
      connectionDraining: { drainingTimeoutSec: 60 },
      securityPolicy: { name: 'armor' },
      healthCheck: { type: 'HTTP', port: 15021, requestPath: '/healthz/ready', checkIntervalSec: 10, timeoutSec: 5, healthyThreshold: 1, unhealthyThreshold: 3 },
      sessionAffinity: { affinityType: 'GENERATED_COOKIE', affinityCookieTtlSec: 3600 },
      customRequestHeaders: { headers: ['X-City:{client_city}', 'X-Region:{client_region}'] },
      customResponseHeaders: { headers: ['Strict-Transport-Security:max-age=31536000'] },
      logging: { enable: true, sampleRate: 0.5 },
      cdn: {
        enabled: true,
        cacheMode: 'USE_ORIGIN_HEADERS',
        clientTtl: 60,
        defaultTtl: 120,
        maxTtl: 180,
        serveWhileStale: 240,
        requestCoalescing: false,
        negativeCaching: true,
        bypassCacheOnRequestHeaders: [{ headerName: 'Authorization' }],
        cachePolicy: { includeHost: true, includeProtocol: true, includeQueryString: true, queryStringWhitelist: ['q'] },
      },
    },
  });
});

test('GKE205: a health check always says what it speaks', () => {
  expect(backendConfig({ healthCheck: { port: 15021 } }).spec.healthCheck).toEqual({ type: 'HTTP', port: 15021, requestPath: '/' });
});

test('GKE210: Identity-Aware Proxy takes its credentials from a Secret', () => {
  expect(backendConfig({ identityAwareProxySecret: 'oauth' }).spec).toEqual({ iap: { enabled: true, oauthclientCredentials: { secretName: 'oauth' } } });
});

test('a log that is turned off, a CDN that looks at no query', () => {
  expect(backendConfig({ logSampleRate: 0, cdn: { queryParameters: [] } }).spec).toEqual({
    logging: { enable: false }, cdn: { enabled: true, cachePolicy: { includeHost: true, includeProtocol: true, includeQueryString: false } },
  });
});

test.each<[string, gke.BackendConfigProps, string]>([
  ['GKE201', { identityAwareProxySecret: 'oauth', cdn: {} }, 'cdn and identityAwareProxySecret exclude each other'],
  ['GKE202', { affinityCookieTtl: Duration.hours(1) }, 'affinityCookieTtl goes with SessionAffinity.GENERATED_COOKIE'],
  ['GKE202 range', { sessionAffinity: gke.SessionAffinity.GENERATED_COOKIE, affinityCookieTtl: Duration.days(2) }, 'at most 86400 seconds, got 172800'],
  ['GKE203', { healthCheck: { interval: Duration.seconds(5), timeout: Duration.seconds(10) } }, 'must not be longer than the interval, got 10 s and 5 s'],
  ['GKE203 default', { healthCheck: { interval: Duration.seconds(5) } }, 'must not be longer than the interval, got 15 s and 5 s'],
  ['GKE204', { logSampleRate: 50 }, 'logSampleRate must be from 0 to 1, got 50'],
  ['GKE208', { securityPolicy: '' }, 'securityPolicy: a name in Google Cloud is at most 63'],
  ['a draining time over an hour', { drainingTimeout: Duration.hours(2) }, 'drainingTimeout must be at most 3600 seconds, got 7200'],
  ['a timeout of nothing', { timeout: Duration.seconds(0) }, 'timeout must be at least 1 second, got 0'],
  ['a port out of range', { healthCheck: { port: 0 } }, 'health check port must be a whole number from 1 to 65535, got 0'],
  ['a path without slash', { healthCheck: { path: 'ready' } }, 'health check path must begin with "/", got "ready"'],
  ['a threshold of 0', { healthCheck: { healthyThreshold: 0 } }, 'healthyThreshold must be from 1 to 10, got 0'],
  ['a header that is none', { requestHeaders: { 'a b': 'c' } }, 'header name must be one of HTTP, got "a b"'],
  ['a Secret in upper case', { identityAwareProxySecret: 'OAuth' }, 'identityAwareProxySecret: name must be lower-case'],
])('a BackendConfig refuses %s', (_, props, message) => {
  expect(() => new gke.BackendConfig(chart(), 'Edge', props)).toThrow('BackendConfig web/edge: ');
  expect(() => new gke.BackendConfig(chart(), 'Edge', props)).toThrow(message);
});

test.each<[string, string[], string]>([
  ['no domain', [], 'domains must name at least one domain'],
  ['GKE213 wildcard', ['*.example.com'], 'no managed certificate for a wildcard'],
  ['GKE213 upper case', ['Shop.example.com'], 'domain must be a host name in lower case with a dot, got "Shop.example.com"'],
  ['GKE213 length', [`${'a'.repeat(52)}.example.com`], 'has 64 characters; at most 63 are issued'],
  ['GKE213 number', Array.from({ length: 101 }, (_, i) => `a${i}.example.com`), 'domains must be at most 100, got 101'],
  ['the same twice', ['a.example.com', 'a.example.com'], '"a.example.com" is given twice'],
])('a ManagedCertificate refuses %s', (_, domains, message) => {
  expect(() => new gke.ManagedCertificate(chart(), 'Edge', { domains })).toThrow('ManagedCertificate web/edge: ');
  expect(() => new gke.ManagedCertificate(chart(), 'Edge', { domains })).toThrow(message);
});

test('GKE213: 63 characters are issued', () => {
  const domain = `${'a'.repeat(51)}.example.com`;
  expect(new gke.ManagedCertificate(chart(), 'Edge', { domains: [domain] }).domains).toEqual([domain]);
});

test.each<[string, gke.FrontendConfigProps, string]>([
  ['nothing', {}, 'says nothing; set redirectToHttps or sslPolicy'],
  ['a code without redirect', { sslPolicy: 'modern', redirectCode: gke.RedirectCode.FOUND }, 'redirectCode goes with redirectToHttps'],
  ['a policy that is no name', { sslPolicy: 'Modern TLS' }, 'sslPolicy: a name in Google Cloud'],
])('a FrontendConfig refuses %s', (_, props, message) => {
  expect(() => new gke.FrontendConfig(chart(), 'Edge', props)).toThrow(`FrontendConfig web/edge: ${message}`);
});

describe('CloudEndpointsDns', () => {
  const host = 'shop.endpoints.acme-prod.cloud.goog';

  test('GKE220: host and endpoint are one name', () => {
    const scope = chart();
    const dns = new gke.CloudEndpointsDns(scope, 'Dns', { host, address: '203.0.113.10', title: 'Shop' });
    const file = dns.node.findChild('Document') as CompanionFile;
    expect(file.path).toBe('cloud-endpoints/shop.yaml');
    expect(file.render()).toBe([
      'swagger: "2.0"',
      'info:',
      '  title: Shop',
      '  description: Leads shop.endpoints.acme-prod.cloud.goog to 203.0.113.10',
      '  version: 1.0.0',
      'host: shop.endpoints.acme-prod.cloud.goog',
      'paths: {}',
      'x-google-endpoints:',
      '  - name: shop.endpoints.acme-prod.cloud.goog',
      '    target: 203.0.113.10',
      '',
    ].join('\n'));
    expect(Prerequisites.of(scope).list()).toEqual([{
      kind: 'DNS record',
      value: host,
      purpose: 'leads clients to 203.0.113.10',
      command: 'gcloud endpoints services deploy cloud-endpoints/shop.yaml --project acme-prod',
      reliedOnBy: [],
    }]);
  });

  test('it knows its names', () => {
    expect(gke.CloudEndpointsDns.serves(host)).toBe(true);
    expect(gke.CloudEndpointsDns.serves('shop.example.com')).toBe(false);
  });

  test.each([
    ['shop.example.com', '203.0.113.10', 'host is written <name>.endpoints.<project>.cloud.goog, got "shop.example.com"'],
    ['Shop.endpoints.acme-prod.cloud.goog', '203.0.113.10', 'host is written'],
    [host, 'shop-ip', 'address must be an IP address, got "shop-ip"'],
    [host, '203.0.113.999', 'address must be an IP address'],
  ])('refuses %s at %s', (name, address, message) => {
    expect(() => new gke.CloudEndpointsDns(chart(), 'Dns', { host: name, address })).toThrow(message);
  });

  test('an IPv6 address will do', () => {
    expect(() => new gke.CloudEndpointsDns(chart(), 'Dns', { host, address: '2001:db8::1' })).not.toThrow();
  });
});

test('objects that exist already are referred to by name', () => {
  const scope = chart();
  const service = new platform.Service(scope, 'Shop', { ports: [{ port: 443, name: 'https' }] });
  new gke.GceIngress(scope, 'Edge', {
    managedCertificates: [gke.ManagedCertificate.fromManagedCertificateName(scope, 'Certificate', 'old-certificate')],
    frontendConfig: gke.FrontendConfig.fromFrontendConfigName(scope, 'Frontend', 'old-frontend'),
    defaultBackend: gke.GceBackend.service(service, 443, {
      protocol: gke.GceProtocol.HTTPS, backendConfig: gke.BackendConfig.fromBackendConfigName(scope, 'Backend', 'old-backend'),
    }),
  });
  const objects = synthesized(scope);
  expect(objects.map(({ kind }) => kind)).toEqual(['Service', 'Ingress']);
  expect(only(objects, 'Ingress').metadata.annotations).toEqual({
    'kubernetes.io/ingress.class': 'gce',
    'networking.gke.io/managed-certificates': 'old-certificate',
    'networking.gke.io/v1beta1.FrontendConfig': 'old-frontend',
  });
  expect(only(objects, 'Service').metadata.annotations['cloud.google.com/backend-config']).toBe('{"ports":{"https":"old-backend"}}');
  expect(() => gke.BackendConfig.fromBackendConfigName(scope, 'Wrong', 'Old')).toThrow('BackendConfig web/Old: name must be');
});
