import { answer, answers, app, gateway, gatewayPods, namespace, object, only, server, to as entryTo, virtualService } from './edge-fixtures';

const ALB = 'alb.ingress.kubernetes.io/';
const entry = 'Ingress/web/i';
const at = (url: string, more: any = {}) => ({ url, entry, ...more });
const service = (name: string, more: any = {}) => app(`web/${name}`, 80, { ...more, service: { type: 'NodePort', ...more.service } });
const apps = [...service('a'), ...service('b'), ...service('c')];
const annotations = (values: Record<string, any>) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key.includes('.io/') ? key : ALB + key, typeof value === 'string' ? value : JSON.stringify(value)]));
const ingress = (rules: any[], values: Record<string, any> = {}, spec: any = {}, name = 'web/i') =>
  object('networking.k8s.io/v1', 'Ingress', name, { ingressClassName: 'alb', rules, ...spec }, { annotations: annotations(values) });
/** A path: `/a Prefix a`. */
const path = (text: string) => {
  const [value, pathType, name] = text.split(' ');
  return { ...(value === '-' ? {} : { path: value }), pathType, backend: { service: { name, port: name.includes('!') ? undefined : { number: 80 } } } };
};
const rule = (host: string | undefined, ...paths: (string | any)[]) => ({ ...(host ? { host } : {}), http: { paths: paths.map((each) => (typeof each === 'string' ? path(each) : each)) } });
const action = (name: string, text = '/') => ({ path: text, pathType: 'ImplementationSpecific', backend: { service: { name, port: { name: 'use-annotation' } } } });
const to = (name: string) => `delivered Service/web/${name}:80`;

describe('who takes an Ingress', () => {
  const classed = (spec: any, ...more: any[]) => answer([...apps, object('networking.k8s.io/v1', 'Ingress', 'web/i', { defaultBackend: { service: { name: 'a', port: { number: 80 } } }, ...spec.spec }, { annotations: spec.annotations ?? {} }), ...more], 'http://x.example.com/');
  const albClass = (name: string, more: any = {}, meta: any = {}) => object('networking.k8s.io/v1', 'IngressClass', name, { controller: 'ingress.k8s.aws/alb', ...more }, meta);
  const publicly = { [`${ALB}scheme`]: 'internet-facing' };

  test('the annotation before the class, the class by its controller, the default class', () => {
    expect(classed({ spec: { ingressClassName: 'alb' }, annotations: publicly })).toBe(to('a'));
    expect(classed({ spec: { ingressClassName: 'edge' }, annotations: publicly })).toBe('refused');
    expect(classed({ spec: { ingressClassName: 'edge' }, annotations: publicly }, albClass('edge'))).toBe(to('a'));
    expect(classed({ spec: { ingressClassName: 'alb' }, annotations: publicly }, albClass('alb', { controller: 'example.com/other' }))).toBe('refused');
    expect(classed({ annotations: { ...publicly, 'kubernetes.io/ingress.class': 'alb' } })).toBe(to('a'));
    expect(classed({ annotations: { ...publicly, 'kubernetes.io/ingress.class': 'nginx' } }, albClass('edge'))).toBe('refused');
    expect(classed({ annotations: publicly }, albClass('edge', {}, { annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } }))).toBe(to('a'));
    expect(classed({ annotations: publicly })).toBe('refused');
  });

  test('an internal one is not reached from the internet', () => {
    expect(classed({ spec: { ingressClassName: 'alb' } })).toBe('refused');
    const params = object('elbv2.k8s.aws/v1beta1', 'IngressClassParams', 'p', { scheme: 'internet-facing' });
    expect(classed({ spec: { ingressClassName: 'edge' } }, params, albClass('edge', { parameters: { kind: 'IngressClassParams', name: 'p' } }))).toBe(to('a'));
  });

  test('a class may be for some namespaces only', () => {
    const params = object('elbv2.k8s.aws/v1beta1', 'IngressClassParams', 'p', { scheme: 'internet-facing', namespaceSelector: { matchLabels: { edge: 'yes' } } });
    const edge = albClass('edge', { parameters: { kind: 'IngressClassParams', name: 'p' } });
    expect(classed({ spec: { ingressClassName: 'edge' } }, params, edge, namespace('web', { edge: 'yes' }))).toBe(to('a'));
    expect(classed({ spec: { ingressClassName: 'edge' } }, params, edge, namespace('web'))).toBe('refused');
  });

  test('nobody does without the controller', () => {
    expect(() => answer([...apps, ingress([rule(undefined, '/ Prefix a')])], at('http://x/'), { aws: { loadBalancerController: false } })).toThrow('entry Ingress/web/i is not in the input');
  });
});

