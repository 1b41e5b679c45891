import { ApiObject, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus27 from 'cdk8s-plus-27';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { CloudIdentity, dapr, Prerequisites, Targets } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { AppCaller, AzureBlobStorageBinding, CronBinding, DaprSidecar, LocalSecretStore, SecretKey } = dapr;
const identity = CloudIdentity.azure('8b1a2f7c-5d4e-4c3b-9a6f-0e1d2c3b4a59');
const batch = CronBinding.every(Duration.seconds(10), { route: '/.internal/batch' });
const blob = AzureBlobStorageBinding.managedIdentity({ account: 'storage', container: 'container1', identity });
const keyed = AzureBlobStorageBinding.accountKey({
  account: 'storage', container: 'container1', accountKey: SecretKey.of('blob-storage', 'key'),
});

interface WorkloadOptions { kind?: string; name?: string; port?: number; spec?: any; pod?: any; container?: any }

function workload(scope: Construct, options: WorkloadOptions = {}): ApiObject {
  const { kind = 'Deployment', name = 'app', port = 9000 } = options;
  return new ApiObject(scope, `Workload-${name}`, {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: {
      ...options.spec,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'main', image: 'app', ports: [{ containerPort: port }], ...options.container }], ...options.pod },
      },
    },
  } as any);
}

function sidecar(props: Partial<dapr.DaprSidecarProps> = {}, options: WorkloadOptions = {}) {
  const scope = chart();
  const construct = new DaprSidecar(scope, 'Dapr', { workload: workload(scope, options), ...props });
  const objects = () => synthesized(scope);
  return {
    scope,
    construct,
    objects,
    pod: () => only(objects(), options.kind ?? 'Deployment').spec.template,
    daprd: () => [...only(objects(), options.kind ?? 'Deployment').spec.template.spec.initContainers ?? [],
      ...only(objects(), options.kind ?? 'Deployment').spec.template.spec.containers].find((container: any) => container.name === 'daprd'),
    file: (name: string) => parse(only(objects(), 'ConfigMap').data[name]),
  };
}

test('stands in the pod before the application, with the article\'s defaults', () => {
  const { pod, daprd, objects } = sidecar();
  expect(daprd()).toMatchObject({
    name: 'daprd',
    image: 'docker.io/daprio/daprd:1.18.3',
    command: ['/daprd'],
    restartPolicy: 'Always',
    volumeMounts: [{ name: 'dapr-resources', mountPath: '/etc/dapr/resources', readOnly: true }],
    securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
    resources: { requests: { cpu: '100m', memory: '250Mi' } },
  });
  expect(daprd().args.slice(0, 6)).toEqual([
    '--resources-path=/etc/dapr/resources', '--log-level=debug', '--enable-api-logging', '--log-as-json', '--app-id=main', '--app-port=9000',
  ]);
  expect(pod().spec.initContainers).toHaveLength(1);
  expect(pod().spec.containers[0].env).toEqual([{ name: 'DAPR_HTTP_PORT', value: '3500' }, { name: 'DAPR_GRPC_PORT', value: '50001' }]);
  expect(pod().spec.volumes).toEqual([{ name: 'dapr-resources', configMap: { name: 'dapr-components' } }]);
  expect(objects().map((object) => object.kind).sort()).toEqual(['ConfigMap', 'Deployment', 'NetworkPolicy']);
});

