import { ApiObject, Chart, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import * as kplus27 from 'cdk8s-plus-27';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { dapr, Targets } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { DaprApp, DaprServiceSource, Operation } = dapr;

function workload(scope: Construct, name = 'timefeed', options: { kind?: string; ports?: number[]; pod?: any } = {}): ApiObject {
  return new ApiObject(scope, `${name}-workload`, {
    apiVersion: 'apps/v1',
    kind: options.kind ?? 'Deployment',
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'app', ports: (options.ports ?? [8080]).map((containerPort) => ({ containerPort })) }], ...options.pod },
      },
    },
  } as any);
}

function annotationsOf(scope: Chart, kind = 'Deployment', name?: string): any {
  return only(synthesized(scope), kind, name).spec.template.metadata.annotations;
}

test('annotates the pods and writes a Configuration that lets nobody in', () => {
  const scope = chart();
  const app = new DaprApp(scope, 'Timefeed', { workload: workload(scope), appPort: 8080 });
  expect([app.appId, app.namespace, app.trustDomain, app.internalGrpcPort, app.appPort]).toEqual(['timefeed', 'web', 'public', 50002, 8080]);
  expect(annotationsOf(scope)).toEqual({
    'dapr.io/app-id': 'timefeed',
    'dapr.io/app-port': '8080',
    'dapr.io/config': 'timefeed',
    'dapr.io/disable-builtin-k8s-secret-store': 'true',
    'dapr.io/enabled': 'true',
  });
  expect(only(synthesized(scope), 'Configuration')).toEqual({
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Configuration',
    metadata: { name: 'timefeed', namespace: 'web' },
    spec: { accessControl: { defaultAction: 'deny', trustDomain: 'public' } },
  });
});

test('says everything that an annotation can', () => {
  const scope = chart();
  new DaprApp(scope, 'App', {
    workload: workload(scope),
    appId: 'timefeed',
    appPort: 8080,
    appProtocol: dapr.AppProtocol.GRPC,
    appMaxConcurrency: 4,
    appHealthCheck: { path: '/ready', interval: Duration.seconds(7), timeout: Duration.millis(250), threshold: 2 },
    appTokenSecret: 'app-token',
    apiTokenSecret: 'api-token',
    grpcPort: 50011,
    internalGrpcPort: 50012,
    enableMetrics: true,
    metricsPort: 9191,
    maxBodySize: Size.mebibytes(16),
    readBufferSize: Size.kibibytes(12),
    logLevel: dapr.LogLevel.WARN,
    logAsJson: true,
    enableApiLogging: false,
    gracefulShutdown: Duration.seconds(20),
    blockShutdown: Duration.minutes(1),
    listenAddresses: ['[::]', '0.0.0.0'],
    disableBuiltinK8sSecretStore: false,
    nativeSidecar: true,
    resources: { cpuRequest: '50m', memoryRequest: '64Mi', memoryLimit: '256Mi', cpuLimit: '1' },
    annotations: { 'dapr.io/env': 'A=b' },
  });
  const { 'dapr.io/enabled': enabled, ...rest } = annotationsOf(scope);
  expect(enabled).toBe('true');
  expect(rest).toEqual(Object.fromEntries(Object.entries({
    'app-id': 'timefeed',
    'app-port': '8080',
    'app-protocol': 'grpc',
    'app-max-concurrency': '4',
    'app-token-secret': 'app-token',
    'api-token-secret': 'api-token',
    'config': 'timefeed',
    'sidecar-listen-addresses': '[::],0.0.0.0',
    'grpc-port': '50011',
    'internal-grpc-port': '50012',
    'enable-metrics': 'true',
    'metrics-port': '9191',
    'log-level': 'warn',
    'log-as-json': 'true',
    'enable-api-logging': 'false',
    'max-body-size': '16Mi',
    'read-buffer-size': '12Ki',
    'graceful-shutdown-seconds': '20',
    'block-shutdown-duration': '60s',
    'enable-app-health-check': 'true',
    'app-health-check-path': '/ready',
    'app-health-probe-interval': '7',
    'app-health-probe-timeout': '250',
    'app-health-threshold': '2',
    'sidecar-cpu-request': '50m',
    'sidecar-cpu-limit': '1',
    'sidecar-memory-request': '64Mi',
    'sidecar-memory-limit': '256Mi',
    'enable-native-sidecar': 'true',
    'env': 'A=b',
  }).map(([key, value]) => [`dapr.io/${key}`, value])));
});

