import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, EnvValue, LabelSelector, Probe, Secret } from 'cdk8s-plus-27';
import { certmanager, ContourChart, dapr, DaprIngress, DaprIngressTls, DaprTarget, otel, platform, Prerequisites } from 'cdk8s-traffic';

const site = {
  domain: 'example.com',
  email: 'ops@example.com',
  registry: 'registry.example.com/dapr-sample',
  version: '1.0.0',
};

const app = new App();
const insights = { secretName: 'application-insights', key: 'connection-string' };

const cluster = new Chart(app, 'cluster');
for (const name of ['ingress-system', 'observability', 'web']) new platform.Namespace(cluster, name);
const issuer = new certmanager.ClusterIssuer(cluster, 'LetsencryptProd', {
  config: certmanager.IssuerConfig.acme({ email: site.email, solvers: [certmanager.AcmeSolver.http01({ ingressClassName: 'contour' })] }),
});

const collector = new otel.Collector(new Chart(app, 'observability', { namespace: 'observability' }), 'OtelCollector', {
  exporters: [otel.Exporter.azureMonitor({ connectionString: insights })],
});
const tracing = dapr.Tracing.otel(collector.otlpGrpcEndpoint, { protocol: dapr.OtelProtocol.GRPC, isSecure: false });

const web = new Chart(app, 'web', { namespace: 'web' });
const connectionString = EnvValue.fromSecretValue({ secret: Secret.fromSecretName(web, 'Insights', insights.secretName), key: insights.key });

/** A Java application that others reach by its name, through Dapr. */
function application(name: string): dapr.DaprApp {
  const port = 8080;
  const deployment = new Deployment(web, `${name}-deployment`, {
    metadata: { name },
    podMetadata: { labels: { app: name } },
    select: false,
    replicas: 2,
    securityContext: { ensureNonRoot: true, user: 1000, group: 1000 },
    containers: [{
      name,
      image: `${site.registry}/${name}:${site.version}`,
      envVariables: { APPLICATIONINSIGHTS_CONNECTION_STRING: connectionString },
      ports: [{ name: 'http', number: port }],
      startup: Probe.fromTcpSocket({ port, failureThreshold: 30 }),
      readiness: Probe.fromTcpSocket({ port }),
      liveness: Probe.fromTcpSocket({ port }),
      resources: { cpu: { request: Cpu.millis(100) }, memory: { request: Size.mebibytes(256), limit: Size.mebibytes(512) } },
      securityContext: { user: 1000, group: 1000, readOnlyRootFilesystem: false }, // Java writes to /tmp
    }],
  });
  deployment.select(LabelSelector.of({ labels: { app: name } }));
  ApiObject.of(deployment).addJsonPatch(JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'));
  return new dapr.DaprApp(web, name, { workload: deployment, appPort: port, tracing });
}

const [aggregator, aggregator2, timefeed] = ['aggregator', 'aggregator-2', 'timefeed'].map(application);
aggregator.invokes(timefeed);
aggregator2.invokes(timefeed);

const ingress = new DaprIngress(new Chart(app, 'ingress', { namespace: 'ingress-system' }), 'ContourIngress', {
  tls: DaprIngressTls.issuer(issuer),
  chart: ContourChart.project({ release: 'ingress-contour' }),
  grpc: true, // the port is there for the first gRPC route
  scrapedFrom: ['kube-system'], // where the agent of Azure Monitor runs
  tracing,
});
ingress.host(`aggregator.${site.domain}`, { name: 'aggregator' }).route('/backend', {
  rewrite: '/', to: [DaprTarget.of(aggregator).weight(70), DaprTarget.of(aggregator2).weight(30)],
});

Prerequisites.of(app).add({
  kind: 'Secret',
  value: `web/${insights.secretName}`,
  purpose: 'holds the connection string of Application Insights for the applications',
  command: `kubectl --namespace web create secret generic ${insights.secretName} --from-file=${insights.key}`,
  reliedOnBy: [aggregator, aggregator2, timefeed].map(({ appId }) => `Deployment/web/${appId}`),
});
app.synth();
