import { answer, answers, app, injected, namespace, NETWORKING, object, only, to, trace, virtualService } from './edge-fixtures';

const from = 'Deployment/team/client';
const call = (url: string, more: any = {}) => ({ url, from, ...more });
const client = [injected('team'), ...app('team/client')];
const web = [injected('web'), ...app('web/a', { http: 80, other: 8080 }), ...app('web/b', { http: 80, other: 8080 }), ...app('web/only', { other: 8080 })];
const base = [...client, ...web];
const OLD = { creationTimestamp: '2020-01-01T00:00:00Z' };
const NEW = { creationTimestamp: '2021-01-01T00:00:00Z' };
const A = 'a.web.svc.cluster.local';
const B = 'b.web.svc.cluster.local';
const vs = (name: string, hosts: string[], http: any[], meta: any = {}, spec: any = {}) => virtualService(name, hosts, { http, ...spec }, meta);
const sidecar = (hosts: any[], spec: any = {}) => object(NETWORKING, 'Sidecar', 'team/default', { egress: [{ hosts }], ...spec });
const entry = (name: string, spec: any) => object(NETWORKING, 'ServiceEntry', `team/${name}`, spec);

describe('names', () => {
  test.each([
    [`http://${A}/`, 'delivered Service/web/a:80'],
    ['http://a.web.svc/', 'delivered Service/web/a:80'],
    ['http://a.web:8080/', 'delivered Service/web/a:8080'],
    ['http://client/', 'delivered Service/team/client:80'],
    ['http://elsewhere.example.com/', 'delivered Host/elsewhere.example.com:80'],
    [`https://${A}/`, 'delivered Service/web/a:443'],
  ])('%s', (url, expected) => {
    const [destination] = expected.includes(':443') ? ['refused'] : [expected];
    expect(answer(base, call(url))).toBe(destination);
  });

  test('a bare name is of the caller\'s namespace only', () => {
    expect(answer(base, call('http://a/'), { complete: true })).not.toContain('Service/web/a');
  });

  test('pods behind a headless Service by their own names', () => {
    const headless = app('team/db', 80, { service: { clusterIP: 'None' } });
    for (const host of ['db-0.db.team.svc.cluster.local', 'db-0.db.team.svc', 'db-0.db.team', 'db-0.db', 'db']) {
      expect(answer([...base, ...headless], call(`http://${host}/`))).toBe('delivered Service/team/db:80');
    }
  });

  test('addresses of Services and ServiceEntries', () => {
    const address = app('web/ip', 80, { service: { clusterIP: '10.0.0.9' } });
    const vip = entry('ext', { hosts: ['x.example.org'], addresses: ['240.0.0.1'], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] });
    expect(answer([...base, ...address], call('http://10.0.0.9/'))).toBe('delivered Service/web/ip:80');
    expect(answer([...base, vip], call('http://240.0.0.1/'))).toBe('delivered Host/x.example.org:80');
    expect(answer([...base, vip], call('http://x.example.org/'))).toBe('delivered Host/x.example.org:80');
  });

  test('the sidecar\'s own ports let nobody through', () => {
    expect(answer(base, call(`http://${A}:15001/`))).toBe('refused');
    expect(answer(base, call(`https://${A}:15006/`))).toBe('refused');
  });

  test('without a sidecar DNS alone decides', () => {
    const plain = [namespace('team'), ...app('team/client'), ...web, vs('web/v', [A], [to(B)])];
    expect(answer(plain, call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer(plain, call('http://x.example.com/'))).toBe('delivered Host/x.example.com:80');
  });
});

