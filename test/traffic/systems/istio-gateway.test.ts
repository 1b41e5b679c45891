import { answer, app, gateway, gatewayPods, object, only, server, to, virtualService } from './edge-fixtures';

const entry = 'Deployment/edge/gateway';
const at = (url: string, more: any = {}) => ({ url, entry, ...more });
const OLD = { creationTimestamp: '2020-01-01T00:00:00Z' };
const NEW = { creationTimestamp: '2021-01-01T00:00:00Z' };
const shop = (gateways: string[], hosts = ['shop.example.com'], spec: any = {}) => virtualService('web/shop', hosts, { gateways, http: [to('shop')], ...spec });
const simple = { mode: 'SIMPLE', credentialName: 'cert' };

describe('which Gateways configure the pods', () => {
  test('a Gateway of any namespace does, if its labels are on the pods', () => {
    const objects = [...gatewayPods(), ...app('web/shop'), gateway('elsewhere/public', [server('80 HTTP *')]), shop(['elsewhere/public'])];
    expect(answer(objects, at('http://shop.example.com:8080/'))).toBe('delivered Service/web/shop:80');
    expect(answer(objects, at('http://shop.example.com:8080/'), { istio: { scopeGatewayToNamespace: true } })).toBe('refused');
  });

  test('one with other labels does not', () => {
    const other = object('networking.istio.io/v1', 'Gateway', 'edge/other', { selector: { istio: 'other' }, servers: [server('80 HTTP *')] });
    expect(answer([...gatewayPods(), other], at('http://shop.example.com:8080/'))).toBe('refused');
  });

  test('without a selector it takes all gateway pods', () => {
    const any = object('networking.istio.io/v1', 'Gateway', 'edge/any', { servers: [server('80 HTTP *')] });
    expect(answer([...gatewayPods(), any], at('http://shop.example.com:8080/'))).toBe('responded 404');
  });

  test('one that names its Services listens on their ports only', () => {
    const named = object('networking.istio.io/v1', 'Gateway', 'edge/named', { servers: [server('80 HTTP *'), server('82 HTTP *')] }, { annotations: { 'internal.istio.io/gateway-service': 'gateway.edge.svc.cluster.local' } });
    expect(answer([...gatewayPods(), named], at('http://a.example.com:8080/'))).toBe('responded 404');
    expect(answer([...gatewayPods(), named], at('http://a.example.com:82/'))).toBe('refused');
    const foreign = { ...named, metadata: { ...named.metadata, namespace: 'web' } };
    expect(answer([...gatewayPods(), foreign], at('http://a.example.com:8080/'))).toBe('refused');
  });
});

describe('ports', () => {
  const objects = (number: number, service: any = {}) => [...gatewayPods(undefined, service), ...app('web/shop'), gateway('edge/g', [server(`${number} HTTP *`)]), shop(['edge/g'])];

  test.each([
    ['the port of a Service becomes what it targets', 80, 8080, 'delivered Service/web/shop:80'],
    ['the number itself is then not listened on', 80, 80, 'refused'],
    ['a number that no Service has stays', 9000, 9000, 'delivered Service/web/shop:80'],
    ['a target port named outright works too', 8080, 8080, 'delivered Service/web/shop:80'],
  ])('%s', (_, number, port, expected) => expect(answer(objects(number), at(`http://shop.example.com:${port}/`))).toBe(expected));

  test('a Service may opt out of the translation', () => {
    const service = { metadata: { labels: { 'experimental.istio.io/disable-gateway-port-translation': '' } } };
    expect(answer(objects(80, service), at('http://shop.example.com:80/'))).toBe('delivered Service/web/shop:80');
  });

  test('a server that binds the loopback is not reached', () => {
    const local = gateway('edge/g', [{ ...server('80 HTTP *'), bind: '127.0.0.1' }]);
    expect(answer([...gatewayPods(), local], at('http://a.example.com:8080/'))).toBe('refused');
  });

  test('match.port means the port of the server, not that of the pods', () => {
    const routes = (port: number) => [...gatewayPods(), ...app('web/shop'), gateway('edge/g', [server('80 HTTP *')]), shop(['edge/g'], undefined, { http: [to('shop', [{ port }])] })];
    expect(answer(routes(80), at('http://shop.example.com:8080/'))).toBe('delivered Service/web/shop:80');
    expect(answer(routes(8080), at('http://shop.example.com:8080/'))).toBe('responded 404');
  });
});

