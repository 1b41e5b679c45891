import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import {
  appmesh, AppMeshProxyAuthorization, AppMeshVirtualGateway, AppMeshVirtualGatewayProps, AppMeshVirtualNode, AppMeshVirtualService, aws,
  CloudIdentity, CompanionFile, platform,
} from '../../src';
import { schemaErrors } from '../schema-validation';
import { only, synthesized } from '../synthesized';

/* What an App Mesh of plain manifests gets wrong, and that the patterns cannot be made to write it. */

const account = '111122223333';
const { VirtualNodeListener, VirtualServiceProvider } = appmesh;

interface Scene {
  account?: string;
  namespaceLabels?: Record<string, string>;
  join?: boolean;
  gateway?: Partial<AppMeshVirtualGatewayProps>;
  egressFilter?: appmesh.EgressFilter;
}

function scene(options: Scene = {}) {
  const app = new App({ outdir: '/nowhere' });
  const chart = new Chart(app, 'test', { namespace: 'mesh-test' });
  const namespace = new platform.Namespace(chart, 'MeshTest', { labels: options.namespaceLabels });
  const mesh = new appmesh.Mesh(chart, 'Mesh', { name: 'mesh-1', egressFilter: options.egressFilter });
  if (options.join !== false) mesh.addNamespace(namespace);
  const proxyAuthorization = new AppMeshProxyAuthorization(chart, 'AppmeshProxyauth', {
    identity: CloudIdentity.aws(`arn:aws:iam::${account}:role/envoys`), environment: { account: options.account ?? account, region: 'ap-northeast-1' },
  });
  const listener = VirtualNodeListener.http({ port: 8080 });
  const pods = (name: string) => {
    const labels = { app: name };
    const made = new kplus.Deployment(chart, `${name}-pods`, {
      metadata: { name },
      select: false,
      podMetadata: { labels },
      securityContext: { ensureNonRoot: false },
      containers: [{ image: 'nginx', ports: [{ name: 'http', number: 8080 }] }],
    });
    made.select(kplus.LabelSelector.of({ labels }));
    return made;
  };
  const node = (name: string) => new AppMeshVirtualNode(chart, name, { workload: pods(name), listeners: [listener], proxyAuthorization });
  const targets = [node('vnode-1'), node('vnode-2')];
  const router = new appmesh.VirtualRouter(chart, 'vrouter-1', { listeners: [appmesh.VirtualRouterListener.http(80)] });
  router.addRoute('route-1', appmesh.RouteSpec.http({ weightedTargets: targets.map(({ virtualNode }) => ({ virtualNode })) }));
  const { virtualService } = new AppMeshVirtualService(chart, 'svc-v', { provider: VirtualServiceProvider.virtualRouter(router) });
  const caller = new AppMeshVirtualNode(chart, 'vnode-x', { workload: pods('vnode-x'), proxyAuthorization });
  caller.calls(virtualService);
  const gateway = new AppMeshVirtualGateway(chart, 'gateway-v', {
    listener: appmesh.VirtualGatewayListener.http({ port: 8088 }), proxyAuthorization, networkLoadBalancer: {}, ...options.gateway,
  });
  gateway.route('/', { to: virtualService });
  const policy = () => JSON.parse(chart.node.findAll().find((each): each is CompanionFile => each instanceof CompanionFile && each.path.startsWith('iam/'))!.render());
  return { chart, mesh, namespace, gateway, policy, objects: () => synthesized(chart) };
}

const { objects: build, policy } = scene();
const objects = build();
const ofKind = (kind: string) => objects.filter((object) => object.kind === kind);
const contains = (whole: Record<string, string>, part: Record<string, string>) => Object.entries(part).every(([key, value]) => whole[key] === value);
const pods = (selector: Record<string, string>) => ofKind('Deployment').filter(({ spec }) => contains(spec.template.metadata.labels, selector));

