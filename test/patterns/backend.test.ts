import { ApiObject, App, Chart, Testing } from 'cdk8s';
import * as plus27 from 'cdk8s-plus-27';
import * as plus33 from 'cdk8s-plus-33';
import { Backend, GatewayTls, IstioSharedGateway, LoadBalancer, platform } from '../../src';
import { only, synthesized } from '../synthesized';

function gateway() {
  const app = Testing.app();
  const edge = new IstioSharedGateway(new Chart(app, 'gateway'), 'Edge', {
    namespace: 'edge', loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('edge-tls'),
  });
  return { app, edge, team: new Chart(app, 'shop', { namespace: 'shop' }) };
}

const routed = (app: App) => only(synthesized(app), 'VirtualService').spec.http[0].route;

test.each([
  ['this library', (team: Chart) => new platform.Service(team, 'Shop', { ports: [{ name: 'http', port: 8080 }] })],
  ['cdk8s-plus-27', (team: Chart) => new plus27.Service(team, 'Shop', { metadata: { name: 'shop' }, ports: [{ port: 8080 }] })],
  ['cdk8s-plus-33', (team: Chart) => new plus33.Service(team, 'Shop', { metadata: { name: 'shop' }, ports: [{ port: 8080 }] })],
  ['an ApiObject', (team: Chart) => new ApiObject(team, 'Shop', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec: { ports: [{ port: 8080 }] } })],
])('a Service of %s, by its full name and its only port', (_library, service) => {
  const { app, edge, team } = gateway();
  edge.route('shop', { to: Backend.service(service(team)) });
  expect(routed(app)).toEqual([{ destination: { host: 'shop.shop.svc.cluster.local', port: { number: 8080 } } }]);
});

test('of several ports one is named, and it may be added later', () => {
  const { app, edge, team } = gateway();
  const service = new plus27.Service(team, 'Shop', { metadata: { name: 'shop' }, ports: [{ port: 80, name: 'http' }] });
  edge.route('shop', { to: Backend.service(service, { port: 9090, clusterDomain: 'corp.local' }) });
  service.bind(9090, { name: 'admin' });
  expect(routed(app)).toEqual([{ destination: { host: 'shop.shop.svc.corp.local', port: { number: 9090 } } }]);
});

test('a Service that is made elsewhere', () => {
  const { app, edge } = gateway();
  edge.route('shop', { to: Backend.serviceNamed('shop', { namespace: 'shop', port: 80 }) });
  expect(routed(app)).toEqual([{ destination: { host: 'shop.shop.svc.cluster.local', port: { number: 80 } } }]);
  expect(only(synthesized(app), 'VirtualService').metadata.namespace).toBe('shop');
});

test('weights are shares, and one backend needs none', () => {
  const { app, edge, team } = gateway();
  const service = new platform.Service(team, 'Shop', { ports: [{ name: 'http', port: 80 }] });
  const next = Backend.serviceNamed('next', { namespace: 'shop', port: 80, weight: 10 });
  edge.route('shop', { to: [Backend.service(service).weight(90), next] });
  expect(routed(app).map((each: any) => each.weight)).toEqual([90, 10]);
  expect(next.weight(0)).not.toBe(next);
});

test('a wrong port names the choices', () => {
  const problem = (ports: platform.ServicePort[], port?: number) => {
    const { app, edge, team } = gateway();
    edge.route('shop', { to: Backend.service(new platform.Service(team, 'Shop', { ports }), { port }) });
    return () => synthesized(app);
  };
  const two = [{ name: 'http', port: 80 }, { name: 'grpc', port: 50051 }];
  expect(problem(two)).toThrow('IstioSharedGateway edge/edge route "shop": Service/shop/shop has several ports; name one with `port`: 80 (http), 50051 (grpc)');
  expect(problem(two, 81)).toThrow('Service/shop/shop has no port 81; it has 80 (http), 50051 (grpc)');
  expect(problem(two, 80)).not.toThrow();
  expect(problem([{ name: 'dns', port: 53, protocol: 'UDP' }])).toThrow('Service/shop/shop has no TCP port');
});

test('refuses what is no Service, no name, no port and no weight', () => {
  const { edge, team } = gateway();
  const named = { namespace: 'shop', port: 80 };
  expect(() => Backend.service(team)).toThrow('Backend.service: expected a Service, got the construct "shop"');
  expect(() => Backend.service(new platform.Namespace(team, 'Other'))).toThrow('Backend.service: expected a Service, got Namespace//other');
  expect(() => Backend.serviceNamed('', named)).toThrow('Backend.serviceNamed: name must not be empty');
  expect(() => Backend.serviceNamed('service-A', named)).toThrow('got "service-A"');
  expect(() => Backend.serviceNamed('shop', { ...named, namespace: 'service-A' })).toThrow('Backend.serviceNamed shop: namespace: name must be');
  expect(() => Backend.serviceNamed('shop', { ...named, port: 0 })).toThrow('Backend Service/shop/shop: port must be a whole number from 1 to 65535, got 0');
  expect(() => Backend.serviceNamed('shop', named).weight(-1)).toThrow('Backend Service/shop/shop: weight must be a whole number of 0 or more, got -1');
  expect(() => edge.route('half', { to: [Backend.serviceNamed('a', named), Backend.serviceNamed('b', named).weight(1)] }))
    .toThrow('route "half": destination Service/shop/a: of several destinations each needs a weight');
  expect(() => edge.route('none', { to: [Backend.serviceNamed('a', { ...named, weight: 0 }), Backend.serviceNamed('b', { ...named, weight: 0 })] }))
    .toThrow('IstioSharedGateway edge/edge route "none": the weights must not sum to 0');
  expect(() => edge.route('alone', { to: Backend.serviceNamed('a', named).weight(0) })).toThrow('route "alone": the weights must not sum to 0');
  expect(() => edge.route('nobody', { to: [] })).toThrow('route "nobody": needs at least one destination');
  const homeless = new platform.Service(new Chart(team.node.root as App, 'homeless'), 'Shop', { ports: [{ name: 'http', port: 80 }] });
  expect(() => edge.route('homeless', { to: Backend.service(homeless) })).toThrow('route "homeless": Service//shop has no namespace; set the chart\'s');
});
