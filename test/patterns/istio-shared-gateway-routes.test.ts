import { App, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { Backend, GatewayTls, HeaderMatch, IIstioSharedGateway, IstioSharedGateway, IstioSharedGatewayProps, LoadBalancer, PathMatch, platform } from '../../src';
import { only, synthesized } from '../synthesized';

function gateway(props: Partial<IstioSharedGatewayProps> = {}) {
  const app = Testing.app();
  const edge = new IstioSharedGateway(new Chart(app, 'gateway'), 'Edge', {
    namespace: 'edge', loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('edge-tls'), ...props,
  });
  return { app, edge };
}

const to = (namespace: string, name = 'app') => Backend.serviceNamed(name, { namespace, port: 80 });
const services = (app: App) => synthesized(app).filter((object) => object.kind === 'VirtualService')
  .map(({ metadata, spec }) => [`${metadata.namespace}/${metadata.name}`, spec.hosts, spec.http.map((entry: any) => entry.name)]);
const entries = (app: App) => only(synthesized(app), 'VirtualService').spec.http;

test('a prefix is whole segments', () => {
  const { app, edge } = gateway();
  edge.route('api', { path: PathMatch.prefix('/api/'), to: to('shop') });
  expect(entries(app)).toEqual([{
    name: 'api',
    match: [{ uri: { exact: '/api' } }, { uri: { prefix: '/api/' } }],
    route: [{ destination: { host: 'app.shop.svc.cluster.local', port: { number: 80 } } }],
  }]);
});

test.each([
  ['/api', '/', [[{ exact: '/api' }, { prefix: '/api/' }, '/']]],
  ['/api', '/new/', [[{ exact: '/api' }, '/new'], [{ prefix: '/api/' }, '/new/']]],
  ['/', '/new', [[{ prefix: '/' }, '/new/']]],
  ['/', '/', [[{ prefix: '/' }, '/']]],
])('%s rewritten to %s has no empty segment', (path, rewrite, expected) => {
  const { app, edge } = gateway();
  edge.route('api', { path: PathMatch.prefix(path), rewrite, to: to('shop') });
  expect(entries(app).map((entry: any) => [...entry.match.map((match: any) => match.uri), entry.rewrite.uri])).toEqual(expected);
});

test('exact paths, expressions, headers, timeout and retries', () => {
  const { app, edge } = gateway();
  edge.respond('otherwise', { namespace: 'shop', status: 404, body: 'no' });
  edge.redirect('old', { namespace: 'shop', path: PathMatch.exactly('/old'), toHost: 'new.example.com', toPath: '/' });
  edge.route('api', {
    path: PathMatch.regex('/api/v[0-9]/.*'),
    headers: [HeaderMatch.isPresent('x'), HeaderMatch.startsWith('B', 'b'), HeaderMatch.exactly('a', 'A'), HeaderMatch.matches('c', 'c+')],
    to: to('shop'),
    rewrite: '/x',
    timeout: Duration.seconds(5),
    retries: { attempts: 1 },
  });
  expect(entries(app)).toEqual([
    { name: 'old', match: [{ uri: { exact: '/old' } }], redirect: { authority: 'new.example.com', uri: '/', redirectCode: 302 } },
    {
      name: 'api',
      match: [{ uri: { regex: '/api/v[0-9]/.*' }, headers: { a: { exact: 'A' }, b: { prefix: 'b' }, c: { regex: 'c+' }, x: {} } }],
      route: [{ destination: { host: 'app.shop.svc.cluster.local', port: { number: 80 } } }],
      rewrite: { uri: '/x' },
      timeout: '5s',
      retries: { attempts: 1 },
    },
    { name: 'otherwise', match: [{ uri: { prefix: '/' } }], directResponse: { status: 404, body: { string: 'no' } } },
  ]);
});

test('the more specific route comes first, wherever and whenever it was added', () => {
  const add: Array<(edge: IIstioSharedGateway) => void> = [
    (edge) => edge.route('rest', { to: to('shop') }),
    (edge) => edge.route('either', { path: PathMatch.regex('/x|/y'), to: to('shop') }),
    (edge) => edge.route('api', { path: PathMatch.prefix('/api'), to: to('shop') }),
    (edge) => edge.route('api-canary', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.exactly('env', 'canary')], to: to('shop') }),
    (edge) => edge.route('api-any-env', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.isPresent('env')], to: to('shop') }),
    (edge) => edge.route('api-two', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.isPresent('env'), HeaderMatch.isPresent('x')], to: to('shop') }),
    (edge) => edge.route('api-longer', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.startsWith('env', 'can')], to: to('shop') }),
    (edge) => edge.route('api-shorter', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.startsWith('env', 'c')], to: to('shop') }),
    (edge) => edge.route('v2', { path: PathMatch.prefix('/api/v2'), to: to('shop') }),
    (edge) => edge.route('version', { path: PathMatch.regex('/api/v[0-9]+/x'), to: to('shop') }),
    (edge) => edge.route('same-start', { path: PathMatch.regex('/api/v2.+'), to: to('shop') }),
    (edge) => edge.route('exact', { path: PathMatch.exactly('/a'), to: to('shop') }),
  ];
  const orders = [add, [...add].reverse()].map((each) => {
    const { app, edge } = gateway();
    each.forEach((one) => one(edge));
    return entries(app).map((entry: any) => entry.name);
  });
  expect(orders[0]).toEqual(['exact', 'same-start', 'v2', 'version', 'api-two', 'api-canary', 'api-longer', 'api-shorter', 'api-any-env', 'api', 'either', 'rest']);
  expect(orders[1]).toEqual(orders[0]);
});

