import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  appmesh, AppMeshProxyAuthorization, AppMeshProxyAuthorizationProps, AppMeshVirtualGateway, AppMeshVirtualGatewayProps, AppMeshVirtualNode,
  AppMeshVirtualService, aws, CloudIdentity, CompanionFile, Prerequisites,
} from '../../src';
import { schemaErrors } from '../schema-validation';
import { only, synthesized } from '../synthesized';

const { VirtualGatewayListener, VirtualNodeListener, VirtualRouterListener, VirtualServiceProvider } = appmesh;
const role = 'arn:aws:iam::111122223333:role/envoys';
const certificate = appmesh.TlsCertificate.acm('arn:aws:acm:eu-west-1:111122223333:certificate/1');

interface Names { gateway?: string; service?: string; namespace?: string; port?: number; nodePort?: number; mesh?: string }

interface SceneOptions {
  names?: Names;
  gateway?: Partial<AppMeshVirtualGatewayProps>;
  authorization?: Partial<AppMeshProxyAuthorizationProps>;
  route?: boolean;
}

function scene({ names = {}, gateway: props, authorization, route = true }: SceneOptions = {}) {
  const app = new App({ outdir: '/nowhere' });
  const namespace = names.namespace ?? 'shop';
  const chart = new Chart(app, 'test', { namespace });
  const mesh = new appmesh.Mesh(chart, 'Mesh', { name: names.mesh ?? 'mesh' });
  mesh.addNamespaceByName(namespace);
  const proxyAuthorization = new AppMeshProxyAuthorization(chart, 'Envoys', {
    identity: CloudIdentity.aws(role), environment: { account: '111122223333', region: 'eu-west-1' }, ...authorization,
  });
  const listener = VirtualNodeListener.http({ port: names.nodePort ?? 8080 });
  const nodes = ['one', 'two'].map((name) => new AppMeshVirtualNode(chart, name, {
    workload: workload(chart, name, listener.port), listeners: [listener], proxyAuthorization,
  }));
  const router = new appmesh.VirtualRouter(chart, 'Router', { listeners: [VirtualRouterListener.http(80)] });
  router.addRoute('all', appmesh.RouteSpec.http({ weightedTargets: nodes.map(({ virtualNode }) => ({ virtualNode })) }));
  const orders = new AppMeshVirtualService(chart, 'Orders', { name: names.service, provider: VirtualServiceProvider.virtualRouter(router) });
  const gateway = new AppMeshVirtualGateway(chart, 'Edge', {
    name: names.gateway, listener: VirtualGatewayListener.http({ port: names.port ?? 8088 }), proxyAuthorization, ...props,
  });
  if (route) gateway.route('/', { to: orders.virtualService });
  return { app, chart, gateway, nodes, orders, router, proxyAuthorization };
}

function workload(chart: Chart, name: string, port: number, pod: kplus.PodSecurityContextProps = { ensureNonRoot: false }): kplus.Deployment {
  const made = new kplus.Deployment(chart, `${name}-pods`, {
    metadata: { name }, select: false, podMetadata: { labels: { app: name } }, securityContext: pod, containers: [{ image: 'app', ports: [{ name: 'http', number: port }] }],
  });
  made.select(kplus.LabelSelector.of({ labels: { app: name } }));
  return made;
}