describe('merging of servers on one port', () => {
  const pods = [...gatewayPods(), ...app('web/shop'), ...app('web/bytes', { tcp: 90 }), ...app('web/other')];

  test('HTTP servers of several Gateways are one', () => {
    const objects = [...pods, gateway('a/a', [server('80 HTTP shop.example.com')]), gateway('b/b', [server('80 HTTP other.example.com')]),
      shop(['a/a']), virtualService('web/other', ['other.example.com'], { gateways: ['b/b'], http: [to('other')] })];
    expect(answer(objects, at('http://shop.example.com:8080/'))).toBe('delivered Service/web/shop:80');
    expect(answer(objects, at('http://other.example.com:8080/'))).toBe('delivered Service/web/other:80');
  });

  test('the older Gateway decides between HTTP and bytes', () => {
    const objects = (first: any, second: any) => [...pods, gateway('edge/bytes', [server('80 TCP *')], first), gateway('edge/http', [server('80 HTTP *')], second), shop(['edge/http'])];
    expect(answer(objects(NEW, OLD), at('http://shop.example.com:8080/'))).toBe('delivered Service/web/shop:80');
    expect(answer(objects(OLD, NEW), at('http://shop.example.com:8080/'))).toBe('refused');
    // Without times their names decide, which is said.
    expect(answer(objects({}, {}), at('http://shop.example.com:8080/'))).toBe('refused (assumed)');
  });

  test('of two TCP servers the later is dropped', () => {
    const tcp = virtualService('web/tcp', ['*'], { gateways: ['edge/g'], tcp: [{ route: [{ destination: { host: 'bytes' } }] }] });
    const objects = (other: string) => [...pods, gateway('edge/g', [server('80 TCP *')], OLD), gateway(`${other}/g`, [server('80 TCP *')], OLD), tcp];
    expect(answer(objects('zeta'), at('http://shop.example.com:8080/'))).toBe('delivered Service/web/bytes:90');
    expect(answer(objects('alpha'), at('http://shop.example.com:8080/'))).toBe('refused');
  });

  test('a server one of whose hosts another has with TLS is dropped as a whole', () => {
    const objects = [...pods, gateway('edge/a', [server('443 HTTPS shop.example.com', simple)], OLD), gateway('edge/b', [server('443 HTTPS shop.example.com other.example.com', simple)], NEW),
      shop(['edge/a']), virtualService('web/other', ['other.example.com'], { gateways: ['edge/b'], http: [to('other')] })];
    expect(answer(objects, at('https://shop.example.com:8443/'))).toBe('delivered Service/web/shop:80');
    expect(answer(objects, at('https://other.example.com:8443/'))).toBe('refused');
  });

  test('hosts that differ by namespace only slip through, and Envoy refuses the listener', () => {
    const objects = [...pods, gateway('a/g', [server('443 HTTPS ./*', simple)]), gateway('b/g', [server('443 HTTPS ./*', simple)])];
    expect(answer(objects, at('https://shop.example.com:8443/'))).toBe('refused (assumed)');
  });
});

