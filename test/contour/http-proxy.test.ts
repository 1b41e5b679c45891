import { Duration, JsonPatch } from 'cdk8s';
import { Service as PlusService } from 'cdk8s-plus-27';
import { contour, platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { HeaderCondition, HttpProxy, PathCondition, ProxyTimeout, ProxyTls, QueryCondition, RedirectPath, ServiceTarget } = contour;

function proxyIn(scope = chart(), props: contour.HttpProxyProps = { host: 'shop.example.com', tls: ProxyTls.secret('shop-tls') }) {
  const proxy = new HttpProxy(scope, 'Shop', props);
  return { scope, proxy, spec: () => only(synthesized(scope), 'HTTPProxy', 'shop').spec, routes: () => only(synthesized(scope), 'HTTPProxy', 'shop').spec.routes };
}
const api = ServiceTarget.named('api', 80);

test('a host with TLS and two weighted Services', () => {
  const { scope, proxy } = proxyIn();
  proxy.forward({ path: PathCondition.prefix('/api'), to: [api.weight(90), ServiceTarget.named('api-next', 8080).weight(10)] });
  expect(synthesized(scope)).toEqual([{
    apiVersion: 'projectcontour.io/v1',
    kind: 'HTTPProxy',
    metadata: { name: 'shop', namespace: 'web' },
    spec: {
      virtualhost: { fqdn: 'shop.example.com', tls: { secretName: 'shop-tls' } },
      routes: [{
        conditions: [{ prefix: '/api' }],
        services: [{ name: 'api', port: 80, weight: 90 }, { name: 'api-next', port: 8080, weight: 10 }],
      }],
    },
  }]);
});

test('every setting of a route arrives and suits the schema', () => {
  const { scope, proxy, routes } = proxyIn();
  proxy.forward({
    path: PathCondition.prefix('/api'),
    to: [ServiceTarget.named('api', 50051, {
      protocol: contour.UpstreamProtocol.H2C, healthPort: 8081, requestHeaders: { set: { 'x-upstream': 'api' } }, responseHeaders: { remove: ['server'] },
    })],
    mirror: ServiceTarget.named('shadow', 80),
    mirrorPercent: 5,
    requestHeaders: { set: { 'x-edge': 'contour', 'Host': 'api.internal' }, remove: ['x-secret'] },
    responseHeaders: { set: { 'x-frame-options': 'DENY' } },
    responseTimeout: ProxyTimeout.after(Duration.seconds(60)),
    idleTimeout: ProxyTimeout.never(),
    idleConnectionTimeout: ProxyTimeout.after(Duration.millis(1500)),
    retries: { count: 3, on: [contour.RetryOn.GATEWAY_ERROR, contour.RetryOn.STATUS_CODES], statusCodes: [429], perTryTimeout: Duration.seconds(2) },
    websockets: true,
    permitInsecure: true,
  });
  expect(routes()).toEqual([{
    conditions: [{ prefix: '/api' }],
    permitInsecure: true,
    services: [
      {
        name: 'api',
        port: 50051,
        protocol: 'h2c',
        healthPort: 8081,
        requestHeadersPolicy: { set: [{ name: 'x-upstream', value: 'api' }] },
        responseHeadersPolicy: { remove: ['server'] },
      },
      { name: 'shadow', port: 80, mirror: true, weight: 5 },
    ],
    requestHeadersPolicy: { set: [{ name: 'x-edge', value: 'contour' }, { name: 'Host', value: 'api.internal' }], remove: ['x-secret'] },
    responseHeadersPolicy: { set: [{ name: 'x-frame-options', value: 'DENY' }] },
    timeoutPolicy: { response: '60s', idle: 'infinity', idleConnection: '1500ms' },
    retryPolicy: { count: 3, retryOn: ['gateway-error', 'retriable-status-codes'], retriableStatusCodes: [429], perTryTimeout: '2000ms' },
    enableWebsockets: true,
  }]);
  expect(synthesized(scope).flatMap(schemaErrors)).toEqual([]);
});

test('Services of any cdk8s library, without weights in equal shares', () => {
  const { scope, proxy, routes } = proxyIn();
  const plus = new PlusService(scope, 'Plus', { ports: [{ port: 80 }], metadata: { name: 'plus' } });
  const ours = new platform.Service(scope, 'Ours', { ports: [{ port: 81, name: 'http' }] });
  proxy.forward({ to: [ServiceTarget.of(plus, 80), ServiceTarget.of(ours, 81)] });
  expect(routes()).toEqual([{
    conditions: [{ prefix: '/' }],
    services: [{ name: 'plus', port: 80, weight: 1 }, { name: 'ours', port: 81, weight: 1 }],
  }]);
});

test('a wildcard host, a delegated certificate, the oldest TLS and a class', () => {
  const { proxy, spec } = proxyIn(chart(), {
    host: '*.example.com', ingressClassName: 'edge', tls: ProxyTls.delegatedSecret('certificates', 'wildcard', { minimumVersion: contour.TlsVersion.V1_3 }),
  });
  proxy.forward({ to: [api] });
  expect(spec()).toMatchObject({
    ingressClassName: 'edge',
    virtualhost: { fqdn: '*.example.com', tls: { secretName: 'certificates/wildcard', minimumProtocolVersion: '1.3' } },
  });
});

describe('conditions', () => {
  test('the path is the last of them, where alone Contour reads its kind', () => {
    const { scope, proxy, routes } = proxyIn();
    proxy.forward({
      path: PathCondition.exactly('/login'),
      headers: [HeaderCondition.exactly('x-env', 'blue', { ignoreCase: true }), HeaderCondition.isNot('x-bot', 'yes', { fitsMissing: true }), HeaderCondition.methodIs('POST')],
      query: [QueryCondition.startsWith('next', '/')],
      to: [api],
    });
    proxy.forward({
      path: PathCondition.regex('/v[0-9]+/.*'),
      headers: [
        HeaderCondition.isPresent('a'), HeaderCondition.isAbsent('b'), HeaderCondition.contains('c', '1'), HeaderCondition.doesNotContain('d', '1'), HeaderCondition.matches('e', '[a-z]+'),
      ],
      query: [
        QueryCondition.isPresent('a'), QueryCondition.exactly('b', '1'), QueryCondition.endsWith('c', '1'), QueryCondition.contains('d', '1', { ignoreCase: true }),
        QueryCondition.matches('e', '[a-z]+'),
      ],
      to: [api],
    });
    expect(routes().map((route: any) => route.conditions)).toEqual([
      [
        { header: { name: 'x-env', exact: 'blue', ignoreCase: true } },
        { header: { name: 'x-bot', notexact: 'yes', treatMissingAsEmpty: true } },
        { header: { name: ':method', exact: 'POST' } },
        { queryParameter: { name: 'next', prefix: '/' } },
        { exact: '/login' },
      ],
      [
        { header: { name: 'a', present: true } },
        { header: { name: 'b', notpresent: true } },
        { header: { name: 'c', contains: '1' } },
        { header: { name: 'd', notcontains: '1' } },
        { header: { name: 'e', regex: '[a-z]+' } },
        { queryParameter: { name: 'a', present: true } },
        { queryParameter: { name: 'b', exact: '1' } },
        { queryParameter: { name: 'c', suffix: '1' } },
        { queryParameter: { name: 'd', contains: '1', ignoreCase: true } },
        { queryParameter: { name: 'e', regex: '[a-z]+' } },
        { regex: '/v[0-9]+/.*' },
      ],
    ]);
    expect(synthesized(scope).flatMap(schemaErrors)).toEqual([]);
  });

  test('under() is the path and what is below it, no word that begins alike', () => {
    const { proxy, routes } = proxyIn();
    proxy.forward({ path: PathCondition.under('/shop'), to: [api] }).forward({ path: PathCondition.under('/'), to: [api] });
    expect(routes().map((route: any) => route.conditions)).toEqual([[{ exact: '/shop' }], [{ prefix: '/shop/' }], [{ prefix: '/' }]]);
  });

  test.each([
    [() => PathCondition.prefix('api'), 'PathCondition.prefix: a path begins with "/", got "api"'],
    [() => PathCondition.exactly(''), 'PathCondition.exactly: a path begins with "/", got ""'],
    [() => PathCondition.under('/a?b=c'), 'PathCondition.under: a path holds no "?", "#" or space'],
    [() => PathCondition.under('/a/'), 'PathCondition.under: the path is written without a slash at its end, got "/a/"'],
    [() => PathCondition.prefix('/a//b'), 'a path with "//" never fits, since slashes are merged first'],
    [() => PathCondition.regex('[a-z]'), 'PathCondition.regex: a pattern begins with "/"'],
    [() => PathCondition.regex('/(?!admin).*'), 'RE2 knows no look-around and no back reference'],
    [() => HeaderCondition.exactly('', 'x'), 'HeaderCondition.exactly: a header\'s name is a word such as "x-tenant", got ""'],
    [() => HeaderCondition.isPresent('a b'), 'HeaderCondition.isPresent: a header\'s name is a word'],
    [() => HeaderCondition.exactly('a', ''), 'the value must not be empty; use isPresent() or isAbsent()'],
    [() => HeaderCondition.matches('a', ''), 'HeaderCondition.matches: a pattern must not be empty'],
    [() => HeaderCondition.methodIs('get'), 'a method is written in upper case, such as "GET", got "get"'],
    [() => QueryCondition.isPresent(''), 'the parameter\'s name must not be empty'],
    [() => QueryCondition.contains('a', ''), 'QueryCondition.contains: the value must not be empty'],
  ])('refuses %#', (make, message) => {
    expect(make).toThrow(message);
  });

  test.each([
    [[HeaderCondition.exactly('x', '1'), HeaderCondition.exactly('X', '2')], [], 'header "X" cannot have two values'],
    [[HeaderCondition.isPresent('x'), HeaderCondition.isAbsent('x')], [], 'header "x" cannot be both present and absent'],
    [[HeaderCondition.isNot('x', '1'), HeaderCondition.exactly('x', '1')], [], 'header "x" cannot both be "1" and another'],
    [[HeaderCondition.contains('x', '1'), HeaderCondition.doesNotContain('x', '1')], [], 'header "x" cannot both hold and lack "1"'],
    [[], [QueryCondition.exactly('x', '1'), QueryCondition.exactly('x', '2')], 'query parameter "x" cannot have two values'],
  ])('refuses conditions that contradict each other %#', (headers, query, message) => {
    const { proxy } = proxyIn();
    expect(() => proxy.forward({ headers, query, to: [api] })).toThrow(`HTTPProxy web/shop: route for every path: ${message}`);
  });

  test('conditions that do not contradict each other are left alone', () => {
    const { proxy } = proxyIn();
    expect(() => proxy.forward({
      headers: [HeaderCondition.isPresent('x'), HeaderCondition.exactly('x', '1'), HeaderCondition.isNot('x', '2'), HeaderCondition.contains('x', '1'), HeaderCondition.doesNotContain('x', '2')],
      query: [QueryCondition.exactly('X', '1'), QueryCondition.exactly('x', '2')],
      to: [api],
    })).not.toThrow();
  });

  test('refuses a second route for the same requests, in whatever order its conditions are given', () => {
    const { proxy } = proxyIn();
    const [a, b] = [HeaderCondition.exactly('x-a', '1'), HeaderCondition.exactly('x-b', '1')];
    proxy.forward({ path: PathCondition.prefix('/api'), headers: [a, b], to: [api] });
    expect(() => proxy.respond({ path: PathCondition.prefix('/api'), headers: [b, a], statusCode: 404 }))
      .toThrow('HTTPProxy web/shop: route "/api": the route "/api" fits the same requests, and only the later one would be served');
    expect(() => proxy.forward({ path: PathCondition.prefix('/api'), headers: [a], to: [api] })).not.toThrow();
    expect(() => proxy.forward({ path: PathCondition.exactly('/api'), headers: [a, b], to: [api] })).not.toThrow();
  });
});

describe('rewriting', () => {
  const rewritten = (routes: any[]) => routes.map((route) => [
    ...route.conditions.map((each: any) => each.prefix ?? each.header), route.pathRewritePolicy.replacePrefix,
  ]);

  test('a prefix always gets both variants, so that a second route with the same prefix changes nothing', () => {
    const { proxy, routes } = proxyIn();
    proxy.forward({ path: PathCondition.prefix('/foo'), rewrite: '/', to: [api] });
    proxy.forward({ path: PathCondition.prefix('/foo'), headers: [HeaderCondition.isPresent('x')], rewrite: '/bar', to: [api] });
    expect(rewritten(routes())).toEqual([
      ['/foo', [{ replacement: '/' }]],
      ['/foo/', [{ replacement: '/' }]],
      [{ name: 'x', present: true }, '/foo', [{ replacement: '/bar' }]],
      [{ name: 'x', present: true }, '/foo/', [{ replacement: '/bar/' }]],
    ]);
  });

  test('under() keeps words that begin alike out of the rewriting', () => {
    const { proxy, routes } = proxyIn();
    proxy.forward({ path: PathCondition.under('/v1.0/foo'), rewrite: '/bar/', to: [api] });
    expect(rewritten(routes())).toEqual([
      [{ name: ':path', regex: '/v1\\.0/foo(\\?.*)?' }, '/v1.0/foo', [{ replacement: '/bar' }]],
      ['/v1.0/foo/', [{ replacement: '/bar/' }]],
    ]);
  });

  test('the whole host keeps the slash between what is added and what was asked for', () => {
    const { proxy, routes } = proxyIn();
    proxy.forward({ rewrite: '/shop', to: [api] });
    expect(rewritten(routes())).toEqual([['/', [{ replacement: '/shop/' }]]]);
  });

  test('an included proxy rewrites the whole of what it was included for', () => {
    const { proxy, routes } = proxyIn(chart(), {});
    proxy.forward({ rewrite: '/', to: [api] });
    expect(routes().map((route: any) => [route.conditions, route.pathRewritePolicy.replacePrefix])).toEqual([
      [undefined, [{ replacement: '/' }]],
      [[{ prefix: '/' }], [{ replacement: '/' }]],
    ]);
  });

  test('refuses what Contour would drop or widen', () => {
    const { proxy } = proxyIn();
    const rewrite = (path: contour.PathCondition, to = '/') => () => proxy.forward({ path, rewrite: to, to: [api] });
    expect(rewrite(PathCondition.exactly('/a'))).toThrow('route "/a": only a prefix can be rewritten, got the exact path "/a"; use PathCondition.under()');
    expect(rewrite(PathCondition.regex('/a.*'))).toThrow('got the pattern "/a.*"');
    expect(rewrite(PathCondition.prefix('/a/'))).toThrow('Contour would rewrite "/a" and all that begins with it, too; use PathCondition.under("/a")');
    expect(rewrite(PathCondition.prefix('/a'), 'b')).toThrow('rewrite: a path begins with "/", got "b"');
    const { proxy: child } = proxyIn(chart(), {});
    expect(() => child.forward({ path: PathCondition.under('/a'), rewrite: '/', to: [api] })).toThrow('use PathCondition.prefix()');
  });
});

describe('Services', () => {
  test.each([
    [() => api.weight(-1), 'ServiceTarget api: weight must be a whole number, 0 or more, got -1'],
    [() => api.weight(0.5), 'got 0.5'],
    [() => ServiceTarget.named('api', 0), 'ServiceTarget api: port must be a whole number from 1 to 65535, got 0'],
    [() => ServiceTarget.named('api', 65536), 'got 65536'],
    [() => ServiceTarget.named('', 80), 'ServiceTarget.named: name must not be empty'],
    [() => ServiceTarget.named('my_api', 80), 'ServiceTarget.named: name must be'],
    [() => ServiceTarget.named('api', 80, { healthPort: 70000 }), 'healthPort must be a whole number from 1 to 65535'],
    [() => ServiceTarget.named('api', 80, { requestHeaders: { set: { 'a b': '1' } } }), 'requestHeaders: set: a header\'s name is a word'],
    [() => ServiceTarget.named('api', 80, { requestHeaders: { set: { Host: '%REQ(x-host)%' } } }), 'requestHeaders: set: "Host" is not taken from another header here'],
    [() => ServiceTarget.named('api', 80, { responseHeaders: { set: { host: 'x' } } }), 'responseHeaders: set: "Host" is a header of requests only'],
  ])('refuses %#', (make, message) => {
    expect(make).toThrow(message);
  });

  test('weights are of all or of none, and of more than 0', () => {
    const { proxy } = proxyIn();
    const other = ServiceTarget.named('other', 80);
    expect(() => proxy.forward({ to: [] })).toThrow('HTTPProxy web/shop: route for every path: a route leads to at least one Service, got none');
    expect(() => proxy.forward({ to: [api.weight(1), other] })).toThrow('other:80 has no weight, where others have');
    expect(() => proxy.forward({ to: [api.weight(0), other.weight(0)] })).toThrow('the weights of api:80, other:80 sum to 0');
    expect(() => proxy.forward({ to: [api.weight(1), other.weight(0)] })).not.toThrow();
  });

  test('a Service has to have the port, speak TCP on it, and live beside the proxy', () => {
    const { scope, proxy } = proxyIn();
    const service = new platform.Service(scope, 'Ours', { ports: [{ port: 81, name: 'http' }, { port: 53, name: 'dns', protocol: 'UDP' }] });
    const elsewhere = new platform.Service(scope, 'Elsewhere', { namespace: 'other', ports: [{ port: 80, name: 'http' }] });
    expect(() => proxy.forward({ to: [ServiceTarget.of(elsewhere, 80)] })).toThrow('Service/other/elsewhere is in another namespace, where Contour does not follow');
    expect(() => ServiceTarget.of(proxy, 80)).toThrow('ServiceTarget.of: expected a Service, got HTTPProxy/web/shop');
    proxy.forward({ path: PathCondition.prefix('/a'), to: [ServiceTarget.of(service, 81)] });
    expect(() => synthesized(scope)).not.toThrow();
    proxy.forward({ path: PathCondition.prefix('/b'), to: [ServiceTarget.of(service, 53)] });
    expect(() => synthesized(scope)).toThrow('HTTPProxy/web/shop: Service/web/ours has no TCP port 53; its ports are 81');
  });

  test('mirrors have a share and nothing else', () => {
    const { proxy } = proxyIn();
    const shadow = ServiceTarget.named('shadow', 80);
    expect(() => proxy.forward({ to: [api], mirror: ServiceTarget.named('shadow', 80, { requestHeaders: { remove: ['x'] } }) })).toThrow('the mirror shadow:80 changes headers, which Contour ignores');
    expect(() => proxy.forward({ to: [api], mirror: shadow.weight(1) })).toThrow('its share is `mirrorPercent`');
    expect(() => proxy.forward({ to: [api], mirror: shadow, mirrorPercent: 101 })).toThrow('mirrorPercent must be a whole number from 1 to 100, got 101');
    expect(() => proxy.forward({ to: [api], mirrorPercent: 1 })).toThrow('mirrorPercent goes with `mirror`');
  });

  test('a header is set in one place', () => {
    const { proxy } = proxyIn();
    const target = ServiceTarget.named('api', 80, { requestHeaders: { set: { 'X-Tenant': 'a' } } });
    expect(() => proxy.forward({ to: [target], requestHeaders: { set: { 'x-tenant': 'b' } } })).toThrow('header "X-Tenant" is set by the route and by api:80, and the route\'s value wins');
    expect(() => proxy.forward({ to: [target], requestHeaders: { set: { 'x-other': 'b' } } })).not.toThrow();
  });

  test('refuses headers, retries and timeouts that Contour or Envoy would', () => {
    const { proxy } = proxyIn();
    const forward = (options: Partial<contour.ForwardRouteOptions>) => () => proxy.forward({ to: [api], ...options });
    expect(forward({ requestHeaders: { set: { 'x-a': '1', 'X-A': '2' } } })).toThrow('requestHeaders: set: header "X-A" is given twice');
    expect(forward({ requestHeaders: { remove: ['Host'] } })).toThrow('requestHeaders: remove: a request cannot go without "Host"');
    expect(forward({ responseHeaders: { set: { 'x-a': '' } } })).toThrow('responseHeaders: set: the value of "x-a" must not be empty');
    expect(forward({ retries: { count: 0 } })).toThrow('retries.count must be a whole number, 1 or more, got 0');
    expect(forward({ retries: { statusCodes: [99], on: [contour.RetryOn.STATUS_CODES] } })).toThrow('a status code is from 100 to 599, got 99');
    expect(forward({ retries: { statusCodes: [429] } })).toThrow('retries.statusCodes and RetryOn.STATUS_CODES go together');
    expect(() => ProxyTimeout.after(Duration.seconds(0))).toThrow('ProxyTimeout.after: a timeout is longer than nothing, got 0 ms');
  });
});

describe('redirects and answers', () => {
  test('redirects, 302 unless told', () => {
    const { scope, proxy, routes } = proxyIn();
    proxy.redirect({ path: PathCondition.exactly('/old'), to: RedirectPath.exactly('/new') });
    proxy.redirect({ path: PathCondition.prefix('/a/'), to: RedirectPath.replacePrefix('/b/'), status: contour.RedirectStatus.PERMANENT });
    proxy.redirect({ path: PathCondition.under('/c'), to: RedirectPath.replacePrefix('/d') });
    proxy.redirect({ path: PathCondition.exactly('/elsewhere'), scheme: 'https', host: 'www.example.com', port: 8443 });
    expect(routes().map((route: any) => [route.conditions, route.requestRedirectPolicy])).toEqual([
      [[{ exact: '/old' }], { path: '/new', statusCode: 302 }],
      [[{ prefix: '/a/' }], { prefix: '/b/', statusCode: 308 }],
      [[{ exact: '/c' }], { path: '/d', statusCode: 302 }],
      [[{ prefix: '/c/' }], { prefix: '/d/', statusCode: 302 }],
      [[{ exact: '/elsewhere' }], { scheme: 'https', hostname: 'www.example.com', port: 8443, statusCode: 302 }],
    ]);
    expect(synthesized(scope).flatMap(schemaErrors)).toEqual([]);
  });

  test('refuses redirects that go nowhere or astray', () => {
    const { proxy } = proxyIn();
    expect(() => proxy.redirect({})).toThrow('a redirect that changes nothing never ends');
    expect(() => proxy.redirect({ scheme: 'ftp' })).toThrow('scheme must be "http" or "https", got "ftp"');
    expect(() => proxy.redirect({ host: '*.example.com' })).toThrow('host must be a DNS name in lower case, got "*.example.com"');
    expect(() => proxy.redirect({ port: 0 })).toThrow('port must be a whole number');
    expect(() => proxy.redirect({ path: PathCondition.prefix('/a/'), to: RedirectPath.replacePrefix('/b') })).toThrow('"/a/" and "/b" must both end with a slash, or neither');
    expect(() => proxy.redirect({ path: PathCondition.exactly('/a'), to: RedirectPath.replacePrefix('/b') })).toThrow('only a prefix can be replaced');
    expect(() => RedirectPath.exactly('b')).toThrow('RedirectPath.exactly: a path begins with "/"');
  });

  test('answers of Envoy\'s own', () => {
    const { proxy, routes } = proxyIn();
    proxy.respond({ path: PathCondition.prefix('/down'), statusCode: 503, body: 'later' });
    expect(routes()).toEqual([{ conditions: [{ prefix: '/down' }], directResponsePolicy: { statusCode: 503, body: 'later' } }]);
    expect(() => proxy.respond({ statusCode: 199 })).toThrow('statusCode must be a whole number from 200 to 599, got 199');
  });
});

describe('includes', () => {
  test('leaves requests to proxies of this and other namespaces', () => {
    const { scope, proxy, spec } = proxyIn();
    const beside = new HttpProxy(scope, 'Beside').forward({ to: [api] });
    const elsewhere = HttpProxy.fromHttpProxyAttributes(scope, 'Elsewhere', { proxyName: 'blog', namespace: 'blog' });
    proxy.include(beside);
    proxy.include(elsewhere, { prefix: '/blog', headers: [HeaderCondition.isPresent('x')], query: [QueryCondition.isPresent('y')] });
    expect(spec().includes).toEqual([
      { name: 'beside' },
      { name: 'blog', namespace: 'blog', conditions: [{ header: { name: 'x', present: true } }, { queryParameter: { name: 'y', present: true } }, { prefix: '/blog' }] },
    ]);
    expect(synthesized(scope).flatMap(schemaErrors)).toEqual([]);
  });

  test('refuses includes that Contour would', () => {
    const { scope, proxy } = proxyIn();
    const part = new HttpProxy(scope, 'Part');
    const root = new HttpProxy(scope, 'Root', { host: 'b.example.com' });
    expect(() => proxy.include(proxy)).toThrow('a proxy cannot include itself');
    expect(() => proxy.include(root)).toThrow('HTTPProxy web/shop: include of web/root: it answers host "b.example.com" itself');
    expect(() => proxy.include(part, { prefix: 'blog' })).toThrow('a path begins with "/", got "blog"');
    proxy.include(part, { prefix: '/a' });
    expect(() => proxy.include(part, { prefix: '/a' })).toThrow('another include has the same conditions');
    expect(() => HttpProxy.fromHttpProxyAttributes(scope, 'Bad', { proxyName: 'Blog', namespace: 'blog' })).toThrow('HTTPProxy blog/Blog: name must be');
  });

  test('a circle is an error', () => {
    const { scope, proxy } = proxyIn();
    const [a, b] = [new HttpProxy(scope, 'A'), new HttpProxy(scope, 'B')];
    proxy.include(a);
    a.include(b, { prefix: '/b' });
    b.forward({ to: [api] });
    expect(() => synthesized(scope)).not.toThrow();
    b.include(a, { prefix: '/a' });
    expect(() => synthesized(scope)).toThrow('HTTPProxy/web/shop: the proxies that it includes include each other in a circle');
  });
});

test('refuses a host, a name or TLS that Contour would not take', () => {
  const scope = chart();
  expect(() => new HttpProxy(scope, 'A', { host: 'Shop.example.com' })).toThrow('HTTPProxy web/a: host must be a DNS name in lower case');
  expect(() => new HttpProxy(scope, 'B', { host: '' })).toThrow('got ""');
  expect(() => new HttpProxy(scope, 'C', { name: 'not a name' })).toThrow('name must be');
  expect(() => new HttpProxy(scope, 'D', { tls: ProxyTls.secret('x') })).toThrow('TLS belongs to a host');
  expect(() => ProxyTls.secret('')).toThrow('ProxyTls.secret: Secret: name must not be empty');
  expect(() => ProxyTls.delegatedSecret('a.b', 'x')).toThrow('ProxyTls.delegatedSecret: namespace: name must be');
  const plain = new HttpProxy(scope, 'E', { host: 'e.example.com' });
  expect(() => plain.forward({ to: [api], permitInsecure: true })).toThrow('permitInsecure goes with `tls`');
  expect(() => synthesized(scope)).toThrow('HTTPProxy/web/e: it has no route');
});

test('a host belongs to one proxy of a class', () => {
  const scope = chart();
  new HttpProxy(scope, 'A', { host: 'a.example.com' });
  expect(() => new HttpProxy(scope, 'B', { host: 'a.example.com', namespace: 'other' }))
    .toThrow('HTTPProxy other/b: host "a.example.com" is that of HTTPProxy/web/a already, and Contour would serve neither');
  expect(() => new HttpProxy(scope, 'C', { host: 'a.example.com', ingressClassName: 'internal' })).not.toThrow();
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const { proxy, spec } = proxyIn();
  proxy.forward({ to: [api] });
  proxy.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { clusterIP: 1 }));
  expect(spec().brandNew).toEqual({ clusterIP: 1 });
});
