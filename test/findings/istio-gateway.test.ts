import { Chart, Testing } from 'cdk8s';
import {
  aws, Backend, GatewayTls, GatewayWorkload, GkeCertificate, IIstioSharedGateway,
  istio, IstioSharedGateway, IstioSharedGatewayProps, LoadBalancer, PathMatch, platform,
} from '../../src';
import { only, synthesized } from '../synthesized';

/*
 * Mistakes of hand-written manifests around a shared Istio gateway, each by its number in the catalogues, and what of the
 * pattern leaves no room for it. Not here, and why:
 *   A13, S26 (the gateway is installed before istiod): the order of installation is tested with IstioInstallation.
 *   S6, S7 (HTTPRoutes and Gateways of the Gateway API): the pattern writes none.
 *   S8 (an AuthorizationPolicy with ipBlocks behind a load balancer): the pattern writes no AuthorizationPolicy; that the
 *      client's address is known behind the load balancer is A9.
 */

const certificates = ['arn:aws:acm:ap-northeast-1:111122223333:certificate/0d4f6a1c-8f0e-4b7a-9a57-6f6f0f6c2b11'];

function gateway(props: Partial<IstioSharedGatewayProps> = {}) {
  const app = Testing.app();
  const edge = new IstioSharedGateway(new Chart(app, 'gateway'), 'Edge', {
    namespace: 'istio-ingress', loadBalancer: LoadBalancer.alb({ certificates }), ...props,
  });
  return { app, edge, objects: () => synthesized(app) };
}

const team = (name: string, port = 80) => Backend.serviceNamed(name, { namespace: name, port });
const alb = (name: string) => `alb.ingress.kubernetes.io/${name}`;

/** The pods' port that a port of the Service leads to, and the server that Istio puts there. */
function chain(objects: any[]) {
  const { service: backend } = only(objects, 'Ingress').spec.rules?.[0].http.paths[0].backend ?? only(objects, 'Ingress').spec.defaultBackend;
  const service = only(objects, 'Service', backend.name);
  const servicePort = service.spec.ports.find((port: any) => port.port === backend.port.number);
  const server = only(objects, 'Gateway').spec.servers.find((each: any) => each.port.number === servicePort.port);
  const pod = only(objects, 'Deployment').spec.template;
  return { service, servicePort, server, pod, ports: pod.spec.containers[0].ports.map((port: any) => port.containerPort) };
}

test('A1 the health check asks the status port, not the application', () => {
  const objects = gateway().objects();
  const { annotations } = only(objects, 'Ingress').metadata;
  expect(annotations).toMatchObject({ [alb('healthcheck-port')]: '15021', [alb('healthcheck-path')]: '/healthz/ready', [alb('healthcheck-protocol')]: 'HTTP' });
  expect(chain(objects).ports).toContain(15021);
});

test('A2 the gateway\'s Service is no load balancer beside the one that stands before it', () => {
  expect(only(gateway().objects(), 'Service').spec.type).toBe('ClusterIP');
});

test('A3 the Ingress names the gateway\'s Service and its port, in the same namespace', () => {
  const objects = gateway().objects();
  expect(chain(objects).servicePort).toBeDefined();
  expect(only(objects, 'Ingress').metadata.namespace).toBe(chain(objects).service.metadata.namespace);
});

test.each([
  ['plain HTTP', LoadBalancer.alb({ certificates })],
  ['HTTPS', LoadBalancer.alb({ certificates, backendProtocol: aws.AlbBackendProtocol.HTTPS })],
  ['HTTP/2', LoadBalancer.gkeIngress({ staticAddress: 'front', certificate: GkeCertificate.managed(['shop.example.com']) })],
])('A4 the Gateway opens the port that the load balancer reaches: %s', (_how, loadBalancer) => {
  const { server, servicePort, ports } = chain(gateway({ loadBalancer }).objects());
  expect(server).toBeDefined();
  expect(ports).toContain(servicePort.targetPort);
});

test('A5 the Gateway selects the pods of the gateway, and so do Service and Deployment', () => {
  const objects = gateway({ name: 'istio-ingress' }).objects();
  const { pod, service } = chain(objects);
  for (const selector of [only(objects, 'Gateway').spec.selector, service.spec.selector, only(objects, 'Deployment').spec.selector.matchLabels]) {
    expect(pod.metadata.labels).toMatchObject(selector);
  }
});

test('A6 behind a load balancer that ends TLS nobody is redirected to HTTPS again', () => {
  expect(only(gateway().objects(), 'Gateway').spec.servers.filter((server: any) => server.tls?.httpsRedirect)).toEqual([]);
});

test.each([
  ['HTTP', undefined, aws.AlbBackendProtocol.HTTP],
  ['HTTPS', 'SIMPLE', aws.AlbBackendProtocol.HTTPS],
])('A7 load balancer and gateway speak the same: %s', (protocol, mode, backendProtocol) => {
  const objects = gateway({ loadBalancer: LoadBalancer.alb({ certificates, backendProtocol }) }).objects();
  expect(only(objects, 'Ingress').metadata.annotations[alb('backend-protocol')]).toBe(protocol);
  expect(chain(objects).server.port.protocol).toBe(protocol);
  expect(chain(objects).server.tls?.mode).toBe(mode);
});