test('takes every flag', () => {
  const { daprd } = sidecar({
    appId: 'shop',
    appPort: 8080,
    appProtocol: dapr.AppProtocol.GRPC,
    appMaxConcurrency: 3,
    appHealthCheck: { path: '/.internal/healthz', interval: Duration.seconds(4), timeout: Duration.millis(300), threshold: 5 },
    logLevel: dapr.LogLevel.INFO,
    enableApiLogging: false,
    logAsJson: false,
    resourcesPath: '/components',
    httpPort: 3600,
    publicPort: 3601,
    grpcPort: 50011,
    internalGrpcPort: 50012,
    metricsPort: 9191,
    maxBodySize: Size.mebibytes(16),
    readBufferSize: Size.kibibytes(64),
    gracefulShutdown: Duration.seconds(15),
    blockShutdown: Duration.seconds(20),
    listenAddresses: ['0.0.0.0'],
    placementHostAddress: 'placement:50005',
    schedulerHostAddress: 'scheduler:50006',
    extraFlags: ['--enable-profiling'],
    resources: { memoryLimit: '1Gi' },
    image: 'registry.example.com/daprd:1.18.3',
    tracing: dapr.Tracing.stdout(),
  }, { port: 8080 });
  expect(daprd().args).toEqual([
    '--resources-path=/components', '--log-level=info', '--enable-api-logging=false', '--log-as-json=false', '--app-id=shop', '--app-port=8080',
    '--app-protocol=grpc', '--app-max-concurrency=3', '--enable-app-health-check', '--app-health-check-path=/.internal/healthz',
    '--app-health-probe-interval=4', '--app-health-probe-timeout=300', '--app-health-threshold=5', '--enable-metrics', '--metrics-port=9191',
    '--dapr-listen-addresses=0.0.0.0', '--dapr-http-port=3600', '--dapr-grpc-port=50011', '--dapr-internal-grpc-port=50012',
    '--dapr-internal-grpc-listen-address=127.0.0.1', '--dapr-public-port=3601', '--max-body-size=16Mi', '--read-buffer-size=64Ki',
    '--dapr-graceful-shutdown-seconds=15', '--dapr-block-shutdown-duration=20s', '--placement-host-address=placement:50005',
    '--scheduler-host-address=scheduler:50006', '--config=/components/configuration.yaml', '--enable-profiling',
  ]);
  expect(daprd().image).toBe('registry.example.com/daprd:1.18.3');
  expect(daprd().resources).toEqual({ limits: { memory: '1Gi' } });
});

test('what is written is valid', () => {
  const { objects } = sidecar({
    components: { batch, blob, keyed },
    secretStore: LocalSecretStore.environment(),
    appTokenSecret: 'app-token',
    tracing: dapr.Tracing.stdout(),
    callers: [AppCaller.namespace('edge'), AppCaller.addresses('10.0.0.0/8')],
  });
  expect(objects().flatMap(schemaErrors)).toEqual([]);
});

test('the image is a release of the target version', () => {
  const image = (version: string) => {
    const scope = chart();
    Targets.on(scope, { dapr: version });
    new DaprSidecar(scope, 'Dapr', { workload: workload(scope) });
    return only(synthesized(scope), 'Deployment').spec.template.spec.initContainers[0].image;
  };
  expect(['1.16', '1.18.1', '1.99'].map(image)).toEqual(['1.16.14', '1.18.1', '1.99.0'].map((tag) => `docker.io/daprio/daprd:${tag}`));
});

describe('components', () => {
  test('are files, and no objects', () => {
    const { objects, file } = sidecar({ components: { batch, blob } });
    expect(objects().filter((object) => object.apiVersion.startsWith('dapr.io/'))).toEqual([]);
    expect(Object.keys(only(objects(), 'ConfigMap').data)).toEqual(['batch.yaml', 'blob.yaml']);
    const scope = chart();
    new dapr.Component(scope, 'Batch', { component: batch });
    const { metadata, ...object } = only(synthesized(scope), 'Component');
    expect(file('batch.yaml')).toEqual({ ...object, metadata: { name: metadata.name } });
  });

  test('a change of a file rolls the pods, a change of nothing does not', () => {
    const checksum = (seconds: number, patched = false) => {
      const { construct, pod } = sidecar();
      construct.addComponent('batch', CronBinding.every(Duration.seconds(seconds)));
      if (patched) construct.configMap.apiObject.addJsonPatch(JsonPatch.add('/data/other.yaml', 'x'));
      return pod().metadata.annotations['checksum/dapr-components'];
    };
    expect(checksum(10)).toBe(checksum(10));
    expect(new Set([checksum(10), checksum(20), checksum(10, true)]).size).toBe(3);
  });

  test('a name is given once', () => {
    const { construct } = sidecar({ components: { batch }, secretStore: LocalSecretStore.environment('env') });
    expect(() => construct.addComponent('batch', blob)).toThrow('DaprSidecar web/dapr: component batch is given twice');
    expect(() => construct.addComponent('env', blob)).toThrow('component env is given twice');
    expect(() => construct.addComponent('Blob', blob)).toThrow('component: name must be');
  });

  test('a key of a Secret comes from a local store', () => {
    const { daprd, file, objects } = sidecar({ components: { blob: keyed, batch }, secretStore: LocalSecretStore.environment() });
    expect(file('blob.yaml').auth).toEqual({ secretStore: 'environment' });
    expect(file('blob.yaml').spec.metadata).toContainEqual({ name: 'accountKey', secretKeyRef: { name: 'BLOB_STORAGE__KEY', key: 'BLOB_STORAGE__KEY' } });
    expect(file('batch.yaml')).not.toHaveProperty('auth');
    expect(file('environment.yaml').spec).toEqual({ type: 'secretstores.local.env', version: 'v1', metadata: [{ name: 'prefix', value: 'SECRET_' }] });
    expect(daprd().env).toEqual([{ name: 'SECRET_BLOB_STORAGE__KEY', valueFrom: { secretKeyRef: { name: 'blob-storage', key: 'key' } } }]);
    expect(JSON.stringify(objects())).not.toContain('AccountKey=');
    const { construct, pod } = sidecar({ components: { blob: keyed }, secretStore: LocalSecretStore.environment() });
    construct.addComponent('again', AzureBlobStorageBinding.accountKey({ account: 'storage', container: 'other', accountKey: SecretKey.of('blob.storage', 'key') }));
    expect(pod).toThrow('Secrets blob-storage and blob.storage would both become the variable SECRET_BLOB_STORAGE__KEY');
    expect(() => LocalSecretStore.environment('')).toThrow('LocalSecretStore.environment: name must not be empty');
  });
});

