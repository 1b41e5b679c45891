import { answer, answers, app, gatewayPods, namespace, object, only, trace } from './edge-fixtures';

const GW = 'gateway.networking.k8s.io/v1';
const OLD = { creationTimestamp: '2020-01-01T00:00:00Z' };
const NEW = { creationTimestamp: '2021-01-01T00:00:00Z' };
const entry = 'Gateway/web/g';
const at = (url: string, more: any = {}) => ({ url, entry, ...more });
/** A listener: `http 80 HTTP *.example.com`. */
const listener = (text: string, more: any = {}) => {
  const [name, port, protocol, hostname] = text.split(' ');
  return { name, port: Number(port), protocol, ...(hostname ? { hostname } : {}), ...(protocol === 'HTTPS' ? { tls: { certificateRefs: [{ name: 'cert' }] } } : {}), ...more };
};
const gw = (listeners: any[], spec: any = {}) => object(GW, 'Gateway', 'web/g', { gatewayClassName: 'istio', listeners, ...spec });
const ref = (name: string, more: any = {}) => ({ name, port: 80, ...more });
const rule = (backend: string | any[], more: any = {}) => ({ backendRefs: typeof backend === 'string' ? [ref(backend)] : backend, ...more });
const route = (name: string, rules: any[], spec: any = {}, meta: any = {}, kind = 'HTTPRoute') => object(GW, kind, name, { parentRefs: [{ name: 'g', namespace: 'web' }], rules, ...spec }, meta);
const path = (value: string, type = 'PathPrefix', more: any = {}) => ({ path: { type, value }, ...more });
const apps = [...app('web/a'), ...app('web/b'), ...app('web/c')];
const http = [gw([listener('http 80 HTTP')]), ...apps];
const to = (name: string) => `delivered Service/web/${name}:80`;

describe('attachment', () => {
  const two = (parent: any, listeners: any[] = [listener('one 80 HTTP one.example.com'), listener('two 8080 HTTP two.example.com')]) =>
    [gw(listeners), ...apps, route('web/r', [rule('a')], { parentRefs: [{ name: 'g', ...parent }] })];

  test('by name, section, port and kind', () => {
    expect(answer(two({}), at('http://one.example.com/'))).toBe(to('a'));
    expect(answer(two({}), at('http://two.example.com:8080/'))).toBe(to('a'));
    expect(answer(two({ sectionName: 'two' }), at('http://one.example.com/'))).toBe('responded 404');
    expect(answer(two({ port: 80 }), at('http://two.example.com:8080/'))).toBe('responded 404');
    expect(answer(two({ name: 'other' }), at('http://one.example.com/'))).toBe('responded 404');
    expect(answer(two({}, [listener('one 80 HTTP', { allowedRoutes: { kinds: [{ kind: 'GRPCRoute' }] } })]), at('http://one.example.com/'))).toBe('responded 404');
    expect(answer(two({}), at('http://one.example.com:81/'))).toBe('refused');
  });

  const across = (namespaces: any, ...more: any[]) => answer([gw([listener('http 80 HTTP', namespaces ? { allowedRoutes: { namespaces } } : {})]), ...app('team/x'),
    route('team/r', [{ backendRefs: [ref('x')] }]), ...more], at('http://x.example.com/'));
  const X = 'delivered Service/team/x:80';

  test('namespaces: their own, all, or by label', () => {
    expect(across(undefined)).toBe('responded 404');
    expect(across({ from: 'All' })).toBe(X);
    const selector = { matchLabels: { edge: 'yes' } };
    expect(across({ from: 'Selector', selector }, namespace('team', { edge: 'yes' }))).toBe(X);
    expect(across({ from: 'Selector', selector }, namespace('team'))).toBe('responded 404');
    // Nobody here knows the labels of a namespace that is not in the input.
    expect(across({ from: 'Selector', selector })).toBe(`${X} (assumed)`);
    expect(across({ from: 'Selector', selector: { matchLabels: { 'kubernetes.io/metadata.name': 'team' } } })).toBe(X);
    expect(across({ from: 'Selector', selector: { matchExpressions: [{ key: 'edge', operator: 'Exists' }] } }, namespace('team', { edge: '1' }))).toBe(X);
    expect(across({ from: 'None' })).toBe('responded 404');
  });
});