describe('listeners', () => {
  const listening = (values: any, url: string) => answer([...apps, ingress([rule(undefined, '/ Prefix a')], values)], at(url));

  test.each([
    [{}, 'http://x/', to('a')],
    [{}, 'https://x/', 'refused'],
    [{ 'certificate-arn': 'arn:1' }, 'https://x/', to('a')],
    [{ 'certificate-arn': 'arn:1' }, 'http://x/', 'refused'],
    [{ 'create-acm-cert': 'true' }, 'https://x/', to('a')],
    [{ 'listen-ports': [{ HTTP: 8080 }, { HTTPS: 8443 }], 'certificate-arn': 'arn:1' }, 'https://x:8443/', to('a')],
    [{ 'listen-ports': [{ HTTPS: 443 }] }, 'https://x/', `${to('a')} (assumed)`],
    [{ 'listen-ports': [{ TCP: 80 }] }, 'http://x/', 'undetermined'],
    [{ 'listen-ports': '{' }, 'http://x/', 'undetermined'],
    [{ 'listen-ports': [] }, 'http://x/', 'undetermined'],
    [{ 'listen-ports': ['HTTP'] }, 'http://x/', 'undetermined'],
    [{ 'certificate-arn': 'arn:1' }, 'http://x:443/', 'refused'],
    [{ 'listen-ports': [{ HTTP: 80 }, { HTTPS: 443 }], 'certificate-arn': 'a', 'ssl-redirect': '443' }, 'http://x/p?q', 'redirected 301 https://x/p?q'],
    [{ 'ssl-redirect': '443' }, 'http://x/', 'undetermined'],
  ])('%j %s', (values, url, expected) => expect(listening(values, url)).toBe(expected));

  test('IngressClassParams beat annotations', () => {
    const objects = [...apps, ingress([rule(undefined, '/ Prefix a')], { 'listen-ports': [{ HTTP: 80 }] }, { ingressClassName: 'edge' }),
      object('networking.k8s.io/v1', 'IngressClass', 'edge', { controller: 'ingress.k8s.aws/alb', parameters: { kind: 'IngressClassParams', name: 'p' } }),
      object('elbv2.k8s.aws/v1beta1', 'IngressClassParams', 'p', { listeners: [{ protocol: 'HTTP', port: 81 }] })];
    expect(answer(objects, at('http://x:81/'))).toBe(to('a'));
    expect(answer(objects, at('http://x/'))).toBe('refused');
  });
});