describe('the identity', () => {
  test('of a component is that of the pods', () => {
    const { scope, pod, objects } = sidecar({ components: { blob } });
    expect(only(objects(), 'ServiceAccount')).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'dapr', namespace: 'web', annotations: { 'azure.workload.identity/client-id': identity.subject } },
      automountServiceAccountToken: false,
    });
    expect(pod().spec.serviceAccountName).toBe('dapr');
    expect(pod().metadata.labels).toMatchObject({ 'azure.workload.identity/use': 'true' });
    expect(Prerequisites.of(scope).list().map(({ kind, reliedOnBy }) => [kind, reliedOnBy])).toEqual([
      ['Blob container', ['ConfigMap/web/dapr-components']],
      ['Federated identity credential', ['ServiceAccount/web/dapr']],
      ['Role assignment', ['ConfigMap/web/dapr-components']],
    ]);
  });

  test('stands on a ServiceAccount that is brought along', () => {
    const scope = chart();
    const serviceAccount = new ApiObject(scope, 'Account', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'mine' } });
    new DaprSidecar(scope, 'Dapr', { workload: workload(scope, { pod: { serviceAccountName: 'mine' } }), serviceAccount, components: { blob } });
    expect(only(synthesized(scope), 'ServiceAccount').metadata).toMatchObject({ name: 'mine', annotations: { 'azure.workload.identity/client-id': identity.subject } });
    expect(only(synthesized(scope), 'Deployment').spec.template.spec.serviceAccountName).toBe('mine');
  });

  test('is one', () => {
    const other = CloudIdentity.azure('00000000-0000-0000-0000-000000000001');
    expect(() => sidecar({ identity: other, components: { blob } })).toThrow('pods act as one identity, got 00000000-0000-0000-0000-000000000001 and 8b1a2f7c');
    expect(() => sidecar({ identity }).objects()).not.toThrow();
    expect(sidecar({ components: { blob } }, { pod: { serviceAccountName: 'mine' } }).objects)
      .toThrow('Deployment/web/app has the ServiceAccount mine already; pass it as `serviceAccount`');
  });
});

describe('who reaches the pod', () => {
  const ingress = (props: Partial<dapr.DaprSidecarProps>) => only(sidecar(props).objects(), 'NetworkPolicy').spec.ingress;
  const metrics = { from: [{ namespaceSelector: {} }], ports: [{ port: 9090, protocol: 'TCP' }] };

  test('anyone, the application; nobody, the sidecar', () => {
    const { objects, pod } = sidecar();
    const { spec } = only(objects(), 'NetworkPolicy');
    expect(spec).toEqual({
      podSelector: { matchLabels: { 'cdk8s-traffic.dev/dapr-sidecar': 'dapr' } },
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 9000, protocol: 'TCP' }] }, metrics],
    });
    expect(pod().metadata.labels).toEqual({ 'app': 'app', 'cdk8s-traffic.dev/dapr-sidecar': 'dapr' });
    expect(only(objects(), 'Deployment').spec.selector.matchLabels).toEqual({ app: 'app' });
    expect(ingress({ enableMetrics: false })).toEqual([{ ports: [{ port: 9000, protocol: 'TCP' }] }]);
    expect(sidecar({ networkPolicy: false }).objects().map((object) => object.kind)).not.toContain('NetworkPolicy');
  });

  test('those who are named', () => {
    const callers = [
      AppCaller.namespace('projectcontour', { app: 'envoy' }), AppCaller.namespace('edge'), AppCaller.pods({ app: 'front' }), AppCaller.addresses('10.0.0.0/8'),
    ];
    expect(ingress({ callers, components: { batch } })[0].from).toEqual([
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'projectcontour' } }, podSelector: { matchLabels: { app: 'envoy' } } },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } },
      { podSelector: { matchLabels: { app: 'front' } } },
      { ipBlock: { cidr: '10.0.0.0/8' } },
    ]);
    expect(ingress({ callers: [AppCaller.anyone()], components: { batch } })[0]).toEqual({ ports: [{ port: 9000, protocol: 'TCP' }] });
    expect(() => AppCaller.namespace('Edge')).toThrow('AppCaller.namespace: name must be');
    expect(() => AppCaller.pods({})).toThrow('AppCaller.pods: name at least one label');
    expect(() => AppCaller.addresses('10.0.0.1')).toThrow('AppCaller.addresses: a block is written as "10.0.0.0/8", got "10.0.0.1"');
  });
});