test('the same annotations for a pod that somebody else builds', () => {
  expect(DaprApp.podAnnotations('edge', { configurationName: 'edge', listenAddresses: ['0.0.0.0'] })).toEqual({
    'dapr.io/enabled': 'true',
    'dapr.io/app-id': 'edge',
    'dapr.io/config': 'edge',
    'dapr.io/sidecar-listen-addresses': '0.0.0.0',
    'dapr.io/disable-builtin-k8s-secret-store': 'true',
  });
  expect(() => DaprApp.podAnnotations('edge.web')).toThrow('DaprApp.podAnnotations: app id must have no dots');
  expect(() => DaprApp.podAnnotations('edge', { grpcPort: 0 })).toThrow('DaprApp.podAnnotations: app edge: grpcPort must be a whole number');
});

test.each([['27', kplus27], ['33', kplus33]] as const)('takes a Deployment of cdk8s-plus-%s', (_, kplus) => {
  const scope = chart();
  const deployment = new (kplus as typeof kplus27).Deployment(scope, 'Deployment', {
    metadata: { name: 'timefeed' }, containers: [{ image: 'app', ports: [{ number: 8080, name: 'http' }] }],
  });
  new DaprApp(scope, 'Timefeed', { workload: deployment, appPort: 8080 });
  expect(annotationsOf(scope)).toMatchObject({ 'dapr.io/app-id': 'timefeed', 'dapr.io/app-port': '8080' });
});