describe('hostnames', () => {
  test.each([
    ['*.example.com', ['a.example.com'], 'a.example.com', to('a')],
    ['*.example.com', ['a.example.com'], 'b.example.com', 'responded 404'],
    ['*.example.com', ['*.example.com'], 'x.y.example.com', to('a')],
    ['*.example.com', ['example.com'], 'example.com', 'responded 404'],
    ['a.example.com', ['*.example.com'], 'a.example.com', to('a')],
    ['a.example.com', ['*.example.com'], 'b.example.com', 'responded 404'],
    ['a.example.com', undefined, 'A.example.com', to('a')],
    [undefined, ['a.example.com'], 'a.example.com:8080', to('a')],
    [undefined, undefined, 'any.example.org', to('a')],
    ['*.a.example.com', ['*.example.com'], 'x.a.example.com', to('a')],
  ])('listener %s, route %s, Host %s', (own, hostnames, host, expected) => {
    const objects = [gw([listener(`http 80 HTTP${own ? ` ${own}` : ''}`)]), ...apps, route('web/r', [rule('a')], hostnames ? { hostnames } : {})];
    expect(answer(objects, at('http://x.example.net/', { headers: { Host: host } }))).toBe(expected);
  });

  test('the listener with the most specific name takes the request, and its routes alone', () => {
    const objects = [gw([listener('any 80 HTTP'), listener('wild 80 HTTP *.example.com'), listener('exact 80 HTTP a.example.com')]), ...apps,
      ...['any', 'wild', 'exact'].map((sectionName, i) => route(`web/${sectionName}`, [rule('abc'[i], { matches: [path(`/${sectionName}`)] })], { parentRefs: [{ name: 'g', sectionName }] }))];
    expect(answer(objects, at('http://a.example.com/exact'))).toBe(to('c'));
    expect(answer(objects, at('http://a.example.com/wild'))).toBe('responded 404');
    expect(answer(objects, at('http://b.example.com/wild'))).toBe(to('b'));
    expect(answer(objects, at('http://b.example.com/any'))).toBe('responded 404');
    expect(answer(objects, at('http://b.example.org/any'))).toBe(to('a'));
  });

  test('a route with a narrower name does not take it from the listener that has it', () => {
    const objects = [gw([listener('any 80 HTTP'), listener('exact 80 HTTP a.example.com')]), ...apps, route('web/r', [rule('a')], { hostnames: ['a.example.com'], parentRefs: [{ name: 'g', sectionName: 'any' }] })];
    expect(answer(objects, at('http://a.example.com/'))).toBe('responded 404');
  });

  test('names of routes: exact before wildcards, no way back', () => {
    const objects = [...http, route('web/x', [rule('a', { matches: [path('/a')] })], { hostnames: ['a.example.com'] }), route('web/y', [rule('b')], { hostnames: ['*.example.com'] })];
    expect(answer(objects, at('http://a.example.com/a'))).toBe(to('a'));
    expect(answer(objects, at('http://a.example.com/b'))).toBe('responded 404');
    expect(answer(objects, at('http://z.example.com/b'))).toBe(to('b'));
  });

  test('two listeners that cannot be told apart are both left out; of two owners the first keeps its place', () => {
    expect(answer([gw([listener('one 80 HTTP a.example.com'), listener('two 80 HTTPS a.example.com')]), ...apps, route('web/r', [rule('a')])], at('http://a.example.com/'))).toBe('refused');
    const set = (name: string, meta: any) => object(GW, 'ListenerSet', `web/${name}`, { parentRef: { name: 'g' }, listeners: [listener(`${name} 80 HTTP a.example.com`)] }, meta);
    const via = (name: string) => route(`web/r${name}`, [rule(name)], { parentRefs: [{ kind: 'ListenerSet', name, namespace: 'web' }] });
    const objects = (x: any, y: any) => [gw([listener('own 80 HTTP own.example.com')], { allowedListeners: { namespaces: { from: 'Same' } } }), ...apps, set('a', x), set('b', y), via('a'), via('b')];
    expect(answer(objects(OLD, NEW), at('http://a.example.com/'))).toBe(to('a'));
    expect(answer(objects(NEW, OLD), at('http://a.example.com/'))).toBe(to('b'));
    expect(answer(objects(OLD, NEW), at('http://own.example.com/'))).toBe('responded 404');
  });

  test('ListenerSets have to be allowed', () => {
    const set = object(GW, 'ListenerSet', 'team/set', { parentRef: { name: 'g', namespace: 'web' }, listeners: [listener('http 80 HTTP s.example.com')] });
    const objects = (from: string) => [gw([listener('own 80 HTTP own.example.com')], { allowedListeners: { namespaces: { from } } }), ...app('team/x'), set, route('team/r', [{ backendRefs: [ref('x')] }], { parentRefs: [{ kind: 'ListenerSet', name: 'set' }] })];
    expect(answer(objects('All'), at('http://s.example.com/'))).toBe('delivered Service/team/x:80');
    expect(answer(objects('Same'), at('http://s.example.com/'))).toBe('responded 404');
  });
});

