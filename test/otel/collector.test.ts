import { App, JsonPatch, Size } from 'cdk8s';
import { parse } from 'yaml';
import { CloudIdentity, otel, Prerequisites } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { Collector, Exporter, Receiver, Signal } = otel;
const connectionString = { secretName: 'appinsights', key: 'connection-string' };

function configOf(objects: any[]): any {
  return parse(only(objects, 'ConfigMap').data['config.yaml']);
}

test('is a Deployment with configuration, ServiceAccount and Service under one name', () => {
  const scope = chart({ namespace: 'tracing', labels: { team: 'platform' } });
  new Collector(scope, 'OtelCollector', { exporters: [Exporter.debug()] });
  const objects = synthesized(scope);

  expect(objects.flatMap(schemaErrors)).toEqual([]);
  expect(objects.map((object) => `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`).sort()).toEqual([
    'ConfigMap/tracing/otel-collector',
    'Deployment/tracing/otel-collector',
    'Service/tracing/otel-collector',
    'ServiceAccount/tracing/otel-collector',
  ]);
  expect(configOf(objects)).toEqual({
    extensions: { health_check: { endpoint: '0.0.0.0:13133' } },
    receivers: {
      otlp: { protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } } },
      zipkin: { endpoint: '0.0.0.0:9411' },
    },
    processors: { memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 }, batch: {} },
    exporters: { debug: { verbosity: 'basic' } },
    service: {
      extensions: ['health_check'],
      pipelines: {
        traces: { receivers: ['otlp', 'zipkin'], processors: ['memory_limiter', 'batch'], exporters: ['debug'] },
        metrics: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['debug'] },
        logs: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['debug'] },
      },
    },
  });
});

test('the pods are probed, pinned, small and unprivileged, and labels of the chart stay out of the selectors', () => {
  const scope = chart({ namespace: 'tracing', labels: { team: 'platform' } });
  new Collector(scope, 'OtelCollector', { exporters: [Exporter.debug()] });
  const objects = synthesized(scope);
  const { spec } = only(objects, 'Deployment');
  const pod = spec.template.spec;
  const [container] = pod.containers;

  expect(spec.selector).toEqual({ matchLabels: { app: 'otel-collector' } });
  expect(spec.template.metadata.labels).toEqual({ app: 'otel-collector' });
  expect(only(objects, 'Service').spec.selector).toEqual({ app: 'otel-collector' });
  expect(spec.replicas).toBe(1);
  expect(container.image).toMatch(/^otel\/opentelemetry-collector-contrib:0\.\d+\.\d+$/);
  for (const probe of [container.livenessProbe, container.readinessProbe]) expect(probe.httpGet).toMatchObject({ path: '/', port: 13133 });
  expect(container.resources).toEqual({ requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '256Mi' } });
  expect(pod.automountServiceAccountToken).toBe(false);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } });
  expect(container.securityContext).toMatchObject({
    allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true, capabilities: { drop: ['ALL'] },
  });
  expect(JSON.stringify(objects)).not.toContain('cdk8s.io');
});

test('a port is given once: receiver, container, Service and endpoint follow', () => {
  const scope = chart();
  const collector = new Collector(scope, 'Otel', {
    name: 'traces',
    namespace: 'observability',
    receivers: [Receiver.otlp({ grpcPort: 14317, httpPort: 14318 }), Receiver.zipkin({ port: 19411 })],
    exporters: [Exporter.debug()],
  });
  const objects = synthesized(scope);

  expect(only(objects, 'Service').spec.ports).toEqual([
    { name: 'otlp-grpc', port: 14317, targetPort: 'otlp-grpc', protocol: 'TCP', appProtocol: 'grpc' },
    { name: 'otlp-http', port: 14318, targetPort: 'otlp-http', protocol: 'TCP', appProtocol: 'http' },
    { name: 'zipkin', port: 19411, targetPort: 'zipkin', protocol: 'TCP', appProtocol: 'http' },
  ]);
  expect(only(objects, 'Deployment').spec.template.spec.containers[0].ports).toEqual([
    { name: 'otlp-grpc', containerPort: 14317 },
    { name: 'otlp-http', containerPort: 14318 },
    { name: 'zipkin', containerPort: 19411 },
    { name: 'health', containerPort: 13133 },
  ]);
  expect(collector.zipkinEndpoint).toBe('http://traces.observability.svc.cluster.local:19411/api/v2/spans');
  expect(collector.otlpGrpcEndpoint).toBe('traces.observability.svc.cluster.local:14317');
  expect(collector.otlpHttpEndpoint).toBe('http://traces.observability.svc.cluster.local:14318');
  expect(JSON.stringify(objects)).not.toMatch(/\b(4317|4318|9411)\b/);
});

