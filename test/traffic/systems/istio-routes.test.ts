import { answer, answers, app, gateway, gatewayPods, namespace, NETWORKING, object, only, server, to, trace, virtualService } from './edge-fixtures';

const entry = 'Deployment/edge/gateway';
const at = (path: string, more: any = {}) => ({ url: `http://shop.example.com:8080${path}`, entry, headers: { Host: 'shop.example.com', ...more.headers }, ...(more.method ? { method: more.method } : {}) });
const base = [...gatewayPods(), ...app('web/a'), ...app('web/b'), gateway('edge/g', [server('80 HTTP *')])];
const routes = (...http: any[]) => [...base, virtualService('web/vs', ['shop.example.com'], { gateways: ['edge/g'], http })];
const A = 'delivered Service/web/a:80';

describe('matches', () => {
  const taken = (match: any, request: any) => answer(routes(to('a', [match])), request) === A;

  test.each([
    ['exact', { uri: { exact: '/foo' } }, '/foo?q=1', true],
    ['exact is the whole path', { uri: { exact: '/foo' } }, '/foo/', false],
    ['prefix is a string', { uri: { prefix: '/foo' } }, '/foobar', true],
    ['prefix keeps case', { uri: { prefix: '/foo' } }, '/FOO', false],
    ['unless told otherwise', { uri: { prefix: '/foo' }, ignoreUriCase: true }, '/FOO/x', true],
    ['exact without case', { uri: { exact: '/foo' }, ignoreUriCase: true }, '/FOO', true],
    ['regex takes the whole path', { uri: { regex: '/f.o' } }, '/foo', true],
    ['not a part of it', { uri: { regex: '/f.o' } }, '/foo/bar', false],
    ['regex keeps case whatever is said', { uri: { regex: '/foo' }, ignoreUriCase: true }, '/FOO', false],
    ['dot segments are resolved before', { uri: { exact: '/b' } }, '/a/../b', true],
    ['escaped ones too', { uri: { exact: '/b' } }, '/a/%2e%2e/b', true],
    ['slashes are not merged', { uri: { exact: '/a/b' } }, '/a//b', false],
    ['at the end as well', { uri: { exact: '/a/' } }, '/a/b/..', true],
    ['method', { method: { exact: 'POST' } }, '/', false],
    ['scheme', { scheme: { exact: 'http' } }, '/', true],
    ['authority', { authority: { exact: 'shop.example.com' } }, '/', true],
    ['source labels are those of the gateway', { sourceLabels: { istio: 'ingressgateway' } }, '/', true],
    ['source namespace too', { sourceNamespace: 'web' }, '/', false],
    ['gateways replace both', { gateways: ['edge/g'], sourceNamespace: 'web' }, '/', true],
    ['another gateway', { gateways: ['edge/h'] }, '/', false],
    ['query', { queryParams: { v: { exact: '1' } } }, '/?v=1&v=2', true],
    ['query present', { queryParams: { v: {} } }, '/?v', true],
    ['query missing', { queryParams: { v: { regex: '*' } } }, '/?w=1', false],
    ['query regex is full', { queryParams: { v: { regex: '[0-9]+' } } }, '/?v=1a', false],
  ])('%s', (_, match, path, expected) => expect(taken(match, at(path))).toBe(expected));

  test.each([
    ['exact', { headers: { 'X-User': { exact: 'jason' } } }, { 'x-user': 'jason' }, true],
    ['a missing header never matches', { headers: { 'x-user': { prefix: '' } } }, {}, false],
    ['prefix', { headers: { 'x-user': { prefix: 'ja' } } }, { 'x-user': 'jason' }, true],
    ['regex is full', { headers: { 'x-user': { regex: 'ja' } } }, { 'x-user': 'jason' }, false],
    ['present', { headers: { 'x-user': {} } }, { 'x-user': '' }, true],
    ['the method as a pseudo header', { headers: { ':method': { exact: 'GET' } } }, {}, true],
    ['without: another value', { withoutHeaders: { 'x-user': { exact: 'jason' } } }, { 'x-user': 'bob' }, true],
    ['without: missing counts as empty', { withoutHeaders: { 'x-user': { exact: 'jason' } } }, {}, true],
    ['without: absent', { withoutHeaders: { 'x-user': { regex: '*' } } }, { 'x-user': '' }, false],
    ['without: absent, and it is', { withoutHeaders: { 'x-user': {} } }, {}, true],
    ['without: .* can never succeed', { withoutHeaders: { 'x-user': { regex: '.*' } } }, {}, false],
    ['without: a regex that takes nothing', { withoutHeaders: { 'x-user': { regex: 'a*' } } }, {}, false],
    ['without: a regex that does not', { withoutHeaders: { 'x-user': { regex: 'a+' } } }, {}, true],
    ['a claim without a token', { headers: { '@request.auth.claims.group': { exact: 'dev' } } }, {}, false],
    ['no claim without a token', { withoutHeaders: { '@request.auth.claims.group': { exact: 'dev' } } }, {}, true],
  ])('headers: %s', (_, match, headers, expected) => expect(taken(match, at('/', { headers }))).toBe(expected));

  test('which claims a token has nobody here knows', () => {
    const objects = routes(to('a', [{ headers: { '@request.auth.claims.group': { exact: 'dev' } } }]));
    expect(answer(objects, at('/', { headers: { Authorization: 'Bearer x' } }))).toBe('undetermined');
  });

  test('any of several matches, the first of several entries', () => {
    const objects = routes(to('a', [{ uri: { prefix: '/x' } }, { uri: { prefix: '/y' } }]), to('b', [{ uri: { prefix: '/y' } }]));
    expect(answer(objects, at('/y'))).toBe(A);
    expect(answer(objects, at('/z'))).toBe('responded 404');
  });
});

