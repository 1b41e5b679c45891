import { app, caData, httpProxy, object, outcome, route, short, tlsSecret, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const edge = 'IngressClass//contour';
const apps = [...app('web/a'), ...app('web/b')];
const clear = { url: 'http://shop.example.com/x?y=1', entry: edge };
const secure = { url: 'https://shop.example.com/x?y=1', entry: edge };
const secret = tlsSecret('web/tls');
const shop = (tls: any = { secretName: 'tls' }, spec: any = {}, host: any = {}) => httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')], ...spec, virtualhost: { tls, ...host } });
const policies = (objects: any[], request: any = secure, options: any = COMPLETE) => outcome(objects, request, options).policies.filter(({ name }) => name === 'authentication').map(({ value }) => value);

describe('TLS', () => {
  test('https is served, http is sent there', () => {
    expect(short([...apps, secret, shop()], secure, COMPLETE)).toBe('web/a:80');
    expect(short([...apps, secret, shop()], clear, COMPLETE)).toBe('301 https://shop.example.com/x?y=1');
    expect(short([...apps, secret, shop()], { ...clear, url: 'http://shop.example.com:80/x?y=1' }, COMPLETE)).toBe('301 https://shop.example.com/x?y=1');
  });
  test('without TLS there is http alone', () => {
    const plain = [...apps, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')] })];
    expect(short(plain, clear, COMPLETE)).toBe('web/a:80');
    expect(short(plain, secure, COMPLETE)).toBe('refused');
  });
  test('permitInsecure, unless it is disabled', () => {
    const objects = [...apps, secret, shop(undefined, { routes: [route('/ a', { permitInsecure: true })] })];
    expect(short(objects, clear, COMPLETE)).toBe('web/a:80');
    expect(short(objects, clear, { ...COMPLETE, contour: { disablePermitInsecure: true } })).toBe('301 https://shop.example.com/x?y=1');
  });
  test('the redirect comes before direct responses and redirects', () => {
    const objects = [...apps, secret, shop(undefined, { routes: [{ conditions: [{ prefix: '/' }], directResponsePolicy: { statusCode: 410 } }] })];
    expect(short(objects, clear, COMPLETE)).toBe('301 https://shop.example.com/x?y=1');
    expect(short(objects, secure, COMPLETE)).toBe('410');
  });
  test('the server name chooses, and Host has to be it', () => {
    const other = httpProxy('web/other', 'other.example.com', { routes: [route('/ b')], virtualhost: { tls: { secretName: 'tls' } } });
    const wild = httpProxy('web/wild', '*.example.com', { routes: [route('/ b')], virtualhost: { tls: { secretName: 'tls' } } });
    const objects = [...apps, secret, shop(), other];
    expect(short(objects, { ...secure, sni: 'other.example.com' }, COMPLETE)).toBe('421');
    expect(short(objects, { ...secure, headers: { host: 'SHOP.example.com:443' } }, COMPLETE)).toBe('web/a:80');
    expect(short(objects, { ...secure, url: 'https://none.example.com/' }, COMPLETE)).toBe('refused');
    expect(short([...objects, wild], { ...secure, url: 'https://x.example.com/' }, COMPLETE)).toBe('web/b:80');
    expect(short([...objects, wild], { ...secure, url: 'https://x.example.com/', sni: 'y.example.com' }, COMPLETE)).toBe('421');
  });
  test('plain HTTP on the TLS port, and TLS on the plain port', () => {
    expect(short([...apps, secret, shop()], { url: 'http://shop.example.com:443/', entry: edge }, COMPLETE)).toBe('refused');
    expect(short([...apps, secret, shop()], { url: 'https://shop.example.com:80/', entry: edge }, COMPLETE)).toBe('refused');
    expect(short([...apps, secret, shop()], { url: 'http://shop.example.com:81/', entry: edge }, COMPLETE)).toBe('refused');
  });
  test('a fallback certificate for clients without a known server name', () => {
    const options = { ...COMPLETE, contour: { fallbackCertificate: 'web/fallback' } };
    const objects = [...apps, secret, tlsSecret('web/fallback'), shop({ secretName: 'tls', enableFallbackCertificate: true })];
    expect(short(objects, { ...secure, sni: 'unknown.example.com' }, options)).toBe('web/a:80');
    expect(short(objects, { ...secure, url: 'https://10.0.0.1/', headers: { host: 'shop.example.com' } }, options)).toBe('web/a:80');
    expect(short(objects, { ...secure, url: 'https://10.0.0.1/', headers: { host: 'other.example.com' } }, options)).toBe('404');
    expect(short(objects, secure, COMPLETE)).toBe('refused');
    expect(short(objects.filter((each) => each.metadata.name !== 'fallback'), secure, options)).toBe('refused');
    const elsewhere = [...apps, secret, tlsSecret('certs/fallback'), shop({ secretName: 'tls', enableFallbackCertificate: true })];
    expect(short(elsewhere, secure, { ...COMPLETE, contour: { fallbackCertificate: 'certs/fallback' } })).toBe('refused');
  });
});

describe('certificates', () => {
  const delegation = (targetNamespaces: string[]) => object('projectcontour.io/v1', 'TLSCertificateDelegation', 'certs/lend', { delegations: [{ secretName: 'tls', targetNamespaces }] });
  const lent = (extra: any[]) => [...apps, tlsSecret('certs/tls'), shop({ secretName: 'certs/tls' }), ...extra];
  test.each([[[], 'refused'], [[delegation(['web'])], 'web/a:80'], [[delegation(['*'])], 'web/a:80'], [[delegation(['*', 'other'])], 'refused'], [[delegation(['other'])], 'refused']])('of another namespace %#', (extra, expected) => {
    expect(short(lent(extra), secure, COMPLETE)).toBe(expected);
  });
  test('what is absent from the input is named', () => {
    const open = outcome([...apps, shop()], secure);
    expect(open).toMatchObject({ kind: 'refused', certainty: 'assumed', assumptions: ['Secret/web/tls, which is not in the input, does not exist'] });
    expect(short([...apps, shop()], clear)).toBe('404 ?');
    expect(short([...apps, shop()], secure, COMPLETE)).toBe('refused');
    expect(short([...apps, shop()], clear, COMPLETE)).toBe('404');
    expect(outcome(lent([]), secure).assumptions).toEqual(['a TLSCertificateDelegation that lends Secret/certs/tls to namespace web, which is not in the input, does not exist']);
  });
  test('a wildcard takes what a withheld name leaves, assumed', () => {
    const wild = httpProxy('web/wild', '*.example.com', { routes: [route('/ b')], virtualhost: { tls: { secretName: 'other' } } });
    const objects = [...apps, tlsSecret('web/other'), shop(), wild];
    expect(short(objects, secure)).toBe('web/b:80 ?');
    expect(short(objects, clear)).toBe('301 https://shop.example.com/x?y=1 ?');
    expect(short(objects, secure, COMPLETE)).toBe('web/b:80');
  });
  test('in base64, as the API server keeps them', () => {
    const data = { 'tls.crt': btoa('-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----'), 'tls.key': btoa('-----BEGIN EC PRIVATE KEY-----\n-----END EC PRIVATE KEY-----') };
    const kept = (more: any = {}) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name: 'tls' }, type: 'kubernetes.io/tls', data: { ...data, ...more } });
    expect(short([...apps, kept(), shop()], secure, COMPLETE)).toBe('web/a:80');
    expect(short([...apps, kept({ 'tls.key': btoa('REDACTED-KEY') }), shop()], secure, COMPLETE)).toBe('web/a:80');
    expect(short([...apps, kept({ 'tls.crt': '%%%' }), shop()], secure, COMPLETE)).toBe('refused');
    expect(short([...apps, kept({ 'tls.crt': '' }), shop()], secure, COMPLETE)).toBe('refused');
  });
  test('cert-manager writes the Secret', () => {
    const certificate = object('cert-manager.io/v1', 'Certificate', 'web/tls', { secretName: 'tls', dnsNames: ['shop.example.com'] });
    expect(outcome([...apps, certificate, shop()], secure, COMPLETE)).toMatchObject({ kind: 'delivered', certainty: 'assumed', assumptions: ['Secret/web/tls exists and holds a certificate'] });
  });
  test.each([
    ['of a wrong type', tlsSecret('web/tls', undefined, 'kubernetes.io/dockercfg')], ['without a certificate', tlsSecret('web/tls', { 'tls.key': '-----BEGIN PRIVATE KEY-----' })],
    ['without a key', tlsSecret('web/tls', { 'tls.crt': '-----BEGIN CERTIFICATE-----' })], ['with nonsense', tlsSecret('web/tls', { 'tls.crt': 'x', 'tls.key': 'y' })],
    ['with two keys', tlsSecret('web/tls', { 'tls.crt': '-----BEGIN CERTIFICATE-----', 'tls.key': '-----BEGIN PRIVATE KEY-----\n-----BEGIN RSA PRIVATE KEY-----' })],
    ['with a key that is none', tlsSecret('web/tls', { 'tls.crt': '-----BEGIN CERTIFICATE-----', 'tls.key': 'y' })],
  ])('%s serve nothing', (_, bad) => expect(short([...apps, bad, shop()], secure)).toBe('refused'));
});