describe('TLS', () => {
  const pods = [...gatewayPods(), ...app('web/shop', { https: 443, http: 80 }), ...app('web/other')];
  const both = [...pods, gateway('edge/a', [server('443 HTTPS shop.example.com', simple)], OLD), gateway('edge/b', [server('443 HTTPS *.example.com', simple)], OLD),
    shop(['edge/a'], undefined, { http: [{ route: [{ destination: { host: 'shop', port: { number: 80 } } }] }] }),
    virtualService('web/other', ['*.example.com'], { gateways: ['edge/b'], http: [to('other')] })];

  test.each([
    ['exact server names before wildcards', 'https://shop.example.com:8443/', {}, 'delivered Service/web/shop:80'],
    ['wildcards cover any depth', 'https://a.b.example.com:8443/', {}, 'delivered Service/web/other:80'],
    ['but not the bare domain', 'https://example.com:8443/', {}, 'refused'],
    ['in the clear nobody listens', 'http://shop.example.com:8443/', {}, 'refused'],
    ['the virtual hosts are those of the server that the handshake chose', 'https://shop.example.com:8443/', { sni: 'a.example.com' }, 'delivered Service/web/other:80'],
    ['the server of the handshake alone counts', 'https://a.example.com:8443/', { sni: 'shop.example.com' }, 'responded 404'],
  ])('%s', (_, url, more, expected) => expect(answer(both, at(url, more))).toBe(expected));

  test('a client certificate is a policy', () => {
    const mutual = [...pods, gateway('edge/g', [server('443 HTTPS *', { mode: 'MUTUAL', credentialName: 'c' })]), shop(['edge/g'], undefined, { http: [{ route: [{ destination: { host: 'shop', port: { number: 80 } } }] }] })];
    expect(only(mutual, at('https://shop.example.com:8443/')).policies.map(({ name }) => name)).toContain('authentication');
  });

  const passing = (tls: any[], hosts = ['shop.example.com'], mode = 'PASSTHROUGH') =>
    [...pods, gateway('edge/g', [server('443 TLS *.example.com', { mode })]), virtualService('web/shop', hosts, { gateways: ['edge/g'], tls })];
  const route = (host: string, number: number) => [{ destination: { host, port: { number } } }];

  test('TLS passes through by server name', () => {
    const objects = passing([{ match: [{ port: 443, sniHosts: ['shop.example.com'] }], route: route('shop', 443) }]);
    expect(only(objects, at('https://shop.example.com:8443/'))).toMatchObject({ kind: 'delivered', request: { scheme: 'https' }, destination: { name: 'shop', port: 443 } });
    expect(answer(objects, at('https://other.example.com:8443/'))).toBe('refused');
  });

  test('a rule one of whose names is taken is left out', () => {
    const objects = passing([
      { match: [{ sniHosts: ['shop.example.com'] }], route: route('shop', 443) },
      { match: [{ sniHosts: ['shop.example.com', 'b.example.com'] }], route: route('other', 80) },
    ], ['*.example.com']);
    expect(answer(objects, at('https://shop.example.com:8443/'))).toBe('delivered Service/web/shop:443');
    expect(answer(objects, at('https://b.example.com:8443/'))).toBe('refused');
  });

  test('a rule for another gateway or port does not count', () => {
    expect(answer(passing([{ match: [{ port: 444, sniHosts: ['shop.example.com'] }], route: route('shop', 443) }]), at('https://shop.example.com:8443/'))).toBe('refused');
    expect(answer(passing([{ match: [{ gateways: ['edge/x'], sniHosts: ['shop.example.com'] }], route: route('shop', 443) }]), at('https://shop.example.com:8443/'))).toBe('refused');
  });

  test('http routes of a server that passes TLS through are never asked', () => {
    const objects = [...pods, gateway('edge/g', [server('443 HTTPS shop.example.com', { credentialName: 'cert' })]), shop(['edge/g'])];
    expect(answer(objects, at('https://shop.example.com:8443/'))).toBe('refused');
  });

  test('TLS that ends goes on in the clear', () => {
    const objects = [...pods, gateway('edge/g', [server('443 TLS shop.example.com', simple)]), virtualService('web/shop', ['shop.example.com'], { gateways: ['edge/g'], tcp: [{ route: route('shop', 80) }] })];
    expect(only(objects, at('https://shop.example.com:8443/'))).toMatchObject({ destination: { port: 80 }, request: { scheme: 'http' } });
    expect(answer([...pods, objects[objects.length - 2]], at('https://shop.example.com:8443/'))).toBe('refused');
  });

  test('automatic passthrough takes the names that sidecars send, and no others', () => {
    const objects = [...pods, gateway('edge/g', [server('443 TLS *.local', { mode: 'AUTO_PASSTHROUGH' })])];
    expect(answer(objects, at('https://shop.example.com:8443/', { sni: 'outbound_.443_._.shop.web.svc.cluster.local' }))).toBe('delivered Service/web/shop:443 (assumed)');
    expect(answer(objects, at('https://shop.example.com:8443/'))).toBe('refused');
  });

  test('bytes in the clear may be TLS', () => {
    const objects = [...pods, gateway('edge/g', [server('443 TCP *')]), virtualService('web/shop', ['shop.example.com'], { gateways: ['edge/g'], tcp: [{ match: [{ port: 443 }], route: route('shop', 443) }] })];
    expect(answer(objects, at('https://anything.example.com:8443/'))).toBe('delivered Service/web/shop:443');
  });
});