describe('who invokes whom', () => {
  test('a caller that is declared is let in, from another chart and namespace too', () => {
    const app = Testing.app();
    const [web, feeds] = ['web', 'feeds'].map((namespace) => new Chart(app, namespace, { namespace }));
    const timefeed = new DaprApp(feeds, 'Timefeed', { workload: workload(feeds), appPort: 8080, tracing: dapr.Tracing.stdout() });
    const aggregator = new DaprApp(web, 'Aggregator', { workload: workload(web, 'aggregator'), trustDomain: 'corp' });
    aggregator.invokes(timefeed, { operations: [Operation.get('/time')] });
    timefeed.allowInvocationFrom('edge', 'ingress');
    timefeed.denyInternal('/.internal/**');
    expect(only(synthesized(feeds), 'Configuration').spec).toEqual({
      tracing: { samplingRate: '1', stdout: true },
      accessControl: {
        defaultAction: 'deny',
        trustDomain: 'public',
        policies: [
          {
            appId: 'edge',
            namespace: 'ingress',
            trustDomain: 'public',
            defaultAction: 'allow',
            operations: ['/.internal/**', '/actors/**', '/dapr/**', '/job/**'].map((name) => ({ name, httpVerb: ['*'], action: 'deny' })),
          },
          {
            appId: 'aggregator',
            namespace: 'web',
            trustDomain: 'corp',
            defaultAction: 'deny',
            operations: [{ name: '/time', httpVerb: ['GET'], action: 'allow' }],
          },
        ],
      },
    });
    expect(only(synthesized(web), 'Configuration').spec.accessControl).toEqual({ defaultAction: 'deny', trustDomain: 'corp' });
    expect(synthesized(web).map((object) => object.kind).sort()).toEqual(['Configuration', 'Deployment']);
  });

  test('an application that is built elsewhere is let in by name, and lets in its own callers', () => {
    const scope = chart();
    const elsewhere = DaprApp.fromAppId(scope, 'Elsewhere', { appId: 'billing', namespace: 'finance' });
    const app = new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop'), appPort: 8080 });
    app.invokes(elsewhere);
    app.allowInvocationFrom(elsewhere.appId, elsewhere.namespace!, { trustDomain: elsewhere.trustDomain });
    expect(only(synthesized(scope), 'Configuration').spec.accessControl.policies).toMatchObject([{ appId: 'billing', namespace: 'finance' }]);
    expect(() => DaprApp.fromAppId(scope, 'B', { appId: 'a.b', namespace: 'web' })).toThrow('DaprApp.fromAppId: app id must have no dots');
    expect(() => DaprApp.fromAppId(scope, 'C', { appId: 'a', namespace: '' })).toThrow('DaprApp.fromAppId: app a: namespace: name must not be empty');
  });

  test('a callee needs an app port', () => {
    const scope = chart();
    const callee = new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop') });
    synthesized(scope);
    callee.allowInvocationFrom('edge', 'ingress');
    expect(() => synthesized(scope)).toThrow('DaprApp/web/shop: edge.ingress cannot invoke it without an app port; set `appPort`');
  });

  test('a caller needs a namespace and the port of its callee', () => {
    const scope = chart({});
    const caller = new DaprApp(scope, 'Caller', { workload: workload(scope, 'caller') });
    const callee = new DaprApp(scope, 'Callee', { workload: workload(scope, 'callee'), appPort: 8080 });
    expect(() => caller.invokes(callee)).toThrow('DaprApp /caller: its namespace must be known');
    const web = chart();
    const other = new DaprApp(web, 'Other', { workload: workload(web, 'other'), internalGrpcPort: 50005 });
    expect(() => other.invokes(callee)).toThrow('it dials callee on the internalGrpcPort it has itself, 50005, where callee listens on 50002');
  });

  test.each(['DaemonSet', 'Job'])('a %s that is invoked needs a Service that the operator does not make', (kind) => {
    const scope = chart();
    const app = new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop', { kind }), appPort: 8080 });
    synthesized(scope);
    app.allowInvocationFrom('edge', 'ingress');
    expect(() => synthesized(scope)).toThrow(`DaprApp/web/shop: Dapr's operator makes no Service for a ${kind}`);
  });

  test('the Service is written on request, selecting what has the sidecar', () => {
    const scope = chart();
    const app = new DaprApp(scope, 'Shop', {
      workload: workload(scope, 'shop', { kind: 'DaemonSet' }), appPort: 8080, serviceSource: DaprServiceSource.WRITTEN, internalGrpcPort: 50005,
    });
    app.allowInvocationFrom('edge', 'ingress');
    const service = only(synthesized(scope), 'Service');
    expect(service.metadata).toEqual({ name: 'shop-dapr', namespace: 'web', labels: { 'dapr.io/enabled': 'true' } });
    expect(service.spec).toMatchObject({ clusterIP: 'None', selector: { 'dapr.io/app-id': 'shop' } });
    expect(service.spec.ports.map((port: any) => [port.name, port.port, port.targetPort])).toEqual([
      ['dapr-http', 80, 3500], ['dapr-grpc', 50001, 50001], ['dapr-internal', 50005, 50005], ['dapr-metrics', 9090, 9090],
    ]);
    expect(only(synthesized(scope), 'DaemonSet').spec.template.metadata.labels).toEqual({ 'app': 'shop', 'dapr.io/app-id': 'shop' });
  });

  test('the Service of a Deployment is the operator\'s, that of a DaemonSet is not', () => {
    const scope = chart();
    expect(() => new DaprApp(scope, 'A', { workload: workload(scope, 'a'), serviceSource: DaprServiceSource.WRITTEN }))
      .toThrow('DaprApp web/a: Dapr\'s operator makes the Service of a Deployment');
    expect(() => new DaprApp(scope, 'B', { workload: workload(scope, 'b', { kind: 'DaemonSet' }), serviceSource: DaprServiceSource.OPERATOR }))
      .toThrow('makes no Service for a DaemonSet');
    new DaprApp(scope, 'C', { workload: workload(scope, 'c', { kind: 'Rollout' }), appPort: 8080, serviceSource: DaprServiceSource.OPERATOR })
      .allowInvocationFrom('edge', 'ingress');
    expect(synthesized(scope).filter((object) => object.kind === 'Service')).toEqual([]);
  });
});

