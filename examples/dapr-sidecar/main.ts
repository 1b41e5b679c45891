import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, DeploymentStrategy, LabelSelector, Probe } from 'cdk8s-plus-27';
import { CloudIdentity, dapr, platform } from 'cdk8s-traffic';
import { Construct } from 'constructs';

const site = {
  image: 'toshidasandbox.azurecr.io/app-with-sidecar:1.0.0',
  storageAccount: 'toshidasandboxstorage',
  blobContainer: 'container1',
  identity: CloudIdentity.azure('8b1a2f7c-5d4e-4c3b-9a6f-0e1d2c3b4a59'),
  frontProxyNamespace: 'projectcontour',
};

/** What the platform team keeps. */
class Cluster extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new platform.Namespace(this, 'Batch');
  }
}

/** What the team keeps: the application, its sidecar, and what the sidecar connects it to. */
class Batch extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'batch' });
    const labels = { app: 'main' };
    const port = { name: 'http', port: 9000, appProtocol: 'http' };
    const main = new Deployment(this, 'Main', {
      metadata: { name: 'main' },
      replicas: 1,
      // No second pod during a roll-out, which would be called by the cron binding too.
      strategy: DeploymentStrategy.recreate(),
      select: false,
      podMetadata: { labels },
      securityContext: { ensureNonRoot: true, user: 1000, group: 1000 },
    });
    main.select(LabelSelector.of({ labels }));
    main.addContainer({
      name: 'main',
      image: site.image,
      command: ['node', '/app/dist/index.js'],
      ports: [{ name: port.name, number: port.port }],
      readiness: Probe.fromHttpGet('/batchstatus', { port: port.port }),
      liveness: Probe.fromTcpSocket({ port: port.port }),
      securityContext: { user: 1000, group: 1000 },
      resources: { cpu: { request: Cpu.millis(100) }, memory: { request: Size.mebibytes(128) } },
    });
    ApiObject.of(main).addJsonPatch(JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'));

    new dapr.DaprSidecar(this, 'MainDapr', {
      workload: main,
      appPort: port.port,
      components: {
        batch: dapr.CronBinding.every(Duration.seconds(10), { route: '/.internal/batch' }),
        blob: dapr.AzureBlobStorageBinding.managedIdentity({
          account: site.storageAccount, container: site.blobContainer, identity: site.identity,
        }),
      },
      callers: [dapr.AppCaller.namespace(site.frontProxyNamespace)],
    });
    new platform.Service(this, 'Service', { name: 'main', selector: labels, ports: [port] });
  }
}

const app = new App();
new Cluster(app, 'cluster');
new Batch(app, 'batch');
app.synth();
