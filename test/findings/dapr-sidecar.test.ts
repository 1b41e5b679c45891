import { ApiObject, Duration } from 'cdk8s';
import { parse } from 'yaml';
import { CloudIdentity, dapr } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

/* What can go wrong with a self-hosted sidecar and its components, and cannot be produced here. */

const { AzureBlobStorageBinding, Component, CronBinding, DaprApp, DaprSidecar, LocalSecretStore, SecretKey } = dapr;
const identity = CloudIdentity.azure('8b1a2f7c-5d4e-4c3b-9a6f-0e1d2c3b4a59');
const where = { account: 'toshidasandboxstorage', container: 'container1' };
const batch = CronBinding.every(Duration.seconds(10), { route: '/.internal/batch' });
const blobs = {
  identity: AzureBlobStorageBinding.managedIdentity({ ...where, identity }),
  key: AzureBlobStorageBinding.accountKey({ ...where, accountKey: SecretKey.of('storage', 'key') }),
  string: AzureBlobStorageBinding.connectionString({ container: where.container, connectionString: SecretKey.of('storage', 'string') }),
};

/** The metadata that the two components of the article know: required, sensitive, and what it takes to sign in. */
const KNOWN: Record<string, { fields: string[]; required: string[]; sensitive: string[]; signIn: string[][] }> = {
  'bindings.cron': { fields: ['schedule', 'direction', 'route'], required: ['schedule'], sensitive: [], signIn: [[]] },
  'bindings.azure.blobstorage': {
    fields: [
      'direction', 'containerName', 'endpoint', 'publicAccessLevel', 'decodeBase64', 'retryCount', 'disableEntityManagement',
      'connectionString', 'accountKey', 'accountName', 'azureClientId',
    ],
    required: ['containerName'],
    sensitive: ['connectionString', 'accountKey'],
    signIn: [['connectionString'], ['accountKey', 'accountName'], ['accountName']],
  },
};

function workload(scope: any, kind = 'Deployment'): ApiObject {
  return new ApiObject(scope, 'Workload', {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'app' },
    spec: {
      selector: { matchLabels: { app: 'app' } },
      template: { metadata: { labels: { app: 'app' } }, spec: { containers: [{ name: 'main', image: 'app', ports: [{ containerPort: 9000 }] }] } },
    },
  } as any);
}

function sidecar(props: Partial<dapr.DaprSidecarProps> = {}) {
  const scope = chart();
  new DaprSidecar(scope, 'Dapr', { workload: workload(scope), components: { batch, blob: blobs.identity }, ...props });
  const objects = synthesized(scope);
  const { spec } = only(objects, 'Deployment').spec.template;
  const daprd = spec.initContainers[0];
  const flag = (name: string) => daprd.args.find((arg: string) => arg === `--${name}` || arg.startsWith(`--${name}=`))?.split('=')[1];
  const files = Object.values<string>(only(objects, 'ConfigMap').data).map((text) => parse(text));
  return { objects, spec, daprd, flag, files };
}

/** Every component of the article and its variants, as a file and as an object. */
function rendered(): any[] {
  const scope = chart();
  new Component(scope, 'batch', { component: batch });
  for (const [name, component] of Object.entries(blobs)) new Component(scope, name, { component });
  return [...synthesized(scope), ...sidecar().files, ...sidecar({ components: blobs, secretStore: LocalSecretStore.environment() }).files];
}

const components = () => rendered().filter((component) => component.spec.type in KNOWN);

test('S1: no broken file, metadata within spec, a version, and each name once', () => {
  for (const component of rendered()) {
    expect(schemaErrors(component)).toEqual([]);
    expect(component.spec.version).toBe('v1');
    expect(component.spec.metadata.length).toBeGreaterThan(0);
    expect(Object.keys(component.metadata)).not.toContain('spec');
  }
  const scope = chart();
  new Component(scope, 'A', { component: batch, name: 'batch' });
  expect(() => new Component(scope, 'B', { component: batch, name: 'batch' })).toThrow('are the same object');
  expect(() => new DaprSidecar(scope, 'Dapr', { workload: workload(scope), components: { batch } }).addComponent('batch', batch)).toThrow('given twice');
});

test('S2: no unknown metadata, none missing, and one complete way to sign in', () => {
  for (const { spec } of components()) {
    const { fields, required, signIn } = KNOWN[spec.type];
    const names: string[] = spec.metadata.map((field: any) => field.name);
    expect(fields).toEqual(expect.arrayContaining(names));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(required));
    expect(signIn.some((profile) => profile.every((name) => names.includes(name)))).toBe(true);
  }
});