describe('redirects and answers', () => {
  const go = (redirect: any, path = '/foo?q=1', match: any = [{ uri: { prefix: '/foo' } }], headers: any = {}) => answer(routes({ match, redirect }), at(path, { headers }));

  test.each([
    ['a path', { uri: '/new' }, 'redirected 301 http://shop.example.com/new?q=1'],
    ['a host and code', { authority: 'b.example.com', redirectCode: 307 }, 'redirected 307 http://b.example.com/foo?q=1'],
    ['a scheme', { scheme: 'https' }, 'redirected 301 https://shop.example.com/foo?q=1'],
    ['a port', { port: 8443, scheme: 'https' }, 'redirected 301 https://shop.example.com:8443/foo?q=1'],
    ['a port that goes without saying', { port: 80 }, 'redirected 301 http://shop.example.com/foo?q=1'],
    ['the server\'s port', { derivePort: 'FROM_REQUEST_PORT', scheme: 'https' }, 'redirected 301 https://shop.example.com:80/foo?q=1'],
    ['the protocol\'s port', { derivePort: 'FROM_PROTOCOL_DEFAULT', scheme: 'https' }, 'redirected 301 https://shop.example.com/foo?q=1'],
    ['a prefix', { prefixRewrite: '/bar' }, 'redirected 301 http://shop.example.com/bar?q=1'],
    ['an unknown code', { redirectCode: 399 }, 'undetermined'],
  ])('%s', (_, redirect, expected) => expect(go(redirect)).toBe(expected));

  test('a Host with a port keeps it where the port goes without saying', () => {
    expect(go({ derivePort: 'FROM_REQUEST_PORT' }, '/foo', undefined, { Host: 'shop.example.com:80' })).toBe('redirected 301 http://shop.example.com/foo');
  });

  test('the prefix is that of the match that took the request', () => {
    expect(go({ prefixRewrite: '/bar' }, '/y/1', [{ uri: { prefix: '/x' } }, { uri: { prefix: '/y' } }])).toBe('redirected 301 http://shop.example.com/bar/1');
  });

  test('redirect before directResponse before route', () => {
    expect(answer(routes({ ...to('a'), directResponse: { status: 418 }, redirect: { uri: '/' } }), at('/x'))).toContain('redirected');
    expect(answer(routes({ ...to('a'), directResponse: { status: 418 } }), at('/x'))).toBe('responded 418');
    expect(answer(routes({ route: [] }), at('/x'))).toBe('responded 404');
  });

  test('preflight requests of allowed origins are answered by the proxy', () => {
    const cors = (corsPolicy: any, from = 'https://a.example.com', method = 'OPTIONS') =>
      answer(routes(to('a', undefined, { corsPolicy })), at('/', { method, headers: { 'Origin': from, 'Access-Control-Request-Method': 'GET' } }));
    expect(cors({ allowOrigins: [{ exact: 'https://a.example.com' }] })).toBe('responded 200');
    expect(cors({ allowOrigins: [{ prefix: 'https://a' }] })).toBe('responded 200');
    expect(cors({ allowOrigins: [{ regex: 'https://[a-c].example.com' }] })).toBe('responded 200');
    expect(cors({ allowOrigin: ['https://a.example.com'] })).toBe('responded 200');
    expect(cors({ allowOrigins: [{ exact: '*' }] })).toBe('responded 200');
    expect(cors({ allowOrigins: [{ exact: 'https://b.example.com' }] })).toBe(A);
    expect(cors({ allowOrigins: [{ exact: 'https://b.example.com' }], unmatchedPreflights: 'IGNORE' })).toBe('responded 200');
    expect(cors({ allowOrigins: [{ exact: 'https://a.example.com' }] }, undefined, 'GET')).toBe(A);
  });

  test('faults: none without a percentage, before anything upstream with one', () => {
    const fault = (abort: any) => answers(routes(to('nowhere.example.com', undefined, { fault: { abort } })), at('/'));
    expect(fault({ httpStatus: 418, percentage: { value: 100 } })).toEqual(['responded 418']);
    expect(fault({ httpStatus: 418 })[0]).toMatch(/^responded 503/);
    expect(fault({ grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } })).toEqual(['responded']);
    const half = answers(routes(to('a', undefined, { fault: { abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 25 } } } })), at('/'));
    expect(half).toEqual(['responded 25%', `${A} 75%`]);
  });
});