describe('hosts and bindings', () => {
  const pods = [...gatewayPods(), ...app('web/shop'), ...app('web/other')];
  const on = (hosts: string, ...rest: any[]) => [...pods, gateway('edge/g', [server(`80 HTTP ${hosts}`)]), ...rest];

  test.each([
    ['a name in a namespace of its own', 'web/shop.example.com', 'delivered Service/web/shop:80'],
    ['of another namespace', 'team/shop.example.com', 'responded 404'],
    ['of the Gateway\'s namespace', './shop.example.com', 'responded 404'],
    ['of any', '*/shop.example.com', 'delivered Service/web/shop:80'],
    ['any host of any namespace', '*/*', 'delivered Service/web/shop:80'],
    ['a wildcard', '*.example.com', 'delivered Service/web/shop:80'],
    ['a narrower one', '*.shop.example.com', 'responded 404'],
  ])('server hosts: %s', (_, hosts, expected) => expect(answer(on(hosts, shop(['edge/g'])), at('http://shop.example.com:8080/'))).toBe(expected));

  test.each([
    ['ns/name', 'edge/g', 'delivered Service/web/shop:80'],
    ['a bare name is of the VirtualService\'s own namespace', 'g', 'responded 404'],
    ['name.ns', 'g.edge.svc.cluster.local', 'delivered Service/web/shop:80'],
    ['a missing one', 'edge/x', 'responded 404'],
  ])('gateways: %s', (_, name, expected) => expect(answer(on('*', shop([name])), at('http://shop.example.com:8080/'))).toBe(expected));

  test('exportTo is read from where the pods are', () => {
    expect(answer(on('*', shop(['edge/g'], undefined, { exportTo: ['.'] })), at('http://shop.example.com:8080/'))).toBe('responded 404');
    expect(answer(on('*', shop(['edge/g'], undefined, { exportTo: ['edge'] })), at('http://shop.example.com:8080/'))).toBe('delivered Service/web/shop:80');
    expect(answer(on('*', shop(['edge/g'], undefined, { exportTo: ['~'] })), at('http://shop.example.com:8080/'))).toBe('responded 404');
  });

  test('a short host is a Service of the VirtualService\'s namespace, never the Host', () => {
    expect(answer(on('*', shop(['edge/g'], ['shop'])), at('http://shop:8080/'))).toBe('responded 404');
    expect(answer(on('*', shop(['edge/g'], ['shop'])), at('http://shop.web.svc.cluster.local:8080/'))).toBe('delivered Service/web/shop:80');
  });

  test('Host: no port, no case, and one virtual host only', () => {
    const objects = on('*', shop(['edge/g'], ['Shop.example.com'], { http: [to('shop', [{ uri: { exact: '/a' } }])] }), virtualService('web/other', ['*'], { gateways: ['edge/g'], http: [to('other')] }));
    expect(answer(objects, at('http://SHOP.example.com:8080/a'))).toBe('delivered Service/web/shop:80');
    expect(answer(objects, at('http://shop.example.com:8080/b'))).toBe('responded 404');
    expect(answer(objects, at('http://x.example.com:8080/b'))).toBe('delivered Service/web/other:80');
  });

  test('a VirtualService without a route for the port makes no virtual host', () => {
    const objects = on('*', shop(['edge/g'], undefined, { http: [to('shop', [{ port: 443 }])] }), virtualService('web/other', ['*'], { gateways: ['edge/g'], http: [to('other')] }));
    expect(answer(objects, at('http://shop.example.com:8080/'))).toBe('delivered Service/web/other:80');
  });
});

