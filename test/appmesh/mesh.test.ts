import { App, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { appmesh, platform, Prerequisites } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

test('selects the namespaces labelled with its name and lets nothing out', () => {
  const scope = chart();
  new appmesh.Mesh(scope, 'Shop');
  expect(synthesized(scope)).toEqual([{
    apiVersion: 'appmesh.k8s.aws/v1beta2',
    kind: 'Mesh',
    metadata: { name: 'shop' },
    spec: { egressFilter: { type: 'DROP_ALL' }, namespaceSelector: { matchLabels: { mesh: 'shop' } } },
  }]);
});

test('writes every field', () => {
  const scope = chart();
  new appmesh.Mesh(scope, 'Shop', {
    awsName: 'shop-eu',
    meshOwner: '111122223333',
    ipPreference: appmesh.IpPreference.IPV6_ONLY,
    egressFilter: appmesh.EgressFilter.ALLOW_ALL,
    namespaceSelector: appmesh.NamespaceSelector.named('web', 'api', 'web'),
  });
  const mesh = only(synthesized(scope), 'Mesh');
  expect(mesh.spec).toEqual({
    awsName: 'shop-eu',
    meshOwner: '111122223333',
    meshServiceDiscovery: { ipPreference: 'IPv6_ONLY' },
    egressFilter: { type: 'ALLOW_ALL' },
    namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['api', 'web'] }] },
  });
  expect(schemaErrors(mesh)).toEqual([]);
});

test('a selector of every namespace is written as such, not left out', () => {
  const scope = chart();
  new appmesh.Mesh(scope, 'Shop', { namespaceSelector: appmesh.NamespaceSelector.all() });
  expect(only(synthesized(scope), 'Mesh').spec.namespaceSelector).toEqual({});
});

test.each([
  ['Namespace of this library', (scope: Chart) => new platform.Namespace(scope, 'Api')],
  ['Namespace of cdk8s-plus', (scope: Chart) => new kplus.Namespace(scope, 'Api', { metadata: { name: 'api' } })],
])('puts its labels on a %s', (_, make) => {
  const scope = chart({});
  const mesh = new appmesh.Mesh(scope, 'Shop');
  mesh.addNamespace(make(scope));
  expect(only(synthesized(scope), 'Namespace').metadata.labels).toEqual({ 'mesh': 'shop', 'appmesh.k8s.aws/sidecarInjectorWebhook': 'enabled' });
});

test('a namespace may inject on request only', () => {
  const scope = chart({});
  const namespace = new platform.Namespace(scope, 'Api');
  new appmesh.Mesh(scope, 'Shop').addNamespace(namespace, { injection: appmesh.SidecarInjection.DISABLED });
  expect(only(synthesized(scope), 'Namespace').metadata.labels['appmesh.k8s.aws/sidecarInjectorWebhook']).toBe('disabled');
});

test('the labels of a namespace that is made elsewhere are a prerequisite', () => {
  const app = new App({ outdir: '/nowhere' });
  appmesh.Mesh.fromMeshName(new Chart(app, 'team'), 'Mesh', 'shop').addNamespaceByName('api');
  expect(Prerequisites.of(app).list()).toEqual([expect.objectContaining({
    kind: 'Namespace labels',
    value: 'api',
    command: 'kubectl label namespace api mesh=shop appmesh.k8s.aws/sidecarInjectorWebhook=enabled',
  })]);
});

test('refuses a namespace with another mesh\'s label, or of another mesh', () => {
  const scope = chart({});
  const mesh = new appmesh.Mesh(scope, 'Shop');
  expect(() => mesh.addNamespace(new platform.Namespace(scope, 'Blog', { labels: { mesh: 'blog' } })))
    .toThrow('Mesh /shop: the namespace blog needs the label mesh=shop, it carries mesh=blog');
  mesh.addNamespaceByName('api');
  expect(() => new appmesh.Mesh(scope, 'Other').addNamespaceByName('api')).toThrow('Mesh /other: the namespace api belongs to the mesh shop already');
  expect(() => mesh.addNamespaceByName('Api')).toThrow('got "Api"');
  expect(() => mesh.addNamespace(new kplus.ConfigMap(scope, 'Config', { metadata: { name: 'config' } }))).toThrow('expected a Namespace, got ConfigMap//config');
});

test('refuses a namespace whose name it does not select', () => {
  const scope = chart({});
  const mesh = new appmesh.Mesh(scope, 'Shop', { namespaceSelector: appmesh.NamespaceSelector.named('api') });
  expect(() => mesh.addNamespace(new platform.Namespace(scope, 'Blog'))).toThrow('selects the namespaces api, got "blog"');
});