describe('changes on the way', () => {
  const sent = (entryMore: any, path: string, match?: any[], more: any = {}) => only(routes(to('a', match, entryMore)), at(path, more)).request!;

  test.each([
    ['a prefix is replaced as text', { uri: '/' }, [{ uri: { prefix: '/foo' } }], '/foo/bar?q=1', '//bar?q=1'],
    ['the whole path of an exact match', { uri: '/new' }, [{ uri: { exact: '/foo' } }], '/foo', '/new'],
    ['the whole path of a regex', { uri: '/new' }, [{ uri: { regex: '/f.*' } }], '/foo/bar', '/new'],
    ['without a match the first slash', { uri: '/x' }, undefined, '/a', '/xa'],
    ['whatever the case was', { uri: '/new' }, [{ uri: { prefix: '/foo' }, ignoreUriCase: true }], '/FOO/1', '/new/1'],
    ['by regex', { uriRegexRewrite: { match: '^/svc/([^/]+)(/.*)$', rewrite: '\\2/\\1' } }, undefined, '/svc/a/b', '/b/a'],
  ])('rewrite: %s', (_, rewrite, match, path, expected) => expect(sent({ rewrite }, path, match).path).toBe(expected));

  test('authority: the rewrite, then the route\'s headers, then the destination\'s', () => {
    const host = (rewrite: any, route: any, own: any) => only(routes({
      ...(rewrite ? { rewrite: { authority: rewrite } } : {}),
      ...(route ? { headers: { request: route } } : {}),
      route: [{ destination: { host: 'a' }, ...(own ? { headers: { request: own } } : {}) }],
    }), at('/')).request!.host;
    expect(host('r.example.com', { set: { Host: 'x' } }, { set: { ':authority': 'y' } })).toBe('r.example.com');
    expect(host(undefined, { set: { host: 'x' } }, { set: { ':authority': 'y' } })).toBe('x');
    expect(host(undefined, { add: { ':authority': 'x' } }, undefined)).toBe('x');
    expect(host(undefined, undefined, { set: { ':authority': 'y' } })).toBe('y');
  });

  test('headers: removed first, then set, then added; other pseudo headers are left alone', () => {
    const request = { remove: ['gone', 'x'], set: { 'x': 'set', ':path': '/evil' }, add: { y: 'more', from: '%REQ(gone)%-%REQ(here)%', at: '%START_TIME%' } };
    const { headers, path } = sent({ headers: { request } }, '/', undefined, { headers: { gone: '1', x: '0', y: '1', here: 'h' } });
    expect(headers).toMatchObject({ x: 'set', y: '1, more', from: '-h', at: '<START_TIME>' });
    expect(headers).not.toHaveProperty('gone');
    expect(path).toBe('/');
  });

  test('a lone destination does not undo what the route sets, a weighted one is overruled by it', () => {
    const objects = (destinations: number) => routes({
      headers: { request: { set: { x: 'route' } } },
      route: ['a', 'b'].slice(0, destinations).map((host) => ({ destination: { host }, weight: 50, headers: { request: { remove: ['x'], set: { x: host } } } })),
    });
    expect(only(objects(1), at('/')).request!.headers.x).toBe('a');
    expect(trace(objects(2), at('/')).outcomes.map((each) => each.request!.headers.x)).toEqual(['route', 'route']);
  });

  test('weights are shares of their sum; none for 0', () => {
    const objects = routes({ route: [{ destination: { host: 'a' }, weight: 1 }, { destination: { host: 'b' }, weight: 3 }, { destination: { host: 'c' }, weight: 0 }] });
    expect(answers(objects, at('/'))).toEqual(['delivered Service/web/a:80 25%', 'delivered Service/web/b:80 75%']);
  });

  test('mirrors get a copy unless their percentage is 0', () => {
    const mirrors = (more: any) => trace(routes(to('a', undefined, more)), at('/')).mirrors.map(({ name }) => name);
    expect(mirrors({ mirror: { host: 'b' } })).toEqual(['b']);
    expect(mirrors({ mirror: { host: 'b' }, mirrorPercentage: { value: 0 } })).toEqual([]);
    expect(mirrors({ mirror: { host: 'b' }, mirrorPercent: 0 })).toEqual([]);
    expect(mirrors({ mirrors: [{ destination: { host: 'b' }, percentage: { value: 10 } }, { destination: { host: 'a' }, percentage: { value: 0 } }] })).toEqual(['b']);
  });

  test('timeout, retries and response headers are policies', () => {
    const policies = (more: any) => only(routes(to('a', undefined, more)), at('/')).policies.map(({ name, value }) => `${name} ${value}`);
    expect(policies({ timeout: '3s', retries: { attempts: 3, perTryTimeout: '1s', retryOn: '5xx' }, headers: { response: { set: { a: '1' }, add: { b: '1' }, remove: ['c'] } } }))
      .toEqual(['timeout 3s', 'retries 3 of 1s each on 5xx', 'responseHeaders sets a, adds b, removes c']);
    expect(policies({ timeout: '0s', retries: { attempts: 0 } })).toEqual([]);
  });
});

