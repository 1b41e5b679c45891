import { schemaErrors } from './schema-validation';

const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec });
const meshNode = (spec: object) => ({ apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'VirtualNode', metadata: { name: 'web', namespace: 'shop' }, spec });
const listener = (portMapping: object) => ({ listeners: [{ portMapping }] });
const virtualService = (http: object) => ({
  apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'web', namespace: 'shop' }, spec: { hosts: ['example.com'], http: [http] },
});

describe('a good object passes', () => {
  test.each([
    service({ selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http', appProtocol: 'http' }, { port: 81, targetPort: 81 }] }),
    virtualService({ route: [{ destination: { host: 'web', port: { number: 80 } }, weight: 100 }] }),
    meshNode(listener({ port: 8080, protocol: 'http2' })),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', labels: { a: 'b' }, annotations: { 'x/y': 'z' } }, data: { key: 'value' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web', resources: { requests: { cpu: '1', memory: '1Gi' } } }], volumes: [{ name: 'tmp', emptyDir: {} }] } },
      },
    },
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'n' }, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {} }] }] } },
    { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'n' }, spec: { defaultBackend: { service: { name: 'web', port: { name: 'http' } } } } },
    { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'n' }, spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'web' } } },
    { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'n' }, spec: { minAvailable: '50%' } },
    { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { name: 'n' }, spec: { virtualhost: { fqdn: 'a.example.com' }, routes: [{ services: [{ name: 'web', port: 80 }] }] } },
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'n' }, spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }] } },
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'n' }, spec: { secretName: 'tls', issuerRef: { name: 'ca' }, dnsNames: ['a.example.com'] } },
    { apiVersion: 'cloud.google.com/v1', kind: 'BackendConfig', metadata: { name: 'n' }, spec: { timeoutSec: 3600, healthCheck: { type: 'HTTP', port: 15021, requestPath: '/healthz/ready' } } },
    { apiVersion: 'networking.gke.io/v1', kind: 'ManagedCertificate', metadata: { name: 'n' }, spec: { domains: ['a.example.com'] } },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'n' },
      spec: { project: 'default', destination: { server: 'https://kubernetes.default.svc' }, source: { repoURL: 'https://charts.example.com', helm: { valuesObject: { deep: { er: 1 } } } } },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      metadata: { name: 'n' },
      spec: { interval: '5m', chart: { spec: { chart: 'istiod', sourceRef: { kind: 'HelmRepository', name: 'istio' } } }, values: { deep: { er: 1 } } },
    },
    { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository', metadata: { name: 'n' }, spec: { interval: '5m', url: 'https://charts.example.com' } },
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata: { name: 'n' }, spec: { selector: {}, podMetricsEndpoints: [{ port: 'metrics' }] } },
    {
      apiVersion: 'opentelemetry.io/v1beta1',
      kind: 'OpenTelemetryCollector',
      metadata: { name: 'n' },
      spec: { config: { receivers: { otlp: { protocols: { grpc: {} } } }, exporters: { debug: {} }, service: { pipelines: { traces: { receivers: ['otlp'], exporters: ['debug'] } } }, other: 1 } },
    },
    { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'n' }, spec: { type: 'bindings.cron', version: 'v1', metadata: [{ name: 'schedule', value: '@every 1m' }] }, scopes: ['web'] },
    { apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding', metadata: { name: 'n' }, spec: { targetGroupARN: 'arn', serviceRef: { name: 'web', port: 80 } } },
  ])('$apiVersion $kind', (object) => {
    expect(schemaErrors(object)).toEqual([]);
  });
});

describe.each([
  ['published', virtualService, { route: [{ destination: { host: 'web' }, weight: '100' }] }, '/spec/http/0/route/0/weight: type {"type":"integer"}'],
  ['of our own', (spec: object) => meshNode(listener(spec)), { port: '8080', protocol: 'http' }, '/spec/listeners/0/portMapping/port: type {"type":"integer"}'],
] as const)('a schema %s', (_, object, mistaken, wrongType) => {
  test('finds a wrong type', () => {
    expect(schemaErrors(object(mistaken))).toEqual([expect.stringContaining(wrongType)]);
  });
});

test('finds an unknown field at any depth, in arrays, maps and metadata', () => {
  expect(schemaErrors({ ...service({ ports: [{ port: 80, portName: 'x' }], selectors: {} }), specs: {} })).toEqual([
    'Service/shop/web: /spec/ports/0/portName: unknown field',
    'Service/shop/web: /spec/selectors: unknown field',
    'Service/shop/web: /specs: unknown field',
  ]);
  expect(schemaErrors(virtualService({ routes: [] }))).toEqual(['VirtualService/shop/web: /spec/http/0/routes: unknown field']);
  expect(schemaErrors(meshNode({ listener: [] }))).toEqual(['VirtualNode/shop/web: /spec/listener: unknown field']);
  expect(schemaErrors({ ...meshNode({}), extra: 1, metadata: { name: 'web', namespace: 'shop', label: {} } })).toEqual([
    'VirtualNode/shop/web: /extra: unknown field',
    'VirtualNode/shop/web: /metadata/label: unknown field',
  ]);
});

test('finds a value outside an enum, a missing field and a pattern that does not match', () => {
  expect(schemaErrors(service({ ports: [{ port: 80 }], type: 'Balancer' }))[0]).toContain('/spec/type: enum');
  expect(schemaErrors(meshNode(listener({ port: 1, protocol: 'smtp' })))[0]).toContain('/spec/listeners/0/portMapping/protocol: enum');
  expect(schemaErrors(service({ ports: [{}] }))[0]).toContain('required {"missingProperty":"port"}');
  expect(schemaErrors({ apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { name: 'n' }, spec: { hostnames: ['Not A Host'] } })[0]).toContain('/spec/hostnames/0: pattern');
});

test('labels that are no strings are found in every schema', () => {
  const labels = { count: 1 };
  expect(schemaErrors({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } })[0]).toContain('/metadata/labels/count: type');
  expect(schemaErrors({ ...meshNode({}), metadata: { name: 'web', labels } })[0]).toContain('/metadata/labels/count: type');
});

test('a kind without a schema is an error, as is what is no object', () => {
  expect(schemaErrors({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'n' } })).toEqual([expect.stringContaining('no schema for example.com/v1 Thing')]);
  expect(schemaErrors({ apiVersion: 'v1', kind: 'Container', metadata: { name: 'n' } })).toEqual([expect.stringContaining('no schema for v1 Container')]);
  expect(schemaErrors(undefined)).toEqual([expect.stringContaining('no Kubernetes object')]);
  expect(schemaErrors({ apiVersion: 'v1', kind: 'Namespace' })[0]).toContain('/metadata/name: must be a string');
});