test('refuses malformed names and owners', () => {
  const scope = chart();
  expect(() => new appmesh.Mesh(scope, 'A', { name: 'Shop_1' })).toThrow('Mesh /Shop_1: name must be');
  expect(() => new appmesh.Mesh(scope, 'B', { meshOwner: '1111' })).toThrow('meshOwner is an account of 12 digits, got "1111"');
  expect(() => new appmesh.Mesh(scope, 'C', { awsName: '' })).toThrow('awsName must have 1 to 255 characters');
  expect(() => appmesh.NamespaceSelector.labels({})).toThrow('NamespaceSelector.labels: give at least one label');
  expect(() => appmesh.NamespaceSelector.named()).toThrow('NamespaceSelector.named: give at least one namespace');
  expect(() => appmesh.NamespaceSelector.named('A')).toThrow('got "A"');
  expect(() => appmesh.Mesh.fromMeshName(scope, 'D', '')).toThrow('name must not be empty');
});

describe('membership', () => {
  const router = (scope: Chart, namespace: string, id = namespace) => new appmesh.VirtualRouter(scope, id, {
    namespace,
    listeners: [appmesh.VirtualRouterListener.http(80)],
    routes: [{ name: 'all', spec: appmesh.RouteSpec.http({ weightedTargets: [{ virtualNode: appmesh.VirtualNode.fromVirtualNodeName(scope, `${id}Node`, 'node', namespace) }] }) }],
  });

  test('an object in a namespace that no mesh selects is an error that shows the labels', () => {
    const scope = chart({});
    new appmesh.Mesh(scope, 'Shop');
    new platform.Namespace(scope, 'Api', { labels: { mesh: 'blog' } });
    router(scope, 'api');
    expect(() => synthesized(scope)).toThrow('VirtualRouter/api/api: no mesh selects the namespace api (the mesh shop selects namespaces with mesh=shop, it carries mesh=blog)');
  });

  test('labels that were put on by hand count', () => {
    const scope = chart({});
    const mesh = new appmesh.Mesh(scope, 'Shop');
    new platform.Namespace(scope, 'Api', { labels: { mesh: 'shop' } });
    const object = router(scope, 'api');
    expect(() => synthesized(scope)).not.toThrow();
    expect(object.mesh).toBe(mesh);
  });

  test('an object in a namespace of two meshes is an error', () => {
    const scope = chart({});
    new appmesh.Mesh(scope, 'Shop').addNamespaceByName('api');
    new appmesh.Mesh(scope, 'All', { namespaceSelector: appmesh.NamespaceSelector.all() });
    router(scope, 'api');
    expect(() => synthesized(scope)).toThrow('the namespace api is selected by the meshes shop and all');
  });

  test('a reference does not leave the mesh', () => {
    const scope = chart({});
    new appmesh.Mesh(scope, 'Shop').addNamespaceByName('api');
    new appmesh.Mesh(scope, 'Blog').addNamespaceByName('web');
    const target = appmesh.VirtualNode.fromVirtualNodeName(scope, 'Node', 'node', 'web');
    new appmesh.VirtualRouter(scope, 'Router', {
      namespace: 'api',
      listeners: [appmesh.VirtualRouterListener.http(80)],
      routes: [{ name: 'all', spec: appmesh.RouteSpec.http({ weightedTargets: [{ virtualNode: target }] }) }],
    });
    expect(() => synthesized(scope)).toThrow('VirtualRouter/api/router: belongs to the mesh shop and refers to web/node in the mesh blog');
  });

  test('an AWS name is taken once in a mesh', () => {
    const scope = chart({});
    const mesh = new appmesh.Mesh(scope, 'Shop');
    for (const namespace of ['api', 'web']) {
      mesh.addNamespaceByName(namespace);
      new appmesh.VirtualNode(scope, `${namespace}-node`, { namespace, awsName: 'node' });
    }
    expect(() => synthesized(scope)).toThrow('has the AWS name node, as VirtualNode/api/api-node of the same mesh has');
  });

  test('an app that knows no mesh is left alone; asking for the mesh is an error', () => {
    const scope = chart({});
    const object = router(scope, 'api');
    expect(() => synthesized(scope)).not.toThrow();
    expect(() => object.mesh).toThrow('the app knows of no mesh that selects the namespace api');
  });

  test('an object without a namespace is an error', () => {
    expect(() => new appmesh.VirtualNode(chart({}), 'Node')).toThrow('VirtualNode /node: needs to know its namespace');
    expect(() => appmesh.VirtualNode.fromVirtualNodeName(chart({}), 'Node', 'node')).toThrow('VirtualNode /node (imported): namespace must be known');
  });
});

test('a patch in the wire\'s spelling arrives', () => {
  const scope = new Chart(Testing.app(), 'test');
  new appmesh.Mesh(scope, 'Shop').apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { meshARN: 'x' }));
  expect(only(synthesized(scope), 'Mesh').spec.brandNew).toEqual({ meshARN: 'x' });
});