test('tokens are told to both sides', () => {
  const { daprd, pod } = sidecar({ appTokenSecret: 'app-token', apiTokenSecret: 'api-token' });
  const tokens = [
    { name: 'DAPR_API_TOKEN', valueFrom: { secretKeyRef: { name: 'api-token', key: 'token' } } },
    { name: 'APP_API_TOKEN', valueFrom: { secretKeyRef: { name: 'app-token', key: 'token' } } },
  ];
  expect(daprd().env).toEqual(tokens);
  expect(pod().spec.containers[0].env).toEqual(expect.arrayContaining(tokens));
});

test('a Configuration is a file too', () => {
  const { file, daprd } = sidecar({ tracing: dapr.Tracing.zipkin('http://zipkin:9411/api/v2/spans'), api: dapr.ApiAccess.deny(dapr.DaprApi.SHUTDOWN) });
  expect(file('configuration.yaml')).toMatchObject({
    apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration', metadata: { name: 'dapr' }, spec: { tracing: { samplingRate: '1' } },
  });
  expect(daprd().args).toContain('--config=/etc/dapr/resources/configuration.yaml');
});

test('an ordinary container where native sidecars are not known', () => {
  const scope = chart();
  Targets.on(scope, { kubernetes: '1.28' });
  expect(() => new DaprSidecar(scope, 'Native', { workload: workload(scope) }))
    .toThrow('DaprSidecar/web/native: a native sidecar (an init container with restartPolicy Always) needs Kubernetes 1.29 or later, the target is 1.28');
  new DaprSidecar(scope, 'Plain', { workload: workload(scope, { name: 'plain' }), nativeSidecar: false });
  const { spec } = only(synthesized(scope), 'Deployment', 'plain').spec.template;
  expect(spec.initContainers).toBeUndefined();
  expect(spec.containers.map((container: any) => [container.name, container.restartPolicy])).toEqual([['main', undefined], ['daprd', undefined]]);
});

test.each([['27', kplus27], ['33', kplus33]] as const)('takes a Deployment of cdk8s-plus-%s', (_, kplus) => {
  const scope = chart();
  const deployment = new (kplus as typeof kplus27).Deployment(scope, 'Deployment', {
    metadata: { name: 'app' }, replicas: 1, containers: [{ image: 'app', ports: [{ number: 9000 }] }],
  });
  new DaprSidecar(scope, 'Dapr', { workload: deployment, components: { batch, blob } });
  const { spec } = only(synthesized(scope), 'Deployment').spec.template;
  expect(spec.initContainers[0].restartPolicy).toBe('Always');
  expect(spec.serviceAccountName).toBe('dapr');
});

