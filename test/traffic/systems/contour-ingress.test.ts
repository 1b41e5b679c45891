import { app, deployment, httpProxy, object, outcome, route, service, short, tlsSecret, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const edge = 'IngressClass//contour';
const apps = [...app('web/a'), ...app('web/b')];
const path = (text: string, name: string, pathType?: string, port: any = { number: 80 }) => ({ path: text, pathType, backend: { service: { name, port } } });
const ingress = (paths: any[], more: any = {}, annotations: any = {}) => object('networking.k8s.io/v1', 'Ingress', 'web/shop', {
  ingressClassName: 'contour', rules: [{ host: 'shop.example.com', http: { paths } }], ...more,
}, { annotations });
const at = (text: string, more: any = {}) => ({ url: `http://shop.example.com${text}`, entry: edge, ...more });
const secure = { url: 'https://shop.example.com/', entry: edge };

test.each([
  ['Exact', [path('/foo', 'a', 'Exact')], '/foo', 'web/a:80'], ['Exact, below', [path('/foo', 'a', 'Exact')], '/foo/', '404'],
  ['Prefix by segments', [path('/foo', 'a', 'Prefix')], '/foo/bar', 'web/a:80'], ['Prefix, the path itself', [path('/foo/', 'a', 'Prefix')], '/foo', 'web/a:80'], ['Prefix, a sibling', [path('/foo', 'a', 'Prefix')], '/foobar', '404'],
  ['Prefix /', [path('/', 'a', 'Prefix')], '/x', 'web/a:80'],
  ['no type is a prefix by bytes', [path('/foo', 'a')], '/foobar', 'web/a:80'], ['no type with regex characters', [path('/v[0-9]+', 'a', 'ImplementationSpecific')], '/v1', 'web/a:80'],
  ['a regex comes before a Prefix', [path('/foo', 'a', 'Prefix'), path('/fo.*', 'b', 'ImplementationSpecific')], '/foo', 'web/b:80'],
  ['segments come before bytes', [path('/foo', 'a'), path('/foo', 'b', 'Prefix')], '/foo/x', 'web/b:80'],
  ['a broken regex ends the rule', [path('/a', 'a'), path('/[', 'a'), path('/b', 'b')], '/b', '404'], ['and what stands before it counts', [path('/a', 'a'), path('/[', 'a')], '/a', 'web/a:80'],
  ['a port by name', [path('/', 'a', 'Prefix', { name: 'http' })], '/', 'web/a:80'], ['a port that is not there', [path('/', 'a', 'Prefix', { number: 81 })], '/', '404'],
  ['a Service that is not there', [path('/', 'gone', 'Prefix')], '/', '404'], ['no path', [{ backend: { service: { name: 'a', port: { number: 80 } } } }], '/x', 'web/a:80'],
  ['of equal paths of one Ingress the later counts', [path('/', 'a', 'Prefix'), path('/', 'b', 'Prefix')], '/', 'web/b:80'],
])('%s', (_, paths, url, expected) => expect(short([...apps, ingress(paths)], at(url), COMPLETE)).toBe(expected));

test('a default backend takes every host', () => {
  const objects = [...apps, ingress([path('/a', 'a')], { defaultBackend: { service: { name: 'b', port: { number: 80 } } } })];
  expect(short(objects, { url: 'http://any.example.com/x', entry: edge }, COMPLETE)).toBe('web/b:80');
  expect(short(objects, at('/x'), COMPLETE)).toBe('404');
});

test('a wildcard host takes one label', () => {
  const objects = [...apps, ingress([], { rules: [{ host: '*.example.com', http: { paths: [path('/', 'a', 'Prefix')] } }] })];
  expect(short(objects, at('/'), COMPLETE)).toBe('web/a:80');
  expect(short(objects, { url: 'http://a.b.example.com/', entry: edge }, COMPLETE)).toBe('404');
});

describe('TLS', () => {
  const tls = { tls: [{ hosts: ['shop.example.com'], secretName: 'tls' }] };
  const paths = [path('/', 'a', 'Prefix')];
  test('https and http, with a redirect only where one is asked for', () => {
    const objects = (annotations: any = {}) => [...apps, tlsSecret('web/tls'), ingress(paths, tls, annotations)];
    expect(short(objects(), secure, COMPLETE)).toBe('web/a:80');
    expect(short(objects(), at('/'), COMPLETE)).toBe('web/a:80');
    expect(short(objects({ 'ingress.kubernetes.io/force-ssl-redirect': 'true' }), at('/'), COMPLETE)).toBe('301 https://shop.example.com/');
    expect(short(objects({ 'kubernetes.io/ingress.allow-http': 'false' }), at('/'), COMPLETE)).toBe('404');
    expect(short(objects({ 'kubernetes.io/ingress.allow-http': 'false' }), secure, COMPLETE)).toBe('web/a:80');
  });
  test('the redirect needs no certificate', () => {
    expect(short([...apps, ingress(paths, {}, { 'ingress.kubernetes.io/force-ssl-redirect': 'true' })], at('/'), COMPLETE)).toBe('301 https://shop.example.com/');
  });
  test('a certificate that is not there', () => {
    expect(short([...apps, ingress(paths, tls)], secure, COMPLETE)).toBe('refused');
    expect(outcome([...apps, ingress(paths, tls)], secure)).toMatchObject({ kind: 'refused', assumptions: ['Secret/web/tls, which is not in the input, does not exist'] });
    expect(short([...apps, ingress(paths, tls)], at('/'))).toBe('web/a:80');
    expect(short([...apps, tlsSecret('web/tls', {}), ingress(paths, tls)], secure)).toBe('refused');
  });
  test('a certificate that cert-manager will write, or that another namespace lends', () => {
    const certificate = object('cert-manager.io/v1', 'Certificate', 'web/tls', { secretName: 'tls' });
    expect(short([...apps, certificate, ingress(paths, tls)], secure, COMPLETE)).toBe('web/a:80 ?');
    const lend = object('projectcontour.io/v1', 'TLSCertificateDelegation', 'certs/lend', { delegations: [{ secretName: 'tls', targetNamespaces: ['web'] }] });
    expect(short([...apps, tlsSecret('certs/tls'), lend, ingress(paths, tls, { 'projectcontour.io/tls-cert-namespace': 'certs' })], secure, COMPLETE)).toBe('web/a:80');
  });
  test('the certificate of one Ingress serves the routes of another', () => {
    const second = object('networking.k8s.io/v1', 'Ingress', 'web/second', { ingressClassName: 'contour', rules: [{ host: 'shop.example.com', http: { paths: [path('/b', 'b', 'Prefix')] } }] });
    expect(short([...apps, tlsSecret('web/tls'), ingress(paths, tls), second], { ...secure, url: 'https://shop.example.com/b' }, COMPLETE)).toBe('web/b:80');
  });
});

describe('beside HTTPProxies', () => {
  test('both fill one virtual host; of equal routes the HTTPProxy\'s counts', () => {
    const objects = [...apps, ingress([path('/', 'a'), path('/acme', 'a', 'Exact')]), httpProxy('web/proxy', 'shop.example.com', { routes: [route('/ b')] })];
    expect(short(objects, at('/'), COMPLETE)).toBe('web/b:80');
    expect(short(objects, at('/acme'), COMPLETE)).toBe('web/a:80');
  });
  test('an Ingress serves where the HTTPProxy does not', () => {
    const objects = [...apps, ingress([path('/', 'a')]), httpProxy('web/proxy', 'shop.example.com', { routes: [route('/ b')], virtualhost: { tls: { secretName: 'tls' } } })];
    expect(short(objects, at('/'), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/'))).toBe('web/a:80 ?');
  });
  test('policies of the installation are for HTTPProxies', () => {
    const options = { ...COMPLETE, contour: { requestHeaders: { set: { 'X-Env': 'prod' } } } };
    expect(outcome([...apps, ingress([path('/', 'a')])], at('/'), options).request!.headers).toEqual({});
  });
});

test('which of two Ingresses has a path is chance', () => {
  const second = object('networking.k8s.io/v1', 'Ingress', 'web/second', { ingressClassName: 'contour', rules: [{ host: 'shop.example.com', http: { paths: [path('/', 'b', 'Prefix')] } }] });
  expect(trace([...apps, ingress([path('/', 'a', 'Prefix')]), second], at('/'), COMPLETE).outcomes[0].kind).toBe('undetermined');
});

test('TLS to the service, and what annotations say of time', () => {
  const objects = [service('web/a', [443], {}, { 'projectcontour.io/upstream-protocol.tls': '443' }), deployment('web/a'),
    ingress([path('/', 'a', 'Prefix', { number: 443 })], {}, { 'projectcontour.io/response-timeout': '1m', 'projectcontour.io/retry-on': 'gateway-error', 'projectcontour.io/num-retries': '3', 'projectcontour.io/per-try-timeout': '2s' })];
  const found = outcome(objects, at('/'), COMPLETE);
  expect(found.request!.scheme).toBe('https');
  expect(found.policies.map(({ name, value }) => `${name} ${value}`)).toEqual(['timeout 1m', 'retries 3 of 2s each on gateway-error', 'upstreamTls not verified']);
});

describe('classes', () => {
  const classless = object('networking.k8s.io/v1', 'Ingress', 'web/shop', { rules: [{ http: { paths: [path('/', 'a', 'Prefix')] } }] });
  const ingressClass = (name: string, controller: string, annotations: any = {}) => object('networking.k8s.io/v1', 'IngressClass', name, { controller }, { annotations });
  const byDefault = { 'ingressclass.kubernetes.io/is-default-class': 'true' };
  test('without one', () => {
    expect(short([...apps, classless], at('/'), COMPLETE)).toBe('web/a:80');
    expect(short([...apps, classless, ingressClass('nginx', 'k8s.io/ingress-nginx', byDefault)], at('/'), COMPLETE)).toBe('404');
    expect(short([...apps, classless, ingressClass('edge', 'projectcontour.io/projectcontour/contour', byDefault)], at('/'), COMPLETE)).toBe('web/a:80');
    expect(short([...apps, classless], { ...at('/'), entry: 'IngressClass//team' }, { ...COMPLETE, contour: { ingressClassNames: ['team'] } })).toBe('404');
  });
  test('by the name that the profile gives', () => {
    const named = { ...classless, spec: { ...classless.spec, ingressClassName: 'team' } };
    expect(short([...apps, named], { ...at('/'), entry: 'IngressClass//team' }, { ...COMPLETE, contour: { ingressClassNames: ['team'] } })).toBe('web/a:80');
    expect(short([...apps, named], at('/'), COMPLETE)).toBe('404');
  });
  test('an Ingress of Contour is an entry, and stands on the internet', () => {
    const objects = [...apps, ingress([path('/', 'a', 'Prefix')])];
    expect(short(objects, { url: 'http://shop.example.com/', entry: 'Ingress/web/shop' }, COMPLETE)).toBe('web/a:80');
    expect(short(objects, 'http://shop.example.com/', COMPLETE)).toBe('web/a:80');
  });
});

test('Envoys of the charts stand for the class, behind their Service', () => {
  const labels = { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' };
  const envoy = deployment('projectcontour/envoy', { kind: 'DaemonSet', labels, ports: [{ name: 'http', containerPort: 8080 }, { name: 'https', containerPort: 8443 }, { name: 'metrics', containerPort: 8002 }] });
  const lb = service('projectcontour/envoy', ['http:80:http', 'https:443:https', 'odd:81:metrics'], { type: 'LoadBalancer', selector: labels });
  const objects = [...apps, envoy, lb, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')] })];
  expect(short(objects, 'http://shop.example.com/', COMPLETE)).toBe('web/a:80');
  expect(short(objects, { url: 'http://shop.example.com:81/', entry: 'Service/projectcontour/envoy' }, COMPLETE)).toBe('projectcontour/envoy:81');
  const plain = deployment('projectcontour/envoy', { kind: 'DaemonSet', labels: { app: 'envoy' }, podSpec: { containers: [{ name: 'shutdown-manager' }, { name: 'envoy', ports: [{ name: 'http', containerPort: 8080 }] }] } });
  const plainLb = service('projectcontour/envoy', ['http:80:8080'], { type: 'LoadBalancer' });
  expect(short([...apps, plain, plainLb, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')] })], 'http://shop.example.com/', COMPLETE)).toBe('web/a:80');
});