test('Azure Monitor takes its connection string from a Secret, and no placeholder stands in the manifests', () => {
  const app = new App({ outdir: 'never-written' });
  const scope = chart();
  const collector = new Collector(scope, 'Otel', { exporters: [Exporter.azureMonitor({ connectionString })], signals: [Signal.TRACES] });
  const objects = synthesized(scope);

  expect(configOf(objects).exporters).toEqual({ azuremonitor: {} });
  expect(Object.keys(configOf(objects).service.pipelines)).toEqual(['traces']);
  expect(only(objects, 'Deployment').spec.template.spec.containers[0].env).toEqual([{
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
    valueFrom: { secretKeyRef: { name: 'appinsights', key: 'connection-string' } },
  }]);
  expect(JSON.stringify(objects)).not.toContain('${');
  expect(Prerequisites.of(collector).list()).toEqual([expect.objectContaining({
    kind: 'Secret',
    value: 'web/appinsights',
    command: 'kubectl create secret generic appinsights --namespace web --from-file=connection-string=<file with the value>',
    reliedOnBy: ['Deployment/web/otel'],
  })]);
  expect(Prerequisites.of(app).list()).toEqual([]);
});

test('a collector acts as its cloud identity', () => {
  const scope = chart();
  new Collector(scope, 'Otel', { exporters: [Exporter.debug()], identity: CloudIdentity.azure('11111111-2222-3333-4444-555555555555') });
  const objects = synthesized(scope);
  expect(only(objects, 'ServiceAccount').metadata.annotations).toEqual({ 'azure.workload.identity/client-id': '11111111-2222-3333-4444-555555555555' });
  expect(only(objects, 'Deployment').spec.template.metadata.labels).toEqual({ 'app': 'otel', 'azure.workload.identity/use': 'true' });
  expect(only(objects, 'Deployment').spec.selector.matchLabels).toEqual({ app: 'otel' });
});

test('a change of the configuration rolls the pods, and only that', () => {
  const hash = (exporter: otel.Exporter, patch?: JsonPatch, replicas?: number) => {
    const scope = chart();
    const { configMap } = new Collector(scope, 'Otel', { exporters: [exporter], replicas });
    if (patch) (configMap as any).apiObject.addJsonPatch(patch);
    return only(synthesized(scope), 'Deployment').spec.template.metadata.annotations['checksum/config'];
  };
  const first = hash(Exporter.debug());
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(Exporter.debug())).toBe(first);
  expect(hash(Exporter.debug(), undefined, 3)).toBe(first);
  expect(hash(Exporter.debug({ detailed: true }))).not.toBe(first);
  expect(hash(Exporter.debug(), JsonPatch.replace('/data/config.yaml', 'other'))).not.toBe(first);
});

