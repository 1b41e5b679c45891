import { answer, app, gateway, gatewayPods, object, only, server, to as entryTo, virtualService } from './edge-fixtures';

const entry = 'Ingress/web/i';
const at = (url: string, more: any = {}) => ({ url, entry, ...more });
const apps = ['a', 'b', 'c'].flatMap((name) => app(`web/${name}`, 80, { service: { type: 'NodePort' } }));
const backend = (name: string, port: any = { number: 80 }) => ({ service: { name, port } });
/** A path: `/a Prefix a`. */
const path = (text: string) => {
  const [value, pathType, name] = text.split(' ');
  return { ...(value === '-' ? {} : { path: value }), ...(pathType === '-' ? {} : { pathType }), backend: backend(name) };
};
const rule = (host: string | undefined, ...paths: string[]) => ({ ...(host ? { host } : {}), http: { paths: paths.map(path) } });
const ingress = (rules: any[], spec: any = {}, annotations: any = {}) => object('networking.k8s.io/v1', 'Ingress', 'web/i', { rules, ...spec }, { annotations: { 'kubernetes.io/ingress.class': 'gce', ...annotations } });
const to = (name: string) => `delivered Service/web/${name}:80`;
const routed = (rules: any[], url: string, spec: any = {}, annotations: any = {}) => answer([...apps, ingress(rules, spec, annotations)], at(url));

describe('who takes an Ingress', () => {
  const taken = (spec: any, annotations: any, ...more: any[]) => answer([...apps, object('networking.k8s.io/v1', 'Ingress', 'web/i', { defaultBackend: backend('a'), ...spec }, { annotations }), ...more], 'http://x.example.com/');
  const frontend = object('networking.gke.io/v1beta1', 'FrontendConfig', 'web/f', {});

  test('by annotation, or without any class on GKE', () => {
    expect(taken({}, { 'kubernetes.io/ingress.class': 'gce' })).toBe(to('a'));
    expect(taken({}, { 'kubernetes.io/ingress.class': 'gce-internal' })).toBe('refused');
    expect(taken({}, { 'kubernetes.io/ingress.class': 'nginx' })).toBe('refused');
    expect(taken({ ingressClassName: 'gce' }, {}, frontend)).toBe('refused');
    expect(taken({}, {}, frontend)).toBe(to('a'));
    expect(taken({}, { 'kubernetes.io/ingress.class': '' }, frontend)).toBe(to('a'));
    expect(taken({}, {})).toBe('refused');
    expect(taken({}, {}, ...app('web/neg', 80, { metadata: { annotations: { 'cloud.google.com/neg': '{"ingress": true}' } } }))).toBe(to('a'));
  });
});