test('S3: the route of an input binding is not reachable from outside', () => {
  const { objects } = sidecar();
  const policy = only(objects, 'NetworkPolicy').spec;
  expect(policy.policyTypes).toEqual(['Ingress']);
  expect(policy.ingress.flatMap((rule: any) => rule.ports.map((port: any) => port.port))).toEqual([9090]);
  expect(objects.filter((object) => ['Ingress', 'HTTPProxy', 'Gateway', 'Service'].includes(object.kind))).toEqual([]);

  const scope = chart();
  const construct = new DaprSidecar(scope, 'Dapr', { workload: workload(scope), components: { batch, daily: CronBinding.schedule('@daily') } });
  expect(construct.internalRoutes).toEqual(['/.internal/batch', '/daily']);

  // With an injected sidecar others come in through Dapr, and the callee's own sidecar refuses them.
  const injected = chart();
  const app = new DaprApp(injected, 'App', { workload: workload(injected), appPort: 9000 }).denyInternal('/.internal/**');
  app.allowInvocationFrom('edge', 'ingress');
  expect(only(synthesized(injected), 'Configuration').spec.accessControl.policies[0].operations[0])
    .toEqual({ name: '/.internal/**', httpVerb: ['*'], action: 'deny' });
});

test('S4: every binding says its direction', () => {
  for (const { spec } of components()) {
    const directions = spec.metadata.filter((field: any) => field.name === 'direction').map((field: any) => field.value);
    expect(directions).toEqual([spec.type === 'bindings.cron' ? 'input' : 'output']);
  }
});

test('S5: no secret stands in a manifest', () => {
  for (const { spec } of components()) {
    for (const field of spec.metadata.filter(({ name }: any) => KNOWN[spec.type].sensitive.includes(name))) {
      expect(Object.keys(field).sort()).toEqual(['name', 'secretKeyRef']);
    }
  }
  expect(() => AzureBlobStorageBinding.accountKey({ ...where, accountKey: 'c2VjcmV0' as any }))
    .toThrow('AzureBlobStorageBinding.accountKey: accountKey must be a SecretKey, so that no manifest holds the value');
  expect(() => AzureBlobStorageBinding.connectionString({ ...where, connectionString: 'AccountKey=c2VjcmV0' as any }))
    .toThrow('AzureBlobStorageBinding.connectionString: connectionString must be a SecretKey');
});

test('S6: a key of a Secret is refused without a local secret store', () => {
  expect(() => sidecar({ components: { blob: blobs.key } }))
    .toThrow('DaprSidecar web/dapr: component blob refers to key key of Secret storage, which a sidecar without control plane cannot look up; set `secretStore`');
  const { files } = sidecar({ components: { blob: blobs.key }, secretStore: LocalSecretStore.environment() });
  expect(files.find((file) => file.metadata.name === 'blob').auth).toEqual({ secretStore: 'environment' });
  expect(files.map((file) => file.spec.type)).toContain('secretstores.local.env');
});

test('S7: the addresses that actors, workflows and jobs need are flags of their own', () => {
  expect([sidecar().flag('placement-host-address'), sidecar().flag('scheduler-host-address')]).toEqual([undefined, undefined]);
  const { flag } = sidecar({ placementHostAddress: 'placement:50005', schedulerHostAddress: 'scheduler:50006' });
  expect([flag('placement-host-address'), flag('scheduler-host-address')]).toEqual(['placement:50005', 'scheduler:50006']);
});

test('S8: the application starts once the sidecar can be called, which does not wait for the application', () => {
  const { spec, daprd, flag } = sidecar();
  expect(spec.initContainers.map((container: any) => [container.name, container.restartPolicy])).toEqual([['daprd', 'Always']]);
  for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
    expect(daprd[probe].httpGet).toEqual({ path: '/v1.0/healthz/outbound', port: Number(flag('dapr-public-port')) });
  }
  // The kubelet asks at the pod's address: the public port is the one that listens there.
  expect(flag('dapr-public-listen-address')).toBeUndefined();
});

test('S9: the application\'s port is one value, and a health path comes with the health check', () => {
  expect(sidecar().flag('app-port')).toBe('9000');
  const scope = chart();
  new DaprSidecar(scope, 'Dapr', { workload: workload(scope), appPort: 8080 });
  expect(() => synthesized(scope)).toThrow('no container of Deployment/web/app has the app port 8080; its ports are 9000');
  expect(sidecar().daprd.args.join(' ')).not.toContain('health');
  expect(sidecar({ appHealthCheck: { path: '/.internal/healthz' } }).daprd.args)
    .toEqual(expect.arrayContaining(['--enable-app-health-check', '--app-health-check-path=/.internal/healthz']));
});

test('S11: the sidecar\'s API listens on the pod\'s loopback', () => {
  const { daprd, flag } = sidecar();
  expect(flag('dapr-listen-addresses')).toBe('[::1],127.0.0.1');
  expect(flag('dapr-internal-grpc-listen-address')).toBe('127.0.0.1');
  expect(daprd.ports.map((port: any) => port.containerPort)).toEqual([3501, 9090]);
});

test('S12: scopes stand at the top of a Component', () => {
  const scope = chart();
  new Component(scope, 'Batch', { component: batch, scopedAppIds: ['main'] });
  const component = only(synthesized(scope), 'Component');
  expect(component.scopes).toEqual(['main']);
  expect(component.spec).not.toHaveProperty('scopes');
});