test('pipelines join the receivers and exporters that share a signal', () => {
  const scope = chart();
  new Collector(scope, 'Otel', {
    receivers: [Receiver.zipkin(), Receiver.of('prometheus', { signals: [Signal.METRICS], config: { config: { scrape_configs: [] } } })],
    exporters: [
      Exporter.otlp('tempo.monitoring:4317', { insecure: true, name: 'tempo' }),
      Exporter.otlpHttp('https://otlp.example.com/otlp'),
      Exporter.of('prometheusremotewrite', { signals: [Signal.METRICS], config: { endpoint: 'http://mimir/api/v1/push' } }),
    ],
  });
  const config = configOf(synthesized(scope));
  expect(config.exporters).toEqual({
    'otlp/tempo': { endpoint: 'tempo.monitoring:4317', tls: { insecure: true } },
    'otlphttp': { endpoint: 'https://otlp.example.com/otlp' },
    'prometheusremotewrite': { endpoint: 'http://mimir/api/v1/push' },
  });
  const pipelines = Object.entries<any>(config.service.pipelines).map(([signal, { receivers, exporters }]) => [signal, { receivers, exporters }]);
  expect(Object.fromEntries(pipelines)).toEqual({
    traces: { receivers: ['zipkin'], exporters: ['otlp/tempo', 'otlphttp'] },
    metrics: { receivers: ['prometheus'], exporters: ['otlp/tempo', 'otlphttp', 'prometheusremotewrite'] },
  });
});

test('size, image and replicas are the owner\'s to say', () => {
  const scope = chart();
  new Collector(scope, 'Otel', {
    exporters: [Exporter.debug()],
    replicas: 2,
    memory: Size.gibibytes(1),
    cpuMillis: 500,
    image: 'registry.example.com/otelcol:1.2',
  });
  const { spec } = only(synthesized(scope), 'Deployment');
  expect(spec.replicas).toBe(2);
  expect(spec.template.spec.containers[0]).toMatchObject({
    image: 'registry.example.com/otelcol:1.2',
    resources: { requests: { cpu: '500m', memory: '1024Mi' }, limits: { memory: '1024Mi' } },
  });
});

test('patches in the wire\'s spelling arrive on every object', () => {
  const scope = chart();
  const collector = new Collector(scope, 'Otel', { exporters: [Exporter.debug()] });
  for (const part of [collector.deployment, collector.configMap, collector.serviceAccount, collector.service]) {
    (part as any).apiObject.addJsonPatch(JsonPatch.add('/brandNew', { clusterIP: 1 }));
  }
  expect(synthesized(scope).map((object) => object.brandNew)).toEqual(Array(4).fill({ clusterIP: 1 }));
});