test('a VirtualService for each namespace and host, in the chart of the Service', () => {
  const { app, edge } = gateway({ hosts: ['a.example.com', '*.b.example.com'] });
  const team = new Chart(app, 'shop', { namespace: 'shop' });
  const service = new platform.Service(team, 'Shop', { ports: [{ name: 'http', port: 80 }] });
  const route = edge.route('Shop', { path: PathMatch.prefix('/shop'), to: Backend.service(service) });
  edge.route('blog', { host: 'a.example.com', path: PathMatch.prefix('/blog'), to: to('blog') });
  edge.route('b', { host: '*.b.example.com', to: to('shop') });

  expect(services(app)).toEqual([
    ['blog/edge-a.example.com', ['a.example.com'], ['blog']],
    ['shop/edge-a.example.com', ['a.example.com'], ['shop']],
    ['shop/edge-wildcard.b.example.com', ['*.b.example.com'], ['shop', 'b']],
  ]);
  expect(route.virtualServices.map((each) => each.name)).toEqual(['edge-a.example.com', 'edge-wildcard.b.example.com']);
  expect(route.hosts).toEqual(['a.example.com', '*.b.example.com']);
  expect(route.name).toBe('shop');
  expect(Testing.synth(team).map((object) => object.kind)).toEqual(['Service', 'VirtualService', 'VirtualService']);
});

test('a route that names no host is refused where another host hides it, and not where it names both', () => {
  const { app, edge } = gateway();
  edge.route('all', { hosts: ['*', 'a.example.com'], to: to('shop') });
  edge.route('a', { host: 'a.example.com', path: PathMatch.prefix('/a'), to: to('shop') });
  expect(services(app)).toEqual([['shop/edge', ['*'], ['all']], ['shop/edge-a.example.com', ['a.example.com'], ['a', 'all']]]);
  edge.route('other', { path: PathMatch.prefix('/other'), to: to('shop') });
  expect(() => services(app)).toThrow('route "other": names no host and is for every request to "*", but requests to "a.example.com" never come to it');
  expect(() => services(app)).toThrow('give "other" `hosts: [\'*\', \'a.example.com\']`');
});