describe('paths', () => {
  test.each([
    ['/foo Prefix a', '/foo', true], ['/foo/ Prefix a', '/foo', true], ['/foo Prefix a', '/foo/x', true], ['/foo Prefix a', '/foobar', false], ['/ Prefix a', '/x', true],
    ['/foo Exact a', '/foo', true], ['/foo Exact a', '/foo/', false], ['/foo Exact a', '/Foo', false],
    ['/ ImplementationSpecific a', '/', true], ['/ ImplementationSpecific a', '/x', false], ['/* - a', '/x', true], ['/v1/* - a', '/v1', false], ['/v1/* - a', '/v1/', true], ['- - a', '/x', true],
  ])('%s takes %s: %s', (text, url, expected) => expect(routed([rule(undefined, text)], `http://x${url}?q=1`)).toBe(expected ? to('a') : 'responded 404'));

  test.each(['/a* Prefix a', '/a* Exact a', '/a* ImplementationSpecific a', '/a?b - a', 'a - a', '- Exact a', '/a Regex a'])('%s keeps the Ingress from being synced', (text) => {
    expect(routed([rule(undefined, text), rule('y', '/ Prefix b')], 'http://y/')).toBe('undetermined');
  });

  test('the longest wins, wherever it stands', () => {
    for (const paths of [['/* - a', '/p/* - b', '/p/q - c'], ['/p/q - c', '/p/* - b', '/* - a']]) {
      expect(routed([rule('x', ...paths)], 'http://x/p/q')).toBe(to('c'));
      expect(routed([rule('x', ...paths)], 'http://x/p/r')).toBe(to('b'));
      expect(routed([rule('x', ...paths)], 'http://x/r')).toBe(to('a'));
    }
  });

  test('the later of equal paths, the later rule of equal hosts', () => {
    expect(routed([rule('x', '/p - a', '/p - b')], 'http://x/p')).toBe(to('b'));
    expect(routed([rule('x', '/p - a'), rule('x', '/q - b')], 'http://x/p')).toBe('responded 404');
    expect(routed([rule(undefined, '/p - a'), rule('*', '/q - b')], 'http://x/q')).toBe(to('b'));
    expect(routed([{ host: 'x' }, rule(undefined, '/p - a')], 'http://x/p')).toBe(to('a'));
  });

  test('hosts: exact, wildcards of any depth, any; no way back from one to another', () => {
    const rules = [rule('x.example.com', '/p - a'), rule('*.example.com', '/* - b'), rule(undefined, '/* - c')];
    expect(routed(rules, 'http://X.example.com:80/p')).toBe(to('a'));
    expect(routed(rules, 'http://x.example.com/q')).toBe('responded 404');
    expect(routed(rules, 'http://x.example.com/q', { defaultBackend: backend('b') })).toBe(to('b'));
    expect(routed(rules, 'http://y.z.example.com/')).toBe(to('b'));
    expect(routed(rules, 'http://example.com/')).toBe(to('c'));
  });
});

describe('frontends', () => {
  const tls = { tls: [{ secretName: 's' }] };
  const off = { 'kubernetes.io/ingress.allow-http': 'false' };
  const redirect = { 'networking.gke.io/v1beta1.FrontendConfig': 'f' };
  const config = (spec: any) => object('networking.gke.io/v1beta1', 'FrontendConfig', 'web/f', { redirectToHttps: { enabled: true, ...spec } });
  const front = (url: string, spec: any, annotations: any, ...more: any[]) => answer([...apps, ingress([rule(undefined, '/* - a')], spec, annotations), ...more], at(url));

  test('HTTPS with a certificate of any kind, HTTP unless it is off', () => {
    expect(front('https://x/', {}, {})).toBe('refused');
    expect(front('https://x/', tls, {})).toBe(to('a'));
    expect(front('https://x/', {}, { 'ingress.gcp.kubernetes.io/pre-shared-cert': 'c' })).toBe(to('a'));
    expect(front('https://x/', {}, { 'networking.gke.io/managed-certificates': 'c' })).toBe(to('a'));
    expect(front('http://x/', tls, off)).toBe('refused');
    expect(front('http://x/', tls, { 'kubernetes.io/ingress.allow-http': 'perhaps' })).toBe(to('a'));
    expect(front('http://x/', {}, off)).toBe('undetermined');
    expect(front('http://x/', { tls: [{ hosts: ['x'] }] }, {})).toBe('undetermined');
    expect(answer([...apps, ingress([rule(undefined, '/* - a')], tls)], at('https://x/'), { complete: true })).toBe('undetermined');
    expect(front('http://x:81/', tls, {})).toBe('refused');
  });

  test('FrontendConfig sends HTTP to HTTPS', () => {
    expect(front('http://x/p?q', tls, redirect, config({}))).toBe('redirected 301 https://x/p?q');
    expect(front('http://x/p', tls, redirect, config({ responseCodeName: 'PERMANENT_REDIRECT' }))).toBe('redirected 308 https://x/p');
    expect(front('https://x/p', tls, redirect, config({}))).toBe(to('a'));
    expect(front('http://x/p', tls, redirect, config({ enabled: false }))).toBe(to('a'));
    expect(front('http://x/p', tls, redirect)).toBe(to('a'));
    expect(front('http://x/p', tls, { ...redirect, 'kubernetes.io/ingress.class': 'gce-internal' }, config({}))).toBe(to('a'));
  });
});

