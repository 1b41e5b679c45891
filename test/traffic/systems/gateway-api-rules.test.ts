import { answer, answers, app, object, only, trace } from './edge-fixtures';

const GW = 'gateway.networking.k8s.io/v1';
const GRANT = 'gateway.networking.k8s.io/v1beta1';
const at = (path: string, more: any = {}) => ({ url: `http://x.example.com${path}`, entry: 'Gateway/web/g', ...more });
const ref = (name: string, more: any = {}) => ({ name, port: 80, ...more });
const rule = (backend: string | any[], matches?: any[], more: any = {}) => ({ backendRefs: typeof backend === 'string' ? [ref(backend)] : backend, ...(matches ? { matches } : {}), ...more });
const apps = [...app('web/a'), ...app('web/b'), ...app('web/c')];
const gateway = (port = 80) => object(GW, 'Gateway', 'web/g', { gatewayClassName: 'istio', listeners: [{ name: 'http', port, protocol: 'HTTP' }] });
const named = (name: string, rules: any[], meta: any = {}, kind = 'HTTPRoute') => object(GW, kind, `web/${name}`, { parentRefs: [{ name: 'g' }], rules }, meta);
const routes = (...rules: any[]) => [gateway(), ...apps, named('r', rules)];
const path = (value: string, type = 'PathPrefix', more: any = {}) => ({ path: { type, value }, ...more });
const to = (name: string) => `delivered Service/web/${name}:80`;

describe('matches', () => {
  test.each([
    [path('/v2'), '/v2', true], [path('/v2'), '/v2/', true], [path('/v2'), '/v2/x', true], [path('/v2'), '/v2x', false], [path('/v2/'), '/v2', true], [path('/v2'), '/V2', false],
    [path('/v2', 'Exact'), '/v2', true], [path('/v2', 'Exact'), '/v2/', false], [path('/v[0-9]', 'RegularExpression'), '/v2', true], [path('/v[0-9]', 'RegularExpression'), '/v2/x', false],
    [{ queryParams: [{ name: 'a', value: '1' }] }, '/?a=1&a=2', true], [{ queryParams: [{ name: 'a', value: '1', type: 'RegularExpression' }, { name: 'a', value: '2' }] }, '/?a=1', true],
    [{ method: 'GET' }, '/', true], [{ method: 'POST' }, '/', false],
    [{ headers: [{ name: 'X-A', value: 'b' }, { name: 'x-a', value: 'c' }] }, '/', true], [{ headers: [{ name: 'x-a', type: 'RegularExpression', value: 'b+' }] }, '/', true],
    [{ headers: [{ name: 'x-z', value: 'b' }] }, '/', false],
  ])('%j takes %s: %s', (match, url, expected) => {
    expect(answer(routes(rule('a', [match])), at(url, { headers: { 'x-a': 'b' } }))).toBe(expected ? to('a') : 'responded 404');
  });

  test.each([
    ['Exact before Prefix', path('/x/y', 'Exact'), path('/x/y'), '/x/y'],
    ['the longer prefix', path('/x/y'), path('/x'), '/x/y'],
    ['Prefix before RegularExpression', path('/x'), path('/x/.*', 'RegularExpression'), '/x/y'],
    ['a method', path('/x', 'PathPrefix', { method: 'GET' }), path('/x', 'PathPrefix', { headers: [{ name: 'h', value: '1' }] }), '/x'],
    ['more headers', path('/x', 'PathPrefix', { headers: [{ name: 'h', value: '1' }, { name: 'i', value: '1' }] }), path('/x', 'PathPrefix', { headers: [{ name: 'h', value: '1' }], queryParams: [{ name: 'q', value: '1' }] }), '/x?q=1'],
    ['more query parameters', path('/x', 'PathPrefix', { queryParams: [{ name: 'q', value: '1' }] }), path('/x'), '/x?q=1'],
  ])('%s, wherever it stands', (_, first, second, url) => {
    for (const rules of [[rule('a', [first]), rule('b', [second])], [rule('b', [second]), rule('a', [first])]]) {
      expect(answer(routes(...rules), at(url, { headers: { h: '1', i: '1' } }))).toBe(to('a'));
    }
  });

  test('else the older route, the name, the first rule', () => {
    const objects = (x: any, y: any) => [gateway(), ...apps, named('x', [rule('a'), rule('c')], x), named('y', [rule('b')], y)];
    const [OLD, NEW] = ['2020', '2021'].map((year) => ({ creationTimestamp: `${year}-01-01T00:00:00Z` }));
    expect(answer(objects(NEW, OLD), at('/'))).toBe(to('b'));
    expect(answer(objects(OLD, OLD), at('/'))).toBe(to('a'));
    expect(answer(objects({}, {}), at('/'))).toBe(`${to('a')} (assumed)`);
  });
});