describe('rules', () => {
  const routed = (rules: any[], url: string, more: any = {}, values: any = {}, spec: any = {}) =>
    answer([...apps, ingress(rules, values, spec)], at(url, more));

  test.each([
    ['/foo Prefix a', '/foo', true], ['/foo Prefix a', '/foo/', true], ['/foo Prefix a', '/foobar', false], ['/foo/ Prefix a', '/foo', true], ['/ Prefix a', '/x', true],
    ['/foo Exact a', '/foo', true], ['/foo Exact a', '/foo/', false], ['/ ImplementationSpecific a', '/', true], ['/ ImplementationSpecific a', '/x', false],
    ['/* ImplementationSpecific a', '/x/y', true], ['/foo* ImplementationSpecific a', '/foobar', true], ['/f?o ImplementationSpecific a', '/fxo', true], ['/Foo Exact a', '/foo', false],
    ['- Prefix a', '/anything', true],
  ])('%s takes %s: %s', (text, url, expected) => expect(routed([rule(undefined, text)], `http://x${url}`)).toBe(expected ? to('a') : 'responded 404'));

  test('wildcards where none are allowed keep the group from being built', () => {
    expect(routed([rule(undefined, '/a* Prefix a')], 'http://x/')).toBe('undetermined');
    expect(routed([rule(undefined, '/a? Exact a')], 'http://x/')).toBe('undetermined');
  });

  test('inside one entry Exact, longer prefixes, then the file; between entries the file alone', () => {
    const one = [rule('x.example.com', '/* ImplementationSpecific a', '/p Prefix a', '/p/q Prefix b', '/p/q/r Exact c')];
    expect(routed(one, 'http://x.example.com/p/q/r')).toBe(to('c'));
    expect(routed(one, 'http://x.example.com/p/q/s')).toBe(to('b'));
    const split = [rule('x.example.com', '/p Prefix a'), rule('x.example.com', '/p/q Prefix b')];
    expect(routed(split, 'http://x.example.com/p/q')).toBe(to('a'));
    expect(routed([rule(undefined, '/ Prefix a'), rule('x.example.com', '/ Prefix b')], 'http://x.example.com/')).toBe(to('a'));
  });

  test('hosts: no case, no port, wildcards of any depth', () => {
    const objects = [rule('*.example.com', '/ Prefix a')];
    expect(routed(objects, 'http://A.B.example.com:80/')).toBe(to('a'));
    expect(routed(objects, 'http://example.com/')).toBe('responded 404');
  });

  test('the default backend, of one Ingress only', () => {
    const spec = { defaultBackend: { service: { name: 'b', port: { number: 80 } } } };
    expect(routed([rule('x', '/ Prefix a')], 'http://y/', {}, {}, spec)).toBe(to('b'));
    const two = [...apps, ingress([], { 'group.name': 'g' }, spec), ingress([], { 'group.name': 'g' }, spec, 'web/j')];
    expect(answer(two, at('http://y/'))).toBe('undetermined');
  });

  test('regular expressions for paths', () => {
    expect(routed([rule(undefined, '/^\\/v[12]$ ImplementationSpecific a')], 'http://x/v1', {}, { 'use-regex-path-match': 'true' })).toBe(to('a'));
    expect(routed([rule(undefined, '/^\\/v[12]$ ImplementationSpecific a')], 'http://x/v3', {}, { 'use-regex-path-match': 'true' })).toBe('responded 404');
  });

  const conditioned = (conditions: any, url: string, more: any = {}) => routed([rule(undefined, '/x Exact a')], url, more, { 'conditions.a': conditions });
  test.each([
    [{ field: 'http-request-method', httpRequestMethodConfig: { values: ['POST'] } }, '/x', { method: 'POST' }, true],
    [{ field: 'http-request-method', httpRequestMethodConfig: { values: ['post'] } }, '/x', { method: 'POST' }, false],
    [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-A', values: ['b*'] } }, '/x', { headers: { 'x-a': 'BC' } }, true],
    [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-A', regexValues: ['^b.$'] } }, '/x', { headers: { 'x-a': 'bc' } }, true],
    [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: 'X-A', regexValues: ['^b.$'] } }, '/x', { headers: { 'x-a': 'bcd' } }, false],
    [{ field: 'query-string', queryStringConfig: { values: [{ key: 'V', value: '1*' }] } }, '/x?v=12', {}, true],
    [{ field: 'query-string', queryStringConfig: { values: [{ value: 'z' }] } }, '/x?v=Z', {}, true],
    [{ field: 'query-string', queryStringConfig: { values: [{ key: 'w', value: '1' }] } }, '/x?v=1', {}, false],
    [{ field: 'path-pattern', pathPatternConfig: { values: ['/y*'] } }, '/yes', {}, true],
    [{ field: 'path-pattern', pathPatternConfig: { regexValues: ['^/z.$'] } }, '/zz', {}, true],
    [{ field: 'host-header', hostHeaderConfig: { values: ['h.example.com'] } }, '/x', {}, false],
    [{ field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } }, '/x', { sourceIp: '10.1.1.1' }, true],
    [{ field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } }, '/x', { sourceIp: '11.1.1.1' }, false],
  ])('condition %j on %s', (condition, url, more, expected) => expect(conditioned([condition], `http://x.example.com${url}`, more)).toBe(expected ? to('a') : 'responded 404'));

  test('what a condition does not know of the request is open; what is none breaks the group', () => {
    expect(conditioned([{ field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } }], 'http://x/x')).toBe('undetermined');
    expect(conditioned([{ field: 'cookie' }], 'http://x/x')).toBe('undetermined');
    expect(conditioned([{ field: 'http-header' }], 'http://x/x')).toBe('undetermined');
    expect(conditioned('[', 'http://x/x')).toBe('undetermined');
  });
});

