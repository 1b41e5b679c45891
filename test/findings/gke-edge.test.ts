import { Duration } from 'cdk8s';
import { Backend, GatewayTls, GkeCertificate, GkeIngressOptions, HeaderMatch, IstioSharedGateway, istio, LoadBalancer, platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

/* What goes wrong between a Google load balancer and a mesh, and that IstioSharedGateway cannot be made to write it. */

const HOST = 'echo.example.com';

interface Scene {
  gke?: Partial<GkeIngressOptions>;
  routes?: (gateway: IstioSharedGateway, service: (env: string) => platform.Service) => void;
}

function scene(options: Scene = {}) {
  const scope = chart({});
  for (const name of ['edge', 'env1', 'env2']) new istio.MeshNamespace(scope, `${name}-namespace`, { name, injection: istio.MeshInjection.revision('asm-managed') });
  const gateway = new IstioSharedGateway(scope, 'Gateway', {
    name: 'edge',
    namespace: 'edge',
    hosts: [HOST],
    revision: 'asm-managed',
    loadBalancer: LoadBalancer.gkeIngress({ staticAddress: 'edge-ip', certificate: GkeCertificate.managed([HOST]), ...options.gke }),
  });
  const service = (env: string, appProtocol?: string) => new platform.Service(scope, `${env}-${appProtocol}`, {
    name: 'app', namespace: env, selector: { app: 'app' }, ports: [{ port: 50051, name: 'api', appProtocol }],
  });
  const routes = options.routes ?? (() => {
    for (const env of ['env1', 'env2']) gateway.route(env, { headers: [HeaderMatch.exactly('env', env)], to: Backend.service(service(env, 'grpc')) });
    gateway.respond('otherwise', { status: 404 });
  });
  routes(gateway, service);
  return synthesized(scope);
}

/** The way that a request takes, read from the manifests alone. */
function way(objects: any[]) {
  const ingress = only(objects, 'Ingress');
  const backend = ingress.spec.defaultBackend.service;
  const service = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === backend.name && metadata.namespace === ingress.metadata.namespace);
  const port = service.spec.ports.find((each: any) => each.port === backend.port.number);
  const pods = objects.find(({ kind, metadata, spec }) => kind === 'Deployment' && metadata.namespace === service.metadata.namespace
    && isSubset(service.spec.selector, spec.template.metadata.labels));
  const gateway = only(objects, 'Gateway');
  // Istio finds the pods' port through the Service that selects them.
  const servers = gateway.spec.servers.filter((each: any) => {
    const through = service.spec.ports.find((candidate: any) => candidate.port === each.port.number);
    return (through?.targetPort ?? each.port.number) === port.targetPort;
  });
  const annotation = (key: string) => JSON.parse(service.metadata.annotations[`cloud.google.com/${key}`]);
  const backendConfig = objects.find(({ kind, metadata }) => kind === 'BackendConfig'
    && metadata.namespace === service.metadata.namespace && metadata.name === annotation('backend-config').ports[port.name]);
  return { ingress, service, port, pods, gateway, servers, annotation, backendConfig, container: pods.spec.template.spec.containers[0] };
}

function isSubset(part: Record<string, string>, whole: Record<string, string>): boolean {
  return Object.entries(part).every(([key, value]) => whole[key] === value);
}

const objects = scene();
const { ingress, service, port, pods, gateway, servers, annotation, backendConfig, container } = way(objects);

test('every object is valid', () => {
  expect(objects.flatMap(schemaErrors)).toEqual([]);
});

test('G1: the protocol is keyed by the name of the port that the Ingress sends to', () => {
  expect(annotation('app-protocols')).toEqual({ [port.name]: 'HTTP2' });
});

test('G2, GKE302, GKE303, GKE304: HTTP/2 arrives at one server, which ends TLS with a certificate that exists', () => {
  expect(servers.map((server: any) => [server.port.protocol, server.tls.mode])).toEqual([['HTTPS', 'SIMPLE']]);
  expect(only(objects, 'Certificate').spec.secretName).toBe(servers[0].tls.credentialName);
});

test('G3, GKE301: the server is for every host, since Google sends no SNI; the routes are for theirs', () => {
  expect(servers[0].hosts).toEqual(['*']);
  expect(objects.filter(({ kind }) => kind === 'VirtualService').map(({ spec }) => spec.hosts)).toEqual([[HOST], [HOST], [HOST]]);
});

test('G4, GKE205, GKE206, GKE308: the BackendConfig is where the Service is, and asks the status port of the pods in plain HTTP', () => {
  expect(backendConfig.spec.healthCheck).toEqual({ type: 'HTTP', port: 15021, requestPath: '/healthz/ready' });
  expect(container.ports.map(({ containerPort }: any) => containerPort)).toContain(15021);
  expect(container.readinessProbe.httpGet).toMatchObject({ port: 15021, path: '/healthz/ready' });
});

test('G5, GKE104, GKE118: pods are reached directly, and in no other way from outside', () => {
  expect([service.spec.type, annotation('neg')]).toEqual(['ClusterIP', { ingress: true }]);
});

test('G6, GKE307: the certificate is in the namespace of the pods, and named without a namespace', () => {
  expect(only(objects, 'Certificate').metadata.namespace).toBe(pods.metadata.namespace);
  expect(servers[0].tls.credentialName).toBe('edge-tls');
  expect(() => GatewayTls.secret('far/edge-tls')).toThrow('GatewayTls.secret: name must be');
});