describe('several VirtualServices of one host', () => {
  const pods = [...gatewayPods(), ...app('web/a'), ...app('web/b'), gateway('edge/g', [server('80 HTTP *')])];
  const of = (name: string, match: any[] | undefined, meta: any, spec: any = {}) => virtualService(`web/${name}`, ['shop.example.com'], { gateways: ['edge/g'], http: [to(name, match)], ...spec }, meta);

  test('the older shadows the newer, however specific', () => {
    const objects = [...pods, of('a', [{ uri: { prefix: '/api' } }], OLD), of('b', [{ uri: { prefix: '/api/v2' } }], NEW)];
    expect(answer(objects, at('http://shop.example.com:8080/api/v2'))).toBe('delivered Service/web/a:80');
  });

  test('routes that take everything go to the end', () => {
    for (const match of [undefined, [{}], [{ uri: { prefix: '/' } }], [{ uri: { regex: '.*' } }], [{ port: 80 }]]) {
      const objects = [...pods, of('a', match, OLD), of('b', [{ uri: { prefix: '/api' } }], NEW)];
      expect(answer(objects, at('http://shop.example.com:8080/api'))).toBe('delivered Service/web/b:80');
    }
    const headers = [...pods, of('a', [{ uri: { prefix: '/' }, headers: { x: {} } }], OLD), of('b', [{ uri: { prefix: '/api' } }], NEW)];
    expect(answer(headers, at('http://shop.example.com:8080/api', { headers: { x: '1' } }))).toBe('delivered Service/web/a:80');
  });

  test('behind a route that takes everything nothing of the same VirtualService is left', () => {
    const both = virtualService('web/a', ['shop.example.com'], { gateways: ['edge/g'], http: [to('a'), to('b', [{ uri: { prefix: '/b' } }])] });
    expect(answer([...pods, both], at('http://shop.example.com:8080/b'))).toBe('delivered Service/web/a:80');
  });

  test('without times of creation the answer is assumed; of equal times names decide', () => {
    const objects = (meta: any) => [...pods, of('b', [{ uri: { prefix: '/api' } }], meta), of('a', [{ uri: { prefix: '/api' } }], meta)];
    const outcome = only(objects({}), at('http://shop.example.com:8080/api'));
    expect(outcome).toMatchObject({ certainty: 'assumed', destination: { name: 'a' } });
    expect(outcome.assumptions[0]).toContain('VirtualService/web/a and VirtualService/web/b are created at the same time');
    expect(answer(objects(OLD), at('http://shop.example.com:8080/api'))).toBe('delivered Service/web/a:80');
  });

  test('private ones come first, whatever their age', () => {
    const own = virtualService('edge/own', ['shop.example.com'], { gateways: ['edge/g'], exportTo: ['.'], http: [to('b.web.svc.cluster.local', [{ uri: { prefix: '/api' } }])] }, NEW);
    expect(answer([...pods, of('a', [{ uri: { prefix: '/api' } }], OLD), own], at('http://shop.example.com:8080/api'))).toBe('delivered Service/web/b:80');
  });
});

