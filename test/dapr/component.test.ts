import { ApiObject, Chart, Duration, JsonPatch, Testing } from 'cdk8s';
import { CloudIdentity, dapr, Prerequisites } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const { AzureBlobStorageBinding, Component, CronBinding, SecretKey } = dapr;
const identity = CloudIdentity.azure('8b1a2f7c-5d4e-4c3b-9a6f-0e1d2c3b4a59');

function emitted(props: dapr.ComponentProps, id = 'Batch'): any {
  const scope = chart();
  new Component(scope, id, props);
  return only(synthesized(scope), 'Component');
}

function fieldsOf(component: dapr.ComponentSpec): Record<string, any> {
  const fields = emitted({ component }).spec.metadata;
  return Object.fromEntries(fields.map((field: any) => [field.name, field.value ?? field.secretKeyRef]));
}

test('a cron binding calls the application and is called by nobody', () => {
  expect(emitted({ component: CronBinding.every(Duration.seconds(10), { route: '/.internal/batch' }), scopedAppIds: ['main', 'main'] })).toEqual({
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'batch', namespace: 'web' },
    spec: {
      type: 'bindings.cron',
      version: 'v1',
      metadata: [{ name: 'schedule', value: '@every 10s' }, { name: 'direction', value: 'input' }, { name: 'route', value: '/.internal/batch' }],
    },
    scopes: ['main'],
  });
});

