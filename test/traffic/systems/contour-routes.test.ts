import { app, deployment, httpProxy, object, outcome, route, service, short, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const edge = 'IngressClass//contour';
const apps = [...app('web/a'), ...app('web/b'), ...app('web/c')];
const at = (path: string, more: any = {}) => ({ url: `http://shop.example.com${path}`, entry: edge, ...more });
const shop = (routes: any[], more: any = {}) => [...apps, httpProxy('web/shop', 'shop.example.com', { routes, ...more })];

test.each([
  ['a prefix counts bytes', [route('/foo a')], '/foobar', 'web/a:80'],
  ['an exact path', [{ ...route('/ b'), conditions: [{ exact: '/foo' }] }], '/foo', 'web/b:80'],
  ['an exact path takes nothing below', [{ ...route('/ b'), conditions: [{ exact: '/foo' }] }], '/foo/bar', '404'],
  ['a regular expression takes the whole path', [{ ...route('/ b'), conditions: [{ regex: '/v[0-9]+' }] }], '/v1/x', '404'],
  ['a regular expression that matches', [{ ...route('/ b'), conditions: [{ regex: '/v[0-9]+/.*' }] }], '/v1/x', 'web/b:80'],
  ['exact that is not last is a prefix', [{ ...route('/ b'), conditions: [{ exact: '/foo' }, { header: { name: 'x', notpresent: true } }] }], '/foozle', 'web/b:80'],
  ['exact before regex before prefix', [route('/foo a'), { ...route('/ b'), conditions: [{ regex: '/foo.*' }] }, { ...route('/ c'), conditions: [{ exact: '/foo' }] }], '/foo', 'web/c:80'],
  ['regex before prefix', [route('/foobar a'), { ...route('/ b'), conditions: [{ regex: '/foo.*' }] }], '/foobar', 'web/b:80'],
  ['the longer prefix first', [route('/ a'), route('/foo b')], '/foo/x', 'web/b:80'],
  ['no route', [route('/foo a')], '/bar', '404'],
  ['no services at all is 503', [route('/foo gone:81')], '/foo', '503'],
  ['the query is no part of the path', [{ ...route('/ b'), conditions: [{ exact: '/foo' }] }], '/foo?x=1', 'web/b:80'],
])('%s', (_, routes, path, expected) => {
  expect(short(shop(routes), at(path), COMPLETE)).toBe(expected);
});

describe('paths as Envoy sees them', () => {
  const routes = [route('/ a'), route('/admin b')];
  test.each([
    ['/x/../admin', 'web/b:80', '/admin'],
    ['//admin', 'web/b:80', '/admin'],
    ['/%61dmin', 'web/b:80', '/admin'],
    ['/%2e/admin/.', 'web/b:80', '/admin/'],
    ['/x%2fadmin', 'web/a:80', '/x%2fadmin'],
    ['/ADMIN', 'web/a:80', '/ADMIN'],
    ['/admin/..', 'web/a:80', '/'],
  ])('%s', (path, expected, received) => {
    const found = outcome(shop(routes), at(path), COMPLETE);
    expect(`${found.destination!.namespace}/${found.destination!.name}:${found.destination!.port}`).toBe(expected);
    expect(found.request!.path).toBe(received);
  });
});

describe('headers', () => {
  const when = (header: any) => [route('/ a'), { ...route('/ b'), conditions: [{ prefix: '/' }, { header: { name: 'X-Tier', ...header } }] }];
  test.each([
    [{ present: true }, 'gold', 'b'], [{ present: true }, undefined, 'a'],
    [{ notpresent: true }, undefined, 'b'], [{ notpresent: true }, 'gold', 'a'],
    [{ contains: 'ol' }, 'gold', 'b'], [{ contains: 'OL' }, 'gold', 'a'], [{ contains: 'OL', ignoreCase: true }, 'gold', 'b'],
    [{ notcontains: 'ol' }, 'silver', 'b'], [{ notcontains: 'ol' }, 'gold', 'a'], [{ notcontains: 'ol' }, undefined, 'a'],
    [{ notcontains: 'ol', treatMissingAsEmpty: true }, undefined, 'b'],
    [{ exact: 'gold' }, 'gold', 'b'], [{ exact: 'gold' }, 'Gold', 'a'], [{ exact: 'gold', ignoreCase: true }, 'GOLD', 'b'],
    [{ notexact: 'gold' }, 'silver', 'b'], [{ notexact: 'gold' }, undefined, 'a'], [{ notexact: 'gold', treatMissingAsEmpty: true }, undefined, 'b'],
    [{ regex: 'go.*' }, 'gold', 'b'], [{ regex: 'go' }, 'gold', 'a'],
    [{ present: true, exact: 'silver' }, 'gold', 'b'],
  ])('%j on %s', (header, value, expected) => {
    expect(short(shop(when(header)), at('/', { headers: value === undefined ? {} : { 'x-tier': value } }), COMPLETE)).toBe(`web/${expected}:80`);
  });
});

describe('query parameters', () => {
  const when = (query: any) => [route('/ a'), { ...route('/ b'), conditions: [{ prefix: '/' }, { queryParameter: { name: 'q', ...query } }] }];
  test.each([
    [{ exact: 'one' }, '?q=one', 'b'], [{ exact: 'one' }, '?Q=one', 'a'], [{ exact: 'ONE', ignoreCase: true }, '?q=one', 'b'],
    [{ prefix: 'on' }, '?q=one', 'b'], [{ suffix: 'ne' }, '?q=one', 'b'], [{ contains: 'n' }, '?q=one', 'b'], [{ regex: 'o.e' }, '?q=one', 'b'], [{ regex: 'o' }, '?q=one', 'a'],
    [{ present: true }, '?q=', 'b'], [{ present: true }, '?p=1', 'a'], [{ exact: 'two' }, '?q=one&q=two', 'a'],
  ])('%j on %s', (query, text, expected) => {
    expect(short(shop(when(query)), at(`/${text}`), COMPLETE)).toBe(`web/${expected}:80`);
  });
});

describe('order of equal paths', () => {
  const header = (name: string, value = '1') => ({ header: { name, exact: value } });
  const both = { headers: { 'x-a': '1', 'x-b': '1' } };
  const of = (first: any[], second: any[]) => shop([{ ...route('/ a'), conditions: [{ prefix: '/' }, ...first] }, { ...route('/ b'), conditions: [{ prefix: '/' }, ...second] }]);

  test('more headers first, then more query conditions', () => {
    expect(short(of([header('x-a')], [header('x-a'), header('x-b')]), at('/', both), COMPLETE)).toBe('web/b:80');
    expect(short(of([header('x-a')], [header('x-a'), { queryParameter: { name: 'q', present: true } }]), at('/?q=1', both), COMPLETE)).toBe('web/b:80');
  });
  test('then name, kind, value', () => {
    expect(short(of([header('x-b')], [header('x-a')]), at('/', both), COMPLETE)).toBe('web/b:80');
    expect(short(of([{ header: { name: 'x-a', present: true } }], [header('x-a')]), at('/', both), COMPLETE)).toBe('web/b:80');
    expect(short(of([{ header: { name: 'x-a', notcontains: '9' } }], [{ header: { name: 'x-a', contains: '1' } }]), at('/', both), COMPLETE)).toBe('web/b:80');
  });
  test('parameters by name, kind, value, case', () => {
    const query = (name: string, more: any) => [{ queryParameter: { name, ...more } }];
    const first = (one: any[], other: any[]) => short(of(one, other), at('/?a=x&b=x'), COMPLETE);
    expect(first(query('b', { exact: 'x' }), query('a', { exact: 'x' }))).toBe('web/b:80');
    expect(first(query('a', { present: true }), query('a', { prefix: 'x' }))).toBe('web/b:80');
    expect(first(query('a', { regex: 'x' }), query('a', { regex: '.' }))).toBe('web/b:80');
    expect(first(query('a', { exact: 'x', ignoreCase: true }), query('a', { exact: 'x' }))).toBe('web/b:80');
  });
  test('conditions that pull both ways leave it open', () => {
    const pulling = of([{ header: { name: 'x-a', exact: '1' } }, { header: { name: 'x-b', present: true } }], [{ header: { name: 'x-a', present: true } }, { header: { name: 'x-b', exact: '1' } }]);
    const [only] = trace(pulling, at('/', both), COMPLETE).outcomes;
    expect(only).toMatchObject({ kind: 'undetermined', certainty: 'undetermined', share: 1 });
    expect(only.hops.map((hop) => hop.does).join()).toContain('spec.routes[0]');
    expect(short(pulling, at('/', { headers: { 'x-a': '1', 'x-b': '2' } }), COMPLETE)).toBe('web/a:80');
  });
  test('the same conditions in another order are another route of the same rank', () => {
    const swapped = of([header('x-a'), header('x-b')], [header('x-b'), header('x-a')]);
    expect(trace(swapped, at('/', both), COMPLETE).outcomes[0].kind).toBe('undetermined');
  });
  test('of equal routes the later counts', () => {
    expect(short(of([header('x-a')], [header('x-a')]), at('/', both), COMPLETE)).toBe('web/b:80');
  });
});

describe('includes', () => {
  const child = (name: string, routes: any[], more: any = {}) => httpProxy(name, undefined, { routes, ...more });
  const root = (includes: any[], routes: any[] = []) => httpProxy('web/shop', 'shop.example.com', { includes, routes });

  test('conditions are joined, headers required at all levels, across namespaces', () => {
    const objects = [...apps, ...app('team/x'), root([{ name: 'team', namespace: 'team', conditions: [{ prefix: '/team' }, { header: { name: 'h', present: true } }] }]),
      child('team/team', [route('/v1/ x')])];
    expect(short(objects, at('/team/v1/y', { headers: { h: '1' } }), COMPLETE)).toBe('team/x:80');
    expect(short(objects, at('/team/v1/y'), COMPLETE)).toBe('404');
    expect(short(objects, at('/v1/y', { headers: { h: '1' } }), COMPLETE)).toBe('404');
  });
  test('slashes of the joint are merged', () => {
    const objects = [...apps, root([{ name: 'c', conditions: [{ prefix: '/a/' }] }]), child('web/c', [route('/b a')])];
    expect(short(objects, at('/a/b'), COMPLETE)).toBe('web/a:80');
  });
  test('the root\'s own routes replace equal ones of includes', () => {
    expect(short([...apps, root([{ name: 'c' }], [route('/ b')]), child('web/c', [route('/ a')])], at('/'), COMPLETE)).toBe('web/b:80');
  });
  test('a missing include answers 502 under its own conditions alone', () => {
    const objects = [...apps, root([{ name: 'gone', conditions: [{ prefix: '/gone' }] }], [route('/ a')])];
    expect(short(objects, at('/gone/x'), COMPLETE)).toBe('502');
    const open = outcome(objects, at('/gone/x'));
    expect(open).toMatchObject({ kind: 'responded', status: 502, certainty: 'assumed', assumptions: ['HTTPProxy/web/gone, which is not in the input, does not exist'] });
    expect(short(objects, at('/x'), COMPLETE)).toBe('web/a:80');
  });
  test('a missing include without conditions leaves the rest, assumed', () => {
    const objects = [...apps, root([{ name: 'gone' }], [route('/a a')])];
    expect(short(objects, at('/a'), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/b'))).toBe('404 ?');
  });
  test('a root is not included', () => {
    const objects = [...apps, root([{ name: 'other', conditions: [{ prefix: '/o' }] }], [route('/ a')]), httpProxy('web/other', 'other.example.com', { routes: [route('/ b')] })];
    expect(short(objects, at('/o'), COMPLETE)).toBe('502');
    expect(short(objects, at('/o'))).toBe('502');
  });
  test('a proxy of another class is not there', () => {
    const objects = [...apps, root([{ name: 'c', conditions: [{ prefix: '/c' }] }]), child('web/c', [route('/ a')], { ingressClassName: 'other' })];
    expect(outcome(objects, at('/c'))).toMatchObject({ status: 502, certainty: 'certain' });
  });
  test('a circle ends, the rest is served', () => {
    const objects = [...apps, root([{ name: 'c', conditions: [{ prefix: '/c' }] }]), child('web/c', [route('/ok a')], { includes: [{ name: 'c', conditions: [{ prefix: '/again' }] }] })];
    expect(short(objects, at('/c/ok'), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/c/again/ok'), COMPLETE)).toBe('404');
  });
  test('an include with the conditions of another is left out, also in another order', () => {
    const [h, q] = [{ header: { name: 'h', present: true } }, { header: { name: 'q', present: true } }];
    const objects = [...apps, root([{ name: 'c', conditions: [{ prefix: '/c' }, h, q] }, { name: 'd', conditions: [{ prefix: '/c' }, q, h] }]), child('web/c', [route('/1 a')]), child('web/d', [route('/2 b')])];
    const headers = { h: '1', q: '1' };
    expect(short(objects, at('/c/1', { headers }), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/c/2', { headers }), COMPLETE)).toBe('404');
  });
  test.each([
    ['exact', [{ exact: '/c' }]], ['two prefixes', [{ prefix: '/c' }, { prefix: '/d' }]], ['no slash', [{ prefix: 'c' }]],
    ['headers that contradict', [{ prefix: '/c' }, { header: { name: 'h', present: true } }, { header: { name: 'H', notpresent: true } }]],
    ['a parameter without a test', [{ prefix: '/c' }, { queryParameter: { name: 'q' } }]],
  ])('an include with %s is left out, the rest is served', (_, conditions) => {
    const objects = [...apps, root([{ name: 'c', conditions }], [route('/ b')]), child('web/c', [route('/ a')])];
    expect(short(objects, at('/c'), COMPLETE)).toBe('web/b:80');
  });
});

describe('prefix rewrites', () => {
  const rewrite = (text: string, replacePrefix: any[]) => route(text, { pathRewritePolicy: { replacePrefix } });
  const path = (routes: any[], url: string, more: any = {}) => outcome(shop(routes), at(url, more), COMPLETE).request!.path;
  test.each([
    ['/backend', '/', '/backend/x', '/x'], ['/backend', '/', '/backend', '/'], ['/backend', '/', '/backendx', '/x'],
    ['/foo', '/bar', '/foosball', '/barsball'], ['/foo', '/bar/', '/foo/x?y=1', '/bar/x?y=1'], ['/foo/', '/bar', '/foo', '/bar'],
    ['/', '/v1.0/invoke/a/method', '/x', '/v1.0/invoke/a/methodx'], ['/backend', '/v1.0/invoke/a.ns/method', '/backend/x', '/v1.0/invoke/a.ns/method/x'],
    ['/backend', '/v1.0/invoke/a.ns/method', '/backend', '/v1.0/invoke/a.ns/method'],
  ])('%s by %s: %s', (prefix, replacement, url, expected) => {
    expect(path([rewrite(`${prefix} a`, [{ replacement }])], url)).toBe(expected);
  });
  test('two routes of one prefix lose the care for slashes', () => {
    const plain = rewrite('/foo a', [{ replacement: '/' }]);
    expect(path([plain, { ...plain, conditions: [{ prefix: '/foo' }, { header: { name: 'h', present: true } }] }], '/foo/v1')).toBe('//v1');
  });
  test('the entry for the merged prefix, else the one without, else nothing', () => {
    expect(path([rewrite('/foo a', [{ prefix: '/foo', replacement: '/one' }, { replacement: '/two' }])], '/foo/x')).toBe('/one/x');
    expect(path([rewrite('/foo a', [{ prefix: '/fo', replacement: '/one' }, { replacement: '/two' }])], '/foo/x')).toBe('/two/x');
    expect(path([rewrite('/foo a', [{ prefix: '/foo/', replacement: '/bar' }])], '/foo/x')).toBe('/foo/x');
  });
  test.each([
    ['a rewrite without a prefix', [{ ...rewrite('/ a', [{ replacement: '/x' }]), conditions: [{ exact: '/foo' }] }]],
    ['a prefix twice', [rewrite('/foo a', [{ prefix: '/foo', replacement: '/x' }, { prefix: '/foo', replacement: '/y' }])]],
    ['two for any prefix', [rewrite('/foo a', [{ replacement: '/x' }, { replacement: '/y' }])]],
  ])('%s takes all routes of the proxy with it', (_, routes) => {
    expect(short(shop([...routes, route('/ok b')]), at('/ok'), COMPLETE)).toBe('404');
  });
});

describe('weights, mirrors, headers', () => {
  test.each([
    ['/ a 70, b 30', '30% web/b:80, 70% web/a:80'], ['/ a, b', '50% web/a:80, 50% web/b:80'], ['/ a 1, b', 'web/a:80'], ['/ a 90, gone 10', 'web/a:80'],
    ['/ a:81 90, b 10', 'web/b:80'],
  ])('%s', (text, expected) => expect(short(shop([route(text)]), at('/'), COMPLETE)).toBe(expected));

  test('a mirror gets a copy and no share', () => {
    const services = [{ name: 'a', port: 80 }, { name: 'b', port: 80, mirror: true, weight: 50 }];
    const found = trace(shop([{ conditions: [{ prefix: '/' }], services }]), at('/'), COMPLETE);
    expect(found.outcomes).toHaveLength(1);
    expect(found.mirrors).toEqual([{ kind: 'Service', namespace: 'web', name: 'b', port: 80 }]);
    expect(short(shop([route('/ok c'), { conditions: [{ prefix: '/' }], services: [...services, { name: 'c', port: 80, mirror: true }] }]), at('/ok'), COMPLETE)).toBe('404');
  });

  const set = (name: string, value: string) => ({ set: [{ name, value }] });
  test('service before route, route wins; removals before settings', () => {
    const services = [{ name: 'a', port: 80, requestHeadersPolicy: { set: [{ name: 'X-A', value: 'service' }, { name: 'X-B', value: 'service' }], remove: ['X-Gone'] } }];
    const { headers } = outcome(shop([{ conditions: [{ prefix: '/' }], services, requestHeadersPolicy: { ...set('X-A', 'route'), remove: ['X-A'] } }]), at('/', { headers: { 'x-gone': '1', 'x-b': 'client' } }), COMPLETE).request!;
    expect(headers).toMatchObject({ 'x-a': 'route', 'x-b': 'service' });
    expect(headers).not.toHaveProperty('x-gone');
  });
  test('values from the request and from Contour, other percent signs are plain', () => {
    const policy = { set: [{ name: 'X-A', value: 'a-%REQ(x-in)%-%CONTOUR_NAMESPACE%-%CONTOUR_SERVICE_NAME%:%CONTOUR_SERVICE_PORT%' }, { name: 'X-B', value: '100%' }, { name: 'X-C', value: '%HOSTNAME%' }] };
    const { headers } = outcome(shop([{ conditions: [{ prefix: '/' }], services: [{ name: 'a', port: 80, requestHeadersPolicy: policy }] }]), at('/', { headers: { 'x-in': 'me' } }), COMPLETE).request!;
    expect(headers).toMatchObject({ 'x-a': 'a-me-web-a:80', 'x-b': '100%', 'x-c': '<HOSTNAME>' });
  });
  test.each([
    ['literal at the route', set('Host', 'in.example.com'), {}, 'in.example.com'],
    ['from a header at the route', set('Host', '%REQ(x-host)%'), {}, 'x.example.com'],
    ['the service before the route', set('Host', 'route.example.com'), set('Host', 'service.example.com'), 'service.example.com'],
    ['from a header at the service is nothing', {}, set('Host', '%REQ(x-host)%'), 'shop.example.com'],
  ])('Host: %s', (_, ofRoute, ofService, expected) => {
    const routes = [{ conditions: [{ prefix: '/' }], services: [{ name: 'a', port: 80, requestHeadersPolicy: ofService }], requestHeadersPolicy: ofRoute }];
    expect(outcome(shop(routes), at('/', { headers: { 'x-host': 'x.example.com' } }), COMPLETE).request!.host).toBe(expected);
  });
  test('policies of the installation: the service wins, redirects stay out', () => {
    const contour = { requestHeaders: { set: { 'X-Env': 'prod', 'X-A': 'global' }, remove: ['X-Debug'] }, responseHeaders: { set: { 'X-Frame': 'DENY' } } };
    const routes = [{ conditions: [{ prefix: '/' }], services: [{ name: 'a', port: 80, requestHeadersPolicy: set('X-A', 'own') }] }];
    const found = outcome(shop(routes), at('/', { headers: { 'x-debug': '1' } }), { ...COMPLETE, contour });
    expect(found.request!.headers).toEqual({ 'x-env': 'prod', 'x-a': 'own' });
    expect(found.policies).toContainEqual(expect.objectContaining({ name: 'responseHeaders', value: 'sets X-Frame' }));
  });
  test('policies of a route', () => {
    const more = { timeoutPolicy: { response: '5s', idle: '1m' }, retryPolicy: { count: 2, perTryTimeout: '1s', retryOn: ['5xx', 'reset'] }, responseHeadersPolicy: { remove: ['Server'] } };
    expect(outcome(shop([route('/ a', more)]), at('/'), COMPLETE).policies.map(({ name, value }) => `${name} ${value}`)).toEqual(['timeout 5s', 'idleTimeout 1m', 'retries 2 of 1s each on 5xx, reset', 'responseHeaders removes Server']);
    expect(outcome(shop([route('/ a', { retryPolicy: { count: -1 } })]), at('/'), COMPLETE).policies.map(({ name, value }) => `${name} ${value}`)).toEqual(['timeout 15s (default)']);
    expect(outcome(shop([route('/ a', { retryPolicy: {}, timeoutPolicy: { response: '0' } })]), at('/'), COMPLETE).policies.map(({ value }) => value)).toEqual(['15s (default)', '1 on 5xx']);
  });
});

describe('answers and redirects', () => {
  const redirect = (requestRedirectPolicy: any, conditions: any[] = [{ prefix: '/p' }]) => shop([{ conditions, requestRedirectPolicy }]);
  test.each([
    [{}, '302 http://shop.example.com/p/x?y=1'],
    [{ statusCode: 301, scheme: 'https' }, '301 https://shop.example.com/p/x?y=1'],
    [{ hostname: 'other.example.com', port: 8080 }, '302 http://other.example.com:8080/p/x?y=1'],
    [{ path: '/new' }, '302 http://shop.example.com/new?y=1'],
    [{ path: '/new?z=2' }, '302 http://shop.example.com/new?z=2'],
    [{ prefix: '/v2' }, '302 http://shop.example.com/v2/x?y=1'],
  ])('%j', (policy, expected) => expect(short(redirect(policy), at('/p/x?y=1'), COMPLETE)).toBe(expected));
  test('a prefix is replaced as bytes, and the whole of an exact path', () => {
    expect(short(redirect({ prefix: '/v2' }, [{ prefix: '/p/' }]), at('/p/foo'), COMPLETE)).toBe('302 http://shop.example.com/v2foo');
    expect(short(redirect({ prefix: '/v2' }, [{ exact: '/p/foo' }]), at('/p/foo'), COMPLETE)).toBe('302 http://shop.example.com/v2');
  });
  test('a direct response', () => expect(short(shop([{ conditions: [{ prefix: '/' }], directResponsePolicy: { statusCode: 403 } }]), at('/'), COMPLETE)).toBe('403'));
});

describe('hosts', () => {
  const wild = [...apps, httpProxy('web/wild', '*.example.com', { routes: [route('/ a')] }), httpProxy('web/exact', 'Shop.example.com', { routes: [route('/ b')] })];
  test.each([
    ['http://shop.example.com/', 'web/b:80'], ['http://SHOP.example.com/', 'web/b:80'], ['http://other.example.com/', 'web/a:80'],
    ['http://a.b.example.com/', '404'], ['http://example.com/', '404'], ['http://shop.example.com./', '404'], ['http://OTHER.example.com/', '404'],
  ])('%s', (url, expected) => expect(short(wild, { url, entry: edge }, COMPLETE)).toBe(expected));
  test('the port in Host does not count', () => {
    expect(short(wild, at('/', { headers: { host: 'shop.example.com:8080' } }), COMPLETE)).toBe('web/b:80');
    expect(short(wild, at('/', { headers: { host: 'x.example.com:8080' } }), COMPLETE)).toBe('web/a:80');
  });
  test('two labels under a wildcard reach what stands for a missing include', () => {
    const objects = [...apps, httpProxy('web/wild', '*.example.com', { routes: [route('/ a')], includes: [{ name: 'gone', conditions: [{ prefix: '/g' }] }] })];
    expect(short(objects, { url: 'http://a.b.example.com/g', entry: edge }, COMPLETE)).toBe('502');
  });
});

describe('addresses and CORS', () => {
  const allow = (holder: any) => shop([route('/ a', holder)]);
  test('a route\'s own list takes the place of the host\'s', () => {
    const objects = shop([route('/ a'), route('/in b', { ipAllowPolicy: [{ source: 'Peer', cidr: '10.0.0.0/8' }] })], { virtualhost: { ipDenyPolicy: [{ source: 'Peer', cidr: '10.1.0.0/16' }] } });
    expect(short(objects, at('/', { sourceIp: '10.1.2.3' }), COMPLETE)).toBe('403');
    expect(short(objects, at('/', { sourceIp: '10.2.2.3' }), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/in', { sourceIp: '10.1.2.3' }), COMPLETE)).toBe('web/b:80');
    expect(short(objects, at('/in', { sourceIp: '192.0.2.1' }), COMPLETE)).toBe('403');
    expect(outcome(objects, at('/'), COMPLETE)).toMatchObject({ certainty: 'assumed', assumptions: ['the client\'s address is let in'] });
  });
  test.each([[{ ipAllowPolicy: [{ cidr: '10.0.0.0/8' }], ipDenyPolicy: [{ cidr: '10.0.0.1' }] }], [{ ipAllowPolicy: [{ cidr: 'nonsense' }] }]])('%j is refused', (holder) => {
    expect(short(allow(holder), at('/', { sourceIp: '10.0.0.1' }), COMPLETE)).toBe('404');
  });
  test('a preflight request is answered by Envoy', () => {
    const objects = shop([route('/ a')], { virtualhost: { corsPolicy: { allowOrigin: ['https://app.example.com', 'https://.*\\.test'], allowMethods: ['GET'] } } });
    const preflight = (origin: string) => at('/', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET' } });
    expect(short(objects, preflight('https://app.example.com'), COMPLETE)).toBe('200');
    expect(short(objects, preflight('https://x.test'), COMPLETE)).toBe('200');
    expect(short(objects, preflight('https://evil.example.com'), COMPLETE)).toBe('web/a:80');
    expect(short(objects, at('/', { method: 'OPTIONS' }), COMPLETE)).toBe('web/a:80');
  });
});

describe('services', () => {
  const external = (externalName: string) => [object('v1', 'Service', 'web/out', { type: 'ExternalName', externalName, ports: [{ port: 80 }] }), httpProxy('web/shop', 'shop.example.com', { routes: [route('/ out')] })];
  const enabled = { ...COMPLETE, contour: { enableExternalNameService: true } };
  test('external names need the switch, and may not be the proxy itself', () => {
    expect(short(external('api.example.org'), at('/'), COMPLETE)).toBe('503');
    expect(short(external('api.example.org'), at('/'), enabled)).toBe('Host api.example.org:80');
    for (const name of ['localhost', '127.0.0.1', 'local.projectcontour.io', '169.254.169.254', '::1', '0.0.0.0']) expect(short(external(name), at('/'), enabled)).toBe('503');
  });
  test('UDP ports are none', () => {
    const objects = [object('v1', 'Service', 'web/dns', { selector: { app: 'dns' }, ports: [{ port: 53, protocol: 'UDP' }] }), deployment('web/dns'), httpProxy('web/shop', 'shop.example.com', { routes: [route('/ dns:53')] })];
    expect(short(objects, at('/'), COMPLETE)).toBe('503');
  });
  test('a Service that the input lacks counts as there', () => {
    expect(outcome([httpProxy('web/shop', 'shop.example.com', { routes: [route('/ gone')] })], at('/'))).toMatchObject({
      kind: 'delivered', certainty: 'assumed', destination: { kind: 'Service', namespace: 'web', name: 'gone', port: 80 }, assumptions: ['Service/web/gone exists and has ready pods'],
    });
  });
  test.each([
    ['the protocol of the route', {}, { protocol: 'tls' }, true], ['h2', {}, { protocol: 'h2' }, true], ['h2c', {}, { protocol: 'h2c' }, false],
    ['the annotation by number', { 'projectcontour.io/upstream-protocol.tls': '443, 80' }, {}, true], ['the annotation by name', { 'projectcontour.io/upstream-protocol.h2': 'port-0' }, {}, true],
    ['the annotation for another port', { 'projectcontour.io/upstream-protocol.tls': '443' }, {}, false],
  ])('TLS to the service: %s', (_, annotations, more, tls) => {
    const objects = [service('web/a', [80], {}, annotations), deployment('web/a'), httpProxy('web/shop', 'shop.example.com', { routes: [{ conditions: [{ prefix: '/' }], services: [{ name: 'a', port: 80, ...more }] }] })];
    const found = outcome(objects, at('/'), COMPLETE);
    expect(found.request!.scheme).toBe(tls ? 'https' : 'http');
    expect(found.policies.some(({ name }) => name === 'upstreamTls')).toBe(tls);
  });
  test('appProtocol before annotations', () => {
    const objects = (appProtocol: string) => [service('web/a', [], { ports: [{ port: 80, appProtocol }] }, { 'projectcontour.io/upstream-protocol.tls': '80' }), deployment('web/a'), httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')] })];
    expect(outcome(objects('https'), at('/'), COMPLETE).request!.scheme).toBe('https');
    expect(outcome(objects('http'), at('/'), COMPLETE).request!.scheme).toBe('http');
  });
});
