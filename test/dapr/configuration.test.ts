import { Duration, JsonPatch } from 'cdk8s';
import { dapr } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const { AccessAction, ApiAccess, Configuration, DaprApi, HttpVerb, Operation, OtelProtocol, SecretKey, Tracing } = dapr;

function spec(props: dapr.ConfigurationProps, change: (configuration: dapr.Configuration) => void = () => undefined): any {
  const scope = chart();
  change(new Configuration(scope, 'AppConfig', props));
  return only(synthesized(scope), 'Configuration').spec;
}

test('says what is asked for and nothing else', () => {
  const scope = chart();
  new Configuration(scope, 'AppConfig', {
    tracing: Tracing.otel('otel-collector.otel-system:4317', { protocol: OtelProtocol.GRPC, isSecure: false }),
    metrics: { pathMatching: ['/orders/{id}'] },
    apiLogging: { obfuscateUrls: true },
  });
  expect(synthesized(scope)).toEqual([{
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Configuration',
    metadata: { name: 'app-config', namespace: 'web' },
    spec: {
      tracing: { samplingRate: '1', otel: { endpointAddress: 'otel-collector.otel-system:4317', protocol: 'grpc', isSecure: false } },
      metrics: { enabled: true, http: { pathMatching: ['/orders/{id}'] } },
      logging: { apiLogging: { enabled: true, obfuscateURLs: true } },
    },
  }]);
});

describe('tracing', () => {
  test('the sampling rate is written so that Dapr can parse it', () => {
    const rate = (samplingRate: number) => spec({ tracing: Tracing.stdout({ samplingRate }) }).tracing.samplingRate;
    expect([0, 0.25, 1, 1e-7].map(rate)).toEqual(['0', '0.25', '1', '0.0000001']);
    expect(spec({ tracing: Tracing.off() }).tracing).toEqual({ samplingRate: '0' });
    for (const wrong of [-0.1, 1.1, NaN]) expect(() => rate(wrong)).toThrow(`Tracing.stdout: samplingRate must be from 0 to 1, got ${wrong}`);
  });

  test('endpoints are written as each exporter reads them', () => {
    expect(spec({ tracing: Tracing.zipkin('http://zipkin.otel:9411/api/v2/spans') }).tracing.zipkin)
      .toEqual({ endpointAddress: 'http://zipkin.otel:9411/api/v2/spans' });
    expect(() => Tracing.zipkin('http://zipkin.otel:9411')).toThrow('Tracing.zipkin: the endpoint is a URL that ends in /api/v2/spans');
    for (const wrong of ['http://otel:4317', 'otel', 'otel:0', 'otel:4317/v1']) {
      expect(() => Tracing.otel(wrong, { protocol: OtelProtocol.HTTP, isSecure: true })).toThrow(`got "${wrong}"`);
    }
  });

  test('a header comes from a Secret', () => {
    const tracing = Tracing.otel('otlp.vendor.example:4318', {
      protocol: OtelProtocol.HTTP, isSecure: true, timeout: Duration.seconds(3), headers: { 'api-key': SecretKey.of('vendor', 'key') },
    });
    expect(spec({ tracing }).tracing.otel).toMatchObject({
      timeout: '3000ms', headers: [{ name: 'api-key', secretKeyRef: { name: 'vendor', key: 'key' } }],
    });
    expect(() => SecretKey.of('Vendor', 'key')).toThrow('SecretKey.of: Secret name');
    expect(() => SecretKey.of('vendor', '')).toThrow('the key of Secret vendor');
  });
});

describe('the parts of the API', () => {
  test('invocation only, for both protocols', () => {
    expect(spec({ api: ApiAccess.invokeOnly() }).api).toEqual({
      allowed: [{ name: 'invoke', version: 'v1', protocol: 'http' }, { name: 'invoke', version: 'v1', protocol: 'grpc' }],
    });
  });

  test('every list closes both protocols, for it is open for one that it does not name', () => {
    for (const api of Object.values(DaprApi)) {
      const { allowed } = spec({ api: ApiAccess.allow(api) }).api;
      expect(new Set(allowed.map((rule: any) => rule.protocol))).toEqual(new Set(['http', 'grpc']));
      for (const rule of allowed) expect(rule.version).toMatch(/^v1((alpha|beta)[12])?$/);
    }
  });

  test('all but some', () => {
    expect(spec({ api: ApiAccess.deny(DaprApi.SHUTDOWN, DaprApi.SHUTDOWN) }).api).toEqual({
      denied: [{ name: 'shutdown', version: 'v1', protocol: 'http' }, { name: 'shutdown', version: 'v1', protocol: 'grpc' }],
    });
    expect(() => ApiAccess.allow()).toThrow('ApiAccess.allow: name at least one part of the API');
    expect(() => ApiAccess.deny('secret' as dapr.DaprApi)).toThrow('ApiAccess.deny: unknown part "secret"; known are invoke, state');
  });
});