test('S1: the mesh selects the namespace of every object in it', () => {
  const { namespaceSelector } = only(objects, 'Mesh').spec;
  expect(contains(only(objects, 'Namespace').metadata.labels, namespaceSelector.matchLabels)).toBe(true);
  expect(() => scene({ namespaceLabels: { mesh: 'sitateru-mesh' } })).toThrow('Mesh /mesh-1: the namespace mesh-test needs the label mesh=mesh-1, it carries mesh=sitateru-mesh');
  expect(() => scene({ namespaceLabels: { mesh: 'sitateru-mesh' }, join: false }).objects())
    .toThrow('no mesh selects the namespace mesh-test (the mesh mesh-1 selects namespaces with mesh=mesh-1, it carries mesh=sitateru-mesh)');
});

test('S2: the image of Envoy is spelt by the library', () => {
  const [container] = only(objects, 'Deployment', 'gateway-v').spec.template.spec.containers;
  expect(container.image).toMatch(/^public\.ecr\.aws\/appmesh\/aws-appmesh-envoy:v\d+(\.\d+){3}-prod$/);
});

test('S3: the gateway\'s container is called envoy, whatever the gateway is called', () => {
  for (const name of ['gateway-v', 'front-door']) {
    const { spec } = only(scene({ gateway: { name } }).objects(), 'Deployment', name);
    expect(spec.template.spec.containers.map((container: any) => container.name)).toEqual(['envoy']);
  }
});

test('S4: Envoy gets what it can live with', () => {
  expect(only(objects, 'Deployment', 'gateway-v').spec.template.spec.containers[0].resources).toEqual({
    requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' },
  });
  expect(() => scene({ gateway: { resources: { cpuMillis: 10 } } })).toThrow('at least 50');
  expect(() => scene({ gateway: { resources: { memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(32) } } })).toThrow('at least 64Mi');
});

test('S5: one account: no ARN of App Mesh in a manifest, and a role of another account is refused', () => {
  expect(JSON.stringify(objects)).not.toMatch(/arn:[a-z-]+:appmesh|APPMESH_|AWS_REGION/);
  expect(JSON.stringify([objects, policy()]).match(/(?<=:)\d{12}(?=:)/g)!.filter((each) => each !== account)).toEqual([]);
  expect(() => scene({ account: '123456780000' })).toThrow(`is of the account aws:${account}, the mesh of aws:123456780000`);
});

test('S6: every Service has pods, that of the virtual service the pods of all its nodes', () => {
  for (const { spec } of ofKind('Service')) expect(pods(spec.selector)).not.toEqual([]);
  expect(pods(only(objects, 'Service', 'svc-v').spec.selector).map(({ metadata }) => metadata.name)).toEqual(['vnode-1', 'vnode-2']);
});

test('S7: everything that is referred to is there', () => {
  const referred = (value: any): [string, any][] => (typeof value !== 'object' || value === null ? [] : Object.entries(value)
    .flatMap(([key, each]) => (/^virtual(Node|Router|Service)Ref$/.test(key) ? [[key, each] as [string, any]] : referred(each))));
  const found = objects.flatMap((object) => referred(object.spec));
  expect(found.length).toBeGreaterThanOrEqual(5);
  for (const [key, { name }] of found) only(objects, key[0].toUpperCase() + key.slice(1, -3), name);
});

test('S8: the AWS name of a virtual service is the host of its Service in full', () => {
  for (const { metadata, spec } of ofKind('VirtualService')) {
    expect(spec.awsName).toBe(`${metadata.name}.${metadata.namespace}.svc.cluster.local`);
    only(objects, 'Service', metadata.name);
  }
});

test('S9: who calls says so, and the mesh lets nothing else out unless told', () => {
  expect(only(objects, 'VirtualNode', 'vnode-x').spec.backends).toEqual([{ virtualService: { virtualServiceRef: { name: 'svc-v' } } }]);
  expect(only(objects, 'Mesh').spec.egressFilter.type).toBe('DROP_ALL');
  expect(only(scene({ egressFilter: appmesh.EgressFilter.ALLOW_ALL }).objects(), 'Mesh').spec.egressFilter.type).toBe('ALLOW_ALL');
});

test('S10: a load balancer is asked for, by class and scheme, or there is none', () => {
  const service = (gateway: Partial<AppMeshVirtualGatewayProps>) => only(scene({ gateway }).objects(), 'Service', 'gateway-v');
  const { metadata, spec } = service({ networkLoadBalancer: { scheme: aws.NlbScheme.INTERNET_FACING }, allowPlainHttp: true });
  expect(spec.loadBalancerClass).toBe('service.k8s.aws/nlb');
  expect(metadata.annotations).toEqual({
    'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
    'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
  });
  expect(service({ networkLoadBalancer: undefined }).spec.type).toBe('ClusterIP');
  expect(ofKind('Service').filter((each) => each.spec.type !== 'ClusterIP').map((each) => each.metadata.name)).toEqual(['gateway-v']);
});