test('a cron expression is read as the binding reads it', () => {
  for (const right of ['*/5 * * * *', '0 30 9-17 * * mon-fri', '@hourly', '@every 1h30m', 'CRON_TZ=Asia/Tokyo 0 6 * * *', '0 0 1,15 jan-mar ?', '0 0 * * sun']) {
    expect(fieldsOf(CronBinding.schedule(right)).schedule).toBe(right);
  }
  for (const wrong of ['', '* * *', '@sometimes', '@every soon', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * foo *', '* * * * 5-1', '*/0 * * * *', '* * * * * * *']) {
    expect(() => CronBinding.schedule(wrong)).toThrow(`"${wrong}"`);
  }
  expect(() => CronBinding.every(Duration.millis(500))).toThrow('CronBinding.every: the interval must be of whole seconds, got 500 ms');
  expect(() => CronBinding.every(Duration.seconds(1), { route: 'batch' })).toThrow('CronBinding.every: route must be a path that begins with "/", got "batch"');
});

describe('a blob binding', () => {
  const where = { account: 'toshidasandboxstorage', container: 'container1' };

  test('signs in with a managed identity, and says what Azure needs for it', () => {
    expect(fieldsOf(AzureBlobStorageBinding.managedIdentity({ ...where, identity }))).toEqual({
      direction: 'output', accountName: 'toshidasandboxstorage', azureClientId: identity.subject, containerName: 'container1',
    });
    expect(fieldsOf(AzureBlobStorageBinding.managedIdentity(where))).not.toHaveProperty('azureClientId');

    const app = Testing.app();
    const scope = new Chart(app, 'scope', { namespace: 'web' });
    new Component(scope, 'Blob', { component: AzureBlobStorageBinding.managedIdentity({ ...where, identity }) });
    expect(Prerequisites.of(scope).list().map(({ kind, value, reliedOnBy }) => [kind, value, reliedOnBy])).toEqual([
      ['Blob container', 'toshidasandboxstorage/container1', ['Component/web/blob']],
      ['Role assignment', identity.subject, ['Component/web/blob']],
    ]);
  });

  test('signs in with a Secret, never with a value', () => {
    expect(fieldsOf(AzureBlobStorageBinding.accountKey({ ...where, accountKey: SecretKey.of('storage', 'key') }))).toMatchObject({
      accountName: 'toshidasandboxstorage', accountKey: { name: 'storage', key: 'key' },
    });
    expect(fieldsOf(AzureBlobStorageBinding.connectionString({ container: 'container1', connectionString: SecretKey.of('storage', 'string') }))).toEqual({
      direction: 'output', connectionString: { name: 'storage', key: 'string' }, containerName: 'container1',
    });
  });

  test('says everything else that it can be told', () => {
    expect(fieldsOf(AzureBlobStorageBinding.managedIdentity({
      ...where, endpoint: 'http://azurite:10000', publicAccessLevel: dapr.PublicAccessLevel.BLOB, decodeBase64: true, retryCount: 0, disableEntityManagement: false,
    }))).toMatchObject({
      endpoint: 'http://azurite:10000', publicAccessLevel: 'blob', decodeBase64: 'true', retryCount: '0', disableEntityManagement: 'false',
    });
  });

  test('is refused what Azure does not know', () => {
    const binding = (options: Partial<dapr.AzureBlobStorageIdentityOptions>) => AzureBlobStorageBinding.managedIdentity({ ...where, ...options });
    for (const container of ['', 'ab', 'Container', '-container', 'con--tainer', 'a'.repeat(64)]) expect(() => binding({ container })).toThrow(`got "${container}"`);
    for (const account of ['', 'ab', 'my-account', 'a'.repeat(25)]) expect(() => binding({ account })).toThrow(`got "${account}"`);
    expect(() => binding({ endpoint: 'azurite' })).toThrow('AzureBlobStorageBinding.managedIdentity: endpoint must be a URL, got "azurite"');
    expect(() => binding({ retryCount: -1 })).toThrow('retryCount must be a whole number from 0, got -1');
    expect(() => binding({ identity: CloudIdentity.aws('arn:aws:iam::123456789012:role/blobs') })).toThrow('the identity must be CloudIdentity.azure(…), got one of aws');
  });
});

test('what stands beside the spec', () => {
  const object = emitted({
    component: CronBinding.schedule('@daily'), secretStore: 'vault', ignoreErrors: true, initTimeout: Duration.seconds(30), labels: { team: 'shop' },
  });
  expect(object.auth).toEqual({ secretStore: 'vault' });
  expect(object.spec).toMatchObject({ ignoreErrors: true, initTimeout: '30000ms' });
  expect(object).not.toHaveProperty('scopes');
  expect(object.metadata.labels).toEqual({ team: 'shop' });
});

test('is loaded by applications of its own namespace', () => {
  const scope = chart();
  const workload = new ApiObject(scope, 'W', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'w' }, spec: { template: { spec: { containers: [] } } } } as any);
  const app = new dapr.DaprApp(scope, 'Shop', { workload });
  const elsewhere = dapr.DaprApp.fromAppId(scope, 'Elsewhere', { appId: 'billing', namespace: 'finance' });
  const component = new Component(scope, 'Batch', { component: CronBinding.schedule('@daily'), scopes: [app] });
  expect(only(synthesized(scope), 'Component').scopes).toEqual(['shop']);
  expect(() => component.addScope(elsewhere)).toThrow('Component web/batch: application billing lives in namespace "finance", and a Component is loaded in its own only');
  expect(() => component.addScopedAppId('a.b')).toThrow('Component web/batch: scopes: name must be');
  expect(() => new Component(scope, 'None', { component: CronBinding.schedule('@daily'), scopes: [] })).toThrow('scopes names nobody');
});

test('names that are none or taken', () => {
  const scope = chart();
  const component = CronBinding.schedule('@daily');
  expect(() => new Component(scope, 'A', { component, name: '' })).toThrow('Component web/: name must not be empty');
  new Component(scope, 'B', { component, name: 'batch' });
  expect(() => new Component(scope, 'C', { component, name: 'batch' })).toThrow('are the same object');
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  new Component(scope, 'Batch', { component: CronBinding.schedule('@daily') }).apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', 1));
  expect(only(synthesized(scope), 'Component').spec.brandNew).toBe(1);
});