describe('refuses', () => {
  const collector = (props: Partial<otel.CollectorProps>, namespace: string | undefined = 'web') =>
    new Collector(chart({ namespace }), 'Otel', { exporters: [Exporter.debug()], ...props });

  test('a pipeline without exporter or receiver', () => {
    expect(() => collector({ exporters: [] })).toThrow('Collector web/otel: a pipeline needs an exporter, got none; add one to `exporters`');
    expect(() => collector({ receivers: [] })).toThrow('a pipeline needs a receiver, got none; add one to `receivers`');
    expect(() => collector({ signals: [Signal.LOGS], exporters: [Exporter.of('zipkin', { signals: [Signal.TRACES] })] }))
      .toThrow('the pipeline for logs has no exporter');
    expect(() => collector({ signals: [Signal.LOGS], receivers: [Receiver.zipkin()] })).toThrow('the pipeline for logs has no receiver');
  });

  test('a receiver or exporter that stands in no pipeline', () => {
    expect(() => collector({ exporters: [Exporter.of('prometheus', { signals: [Signal.METRICS] })] }))
      .toThrow('receiver zipkin is in no pipeline: no exporter has one of its signals (traces)');
    expect(() => collector({ receivers: [Receiver.zipkin()], exporters: [Exporter.debug(), Exporter.of('prometheus', { signals: [Signal.METRICS] })] }))
      .toThrow('exporter prometheus is in no pipeline');
  });

  test('the same component or port twice', () => {
    expect(() => collector({ exporters: [Exporter.otlp('a:1'), Exporter.otlp('b:1')] })).toThrow('exporter otlp is given twice');
    expect(() => collector({ receivers: [Receiver.otlp({ httpPort: 9411 }), Receiver.zipkin()] })).toThrow('port 9411 is wanted by otlp-http and zipkin');
    expect(() => collector({ receivers: [Receiver.zipkin({ port: 13133 })] })).toThrow('port 13133 is wanted by health_check and zipkin');
  });

  test('one variable from two Secrets', () => {
    const other = Exporter.of('azuremonitor/second', { environment: { APPLICATIONINSIGHTS_CONNECTION_STRING: { secretName: 'other', key: 'x' } } });
    expect(() => collector({ exporters: [Exporter.azureMonitor({ connectionString }), other] }))
      .toThrow('exporters want APPLICATIONINSIGHTS_CONNECTION_STRING from appinsights/connection-string and from other/x');
  });

  test('a wrong name, number, image or endpoint', () => {
    expect(() => collector({ name: 'Otel' })).toThrow('Collector web/Otel: name must be lower-case letters');
    expect(() => collector({ replicas: -1 })).toThrow('replicas must be a whole number, 0 or more, got -1');
    expect(() => collector({ cpuMillis: 0 })).toThrow('cpuMillis must be more than 0, got 0');
    expect(() => collector({ image: 'otel/opentelemetry-collector-contrib' })).toThrow('image must be pinned by a tag or a digest');
    expect(() => collector({ image: `otel/collector@sha256:${'a'.repeat(64)}` })).not.toThrow();
    expect(() => Receiver.zipkin({ port: 0 })).toThrow('Receiver zipkin: port zipkin must be a whole number from 1 to 65535, got 0');
    expect(() => Receiver.of('my receiver', { signals: [Signal.LOGS] })).toThrow('a component is written type or type/name');
    expect(() => Receiver.of('filelog', { signals: [] })).toThrow('Receiver filelog: signals must name at least one signal');
    expect(() => Receiver.of('x', { signals: [Signal.LOGS], ports: [{ name: 'much-too-long-name', port: 1, appProtocol: 'http' }] })).toThrow('1 to 15');
    expect(() => Exporter.of('2x')).toThrow('Exporter 2x: a component is written');
    expect(() => Exporter.of('x', { signals: [] })).toThrow('Exporter x: signals must name at least one signal');
    expect(() => Exporter.otlp('https://tempo:4317')).toThrow('Exporter.otlp: the endpoint is written host:port');
    expect(() => Exporter.otlp('tempo:70000')).toThrow('got "tempo:70000"');
    expect(() => Exporter.otlpHttp('tempo:4318')).toThrow('Exporter.otlpHttp: the endpoint is written https://');
    expect(() => Exporter.otlpHttp('http://tempo:4318')).toThrow('goes with insecure: true');
    expect(() => Exporter.azureMonitor({ connectionString: { secretName: '', key: 'x' } })).toThrow('Secret name must not be empty');
    expect(() => Exporter.azureMonitor({ connectionString: { secretName: 'x', key: 'a b' } })).toThrow('a key of a Secret is made of');
  });

  test('an endpoint that the collector does not have, or an address without a namespace', () => {
    expect(() => collector({ receivers: [Receiver.otlp()] }).zipkinEndpoint).toThrow('receives nothing on a port "zipkin"; add Receiver.zipkin()');
    expect(() => collector({ receivers: [Receiver.zipkin()] }).otlpGrpcEndpoint).toThrow('add Receiver.otlp()');
    const bare = new Collector(chart({}), 'Otel', { exporters: [Exporter.debug()] });
    expect(() => bare.zipkinEndpoint).toThrow('Collector /otel: its address is not known without a namespace');
  });

  test('two collectors of one name', () => {
    const scope = chart();
    new Collector(scope, 'Otel', { exporters: [Exporter.debug()] });
    expect(() => new Collector(scope, 'Second', { name: 'otel', exporters: [Exporter.debug()] })).toThrow('Deployment/web/otel');
  });
});