test('A8 gRPC through an ALB is spoken in HTTP/2 to a listener with TLS, and health is asked in plain HTTP', () => {
  const grpc = Backend.serviceNamed('echo', { namespace: 'echo', port: 50051, grpc: true });
  const without = gateway();
  without.edge.route('echo', { to: grpc });
  expect(without.objects).toThrow('a route speaks gRPC');

  const { edge, objects } = gateway({ loadBalancer: LoadBalancer.alb({ certificates, grpc: true }) });
  edge.route('echo', { to: grpc });
  expect(only(objects(), 'Ingress', 'edge-grpc').metadata.annotations).toMatchObject({
    [alb('backend-protocol-version')]: 'HTTP2', [alb('healthcheck-protocol')]: 'HTTP', [alb('healthcheck-port')]: '15021',
  });
});

test('A9 the gateway trusts the proxies before it, and no more', () => {
  const config = (props: Partial<IstioSharedGatewayProps>) => only(gateway(props).objects(), 'Deployment').spec.template.metadata.annotations['proxy.istio.io/config'];
  expect(JSON.parse(config({}))).toMatchObject({ gatewayTopology: { numTrustedProxies: 1 } });
  expect(JSON.parse(config({ loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('edge') }))).not.toHaveProperty('gatewayTopology');
});

test('A10 prefixes of two teams that cover each other are refused', () => {
  const { edge, objects } = gateway();
  edge.route('a', { path: PathMatch.prefix('/api/v1/service-a'), to: team('service-a') });
  edge.route('b', { path: PathMatch.prefix('/api/v1/service-a2'), to: team('service-a2') });
  expect(objects).not.toThrow();
  edge.route('c', { path: PathMatch.prefix('/api/v1/service-a/more'), to: team('service-c') });
  expect(objects).toThrow('Istio lets the VirtualService win that was created first; give the two hosts of their own');
});

test('A11 S15 names and namespaces that Kubernetes refuses are refused', () => {
  expect(() => team('service-A')).toThrow('got "service-A"');
  expect(() => gateway().edge.route('service-A', { to: team('a'), namespace: 'service-A' })).toThrow('got "service-A"');
});

test('A12 VirtualServices name the gateway with its namespace', () => {
  const { edge, objects } = gateway();
  edge.route('a', { to: team('service-a') });
  expect(only(objects(), 'VirtualService').spec.gateways).toEqual(['istio-ingress/edge']);
  expect(() => new istio.VirtualService(new Chart(Testing.app(), 'x'), 'X', { hosts: ['*'], gateways: ['sample-gateway'] })).toThrow('a gateway is named "namespace/name"');
});

test('S1 every server with a certificate says its TLS mode', () => {
  for (const props of [
    { loadBalancer: LoadBalancer.alb({ certificates, backendProtocol: aws.AlbBackendProtocol.HTTPS }) },
    { loadBalancer: LoadBalancer.nlb(), tls: GatewayTls.secret('edge') },
  ]) {
    const { servers } = only(gateway(props).objects(), 'Gateway').spec;
    for (const { tls } of servers.filter((server: any) => server.tls?.credentialName)) expect(tls.mode).toBe('SIMPLE');
  }
});

test('S2 routes and servers are of the same kind: HTTP routes, and servers that end TLS', () => {
  const { edge, objects } = gateway({ loadBalancer: LoadBalancer.nlb(), tls: GatewayTls.secret('edge') });
  edge.route('a', { to: team('service-a') });
  expect(Object.keys(only(objects(), 'VirtualService').spec).sort()).toEqual(['gateways', 'hosts', 'http']);
  for (const server of only(objects(), 'Gateway').spec.servers) expect(server.tls?.mode).not.toBe('PASSTHROUGH');
});

test('S3 HTTP and another protocol never share a port', () => {
  const { servers } = only(gateway({ loadBalancer: LoadBalancer.nlb(), tls: GatewayTls.secret('edge') }).objects(), 'Gateway').spec;
  expect(servers.map((server: any) => `${server.port.number} ${server.port.protocol}`)).toEqual(['80 HTTP', '443 HTTPS']);
  const http = istio.GatewayServer.http({ port: 443 });
  expect(() => new istio.Gateway(new Chart(Testing.app(), 'x', { namespace: 'x' }), 'X', { selector: { a: 'b' }, servers: [istio.GatewayServer.tlsPassthrough(), http] }))
    .toThrow('port 443 has a plain HTTP server and one with TLS');
});

test('S4 routes are for the gateway and not for the mesh as well', () => {
  const { edge, objects } = gateway();
  edge.route('a', { to: team('service-a') });
  expect(only(objects(), 'VirtualService').spec.gateways).not.toContain('mesh');
  expect(() => new istio.VirtualService(new Chart(Testing.app(), 'x'), 'X', { hosts: ['*'], gateways: ['a/b', 'mesh'] })).toThrow('host "*" is not possible in the mesh');
});

