import { Duration, JsonPatch } from 'cdk8s';
import { platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { FluxHelmRelease, FluxHelmRepository, HelmChart } = platform;
const shop = new HelmChart({ repository: 'https://charts.example.com', chart: 'shop', version: '1.2.3', namespace: 'web' });

test('installs a chart in one version from its repository', () => {
  const scope = chart({ namespace: 'flux-system' });
  const repository = new FluxHelmRepository(scope, 'Example', { url: 'https://charts.example.com/' });
  new FluxHelmRelease(scope, 'Shop', { chart: shop, repository });
  const objects = synthesized(scope);
  expect(objects.flatMap(schemaErrors)).toEqual([]);
  expect(objects).toEqual([
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'HelmRepository',
      metadata: { name: 'example', namespace: 'flux-system' },
      spec: { url: 'https://charts.example.com', interval: '3600s' },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'shop', namespace: 'flux-system' },
      spec: {
        interval: '600s',
        releaseName: 'shop',
        targetNamespace: 'web',
        storageNamespace: 'web',
        chart: { spec: { chart: 'shop', version: '1.2.3', sourceRef: { kind: 'HelmRepository', name: 'example' } } },
        install: { crds: 'CreateReplace', remediation: { retries: 3 } },
        upgrade: { crds: 'CreateReplace', remediation: { retries: 3 } },
      },
    },
  ]);
});

test('says everything that is said to it, and names namespaces that are not its own', () => {
  const scope = chart({ namespace: 'flux-system' });
  const repository = new FluxHelmRepository(scope, 'Charts', { namespace: 'sources', url: 'oci://ghcr.io/example', interval: Duration.minutes(5) });
  const values = { replicas: 2 };
  const oci = (chartName: string) => new HelmChart({ repository: 'oci://ghcr.io/example', chart: chartName, version: '1.2.3', namespace: 'web', values });
  const first = new FluxHelmRelease(scope, 'First', { chart: oci('first'), repository });
  const elsewhere = new FluxHelmRelease(scope, 'Elsewhere', { namespace: 'other', chart: oci('elsewhere'), repository });
  new FluxHelmRelease(scope, 'Last', {
    chart: oci('last'),
    repository,
    dependsOn: [first, elsewhere],
    interval: Duration.hours(1),
    timeout: Duration.minutes(15),
    retries: -1,
    createNamespace: true,
    upgradeCrds: false,
  });
  const objects = synthesized(scope);
  expect(objects.flatMap(schemaErrors)).toEqual([]);
  expect(only(objects, 'HelmRepository').spec).toEqual({ url: 'oci://ghcr.io/example', interval: '300s', type: 'oci' });
  expect(only(objects, 'HelmRelease', 'last').spec).toMatchObject({
    interval: '3600s',
    timeout: '900s',
    chart: { spec: { sourceRef: { name: 'charts', namespace: 'sources' } } },
    dependsOn: [{ name: 'first' }, { name: 'elsewhere', namespace: 'other' }],
    install: { createNamespace: true, remediation: { retries: -1 } },
    upgrade: { crds: 'Skip', remediation: { retries: -1 } },
    values,
  });
});

test('a patch in the wire\'s spelling arrives', () => {
  const scope = chart();
  const repository = new FluxHelmRepository(scope, 'Example', { url: 'https://charts.example.com' });
  new FluxHelmRelease(scope, 'Shop', { chart: shop, repository }).apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', true));
  expect(only(synthesized(scope), 'HelmRelease').spec.brandNew).toBe(true);
});

test('refuses the wrong repository, a circle of one, and numbers out of range', () => {
  const scope = chart();
  const repository = new FluxHelmRepository(scope, 'Example', { url: 'https://other.example.com' });
  expect(() => new FluxHelmRelease(scope, 'Shop', { chart: shop, repository }))
    .toThrow('HelmRelease web/shop: the chart shop is in https://charts.example.com, the HelmRepository/web/example is https://other.example.com');
  const right = new FluxHelmRepository(scope, 'Right', { url: 'https://charts.example.com' });
  const first = new FluxHelmRelease(scope, 'First', { chart: shop, repository: right });
  expect(() => new FluxHelmRelease(chart(), 'Again', { name: 'first', chart: shop, repository: right, dependsOn: [first] }))
    .toThrow('HelmRelease web/first: a release cannot depend on itself');
  expect(() => new FluxHelmRelease(scope, 'Second', { chart: shop, repository: right, retries: -2 })).toThrow('retries must be a whole number, -1 or more, got -2');
  expect(() => new FluxHelmRepository(scope, 'Wrong', { url: 'charts.example.com' })).toThrow('HelmRepository web/wrong: url is written https://…');
});