describe('TLS', () => {
  const secure = [gw([listener('any 443 HTTPS'), listener('second 443 HTTPS second.example.org'), listener('wild 443 HTTPS *.wildcard.org')]), ...apps,
    route('web/1', [rule('a')], { hostnames: ['example.org'] }), route('web/2', [rule('b')], { hostnames: ['second.example.org'] }), route('web/3', [rule('c')], { hostnames: ['x.wildcard.org', 'y.wildcard.org'] })];

  test.each([
    ['example.org', 'example.org', to('a')],
    ['second.example.org', 'second.example.org', to('b')],
    ['x.wildcard.org', 'y.wildcard.org', to('c')],
    ['unknown.example.org', 'example.org', to('a')],
    ['example.org', 'unknown.example.org', 'responded 404'],
    ['example.org', 'second.example.org', 'responded 421 (assumed)'],
    ['second.example.org', 'example.org', 'responded 421 (assumed)'],
    ['x.wildcard.org', 'second.example.org', 'responded 421 (assumed)'],
  ])('server name %s, Host %s', (sni, host, expected) => expect(answer(secure, at('https://x/', { sni, headers: { Host: host } }))).toBe(expected));

  test('without another listener for the name it is 404', () => {
    const one = [gw([listener('one 443 HTTPS a.example.org')]), ...apps, route('web/r', [rule('a')])];
    expect(answer(one, at('https://a.example.org/', { headers: { Host: 'b.example.org' } }))).toBe('responded 404');
    expect(answer(one, at('https://b.example.org/'))).toBe('refused');
    expect(answer(one, at('http://a.example.org:443/'))).toBe('refused');
  });

  test('certificates of another namespace have to be granted, and to exist', () => {
    const objects = (...more: any[]) => [gw([listener('s 443 HTTPS', { tls: { certificateRefs: [{ name: 'c', namespace: 'certs' }] } })]), ...apps, route('web/r', [rule('a')]), ...more];
    const grant = object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'certs/g', { from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'web' }], to: [{ group: '', kind: 'Secret', name: 'c' }] });
    expect(answer(objects(), at('https://x.example.org/'))).toBe('refused (assumed)');
    expect(answer(objects(), at('https://x.example.org/'), { complete: true })).toBe('refused');
    expect(answer(objects(grant), at('https://x.example.org/'))).toBe(to('a'));
    expect(answer(objects(grant), at('https://x.example.org/'), { complete: true })).toBe('refused');
    expect(answer(objects(grant, object('v1', 'Secret', 'certs/c', {})), at('https://x.example.org/'), { complete: true })).toBe(to('a'));
  });

  test('client certificates are a policy', () => {
    const objects = [gw([listener('s 443 HTTPS')], { tls: { frontend: { default: { validation: { caCertificateRefs: [] } } } } }), ...apps, route('web/r', [rule('a')])];
    expect(only(objects, at('https://x.example.org/')).policies.map(({ value }) => value)).toContain('client certificate');
  });

  test('TLSRoutes pass TLS through, or go on in the clear behind it', () => {
    const objects = (mode: string) => [gw([listener('tls 443 TLS', { tls: { mode } })]), ...apps, route('web/r', [rule('a')], { hostnames: ['a.example.org', '*.b.example.org'] }, {}, 'TLSRoute')];
    expect(only(objects('Passthrough'), at('https://a.example.org/'))).toMatchObject({ destination: { name: 'a' }, request: { scheme: 'https' } });
    expect(only(objects('Terminate'), at('https://x.b.example.org/'))).toMatchObject({ destination: { name: 'a' }, request: { scheme: 'http' } });
    expect(answer(objects('Passthrough'), at('https://c.example.org/'))).toBe('refused');
  });

  test('HTTPS and TLS share a port by name', () => {
    const objects = [gw([listener('h 443 HTTPS h.example.org'), listener('t 443 TLS t.example.org', { tls: { mode: 'Passthrough' } })]), ...apps,
      route('web/h', [rule('a')]), route('web/t', [rule('b')], { hostnames: ['t.example.org'] }, {}, 'TLSRoute')];
    expect(answer(objects, at('https://h.example.org/'))).toBe(to('a'));
    expect(answer(objects, at('https://t.example.org/'))).toBe(to('b'));
  });
});