describe('routes of several namespaces for one host', () => {
  const both = (a: Parameters<IIstioSharedGateway['route']>[1], b: Parameters<IIstioSharedGateway['route']>[1]) => {
    const { app, edge } = gateway();
    edge.route('a', a);
    edge.route('b', b);
    edge.respond('otherwise', { status: 404 });
    return () => services(app);
  };
  const [x, y] = [to('x'), to('y')];

  test.each([
    ['a prefix below the other', PathMatch.prefix('/api'), PathMatch.prefix('/api/v2')],
    ['the same prefix', PathMatch.prefix('/api'), PathMatch.exactly('/api')],
    ['an expression that may match', PathMatch.regex('/api/v[0-9]/.*'), PathMatch.prefix('/api/v2')],
    ['an expression above', PathMatch.regex('/.*'), PathMatch.exactly('/x')],
  ])('are refused when they overlap: %s', (_how, first, second) => {
    const message = /host "\*": requests to .* match the route ".*" of namespace .* and ".*" of namespace .*, and Istio lets the VirtualService win that was created first/;
    expect(both({ path: first, to: x }, { path: second, to: y })).toThrow(message);
    expect(both({ path: second, to: x }, { path: first, to: y })).toThrow(message);
    expect(both({ path: first, to: x, namespace: 'x' }, { path: second, to: y, namespace: 'x' })).not.toThrow();
  });

  test.each([
    ['paths side by side', { path: PathMatch.prefix('/api') }, { path: PathMatch.prefix('/apix') }],
    ['exact paths with and without a slash', { path: PathMatch.exactly('/api') }, { path: PathMatch.exactly('/api/') }],
    ['an exact path above', { path: PathMatch.exactly('/api') }, { path: PathMatch.prefix('/api/x') }],
    ['headers that exclude each other', { headers: [HeaderMatch.exactly('env', 'x')] }, { headers: [HeaderMatch.exactly('env', 'y')] }],
  ])('stand together when they do not: %s', (_how, first, second) => {
    expect(both({ ...first, to: x }, { ...second, to: y })).not.toThrow();
  });

  test('a catch-all always comes last, but only one can', () => {
    const { app, edge } = gateway();
    edge.route('a', { to: x });
    edge.route('b', { path: PathMatch.prefix('/b'), to: y });
    expect(() => services(app)).not.toThrow();
    expect(() => edge.route('c', { to: y })).toThrow('route "c": the route "a" is for the same requests to host "*"');
    expect(() => edge.route('d', { path: PathMatch.regex('.*'), to: y })).toThrow('route "d": the route "a" is for the same requests to host "*"');
  });
});

test('somebody decides what requests without the header get', () => {
  const { app, edge } = gateway();
  edge.route('x', { path: PathMatch.prefix('/api'), headers: [HeaderMatch.exactly('env', 'x')], to: to('x') });
  expect(() => services(app)).toThrow('IstioSharedGateway edge/edge host "*": a request to /api without header "env" (route "x") matches nothing; say what it gets');
  edge.respond('otherwise', { status: 404 });
  expect(services(app)).toEqual([['x/edge', ['*'], ['x']], ['edge/edge', ['*'], ['otherwise']]]);
});

test.each([
  ['the same exact path', PathMatch.exactly('/a'), PathMatch.exactly('/a'), true],
  ['another exact path', PathMatch.exactly('/a'), PathMatch.exactly('/a/'), false],
  ['a prefix above', PathMatch.exactly('/a/b'), PathMatch.prefix('/a'), true],
  ['a prefix below', PathMatch.prefix('/a'), PathMatch.prefix('/a/b'), false],
  ['the same expression', PathMatch.regex('/a.'), PathMatch.regex('/a.'), true],
])('requests without the header are served by %s', (_how, path, rest, served) => {
  const { app, edge } = gateway();
  edge.route('with', { path, headers: [HeaderMatch.isPresent('env')], to: to('x') });
  edge.route('without', { path: rest, to: to('x') });
  if (served) expect(() => services(app)).not.toThrow();
  else expect(() => services(app)).toThrow('without header "env" (route "with") matches nothing');
});

