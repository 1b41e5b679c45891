import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, EnvValue, LabelSelector } from 'cdk8s-plus-27';
import { Backend, GkeCertificate, HeaderMatch, IIstioSharedGateway, IstioSharedGateway, LoadBalancer, istio, platform } from 'cdk8s-traffic';
import { Construct } from 'constructs';

const project = 'acme-dev-123456';
const site = {
  host: `asm-advent2021-frontend.endpoints.${project}.cloud.goog`,
  loadBalancer: { staticAddress: 'asm-advent2021-ingress-ip', address: '203.0.113.10', sslPolicy: 'modern-tls' },
  revision: 'asm-managed',
  image: `asia-northeast1-docker.pkg.dev/${project}/echo/echo-server:1.0.0`,
};

/** What the platform team keeps: the namespaces in the mesh, and a log of all requests. */
class Cluster extends Chart {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    for (const name of ['edge', 'env1', 'env2']) {
      new istio.MeshNamespace(this, name, { injection: istio.MeshInjection.revision(site.revision) });
    }
    new istio.Telemetry(this, 'AccessLog', { namespace: 'istio-system', accessLogs: [{}] });
  }
}

/** What the network team keeps: one way in for all environments. */
class Gateway extends Chart {
  readonly edge: IIstioSharedGateway;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.edge = new IstioSharedGateway(this, 'Edge', {
      namespace: 'edge',
      hosts: [site.host],
      allowedNamespaces: ['env1', 'env2'],
      revision: site.revision,
      loadBalancer: LoadBalancer.gkeIngress({ ...site.loadBalancer, certificate: GkeCertificate.managed([site.host]) }),
    });
    this.edge.respond('no-environment', { status: 404, body: 'send the header env with env1 or env2' });
  }
}

interface EnvironmentProps { readonly env: string; readonly image: string; readonly edge: IIstioSharedGateway }

/** What a team keeps: the application in one environment. */
class Environment extends Chart {
  constructor(scope: Construct, id: string, { env, image, edge }: EnvironmentProps) {
    super(scope, id, { namespace: env });
    const labels = { app: 'app' };
    const port = { name: 'grpc', port: 50051, appProtocol: 'grpc' };
    const app = new Deployment(this, 'App', { metadata: { name: 'app' }, replicas: 1, select: false, podMetadata: { labels } });
    app.select(LabelSelector.of({ labels }));
    app.addContainer({
      name: 'app',
      image,
      workingDir: '/app',
      command: ['./echo-server'],
      envVariables: { ENV: EnvValue.fromValue(env) },
      ports: [{ name: port.name, number: port.port }],
      securityContext: { user: 65532 },
      resources: { cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) } },
    });
    ApiObject.of(app).addJsonPatch(
      ...['readinessProbe', 'livenessProbe'].map((probe) => JsonPatch.add(`/spec/template/spec/containers/0/${probe}`, { grpc: { port: port.port } })),
      JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'),
    );
    const service = new platform.Service(this, 'Service', { name: 'app-service', selector: labels, ports: [port] });
    edge.route(env, { headers: [HeaderMatch.exactly('env', env)], to: Backend.service(service) });
  }
}

const app = new App();
new Cluster(app, 'cluster');
const { edge } = new Gateway(app, 'gateway');
for (const env of ['env1', 'env2']) new Environment(app, env, { env, image: site.image, edge });
app.synth();