describe('backends', () => {
  test('weights, and the shares of what is invalid', () => {
    expect(answers(routes(rule([ref('a', { weight: 9 }), ref('missing', { kind: 'Nonsense', weight: 1 })])), at('/'))).toEqual([`${to('a')} 90%`, 'responded 500 10%']);
    expect(answer(routes(rule([ref('a', { weight: 0 })])), at('/'))).toBe('responded 500');
    expect(answer(routes({}), at('/'))).toBe('responded 500');
    expect(answer(routes(rule([ref('a', { port: 81 })])), at('/'))).toBe('responded 500');
    expect(answer(routes(rule([{ name: 'a' }])), at('/'))).toBe('responded 500');
    expect(answer(routes(rule([ref('gone')])), at('/'), { complete: true })).toBe('responded 500');
    expect(answer(routes(rule([ref('gone')])), at('/'))).toBe('delivered Service/web/gone:80 (assumed)');
  });

  test('of another namespace need a grant there', () => {
    const grant = (kind: string, name?: string) => object(GRANT, 'ReferenceGrant', 'team/g', { from: [{ group: 'gateway.networking.k8s.io', kind, namespace: 'web' }], to: [{ group: '', kind: 'Service', ...(name ? { name } : {}) }] });
    const objects = (...more: any[]) => [...routes(rule([ref('x', { namespace: 'team' })])), ...app('team/x'), ...more];
    expect(answer(objects(), at('/'))).toBe('responded 500 (assumed)');
    expect(answer(objects(), at('/'), { complete: true })).toBe('responded 500');
    expect(answer(objects(grant('HTTPRoute')), at('/'))).toBe('delivered Service/team/x:80');
    expect(answer(objects(grant('HTTPRoute', 'x')), at('/'))).toBe('delivered Service/team/x:80');
    expect(answer(objects(grant('HTTPRoute', 'y')), at('/'))).toBe('responded 500');
    expect(answer(objects(grant('GRPCRoute')), at('/'))).toBe('responded 500');
  });

  test('what only the controller knows is left open', () => {
    expect(answer(routes(rule([ref('a', { group: 'net.gke.io', kind: 'ServiceImport' })])), at('/'))).toBe('undetermined');
    expect(answer(routes(rule('a', undefined, { filters: [{ type: 'ExtensionRef', extensionRef: { group: 'x.io', kind: 'Limit', name: 'l' } }] })), at('/'))).toBe('undetermined');
  });

  test('BackendTLSPolicy: for the port before for the Service, then the older', () => {
    const policy = (name: string, hostname: string, sectionName?: string, meta: any = {}) => object(GW, 'BackendTLSPolicy', `web/${name}`, { targetRefs: [{ group: '', kind: 'Service', name: 'a', ...(sectionName ? { sectionName } : {}) }], validation: { hostname } }, meta);
    const said = (...more: any[]) => {
      const outcome = only([...routes(rule('a')), ...more], at('/'));
      return [outcome.request!.scheme, ...outcome.policies.filter(({ name }) => name === 'upstreamTls').map(({ value }) => value)];
    };
    expect(said()).toEqual(['http']);
    expect(said(policy('p', 'whole'))).toEqual(['https', 'verified as whole']);
    expect(said(policy('p', 'whole'), policy('q', 'port', 'http'))).toEqual(['https', 'verified as port']);
    expect(said(policy('p', 'other', 'metrics'))).toEqual(['http']);
    expect(said(policy('p', 'new', undefined, { creationTimestamp: '2022-01-01T00:00:00Z' }), policy('q', 'old', undefined, { creationTimestamp: '2020-01-01T00:00:00Z' }))).toEqual(['https', 'verified as old']);
  });
});