describe('the gateway', () => {
  test('listener, container, Service and probe agree; nothing is public that nobody asked for', () => {
    const objects = synthesized(scene().chart);
    const deployment = only(objects, 'Deployment', 'edge');
    const [envoy, ...others] = deployment.spec.template.spec.containers;
    expect(others).toEqual([]);
    expect(envoy).toMatchObject({
      name: 'envoy',
      image: 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod',
      ports: [{ name: 'http', containerPort: 8088 }, { name: 'admin', containerPort: 9901 }],
      readinessProbe: { exec: { command: expect.arrayContaining(['http://localhost:9901/ready']) } },
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } },
      securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    });
    expect(envoy.env).toBeUndefined();
    expect(deployment.spec.template.spec).toMatchObject({
      serviceAccountName: 'envoys',
      automountServiceAccountToken: false,
      securityContext: { runAsUser: 1337, runAsGroup: 1337, fsGroup: 1337, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(deployment.spec.template.metadata).toEqual({
      labels: { 'virtual-gateway': 'edge' }, annotations: { 'appmesh.k8s.aws/sidecarInjectorWebhook': 'enabled' },
    });
    expect(only(objects, 'VirtualGateway').spec).toMatchObject({
      podSelector: { matchLabels: deployment.spec.selector.matchLabels },
      listeners: [{ portMapping: { port: 8088, protocol: 'http' } }],
      logging: { accessLog: { file: { path: '/dev/stdout' } } },
    });
    expect(only(objects, 'Service', 'edge')).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'edge', namespace: 'shop' },
      spec: {
        type: 'ClusterIP',
        selector: deployment.spec.selector.matchLabels,
        ports: [{ name: 'http', port: 80, targetPort: 8088, protocol: 'TCP', appProtocol: 'http' }],
      },
    });
    expect(objects.flatMap(schemaErrors)).toEqual([]);
  });

  test('a network load balancer is asked for with its class, its scheme and its targets', () => {
    const { spec, metadata } = only(synthesized(scene({ gateway: { networkLoadBalancer: {} } }).chart), 'Service', 'edge');
    expect([spec.type, spec.loadBalancerClass]).toEqual(['LoadBalancer', 'service.k8s.aws/nlb']);
    expect(metadata.annotations).toEqual({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
    });
  });

  test('the internet needs TLS, or the word that it does not', () => {
    const networkLoadBalancer = { scheme: aws.NlbScheme.INTERNET_FACING };
    const encrypted = (tls: appmesh.ListenerTls) => VirtualGatewayListener.http({ port: 8443, tls });
    expect(() => scene({ gateway: { networkLoadBalancer } })).toThrow('AppMeshVirtualGateway shop/edge: is reached from the internet without TLS; give the listener `tls`');
    expect(() => scene({ gateway: { networkLoadBalancer, listener: encrypted(appmesh.ListenerTls.permissive({ certificate })) } }))
      .toThrow('is reached from the internet without TLS');
    expect(() => scene({ gateway: { networkLoadBalancer, allowPlainHttp: true } })).not.toThrow();
    const secure = scene({ gateway: { networkLoadBalancer, listener: encrypted(appmesh.ListenerTls.strict({ certificate })) } });
    expect(only(synthesized(secure.chart), 'Service', 'edge').spec.ports).toEqual([{ name: 'tls', port: 443, targetPort: 8443, protocol: 'TCP' }]);
  });

  test('an image of one\'s own is kept by the controller; resources, log and replicas are set', () => {
    const objects = synthesized(scene({
      gateway: {
        envoyImage: 'registry.example.com/envoy:1',
        replicas: 3,
        servicePort: 8000,
        accessLog: appmesh.AccessLog.file('/dev/stderr'),
        resources: { cpuMillis: 200, memory: Size.mebibytes(256), memoryLimit: Size.gibibytes(1) },
      },
    }).chart);
    const { spec } = only(objects, 'Deployment', 'edge');
    expect(spec.replicas).toBe(3);
    expect(spec.template.metadata.annotations['appmesh.k8s.aws/virtualGatewaySkipImageOverride']).toBe('enabled');
    expect(spec.template.spec.containers[0]).toMatchObject({
      image: 'registry.example.com/envoy:1', resources: { requests: { cpu: '200m', memory: '256Mi' }, limits: { memory: '1024Mi' } },
    });
    expect(only(objects, 'VirtualGateway').spec.logging.accessLog.file.path).toBe('/dev/stderr');
    expect(only(objects, 'Service', 'edge').spec.ports[0].port).toBe(8000);
  });

  test('a patch in the wire\'s spelling arrives on what the pattern builds', () => {
    const { chart, gateway } = scene();
    gateway.virtualGateway.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', 1));
    gateway.service.apiObject.addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));
    ApiObject.of(gateway.deployment).addJsonPatch(JsonPatch.add('/spec/template/spec/brandNew', { clusterIP: 1 }));
    const objects = synthesized(chart);
    expect(only(objects, 'VirtualGateway').spec.brandNew).toBe(1);
    expect(only(objects, 'Deployment', 'edge').spec.template.spec.brandNew).toEqual({ clusterIP: 1 });
    expect(only(objects, 'Service', 'edge').spec.trafficDistribution).toBe('PreferClose');
  });

  test('what has to exist outside the cluster is noted', () => {
    const { chart } = scene({ gateway: { networkLoadBalancer: {} } });
    expect(Prerequisites.of(chart).list().map(({ kind, value, reliedOnBy }) => [kind, value, reliedOnBy])).toEqual([
      ['AWS Load Balancer Controller', undefined, ['Service/shop/edge']],
      ['App Mesh controller', undefined, ['VirtualGateway/shop/edge']],
      ['IAM policy', 'arn:aws:iam::111122223333:policy/envoys', ['ServiceAccount/shop/envoys']],
      ['IAM role', role, ['ServiceAccount/shop/envoys']],
      ['Namespace labels', 'shop', ['Mesh//mesh']],
    ]);
  });

  test.each<[string, Partial<AppMeshVirtualGatewayProps>, string]>([
    ['a port below 1024', { listener: VirtualGatewayListener.http({ port: 80 }) }, 'the listener\'s port must be 1024 or above, since Envoy runs without privileges, got 80'],
    ['a wrong port', { listener: VirtualGatewayListener.http({ port: -1 }) }, 'listener port must be a whole number from 1 to 65535, got -1'],
    ['a wrong Service port', { servicePort: 0 }, 'Service shop/edge: port must be a whole number from 1 to 65535, got 0'],
    ['an empty name', { name: '' }, 'name must not be empty'],
    ['a name that is none', { name: 'Edge_1' }, 'got "Edge_1"'],
    ['no replica', { replicas: 0 }, 'replicas must be a whole number from 1 to 50, as many as App Mesh lets connect, got 0'],
    ['more replicas than may connect', { replicas: 51 }, 'got 51'],
    ['tiny memory', { resources: { memory: Size.mebibytes(32) } }, 'resources.memory must be at least 64Mi, or Envoy is killed under load'],
    ['tiny cpu', { resources: { cpuMillis: 10 } }, 'resources.cpuMillis must be a whole number of at least 50, got 10'],
    ['a limit below the request', { resources: { memoryLimit: Size.mebibytes(64) } }, 'resources.memoryLimit must not be less than memory'],
    ['a load balancer\'s name that is too long', { networkLoadBalancer: { loadBalancerName: 'x'.repeat(33) } }, 'AppMeshVirtualGateway shop/edge: networkLoadBalancer: loadBalancerName must be at most 32'],
  ])('refuses %s', (_, gateway, message) => {
    expect(() => scene({ gateway })).toThrow(message);
  });
});