test('S5 a route for every host that a single host hides is refused', () => {
  const { edge, objects } = gateway();
  edge.route('all', { to: team('service-a') });
  edge.route('one', { host: 'a.example.com', path: PathMatch.prefix('/a'), to: team('service-a') });
  expect(objects).toThrow('route "all": names no host and is for every request to "*", but requests to "a.example.com" never come to it');
});

test('S16 one load balancer, however many namespaces', () => {
  const { edge, objects } = gateway();
  for (const name of ['service-a', 'service-b']) edge.route(name, { path: PathMatch.prefix(`/${name}`), to: team(name) });
  expect(objects().filter((object) => object.kind === 'Ingress')).toHaveLength(1);
  expect(objects().filter((object) => object.kind === 'VirtualService').map((object) => object.metadata.namespace)).toEqual(['service-a', 'service-b']);
});

test('S17 S18 the Service is as wide as the targets need: ClusterIP for pods, NodePort for nodes', () => {
  const type = (targetType: aws.AlbTargetType) => only(gateway({ loadBalancer: LoadBalancer.alb({ certificates, targetType }) }).objects(), 'Service').spec.type;
  expect(type(aws.AlbTargetType.IP)).toBe('ClusterIP');
  expect(type(aws.AlbTargetType.INSTANCE)).toBe('NodePort');
});

test('S19 with nodes as targets the health check names the status port, whose number is one of the nodes', () => {
  const objects = gateway({ loadBalancer: LoadBalancer.alb({ certificates, targetType: aws.AlbTargetType.INSTANCE }) }).objects();
  const port = only(objects, 'Ingress').metadata.annotations[alb('healthcheck-port')];
  expect(only(objects, 'Service').spec.ports.map((each: any) => each.name)).toContain(port);
});

test('S20 port 80 redirects', () => {
  expect(only(gateway().objects(), 'Ingress').metadata.annotations).toMatchObject({
    [alb('listen-ports')]: '[{"HTTP":80},{"HTTPS":443}]', [alb('ssl-redirect')]: '443',
  });
});

test('S21 the path of the Ingress goes with its type', () => {
  expect(only(gateway().objects(), 'Ingress').spec.rules[0].http.paths[0]).toMatchObject({ path: '/', pathType: 'Prefix' });
});

test('S22 of two teams on every host, what both match is refused, and the rest stands', () => {
  const { edge, objects } = gateway();
  edge.route('a', { path: PathMatch.prefix('/a'), to: team('service-a') });
  edge.route('b', { path: PathMatch.prefix('/b'), to: team('service-b') });
  expect(objects).not.toThrow();
  edge.route('a-again', { path: PathMatch.exactly('/a/x'), to: team('service-b') });
  expect(objects).toThrow('requests to /a/x match the route "a" of namespace service-a and "a-again" of namespace service-b');
});

test('S23 a prefix is whole segments', () => {
  const { edge, objects } = gateway();
  edge.route('a', { path: PathMatch.prefix('/api/v1/service-a'), to: team('service-a') });
  expect(only(objects(), 'VirtualService').spec.http[0].match).toEqual([{ uri: { exact: '/api/v1/service-a' } }, { uri: { prefix: '/api/v1/service-a/' } }]);
});

test('S24 with a gateway of Istio\'s chart, Ingress and Gateway follow the release', () => {
  const { objects } = gateway({ workload: GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' } }) });
  expect(only(objects(), 'Ingress').spec.rules[0].http.paths[0].backend.service.name).toBe('istio-ingress');
  expect(only(objects(), 'Gateway').spec.selector).toEqual({ istio: 'ingress' });
});

test('S25 every object of Istio is of version v1', () => {
  const { edge, objects } = gateway({ accessLog: true });
  edge.route('a', { to: team('service-a') });
  const versions = objects().map((object) => object.apiVersion).filter((version) => version.includes('istio.io'));
  expect(new Set(versions)).toEqual(new Set(['networking.istio.io/v1', 'telemetry.istio.io/v1']));
});

test('the teams\' routes stand in their own apps and fit the gateway of the platform\'s', () => {
  const attributes = { name: 'edge', namespace: 'istio-ingress', hosts: ['api.example.com'], allowedNamespaces: ['service-a', 'service-b'] };
  const platformApp = gateway(attributes);
  const vs = ['service-a', 'service-b'].map((name) => {
    const app = Testing.app();
    const chart = new Chart(app, name, { namespace: name });
    const shared: IIstioSharedGateway = IstioSharedGateway.fromAttributes(chart, 'Gateway', attributes);
    shared.route(name, { path: PathMatch.prefix(`/${name}`), to: Backend.service(new platform.Service(chart, 'App', { ports: [{ name: 'http', port: 80 }] })) });
    return only(synthesized(app), 'VirtualService');
  });
  const { metadata, spec } = only(platformApp.objects(), 'Gateway');
  for (const each of vs) {
    expect(each.spec.gateways).toEqual([`${metadata.namespace}/${metadata.name}`]);
    expect(spec.servers[0].hosts).toContain(`${each.metadata.namespace}/${each.spec.hosts[0]}`);
    expect(each.spec).not.toHaveProperty('exportTo');
  }
});