describe('actions', () => {
  const acting = (config: any, url = 'http://x.example.com/p?q=1', more: any[] = [], values: any = {}) =>
    answers([...apps, ingress([rule(undefined, { ...action('go'), pathType: 'Prefix' }, ...more)], { 'actions.go': config, ...values })], at(url)).join(' + ');
  const redirecting = (config: any) => ({ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_302', ...config } });

  test.each([
    [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '418' } }, 'responded 418'],
    [{ type: 'fixed-response' }, 'undetermined'],
    [{ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'a', servicePort: '80', weight: 1 }, { serviceName: 'b', servicePort: 80, weight: 3 }] } }, `${to('a')} 25% + ${to('b')} 75%`],
    [{ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'a', servicePort: 80 }] } }, to('a')],
    [{ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'a', servicePort: 80 }, { serviceName: 'b', servicePort: 80 }] } }, 'undetermined'],
    [{ type: 'forward', forwardConfig: { targetGroups: [{ serviceName: 'a', servicePort: 81 }] } }, 'undetermined'],
    [{ type: 'forward', targetGroupARN: 'arn:tg' }, 'undetermined'],
    [{ type: 'forward', forwardConfig: { targetGroups: [{ targetGroupARN: 'arn:tg' }] } }, 'undetermined'],
    [{ type: 'forward' }, 'undetermined'],
    [{ type: 'weighted' }, 'undetermined'],
    ['{', 'undetermined'],
    [redirecting({ Host: 'b.example.com' }), 'redirected 302 http://b.example.com/p?q=1'],
    [redirecting({ Protocol: 'HTTPS', Port: '443' }), 'redirected 302 https://x.example.com/p?q=1'],
    [redirecting({ Path: '/new' }), 'redirected 302 http://x.example.com/new?q=1'],
    [redirecting({ Path: '/v2/#{path}', Query: 'a=b&#{query}', Host: 'www.#{host}' }), 'redirected 302 http://www.x.example.com/v2/p?a=b&q=1'],
    [redirecting({ Query: '', Path: '/new' }), 'redirected 302 http://x.example.com/new'],
    [{ type: 'redirect', redirectConfig: { statusCode: 'HTTP_307' } }, 'undetermined'],
  ])('%j', (config, expected) => expect(acting(config)).toBe(expected));

  test('half of a forward may be made elsewhere', () => {
    const config = { type: 'forward', forwardConfig: { targetGroups: [{ targetGroupARN: 'arn:tg', weight: 1 }, { serviceName: 'b', servicePort: 80, weight: 3 }] } };
    expect(acting(config)).toBe(`${to('b')} 75% + undetermined 25%`);
  });

  test('an action that nobody wrote answers 503', () => {
    expect(answer([...apps, ingress([rule(undefined, action('none', '/*'))])], at('http://x/'))).toBe('responded 503');
  });

  test('a redirect that leads back is left out: the rules behind it count', () => {
    const values = { 'listen-ports': [{ HTTP: 80 }, { HTTPS: 443 }], 'certificate-arn': 'a' };
    const config = { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } };
    expect(acting(config, 'http://x.example.com/p', ['/ Prefix a'], values)).toBe('redirected 301 https://x.example.com/p');
    expect(acting(config, 'https://x.example.com/p', ['/ Prefix a'], values)).toBe(to('a'));
    expect(acting({ ...config, RedirectConfig: { ...config.RedirectConfig, Path: '/other' } }, 'https://x.example.com/p', ['/ Prefix a'], values)).toContain('redirected');
    expect(acting({ ...config, RedirectConfig: { ...config.RedirectConfig, Path: '/*' } }, 'https://x.example.com/p', ['/ Prefix a'], values)).toBe(to('a'));
    expect(acting({ ...config, RedirectConfig: { ...config.RedirectConfig, Host: 'y' } }, 'https://x.example.com/p', ['/ Prefix a'], values)).toContain('redirected');
  });

  test('transforms rewrite path and Host of what is forwarded', () => {
    const transforms = [{ type: 'url-rewrite', urlRewriteConfig: { rewrites: [{ regex: '^/api/(.*)$', replace: '/$1' }] } }, { type: 'host-header-rewrite', hostHeaderRewriteConfig: { rewrites: [{ regex: '^(.*)\\.example\\.com$', replace: '$1.internal' }] } }];
    expect(only([...apps, ingress([rule(undefined, '/api Prefix a')], { 'transforms.a': transforms })], at('http://x.example.com/api/v1?q')).request).toMatchObject({ path: '/v1?q', host: 'x.internal' });
    expect(answer([...apps, ingress([rule(undefined, '/api Prefix a')], { 'transforms.a': '{' })], at('http://x/api'))).toBe('undetermined');
  });

  test('who asks who it is: on HTTPS only, by the Service before the Ingress', () => {
    const values = { 'listen-ports': [{ HTTP: 80 }, { HTTPS: 443 }], 'certificate-arn': 'a' };
    const asked = (more: any, url: string, metadata: any = {}) => only([...service('a', { metadata: { annotations: annotations(metadata) } }), ingress([rule(undefined, '/ Prefix a')], { ...values, ...more })], at(url)).policies.map(({ value }) => value);
    expect(asked({ 'auth-type': 'oidc' }, 'https://x/')).toEqual(['oidc']);
    expect(asked({ 'auth-type': 'oidc' }, 'http://x/')).toEqual([]);
    expect(asked({ 'auth-type': 'none' }, 'https://x/')).toEqual([]);
    expect(asked({ 'auth-type': 'oidc' }, 'https://x/', { 'auth-type': 'cognito' })).toEqual(['cognito']);
    expect(asked({ 'jwt-validation': '{}' }, 'https://x/')).toEqual(['JWT']);
    const broken = (more: any) => answer([...apps, ingress([rule(undefined, '/ Prefix a')], { ...values, ...more })], at('https://x/'));
    expect(broken({ 'jwt-validation': '{}', 'auth-type': 'oidc' })).toBe('undetermined');
    expect(broken({ 'auth-type': 'basic' })).toBe('undetermined');
  });
});