describe('backends', () => {
  const on = (service: any[], port: any = { number: 80 }, annotations: any = {}, more: any[] = [], options: any = {}) =>
    answer([...service, ...more, ingress([], { defaultBackend: backend('a', port) }, annotations)], at('http://x/'), options);
  const a = (type: string, annotations: any = {}, spec: any = {}) => app('web/a', { http: 80, alt: 81 }, { service: { type, ...spec }, metadata: { annotations } });
  const neg = { 'cloud.google.com/neg': '{"ingress": true}' };

  test('reachable by a port of the nodes or as a group of endpoints', () => {
    expect(on(a('NodePort'))).toBe(to('a'));
    expect(on(a('LoadBalancer'))).toBe(to('a'));
    expect(on(a('ClusterIP', neg))).toBe(to('a'));
    expect(on(a('ClusterIP'))).toBe('undetermined');
    expect(on(a('ClusterIP', { 'cloud.google.com/neg': '{"exposed_ports": {}}' }))).toBe('undetermined');
    expect(on(a('ClusterIP', { 'cloud.google.com/neg': '{' }))).toBe('undetermined');
    expect(on(a('ExternalName', neg, { externalName: 'x.example.com' }))).toBe('undetermined');
  });

  test('a port by name or number that exists, of a Service that exists', () => {
    expect(on(a('NodePort'), { name: 'alt' })).toBe('delivered Service/web/a:81');
    expect(on(a('NodePort'), { name: 'grpc' })).toBe('undetermined');
    expect(on([])).toBe(`${to('a')} (assumed)`);
    expect(on([], undefined, {}, [], { complete: true })).toBe('undetermined');
    expect(answer([ingress([], { defaultBackend: { resource: { kind: 'Bucket' } } })], at('http://x/'))).toBe('undetermined');
    expect(answer([ingress([], { defaultBackend: {} })], at('http://x/'))).toBe('undetermined');
  });

  const protocols = (value: string, key = 'cloud.google.com/app-protocols') => only([...a('NodePort', { [key]: value }), ingress([], { defaultBackend: backend('a') })], at('http://x/'));
  test('app protocols go by the name of the port', () => {
    expect(protocols('{"http": "HTTPS"}').request!.scheme).toBe('https');
    expect(protocols('{"http": "HTTP2"}').policies.map(({ value }) => value)).toEqual(['HTTP2, not verified', '30s']);
    expect(protocols('{"https": "HTTPS"}').request!.scheme).toBe('http');
    expect(protocols('{"http": "HTTPS"}', 'service.alpha.kubernetes.io/app-protocols').request!.scheme).toBe('https');
    expect(protocols('{"other": "GRPC"}').kind).toBe('undetermined');
    expect(protocols('[]').kind).toBe('undetermined');
  });

  const config = object('cloud.google.com/v1', 'BackendConfig', 'web/c', { timeoutSec: 90, iap: { enabled: true }, customRequestHeaders: { headers: ['X-Region: {client_region}', 'X-Edge:google', 'broken'] } });
  test('BackendConfigs by port name, number and default', () => {
    const with1 = (map: any, more: any[] = [config]) => only([...a('NodePort', { 'cloud.google.com/backend-config': typeof map === 'string' ? map : JSON.stringify(map) }), ...more, ingress([], { defaultBackend: backend('a') })], at('http://x/'));
    for (const map of [{ default: 'c' }, { ports: { http: 'c' } }, { ports: { 80: 'c' } }]) expect(with1(map).policies.map(({ value }) => value)).toEqual(['90s', 'Identity-Aware Proxy']);
    expect(with1({ default: 'c' }).request!.headers).toMatchObject({ 'x-region': '<client_region>', 'x-edge': 'google', 'x-forwarded-proto': 'http' });
    expect(with1({ ports: { alt: 'c' } }).policies.map(({ value }) => value)).toEqual(['30s']);
    expect(with1({}).kind).toBe('undetermined');
    expect(with1('{').kind).toBe('undetermined');
    const lacking = with1({ default: 'c' }, []);
    expect(lacking.assumptions).toEqual(['BackendConfig/web/c exists, and its health check finds the backends healthy']);
    expect(answer([...a('NodePort', { 'cloud.google.com/backend-config': '{"default": "c"}' }), ingress([], { defaultBackend: backend('a') })], at('http://x/'), { complete: true })).toBe('undetermined');
  });
});