describe('routes', () => {
  test('lead to virtual services, and are named after their path', () => {
    const { chart, gateway, orders } = scene({ route: false });
    gateway.route('/', { to: orders.virtualService });
    gateway.route('/shop/', { to: orders.virtualService, rewrite: appmesh.PrefixRewrite.keep(), rewriteHost: false, priority: 1 });
    gateway.route('/v1', {
      to: orders.virtualService,
      name: 'first',
      hostname: appmesh.GatewayRouteHostnameMatch.exactly('shop.example.com'),
      headers: [appmesh.HeaderMatch.isPresent('env')],
      method: appmesh.HttpRouteMethod.GET,
    });
    const objects = synthesized(chart);
    const target = { virtualService: { virtualServiceRef: { name: 'orders' } } };
    expect(only(objects, 'GatewayRoute', 'edge-root').spec).toEqual({ httpRoute: { match: { prefix: '/' }, action: { target } } });
    expect(only(objects, 'GatewayRoute', 'edge-shop').spec).toEqual({
      priority: 1,
      httpRoute: {
        match: { prefix: '/shop/' },
        action: { target, rewrite: { prefix: { defaultPrefix: 'DISABLED' }, hostname: { defaultTargetHostname: 'DISABLED' } } },
      },
    });
    expect(only(objects, 'GatewayRoute', 'first').spec.httpRoute.match).toEqual({
      prefix: '/v1', hostname: { exact: 'shop.example.com' }, headers: [{ name: 'env' }], method: 'GET',
    });
  });

  test('speak what the gateway speaks', () => {
    const { chart, gateway, orders } = scene({ gateway: { listener: VirtualGatewayListener.http2({ port: 8088 }) } });
    gateway.route('/v2', { to: orders.virtualService });
    expect(only(synthesized(chart), 'GatewayRoute', 'edge-v2').spec.http2Route.match).toEqual({ prefix: '/v2' });
    expect(() => scene({ gateway: { listener: VirtualGatewayListener.grpc({ port: 8088 }) } })).toThrow('gRPC is routed by service, not by path, got "/"');
  });

  test('of the same path, without slash or of an unknown kind are refused', () => {
    const { gateway, orders } = scene();
    expect(() => gateway.route('/', { to: orders.virtualService, name: 'again' })).toThrow('GatewayRoute shop/again: matches the same requests as GatewayRoute/shop/edge-root');
    expect(() => gateway.route('shop', { to: orders.virtualService })).toThrow('a path begins with "/", got "shop"');
  });
});