describe('groups', () => {
  const member = (name: string, order: number | undefined, values: any, ...paths: string[]) => ingress([rule(undefined, ...paths)], { 'group.name': 'g', ...(order === undefined ? {} : { 'group.order': String(order) }), ...values }, {}, `web/${name}`);

  test('by order, then by name; each on its own ports', () => {
    expect(answer([...apps, member('i', 2, {}, '/ Prefix a'), member('z', 1, {}, '/ Prefix b')], at('http://x/'))).toBe(to('b'));
    expect(answer([...apps, member('i', undefined, {}, '/ Prefix a'), member('b', undefined, {}, '/ Prefix b')], at('http://x/'))).toBe(to('b'));
    const ports = [...apps, member('i', 1, {}, '/ Prefix a'), member('z', 0, { 'listen-ports': [{ HTTP: 81 }] }, '/ Prefix b')];
    expect(answer(ports, at('http://x/'))).toBe(to('a'));
    expect(answer(ports, at('http://x:81/'))).toBe(to('b'));
  });

  test('one member that cannot be read keeps all from being built', () => {
    expect(answer([...apps, member('i', 1, {}, '/ Prefix a'), member('z', 0, {}, '/x* Prefix b')], at('http://x/'))).toBe('undetermined');
    expect(answer([...apps, member('i', 1, { 'listen-ports': [{ HTTP: 80 }] }, '/ Prefix a'), member('z', 0, { 'listen-ports': [{ HTTPS: 80 }] }, '/x Prefix b')], at('http://x/'))).toBe('undetermined');
    expect(answer([...apps, member('i', 1, { 'listen-ports': [{ HTTPS: 443 }, { HTTPS: 444 }], 'ssl-redirect': '443' }, '/ Prefix a'), member('z', 0, { 'ssl-redirect': '444' }, '/ Prefix b')], at('https://x/'))).toBe('undetermined');
  });

  test('members have to agree on what the load balancer is', () => {
    const objects = (x: any, y: any) => [...apps, member('i', 0, x, '/ Prefix a'), member('z', 1, y, '/ Prefix b')];
    expect(answer(objects({ scheme: 'internal' }, { scheme: 'internet-facing' }), at('http://x/'))).toBe('undetermined');
    expect(answer(objects({ scheme: 'internal' }, {}), at('http://x/'))).toBe(to('a'));
    expect(answer(objects({ subnets: 'a,b' }, { subnets: 'b, a' }), at('http://x/'))).toBe(to('a'));
    expect(answer(objects({ 'security-groups': 'a,b' }, { 'security-groups': 'b,a' }), at('http://x/'))).toBe('undetermined');
  });
});