test('S11: the ServiceAccount is a manifest, and its policy names every node and gateway and no other', () => {
  expect(only(objects, 'ServiceAccount').metadata).toMatchObject({
    name: 'appmesh-proxyauth', namespace: 'mesh-test', annotations: { 'eks.amazonaws.com/role-arn': `arn:aws:iam::${account}:role/envoys` },
  });
  for (const { spec } of ofKind('Deployment')) expect(spec.template.spec.serviceAccountName).toBe('appmesh-proxyauth');
  const expected = [...ofKind('VirtualGateway'), ...ofKind('VirtualNode')].map(({ kind, metadata }) =>
    `arn:aws:appmesh:ap-northeast-1:${account}:mesh/mesh-1/${kind[0].toLowerCase()}${kind.slice(1)}/${metadata.name}_mesh-test`);
  expect(policy().Statement).toEqual([{ Effect: 'Allow', Action: 'appmesh:StreamAggregatedResources', Resource: expected.sort() }]);
});

test.each([8088, 9000])('S12: Service, container and listener of the gateway have one port (%i)', (port) => {
  const built = scene({ gateway: { listener: appmesh.VirtualGatewayListener.http({ port }) } }).objects();
  expect([
    only(built, 'Service', 'gateway-v').spec.ports[0].targetPort,
    only(built, 'Deployment', 'gateway-v').spec.template.spec.containers[0].ports[0].containerPort,
    only(built, 'VirtualGateway').spec.listeners[0].portMapping.port,
  ]).toEqual([port, port, port]);
});

test('S12: node, its Service, the router and the virtual service agree on ports', () => {
  const router = only(objects, 'VirtualRouter');
  const service = only(objects, 'Service', 'svc-v').spec.ports;
  expect(service.map((each: any) => each.port)).toEqual(router.spec.listeners.map((each: any) => each.portMapping.port));
  for (const target of router.spec.routes[0].httpRoute.action.weightedTargets) {
    const node = only(objects, 'VirtualNode', target.virtualNodeRef.name).spec;
    const [name] = node.serviceDiscovery.dns.hostname.split('.');
    const { port } = node.listeners[0].portMapping;
    const found = only(objects, 'Service', name).spec;
    expect([target.port, found.ports[0].port, found.ports[0].targetPort, service[0].targetPort]).toEqual([port, port, port, port]);
    expect(pods(found.selector)).toEqual(pods(node.podSelector.matchLabels));
    expect(pods(found.selector)[0].spec.template.spec.containers[0].ports[0].containerPort).toBe(port);
  }
});

test('S13: every object has the shape of its kind', () => {
  expect(objects.flatMap(schemaErrors)).toEqual([]);
});

test('AM-GR-0, AM-GR-2: every route has one gateway, which looks into its namespace', () => {
  for (const route of ofKind('GatewayRoute')) {
    const labels = only(objects, 'Namespace', route.metadata.namespace).metadata.labels;
    expect(ofKind('VirtualGateway').filter(({ spec }) => contains(labels, spec.namespaceSelector.matchLabels)
      && contains(route.metadata.labels, spec.gatewayRouteSelector.matchLabels))).toHaveLength(1);
  }
});

test('AM-POD-2, AM-POD-BOTH, AM-POD-ORPHAN: every pod has one node or gateway', () => {
  const selecting = [...ofKind('VirtualNode'), ...ofKind('VirtualGateway')].map(({ spec }) => spec.podSelector.matchLabels);
  for (const { spec } of ofKind('Deployment')) {
    expect(selecting.filter((labels) => contains(spec.template.metadata.labels, labels))).toHaveLength(1);
  }
});

test('AM-POD-NOINJECT: every namespace of the mesh injects', () => {
  expect(only(objects, 'Namespace').metadata.labels['appmesh.k8s.aws/sidecarInjectorWebhook']).toBe('enabled');
});