describe('a workload in the mesh', () => {
  test('gets a node, a Service with the node\'s port and pods, and the ServiceAccount', () => {
    const { chart, nodes, orders } = scene();
    nodes[0].calls(orders.virtualService);
    const objects = synthesized(chart);
    expect(only(objects, 'VirtualNode', 'one').spec).toEqual({
      podSelector: { matchLabels: { app: 'one' } },
      listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
      serviceDiscovery: { dns: { hostname: 'one.shop.svc.cluster.local', responseType: 'LOADBALANCER' } },
      backends: [{ virtualService: { virtualServiceRef: { name: 'orders' } } }],
      logging: { accessLog: { file: { path: '/dev/stdout' } } },
    });
    expect(only(objects, 'Service', 'one').spec).toEqual({
      type: 'ClusterIP', selector: { app: 'one' }, ports: [{ name: 'http', port: 8080, targetPort: 8080, protocol: 'TCP', appProtocol: 'http' }],
    });
    const { spec, metadata } = only(objects, 'Deployment', 'one').spec.template;
    expect(spec.serviceAccountName).toBe('envoys');
    expect(metadata.labels['virtual-service/orders']).toBe('true');
  });

  test('ports of several listeners are named apart', () => {
    const { chart, proxyAuthorization } = scene();
    const service = new AppMeshVirtualNode(chart, 'many', {
      workload: new kplus.Deployment(chart, 'many-pods', { metadata: { name: 'many' }, securityContext: { ensureNonRoot: false }, containers: [{ image: 'app' }] }),
      proxyAuthorization,
      serviceName: 'many-service',
      listeners: [
        VirtualNodeListener.http({ port: 1 }), VirtualNodeListener.http({ port: 2 }),
        VirtualNodeListener.grpc({ port: 3 }), VirtualNodeListener.tcp({ port: 4 }),
      ],
    }).service!;
    expect([service.name, service.ports.map(({ name, port, appProtocol }) => [name, port, appProtocol])]).toEqual(['many-service', [
      ['http', 1, 'http'], ['http-2', 2, 'http'], ['grpc', 3, 'grpc'], ['tcp', 4, undefined],
    ]]);
    expect(only(synthesized(chart), 'Service', 'many-service').spec.selector).toEqual({ 'virtual-node': 'many' });
  });

  test('the whole pod must not be told to run without root: the mesh\'s own init container is root', () => {
    const { chart, proxyAuthorization } = scene();
    new AppMeshVirtualNode(chart, 'strict', { workload: workload(chart, 'strict', 80, { ensureNonRoot: true }), proxyAuthorization });
    new AppMeshVirtualNode(chart, 'user', { workload: workload(chart, 'user', 80, { ensureNonRoot: false, user: 101 }), proxyAuthorization });
    expect(() => synthesized(chart)).toThrow('VirtualNode/shop/strict: Deployment/shop/strict says runAsNonRoot true for the whole pod, and the container proxyinit');
    expect(() => synthesized(chart)).toThrow('VirtualNode/shop/user: Deployment/shop/user says runAsUser 101 for the whole pod');
  });

  test('another ServiceAccount or namespace is refused', () => {
    const { app, chart, proxyAuthorization } = scene();
    const serviceAccount = new kplus.ServiceAccount(chart, 'Other', { metadata: { name: 'other' } });
    const pods = new kplus.Deployment(chart, 'own-pods', { metadata: { name: 'own' }, serviceAccount, containers: [{ image: 'app' }] });
    expect(() => new AppMeshVirtualNode(chart, 'own', { workload: pods, proxyAuthorization })).toThrow('AppMeshProxyAuthorization shop/envoys: Deployment/shop/own runs as the ServiceAccount other');
    const elsewhere = new Chart(app, 'elsewhere', { namespace: 'elsewhere' });
    expect(() => new AppMeshVirtualNode(elsewhere, 'far', { workload: workload(elsewhere, 'far', 80), proxyAuthorization }))
      .toThrow('a ServiceAccount serves pods of its own namespace, got Deployment/elsewhere/far');
  });
});