describe('targets', () => {
  const simple = (objects: any[], values: any = {}, options: any = {}) => answer([...objects, ingress([rule(undefined, '/ Prefix a')], values)], at('http://x/'), options);

  test('instances need a port of the nodes', () => {
    expect(simple(app('web/a'))).toBe('undetermined');
    expect(simple(app('web/a'), { 'target-type': 'ip' })).toBe(to('a'));
    expect(simple(app('web/a', 80, { metadata: { annotations: { [`${ALB}target-type`]: 'ip' } } }), { 'target-type': 'instance' })).toBe(to('a'));
    const objects = [...app('web/a'), ingress([rule(undefined, '/ Prefix a')], {}, { ingressClassName: 'edge' }),
      object('networking.k8s.io/v1', 'IngressClass', 'edge', { controller: 'ingress.k8s.aws/alb', parameters: { kind: 'IngressClassParams', name: 'p' } }), object('elbv2.k8s.aws/v1beta1', 'IngressClassParams', 'p', { targetType: 'ip' })];
    expect(answer(objects, at('http://x/'))).toBe(to('a'));
  });

  test('a missing Service answers 503, a missing port breaks the group', () => {
    expect(simple([], {}, { complete: true })).toBe('responded 503');
    expect(simple([])).toBe(`${to('a')} (assumed)`);
    expect(answer([...apps, ingress([rule(undefined, { path: '/', pathType: 'Prefix', backend: { service: { name: 'a', port: { name: 'grpc' } } } })])], at('http://x/'))).toBe('undetermined');
    expect(answer([...apps, ingress([rule(undefined, { path: '/', pathType: 'Prefix', backend: { resource: {} } })])], at('http://x/'))).toBe('undetermined');
  });

  test('the protocol of the targets', () => {
    expect(only([...apps, ingress([rule(undefined, '/ Prefix a')], { 'backend-protocol': 'HTTPS' })], at('http://x/'))).toMatchObject({ request: { scheme: 'https', headers: { 'x-forwarded-proto': 'http', 'x-forwarded-port': '80' } }, policies: [{ name: 'upstreamTls' }] });
  });

  const edge = (values: any, gatewayServer: any = server('80 HTTP *'), pods: any = {}) => answer([
    ...gatewayPods(undefined, { spec: { type: 'NodePort', ...pods } }), gateway('edge/g', [gatewayServer]), ...app('edge/shop'), virtualService('edge/vs', ['*'], { gateways: ['g'], http: [entryTo('shop')] }),
    object('networking.k8s.io/v1', 'Ingress', 'edge/i', { ingressClassName: 'alb', rules: [rule(undefined, { path: '/', pathType: 'Prefix', backend: { service: { name: 'gateway', port: { number: values.port ?? 80 } } } })] }, { annotations: annotations({ 'target-type': 'ip', ...values.set }) }),
  ], { url: 'http://x.example.com/', entry: 'Ingress/edge/i' });
  const shop = 'delivered Service/edge/shop:80';

  test('a chain through an Istio gateway, and where it breaks', () => {
    const ready = { 'healthcheck-port': '15021', 'healthcheck-path': '/healthz/ready' };
    expect(edge({ set: ready })).toBe(shop);
    // HTTP to a port that speaks TLS, TLS to one that does not, a port on which nobody listens.
    expect(edge({ set: ready, port: 443 }, server('443 HTTPS *', { mode: 'SIMPLE', credentialName: 'c' }))).toBe('responded 502');
    expect(edge({ set: { ...ready, 'backend-protocol': 'HTTPS' } })).toBe('responded 502');
    expect(edge({ set: { ...ready, 'backend-protocol': 'HTTPS' }, port: 443 }, server('443 HTTPS *', { mode: 'SIMPLE', credentialName: 'c' }))).toBe(shop);
    expect(edge({ set: { ...ready, 'backend-protocol': 'HTTPS' }, port: 443 }, server('443 HTTPS shop.example.com', { mode: 'SIMPLE', credentialName: 'c' }))).toBe('responded 502');
    expect(edge({ set: ready }, server('8443 HTTP *'))).toBe('responded 502');
  });

  test('a health check that fails on all targets is told, and fails open', () => {
    const routed = { set: { 'healthcheck-path': '/ready' } };
    expect(edge(routed)).toBe(shop);
    expect(edge(routed, server('80 HTTP shop.example.com'))).toBe('responded 404 (assumed)');
    expect(edge({ set: { 'healthcheck-port': '15021' } })).toBe(`${shop} (assumed)`);
    expect(edge({ set: { 'healthcheck-port': '9999' } })).toBe(`${shop} (assumed)`);
    expect(edge({ set: { 'success-codes': '200-399,404' } }, server('80 HTTP shop.example.com'))).toBe('responded 404');
    expect(edge({ set: { 'backend-protocol-version': 'GRPC' } }, server('80 HTTP shop.example.com'))).toBe('responded 404');
    expect(edge({ set: { 'target-type': 'instance', 'healthcheck-port': '9999' } })).toBe(shop);
    expect(edge({ set: { 'healthcheck-port': 'https' } }, server('80 HTTP shop.example.com'))).toBe('responded 404 (assumed)');
  });

  test('behind the load balancer only X-Forwarded-For tells the client', () => {
    const policy = (source: any) => object('security.istio.io/v1', 'AuthorizationPolicy', 'edge/p', { action: 'DENY', rules: [{ from: [{ source }] }] });
    const objects = (source: any) => [...gatewayPods(), gateway('edge/g', [server('80 HTTP *')]), ...app('edge/shop'), virtualService('edge/vs', ['*'], { gateways: ['g'], http: [entryTo('shop')] }), policy(source),
      ingress([rule(undefined, { path: '/', pathType: 'Prefix', backend: { service: { name: 'gateway', port: { number: 80 } } } })], { 'target-type': 'ip', 'healthcheck-port': '15021', 'healthcheck-path': '/healthz/ready' }, {}, 'edge/i')];
    const ask = (source: any, trusted: number) => answer(objects(source), { url: 'http://x.example.com/', entry: 'Ingress/edge/i', sourceIp: '10.1.1.1' }, { istio: { numTrustedProxies: trusted } });
    expect(ask({ remoteIpBlocks: ['10.0.0.0/8'] }, 1)).toBe('responded 403');
    expect(ask({ remoteIpBlocks: ['11.0.0.0/8'] }, 1)).toBe(shop);
    expect(ask({ remoteIpBlocks: ['10.0.0.0/8'] }, 0)).toBe('undetermined');
    expect(ask({ ipBlocks: ['10.0.0.0/8'] }, 1)).toBe('undetermined');
  });
});