describe('bad input', () => {
  const fails = (props: Partial<dapr.DaprSidecarProps>, message: string, options: WorkloadOptions = {}) =>
    expect(() => sidecar(props, options).objects()).toThrow(message);

  test('names, ports and paths', () => {
    fails({ name: 'Dapr' }, 'DaprSidecar web/Dapr: name must be');
    fails({ appId: 'a.b' }, 'DaprSidecar web/dapr: app id must have no dots');
    fails({ appPort: 70000 }, 'appPort must be a whole number from 1 to 65535, got 70000');
    fails({ httpPort: 0 }, 'httpPort must be a whole number');
    fails({ publicPort: 3.5 }, 'publicPort must be a whole number');
    fails({ grpcPort: -1 }, 'grpcPort must be a whole number');
    fails({ grpcPort: 3500 }, 'grpcPort and httpPort are both 3500; give one of them another port');
    fails({ metricsPort: 9000 }, 'metricsPort and appPort are both 9000');
    fails({ appPort: 8080 }, 'DaprSidecar/web/dapr: no container of Deployment/web/app has the app port 8080; its ports are 9000');
    fails({ appPort: 9000 }, 'declare it on its container', { container: { ports: undefined } });
    fails({}, 'metricsPort 9090 is a port of the application too', { container: { ports: [{ containerPort: 9000 }, { containerPort: 9090 }] } });
    fails({ resourcesPath: 'components' }, 'resourcesPath must be an absolute path without a slash at its end, got "components"');
    fails({ resourcesPath: '/components/' }, 'got "/components/"');
    fails({ listenAddresses: ['localhost'] }, 'listenAddresses: an address is written as "127.0.0.1" or "[::1]", got "localhost"');
    fails({ extraFlags: ['enable-profiling'] }, 'extraFlags: a flag begins with "--", got "enable-profiling"');
  });

  test('a second sidecar', () => {
    fails({}, 'Deployment/web/app has a container daprd already', { pod: { initContainers: [{ name: 'daprd' }] } });
    const scope = chart();
    const deployment = workload(scope);
    new dapr.DaprApp(scope, 'Injected', { workload: deployment });
    new DaprSidecar(scope, 'Dapr', { workload: deployment });
    expect(() => synthesized(scope)).toThrow('DaprSidecar/web/dapr: Deployment/web/app asks Dapr to inject a sidecar too');
  });

  test('a variable that says something else', () => {
    fails({}, 'container main of Deployment/web/app sets DAPR_HTTP_PORT itself', { container: { env: [{ name: 'DAPR_HTTP_PORT', value: '1' }] } });
    expect(() => sidecar({}, { container: { env: [{ name: 'DAPR_HTTP_PORT', value: '3500' }] } }).objects()).not.toThrow();
  });

  test('something that is no workload', () => {
    const scope = chart();
    expect(() => new DaprSidecar(scope, 'Dapr', { workload: scope })).toThrow('DaprSidecar dapr: expected a workload');
  });
});

describe('a cron binding on several replicas', () => {
  const several = (options: WorkloadOptions, props: Partial<dapr.DaprSidecarProps> = {}, scaled?: string) => {
    const result = sidecar({ components: { batch }, ...props }, options);
    if (scaled) {
      new ApiObject(result.scope, 'Scaler', {
        apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'scaler' }, spec: { scaleTargetRef: { kind: 'Deployment', name: scaled } },
      } as any);
    }
    return result.objects;
  };

  test('is refused', () => {
    expect(several({ spec: { replicas: 2 } })).toThrow('DaprSidecar/web/dapr: component batch fires once per replica, and Deployment/web/app has 2 replicas; keep one replica, or set `allowCronPerReplica`');
    expect(several({}, {}, 'app')).toThrow('Deployment/web/app is scaled by HorizontalPodAutoscaler/web/scaler');
    expect(several({ kind: 'DaemonSet' })).toThrow('DaemonSet/web/app runs on every node');
  });

  test('is not refused where there is one, or it is meant', () => {
    expect(several({ spec: { replicas: 1 } })).not.toThrow();
    expect(several({})).not.toThrow();
    expect(several({}, {}, 'other')).not.toThrow();
    expect(several({ spec: { replicas: 2 } }, { allowCronPerReplica: true })).not.toThrow();
    expect(several({ spec: { replicas: 2 } }, { components: { blob } })).not.toThrow();
  });
});

test('patches of the sidecar\'s own objects arrive whatever they are', () => {
  const { construct, objects } = sidecar();
  construct.networkPolicy!.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', 1));
  expect(only(objects(), 'NetworkPolicy').spec.brandNew).toBe(1);
});

test('another name or another port leaves nothing behind', () => {
  const objects = (name: string, port: number) => {
    const scope: Chart = chart();
    new DaprSidecar(scope, 'Dapr', { workload: workload(scope, { port }), name, appPort: port, components: { batch, blob } });
    return JSON.stringify(synthesized(scope));
  };
  expect(objects('before', 9000).replaceAll('before', 'after').replaceAll('9000', '7777')).toBe(objects('after', 7777));
});