test('G7: routes by header without one for the others are refused', () => {
  expect(() => scene({
    routes: (edge, app) => edge.route('env1', { headers: [HeaderMatch.exactly('env', 'env1')], to: Backend.service(app('env1')) }),
  })).toThrow('a request to / without header "env" (route "env1") matches nothing');
});

test.each([
  ['the same value', HeaderMatch.exactly('env', 'env1')],
  ['a prefix of the value', HeaderMatch.startsWith('env', 'env')],
])('G8: of two environments one has %s, and is refused', (_, header) => {
  expect(() => scene({
    routes: (edge, app) => {
      edge.route('first', { headers: [HeaderMatch.exactly('env', 'env1')], to: Backend.service(app('env1')) });
      edge.route('second', { headers: [header], to: Backend.service(app('env2')) });
      edge.respond('otherwise', { status: 404 });
    },
  })).toThrow(/is for the same requests|match the route "first" of namespace env1 and "second" of namespace env2/);
});

test('G9: gRPC to a port that does not say so is refused', () => {
  expect(() => scene({ routes: (edge, app) => edge.route('api', { to: Backend.service(app('env1')), grpc: true }) }))
    .toThrow('speaks gRPC, but port 50051 of Service/env1/app does not say so');
});

test('G10, GKE313, GKE315: a namespace has the revision and no second label; the gateway\'s pods have the same', () => {
  const labels = objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.labels);
  expect(labels).toEqual([1, 2, 3].map(() => ({ 'istio.io/rev': 'asm-managed' })));
  expect(pods.spec.template.metadata.labels['istio.io/rev']).toBe('asm-managed');
  expect(() => new istio.MeshNamespace(chart({}), 'Both', { labels: { 'istio-injection': 'enabled' }, injection: istio.MeshInjection.revision('asm-managed') }))
    .toThrow('label "istio-injection" follows from `injection`');
});

test('G11: VirtualServices name the gateway with its namespace', () => {
  const all = objects.filter(({ kind }) => kind === 'VirtualService');
  expect(all.map(({ metadata, spec }) => [metadata.namespace, spec.gateways])).toEqual([
    ['edge', ['edge/edge']], ['env1', ['edge/edge']], ['env2', ['edge/edge']],
  ]);
});

test('G12, GKE218: streams of gRPC last an hour, plain requests 30 seconds, unless another time is given', () => {
  expect(backendConfig.spec.timeoutSec).toBe(3600);
  const plain = scene({ routes: (edge, app) => edge.route('api', { to: Backend.service(app('env1')) }) });
  expect(way(plain).backendConfig.spec.timeoutSec).toBe(30);
  expect(way(scene({ gke: { timeout: Duration.minutes(10) } })).backendConfig.spec.timeoutSec).toBe(600);
});

test('G13, GKE001, GKE002, GKE003: the class stands in the annotation alone, the address is a global one', () => {
  expect(ingress.metadata.annotations['kubernetes.io/ingress.class']).toBe('gce');
  expect(ingress.spec.ingressClassName).toBeUndefined();
  expect(Object.keys(ingress.metadata.annotations).filter((key) => key.includes('static-ip'))).toEqual(['kubernetes.io/ingress.global-static-ip-name']);
});

test('GKE305, GKE318: Ingress, Service, container and server agree on the port', () => {
  expect([port.port, port.targetPort, servers.length]).toEqual([443, 8443, 1]);
  expect(container.ports.map(({ containerPort }: any) => containerPort)).toContain(port.targetPort);
});

test('GKE306: the Gateway selects the pods that the Service selects', () => {
  expect(isSubset(gateway.spec.selector, pods.spec.template.metadata.labels)).toBe(true);
  expect(gateway.metadata.namespace).toBe(pods.metadata.namespace);
});

test('GKE309: nothing from outside goes to an application directly', () => {
  const targets = objects.filter(({ kind }) => kind === 'Ingress').map(({ spec }) => JSON.stringify(spec));
  expect(targets).toEqual([JSON.stringify({ defaultBackend: { service: { name: 'edge', port: { number: 443 } } } })]);
});

test('GKE310: a host that is routed is in the certificate', () => {
  expect(() => scene({ gke: { certificate: GkeCertificate.managed(['other.example.com']) } })).toThrow(`host "${HOST}" is routed but not in the certificate`);
});

test('GKE311: the load balancer redirects, the mesh does not', () => {
  expect(only(objects, 'FrontendConfig').spec.redirectToHttps.enabled).toBe(true);
  expect(gateway.spec.servers.some((server: any) => server.tls?.httpsRedirect)).toBe(false);
});

test('GKE312, GKE314: no IstioOperator; the pods are completed by injection', () => {
  expect(objects.filter(({ kind }) => kind === 'IstioOperator')).toEqual([]);
  expect(pods.spec.template.metadata.annotations['inject.istio.io/templates']).toBe('gateway');
  expect(pods.spec.template.metadata.labels['sidecar.istio.io/inject']).toBe('true');
  expect([container.name, container.image]).toEqual(['istio-proxy', 'auto']);
});

test('GKE317: the gateway knows how many entries of X-Forwarded-For are Google\'s', () => {
  expect(JSON.parse(pods.spec.template.metadata.annotations['proxy.istio.io/config']).gatewayTopology.numTrustedProxies).toBe(2);
});