describe('destinations', () => {
  const two = [...gatewayPods(), ...app('web/a', { http: 80, other: 90 }), gateway('edge/g', [server('80 HTTP *')])];
  const leading = (destination: any, ...more: any[]) => [...two, virtualService('web/vs', ['*'], { gateways: ['edge/g'], http: [{ route: [{ destination }] }] }), ...more];

  test.each([
    ['a short name is of the VirtualService\'s namespace', { host: 'a', port: { number: 90 } }, 'delivered Service/web/a:90'],
    ['without a port the listener\'s', { host: 'a' }, 'delivered Service/web/a:80'],
    ['svc.ns is no Service', { host: 'a.web', port: { number: 80 } }, 'responded 503 (assumed)'],
    ['an unknown port', { host: 'a', port: { number: 91 } }, 'responded 503'],
    ['an unknown subset', { host: 'a', subset: 'v1' }, 'responded 503'],
    ['a Service beside the input', { host: 'x', port: { number: 80 } }, 'delivered Service/web/x:80 (assumed)'],
  ])('%s', (_, destination, expected) => expect(answer(leading(destination), at('/'))).toBe(expected));

  test('what is not there, if the input is everything', () => {
    expect(answer(leading({ host: 'x' }), at('/'), { complete: true })).toBe('responded 503');
    const empty = object('v1', 'Service', 'web/empty', { selector: { app: 'none' }, ports: [{ port: 80 }] });
    expect(answer(leading({ host: 'empty' }, empty), at('/'), { complete: true })).toBe('responded 503');
    expect(answer(leading({ host: 'empty' }, empty), at('/'))).toBe('delivered Service/web/empty:80 (assumed)');
  });

  const rule = (name: string, host: string, spec: any) => object(NETWORKING, 'DestinationRule', name, { host, ...spec });
  const v1 = { subsets: [{ name: 'v1', labels: { app: 'a' } }] };

  test('a subset counts where the gateway, the Service or the root say it', () => {
    const to1 = { host: 'a.web.svc.cluster.local', subset: 'v1', port: { number: 80 } };
    for (const where of ['edge', 'web', 'istio-system']) {
      expect(answer(leading(to1, rule(`${where}/a`, 'a.web.svc.cluster.local', v1)), at('/'))).toBe('delivered Service/web/a:80 v1');
    }
    expect(answer(leading(to1, rule('team/a', 'a.web.svc.cluster.local', v1)), at('/'))).toBe('responded 503');
    expect(answer(leading(to1, rule('edge/all', '*.local', v1)), at('/'))).toBe('delivered Service/web/a:80 v1');
    const none = rule('web/a', 'a', { subsets: [{ name: 'v1', labels: { version: '1' } }] });
    expect(answer(leading(to1, none), at('/'), { complete: true })).toBe('responded 503');
  });

  test('TLS to the pods by rule, by port before the rule, by subset before both', () => {
    const scheme = (spec: any, subset?: string) => only(leading({ host: 'a', port: { number: 80 }, ...(subset ? { subset } : {}) }, rule('web/a', 'a', spec)), at('/')).request!.scheme;
    expect(scheme({ trafficPolicy: { tls: { mode: 'SIMPLE' } } })).toBe('https');
    expect(scheme({ trafficPolicy: { tls: { mode: 'SIMPLE' }, portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] } })).toBe('http');
    expect(scheme({ trafficPolicy: { portLevelSettings: [{ port: { number: 90 }, tls: { mode: 'SIMPLE' } }] } })).toBe('http');
    expect(scheme({ subsets: [{ name: 's', labels: {}, trafficPolicy: { tls: { mode: 'SIMPLE', sni: 'x' } } }] }, 's')).toBe('https');
  });

  test('mutual TLS to pods without a sidecar fails', () => {
    const objects = leading({ host: 'a', port: { number: 80 } }, rule('web/a', 'a', { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } }));
    expect(answer([...objects, namespace('web')], at('/'))).toBe('responded 503');
    expect(answer(objects, at('/'))).toBe('responded 503 (assumed)');
    expect(answer([...objects, namespace('web', { 'istio-injection': 'enabled' })], at('/'))).toBe('delivered Service/web/a:80');
  });

  test('pods that ask for mutual TLS refuse what comes without', () => {
    const strict = object('security.istio.io/v1', 'PeerAuthentication', 'web/strict', { mtls: { mode: 'STRICT' } });
    const objects = leading({ host: 'a', port: { number: 80 } }, strict, namespace('web', { 'istio-injection': 'enabled' }));
    expect(answer(objects, at('/'))).toBe('delivered Service/web/a:80');
    expect(answer([...objects, rule('web/a', 'a', { trafficPolicy: { tls: { mode: 'DISABLE' } } })], at('/'))).toBe('responded 503');
  });

  test('hosts of ServiceEntries and of ExternalName Services', () => {
    const external = object(NETWORKING, 'ServiceEntry', 'web/ext', { hosts: ['api.example.org'], ports: [{ number: 443, name: 'https', protocol: 'HTTPS' }], resolution: 'DNS' });
    expect(answer(leading({ host: 'api.example.org' }, external), at('/'))).toBe('delivered Host/api.example.org:443');
    const alias = object('v1', 'Service', 'web/alias', { type: 'ExternalName', externalName: 'a.web.svc.cluster.local' });
    expect(answer(leading({ host: 'alias', port: { number: 90 } }, alias), at('/'))).toBe('delivered Service/web/a:90');
    const selecting = object(NETWORKING, 'ServiceEntry', 'web/vms', { hosts: ['vm.example.org'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], workloadSelector: { labels: { vm: 'yes' } } });
    expect(answer(leading({ host: 'vm.example.org' }, selecting), at('/'))).toBe('delivered Host/vm.example.org:80 (assumed)');
  });
});