test('gRPC is spoken to ports that say so', () => {
  const speaks = (port: Partial<platform.ServicePort>, grpc?: boolean) => {
    const { app, edge } = gateway();
    const service = new platform.Service(new Chart(app, 'x', { namespace: 'x' }), 'App', { ports: [{ name: 'app', port: 50051, ...port }] });
    edge.route('app', { to: Backend.service(service), grpc });
    return () => synthesized(app);
  };
  const message = 'route "app": speaks gRPC, but port 50051 of Service/x/app does not say so, and the gateway would speak HTTP/1.1 to it; set `appProtocol: grpc`';
  expect(speaks({}, true)).toThrow(message);
  expect(speaks({ name: 'grpc', appProtocol: 'http' }, true)).toThrow(message);
  expect(speaks({ name: 'grpc-api' }, true)).not.toThrow();
  expect(speaks({ name: 'http2' }, true)).not.toThrow();
  expect(speaks({ appProtocol: 'kubernetes.io/h2c' }, true)).not.toThrow();
  expect(speaks({})).not.toThrow();
});

test('bad input names the gateway, the route, the value and the remedy', () => {
  const { app, edge } = gateway({ hosts: ['a.example.com', '*.b.example.com'], allowedNamespaces: ['x'] });
  const props = { to: to('x') };
  edge.route('one', { ...props, host: 'a.example.com' });
  const route = (id: string, more: object) => () => edge.route(id, { ...props, path: PathMatch.prefix(`/${id.length}`), ...more });
  expect(route('', {})).toThrow('IstioSharedGateway edge/edge route "": name must not be empty');
  expect(route('a b', {})).toThrow('route "a b": name must be lower-case letters');
  expect(route('one', {})).toThrow('route "one": namespace x has a route of this name already');
  expect(route('two', { host: 'a.example.com', path: PathMatch.prefix('/') })).toThrow('route "two": the route "one" is for the same requests to host "a.example.com"');
  expect(route('two', { host: 'c.example.com' })).toThrow('host "c.example.com" is not served by the gateway, whose hosts are a.example.com, *.b.example.com; add it to its `hosts`');
  expect(route('two', { host: '*' })).toThrow('host "*" is not served by the gateway');
  expect(route('two', { host: 'Shop' })).toThrow('a host is a DNS name in lower case');
  expect(route('two', { hosts: [] })).toThrow('hosts must name at least one');
  expect(route('two', { host: 'a.example.com', hosts: ['a.example.com'] })).toThrow('has both `host` and `hosts`');
  expect(route('two', { to: to('y') })).toThrow('namespace "y" may not use the gateway; allowed are x: add it to `allowedNamespaces`');
  expect(route('two', { namespace: 'Y' })).toThrow('namespace: name must be');
  expect(route('two', { to: [to('x').weight(1), to('y').weight(1)] })).toThrow('the backends are in several namespaces (x, y); say with `namespace`');
  expect(route('two', { to: [to('x').weight(1), to('y').weight(1)], namespace: 'x' })).not.toThrow();
  expect(route('three', { rewrite: 'x' })).toThrow('rewrite begins with "/", got "x"');
  expect(route('three', { rewrite: '/a//b' })).toThrow('rewrite has no empty segment, got "/a//b"');
  expect(route('three', { headers: [HeaderMatch.isPresent('a'), HeaderMatch.exactly('A', 'b')] })).toThrow('header "a" is asked for twice');
  expect(() => edge.respond('three', { status: 42 })).toThrow('route "three": a status is a whole number from 200 to 599, got 42');
  expect(() => edge.redirect('three', {})).toThrow('route "three": a redirect needs an authority, uri, scheme or port');
  expect(() => edge.respond('three', { status: 200, path: PathMatch.exactly('/healthy') })).not.toThrow();
  expect(() => synthesized(app)).not.toThrow();
});

test('any gateway may be asked for names with a dot only', () => {
  expect(() => gateway().edge.route('x', { host: 'localhost', to: to('x') })).toThrow('a host outside the cluster has a dot, got "localhost"');
});

test('patches of a route\'s VirtualService arrive', () => {
  const { app, edge } = gateway();
  edge.route('x', { to: to('x') }).virtualServices[0]!.apiObject.addJsonPatch(JsonPatch.add('/spec/http/0/brandNew', 1));
  expect(entries(app)[0].brandNew).toBe(1);
});