describe('filters', () => {
  const filtered = (filters: any[], match: any = path('/x'), objects?: any[]) => objects ?? routes(rule('a', [match], { filters }));
  const redirect = (requestRedirect: any, url = '/x/y?q=1', port = 80) => answer([gateway(port), ...apps, named('r', [{ matches: [path('/x')], filters: [{ type: 'RequestRedirect', requestRedirect }] }])],
    { url: `http://x.example.com${port === 80 ? '' : `:${port}`}${url}`, entry: 'Gateway/web/g' });

  test.each([
    [{ hostname: 'b.example.com' }, 80, 'redirected 302 http://b.example.com/x/y?q=1'],
    [{ statusCode: 301 }, 80, 'redirected 301 http://x.example.com/x/y?q=1'],
    [{ scheme: 'https' }, 80, 'redirected 302 https://x.example.com/x/y?q=1'],
    [{ scheme: 'https' }, 8080, 'redirected 302 https://x.example.com/x/y?q=1'],
    [{ scheme: 'https', port: 8443 }, 80, 'redirected 302 https://x.example.com:8443/x/y?q=1'],
    [{ hostname: 'b.example.com' }, 8080, 'redirected 302 http://b.example.com:8080/x/y?q=1'],
    [{ port: 80 }, 8080, 'redirected 302 http://x.example.com/x/y?q=1'],
    [{ path: { type: 'ReplaceFullPath', replaceFullPath: '/z' } }, 80, 'redirected 302 http://x.example.com/z?q=1'],
    [{ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/z' } }, 80, 'redirected 302 http://x.example.com/z/y?q=1'],
  ])('redirect %j on port %d', (to1, port, expected) => expect(redirect(to1, undefined, port)).toBe(expected));

  test.each([
    ['/', '/x/y', '/y'], ['/', '/x', '/'], ['/z', '/x', '/z'], ['/z/', '/x/y', '/z/y'], ['/z', '/x/', '/z/'], ['', '/x/y', '/y'],
  ])('rewrite of the prefix by %s: %s becomes %s', (replacePrefixMatch, url, expected) => {
    expect(only(filtered([{ type: 'URLRewrite', urlRewrite: { hostname: 'h', path: { type: 'ReplacePrefixMatch', replacePrefixMatch } } }]), at(url)).request).toMatchObject({ path: expected, host: 'h' });
  });

  test('rewrite of the whole path keeps the query', () => {
    expect(only(filtered([{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/n' } } }]), at('/x/y?q=1')).request!.path).toBe('/n?q=1');
  });

  test('headers, of the rule and then of the backend', () => {
    const modifier = (value: any) => [{ type: 'RequestHeaderModifier', requestHeaderModifier: value }];
    const objects = routes(rule([ref('a', { filters: modifier({ add: [{ name: 'y', value: '2' }], remove: ['z'] }) })], undefined, { filters: modifier({ set: [{ name: 'X', value: '1' }], add: [{ name: 'y', value: '1' }] }) }));
    const { headers } = only(objects, at('/', { headers: { x: '0', y: '0', z: '0' } })).request!;
    expect(headers).toEqual({ x: '1', y: '0, 1, 2' });
  });

  test('response headers, timeouts and retries are policies', () => {
    const { policies } = only(routes(rule('a', undefined, {
      timeouts: { request: '10s', backendRequest: '1s' },
      retry: { attempts: 2 },
      filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { set: [{ name: 'a' }], add: [{ name: 'b' }], remove: ['c'] } }, { type: 'ExternalAuth' }],
    })), at('/'));
    expect(policies.map(({ name, value }) => `${name} ${value}`)).toEqual(['timeout 10s', 'timeout 1s for each try', 'authentication external authorization', 'retries 2', 'responseHeaders sets a, adds b, removes c']);
    expect(only(routes(rule('a', undefined, { timeouts: { request: '0s' } })), at('/')).policies).toEqual([]);
  });

  test('mirrors get a copy, unless their share is nothing', () => {
    const mirrored = (more: any) => trace(routes(rule('a', undefined, { filters: [{ type: 'RequestMirror', requestMirror: { backendRef: ref('b'), ...more } }] })), at('/')).mirrors.map(({ name }) => name);
    expect(mirrored({})).toEqual(['b']);
    expect(mirrored({ percent: 20 })).toEqual(['b']);
    expect(mirrored({ percent: 0 })).toEqual([]);
    expect(mirrored({ fraction: { numerator: 1, denominator: 2 } })).toEqual(['b']);
    expect(mirrored({ fraction: { numerator: 0 } })).toEqual([]);
  });

  test('a redirect of one backend answers its share', () => {
    const objects = routes(rule([ref('a', { filters: [{ type: 'RequestRedirect', requestRedirect: { hostname: 'r.example.com' } }] }), ref('b')]));
    expect(answers(objects, at('/'))).toEqual(['redirected 302 http://r.example.com/ 50%', `${to('b')} 50%`]);
  });

  test('CORS answers preflight requests of its origins', () => {
    const cors = (origin: string, method = 'OPTIONS') => answer(routes(rule('a', undefined, { filters: [{ type: 'CORS', cors: { allowOrigins: ['https://a.example.com', 'https://*.b.example.com'] } }] })),
      at('/', { method, headers: { origin, 'access-control-request-method': 'PUT' } }));
    expect(cors('https://a.example.com')).toBe('responded 200');
    expect(cors('https://x.b.example.com')).toBe('responded 200');
    expect(cors('https://c.example.com')).toBe(to('a'));
    expect(cors('https://a.example.com', 'GET')).toBe(to('a'));
  });
});

describe('GRPCRoute', () => {
  const grpc = (method: string, rules: any[]) => answer([gateway(), ...apps, named('r', rules, {}, 'GRPCRoute')], { url: `grpc://x.example.com${method}`, entry: 'Gateway/web/g', headers: { v: '1' } });
  const by = (backend: string, method: any, headers?: any[]) => rule(backend, [{ ...(method ? { method } : {}), ...(headers ? { headers } : {}) }]);

  test.each([
    ['service and method', { service: 's.S', method: 'M' }, '/s.S/M', true],
    ['another method', { service: 's.S', method: 'M' }, '/s.S/N', false],
    ['the service alone', { service: 's.S' }, '/s.S/N', true],
    ['not what begins like it', { service: 's.S' }, '/s.Sx/N', false],
    ['the method alone', { method: 'M' }, '/any.T/M', true],
    ['dots are dots', { method: 'M.' }, '/any.T/Mx', false],
    ['by regular expression', { type: 'RegularExpression', service: 's\\.[ST]', method: 'M.*' }, '/s.T/Mx', true],
    ['a service by regular expression', { type: 'RegularExpression', service: 's\\.[ST]' }, '/s.T/Mx', true],
    ['a method by regular expression', { type: 'RegularExpression', method: 'M+' }, '/s.T/MM', true],
    ['nothing: everything', undefined, '/s.T/MM', true],
  ])('%s', (_, method, url, expected) => expect(grpc(url, [by('a', method)])).toBe(expected ? to('a') : 'responded 404'));

  test('the more precise first, headers after', () => {
    expect(grpc('/s.S/M', [by('a', { service: 's.S' }), by('b', { service: 's.S', method: 'M' }), by('c', undefined)])).toBe(to('b'));
    expect(grpc('/s.S/M', [by('a', { service: 's.S' }), by('b', { service: 's.S' }, [{ name: 'v', value: '1' }])])).toBe(to('b'));
    expect(grpc('/s.S/M', [by('a', { type: 'RegularExpression', service: 's.S', method: 'M' }), by('b', { service: 's.S', method: 'M' })])).toBe(to('b'));
  });

  test('shares a host with HTTPRoutes', () => {
    const objects = [gateway(), ...apps, named('g', [by('a', { service: 's.S' })], {}, 'GRPCRoute'), named('h', [rule('b')])];
    expect(answer(objects, at('/s.S/M'))).toBe(to('a'));
    expect(answer(objects, at('/'))).toBe(to('b'));
  });
});
