import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { appmesh, platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { VirtualService, VirtualServiceProvider } = appmesh;
const node = (scope: Chart, port = 80) => appmesh.VirtualNode.fromVirtualNodeAttributes(scope, 'Node', {
  name: 'node', namespace: 'shop', portMappings: [{ port, protocol: appmesh.Protocol.HTTP }],
});

test('its AWS name is the host of its Service in full', () => {
  const scope = chart();
  const service = new VirtualService(scope, 'Orders', { provider: VirtualServiceProvider.virtualNode(node(scope)) });
  const object = only(synthesized(scope), 'VirtualService');
  expect(object.spec).toEqual({
    awsName: 'orders.web.svc.cluster.local',
    provider: { virtualNode: { virtualNodeRef: { name: 'node', namespace: 'shop' } } },
  });
  expect(schemaErrors(object)).toEqual([]);
  expect([service.host, service.awsName]).toEqual(['orders.web.svc.cluster.local', 'orders.web.svc.cluster.local']);
  expect(service.portMappings).toEqual([{ port: 80, protocol: 'http' }]);
});

test('the host is that of the Service that is given, of any library and any namespace', () => {
  const scope = chart();
  const own = new platform.Service(scope, 'Own', { name: 'front', namespace: 'shop', ports: [{ name: 'http', port: 80 }] });
  const plus = new kplus.Service(scope, 'Plus', { metadata: { name: 'plus' }, ports: [{ port: 80 }] });
  const provider = VirtualServiceProvider.none();
  expect(new VirtualService(scope, 'One', { provider, service: own }).host).toBe('front.shop.svc.cluster.local');
  expect(new VirtualService(scope, 'Two', { provider, service: plus }).host).toBe('plus.web.svc.cluster.local');
  expect(new VirtualService(scope, 'Three', { provider, host: 'db.example.com' }).host).toBe('db.example.com');
  expect(only(synthesized(scope), 'VirtualService', 'three').spec).toEqual({ awsName: 'db.example.com' });
});

test('a router, here or in a shared mesh, provides', () => {
  const scope = chart();
  const arn = 'arn:aws:appmesh:eu-west-1:111122223333:mesh/shop/virtualRouter/orders';
  new VirtualService(scope, 'One', { provider: VirtualServiceProvider.virtualRouter(appmesh.VirtualRouter.fromVirtualRouterName(scope, 'R1', 'orders')) });
  new VirtualService(scope, 'Two', { provider: VirtualServiceProvider.virtualRouter(appmesh.VirtualRouter.fromVirtualRouterAttributes(scope, 'R2', { name: 'orders', arn })) });
  new VirtualService(scope, 'Three', { provider: VirtualServiceProvider.virtualNode(appmesh.VirtualNode.fromVirtualNodeAttributes(scope, 'N', { name: 'orders', arn })) });
  const provider = (name: string) => only(synthesized(scope), 'VirtualService', name).spec.provider;
  expect(provider('one')).toEqual({ virtualRouter: { virtualRouterRef: { name: 'orders' } } });
  expect(provider('two')).toEqual({ virtualRouter: { virtualRouterARN: arn } });
  expect(provider('three')).toEqual({ virtualNode: { virtualNodeARN: arn } });
});

test('AM-ROUTER-PORT: the Service has the ports that the provider listens on', () => {
  const scope = chart();
  const service = new platform.Service(scope, 'Orders', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] });
  new VirtualService(scope, 'Fits', { provider: VirtualServiceProvider.virtualNode(node(scope)), service });
  expect(() => synthesized(scope)).not.toThrow();
  const other = chart();
  const wrong = new platform.Service(other, 'Orders', { ports: [{ name: 'http', port: 8080 }] });
  new VirtualService(other, 'Misses', { provider: VirtualServiceProvider.virtualNode(node(other)), service: wrong });
  expect(() => synthesized(other)).toThrow('VirtualService/web/misses: its provider listens on 80, but Service/web/orders has the ports 8080');
});

test('refuses a host that is none, two of them, and what is no Service', () => {
  const scope = chart();
  const provider = VirtualServiceProvider.none();
  const service = new platform.Service(scope, 'Orders', { ports: [{ name: 'http', port: 80 }] });
  expect(() => new VirtualService(scope, 'A', { provider, host: 'no host' })).toThrow('VirtualService web/a: host must be a host name, got "no host"');
  expect(() => new VirtualService(scope, 'B', { provider, host: 'b.example.com', service })).toThrow('takes `service` or `host`, got both');
  expect(() => new VirtualService(scope, 'C', { provider, service: new kplus.ConfigMap(scope, 'Config', { metadata: { name: 'config' } }) })).toThrow('expected a Service, got ConfigMap/web/config');
  expect(() => new VirtualService(chart({}), 'D', { provider })).toThrow('VirtualService /d: needs to know its namespace');
});

test('an import is known by its host', () => {
  const scope = chart();
  expect(VirtualService.fromVirtualServiceName(scope, 'A', 'orders').awsName).toBe('orders.web.svc.cluster.local');
  expect(VirtualService.fromVirtualServiceName(scope, 'B', 'orders', 'shop').awsName).toBe('orders.shop.svc.cluster.local');
  expect(VirtualService.fromVirtualServiceAttributes(scope, 'C', { name: 'orders', host: 'o.example.com' }).awsName).toBe('o.example.com');
});