describe('delegates', () => {
  const root = (delegate: any, match: any, more: any = {}) => virtualService('web/root', ['*'], { gateways: ['edge/g'], http: [{ match, delegate, ...more }, to('b', [{ uri: { prefix: '/' } }])] });
  const child = (http: any[], spec: any = {}, name = 'team/child') => object(NETWORKING, 'VirtualService', name, { http, ...spec });
  const objects = (...more: any[]) => [...base, ...app('team/c'), ...more];
  const delegate = { name: 'child', namespace: 'team' };
  const C = 'delivered Service/team/c:80';
  const B = 'delivered Service/web/b:80';

  test.each([
    ['within the root\'s prefix', [{ uri: { prefix: '/c' } }], [{ uri: { prefix: '/c/d' } }], '/c/d/1', C],
    ['outside of it the route vanishes', [{ uri: { prefix: '/c' } }], [{ uri: { prefix: '/x' } }], '/x', B],
    ['exact within', [{ uri: { prefix: '/c' } }], [{ uri: { exact: '/c/1' } }], '/c/1', C],
    ['a regex on either side contradicts', [{ uri: { regex: '/c.*' } }], [{ uri: { prefix: '/c' } }], '/c', B],
    ['exact and another exact', [{ uri: { exact: '/c' } }], [{ uri: { exact: '/d' } }], '/c', B],
    ['no match of its own: the root\'s', [{ uri: { prefix: '/c' } }], undefined, '/c/1', C],
    ['no match of the root: its own', undefined, [{ uri: { prefix: '/c' } }], '/c/1', C],
    ['headers of both', [{ uri: { prefix: '/c' }, headers: { x: { exact: '1' } } }], [{ headers: { y: { exact: '2' } } }], '/c', C],
    ['ports that differ', [{ port: 80, uri: { prefix: '/c' } }], [{ port: 81 }], '/c', B],
    ['case that differs', [{ uri: { prefix: '/c' } }], [{ ignoreUriCase: true }], '/c', B],
    ['headers that contradict', [{ uri: { prefix: '/c' }, headers: { x: { exact: '1' } } }], [{ headers: { x: { exact: '2' } } }], '/c', B],
  ])('%s', (_, match, own, path, expected) => {
    expect(answer(objects(root(delegate, match), child([to('c', own)])), at(path, { headers: { x: '1', y: '2' } }))).toBe(expected);
  });

  test('a delegate that is missing, has hosts or is not exported takes nothing', () => {
    const match = [{ uri: { prefix: '/c' } }];
    expect(answer(objects(root(delegate, match)), at('/c'))).toBe(B);
    expect(answer(objects(root(delegate, match), child([to('c')], { hosts: ['x.example.com'] })), at('/c'))).toBe(B);
    expect(answer(objects(root(delegate, match), child([to('c')], { exportTo: ['.'] })), at('/c'))).toBe(B);
    expect(answer(objects(root({ name: 'child' }, match), child([to('c.team.svc.cluster.local')], {}, 'web/child')), at('/c'))).toBe(C);
  });

  test('what the delegate leaves open is the root\'s', () => {
    const vs = root(delegate, [{ uri: { prefix: '/c' } }], { rewrite: { uri: '/r' }, timeout: '5s' });
    expect(only(objects(vs, child([to('c')])), at('/c')).request!.path).toBe('/r');
    expect(only(objects(vs, child([to('c', undefined, { rewrite: { uri: '/own' } })])), at('/c')).request!.path).toBe('/own');
  });
});
