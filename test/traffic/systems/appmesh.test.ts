import { deployment, namespace, object, outcome, service, short, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const INJECT = 'appmesh.k8s.aws/sidecarInjectorWebhook';
const mesh = (spec: any = {}, name = 'm') => object('appmesh.k8s.aws/v1beta2', 'Mesh', name, { namespaceSelector: { matchLabels: { mesh: name } }, ...spec });
const web = namespace('web', { mesh: 'm', [INJECT]: 'enabled' });
const of = (kind: string, name: string, spec: any, metadata: any = {}) => object('appmesh.k8s.aws/v1beta2', kind, name, spec, metadata);
const listener = (port: number, protocol = 'http', more: any = {}) => ({ portMapping: { port, protocol }, ...more });
const node = (name: string, more: any = {}) => of('VirtualNode', `web/${name}`, {
  podSelector: { matchLabels: { app: name } }, listeners: [listener(8080)], serviceDiscovery: { dns: { hostname: `${name}.web.svc.cluster.local` } }, ...more,
});
const pods = (name: string, port = 8080) => [service(`web/${name}`, [`${port}:${port}`]), deployment(`web/${name}`, { ports: [port] })];
const virtualService = (name: string, provider: any, more: any = {}) => of('VirtualService', `web/${name}`, { awsName: `${name}.web.svc.cluster.local`, provider, ...more });
const toNode = (name: string) => ({ virtualNode: { virtualNodeRef: { name } } });
const toRouter = (name: string) => ({ virtualRouter: { virtualRouterRef: { name } } });
const router = (name: string, routes: any[], listeners: any[] = [listener(8080)]) => of('VirtualRouter', `web/${name}`, { listeners, routes });
const targets = (...list: any[]) => ({ action: { weightedTargets: list.map(([name, weight, port]) => ({ virtualNodeRef: { name }, weight, port })) } });
const gateway = (more: any = {}, name = 'web/gw') => of('VirtualGateway', name, { namespaceSelector: { matchLabels: { mesh: 'm' } }, podSelector: { matchLabels: { app: 'gw' } }, listeners: [listener(8088)], ...more });
const gatewayRoute = (name: string, service_: string, match: any, more: any = {}, kind = 'httpRoute') => of('GatewayRoute', `web/${name}`, {
  [kind]: { match, action: { target: { virtualService: { virtualServiceRef: { name: service_ } }, port: more.port }, rewrite: more.rewrite } },
  ...(more.priority === undefined ? {} : { priority: more.priority }),
}, more.metadata);
const entry = 'VirtualGateway/web/gw';
const at = (path: string, more: any = {}) => ({ url: `http://gw.example.com:8088${path}`, entry, ...more });
const two = [mesh(), web, gateway(), ...pods('a'), ...pods('b'), node('a'), node('b'), virtualService('a', toNode('a')), virtualService('b', toNode('b'))];
const A = 'VirtualNode web/a:8080';
const B = 'VirtualNode web/b:8080';

describe('membership', () => {
  const route = gatewayRoute('r', 'a', { prefix: '/' });
  test('one mesh', () => expect(short([...two, route], at('/x'), COMPLETE)).toBe(A));
  test('no mesh, and two', () => {
    const without = (labels: any) => [...two.filter((each) => each.kind !== 'Namespace'), namespace('web', labels), route];
    expect(short(without({ mesh: 'other' }), at('/x'), COMPLETE)).toBe('refused');
    expect(short(without({ mesh: 'other' }), at('/x'))).toBe('refused ?');
    expect(short([...two, mesh({ namespaceSelector: {} }, 'n'), route], at('/x'))).toBe('refused');
    expect(short([...two, mesh({ namespaceSelector: undefined }, 'n'), route], at('/x'), COMPLETE)).toBe(A);
  });
  test('a Namespace that the input lacks', () => {
    expect(outcome([...two.filter((each) => each.kind !== 'Namespace'), route], at('/x'))).toMatchObject({ kind: 'refused', certainty: 'assumed', assumptions: ['Namespace/web, which is not in the input, has no labels of its own'] });
    const all = [...two.filter((each) => !['Namespace', 'Mesh'].includes(each.kind)), mesh({ namespaceSelector: {} }), route, gatewayRoute('s', 'b', { prefix: '/b' })];
    const named = all.map((each) => (each.kind === 'VirtualGateway' ? gateway({ namespaceSelector: {} }) : each));
    expect(short(named, at('/x'))).toBe(`${A} ?`);
  });
  test('what the webhook wrote into a live object counts', () => {
    const joined = two.map((each) => (each.apiVersion.startsWith('appmesh') && each.kind !== 'Mesh' ? { ...each, spec: { ...each.spec, meshRef: { name: 'm' } } } : each)).filter((each) => each.kind !== 'Namespace');
    const live = { ...route, spec: { ...route.spec, meshRef: { name: 'm' }, virtualGatewayRef: { name: 'gw' } } };
    expect(short([...joined, live], at('/x'), COMPLETE)).toBe(A);
  });
  test('two gateways that take a route leave it to none; labels tell them apart', () => {
    const second = gateway({}, 'web/gw2');
    expect(short([...two, second, route], at('/x'), COMPLETE)).toBe('404');
    const labelled = two.map((each) => (each.kind === 'VirtualGateway' ? gateway({ gatewayRouteSelector: { matchLabels: { gw: 'one' } } }) : each));
    const other = gateway({ gatewayRouteSelector: { matchLabels: { gw: 'two' } } }, 'web/gw2');
    expect(short([...labelled, other, gatewayRoute('r', 'a', { prefix: '/' }, { metadata: { labels: { gw: 'one' } } })], at('/x'), COMPLETE)).toBe(A);
  });
  test('a gateway of another mesh', () => {
    const foreign = [mesh(), mesh({}, 'n'), namespace('edge', { mesh: 'n' }), web, gateway({}, 'edge/gw'), ...pods('a'), node('a'), virtualService('a', toNode('a')), route];
    expect(short(foreign, { ...at('/x'), entry: 'VirtualGateway/edge/gw' }, COMPLETE)).toBe('404');
  });
});

describe('gateway routes', () => {
  const ask = (routes: any[], path: string, more: any = {}) => short([...two, ...routes], at(path, more), COMPLETE);
  test.each([
    ['the longer prefix', [gatewayRoute('x', 'a', { prefix: '/' }), gatewayRoute('y', 'b', { prefix: '/b' })], '/bx', B],
    ['priority before length', [gatewayRoute('x', 'a', { prefix: '/' }, { priority: 1 }), gatewayRoute('y', 'b', { prefix: '/b' })], '/b', A],
    ['a priority before none', [gatewayRoute('x', 'a', { prefix: '/' }), gatewayRoute('y', 'b', { prefix: '/' }, { priority: 999 })], '/', B],
    ['a tie', [gatewayRoute('x', 'a', { prefix: '/' }), gatewayRoute('y', 'b', { prefix: '/' })], '/', 'undetermined'],
    ['a path beside a prefix', [gatewayRoute('x', 'a', { prefix: '/p' }), gatewayRoute('y', 'b', { path: { exact: '/p' } })], '/p', 'undetermined'],
    ['a path with a better priority', [gatewayRoute('x', 'a', { prefix: '/p' }), gatewayRoute('y', 'b', { path: { exact: '/p' } }, { priority: 0 })], '/p', B],
    ['a regex takes the whole path', [gatewayRoute('y', 'b', { path: { regex: '/v[0-9]' } })], '/v1/x', '404'],
    ['no route', [gatewayRoute('x', 'a', { prefix: '/a' })], '/b', '404'],
    ['another protocol', [gatewayRoute('x', 'a', { prefix: '/' }, {}, 'http2Route')], '/', '404'], ['another port', [gatewayRoute('x', 'a', { prefix: '/', port: 9000 })], '/', '404'], ['the port', [gatewayRoute('x', 'a', { prefix: '/', port: 8088 })], '/', A],
    ['no VirtualService', [gatewayRoute('x', 'gone', { prefix: '/' })], '/', '404'],
    ['one by ARN', [of('GatewayRoute', 'web/x', { httpRoute: { match: { prefix: '/' }, action: { target: { virtualService: { virtualServiceARN: 'arn' } } } } })], '/', 'undetermined'],
  ])('%s', (_, routes, path, expected) => expect(ask(routes, path)).toBe(expected));

  test.each([
    [{ exact: 'gold' }, 'gold', true], [{ prefix: 'go' }, 'gold', true], [{ suffix: 'ld' }, 'gold', true], [{ regex: 'g.*' }, 'gold', true], [{ regex: 'g' }, 'gold', false], [{ exact: 'gold' }, undefined, false],
    [{ range: { start: 1, end: 5 } }, '4', true], [{ range: { start: 1, end: 5 } }, '5', false], [undefined, 'x', true], [undefined, undefined, false], [{}, 'x', true],
  ])('header %j on %s', (match, value, taken) => {
    const headers = value === undefined ? {} : { 'x-tier': value };
    const route = (invert?: boolean) => [gatewayRoute('x', 'a', { prefix: '/', headers: [{ name: 'x-tier', match, invert }] })];
    expect(ask(route(), '/', { headers })).toBe(taken ? A : '404');
    expect(ask(route(true), '/', { headers })).toBe(taken ? '404' : A);
  });
  test('method and query', () => {
    const route = [gatewayRoute('x', 'a', { prefix: '/', method: 'POST', queryParameters: [{ name: 'q', match: { exact: '1' } }, { name: 'p' }] })];
    expect(ask(route, '/?q=1&p', { method: 'POST' })).toBe(A);
    expect(ask(route, '/?q=1&p')).toBe('404');
    expect(ask(route, '/?q=2&p', { method: 'POST' })).toBe('404');
  });
  test('hosts as they are sent, port and all', () => {
    const route = [gatewayRoute('x', 'a', { prefix: '/', hostname: { exact: 'gw.example.com' } })];
    expect(ask(route, '/', { headers: { host: 'gw.example.com' } })).toBe(A);
    expect(ask(route, '/')).toBe('404');
    expect(ask([gatewayRoute('x', 'a', { prefix: '/', hostname: { suffix: '.com:8088' } })], '/')).toBe(A);
  });
  test('whether a route without a host helps a host that has its own is not known', () => {
    const routes = [gatewayRoute('own', 'a', { prefix: '/own', hostname: { suffix: 'example.com' } }), gatewayRoute('any', 'b', { prefix: '/' })];
    expect(ask(routes, '/own', { headers: { host: 'gw.example.com' } })).toBe(A);
    expect(ask(routes, '/other', { headers: { host: 'gw.example.com' } })).toBe('undetermined');
    expect(ask(routes, '/other', { headers: { host: 'else.example.org' } })).toBe(B);
    expect(ask([gatewayRoute('own', 'a', { prefix: '/own', hostname: { exact: 'gw.example.com' } }), gatewayRoute('any', 'b', { prefix: '/' })], '/other', { headers: { host: 'gw.example.com' } })).toBe('undetermined');
  });
  test('gRPC', () => {
    const objects = [mesh(), web, gateway({ listeners: [listener(8088, 'grpc')] }), ...pods('a'), node('a', { listeners: [listener(8080, 'grpc')] }), virtualService('a', toNode('a')), gatewayRoute('x', 'a', { serviceName: 'shop.Orders', metadata: [{ name: 'm', match: { exact: '1' } }] }, {}, 'grpcRoute')];
    const call = (path: string, headers: any = { m: '1' }) => ({ url: `grpc://gw:8088${path}`, entry, headers });
    expect(short(objects, call('/shop.Orders/Get'), COMPLETE)).toBe(A);
    expect(short(objects, call('/shop.Others/Get'), COMPLETE)).toBe('404');
    expect(short(objects, call('/shop.Orders/Get', {}), COMPLETE)).toBe('404');
    expect(outcome(objects, call('/shop.Orders/Get'), COMPLETE).request!.path).toBe('/shop.Orders/Get');
  });
  test.each([
    [{ prefix: '/chapter' }, undefined, '/chapter/page', '/page'], [{ prefix: '/chapter' }, undefined, '/chapter', '/'], [{ prefix: '/chapter' }, undefined, '/chapter1', '/1'], [{ prefix: '/' }, undefined, '/x', '/x'],
    [{ prefix: '/chapter' }, { prefix: { defaultPrefix: 'DISABLED' } }, '/chapter/page', '/chapter/page'], [{ prefix: '/test/' }, { prefix: { value: '/red/' } }, '/test/x?y=1', '/red/x?y=1'],
    [{ path: { exact: '/p' } }, undefined, '/p', '/p'], [{ path: { regex: '/p.*' } }, { path: { exact: '/v2' } }, '/px?y=1', '/v2?y=1'],
  ])('%j, %j: %s', (match, rewrite, path, expected) => {
    expect(outcome([...two, gatewayRoute('x', 'a', match, { rewrite })], at(path), COMPLETE).request!.path).toBe(expected);
  });
  test('Host becomes the VirtualService\'s name', () => {
    const host = (rewrite?: any) => outcome([...two, gatewayRoute('x', 'a', { prefix: '/' }, { rewrite })], at('/'), COMPLETE).request!.host;
    expect(host()).toBe('a.web.svc.cluster.local');
    expect(host({ hostname: { defaultTargetHostname: 'ENABLED' } })).toBe('a.web.svc.cluster.local');
    expect(host({ hostname: { defaultTargetHostname: 'DISABLED' } })).toBe('gw.example.com:8088');
  });
  test.each([['STRICT', 'refused', A], ['PERMISSIVE', A, A], ['DISABLED', A, 'refused'], [undefined, A, 'refused']])('a listener with TLS %s', (mode, clear, secure) => {
    const objects = [...two.filter((each) => each.kind !== 'VirtualGateway'), gateway({ listeners: [listener(8088, 'http', mode ? { tls: { mode } } : {})] }), gatewayRoute('x', 'a', { prefix: '/' })];
    expect(short(objects, at('/'), COMPLETE)).toBe(clear);
    expect(short(objects, { ...at('/'), url: 'https://gw.example.com:8088/' }, COMPLETE)).toBe(secure);
    expect(short(objects, { ...at('/'), url: 'http://gw.example.com:8089/' }, COMPLETE)).toBe('refused');
  });
});

describe('routers', () => {
  const viaRouter = (routes: any[], more: any = {}) => [...two, virtualService('r', toRouter('r')), router('r', routes, more.listeners), gatewayRoute('x', 'r', { prefix: '/' }, { port: more.port })];
  const http = (name: string, match: any, more: any, priority?: number) => ({ name, priority, httpRoute: { match, ...more } });
  test.each([
    ['weights are relative', [http('r', { prefix: '/' }, targets(['a', 3], ['b', 1]))], '/', '25% VirtualNode web/b:8080, 75% VirtualNode web/a:8080'], ['no weight, nothing', [http('r', { prefix: '/' }, targets(['a', 0]))], '/', '503'],
    ['priority', [http('x', { prefix: '/' }, targets(['a', 1]), 10), http('y', { prefix: '/' }, targets(['b', 1]), 5)], '/', B], ['none comes last', [http('x', { prefix: '/' }, targets(['a', 1])), http('y', { prefix: '/' }, targets(['b', 1]), 5)], '/', B],
    ['a tie', [http('x', { prefix: '/' }, targets(['a', 1])), http('y', { prefix: '/' }, targets(['b', 1]))], '/', 'undetermined'], ['no route', [http('x', { prefix: '/x' }, targets(['a', 1]))], '/', '404'],
    ['another port', [http('x', { prefix: '/', port: 9 }, targets(['a', 1]))], '/', '404'], ['a scheme', [http('x', { prefix: '/', scheme: 'https' }, targets(['a', 1]))], '/', '404'],
    ['a node that is not there', [http('x', { prefix: '/' }, targets(['gone', 1]))], '/', '503'], ['another protocol', [{ name: 'x', grpcRoute: { match: {}, ...targets(['a', 1]) } }], '/', '404'],
    ['a target that speaks on another port is left out', [http('x', { prefix: '/' }, targets(['a', 1], ['b', 1, 9999]))], '/', `${A} ?`], ['and where none is left', [http('x', { prefix: '/' }, targets(['b', 1, 9999]))], '/', '503 ?'],
  ])('%s', (_, routes, path, expected) => expect(short(viaRouter(routes), at(path), COMPLETE)).toBe(expected));
  test('no rewrite, and the policies', () => {
    const retryPolicy = { maxRetries: 3, perRetryTimeout: { value: 2, unit: 's' }, httpRetryEvents: ['server-error'], tcpRetryEvents: ['connection-error'] };
    const found = outcome(viaRouter([http('x', { prefix: '/deep' }, { ...targets(['a', 1]), timeout: { perRequest: { value: 30, unit: 's' }, idle: { value: 1, unit: 'm' } }, retryPolicy })]), at('/deep/x'), COMPLETE);
    expect(found.request!.path).toBe('/deep/x');
    expect(found.policies.map(({ name, value }) => `${name} ${value}`)).toEqual(['timeout 15s (default)', 'timeout 30s', 'idleTimeout 1m', 'retries 3 of 2s each on server-error, connection-error']);
    expect(outcome(viaRouter([http('x', {}, targets(['a', 1]))]), at('/'), COMPLETE).policies.map(({ value }) => value)).toEqual(['15s (default)', '15s (default)', '2 (default) on 503, connect-failure, refused-stream, reset']);
  });
  test('listeners', () => {
    const route = http('x', { prefix: '/' }, targets(['a', 1, 8080]));
    const listeners = [listener(8080), listener(9090)];
    expect(short(viaRouter([route], { listeners }), at('/'), COMPLETE)).toBe('undetermined');
    expect(short(viaRouter([route], { listeners, port: 9090 }), at('/'), COMPLETE)).toBe(A);
    expect(short(viaRouter([route], { port: 1234 }), at('/'), COMPLETE)).toBe('refused');
  });
  test('what is not there, or was refused', () => {
    const route = gatewayRoute('x', 'v', { prefix: '/' });
    expect(short([...two, virtualService('v', {}), route], at('/'), COMPLETE)).toBe('404');
    expect(short([...two, virtualService('v', toRouter('gone')), route], at('/'))).toBe('404 ?');
    expect(short([...two, virtualService('v', { virtualRouter: { virtualRouterARN: 'arn' } }), route], at('/'), COMPLETE)).toBe('undetermined');
    expect(short([...two, virtualService('v', { virtualNode: { virtualNodeARN: 'arn' } }), route], at('/'), COMPLETE)).toBe('undetermined');
    const foreign = { virtualNode: { virtualNodeRef: { name: 'x', namespace: 'other' } } };
    expect(short([...two, virtualService('v', foreign), of('VirtualNode', 'other/x', { listeners: [listener(8080)] }), route], at('/'), COMPLETE)).toBe('503');
  });
});

describe('nodes', () => {
  const only = (more: any, extra: any[] = pods('n')) => [mesh(), web, gateway(), ...extra, node('n', more), virtualService('n', toNode('n')), gatewayRoute('x', 'n', { prefix: '/' })];
  test.each([
    ['by Cloud Map', { serviceDiscovery: { awsCloudMap: { namespaceName: 'x', serviceName: 'n' } } }, undefined, 'VirtualNode web/n:8080'], ['outside the cluster', { serviceDiscovery: { dns: { hostname: 'api.example.org' } } }, undefined, 'VirtualNode web/n:8080'],
    ['without listeners', { listeners: undefined }, undefined, 'VirtualNode web/n'], ['several listeners', { listeners: [listener(8080), listener(9090)] }, undefined, 'undetermined'],
    ['a Service that leads elsewhere', { listeners: [listener(9090)] }, undefined, '503'], ['a Service port of another number', {}, [service('web/n', ['80:8080']), deployment('web/n', { ports: [8080] })], 'VirtualNode web/n:8080'],
    ['no Service', {}, [deployment('web/n')], '503'], ['no pods', {}, [service('web/n', ['8080'])], '503'],
  ])('%s', (_, more, extra, expected) => expect(short(only(more, extra), at('/'), COMPLETE)).toBe(expected));

  const tls = (mode: string | undefined, client: any) => [mesh(), web, gateway(client === undefined ? {} : { backendDefaults: { clientPolicy: { tls: client } } }), ...pods('n'),
    node('n', { listeners: [listener(8080, 'http', mode ? { tls: { mode } } : {})] }), virtualService('n', toNode('n')), gatewayRoute('x', 'n', { prefix: '/' })];
  const N = 'VirtualNode web/n:8080';
  test.each([
    [undefined, undefined, N], ['DISABLED', {}, '503'], [undefined, { enforce: true }, '503'], ['DISABLED', { enforce: false }, N], ['DISABLED', { ports: [9] }, N], ['DISABLED', { ports: [8080] }, '503'],
    ['STRICT', undefined, N], ['STRICT', {}, N], ['PERMISSIVE', undefined, N], ['PERMISSIVE', {}, N],
  ])('listener %s, client %j: %s', (mode, client, expected) => expect(short(tls(mode, client), at('/'), COMPLETE)).toBe(expected));
  test('a caller without an Envoy meets a strict listener in the clear', () => {
    const curl = deployment('web/curl', { annotations: { [INJECT]: 'disabled' } });
    const from = { url: 'http://n:8080/', from: 'Deployment/web/curl' };
    expect(short([...tls('STRICT', undefined), curl], from, COMPLETE)).toBe('refused');
    expect(short([...tls('PERMISSIVE', undefined), curl], from, COMPLETE)).toBe('web/n:8080');
    expect(short([...tls(undefined, undefined), curl], from, COMPLETE)).toBe('web/n:8080');
    expect(short([...tls(undefined, undefined), curl], { ...from, url: 'https://n:8080/' }, COMPLETE)).toBe('refused');
    const other = [service('web/admin', ['9000'], { selector: { app: 'n' } }), curl, deployment('web/n', { ports: [8080, 9000] })];
    expect(short([...tls('STRICT', undefined).filter((each) => each.kind !== 'Deployment'), ...other], { ...from, url: 'http://admin:9000/' }, COMPLETE)).toBe('web/admin:9000');
  });
});

describe('clients in the mesh', () => {
  const backend = (name: string, more: any = {}) => ({ virtualService: { virtualServiceRef: { name }, ...more } });
  const client = (more: any = {}, egress?: string) => [...two.filter((each) => each.kind !== 'Mesh'), mesh(egress ? { egressFilter: { type: egress } } : {}), deployment('web/client'), node('client', { listeners: [], backends: [backend('a')], ...more })];
  const from = (url: string, more: any = {}) => ({ url, from: 'Deployment/web/client', ...more });
  const full = 'http://a.web.svc.cluster.local:8080/x';
  test.each([
    ['a backend by its name', full, A], ['another name of it', 'http://a:8080/', '404'], ['a Service that is no backend', 'http://b.web.svc.cluster.local:8080/', '404'], ['outside', 'http://example.org/', '404'],
    ['AWS itself', 'https://sqs.eu-west-1.amazonaws.com/', 'Host sqs.eu-west-1.amazonaws.com:443 tls'], ['a port without a listener', 'http://a.web.svc.cluster.local/', 'refused'],
  ])('%s', (_, url, expected) => expect(short(client(), from(url), COMPLETE)).toBe(expected));
  test('with everything let out', () => {
    expect(short(client({}, 'ALLOW_ALL'), from('http://example.org/'), COMPLETE)).toBe('Host example.org:80');
    expect(short(client({}, 'ALLOW_ALL'), from('http://b:8080/'), COMPLETE)).toBe('web/b:8080');
    expect(short(client({}, 'ALLOW_ALL'), from('http://b.web.svc.cluster.local:8080/'), COMPLETE)).toBe('web/b:8080');
    expect(short(client({}, 'ALLOW_ALL'), from('http://b.web.svc:8080/'), COMPLETE)).toBe('web/b:8080');
    expect(short(client({}, 'ALLOW_ALL'), from(full), COMPLETE)).toBe(A);
  });
  test('a name by default is certain to the letter, assumed in full', () => {
    const objects = [...client({ backends: [backend('d')] }), of('VirtualService', 'web/d', { provider: toNode('a') }), service('web/d', [8080])];
    expect(short(objects, from('http://d.web:8080/'), COMPLETE)).toBe(A);
    expect(short(objects, from('http://d.web.svc.cluster.local:8080/'), COMPLETE)).toBe(`${A} ?`);
  });
  test('the name has to resolve', () => {
    const objects = [...client({ backends: [backend('v')] }), virtualService('v', toNode('a')), of('VirtualService', 'web/out', { awsName: 'api.example.org', provider: toNode('a') })];
    expect(short(objects, from('http://v.web.svc.cluster.local:8080/'), COMPLETE)).toBe('refused');
    expect(short(objects, from('http://v.web.svc.cluster.local:8080/'))).toBe(`${A} ?`);
    expect(short(objects.map((each) => (each.metadata.name === 'client' && each.kind === 'VirtualNode' ? node('client', { listeners: [], backends: [backend('out')] }) : each)), from('http://api.example.org:8080/'), COMPLETE)).toBe(`${A} ?`);
  });
  test('backend groups, where they are enabled', () => {
    const group = of('BackendGroup', 'web/g', { virtualservices: [{ name: 'a' }] });
    const objects = (name: string) => [...client({ backends: [], backendGroups: [{ name }] }), group];
    const enabled = { ...COMPLETE, appMesh: { backendGroups: true } };
    expect(short(objects('g'), from(full), COMPLETE)).toBe('404');
    expect(short(objects('g'), from(full), enabled)).toBe(A);
    expect(short(objects('*'), from('http://b.web.svc.cluster.local:8080/'), enabled)).toBe(B);
  });
  test('a backend\'s own TLS policy before that for all', () => {
    const own = client({ backends: [backend('a', { clientPolicy: { tls: { enforce: true } } })] });
    expect(short(own, from(full), COMPLETE)).toBe('503');
    const all = client({ backendDefaults: { clientPolicy: { tls: { enforce: true } } }, backends: [backend('a', { clientPolicy: { tls: { enforce: false } } })] });
    expect(short(all, from(full), COMPLETE)).toBe(A);
  });
  test('TCP', () => {
    const tcp = (name: string) => [...pods(name), node(name, { listeners: [listener(8080, 'tcp')] }), virtualService(name, toRouter(name)), router(name, [{ name: 'r', tcpRoute: targets([name, 1]) }], [listener(8080, 'tcp')])];
    const base = (backends: string[], extra: any[]) => [mesh(), web, deployment('web/client'), node('client', { listeners: [], backends: backends.map((name) => backend(name)) }), ...extra];
    const url = 'http://db.web.svc.cluster.local:8080/';
    expect(short(base(['db'], tcp('db')), from(url), COMPLETE)).toBe('VirtualNode web/db:8080');
    expect(short(base(['db'], tcp('db')), from(url.replace('http:', 'https:')), COMPLETE)).toBe('VirtualNode web/db:8080 tls');
    expect(short(base(['db', 'other'], [...tcp('db'), ...tcp('other')]), from(url), COMPLETE)).toBe('undetermined');
    const empty = [...pods('db'), node('db', { listeners: [listener(8080, 'tcp')] }), virtualService('db', toRouter('db')), router('db', [], [listener(8080, 'tcp')])];
    expect(short(base(['db'], empty), from(url), COMPLETE)).toBe('refused');
    const nothing = [...pods('db'), node('db', { listeners: [listener(8080, 'tcp')] }), virtualService('db', toRouter('db')), router('db', [{ name: 'r', tcpRoute: targets(['db', 0]) }], [listener(8080, 'tcp')])];
    expect(short(base(['db'], nothing), from(url), COMPLETE)).toBe('refused');
  });
});

describe('injection', () => {
  const to = { url: 'http://n:8080/', from: 'Deployment/web/curl' };
  const curl = deployment('web/curl', { annotations: { [INJECT]: 'disabled' } });
  test('pods that two select, or none, are refused', () => {
    const objects = (extra: any[]) => [mesh(), web, curl, ...pods('n'), ...extra];
    expect(short(objects([node('n')]), to, COMPLETE)).toBe('web/n:8080');
    expect(short(objects([node('n'), of('VirtualNode', 'web/m', { podSelector: { matchLabels: { app: 'n' } } })]), to, COMPLETE)).toBe('refused');
    expect(short(objects([node('n'), gateway({ podSelector: { matchLabels: { app: 'n' } } })]), to, COMPLETE)).toBe('refused');
    expect(short(objects([node('other')]), to, COMPLETE)).toBe('refused');
  });
  test('without the label the webhook sees nothing', () => {
    const objects = [mesh(), namespace('web', { mesh: 'm' }), deployment('web/curl', { annotations: { [INJECT]: 'enabled' } }), ...pods('n'), node('other'), node('curl', { listeners: [] })];
    expect(short(objects, to, COMPLETE)).toBe('web/n:8080');
    const disabled = [mesh(), namespace('web', { mesh: 'm', [INJECT]: 'disabled' }), deployment('web/curl'), ...pods('n'), node('n')];
    expect(short(disabled, to, COMPLETE)).toBe('web/n:8080');
  });
  test('a gateway\'s pods, with an Envoy of their own', () => {
    const objects = [...two.filter((each) => each.kind !== 'Namespace'), namespace('web', { mesh: 'm' }), service('web/gw', ['80:8088', '90:9901']), deployment('web/gw', { ports: [8088, 9901] }), gatewayRoute('x', 'a', { prefix: '/' })];
    expect(short(objects, { url: 'http://gw/', entry: 'Service/web/gw' }, COMPLETE)).toBe(A);
    expect(short(objects, { url: 'http://gw:90/', entry: 'Service/web/gw' }, COMPLETE)).toBe('web/gw:90');
    const injected = objects.map((each) => (each.kind === 'Namespace' ? web : each));
    expect(short(injected, { url: 'http://gw/', entry: 'Service/web/gw' }, COMPLETE)).toBe(A);
    expect(trace(injected, { url: 'http://gw/', entry: 'Service/web/gw' }, COMPLETE).outcomes[0].hops.map((hop) => hop.object)).toEqual(expect.arrayContaining(['Service/web/gw', 'GatewayRoute/web/x']));
  });
});