describe('a virtual service', () => {
  test('has a Service of the pods of all its nodes, those of later routes too', () => {
    const { chart, router, proxyAuthorization } = scene();
    const listener = VirtualNodeListener.http({ port: 8080 });
    const late = new AppMeshVirtualNode(chart, 'late', { workload: workload(chart, 'late', 8080), listeners: [listener], proxyAuthorization });
    router.addRoute('late', appmesh.RouteSpec.http({ weightedTargets: [{ virtualNode: late.virtualNode }], priority: 1 }));
    const objects = synthesized(chart);
    expect(only(objects, 'Service', 'orders').spec).toEqual({
      type: 'ClusterIP', selector: { 'virtual-service/orders': 'true' }, ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', appProtocol: 'http' }],
    });
    for (const name of ['one', 'two', 'late']) expect(only(objects, 'Deployment', name).spec.template.metadata.labels).toHaveProperty(['virtual-service/orders'], 'true');
    expect(only(objects, 'Deployment', 'edge').spec.template.metadata.labels).not.toHaveProperty(['virtual-service/orders']);
  });

  test('of one node needs no router', () => {
    const { chart, nodes } = scene();
    const single = new AppMeshVirtualService(chart, 'Single', { provider: VirtualServiceProvider.virtualNode(nodes[0].virtualNode) });
    expect(single.host).toBe('single.shop.svc.cluster.local');
    expect(only(synthesized(chart), 'Service', 'single').spec.ports[0]).toMatchObject({ port: 8080, targetPort: 8080 });
  });

  test('refuses a provider of unknown ports and nodes of different ones', () => {
    const { chart, proxyAuthorization } = scene();
    expect(() => new AppMeshVirtualService(chart, 'Nothing', { provider: VirtualServiceProvider.none() })).toThrow('AppMeshVirtualService shop/nothing: the ports of its provider are unknown');
    const router = new appmesh.VirtualRouter(chart, 'Mixed', { listeners: [VirtualRouterListener.http(80)] });
    router.addRoute('all', appmesh.RouteSpec.http({
      weightedTargets: [81, 82].map((port) => ({
        virtualNode: new AppMeshVirtualNode(chart, `at-${port}`, { workload: workload(chart, `at-${port}`, port), listeners: [VirtualNodeListener.http({ port })], proxyAuthorization }).virtualNode,
      })),
    }));
    expect(() => new AppMeshVirtualService(chart, 'Mix', { provider: VirtualServiceProvider.virtualRouter(router) })).toThrow('its nodes listen on 81 and 82');
  });
});

