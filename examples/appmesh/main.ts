import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Cpu, Deployment, LabelSelector, Probe } from 'cdk8s-plus-27';
import {
  appmesh, AppMeshProxyAuthorization, AppMeshVirtualGateway, AppMeshVirtualNode, AppMeshVirtualService, aws, CloudIdentity, platform,
} from 'cdk8s-traffic';

const site = {
  account: '111122223333',
  region: 'ap-northeast-1',
  role: 'arn:aws:iam::111122223333:role/appmesh-proxyauth',
};

const app = new App();

const cluster = new Chart(app, 'cluster');
const namespace = new platform.Namespace(cluster, 'MeshTest');
const mesh = new appmesh.Mesh(cluster, 'Mesh', { name: 'mesh-1', egressFilter: appmesh.EgressFilter.ALLOW_ALL });
mesh.addNamespace(namespace);
const proxyAuthorization = new AppMeshProxyAuthorization(cluster, 'AppmeshProxyauth', {
  namespace: namespace.name, identity: CloudIdentity.aws(site.role), environment: site,
});

const team = new Chart(app, 'sample', { namespace: namespace.name });
const http = appmesh.VirtualNodeListener.http({ port: 8080 });

/** A web server that a node of the mesh stands for. */
function nginx(name: string): Deployment {
  const probe = Probe.fromHttpGet('/', { port: http.port, periodSeconds: Duration.seconds(10) });
  const labels = { app: name, server: 'nginx' };
  const deployment = new Deployment(team, name, {
    metadata: { name },
    podMetadata: { labels },
    select: false,
    replicas: 1,
    securityContext: { ensureNonRoot: false }, // App Mesh's own init container is root; nginx is not
    containers: [{
      name: 'nginx',
      image: 'nginxinc/nginx-unprivileged:1.28.0',
      ports: [{ name: 'http', number: http.port }],
      readiness: probe,
      liveness: probe,
      resources: { cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(32), limit: Size.mebibytes(128) } },
      securityContext: { user: 101, readOnlyRootFilesystem: false },
    }],
  });
  deployment.select(LabelSelector.of({ labels }));
  ApiObject.of(deployment).addJsonPatch(JsonPatch.remove('/spec/template/metadata/labels/cdk8s.io~1metadata.addr'));
  return deployment;
}

const one = new AppMeshVirtualNode(team, 'vnode-1', { workload: nginx('nginx-1'), serviceName: 'svc-1', listeners: [http], proxyAuthorization });
const two = new AppMeshVirtualNode(team, 'vnode-2', { workload: nginx('nginx-2'), serviceName: 'svc-2', listeners: [http], proxyAuthorization });
const router = new appmesh.VirtualRouter(team, 'vrouter-1', { listeners: [appmesh.VirtualRouterListener.http(80)] });
router.addRoute('route-1', appmesh.RouteSpec.http({
  weightedTargets: [{ virtualNode: one.virtualNode, weight: 1 }, { virtualNode: two.virtualNode, weight: 1 }],
}));
const { virtualService } = new AppMeshVirtualService(team, 'svc-v', { provider: appmesh.VirtualServiceProvider.virtualRouter(router) });

const caller = new AppMeshVirtualNode(team, 'vnode-x', { workload: nginx('nginx-x'), proxyAuthorization });
caller.calls(virtualService);

const gateway = new AppMeshVirtualGateway(new Chart(app, 'gateway', { namespace: namespace.name }), 'gateway-v', {
  listener: appmesh.VirtualGatewayListener.http({ port: 8088, connectionPool: { maxConnections: 1024 } }),
  networkLoadBalancer: { scheme: aws.NlbScheme.INTERNET_FACING },
  allowPlainHttp: true, // as in the article: there is nothing secret behind it
  proxyAuthorization,
});
gateway.route('/', { to: virtualService, name: 'gateway-v-route-v' });

app.synth();