describe('a Configuration that is brought along', () => {
  test('is used as it is', () => {
    const scope = chart();
    const configuration = new dapr.Configuration(scope, 'Shared', { accessControl: { trustDomain: 'corp' } });
    const app = new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop'), configuration });
    expect(app.trustDomain).toBe('corp');
    expect(annotationsOf(scope)['dapr.io/config']).toBe('shared');
    expect(synthesized(scope).filter((object) => object.kind === 'Configuration')).toHaveLength(1);
    expect(() => app.allowInvocationFrom('edge', 'ingress')).toThrow('who may invoke it is said in Configuration shared; call addPolicy() there');
    expect(() => app.denyInternal('/x')).toThrow('its internal paths are said in Configuration shared');
  });

  test('stands alone, in the namespace of the application', () => {
    const scope = chart();
    const shared = dapr.Configuration.fromConfigurationAttributes(scope, 'Shared', { configurationName: 'shared', namespace: 'other' });
    const local = dapr.Configuration.fromConfigurationAttributes(scope, 'Local', { configurationName: 'local' });
    expect(() => new DaprApp(scope, 'A', { workload: workload(scope, 'a'), configuration: shared })).toThrow('Configuration shared must be in its own namespace, got "other"');
    expect(() => new DaprApp(scope, 'B', { workload: workload(scope, 'b'), configuration: local, tracing: dapr.Tracing.off() }))
      .toThrow('tracing is said in Configuration local');
    expect(new DaprApp(scope, 'C', { workload: workload(scope, 'c'), configuration: local, trustDomain: 'corp' }).trustDomain).toBe('corp');
    const own = new dapr.Configuration(scope, 'Own');
    expect(() => new DaprApp(scope, 'D', { workload: workload(scope, 'd'), configuration: own, trustDomain: 'corp' }))
      .toThrow('trustDomain must be that of Configuration own, "public", got "corp"');
  });
});

describe('bad input', () => {
  const fails = (props: Partial<dapr.DaprAppProps>, message: string) => {
    const scope = chart();
    expect(() => {
      new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop'), ...props } as dapr.DaprAppProps);
      synthesized(scope);
    }).toThrow(message);
  };

  test('an app id that names no Service', () => {
    fails({ appId: 'shop.web' }, 'DaprApp web/shop.web: app id must have no dots, which separate it from a namespace, got "shop.web"');
    fails({ appId: 'Shop' }, 'got "Shop"');
    fails({ appId: '' }, 'app id: name must not be empty');
    fails({ appId: '1shop' }, 'got "1shop"');
    fails({ appId: 'a'.repeat(59) }, 'app id must have at most 58 characters');
    const scope = chart();
    expect(new DaprApp(scope, 'Shop', { workload: workload(scope), appId: 'a'.repeat(58) }).appId).toHaveLength(58);
  });

  test('a port that no container has', () => {
    fails({ appPort: 80 }, 'DaprApp/web/shop: no container of Deployment/web/shop has port 80, and the sidecar is not ready before something listens there; its ports are 8080');
    fails({ appPort: 0 }, 'appPort must be a whole number from 1 to 65535, got 0');
    const scope = chart();
    new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop', { ports: [] }), appPort: 80 });
    expect(() => synthesized(scope)).toThrow('declare the port on its container, or leave `appPort` out');
  });

  test('options that the sidecar would not start with', () => {
    fails({ appHealthCheck: {} }, 'appHealthCheck needs an `appPort` to ask on');
    fails({ appPort: 8080, appHealthCheck: { path: 'healthz' } }, 'appHealthCheck.path must begin with "/", got "healthz"');
    fails({ appMaxConcurrency: 0 }, 'appMaxConcurrency must be a whole number from 1, got 0');
    fails({ appTokenSecret: 'Token' }, 'appTokenSecret: name must be');
    fails({ metricsPort: 9191, enableMetrics: false }, 'metricsPort goes with metrics');
    fails({ listenAddresses: ['localhost'] }, 'listenAddresses: an address is written as "0.0.0.0" or "[::]", got "localhost"');
    fails({ annotations: { 'app-id': 'x' } }, 'annotations: the key must begin with "dapr.io/", got "app-id"');
  });

  test('one app id for two workloads, or two for one', () => {
    const scope = chart();
    const deployment = workload(scope, 'shop');
    new DaprApp(scope, 'Shop', { workload: deployment });
    expect(() => new DaprApp(scope, 'Again', { workload: workload(scope, 'other'), appId: 'shop' }))
      .toThrow('DaprApp/web/shop: the app id is that of Deployment/web/shop (test/Shop) already; give Deployment/web/other (test/Again) another `appId`');
    expect(() => new DaprApp(scope, 'Twice', { workload: deployment })).toThrow('DaprApp/web/twice: Deployment/web/shop is DaprApp/web/shop already');
    const elsewhere = new Chart(scope.node.root as any, 'elsewhere', { namespace: 'elsewhere' });
    expect(new DaprApp(elsewhere, 'Shop', { workload: workload(elsewhere, 'shop') }).namespace).toBe('elsewhere');
  });

  test('something that is no workload', () => {
    const scope = chart();
    expect(() => new DaprApp(scope, 'Shop', { workload: scope })).toThrow('DaprApp shop: expected a workload');
    expect(() => new DaprApp(scope, 'Config', { workload: new ApiObject(scope, 'Map', { apiVersion: 'v1', kind: 'ConfigMap' }) })).toThrow('got ConfigMap/web/');
  });

  test('an annotation that stands there already', () => {
    const scope = chart();
    const deployment = workload(scope, 'shop');
    deployment.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations', { 'dapr.io/app-port': '80', 'dapr.io/env': 'A=b' }));
    new DaprApp(scope, 'Shop', { workload: deployment, appPort: 8080 });
    expect(() => synthesized(scope)).toThrow('DaprApp web/shop: Deployment/web/shop has the pod annotation dapr.io/app-port: "80" already, where "8080" was to stand');
  });

  test('the sidecar\'s API on the node\'s network', () => {
    const scope = chart();
    new DaprApp(scope, 'Edge', { workload: workload(scope, 'edge', { pod: { hostNetwork: true } }), listenAddresses: ['0.0.0.0'] });
    expect(() => synthesized(scope)).toThrow('Deployment/web/edge is on the node\'s network, where listening on 0.0.0.0 opens');
  });

  test('the built-in secret store without a token', () => {
    const scope = chart();
    const pod = { automountServiceAccountToken: false };
    new DaprApp(scope, 'Fine', { workload: workload(scope, 'fine', { pod }) });
    synthesized(scope);
    new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop', { pod }), disableBuiltinK8sSecretStore: false });
    expect(() => synthesized(scope)).toThrow('the built-in secret store needs the ServiceAccount\'s token, which Deployment/web/shop does not mount');
  });

  test('a native sidecar where it is not known', () => {
    const scope = chart();
    Targets.on(scope, { dapr: '1.17' });
    expect(() => new DaprApp(scope, 'Shop', { workload: workload(scope, 'shop'), nativeSidecar: true })).toThrow('needs Dapr 1.18 or later, the target is 1.17');
    const old = chart();
    Targets.on(old, { kubernetes: '1.28' });
    expect(() => new DaprApp(old, 'Shop', { workload: workload(old, 'shop'), nativeSidecar: true })).toThrow('needs Kubernetes 1.29 or later, the target is 1.28');
  });
});