describe('proxy authorization', () => {
  const policyOf = (chart: Chart) => JSON.parse(chart.node.findAll().find((each): each is CompanionFile => each instanceof CompanionFile)!.render());

  test('the policy names what runs with it', () => {
    const { chart } = scene();
    expect(policyOf(chart).Statement[0].Resource).toEqual([
      'arn:aws:appmesh:eu-west-1:111122223333:mesh/mesh/virtualGateway/edge_shop',
      'arn:aws:appmesh:eu-west-1:111122223333:mesh/mesh/virtualNode/one_shop',
      'arn:aws:appmesh:eu-west-1:111122223333:mesh/mesh/virtualNode/two_shop',
    ]);
    expect(only(synthesized(chart), 'ServiceAccount')).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'envoys', namespace: 'shop', annotations: { 'eks.amazonaws.com/role-arn': role } },
      automountServiceAccountToken: false,
    });
  });

  test('Pod Identity leaves no trace on the ServiceAccount', () => {
    const { chart } = scene({ authorization: { identity: CloudIdentity.eksPodIdentity() } });
    expect(only(synthesized(chart), 'ServiceAccount').metadata.annotations).toBeUndefined();
  });

  test.each<[string, Partial<AppMeshProxyAuthorizationProps>, string]>([
    ['an identity of another cloud', { identity: CloudIdentity.azure('11111111-2222-3333-4444-555555555555') }, 'App Mesh knows identities of AWS, got one of azure'],
    ['a role of another account', { environment: { account: '444455556666', region: 'eu-west-1' } }, 'is of the account aws:111122223333, the mesh of aws:444455556666'],
    ['a role of another partition', { environment: { account: '111122223333', region: 'cn-north-1', partition: 'aws-cn' } }, 'the mesh of aws-cn:111122223333'],
    ['a missing region', { environment: { account: '111122223333' } as any }, 'environment.region must be a region'],
    ['a name that is none', { name: 'Envoys!' }, 'AppMeshProxyAuthorization shop/Envoys!: name must be'],
  ])('refuses %s', (_, authorization, message) => {
    expect(() => scene({ authorization })).toThrow(message);
  });
});

test('changing one port or one name leaves no other object behind', () => {
  const before: Required<Names> = { gateway: 'edge', service: 'orders', namespace: 'shop', port: 8088, nodePort: 8080, mesh: 'mesh' };
  const after: Required<Names> = { gateway: 'front-door', service: 'purchases', namespace: 'store', port: 9099, nodePort: 9191, mesh: 'lattice' };
  const text = (names: Names) => {
    const { chart } = scene({ names });
    const files = chart.node.findAll().filter((each): each is CompanionFile => each instanceof CompanionFile).map((file) => file.render());
    return JSON.stringify([synthesized(chart), files]);
  };
  const old = text(before);
  for (const key of Object.keys(before) as (keyof Names)[]) {
    const word = (value: unknown) => new RegExp(`\\b${value}\\b`, 'g');
    // The label that selects a namespace is called `mesh`, as the kind is.
    const clean = (from: string) => from.replace(/"mesh":|mesh\/(?=mesh|lattice)|app-?mesh/g, '');
    const changed = clean(text({ ...before, [key]: after[key] }));
    expect([key, clean(old).match(word(before[key]))!.length]).toEqual([key, changed.match(word(after[key]))!.length]);
    expect([key, changed.match(word(before[key]))]).toEqual([key, null]);
  }
});
