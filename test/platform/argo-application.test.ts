import { Duration, JsonPatch } from 'cdk8s';
import { platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { ArgoApplication, ArgoSource, HelmChart } = platform;
const git = ArgoSource.git({ repository: 'https://git.example.com/shop.git', path: 'dist/shop' });

function application(props: Partial<platform.ArgoApplicationProps>): any {
  const scope = chart();
  new ArgoApplication(scope, 'Shop', { source: git, ...props });
  const object = only(synthesized(scope), 'Application');
  expect(schemaErrors(object)).toEqual([]);
  return object;
}

test('syncs a Git folder by itself, and tries again with growing pauses', () => {
  expect(application({})).toEqual({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      project: 'default',
      destination: { server: 'https://kubernetes.default.svc' },
      source: { repoURL: 'https://git.example.com/shop.git', path: 'dist/shop', targetRevision: 'HEAD' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        retry: { limit: 5, backoff: { duration: '5s', factor: 2, maxDuration: '180s' } },
      },
    },
  });
});

test('renders a Helm chart with its values into the chart\'s namespace', () => {
  const source = ArgoSource.helm(new HelmChart({
    repository: 'https://charts.example.com', chart: 'shop', version: '1.2.3', namespace: 'web', releaseName: 'front', values: { replicas: 2 },
  }));
  const { spec } = application({ source, createNamespace: true });
  expect(spec.source).toEqual({
    repoURL: 'https://charts.example.com',
    chart: 'shop',
    targetRevision: '1.2.3',
    helm: { releaseName: 'front', valuesObject: { replicas: 2 } },
  });
  expect(spec.destination.namespace).toBe('web');
  expect(spec.syncPolicy.syncOptions).toEqual(['CreateNamespace=true']);
});

test('knows an OCI registry by its address without the scheme', () => {
  const source = ArgoSource.helm(new HelmChart({ repository: 'oci://ghcr.io/example/charts', chart: 'shop', version: '1.2.3', namespace: 'web' }));
  expect(application({ source }).spec.source).toEqual({
    repoURL: 'ghcr.io/example/charts', chart: 'shop', targetRevision: '1.2.3', helm: { releaseName: 'shop' },
  });
});

test('says everything that is said to it', () => {
  const object = application({
    name: 'front',
    namespace: 'gitops',
    labels: { team: 'shop' },
    annotations: { note: 'x' },
    source: ArgoSource.git({ repository: 'git@git.example.com:shop.git', path: '.', revision: 'v1', include: '*.k8s.yaml' }),
    project: 'shop',
    server: 'https://cluster.example.com',
    destinationNamespace: 'web',
    automated: false,
    retry: { limit: -1, pause: Duration.seconds(10), factor: 3, longestPause: Duration.minutes(10) },
    serverSideApply: true,
    skipDryRunOnMissingResource: true,
    syncWave: -2,
  });
  expect(object.metadata).toEqual({
    name: 'front', namespace: 'gitops', labels: { team: 'shop' }, annotations: { 'note': 'x', 'argocd.argoproj.io/sync-wave': '-2' },
  });
  expect(object.spec).toEqual({
    project: 'shop',
    destination: { server: 'https://cluster.example.com', namespace: 'web' },
    source: { repoURL: 'git@git.example.com:shop.git', path: '.', targetRevision: 'v1', directory: { include: '*.k8s.yaml' } },
    syncPolicy: {
      retry: { limit: -1, backoff: { duration: '10s', factor: 3, maxDuration: '600s' } },
      syncOptions: ['ServerSideApply=true', 'SkipDryRunOnMissingResource=true'],
    },
  });
});

test('a sync leaves alone what differences overlook', () => {
  const ignoreDifferences = [{ group: 'apps', kind: 'Deployment', name: 'x', namespace: 'web', jsonPointers: ['/spec/replicas'] }];
  const { spec } = application({ ignoreDifferences });
  expect(spec.ignoreDifferences).toEqual(ignoreDifferences);
  expect(spec.syncPolicy.syncOptions).toEqual(['RespectIgnoreDifferences=true']);
  expect(application({ ignoreDifferences: [] }).spec.ignoreDifferences).toBeUndefined();
});

test('a patch in the wire\'s spelling arrives', () => {
  const scope = chart();
  new ArgoApplication(scope, 'Shop', { source: git }).apiObject.addJsonPatch(JsonPatch.add('/metadata/finalizers', ['resources-finalizer.argocd.argoproj.io']));
  expect(only(synthesized(scope), 'Application').metadata.finalizers).toEqual(['resources-finalizer.argocd.argoproj.io']);
});

test('refuses numbers out of range and differences without a field', () => {
  const refused = (props: Partial<platform.ArgoApplicationProps>) => expect(() => new ArgoApplication(chart(), 'Shop', { source: git, ...props }));
  refused({ syncWave: 1.5 }).toThrow('Application argocd/shop: syncWave must be a whole number, got 1.5');
  refused({ retry: { limit: -2 } }).toThrow('retry.limit must be a whole number, -1 or more, got -2');
  refused({ retry: { factor: 0 } }).toThrow('retry.factor must be a whole number, 1 or more, got 0');
  refused({ createNamespace: true }).toThrow('createNamespace needs a namespace to make; set `destinationNamespace`');
  refused({ createNamespace: true, destinationNamespace: 'web' }).not.toThrow();
  refused({ destinationNamespace: 'Web' }).toThrow('destinationNamespace: name must be');
  refused({ ignoreDifferences: [{ kind: 'Deployment' }] }).toThrow('ignoreDifferences: Deployment names no field');
});

test('refuses an address or a folder that Git does not have', () => {
  expect(() => ArgoSource.git({ repository: 'shop', path: '.' })).toThrow('ArgoSource.git: a repository is written https://…');
  for (const path of ['', '/dist', '../dist', 'dist/..']) {
    expect(() => ArgoSource.git({ repository: 'https://git.example.com/shop.git', path })).toThrow(`such as "dist/shop" or ".", got "${path}"`);
  }
});
