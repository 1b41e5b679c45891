import { app, deployment, httpProxy, namespace, object, outcome, route, service, short, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const dapr = (appId: string, more: any = {}) => ({ 'dapr.io/enabled': 'true', 'dapr.io/app-id': appId, ...Object.fromEntries(Object.entries(more).map(([key, value]) => [`dapr.io/${key}`, String(value)])) });
const open = { 'sidecar-listen-addresses': '0.0.0.0' };
const ingress = (more: any = {}) => deployment('edge/ingress', { kind: 'DaemonSet', annotations: dapr('ingress', { ...open, ...more }) });
const orders = (more: any = {}, kind = 'Deployment', name = 'web/orders') => deployment(name, { kind, annotations: dapr('orders', { 'app-port': 8080, ...more }) });
const configuration = (name: string, spec: any) => object('dapr.io/v1alpha1', 'Configuration', name, spec);
const pod = 'DaemonSet/edge/ingress';
const call = (path: string, headers: any = { 'dapr-app-id': 'orders.web' }, more: any = {}) => ({ url: `http://ingress:3500${path}`, entry: pod, headers, ...more });
const base = [ingress(), orders()];

describe('whom a request is for', () => {
  test.each([
    ['the header', '/x/y?z=1', { 'dapr-app-id': 'orders.web' }, 'DaprApp web/orders:8080'],
    ['basic authorization', '/x', { authorization: `Basic ${btoa('dapr-app-id:orders.web')}` }, 'DaprApp web/orders:8080'],
    ['other authorization', '/x', { authorization: `Basic ${btoa('user:orders.web')}` }, '404'], ['no base64', '/x', { authorization: 'Basic %%%' }, '404'],
    ['the path', '/v1.0/invoke/orders.web/method/x', {}, 'DaprApp web/orders:8080'], ['the header before the path', '/v1.0/invoke/other.web/method/x', { 'dapr-app-id': 'orders.web' }, 'DaprApp web/orders:8080'],
    ['nobody', '/x', {}, '404'], ['a path without a method', '/v1.0/invoke/orders.web', {}, '404'],
    ['an id that is none', '/x', { 'dapr-app-id': 'a.b.c' }, '500'], ['an app that is not there', '/x', { 'dapr-app-id': 'gone' }, '500'],
    ['a URL', '/x', { 'dapr-app-id': 'https://api.example.org:8443/base' }, 'Host api.example.org:8443 tls'], ['a URL in the path', '/v1.0/invoke/http%3A%2F%2Fevil.example.org/method/x', {}, 'Host evil.example.org:80'],
    ['a method that daprd refuses', '/a%3Fb', { 'dapr-app-id': 'orders.web' }, '400'],
  ])('%s', (_, path, headers, expected) => expect(short(base, call(path, headers), COMPLETE)).toBe(expected));

  test('an app that the input lacks is assumed', () => {
    expect(outcome(base, call('/x', { 'dapr-app-id': 'gone' }))).toMatchObject({ kind: 'delivered', certainty: 'assumed', destination: { kind: 'DaprApp', namespace: 'edge', name: 'gone' }, assumptions: ['an application gone runs with Dapr in namespace edge'] });
  });
  test.each([['/x/', '/x'], ['//x//y', '/x/y'], ['/x%2Fy', '/x/y'], ['/foo%2F..%2F.internal/batch', '/.internal/batch'], ['/../x', '/x'], ['/x?y=1', '/x?y=1'], ['/', '/']])('the method of %s', (path, expected) => {
    expect(outcome(base, call(path), COMPLETE).request!.path).toBe(expected);
  });
  test('what the application receives', () => {
    const { headers } = outcome(base, call('/x', { 'dapr-app-id': 'orders.web', 'dapr-caller-app-id': 'forged', 'upgrade': 'websocket', 'connection': 'upgrade', 'x-a': '1' }), COMPLETE).request!;
    expect(headers).toEqual({ 'dapr-caller-app-id': 'ingress', 'dapr-caller-namespace': 'edge', 'dapr-callee-app-id': 'orders', 'x-a': '1' });
    const secret = outcome([ingress(), orders({ 'app-token-secret': 'token' })], call('/x'), COMPLETE).request!.headers;
    expect(secret['dapr-api-token']).not.toBe('');
  });
  test('itself, by its own channel', () => {
    const self = (more: any) => [ingress({ ...more, config: 'closed' }), configuration('edge/closed', { accessControl: { defaultAction: 'deny' } })];
    expect(short(self({ 'app-port': 9000 }), call('/x', { 'dapr-app-id': 'ingress' }), COMPLETE)).toBe('DaprApp edge/ingress:9000');
    expect(short(self({}), call('/x', { 'dapr-app-id': 'ingress.edge' }), COMPLETE)).toBe('500');
  });
});

describe('HTTPEndpoint', () => {
  const endpoint = (spec: any, more: any = {}) => ({ ...object('dapr.io/v1alpha1', 'HTTPEndpoint', 'edge/github', spec), ...more });
  const to = (each: any) => [...base, deployment('edge/github', { annotations: dapr('github', { 'app-port': 1 }) }), each];
  const request = call('/users?x=1', { 'dapr-app-id': 'github' });
  test('its URL counts before an application of the name', () => {
    const found = outcome(to(endpoint({ baseUrl: 'https://api.github.com/v3/', headers: [{ name: 'Accept', value: 'json' }, { name: 'X-Key', secretKeyRef: { name: 's' } }] })), request, COMPLETE);
    expect(found).toMatchObject({ destination: { kind: 'Host', name: 'api.github.com', port: 443 }, request: { scheme: 'https', host: 'api.github.com', path: '/v3/users?x=1', headers: { accept: 'json' } } });
    expect(found.request!.headers).not.toHaveProperty('dapr-app-id');
    expect(found.request!.headers['x-key']).not.toBe('');
  });
  test('only for the applications that it names, and with a URL', () => {
    expect(short(to(endpoint({ baseUrl: 'https://api.github.com' }, { scopes: ['ingress'] })), request, COMPLETE)).toBe('Host api.github.com:443 tls');
    expect(short(to(endpoint({ baseUrl: 'https://api.github.com' }, { scopes: ['other'] })), request, COMPLETE)).toBe('DaprApp edge/github:1');
    expect(short(to(endpoint({ baseUrl: 'nonsense' })), request, COMPLETE)).toBe('500');
  });
});

describe('the callee', () => {
  const generated = (spec: any = {}) => service('web/orders-dapr', ['50002'], { selector: { app: 'orders' }, ...spec });
  test.each([
    ['a StatefulSet', [orders({}, 'StatefulSet')], 'DaprApp web/orders:8080'], ['a DaemonSet has no Service', [orders({}, 'DaemonSet')], '500'],
    ['a DaemonSet with one by hand', [orders({}, 'DaemonSet'), generated()], 'DaprApp web/orders:8080'], ['a headless one by hand needs no port', [orders({}, 'DaemonSet'), generated({ clusterIP: 'None', ports: [{ port: 80 }] })], 'DaprApp web/orders:8080'],
    ['one by hand without the port', [orders({}, 'DaemonSet'), generated({ ports: [{ port: 80 }] })], '500'],
    ['no app-port', [orders({ 'app-port': 0 })], '500'], ['another internal port', [orders({ 'internal-grpc-port': 50010 })], '500'], ['not enabled', [deployment('web/orders', { annotations: { 'dapr.io/app-id': 'orders' } })], '500'],
    ['a Configuration that is not there', [orders({ config: 'gone' })], '500'],
  ])('%s', (_, callee, expected) => expect(short([ingress(), ...callee], call('/x'), COMPLETE)).toBe(expected));
  test('assumed of a partial input', () => {
    expect(outcome([ingress(), orders({ config: 'gone' }, 'DaemonSet')], call('/x')).assumptions).toEqual(expect.arrayContaining(['Service/web/orders-dapr exists', 'Configuration/web/gone, which is not in the input, lets ingress in']));
  });
  test('an id that two workloads share', () => {
    expect(trace([...base, orders({ 'app-port': 9090 }, 'Deployment', 'web/orders-2')], call('/x'), COMPLETE).outcomes[0].kind).toBe('undetermined');
    expect(short([...base, orders({}, 'Deployment', 'web/orders-2')], call('/x'), COMPLETE)).toBe('DaprApp web/orders:8080');
  });
});

describe('access control', () => {
  const policy = (more: any = {}) => ({ appId: 'ingress', namespace: 'edge', trustDomain: 'public', ...more });
  const ask = (accessControl: any, path = '/x', more: any = {}, callee: any = {}, caller: any = {}) => short([ingress(caller), orders({ config: 'acl', ...callee }), configuration('web/acl', { accessControl }),
    configuration('edge/own', { accessControl: { trustDomain: 'edge' } })], call(path, undefined, more), COMPLETE) === 'DaprApp web/orders:8080';
  const operations = (...list: any[]) => ({ defaultAction: 'deny', policies: [policy({ defaultAction: 'deny', operations: list.map((each) => ({ httpVerb: ['*'], action: 'allow', ...each })) })] });

  test.each([
    ['nothing', undefined, true], ['empty fields', { defaultAction: '', trustDomain: '', policies: [] }, true], ['deny', { defaultAction: 'deny' }, false], ['allow', { defaultAction: 'Allow' }, true],
    ['policies without a default', { policies: [policy({ appId: 'other' })] }, false], ['a trust domain alone', { trustDomain: 'public' }, false],
    ['the app allowed', { defaultAction: 'deny', policies: [policy({ defaultAction: 'allow' })] }, true], ['the app by the global default', { defaultAction: 'allow', policies: [policy()] }, true],
    ['another trust domain', { defaultAction: 'deny', policies: [policy({ trustDomain: 'corp', defaultAction: 'allow' })] }, false], ['another namespace', { defaultAction: 'deny', policies: [policy({ namespace: 'web', defaultAction: 'allow' })] }, false],
    ['of two policies the last', { defaultAction: 'deny', policies: [policy({ defaultAction: 'deny' }), policy({ defaultAction: 'allow' })] }, true],
  ])('%s', (_, control, expected) => expect(ask(control)).toBe(expected));

  test.each([
    ['/orders', '/orders', true], ['orders', '/orders', true], ['/Orders', '/oRDERS', true], ['/orders', '/orders/1', true], ['/orders/*', '/orders/1', true], ['/orders/*', '/orders/1/2', false], ['/orders/*', '/orders', true],
    ['/orders/**', '/orders/1/2', true], ['/orders/**', '/orders', true], ['/or*', '/orders', true], ['/a/*/b', '/a/x/b', false], ['/**', '/any/thing', true], ['/.internal/**', '/x%2F..%2F.internal/batch', true], ['/other', '/orders', false],
  ])('operation %s on %s: %s', (name, path, expected) => expect(ask(operations({ name }), path)).toBe(expected));

  test('verbs are written in capitals, a verb that is not listed falls to the app\'s default', () => {
    expect(ask(operations({ name: '/x', httpVerb: ['GET'] }))).toBe(true);
    expect(ask(operations({ name: '/x', httpVerb: ['get'] }))).toBe(false);
    expect(ask(operations({ name: '/x', httpVerb: ['POST'] }))).toBe(false);
    expect(ask({ defaultAction: 'deny', policies: [policy({ defaultAction: 'allow', operations: [{ name: '/x', httpVerb: ['POST'], action: 'deny' }] })] })).toBe(true);
    expect(ask(operations({ name: '/x' }), '/x', { method: 'PURGE' })).toBe(false);
    expect(ask(operations({ name: '/x', httpVerb: undefined }))).toBe(false);
  });
  test('of equal operations the first', () => expect(ask(operations({ name: '/x', action: 'deny' }, { name: '/x' }))).toBe(false));
  test('an application that speaks gRPC: no verbs, and capitals count', () => {
    const grpc = { 'app-protocol': 'grpc' };
    expect(ask(operations({ name: '/x', httpVerb: ['POST'] }), '/x', {}, grpc)).toBe(true);
    expect(ask(operations({ name: '/X' }), '/x', {}, grpc)).toBe(false);
  });
  test('the caller\'s trust domain is that of its own Configuration', () => {
    const control = { defaultAction: 'deny', policies: [policy({ trustDomain: 'edge', defaultAction: 'allow' })] };
    expect(ask(control)).toBe(false);
    expect(ask(control, '/x', {}, {}, { config: 'own' })).toBe(true);
    const partial = outcome([ingress({ config: 'gone' }), orders({ config: 'acl' }), configuration('web/acl', { accessControl: { defaultAction: 'deny' } })], call('/x'));
    expect(partial.assumptions).toEqual(expect.arrayContaining(['Configuration/edge/gone, which is not in the input, leaves ingress in trust domain public']));
  });
  test('a policy that lacks something keeps daprd from starting', () => {
    for (const key of ['appId', 'namespace', 'trustDomain']) expect(ask({ defaultAction: 'allow', policies: [policy({ [key]: '' })] })).toBe(false);
    const broken = [ingress({ config: 'bad' }), orders(), configuration('edge/bad', { accessControl: { policies: [{ appId: 'x' }] } })];
    expect(short(broken, call('/x'), COMPLETE)).toBe('refused');
    expect(short([ingress({ config: 'gone' }), orders()], call('/x'), COMPLETE)).toBe('refused');
  });
  test('a refusal names the Configuration', () => {
    const objects = [ingress(), orders({ config: 'acl' }), configuration('web/acl', { accessControl: { defaultAction: 'deny' } })];
    const found = outcome(objects, call('/x'), COMPLETE);
    expect(found).toMatchObject({ kind: 'responded', status: 403, certainty: 'certain' });
    expect(found.hops.map((hop) => hop.does).join()).toContain('Configuration/web/acl');
  });
});

describe('the sidecar\'s own API', () => {
  const listed = (api: any) => [ingress({ config: 'api' }), orders(), configuration('edge/api', { api })];
  const invokeOnly = { allowed: [{ name: 'invoke', version: 'v1', protocol: 'http' }] };
  const DENIED = 'DaprApp web/orders:8080';
  test.each([
    ['GET', '/v1.0/secrets/kubernetes/x', 'DaprApi edge/ingress:3500'], ['GET', '/v1.0/secrets/kubernetes/bulk', 'DaprApi edge/ingress:3500'], ['POST', '/v1.0/shutdown', 'DaprApi edge/ingress:3500'], ['GET', '/v1.0/shutdown', DENIED],
    ['GET', '//v1.0//secrets/s/x', 'DaprApi edge/ingress:3500'], ['GET', '/x/../v1.0/metadata', 'DaprApi edge/ingress:3500'], ['GET', '/v1.0/metadata/', 'DaprApi edge/ingress:3500'], ['PUT', '/v1.0/metadata/k', 'DaprApi edge/ingress:3500'],
    ['GET', '/v1.0%2Fsecrets/s/x', DENIED], ['GET', '/V1.0/metadata', DENIED], ['GET', '/v1.0/healthz', 'DaprApi edge/ingress:3500'], ['POST', '/v1.0/publish/p/t/u', 'DaprApi edge/ingress:3500'],
  ])('%s %s', (method, path, expected) => {
    expect(short(base, call(path, undefined, { method }), COMPLETE)).toBe(expected);
    const closed = path === '/v1.0/healthz' ? expected : DENIED;
    expect(short(listed(invokeOnly), call(path, undefined, { method }), COMPLETE)).toBe(closed);
  });
  test.each([
    ['a denied group', { denied: [{ name: 'secrets', version: 'v1', protocol: 'HTTP' }] }, DENIED, 'DaprApi edge/ingress:3500'], ['an unknown rule closes all', { allowed: [{ name: 'x', version: 'v9', protocol: 'http' }] }, '404', '404'],
    ['a prefix opens more than it says', { allowed: [{ name: 's', version: 'v1.0', protocol: 'http' }] }, 'DaprApi edge/ingress:3500', '404'], ['rules for gRPC alone', { allowed: [{ name: 'invoke', version: 'v1', protocol: 'grpc' }] }, 'DaprApi edge/ingress:3500', 'DaprApi edge/ingress:3500'],
    ['denied invocation', { denied: [{ name: 'invoke', version: 'v1', protocol: 'http' }] }, 'DaprApi edge/ingress:3500', 'DaprApi edge/ingress:3500'],
  ])('%s', (_, api, secrets, metadata) => {
    expect(short(listed(api), call('/v1.0/secrets/s/x'), COMPLETE)).toBe(secrets);
    expect(short(listed(api), call('/v1.0/metadata'), COMPLETE)).toBe(metadata);
  });
  test('without invocation a path of another verb is 405', () => {
    expect(short(listed({ denied: [{ name: 'invoke', version: 'v1', protocol: 'http' }] }), call('/v1.0/shutdown'), COMPLETE)).toBe('405');
  });
  test('a Configuration that the input lacks', () => {
    expect(outcome([ingress({ config: 'gone' }), orders()], call('/v1.0/metadata'))).toMatchObject({ destination: { kind: 'DaprApi' }, certainty: 'assumed', assumptions: ['Configuration/edge/gone, which is not in the input, leaves daprd\'s API as it comes'] });
  });
  test('the public port: health and metadata, whatever the others do', () => {
    const shut = [deployment('edge/ingress', { kind: 'DaemonSet', annotations: dapr('ingress', { 'api-token-secret': 't' }) })];
    const at = (path: string) => short(shut, { url: `http://ingress:3501${path}`, entry: pod }, COMPLETE);
    expect([at('/v1.0/healthz'), at('/v1.0/metadata'), at('/v1.0/secrets/s/x')]).toEqual(['DaprApi edge/ingress:3501', 'DaprApi edge/ingress:3501', '404']);
  });
});

describe('gRPC', () => {
  const grpc = (path: string, headers: any, more: any = {}) => ({ url: `grpc://ingress:50001${path}`, entry: pod, headers, ...more });
  const listed = (api: any) => [ingress({ config: 'api' }), orders(), configuration('edge/api', { api })];
  const state = '/dapr.proto.runtime.v1.Dapr/GetState';
  test('the callee\'s header comes first', () => {
    const both = [...base, deployment('web/evil', { annotations: dapr('evil', { 'app-port': 1 }) })];
    expect(short(both, grpc('/shop.Orders/Get', { 'dapr-app-id': 'orders.web' }), COMPLETE)).toBe('DaprApp web/orders:8080');
    expect(short(both, grpc('/shop.Orders/Get', { 'dapr-app-id': 'orders.web', 'dapr-callee-app-id': 'evil.web' }), COMPLETE)).toBe('DaprApp web/evil:1');
    expect(short(base, grpc('/shop.Orders/Get', {}), COMPLETE)).toBe('answered');
    expect(short(base, grpc('/shop.Orders/Get', { 'dapr-app-id': 'gone' }), COMPLETE)).toBe('answered');
  });
  test.each([
    ['none', undefined, 'DaprApi edge/ingress:50001'], ['invoke alone', { allowed: [{ name: 'invoke', version: 'v1', protocol: 'grpc' }] }, 'answered'],
    ['a typo in the version', { allowed: [{ name: 'invoke', version: 'v1.0', protocol: 'grpc' }] }, 'DaprApi edge/ingress:50001'], ['a typo in the protocol', { allowed: [{ name: 'invoke', version: 'v1', protocol: 'GRPC' }] }, 'DaprApi edge/ingress:50001'],
    ['the group', { allowed: [{ name: 'state', version: 'v1', protocol: 'grpc' }] }, 'DaprApi edge/ingress:50001'], ['another version of the group', { allowed: [{ name: 'state', version: 'v1alpha1', protocol: 'grpc' }] }, 'answered'],
    ['denied', { denied: [{ name: 'state', version: 'v1', protocol: 'grpc' }] }, 'answered'],
  ])('a list of %s', (_, api, expected) => expect(short(listed(api), grpc(state, {}), COMPLETE)).toBe(expected));
  test('methods of other versions', () => {
    const allowed = { allowed: [{ name: 'state', version: 'v1alpha1', protocol: 'grpc' }] };
    expect(short(listed(allowed), grpc('/dapr.proto.runtime.v1.Dapr/QueryStateAlpha1', {}), COMPLETE)).toBe('DaprApi edge/ingress:50001');
    expect(short(listed(allowed), grpc('/dapr.proto.runtime.v1.Dapr/Mystery', {}), COMPLETE)).toBe('answered');
    expect(short(listed(allowed), grpc('/shop.Orders/Get', { 'dapr-app-id': 'orders.web' }), COMPLETE)).toBe('DaprApp web/orders:8080');
  });
  test('the port speaks nothing else, and may be another', () => {
    expect(short(base, { url: 'http://ingress:50001/x', entry: pod }, COMPLETE)).toBe('refused');
    expect(short([ingress({ 'grpc-port': 60001 }), orders()], { ...grpc('/shop.Orders/Get', { 'dapr-app-id': 'orders.web' }), url: 'grpc://ingress:60001/shop.Orders/Get' }, COMPLETE)).toBe('DaprApp web/orders:8080');
  });
  test('access control refuses without a status', () => {
    const objects = [ingress(), orders({ config: 'acl' }), configuration('web/acl', { accessControl: { defaultAction: 'deny' } })];
    expect(short(objects, grpc('/shop.Orders/Get', { 'dapr-app-id': 'orders.web' }), COMPLETE)).toBe('answered');
  });
});

describe('who reaches the sidecar', () => {
  test.each([
    ['by default nobody', {}, 'refused'], ['all addresses', { 'sidecar-listen-addresses': '0.0.0.0' }, '404'], ['both families', { 'sidecar-listen-addresses': '[::],0.0.0.0' }, '404'], ['the loopback by name', { 'sidecar-listen-addresses': 'localhost' }, 'refused'],
    ['a socket', { ...open, 'unix-domain-socket-path': '/tmp/x' }, 'refused'],
  ])('%s', (_, more, expected) => expect(short([deployment('edge/ingress', { kind: 'DaemonSet', annotations: dapr('ingress', more) })], call('/x', {}), COMPLETE)).toBe(expected));
  test('TLS to a clear port', () => expect(short(base, { url: 'https://ingress:3500/', entry: pod }, COMPLETE)).toBe('refused'));
  test('with a token', () => {
    const objects = [ingress({ 'api-token-secret': 'token' }), orders()];
    expect(short(objects, call('/x'), COMPLETE)).toBe('401');
    expect(short(objects, call('/v1.0/healthz', {}), COMPLETE)).toBe('DaprApi edge/ingress:3500');
    expect(short(objects, call('/v1.0/healthz', {}, { method: 'POST' }), COMPLETE)).toBe('401');
    const found = outcome(objects, call('/x', { 'dapr-app-id': 'orders.web', 'dapr-api-token': 'hush-hush' }), COMPLETE);
    expect(found).toMatchObject({ kind: 'delivered', policies: [{ name: 'authentication', value: 'dapr-api-token' }] });
    expect(found.request!.headers).not.toHaveProperty('dapr-api-token');
    const grpc = (headers: any) => ({ url: 'grpc://ingress:50001/shop.Orders/Get', entry: pod, headers });
    expect(short(objects, grpc({ 'dapr-app-id': 'orders.web' }), COMPLETE)).toBe('answered');
    expect(short(objects, grpc({ 'dapr-app-id': 'orders.web', 'dapr-api-token': 'hush-hush' }), COMPLETE)).toBe('DaprApp web/orders:8080');
  });
});

describe('the Service that Dapr makes', () => {
  const edge = (text: string, kind: string, more: any = {}, extra: any[] = []) => [deployment('edge/gate', { kind, annotations: dapr('gate', { ...open, ...more }) }), orders(), ...extra,
    httpProxy('edge/shop', 'shop.example.com', { routes: [{ ...route(text), requestHeadersPolicy: { set: [{ name: 'dapr-app-id', value: 'orders.web' }] } }] })];
  const ask = (objects: any[]) => short(objects, { url: 'http://shop.example.com/x', entry: 'IngressClass//contour' }, COMPLETE);
  test('for Deployments and StatefulSets, on port 80', () => {
    expect(ask(edge('/ gate-dapr:80', 'Deployment'))).toBe('DaprApp web/orders:8080');
    expect(ask(edge('/ gate-dapr:80', 'StatefulSet'))).toBe('DaprApp web/orders:8080');
    expect(ask(edge('/ gate-dapr:3500', 'Deployment'))).toBe('503');
    expect(ask(edge('/ gate-dapr:80', 'DaemonSet'))).toBe('503');
    expect(ask(edge('/ my.gate-dapr:80', 'Deployment', { 'app-id': 'my.gate' }))).toBe('503');
  });
  test('overwrites a headless one of the name, not one with an address', () => {
    const written = (spec: any) => [service('edge/gate-dapr', ['3500'], { selector: { app: 'gate' }, ...spec })];
    expect(ask(edge('/ gate-dapr:80', 'Deployment', {}, written({ clusterIP: 'None' })))).toBe('DaprApp web/orders:8080');
    expect(ask(edge('/ gate-dapr:3500', 'Deployment', {}, written({})))).toBe('DaprApp web/orders:8080');
    expect(ask(edge('/ gate-dapr:80', 'Deployment', {}, written({})))).toBe('503');
  });
  test('the sidecar of a plain app: other ports are the app\'s', () => {
    const objects = [...app('web/orders', { annotations: dapr('orders', { 'app-port': 8080 }) }), namespace('web'), deployment('web/curl')];
    expect(short(objects, { url: 'http://orders/x', from: 'Deployment/web/curl' }, COMPLETE)).toBe('web/orders:80');
  });
});