describe('access control', () => {
  const operations = (...allowed: dapr.Operation[]) => spec({
    accessControl: { internalPaths: ['/.internal/**'], policies: [{ appId: 'caller', namespace: 'web', operations: allowed }] },
  }).accessControl.policies[0].operations;

  test('is open without, and closed to all but the callers named once there is any', () => {
    expect(spec({}).accessControl).toBeUndefined();
    expect(spec({ accessControl: {} }).accessControl).toEqual({ defaultAction: 'deny', trustDomain: 'public' });
    expect(spec({ accessControl: { defaultAction: AccessAction.ALLOW } }).accessControl.defaultAction).toBe('allow');
    expect(spec({}, (configuration) => configuration.addPolicy({ appId: 'caller', namespace: 'web' })).accessControl).toEqual({
      defaultAction: 'deny',
      trustDomain: 'public',
      policies: [{
        appId: 'caller',
        namespace: 'web',
        trustDomain: 'public',
        defaultAction: 'allow',
        operations: ['/actors/**', '/dapr/**', '/job/**'].map((name) => ({ name, httpVerb: ['*'], action: 'deny' })),
      }],
    });
  });

  test('what one caller may do is gathered in one policy, in an order of its own', () => {
    const { policies } = spec({}, (configuration) => configuration
      .addPolicy({ appId: 'b', namespace: 'web', operations: [Operation.get('/items')] })
      .addPolicy({ appId: 'a', namespace: 'web', trustDomain: 'corp', operations: [Operation.grpc('shop.v1.Orders', 'Place')] })
      .addPolicy({ appId: 'b', namespace: 'web', operations: [Operation.of('/items', HttpVerb.POST, HttpVerb.GET)] })).accessControl;
    expect(policies).toEqual([
      {
        appId: 'a',
        namespace: 'web',
        trustDomain: 'corp',
        defaultAction: 'deny',
        operations: [{ name: '/shop.v1.Orders/Place', httpVerb: ['*'], action: 'allow' }],
      },
      { appId: 'b', namespace: 'web', trustDomain: 'public', defaultAction: 'deny', operations: [{ name: '/items', httpVerb: ['GET', 'POST'], action: 'allow' }] },
    ]);
  });

  test('an internal path stands before what would let it in, and only there', () => {
    expect(operations(Operation.any('/**')).map((operation: any) => [operation.name, operation.action])).toEqual([['/.internal/**', 'deny'], ['/**', 'allow']]);
    expect(operations(Operation.any('/*')).map((operation: any) => operation.name)).toEqual(['/.internal/**', '/*']);
    expect(operations(Operation.any('/time')).map((operation: any) => operation.name)).toEqual(['/time']);
  });

  test('a path found first carries the verbs of the wildcards that cover it', () => {
    expect(operations(Operation.get('/orders/**'), Operation.post('/orders/new'), Operation.get('/orders/*'), Operation.any('/time/**'))).toEqual([
      { name: '/orders/new', httpVerb: ['GET', 'POST'], action: 'allow' },
      { name: '/orders/*', httpVerb: ['GET'], action: 'allow' },
      { name: '/orders/**', httpVerb: ['GET'], action: 'allow' },
      { name: '/time/**', httpVerb: ['*'], action: 'allow' },
    ]);
    expect(() => operations(Operation.get('/orders/*'), Operation.post('/orders/new')))
      .toThrow('Dapr cannot tell /orders/* from what is said about /orders/new and below; allow its verbs on /orders/new too');
  });

  test('what Dapr would read otherwise than it is written is refused', () => {
    expect(() => operations(Operation.post('/.internal/batch'))).toThrow('operation /.internal/batch is closed to every caller by the internal path /.internal/**');
    expect(() => operations(Operation.get('/orders'), Operation.post('/orders/new'))).toThrow('operation /orders covers everything below it, so the verbs of /orders/new never apply');
    expect(operations(Operation.any('/orders'), Operation.post('/orders/new'))).toHaveLength(2);
    expect(() => spec({
      accessControl: { internalPaths: ['/a/b'], policies: [{ appId: 'caller', namespace: 'web', operations: [Operation.get('/a')] }] },
    })).toThrow('operation /a covers everything below it, the internal path /a/b too; allow /a/** instead');
    for (const wrong of ['orders', '', '/orders/', '//', '/a/*/b', '/or*', '/a?b', '/**/a']) {
      expect(() => Operation.get(wrong)).toThrow(`got "${wrong}"`);
    }
    for (const right of ['/', '/*', '/**', '/a/b', '/a/*', '/a/**']) expect(Operation.get(right).path).toBe(right);
    expect(() => Operation.grpc('shop/Orders')).toThrow('Operation.grpc: the service');
  });

  test('a policy without a name, a namespace, a trust domain or an operation is refused', () => {
    const scope = chart();
    const configuration = new Configuration(scope, 'AppConfig');
    expect(() => configuration.addPolicy({ appId: '', namespace: 'web' })).toThrow('Configuration web/app-config: access policy of caller : appId: name must not be empty');
    expect(() => configuration.addPolicy({ appId: 'a.b', namespace: 'web' })).toThrow('got "a.b"');
    expect(() => configuration.addPolicy({ appId: 'a', namespace: '' })).toThrow('namespace: name must not be empty');
    expect(() => configuration.addPolicy({ appId: 'a', namespace: 'web', trustDomain: '' })).toThrow('trustDomain: name must not be empty');
    expect(() => configuration.addPolicy({ appId: 'a', namespace: 'web', operations: [] })).toThrow('name at least one operation');
    configuration.addPolicy({ appId: 'b', namespace: 'web', trustDomain: 'corp' });
    expect(() => configuration.addPolicy({ appId: 'b', namespace: 'web' })).toThrow('caller b.web has one trust domain, got "corp" and "public"');
    expect(() => configuration.denyPath('internal')).toThrow('internal path: the path must begin with "/"');
    expect(() => configuration.denyPath('/internal/*')).toThrow('internal path: "*" covers one segment only, so what is below stays open; end it with "**", got "/internal/*"');
  });
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  expect(spec({}, (configuration) => configuration.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', 1))).brandNew).toBe(1);
});