describe('httpsRedirect', () => {
  const redirecting = server('80 HTTP shop.example.com', { httpsRedirect: true });
  const pods = (annotations: any = {}) => [...gatewayPods(undefined, {}, annotations), ...app('web/shop')];

  test('comes before any route, for hosts without a VirtualService too', () => {
    for (const rest of [[], [shop(['edge/g'])]]) {
      expect(answer([...pods(), gateway('edge/g', [redirecting]), ...rest], at('http://shop.example.com:8080/a?b=c', { headers: { Host: 'shop.example.com' } }))).toBe('redirected 301 https://shop.example.com/a?b=c');
    }
  });

  test('taints the host for every Gateway of the port', () => {
    const objects = [...pods(), gateway('edge/g', [server('80 HTTP shop.example.com')]), gateway('edge/h', [redirecting]), shop(['edge/g'])];
    expect(only(objects, at('http://shop.example.com:8080/')).kind).toBe('redirected');
  });

  test('behind a load balancer that ends TLS it goes round in circles unless that is trusted', () => {
    const objects = (annotations: any) => [...pods(annotations), gateway('edge/g', [redirecting]), shop(['edge/g'])];
    const request = at('http://shop.example.com:8080/', { headers: { 'X-Forwarded-Proto': 'https' } });
    expect(only(objects({}), request).kind).toBe('redirected');
    expect(answer(objects({}), request, { istio: { numTrustedProxies: 1 } })).toBe('delivered Service/web/shop:80');
    expect(answer(objects({ 'proxy.istio.io/config': '{"gatewayTopology": {"numTrustedProxies": 1}}' }), request)).toBe('delivered Service/web/shop:80');
  });

  test('an EnvoyFilter on the pods is something that the answer rests on', () => {
    const filter = object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'edge/patch', { workloadSelector: { labels: { istio: 'ingressgateway' } } });
    expect(only([...pods(), gateway('edge/g', [redirecting]), filter], at('http://shop.example.com:8080/')).assumptions[0]).toContain('EnvoyFilter/edge/patch');
  });
});

describe('Ingresses of class istio', () => {
  const ingress = (name: string, spec: any, meta: any = {}) => object('networking.k8s.io/v1', 'Ingress', `web/${name}`, spec, { annotations: { 'kubernetes.io/ingress.class': 'istio' }, ...meta });
  const path = (text: string, service: string, pathType = 'Prefix', port: any = { number: 80 }) => ({ path: text, pathType, backend: { service: { name: service, port } } });
  const pods = [...gatewayPods(), ...app('web/a'), ...app('web/b')];

  test('Exact before Prefix, longer before shorter, by whole segments', () => {
    const objects = [...pods, ingress('i', { rules: [{ host: 'x.example.com', http: { paths: [path('/', 'a'), path('/b', 'b'), path('/c*', 'b', 'ImplementationSpecific', { name: 'http' })] } }] })];
    expect(answer(objects, at('http://x.example.com:8080/b/1'))).toBe('delivered Service/web/b:80');
    expect(answer(objects, at('http://x.example.com:8080/bc'))).toBe('delivered Service/web/a:80');
    expect(answer(objects, at('http://x.example.com:8080/c1'))).toBe('delivered Service/web/b:80');
    expect(answer(objects, at('http://y.example.com:8080/'))).toBe('responded 404');
  });

  test('a host belongs to the Gateway of its oldest Ingress, and that may have lost its port', () => {
    const one = (name: string, meta: any) => ingress(name, { tls: [{ hosts: ['x.example.com'], secretName: 'c' }], rules: [{ host: 'x.example.com', http: { paths: [path(`/${name}`, name)] } }] }, { annotations: { 'kubernetes.io/ingress.class': 'istio' }, ...meta });
    const alphaFirst = [...pods, one('a', OLD), one('b', NEW)];
    expect(answer(alphaFirst, at('https://x.example.com:8443/b'))).toBe('delivered Service/web/b:80');
    const betaFirst = [...pods, one('a', NEW), one('b', OLD)];
    expect(answer(betaFirst, at('https://x.example.com:8443/b'))).toBe('responded 404');
    expect(answer(betaFirst, at('http://x.example.com:8080/b'))).toBe('delivered Service/web/b:80');
    expect(answer([...pods, one('a', {}), one('b', {})], at('https://x.example.com:8443/b'))).toBe('delivered Service/web/b:80 (assumed)');
  });

  test('the class decides, by annotation or by controller', () => {
    const spec = { ingressClassName: 'mesh', defaultBackend: { service: { name: 'a', port: { number: 80 } } } };
    const byClass = object('networking.k8s.io/v1', 'Ingress', 'web/i', spec);
    const istioClass = object('networking.k8s.io/v1', 'IngressClass', 'mesh', { controller: 'istio.io/ingress-controller' });
    expect(answer([...pods, byClass, istioClass], at('http://any.example.com:8080/x'))).toBe('delivered Service/web/a:80');
    expect(answer([...pods, byClass], at('http://any.example.com:8080/x'))).toBe('refused');
  });
});
