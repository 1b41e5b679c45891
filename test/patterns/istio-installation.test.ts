import { Chart, Testing } from 'cdk8s';
import { Delivery, istio as istioL2, IstioGatewaySource, IstioInstallation, IstioInstallationProps, platform, Prerequisites, Targets } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const gateway = IstioGatewaySource.helmChart({ releaseName: 'istio-ingressgateway', namespace: 'istio-ingress' });

function installed(props: Partial<IstioInstallationProps> = {}): { objects: any[]; istio: IstioInstallation } {
  const scope = chart({});
  const istio = new IstioInstallation(scope, 'Istio', { delivery: Delivery.argoCd(), gateway, ...props });
  const objects = synthesized(scope);
  expect(objects.flatMap(schemaErrors)).toEqual([]);
  return { objects, istio };
}

describe('by Argo CD', () => {
  const { objects, istio } = installed();
  const [base, istiod, ingress] = objects;

  test('base, istiod and the gateway are Applications of one version in ascending waves', () => {
    expect(objects.map(({ metadata, spec }) => [
      metadata.name, metadata.namespace, metadata.annotations['argocd.argoproj.io/sync-wave'],
      spec.source.chart, spec.source.targetRevision, spec.source.helm.releaseName, spec.destination.namespace,
    ])).toEqual([
      ['istio-base', 'argocd', '0', 'base', '1.30.3', 'istio-base', 'istio-system'],
      ['istiod', 'argocd', '1', 'istiod', '1.30.3', 'istiod', 'istio-system'],
      ['istio-ingressgateway', 'argocd', '2', 'gateway', '1.30.3', 'istio-ingressgateway', 'istio-ingress'],
    ]);
    expect(istio.steps.map(({ name }) => name)).toEqual(['istio-base', 'istiod', 'istio-ingressgateway']);
    for (const { spec } of objects) expect(spec.source.repoURL).toBe('https://istio-release.storage.googleapis.com/charts');
  });

  test('S26, A13: waves alone do not order Applications: health is judged, and each tries again with growing pauses', () => {
    for (const { spec } of objects) {
      expect(spec.syncPolicy.retry).toEqual({ limit: 10, backoff: { duration: '10s', factor: 2, maxDuration: '180s' } });
      expect(spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true });
    }
    const app = Testing.app();
    const scope = new Chart(app, 'platform');
    const { steps } = new IstioInstallation(scope, 'Istio', { delivery: Delivery.argoCd(), gateway });
    const applications = steps.map((step) => `Application/argocd/${step.name}`);
    expect(app.node.findAll().map((construct) => (construct as any).path)).toContain('argocd/argocd-cm.patch.yaml');
    expect(Prerequisites.of(scope).list().find(({ kind }) => kind === 'Argo CD setting')?.reliedOnBy).toEqual([...applications].sort());
  });

  test('large definitions are applied by the server, and those that come in the same sync are waited for', () => {
    expect(base.spec.syncPolicy.syncOptions).toEqual(['CreateNamespace=true', 'ServerSideApply=true', 'RespectIgnoreDifferences=true']);
    expect(istiod.spec.syncPolicy.syncOptions).toEqual(['CreateNamespace=true', 'SkipDryRunOnMissingResource=true', 'RespectIgnoreDifferences=true']);
    expect(ingress.spec.syncPolicy.syncOptions).toEqual(['CreateNamespace=true', 'SkipDryRunOnMissingResource=true']);
  });

  test('what istiod writes into its webhooks is no difference', () => {
    for (const { spec } of [base, istiod]) {
      expect(spec.ignoreDifferences).toEqual([
        { group: 'admissionregistration.k8s.io', kind: 'MutatingWebhookConfiguration', jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'] },
        {
          group: 'admissionregistration.k8s.io',
          kind: 'ValidatingWebhookConfiguration',
          jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle', '.webhooks[]?.failurePolicy'],
        },
      ]);
    }
    expect(ingress.spec.ignoreDifferences).toBeUndefined();
  });

  test('S17, S18: the gateway has pods of its own number and no load balancer of its own', () => {
    expect(ingress.spec.source.helm.valuesObject).toEqual({
      service: { type: 'ClusterIP' },
      autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 4 },
    });
  });

  test('S24, A5: the selector follows from the release', () => {
    expect(istio.gatewaySelector).toEqual({ istio: 'ingressgateway' });
    expect(IstioGatewaySource.helmChart({ releaseName: 'istio-ingress', namespace: 'istio-ingress' }).selector).toEqual({ istio: 'ingress' });
    expect(IstioGatewaySource.helmChart({ releaseName: 'edge', namespace: 'istio-ingress' }).selector).toEqual({ istio: 'edge' });
  });

  test('a gateway from Git carries this app\'s own manifests', () => {
    const git = { repository: 'https://git.example.com/platform.git', path: 'dist/shop', revision: 'main', include: 'gateway.k8s.yaml' };
    const last = installed({ gateway: IstioGatewaySource.manifests(git) });
    const { metadata, spec } = only(last.objects, 'Application', 'istio-gateway');
    expect(metadata.annotations['argocd.argoproj.io/sync-wave']).toBe('2');
    expect(spec.source).toEqual({
      repoURL: git.repository, path: git.path, targetRevision: 'main', directory: { include: 'gateway.k8s.yaml' },
    });
    expect(spec.syncPolicy.syncOptions).toEqual(['SkipDryRunOnMissingResource=true']);
    expect(last.istio.gatewaySelector).toBeUndefined();
  });

  test('namespace, project, cluster, first wave and repetitions are said once for all', () => {
    const delivery = Delivery.argoCd({ namespace: 'gitops', project: 'mesh', server: 'https://eks.example.com', firstWave: -3, retry: { limit: -1 } });
    const all = installed({ delivery }).objects;
    expect(all.map(({ metadata }) => metadata.annotations['argocd.argoproj.io/sync-wave'])).toEqual(['-3', '-2', '-1']);
    for (const { metadata, spec } of all) {
      expect(metadata.namespace).toBe('gitops');
      expect([spec.project, spec.destination.server, spec.syncPolicy.retry.limit, spec.syncPolicy.retry.backoff.duration])
        .toEqual(['mesh', 'https://eks.example.com', -1, '10s']);
    }
  });
});