describe('faults of the host serve nothing', () => {
  test.each([
    ['neither secret nor passthrough', {}, {}], ['both', { secretName: 'tls', passthrough: true }, {}], ['passthrough and clientValidation', { passthrough: true, clientValidation: {} }, {}],
    ['versions that cross', { secretName: 'tls', minimumProtocolVersion: '1.3', maximumProtocolVersion: '1.2' }, {}],
    ['fallback and clientValidation', { secretName: 'tls', enableFallbackCertificate: true, clientValidation: { skipClientCertValidation: true } }, {}],
    ['fallback and authorization', { secretName: 'tls', enableFallbackCertificate: true }, { authorization: {} }],
    ['fallback and JWTs', { secretName: 'tls', enableFallbackCertificate: true }, { jwtProviders: [{ name: 'x', remoteJWKS: { uri: 'https://x' } }] }],
    ['fallback without one', { secretName: 'tls', enableFallbackCertificate: true }, {}],
    ['a CA that is not there', { secretName: 'tls', clientValidation: { caSecret: 'ca' } }, {}],
    ['an ExtensionService that is not there', { secretName: 'tls' }, { authorization: { extensionRef: { name: 'auth' } } }],
    ['an ExtensionService of another version', { secretName: 'tls' }, { authorization: { extensionRef: { apiVersion: 'v2', name: 'auth' } } }],
    ['two JWT providers of one name', { secretName: 'tls' }, { jwtProviders: [{ name: 'x', remoteJWKS: { uri: 'https://x' } }, { name: 'x', remoteJWKS: { uri: 'https://x' } }] }],
    ['two default JWT providers', { secretName: 'tls' }, { jwtProviders: [{ name: 'x', default: true, remoteJWKS: { uri: 'https://x' } }, { name: 'y', default: true, remoteJWKS: { uri: 'https://x' } }] }],
    ['a JWT provider without keys', { secretName: 'tls' }, { jwtProviders: [{ name: 'x' }] }],
    ['a JWT provider with keys twice', { secretName: 'tls' }, { jwtProviders: [{ name: 'x', remoteJWKS: { uri: 'https://x' }, localJWKS: { secretName: 'y' } }] }],
    ...[{ uri: 'ftp://x' }, { uri: 'http://x', validation: {} }, { uri: 'https://x', validation: { caSecret: 'ca', subjectName: 'x' } }, { uri: 'https://x', validation: { caSecret: 'other/ca', subjectName: 'x' } },
      { uri: 'https://x', timeout: 'soon' }, { uri: 'https://x', cacheDuration: 'long' }, { uri: 'https://x', dnsLookupFamily: 'v5' }]
      .map((remoteJWKS): [string, any, any] => [`keys at ${JSON.stringify(remoteJWKS)}`, { secretName: 'tls' }, { jwtProviders: [{ name: 'x', remoteJWKS }] }]),
    ['CORS without origins', { secretName: 'tls' }, { corsPolicy: { allowMethods: ['GET'] } }], ['CORS with a broken origin', { secretName: 'tls' }, { corsPolicy: { allowOrigin: ['('], allowMethods: ['GET'] } }],
    ['CORS with a broken age', { secretName: 'tls' }, { corsPolicy: { allowOrigin: ['*'], allowMethods: ['GET'], maxAge: 'x' } }],
    ['a rate limit of nothing', { secretName: 'tls' }, { rateLimitPolicy: { local: { requests: 0, unit: 'second' } } }], ['a rate limit by the day', { secretName: 'tls' }, { rateLimitPolicy: { local: { requests: 1, unit: 'day' } } }],
    ['addresses that are none', { secretName: 'tls' }, { ipAllowPolicy: [{ cidr: '10.0.0.0/33' }] }], ['addresses allowed and denied', { secretName: 'tls' }, { ipAllowPolicy: [{ cidr: '10.0.0.1' }], ipDenyPolicy: [{ cidr: '10.0.0.1' }] }],
  ])('%s', (_, tls, host) => {
    expect(short([...apps, secret, shop(tls, {}, host)], secure, COMPLETE)).toBe('refused');
    expect(short([...apps, secret, shop(tls, {}, host)], clear, COMPLETE)).toBe('404');
  });
  test.each([['authorization', { authorization: { extensionRef: { name: 'auth' } } }], ['JWTs', { jwtProviders: [{ name: 'x' }] }]])('%s without TLS', (_, host) => {
    expect(short([...apps, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')], virtualhost: host })], clear, COMPLETE)).toBe('404');
  });
  test('what is reported and served all the same', () => {
    const objects = [...apps, secret, shop({ secretName: 'tls', clientValidation: {} })];
    expect(short(objects, secure, COMPLETE)).toBe('web/a:80');
    const through = [...apps, shop({ passthrough: true, enableFallbackCertificate: true }, { tcpproxy: { services: [{ name: 'a', port: 80 }] } }, { authorization: { extensionRef: { name: 'x' } } })];
    expect(short(through, secure, COMPLETE)).toBe('web/a:80 tls');
  });
});

describe('who may come in', () => {
  const extension = object('projectcontour.io/v1alpha1', 'ExtensionService', 'auth/opa', {});
  const authorization = { extensionRef: { namespace: 'auth', name: 'opa' } };
  const jwtProviders = [{ name: 'corp', issuer: 'https://issuer.example.com', default: true, remoteJWKS: { uri: 'https://issuer.example.com/keys' } }, { name: 'other', remoteJWKS: { uri: 'https://x' } }];
  const with_ = (more: any, host: any) => [...apps, secret, extension, shop(undefined, { routes: [route('/ a', { permitInsecure: true, ...more })] }, host)];
  test('authorization, which a route may switch off, on https alone', () => {
    expect(policies(with_({}, { authorization }))).toEqual(['external authorization by opa']);
    expect(policies(with_({ authPolicy: { disabled: true } }, { authorization }))).toEqual([]);
    expect(policies(with_({ authPolicy: { disabled: false } }, { authorization: { ...authorization, authPolicy: { disabled: true } } }))).toEqual([]);
    expect(policies(with_({}, { authorization }), clear)).toEqual([]);
    expect(short(with_({}, { authorization: { ...authorization, responseTimeout: 'x' } }), secure, COMPLETE)).toBe('refused');
  });
  test('JWTs: the default, the route\'s own word, none', () => {
    expect(policies(with_({}, { jwtProviders }))).toEqual(['JWT of https://issuer.example.com']);
    expect(policies(with_({ jwtVerificationPolicy: { require: 'other' } }, { jwtProviders }))).toEqual(['JWT of other']);
    expect(policies(with_({ jwtVerificationPolicy: { disabled: true } }, { jwtProviders }))).toEqual([]);
    expect(policies(with_({}, { jwtProviders }), clear)).toEqual([]);
    expect(short(with_({ jwtVerificationPolicy: { require: 'corp', disabled: true } }, { jwtProviders }), secure, COMPLETE)).toBe('refused');
    expect(outcome(with_({ jwtVerificationPolicy: { require: 'gone' } }, { jwtProviders }), secure, COMPLETE)).toMatchObject({ kind: 'delivered', certainty: 'assumed' });
  });
  test('client certificates', () => {
    const ca = tlsSecret('web/ca', caData, 'Opaque');
    const of = (clientValidation: any) => [...apps, secret, ca, shop({ secretName: 'tls', clientValidation })];
    expect(policies(of({ caSecret: 'ca' }))).toEqual(['client certificate']);
    expect(policies(of({ caSecret: 'ca', optionalClientCertificate: true }))).toEqual(['client certificate (optional)']);
    expect(short(of({ caSecret: 'ca', crlSecret: 'ca' }), secure, COMPLETE)).toBe('refused');
    expect(short([...apps, secret, tlsSecret('web/ca', { 'ca.crt': 'x' }, 'Opaque'), shop({ secretName: 'tls', clientValidation: { caSecret: 'ca' } })], secure, COMPLETE)).toBe('refused');
  });
  test('upstreams verified by a CA', () => {
    const of = (validation: any, extra: any[] = []) => [...apps, ...extra, httpProxy('web/shop', 'shop.example.com', { routes: [{ conditions: [{ prefix: '/' }], services: [{ name: 'a', port: 80, protocol: 'tls', validation }] }, route('/ok b')] })];
    const ca = tlsSecret('web/ca', caData, 'Opaque');
    expect(outcome(of({ caSecret: 'ca', subjectName: 'a.web' }, [ca]), clear, COMPLETE).policies).toContainEqual(expect.objectContaining({ name: 'upstreamTls', value: 'verified as a.web' }));
    for (const validation of [{ caSecret: 'ca' }, { caSecret: 'ca', subjectName: 'a', subjectNames: ['b'] }, { caSecret: 'none', subjectName: 'a' }, { caSecret: 'other/ca', subjectName: 'a' }]) {
      expect(short(of(validation, [ca]), { ...clear, url: 'http://shop.example.com/ok' }, COMPLETE)).toBe('404');
    }
    expect(short(of({ caSecret: 'none', subjectName: 'a' }), clear)).toBe('404 ?');
  });
});

describe('tcpproxy', () => {
  const tcp = (tcpproxy: any, tls: any = { passthrough: true }, more: any = {}) => httpProxy('web/shop', 'shop.example.com', { tcpproxy, ...more, virtualhost: { tls } });
  const services = (...list: any[]) => ({ services: list });
  test('bytes of a passed-through connection stay TLS, a terminated one goes on in the clear or with new TLS', () => {
    expect(short([...apps, tcp(services({ name: 'a', port: 80 }))], secure, COMPLETE)).toBe('web/a:80 tls');
    expect(short([...apps, secret, tcp(services({ name: 'a', port: 80 }), { secretName: 'tls' })], secure, COMPLETE)).toBe('web/a:80');
    expect(short([...apps, secret, tcp(services({ name: 'a', port: 80, protocol: 'tls' }), { secretName: 'tls' })], secure, COMPLETE)).toBe('web/a:80 tls');
  });
  test('weights', () => {
    expect(short([...apps, tcp(services({ name: 'a', port: 80, weight: 3 }, { name: 'b', port: 80, weight: 1 }))], secure, COMPLETE)).toBe('25% web/b:80 tls, 75% web/a:80 tls');
    expect(short([...apps, tcp(services({ name: 'a', port: 80, weight: 3 }, { name: 'b', port: 80 }))], secure, COMPLETE)).toBe('web/a:80 tls');
    expect(short([...apps, tcp(services({ name: 'a', port: 80 }, { name: 'b', port: 80, mirror: true }))], secure, COMPLETE)).toBe('50% web/a:80 tls, 50% web/b:80 tls');
  });
  test('routes serve http only', () => {
    const objects = [...apps, tcp(services({ name: 'a', port: 80 }), undefined, { routes: [route('/ b', { permitInsecure: true })] })];
    expect(short(objects, clear, COMPLETE)).toBe('web/b:80');
    expect(short(objects, secure, COMPLETE)).toBe('web/a:80 tls');
    expect(short([...apps, tcp(services({ name: 'a', port: 80 }))], clear, COMPLETE)).toBe('404');
  });
  test('delegation, also by its old name, and without an end', () => {
    const child = (spec: any) => httpProxy('team/db', undefined, spec);
    for (const key of ['include', 'includes']) {
      expect(short([...app('team/db'), tcp({ [key]: { name: 'db', namespace: 'team' } }), child({ tcpproxy: services({ name: 'db', port: 80 }) })], secure, COMPLETE)).toBe('team/db:80 tls');
    }
    const nothing = [...apps, tcp({ include: { name: 'db', namespace: 'team' } }, undefined, { routes: [route('/ b', { permitInsecure: true })] }), child({})];
    expect(short(nothing, secure, COMPLETE)).toBe('refused');
    expect(short(nothing, clear, COMPLETE)).toBe('web/b:80');
  });
  test.each([
    ['both', { services: [{ name: 'a', port: 80 }], include: { name: 'x' } }, []], ['neither', {}, []], ['a missing include', { include: { name: 'x' } }, []],
    ['a root', { include: { name: 'x' } }, [httpProxy('web/x', 'x.example.com', { routes: [] })]], ['itself', { include: { name: 'x' } }, [httpProxy('web/x', undefined, { tcpproxy: { include: { name: 'x' } } })]],
    ['one service that is not there', services({ name: 'a', port: 80 }, { name: 'gone', port: 80 }), []], ['an odd protocol', services({ name: 'a', port: 80, protocol: 'spdy' }), []],
    ['a CA that is not there', services({ name: 'a', port: 80, protocol: 'tls', validation: { caSecret: 'ca', subjectName: 'a' } }), []],
  ])('%s serves nothing', (_, tcpproxy, extra) => {
    const objects = [...apps, ...extra, tcp(tcpproxy, undefined, { routes: [route('/ b', { permitInsecure: true })] })];
    expect(short(objects, secure, COMPLETE)).toBe('refused');
    expect(short(objects, clear, COMPLETE)).toBe('404');
  });
  test('needs TLS', () => expect(short([...apps, httpProxy('web/shop', 'shop.example.com', { tcpproxy: services({ name: 'a', port: 80 }), routes: [route('/ a')] })], clear, COMPLETE)).toBe('404'));
});

describe('roots', () => {
  test('two of one name serve nothing, in any case of letters and namespace', () => {
    const objects = [...apps, ...app('team/x'), httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')] }), httpProxy('team/shop', 'SHOP.example.com', { routes: [route('/ x')] })];
    expect(short(objects, clear, COMPLETE)).toBe('404');
    const other = httpProxy('team/shop', 'shop.example.com', { routes: [route('/ x')], ingressClassName: 'other' });
    expect(short([...objects.slice(0, -1), other], clear, COMPLETE)).toBe('web/a:80');
  });
  test('root namespaces bind roots, not children', () => {
    const objects = [...apps, httpProxy('roots/shop', 'shop.example.com', { includes: [{ name: 'c', namespace: 'web' }] }), httpProxy('web/c', undefined, { routes: [route('/ a')] }), httpProxy('web/bad', 'bad.example.com', { routes: [route('/ a')] })];
    const options = { ...COMPLETE, contour: { rootNamespaces: ['roots'] } };
    expect(short(objects, clear, options)).toBe('web/a:80');
    expect(short(objects, { ...clear, url: 'http://bad.example.com/' }, options)).toBe('404');
  });
  test.each([['nothing defined', { }], ['no name', { virtualhost: { fqdn: ' ' }, routes: [] }]])('%s', (_, spec) => expect(short([...apps, httpProxy('web/shop', 'shop.example.com', spec)], clear, COMPLETE)).toBe('404'));
  test.each([
    [undefined, {}, undefined, true], [undefined, {}, 'contour', true], [undefined, {}, 'other', false], [['team'], {}, undefined, false], [['team'], {}, 'team', true],
    [['team'], { 'kubernetes.io/ingress.class': 'team' }, 'other', true], [['team'], { 'projectcontour.io/ingress.class': 'other', 'kubernetes.io/ingress.class': 'team' }, 'team', false],
  ])('classes %j, annotations %j, field %s: %s', (ingressClassNames, annotations, ingressClassName, taken) => {
    const objects = [...apps, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ a')], ingressClassName }, { annotations })];
    expect(short(objects, { ...clear, entry: `IngressClass//${ingressClassNames?.[0] ?? 'contour'}` }, { ...COMPLETE, contour: { ingressClassNames } })).toBe(taken ? 'web/a:80' : '404');
  });
});

describe('one bad route takes all routes of its proxy', () => {
  test.each([
    ['no action', { conditions: [{ prefix: '/bad' }] }], ['two actions', route('/bad a', { directResponsePolicy: { statusCode: 200 } })], ['two paths', { ...route('/bad a'), conditions: [{ prefix: '/a' }, { exact: '/b' }] }],
    ['a broken regex', { ...route('/bad a'), conditions: [{ regex: '/(' }] }], ['one header with two values', { ...route('/bad a'), conditions: [{ header: { name: 'h', exact: '1' } }, { header: { name: 'H', exact: '2' } }] }],
    ['a header regex', { ...route('/bad a'), conditions: [{ header: { name: 'h', regex: '(' } }] }], ['a header without a name', { ...route('/bad a'), conditions: [{ header: { exact: '1' } }] }],
    ['a parameter with two values', { ...route('/bad a'), conditions: [{ queryParameter: { name: 'q', exact: '1' } }, { queryParameter: { name: 'Q', exact: '2' } }] }],
    ['a parameter with two tests', { ...route('/bad a'), conditions: [{ queryParameter: { name: 'q', exact: '1', prefix: '2' } }] }], ['a parameter regex', { ...route('/bad a'), conditions: [{ queryParameter: { name: 'q', regex: '(' } }] }],
    ['a parameter without a name', { ...route('/bad a'), conditions: [{ queryParameter: { exact: '1' } }] }],
    ['a header set twice', route('/bad a', { requestHeadersPolicy: { set: [{ name: 'x', value: '1' }, { name: 'X', value: '2' }] } })], ['a header removed twice', route('/bad a', { requestHeadersPolicy: { remove: ['x', 'X'] } })],
    ['a header that is none', route('/bad a', { requestHeadersPolicy: { set: [{ name: 'x y', value: '1' }] } })], ['a removed header that is none', route('/bad a', { requestHeadersPolicy: { remove: ['x y'] } })],
    ['Host on responses', route('/bad a', { responseHeadersPolicy: { set: [{ name: 'host', value: '1' }] } })],
    ['a cookie rewritten twice', route('/bad a', { cookieRewritePolicies: [{ name: 'c', secure: true }, { name: 'c', secure: true }] })], ['a cookie rewritten to nothing', route('/bad a', { cookieRewritePolicies: [{ name: 'c' }] })],
    ['a timeout', route('/bad a', { timeoutPolicy: { idle: 'soon' } })], ['a rate limit', route('/bad a', { rateLimitPolicy: { global: { descriptors: [{ entries: [{}] }] } } })],
    ['a redirect twice over', { conditions: [{ prefix: '/bad' }], requestRedirectPolicy: { path: '/x', prefix: '/y' } }], ['a health check', route('/bad a', { healthCheckPolicy: { expectedStatuses: [{ start: 300, end: 200 }] } })],
    ['a port', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 70000 }] }], ['a protocol', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, protocol: 'spdy' }] }],
    ['a service header', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, requestHeadersPolicy: { remove: ['x', 'x'] } }] }],
    ['a service response header', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, responseHeadersPolicy: { set: [{ name: 'Host', value: 'x' }] } }] }],
    ['a service cookie', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, cookieRewritePolicies: [{ name: 'c' }] }] }],
    ['a slow start of no duration', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, slowStartPolicy: { window: 'x' } }] }], ['a slow start of odd aggression', { conditions: [{ prefix: '/bad' }], services: [{ name: 'a', port: 80, slowStartPolicy: { window: '3s', aggression: 'x' } }] }],
    ['a slow start by cookie', { conditions: [{ prefix: '/bad' }], loadBalancerPolicy: { strategy: 'Cookie' }, services: [{ name: 'a', port: 80, slowStartPolicy: { window: '3s' } }] }],
  ])('%s', (_, bad) => {
    const child = httpProxy('web/c', undefined, { routes: [route('/c b')] });
    const root = (routes: any[]) => httpProxy('web/shop', 'shop.example.com', { routes, includes: [{ name: 'c' }] });
    expect(short([...apps, child, root([route('/ok a'), bad])], { ...clear, url: 'http://shop.example.com/ok' }, COMPLETE)).toBe('404');
    expect(short([...apps, httpProxy('web/shop', 'shop.example.com', { routes: [route('/ok a')], includes: [{ name: 'c' }] }), httpProxy('web/c', undefined, { routes: [bad, route('/c b')] })], { ...clear, url: 'http://shop.example.com/ok' }, COMPLETE)).toBe('web/a:80');
  });
  test('and what is sound is not taken for a fault', () => {
    const fine = route('/ a', {
      timeoutPolicy: { response: '1m30s', idle: 'infinity', idleConnection: '1.5h' },
      cookieRewritePolicies: [{ name: 'c', secure: true }],
      healthCheckPolicy: { path: '/', expectedStatuses: [{ start: 200, end: 300 }] },
      rateLimitPolicy: { local: { requests: 3, unit: 'hour' }, global: { descriptors: [{ entries: [{ remoteAddress: {} }] }] } },
      ipAllowPolicy: [{ cidr: '2001:db8::/32' }, { cidr: '10.0.0.1' }],
    });
    fine.services[0].slowStartPolicy = { window: '3s', aggression: '1.1' };
    fine.conditions.push({ header: { name: 'h', notexact: '1', ignoreCase: true } }, { header: { name: 'h', exact: '1' } });
    expect(trace([...apps, httpProxy('web/shop', 'shop.example.com', { routes: [fine] })], { ...clear, sourceIp: '10.0.0.1', headers: { h: '1' } }, COMPLETE).outcomes[0]).toMatchObject({ kind: 'responded', status: 404 });
    expect(short([...apps, httpProxy('web/shop', 'shop.example.com', { routes: [{ ...fine, conditions: [{ prefix: '/' }] }] })], { ...clear, sourceIp: '10.0.0.1' }, COMPLETE)).toBe('web/a:80');
  });
});