describe('TCP', () => {
  const tcp = (...routes: any[]) => [gw([listener('tcp 9000 TCP')]), ...apps, ...routes];
  const one = (name: string, backend: any, meta: any = {}) => route(`web/${name}`, [rule(backend)], {}, meta, 'TCPRoute');

  test('bytes go to the backends by weight, whatever they are', () => {
    const objects = tcp(one('r', [ref('a', { weight: 3 }), ref('b')]));
    expect(answers(objects, at('http://x:9000/'))).toEqual([`${to('a')} 75%`, `${to('b')} 25%`]);
    expect(answers(objects, at('https://x:9000/'))).toHaveLength(2);
  });

  test('of two routes the older has the port; without times it is assumed', () => {
    expect(answer(tcp(one('x', 'a', NEW), one('y', 'b', OLD)), at('http://x:9000/'))).toBe(to('b'));
    expect(answer(tcp(one('x', 'a'), one('y', 'b')), at('http://x:9000/'))).toBe(`${to('a')} (assumed)`);
  });

  test('nothing to go to closes the connection', () => {
    expect(answer(tcp(), at('http://x:9000/'))).toBe('refused');
    expect(answer(tcp(one('r', [ref('a', { weight: 0 })])), at('http://x:9000/'))).toBe('refused');
    expect(answer(tcp(one('r', [ref('a', { port: 99 })])), at('http://x:9000/'))).toBe('refused');
  });
});

describe('entries', () => {
  test('the Service that Istio makes, and pods that carry the Gateway\'s name', () => {
    const lb = object('networking.k8s.io/v1', 'Ingress', 'web/i', { ingressClassName: 'alb', defaultBackend: { service: { name: 'g-istio', port: { number: 80 } } } }, { annotations: { 'alb.ingress.kubernetes.io/target-type': 'ip' } });
    expect(answer([...http, route('web/r', [rule('a')]), lb], { url: 'http://x.example.com/', entry: 'Ingress/web/i' })).toBe(to('a'));
    const pods = app('web/own', 80, { labels: { 'gateway.networking.k8s.io/gateway-name': 'g' } });
    expect(answer([...http, route('web/r', [rule('a')]), ...pods], { url: 'http://x.example.com:80/', entry: 'Deployment/web/own' })).toBe(to('a'));
  });

  test('a Gateway on pods that somebody else made listens behind their Service', () => {
    const placed = { ...gw([listener('http 80 HTTP')], { addresses: [{ type: 'Hostname', value: 'gateway.edge.svc.cluster.local' }] }), metadata: { name: 'g', namespace: 'edge' } };
    const objects = [...gatewayPods(), placed, ...app('edge/x'), route('edge/r', [{ backendRefs: [ref('x')] }], { parentRefs: [{ name: 'g' }] })];
    expect(answer(objects, { url: 'http://x.example.com/', entry: 'Service/edge/gateway' })).toBe('delivered Service/edge/x:80');
    expect(answer(objects, { url: 'http://x.example.com:8080/', entry: 'Deployment/edge/gateway' })).toBe('delivered Service/edge/x:80');
    expect(answer(objects, { url: 'https://x.example.com/', entry: 'Service/edge/gateway' })).toBe('refused');
  });

  test('from the internet, unless it has an internal Service', () => {
    expect(answer([...http, route('web/r', [rule('a')])], 'http://x.example.com/')).toBe(to('a'));
    const internal = { ...http[0], metadata: { ...http[0].metadata, annotations: { 'networking.istio.io/service-type': 'ClusterIP' } } };
    expect(answer([internal, ...apps, route('web/r', [rule('a')])], 'http://x.example.com/')).toBe('refused');
    expect(trace([...http], 'http://x.example.com/').toString()).toContain('Gateway/web/g');
  });
});