describe('VirtualServices', () => {
  test('apply on every port of the service, from any namespace', () => {
    for (const where of ['web', 'team', 'third']) {
      expect(answer([...base, vs(`${where}/v`, [A], [to(B)])], call(`http://${A}/`))).toBe('delivered Service/web/b:80');
      expect(answer([...base, vs(`${where}/v`, [A], [to(B)])], call(`http://${A}:8080/`))).toBe('delivered Service/web/b:8080');
    }
  });

  test('of two for one host the older alone counts', () => {
    const objects = [...base, vs('web/new', [A], [to(B, [{ uri: { prefix: '/x' } }])], NEW), vs('team/old', [A], [to(A, [{ uri: { prefix: '/y' } }])], OLD)];
    expect(answer(objects, call(`http://${A}/y`))).toBe('delivered Service/web/a:80');
    expect(answer(objects, call(`http://${A}/x`))).toBe('responded 404');
  });

  test('one without a route for the port or the sender leaves the service as it is', () => {
    const objects = (match: any) => [...base, vs('web/v', [A], [to(B, [match])])];
    expect(answer(objects({ port: 8080 }), call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer(objects({ port: 8080 }), call(`http://${A}:8080/`))).toBe('delivered Service/web/b:8080');
    expect(answer(objects({ sourceLabels: { app: 'x' } }), call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer(objects({ sourceNamespace: 'team' }), call(`http://${A}/`))).toBe('delivered Service/web/b:80');
    expect(answer(objects({ gateways: ['edge/g'] }), call(`http://${A}/`))).toBe('delivered Service/web/a:80');
  });

  test('gateways without mesh leave sidecars alone', () => {
    expect(answer([...base, vs('web/v', [A], [to(B)], {}, { gateways: ['edge/g'] })], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer([...base, vs('web/v', [A], [to(B)], {}, { gateways: ['edge/g', 'mesh'] })], call(`http://${A}/`))).toBe('delivered Service/web/b:80');
    expect(answer([...base, vs('web/v', [A], [to(B)], {}, { exportTo: ['.'] })], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
  });

  test('names before wildcards, whatever their age', () => {
    const objects = [...base, vs('team/wild', ['*.cluster.local'], [to('client')], OLD), vs('team/exact', [A], [to(B)], NEW)];
    expect(answer(objects, call(`http://${A}/`))).toBe('delivered Service/web/b:80');
    expect(answer(objects, call(`http://${B}/`))).toBe('delivered Service/team/client:80');
    // Services have the wildcard; it is no host of its own then.
    expect(answer(objects, call('http://x.example.cluster.local/'))).toBe('delivered Host/x.example.cluster.local:80');
  });

  test('hosts that no service has are served on port 80', () => {
    const objects = [...base, vs('team/v', ['*.unknown.example.com', 'foo.example.com'], [to(B)])];
    expect(answer(objects, call('http://x.unknown.example.com/'))).toBe('delivered Service/web/b:80');
    expect(answer(objects, call('http://foo.example.com/'))).toBe('delivered Service/web/b:80');
    expect(answer(objects, call('http://foo.example.com:8080/'))).toBe('delivered Host/foo.example.com:8080');
  });

  test('beside a host that has a service they are served on its ports', () => {
    const objects = [...base, vs('team/v', [A, 'foo.example.com'], [to(B)])];
    expect(answer(objects, call('http://foo.example.com:8080/'))).toBe('delivered Service/web/b:8080');
  });

  test('where nobody has HTTP on port 80 the sidecar does not look', () => {
    const objects = [injected('team'), ...app('team/client', { other: 8080 }), vs('team/v', ['foo.example.com'], [{ route: [{ destination: { host: 'client', port: { number: 8080 } } }] }])];
    expect(answer(objects, call('http://foo.example.com/'))).toBe('delivered Service/team/client:8080 (assumed)');
    expect(answer(objects, call('http://foo.example.com/'), { complete: true })).toBe('delivered Host/foo.example.com:80');
  });

  test('weights and faults of the mesh', () => {
    const objects = [...base, vs('web/v', [A], [{ route: [{ destination: { host: A }, weight: 80 }, { destination: { host: B }, weight: 20 }] }])];
    expect(answers(objects, call(`http://${A}/`))).toEqual(['delivered Service/web/a:80 80%', 'delivered Service/web/b:80 20%']);
  });

  test('TLS by server name', () => {
    const tls = virtualService('team/t', ['secure.example.com'], {
      tls: [
        { match: [{ port: 8443, sniHosts: ['secure.example.com'] }, { sourceLabels: { app: 'x' }, sniHosts: ['secure.example.com'] }], route: [{ destination: { host: A } }] },
        { match: [{ sniHosts: ['other.example.com', 'secure.example.com'] }], route: [{ destination: { host: B, port: { number: 8080 } } }] },
      ],
    });
    expect(answer([...base, tls], call('https://secure.example.com/'))).toBe('delivered Service/web/b:8080');
    expect(answer([...base, tls], call('https://secure.example.com:8443/'))).toBe('refused');
    expect(answer([...base, tls], call('https://free.example.com/'))).toBe('delivered Host/free.example.com:443');
  });
});

describe('Sidecar', () => {
  test('what it does not import is as if it were not there', () => {
    const objects = [...base, sidecar(['./*', `web/${B}`]), vs('web/v', [A], [to(B)])];
    expect(answer(objects, call(`http://${B}/`))).toBe('delivered Service/web/b:80');
    // The name still resolves, past the mesh.
    expect(answer(objects, call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer([...objects.slice(0, -2), sidecar(['./*'], { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } })], call(`http://${A}/`))).toBe('responded 502');
  });

  test('a wildcard VirtualService comes along with a service that it covers', () => {
    const objects = (hosts: string[]) => [...base, sidecar(hosts), vs('web/wild', ['*.cluster.local'], [to('b')])];
    expect(answer(objects([`*/${A}`]), call(`http://${A}/`))).toBe('delivered Service/web/b:80');
    expect(answer([...base, sidecar([`web/${A}`]), vs('third/wild', ['*.cluster.local'], [to(B)])], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
  });

  test('the other host of an imported VirtualService comes along too', () => {
    const objects = [...base, sidecar([`*/${A}`]), vs('web/v', [A, B], [to(A, undefined, { fault: { abort: { httpStatus: 418, percentage: { value: 100 } } } })])];
    expect(answer(objects, call(`http://${B}/`))).toBe('responded 418');
  });

  test('exclusions, ports, and the most particular object', () => {
    expect(answer([...base, sidecar(['*/*', `~web/${A}`]), vs('web/v', [A], [to(B)])], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    const byPort = object(NETWORKING, 'Sidecar', 'team/default', { egress: [{ port: { number: 8080 }, hosts: ['./*'] }, { hosts: ['*/*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
    expect(answer([...base, byPort], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer([...base, byPort], call(`http://${A}:8080/`))).toBe('refused');
    const root = object(NETWORKING, 'Sidecar', 'istio-system/default', { egress: [{ hosts: ['./*'] }], outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } });
    const own = object(NETWORKING, 'Sidecar', 'team/own', { workloadSelector: { labels: { app: 'client' } }, egress: [{ hosts: ['*/*'] }] });
    expect(answer([...base, root], call(`http://${A}/`))).toBe('responded 502');
    expect(answer([...base, root, own], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
  });
});

describe('what the mesh does not know', () => {
  const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }, { number: 81, name: 'auto' }, { number: 82, name: 'tcp', protocol: 'TCP' }, { number: 83, name: 'tls', protocol: 'TLS' }, { number: 84, name: 'https', protocol: 'HTTPS' }];
  const only1 = (addresses?: string[]) => [injected('team'), ...app('team/client', { x: 9999 }), entry('se', { hosts: ['istio.io'], resolution: 'DNS', ports, ...(addresses ? { addresses } : {}) })];
  const go = (url: string, addresses: string[] | undefined, mode: string) => answer(only1(addresses), call(url), { istio: { outboundTrafficPolicy: mode } });

  test.each([
    ['http://foo.example.com/', ['1.2.3.4'], 'responded 502'],
    ['http://foo.example.com/', undefined, 'responded 502'],
    ['http://foo.example.com:81/', ['1.2.3.4'], 'refused'],
    ['http://foo.example.com:81/', undefined, 'responded 502'],
    ['http://foo.example.com:82/', ['1.2.3.4'], 'refused'],
    ['http://foo.example.com:82/', undefined, 'delivered Host/istio.io:82 (assumed)'],
    ['http://foo.example.com:83/', undefined, 'refused'],
    ['https://foo.example.com:84/', undefined, 'refused'],
    ['https://foo.example.com:81/', undefined, 'delivered Host/istio.io:81 (assumed)'],
    ['http://foo.example.com:90/', undefined, 'responded 502 (assumed)'],
    ['https://istio.io:84/', undefined, 'delivered Host/istio.io:84'],
  ])('REGISTRY_ONLY %s %s', (url, addresses, expected) => expect(go(url, addresses, 'REGISTRY_ONLY')).toBe(expected));

  test.each([
    ['http://foo.example.com:83/', 'delivered Host/foo.example.com:83'],
    ['https://foo.example.com:84/', 'delivered Host/foo.example.com:84'],
    ['http://foo.example.com:81/', 'delivered Host/foo.example.com:81'],
  ])('ALLOW_ANY %s', (url, expected) => expect(go(url, undefined, 'ALLOW_ANY')).toBe(expected));

  test('if the input is everything, a port without services is closed', () => {
    expect(answer(only1(), call('http://foo.example.com:90/'), { complete: true, istio: { outboundTrafficPolicy: 'REGISTRY_ONLY' } })).toBe('refused');
  });
});

describe('ExternalName', () => {
  const alias = (externalName: string, ports?: any[]) => object('v1', 'Service', 'team/alias', { type: 'ExternalName', externalName, ...(ports ? { ports } : {}) });
  test.each([
    ['http://alias/', A, 'delivered Service/web/a:80'],
    ['http://alias:8080/', A, 'delivered Service/web/a:8080'],
    ['https://alias:8080/', A, 'delivered Service/web/a:8080'],
    ['http://alias/', 'out.example.com', 'delivered Host/out.example.com:80'],
    ['https://alias/', 'out.example.com', 'delivered Host/out.example.com:443'],
  ])('%s to %s', (url, name, expected) => expect(answer([...base, alias(name)], call(url))).toBe(expected));

  test('routes of its name are its own', () => {
    const objects = [...base, alias(A), vs('team/v', ['alias.team.svc.cluster.local'], [to(B, [{ uri: { prefix: '/one' } }])])];
    expect(answer(objects, call('http://alias/one'))).toBe('delivered Service/web/b:80');
    expect(answer(objects, call(`http://${A}/one`))).toBe('delivered Service/web/a:80');
  });
});

describe('routes of the Gateway API in the mesh', () => {
  const GW = 'gateway.networking.k8s.io/v1';
  const route = (name: string, backend: any, spec: any = {}, meta: any = {}, parent: any = {}) => object(GW, 'HTTPRoute', name, {
    parentRefs: [{ group: '', kind: 'Service', name: 'a', namespace: 'web', ...parent }], rules: [{ backendRefs: [backend], ...spec }],
  }, meta);
  const b = { name: 'b', namespace: 'web', port: 80 };

  test('of the Service\'s namespace for all, of the caller\'s for itself, of a third for nobody', () => {
    expect(answer([...base, route('web/producer', b)], call(`http://${A}/`))).toBe('delivered Service/web/b:80');
    expect(answer([...base, route('third/other', b)], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    const grant = object('gateway.networking.k8s.io/v1beta1', 'ReferenceGrant', 'web/grant', { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'team' }], to: [{ group: '', kind: 'Service' }] });
    const consumer = route('team/consumer', { name: 'only', namespace: 'web', port: 8080 });
    expect(answer([...base, grant, consumer, route('web/producer', b)], call(`http://${A}/`))).toBe('delivered Service/web/only:8080');
  });

  test('for one port, or for all; nothing else is served', () => {
    expect(answer([...base, route('web/r', b, {}, {}, { port: 8080 })], call(`http://${A}/`))).toBe('delivered Service/web/a:80');
    expect(answer([...base, route('web/r', b, { matches: [{ path: { value: '/x' } }] })], call(`http://${A}/y`))).toBe('responded 404');
  });

  test('of equal rules the older wins; without times it is assumed', () => {
    const pair = (x: any, y: any) => [...base, route('web/x', b, {}, x), route('web/y', { name: 'only', port: 8080 }, {}, y)];
    expect(answer(pair(NEW, OLD), call(`http://${A}/`))).toBe('delivered Service/web/only:8080');
    expect(answer(pair({}, {}), call(`http://${A}/`))).toBe('delivered Service/web/b:80 (assumed)');
  });

  test('a host as a backend', () => {
    expect(answer([...base, route('web/r', { group: NETWORKING.split('/')[0], kind: 'Hostname', name: B, port: 8080 })], call(`http://${A}/`))).toBe('delivered Service/web/b:8080');
    expect(answer([...base, route('web/r', { group: NETWORKING.split('/')[0], kind: 'Hostname', name: 'x.example.com', port: 443 })], call(`http://${A}/`))).toContain('Host/x.example.com:443');
  });
});

describe('who may come in', () => {
  const policy = (kind: string, name: string, spec: any) => object('security.istio.io/v1', kind, name, spec);
  const deny = (rule: any) => policy('AuthorizationPolicy', 'web/p', { action: 'DENY', selector: { matchLabels: { app: 'a' } }, rules: [rule] });
  const allow = (rules: any[]) => policy('AuthorizationPolicy', 'web/p', { rules });
  const ask = (object1: any, more: any = {}, path = '/x') => answer([...base, object1], call(`http://${A}${path}`, more));
  const YES = 'delivered Service/web/a:80';

  test.each([
    ['principals', { from: [{ source: { principals: ['cluster.local/ns/team/sa/default'] } }] }, 'responded 403'],
    ['other principals', { from: [{ source: { principals: ['*/sa/admin'] } }] }, YES],
    ['namespaces', { from: [{ source: { namespaces: ['te*'] } }] }, 'responded 403'],
    ['not namespaces', { from: [{ source: { notNamespaces: ['team'] } }] }, YES],
    ['not principals', { from: [{ source: { notPrincipals: ['x'] } }] }, 'responded 403'],
    ['service accounts', { from: [{ source: { serviceAccounts: ['team/default'] } }] }, 'responded 403'],
    ['paths', { to: [{ operation: { paths: ['/x*'] } }] }, 'responded 403'],
    ['paths by suffix', { to: [{ operation: { paths: ['*.php'] } }] }, YES],
    ['path templates', { to: [{ operation: { paths: ['/{*}'] } }] }, 'responded 403'],
    ['deep path templates', { to: [{ operation: { paths: ['/a/{**}'] } }] }, YES],
    ['not paths', { to: [{ operation: { notPaths: ['/x'] } }] }, YES],
    ['methods', { to: [{ operation: { methods: ['POST'] } }] }, YES],
    ['not methods', { to: [{ operation: { notMethods: ['POST'] } }] }, 'responded 403'],
    ['ports of the pods', { to: [{ operation: { ports: ['8080'] } }] }, 'responded 403'],
    ['not ports', { to: [{ operation: { notPorts: ['8080'] } }] }, YES],
    ['hosts', { to: [{ operation: { hosts: [A] } }] }, 'responded 403'],
    ['not hosts', { to: [{ operation: { notHosts: [A] } }] }, YES],
    ['headers', { when: [{ key: 'request.headers[x-user]', values: ['bob'] }] }, YES],
    ['not headers', { when: [{ key: 'request.headers[x-user]', notValues: ['bob'] }] }, 'responded 403'],
    ['namespace as a condition', { when: [{ key: 'source.namespace', values: ['team'] }] }, 'responded 403'],
    ['addresses that nobody knows', { from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] }, 'undetermined'],
    ['addresses as conditions', { when: [{ key: 'remote.ip', values: ['10.0.0.0/8'] }] }, 'undetermined'],
    ['conditions that nobody knows', { when: [{ key: 'request.auth.claims[group]', values: ['dev'] }] }, 'undetermined'],
    ['request principals without a token', { from: [{ source: { requestPrincipals: ['*'] } }] }, YES],
    ['no request principals without a token', { from: [{ source: { notRequestPrincipals: ['*'] } }] }, 'responded 403'],
    ['everything', {}, 'responded 403'],
  ])('deny %s', (_, rule, expected) => expect(ask(deny(rule))).toBe(expected));

  test('allow: one of them must, none at all for a policy without rules', () => {
    expect(ask(allow([{ from: [{ source: { namespaces: ['team'] } }] }]))).toBe(YES);
    expect(ask(allow([{ from: [{ source: { namespaces: ['x'] } }] }]))).toBe('responded 403');
    expect(ask(allow([{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] }]))).toBe('undetermined');
    expect(ask(policy('AuthorizationPolicy', 'web/p', {}))).toBe('responded 403');
    expect(ask(policy('AuthorizationPolicy', 'istio-system/p', {}))).toBe('responded 403');
    expect(ask(policy('AuthorizationPolicy', 'team/p', {}))).toBe(YES);
  });

  test('external authorization and tokens are policies', () => {
    const custom = policy('AuthorizationPolicy', 'web/p', { action: 'CUSTOM', provider: { name: 'opa' }, rules: [{}] });
    const token = policy('RequestAuthentication', 'web/t', { jwtRules: [{ issuer: 'https://i.example.com' }] });
    const { policies } = only([...base, custom, token], call(`http://${A}/`));
    expect(policies.filter(({ name }) => name === 'authentication').map(({ value }) => value)).toEqual(['JWT of https://i.example.com', 'external authorization by opa']);
  });

  const strict = (mode: string, spec: any = {}, name = 'web/strict') => policy('PeerAuthentication', name, { mtls: { mode }, ...spec });
  const outsider = [namespace('out'), ...app('out/client')];
  const outside = (...more: any[]) => answer([...base, ...outsider, ...more], { url: `http://${A}/`, from: 'Deployment/out/client' });

  test('strict mutual TLS refuses what comes from outside the mesh', () => {
    expect(outside()).toBe(YES);
    expect(outside(strict('STRICT'))).toBe('refused');
    expect(outside(strict('STRICT', {}, 'istio-system/strict'))).toBe('refused');
    expect(outside(strict('STRICT', {}, 'istio-system/strict'), strict('PERMISSIVE'))).toBe(YES);
    expect(outside(strict('STRICT'), strict('UNSET', { selector: { matchLabels: { app: 'a' } } }, 'web/own'))).toBe('refused');
    expect(outside(strict('STRICT', { selector: { matchLabels: { app: 'a' } }, portLevelMtls: { 8080: { mode: 'DISABLE' } } }))).toBe(YES);
    expect(answer([...base, strict('STRICT')], call(`http://${A}/`))).toBe(YES);
  });

  test('without mutual TLS nobody knows who sends', () => {
    const rule = object(NETWORKING, 'DestinationRule', 'web/a', { host: 'a', trafficPolicy: { tls: { mode: 'DISABLE' } } });
    expect(answer([...base, rule, allow([{ from: [{ source: { namespaces: ['team'] } }] }])], call(`http://${A}/`))).toBe('responded 403');
    expect(answer([...base, rule, strict('STRICT')], call(`http://${A}/`))).toBe('responded 503');
  });

  test('labels and annotations keep the sidecar out', () => {
    const quiet = (extra: any) => answer([injected('web'), ...outsider, ...app('web/a', 80, extra), strict('STRICT')], { url: `http://${A}/`, from: 'Deployment/out/client' });
    expect(quiet({ labels: { 'sidecar.istio.io/inject': 'false' } })).toBe(YES);
    expect(quiet({ pod: { hostNetwork: true } })).toBe(YES);
    expect(quiet({})).toBe('refused');
  });
});

test('the way is told in order', () => {
  const text = trace([...base, vs('web/v', [A], [to(B)])], call(`http://${A}/`)).toString();
  expect(text).toContain('Deployment/team/client');
  expect(text).toContain('VirtualService/web/v spec.http[0]');
});