describe('by Flux', () => {
  test('each HelmRelease depends on the one before it', () => {
    const { objects } = installed({ delivery: Delivery.flux() });
    expect(only(objects, 'HelmRepository').metadata).toEqual({ name: 'istio', namespace: 'flux-system' });
    const releases = objects.filter(({ kind }) => kind === 'HelmRelease');
    expect(releases.map(({ metadata, spec }) => [metadata.name, metadata.namespace, spec.dependsOn?.map(({ name }: any) => name)])).toEqual([
      ['istio-base', 'flux-system', undefined],
      ['istiod', 'flux-system', ['istio-base']],
      ['istio-ingressgateway', 'flux-system', ['istiod']],
    ]);
    for (const { spec } of releases) {
      expect(spec.chart.spec).toMatchObject({ version: '1.30.3', sourceRef: { kind: 'HelmRepository', name: 'istio' } });
      expect(spec.install).toEqual({ createNamespace: true, crds: 'CreateReplace', remediation: { retries: 3 } });
    }
  });

  test('the same values arrive as through Argo CD', () => {
    const props = { revision: '1-30', trustedProxies: 1 };
    const flux = installed({ delivery: Delivery.flux({ namespace: 'gitops', retries: 5 }), ...props }).objects.slice(1);
    const argo = installed(props).objects;
    expect(flux.map(({ spec }) => spec.values)).toEqual(argo.map(({ spec }) => spec.source.helm.valuesObject));
    expect(flux.map(({ metadata, spec }) => [metadata.namespace, spec.upgrade.remediation.retries])).toEqual(Array(3).fill(['gitops', 5]));
  });

  test('a Git folder cannot wait for a HelmRelease', () => {
    const git = { repository: 'https://git.example.com/platform.git', path: 'dist/shop' };
    expect(() => installed({ delivery: Delivery.flux(), gateway: IstioGatewaySource.manifests(git) }))
      .toThrow('IstioInstallation test/Istio: Flux orders HelmReleases among themselves, and "istio-gateway" is a folder in Git');
  });
});