describe('to a mesh', () => {
  const chain = (serviceAnnotations: any, gatewayServer: any, check: any, port = 443, ingressAnnotations: any = {}) => answer([
    ...gatewayPods(undefined, { metadata: { annotations: { 'cloud.google.com/neg': '{"ingress": true}', ...(check ? { 'cloud.google.com/backend-config': '{"default": "hc"}' } : {}), ...serviceAnnotations } } }),
    gateway('edge/g', [gatewayServer]), ...app('edge/shop'), virtualService('edge/vs', ['*'], { gateways: ['g'], http: [entryTo('shop')] }),
    ...(check ? [object('cloud.google.com/v1', 'BackendConfig', 'edge/hc', { healthCheck: check })] : []),
    object('networking.k8s.io/v1', 'Ingress', 'edge/i', { defaultBackend: backend('gateway', { number: port }) }, { annotations: { 'kubernetes.io/ingress.class': 'gce', ...ingressAnnotations } }),
  ], { url: 'http://x.example.com/', entry: 'Ingress/edge/i' });
  const secure = server('443 HTTPS *', { mode: 'SIMPLE', credentialName: 'c' });
  const http2 = { 'cloud.google.com/app-protocols': '{"https": "HTTP2"}' };
  const ready = { type: 'HTTP', port: 15021, requestPath: '/healthz/ready' };

  test.each([
    ['TLS all the way', http2, secure, ready, 443, 'delivered Service/edge/shop:80'],
    ['the check in TLS where it is answered in the clear', http2, secure, { ...ready, type: undefined }, 443, 'responded 502'],
    ['no check of its own: / on the serving port', http2, secure, undefined, 443, 'delivered Service/edge/shop:80'],
    ['a Gateway that does not know the load balancer\'s host', http2, server('443 HTTPS shop.example.com', { mode: 'SIMPLE', credentialName: 'c' }), ready, 443, 'responded 502'],
    ['a protocol for another port name', { 'cloud.google.com/app-protocols': '{"http2": "HTTP2"}' }, secure, ready, 443, 'responded 502'],
    ['HTTP in the clear', {}, server('80 HTTP *'), ready, 80, 'delivered Service/edge/shop:80'],
    ['a check that is answered 404', {}, server('80 HTTP shop.example.com'), undefined, 80, 'responded 502'],
    ['a checker on the node', { 'networking.gke.io/transparent-health-checker': '{"enabled": true}' }, server('80 HTTP shop.example.com'), undefined, 80, 'responded 404'],
  ])('%s', (_, annotations, gatewayServer, check, port, expected) => expect(chain(annotations, gatewayServer, check, port)).toBe(expected));

  test('a port of the nodes says nothing of the pods', () => {
    expect(chain({ 'cloud.google.com/neg': '{}' }, server('80 HTTP *'), { ...ready, port: 30021 }, 80)).toBe('undetermined');
  });

  test('the internal class always has groups of endpoints', () => {
    expect(chain({}, server('80 HTTP *'), { ...ready, port: 9999 }, 80, { 'kubernetes.io/ingress.class': 'gce-internal' })).toBe('responded 502');
  });
});