test('what is written is valid', () => {
  const scope = chart();
  const app = new DaprApp(scope, 'App', {
    workload: workload(scope, 'w', { kind: 'DaemonSet' }),
    appPort: 8080,
    serviceSource: DaprServiceSource.WRITTEN,
    tracing: dapr.Tracing.otel('otel:4317', { protocol: dapr.OtelProtocol.GRPC, isSecure: false, headers: { key: dapr.SecretKey.of('otel', 'key') } }),
    api: dapr.ApiAccess.allow(dapr.DaprApi.INVOKE, dapr.DaprApi.WORKFLOWS),
    metrics: { recordErrorCodes: true, increasedCardinality: false },
    apiLogging: { omitHealthChecks: true },
  });
  app.allowInvocationFrom('edge', 'ingress', { operations: [Operation.get('/a/**'), Operation.any('/b')] });
  expect(synthesized(scope).flatMap(schemaErrors)).toEqual([]);
});

test('renaming the application or moving its port leaves nothing behind', () => {
  const objects = (appId: string, port: number) => {
    const scope = chart();
    new DaprApp(scope, 'App', { workload: workload(scope, 'w', { kind: 'DaemonSet', ports: [port] }), appId, appPort: port, serviceSource: DaprServiceSource.WRITTEN })
      .allowInvocationFrom('edge', 'ingress');
    return JSON.stringify(synthesized(scope));
  };
  expect(objects('before', 8080).replaceAll('before', 'after').replaceAll('8080', '9999')).toBe(objects('after', 9999));
});