describe('values', () => {
  const istiodValues = (props: Partial<IstioInstallationProps>) => {
    const { objects } = installed(props);
    return objects[1].spec.source.helm.valuesObject;
  };

  test('the access log is on unless said otherwise', () => {
    expect(istiodValues({})).toEqual({ meshConfig: { accessLogFile: '/dev/stdout' } });
    expect(istiodValues({ accessLog: false })).toBeUndefined();
  });

  test('A9: the proxies before the gateway are counted', () => {
    expect(istiodValues({ trustedProxies: 1 }).meshConfig.defaultConfig).toEqual({ gatewayTopology: { numTrustedProxies: 1 } });
  });

  test('a revision is in all three, and in the labels', () => {
    const { objects, istio } = installed({ revision: '1-30' });
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(['istio-base', 'istiod-1-30', 'istio-ingressgateway']);
    expect(objects.map(({ spec }) => spec.source.helm.valuesObject)).toMatchObject([{ defaultRevision: '1-30' }, { revision: '1-30' }, { revision: '1-30' }]);
    const labels = (injection: istioL2.MeshInjection) => {
      const scope = chart({});
      new istioL2.MeshNamespace(scope, 'Shop', { injection });
      return synthesized(scope)[0].metadata.labels;
    };
    expect(labels(istio.injection)).toEqual({ 'istio.io/rev': '1-30' });
    expect(labels(installed().istio.injection)).toEqual({ 'istio-injection': 'enabled' });
  });

  test('what the owner adds is merged and wins', () => {
    const { objects } = installed({
      trustedProxies: 1,
      meshConfig: { accessLogFile: '/dev/stderr', defaultConfig: { tracing: {} }, outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
      istiodValues: { pilot: { autoscaleMin: 2 }, meshConfig: { trustDomain: 'example.com' } },
      baseValues: { base: { enableIstioConfigCRDs: true } },
      gateway: IstioGatewaySource.helmChart({
        releaseName: 'edge', namespace: 'edge', minReplicas: 5, serviceType: platform.ServiceType.NODE_PORT, values: { autoscaling: { maxReplicas: 9 } },
      }),
      namespace: 'mesh-system',
      repository: 'oci://registry.example.com/istio',
    });
    expect(objects.map(({ spec }) => spec.source.helm.valuesObject)).toEqual([
      { base: { enableIstioConfigCRDs: true } },
      {
        pilot: { autoscaleMin: 2 },
        meshConfig: {
          accessLogFile: '/dev/stderr',
          defaultConfig: { gatewayTopology: { numTrustedProxies: 1 }, tracing: {} },
          outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          trustDomain: 'example.com',
        },
      },
      { service: { type: 'NodePort' }, autoscaling: { enabled: true, minReplicas: 5, maxReplicas: 9 } },
    ]);
    expect(objects.map(({ spec }) => spec.destination.namespace)).toEqual(['mesh-system', 'mesh-system', 'edge']);
    expect(objects[0].spec.source.repoURL).toBe('registry.example.com/istio');
  });

  test('without a gateway, two parts', () => {
    expect(installed({ gateway: undefined }).objects.map(({ metadata }) => metadata.name)).toEqual(['istio-base', 'istiod']);
  });
});

describe('the version', () => {
  const versionOf = (target: string | undefined, version?: string) => {
    const scope = chart({});
    Targets.on(scope, { istio: target });
    return new IstioInstallation(scope, 'Istio', { delivery: Delivery.argoCd(), version }).version;
  };

  test('is the target\'s, or an exact one of its line', () => {
    expect(versionOf(undefined)).toBe('1.30.3');
    expect(versionOf('1.29.4')).toBe('1.29.4');
    expect(versionOf('1.28', '1.28.2')).toBe('1.28.2');
  });

  test('is never guessed, loose or of another line', () => {
    expect(() => versionOf('1.28')).toThrow('IstioInstallation test/Istio: which 1.28 is to be installed is not known; set `version`, such as "1.28.1"');
    expect(() => versionOf('1.30', '1.30')).toThrow('version must be exact, such as "1.30.1", got "1.30"');
    expect(() => versionOf('1.30', '1.29.4')).toThrow('version 1.29.4 is not of the line 1.30 that the manifests are written for');
  });
});

test('refuses wrong revisions, numbers and namespaces', () => {
  expect(() => installed({ revision: '1.30' })).toThrow('revision: name must be lower-case letters, digits and "-"');
  expect(() => installed({ trustedProxies: -1 })).toThrow('trustedProxies must be a whole number, 0 or more, got -1');
  expect(() => installed({ namespace: 'istio-ingress' })).toThrow('a gateway lives in a namespace of its own, got istiod\'s "istio-ingress"');
  expect(() => IstioGatewaySource.helmChart({ releaseName: 'edge', namespace: 'edge', minReplicas: 3, maxReplicas: 2 }))
    .toThrow('IstioGatewaySource edge: replicas run from minReplicas (1 or more) to maxReplicas, got 3 to 2');
  expect(() => IstioGatewaySource.helmChart({ releaseName: 'edge', namespace: 'edge', minReplicas: 0 })).toThrow('got 0 to 4');
});
