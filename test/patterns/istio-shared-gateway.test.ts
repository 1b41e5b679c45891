import { App, Chart, Duration, JsonPatch, Size, Testing } from 'cdk8s';
import {
  Backend, certmanager, GatewayScaling, GatewayTls, GatewayWorkload, GkeCertificate,
  IstioSharedGateway, IstioSharedGatewayProps, LoadBalancer, PathMatch, Prerequisites, Targets,
} from '../../src';
import { schemaErrors } from '../schema-validation';
import { only, synthesized } from '../synthesized';

const certificates = ['arn:aws:acm:ap-northeast-1:111122223333:certificate/0d4f6a1c-8f0e-4b7a-9a57-6f6f0f6c2b11'];
const alb = () => LoadBalancer.alb({ certificates });
const gke = () => LoadBalancer.gkeIngress({ staticAddress: 'front', certificate: GkeCertificate.managed(['shop.example.com']) });
const orders = (port = 80) => Backend.serviceNamed('orders', { namespace: 'orders', port });

function gateway(props: Partial<IstioSharedGatewayProps> = {}, id = 'Edge') {
  const app = Testing.app();
  const chart = new Chart(app, 'gateway', { labels: { team: 'platform' } });
  const edge = new IstioSharedGateway(chart, id, { namespace: 'istio-ingress', loadBalancer: alb(), ...props });
  return { app, chart, edge };
}

const references = (app: App) => synthesized(app).map((object) => `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`).sort();
const servers = (app: App) => only(synthesized(app), 'Gateway').spec.servers;

test('pods, Service, Gateway and what stands before them, of one name', () => {
  const { app, edge } = gateway({ accessLog: true });
  edge.route('orders', { path: PathMatch.prefix('/api/v1/orders'), to: orders() });
  expect(references(app)).toEqual([
    'Deployment/istio-ingress/edge', 'Gateway/istio-ingress/edge', 'HorizontalPodAutoscaler/istio-ingress/edge', 'Ingress/istio-ingress/edge',
    'PodDisruptionBudget/istio-ingress/edge', 'Service/istio-ingress/edge', 'ServiceAccount/istio-ingress/edge', 'Telemetry/istio-ingress/edge-access-log',
    'VirtualService/orders/edge',
  ]);
  expect(edge.serviceName).toBe('edge');
  expect(edge.gateway.gatewayName).toBe('istio-ingress/edge');
  for (const object of synthesized(app)) expect(schemaErrors(object)).toEqual([]);
});

test('pods that Istio completes, roll without a gap and outlive the load balancer\'s interest', () => {
  const { app } = gateway({ revision: 'prod-stable' });
  const selector = { 'app': 'edge', 'istio': 'edge', 'gateway-namespace': 'istio-ingress' };
  const deployment = only(synthesized(app), 'Deployment');
  expect(deployment.spec.replicas).toBeUndefined();
  expect(deployment.spec.selector).toEqual({ matchLabels: selector });
  expect(deployment.spec.strategy.rollingUpdate).toEqual({ maxSurge: '25%', maxUnavailable: 0 });
  expect(deployment.spec.template.metadata).toEqual({
    annotations: {
      'inject.istio.io/templates': 'gateway',
      'proxy.istio.io/config': '{"gatewayTopology":{"numTrustedProxies":1},"terminationDrainDuration":"45s"}',
    },
    labels: { ...selector, 'istio.io/dataplane-mode': 'none', 'istio.io/rev': 'prod-stable', 'sidecar.istio.io/inject': 'true' },
  });
  const { containers: [container], ...pod } = deployment.spec.template.spec;
  expect(container).toMatchObject({
    name: 'istio-proxy',
    image: 'auto',
    ports: [{ containerPort: 8080, name: 'http' }, { containerPort: 15021, name: 'status-port' }, { containerPort: 15090, name: 'http-envoy-prom' }],
    readinessProbe: { httpGet: { path: '/healthz/ready', port: 15021 } },
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '1024Mi' } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true, runAsNonRoot: true },
  });
  expect(pod).toMatchObject({
    automountServiceAccountToken: false,
    serviceAccountName: 'edge',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    terminationGracePeriodSeconds: 60,
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selector } },
      { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selector } },
    ],
  });
  expect(only(synthesized(app), 'PodDisruptionBudget').spec).toEqual({ maxUnavailable: 1, selector: { matchLabels: selector } });
  expect(only(synthesized(app), 'HorizontalPodAutoscaler').spec).toEqual({
    minReplicas: 2,
    maxReplicas: 5,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'edge' },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
  });
  expect(only(synthesized(app), 'Service').spec).toEqual({
    type: 'ClusterIP',
    selector,
    ports: [
      { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
      { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' },
    ],
  });
});

test('no hash and no label of the chart is in a selector or on a pod', () => {
  const { app } = gateway();
  const objects = synthesized(app);
  expect(only(objects, 'Deployment').metadata.labels).toEqual({ team: 'platform' });
  expect(JSON.stringify(only(objects, 'Deployment').spec)).not.toMatch(/cdk8s|platform/);
  expect(JSON.stringify(only(objects, 'Gateway').spec.selector)).not.toMatch(/cdk8s|platform/);
});

test('knobs of the pods', () => {
  const { app } = gateway({
    workload: GatewayWorkload.injected({
      scaling: GatewayScaling.fixed(3),
      cpuRequestMillis: 250,
      memoryRequest: Size.mebibytes(256),
      memoryLimit: Size.gibibytes(2),
      podLabels: { tier: 'edge', app: 'other' },
      podAnnotations: { note: 'x' },
    }),
    loadBalancer: LoadBalancer.alb({ certificates, deregistrationDelay: Duration.seconds(100) }),
  });
  const objects = synthesized(app);
  const { spec } = only(objects, 'Deployment');
  expect(spec.replicas).toBe(3);
  expect(spec.template.metadata.labels).toMatchObject({ tier: 'edge', app: 'edge' });
  expect(spec.selector.matchLabels).not.toHaveProperty('tier');
  expect(spec.template.metadata.annotations).toMatchObject({ 'note': 'x', 'proxy.istio.io/config': expect.stringContaining('"terminationDrainDuration":"115s"') });
  expect(spec.template.spec.terminationGracePeriodSeconds).toBe(130);
  expect(spec.template.spec.containers[0].resources).toEqual({ requests: { cpu: '250m', memory: '256Mi' }, limits: { memory: '2048Mi' } });
  expect(objects.filter((object) => object.kind === 'HorizontalPodAutoscaler')).toEqual([]);
});

test('patches of the pods arrive in the wire\'s spelling', () => {
  const { app, edge } = gateway();
  const deployment = edge.node.findChild('Deployment').node.defaultChild as any;
  deployment.addJsonPatch(JsonPatch.add('/spec/template/spec/brandNew', 1));
  expect(only(synthesized(app), 'Deployment').spec.template.spec.brandNew).toBe(1);
});

test('behind a load balancer that ends TLS: plain HTTP and no certificate', () => {
  const { app } = gateway({ hosts: ['a.example.com', 'b.example.com'], allowedNamespaces: ['shop'] });
  expect(servers(app)).toEqual([{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop/a.example.com', 'shop/b.example.com'] }]);
  expect(() => gateway({ tls: GatewayTls.selfSigned() })).toThrow('IstioSharedGateway istio-ingress/edge: the load balancer ends TLS and speaks plain HTTP');
});

test('behind a load balancer that encrypts again: every host, and a certificate that signs itself', () => {
  const { app, edge } = gateway({ loadBalancer: gke(), hosts: ['shop.example.com'], allowedNamespaces: ['shop'] });
  edge.respond('otherwise', { status: 404 });
  expect(servers(app)).toEqual([{
    port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop/*', 'istio-ingress/*'], tls: { mode: 'SIMPLE', credentialName: 'edge-tls' },
  }]);
  const objects = synthesized(app);
  expect(only(objects, 'Issuer')).toMatchObject({ metadata: { name: 'edge-self-signed', namespace: 'istio-ingress' }, spec: { selfSigned: {} } });
  expect(only(objects, 'Certificate')).toMatchObject({
    metadata: { name: 'edge-tls', namespace: 'istio-ingress' },
    spec: { secretName: 'edge-tls', dnsNames: ['edge.istio-ingress.svc'], duration: '2160h', renewBefore: '720h', issuerRef: { kind: 'Issuer', name: 'edge-self-signed' } },
  });
  expect(only(objects, 'Role')).toMatchObject({ metadata: { namespace: 'istio-ingress' }, rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] }] });
  expect(only(objects, 'RoleBinding')).toMatchObject({
    roleRef: { kind: 'Role', name: 'edge' }, subjects: [{ kind: 'ServiceAccount', name: 'edge', namespace: 'istio-ingress' }],
  });
  for (const object of objects) expect(schemaErrors(object)).toEqual([]);
});

test('where clients\' own TLS arrives: a certificate for the hosts, and a redirect', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'gateway');
  const issuer = certmanager.ClusterIssuer.fromClusterIssuerName(chart, 'LetsEncrypt', 'letsencrypt');
  const props = { namespace: 'istio-ingress', loadBalancer: LoadBalancer.nlb() };
  new IstioSharedGateway(chart, 'Edge', { ...props, hosts: ['shop.example.com'], tls: GatewayTls.issuer(issuer) });
  expect(servers(app)).toEqual([
    { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'], tls: { httpsRedirect: true } },
    { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop.example.com'], tls: { mode: 'SIMPLE', credentialName: 'edge-tls' } },
  ]);
  expect(only(synthesized(app), 'Certificate').spec).toMatchObject({ dnsNames: ['shop.example.com'], issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt' } });
  expect(only(synthesized(app), 'Service').spec.ports.map((port: any) => port.name)).toEqual(['http', 'https']);

  expect(() => new IstioSharedGateway(chart, 'None', props)).toThrow('IstioSharedGateway istio-ingress/none: the load balancer passes TLS on, so that the gateway needs a certificate');
  expect(() => new IstioSharedGateway(chart, 'Any', { ...props, tls: GatewayTls.issuer(issuer) })).toThrow('no certificate is for every host; name the gateway\'s `hosts`');
});

test('a Secret that exists already is a prerequisite', () => {
  const { app } = gateway({ loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('wildcard') });
  expect(servers(app)[1].tls.credentialName).toBe('wildcard');
  expect(Prerequisites.of(app.charts[0]!).list()).toContainEqual(expect.objectContaining({ kind: 'TLS Secret', value: 'istio-ingress/wildcard', reliedOnBy: ['Gateway/istio-ingress/edge'] }));
  expect(() => GatewayTls.secret('')).toThrow('GatewayTls.secret: name must not be empty');
});

test('pods of somebody else', () => {
  const workload = GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' } });
  const { app, edge } = gateway({ workload });
  edge.route('orders', { to: orders() });
  expect(references(app)).toEqual(['Gateway/istio-ingress/edge', 'Ingress/istio-ingress/edge', 'VirtualService/orders/edge']);
  expect(only(synthesized(app), 'Gateway').spec).toEqual({ selector: { istio: 'ingress' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] });
  expect(only(synthesized(app), 'Ingress').spec.rules[0].http.paths[0].backend.service).toEqual({ name: 'istio-ingress', port: { number: 80 } });
  const list = Prerequisites.of(edge).list();
  expect(list).toContainEqual(expect.objectContaining({ kind: 'Gateway Service', command: expect.stringContaining('--set service.type=ClusterIP') }));
  expect(list).toContainEqual(expect.objectContaining({ kind: 'Gateway pod annotation', value: expect.stringContaining('"numTrustedProxies":1') }));
});

test('pods of somebody else, with ports of their own', () => {
  const workload = GatewayWorkload.existing({
    serviceName: 'gw', selector: { istio: 'gw' }, httpPort: 8080, httpTargetPort: 18080, httpPortName: 'web', httpsPort: 8443, httpsPortName: 'tls', statusPortName: 'status',
  });
  const { app } = gateway({ workload, loadBalancer: gke() });
  expect(servers(app)[0].port.number).toBe(8443);
});

test('a gateway that another app builds', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'orders', { namespace: 'orders' });
  const attributes = { name: 'edge', namespace: 'istio-ingress', hosts: ['shop.example.com'], allowedNamespaces: ['orders'] };
  const edge = IstioSharedGateway.fromAttributes(chart, 'Edge', attributes);
  edge.route('orders', { path: PathMatch.prefix('/orders'), to: orders() });
  edge.respond('closed', { path: PathMatch.exactly('/orders/admin'), status: 403, namespace: 'orders' });
  edge.redirect('old', { path: PathMatch.exactly('/old'), toPath: '/orders', namespace: 'orders' });
  expect(references(app)).toEqual(['VirtualService/orders/edge-shop.example.com']);
  expect(only(synthesized(app), 'VirtualService').spec).toMatchObject({ gateways: ['istio-ingress/edge'], hosts: ['shop.example.com'] });
  expect([edge.name, edge.namespace]).toEqual(['edge', 'istio-ingress']);

  expect(() => edge.respond('here', { status: 404 })).toThrow('route "here": namespace "istio-ingress" may not use the gateway; allowed are orders');
  expect(() => edge.route('there', { host: 'blog.example.com', to: orders() })).toThrow('host "blog.example.com" is not served by the gateway');
  expect(() => edge.route('other', { to: Backend.serviceNamed('x', { namespace: 'other', port: 80 }) })).toThrow('namespace "other" may not use the gateway');
  expect(() => IstioSharedGateway.fromAttributes(chart, 'Bad', { name: '', namespace: 'x' })).toThrow('IstioSharedGateway x/: name must not be empty');
  expect(() => IstioSharedGateway.fromAttributes(chart, 'Any', { name: 'any', namespace: 'x' }).route('y', { to: orders() })).not.toThrow();
});

test('imported twice in one app, its routes are still one list', () => {
  const app = Testing.app();
  const attributes = { name: 'edge', namespace: 'istio-ingress' };
  const [a, b] = ['a', 'b'].map((id) => IstioSharedGateway.fromAttributes(new Chart(app, id, { namespace: id }), 'Edge', attributes));
  a!.route('api', { path: PathMatch.prefix('/api'), to: Backend.serviceNamed('x', { namespace: 'a', port: 80 }) });
  b!.route('api', { path: PathMatch.prefix('/api/v2'), to: Backend.serviceNamed('x', { namespace: 'b', port: 80 }) });
  expect(() => synthesized(app)).toThrow('requests to /api/v2 match the route "api" of namespace a and "api" of namespace b');
});

test('two gateways for one host on the same pods', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'gateway');
  const workload = GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' } });
  const props = { namespace: 'istio-ingress', workload, loadBalancer: alb() };
  new IstioSharedGateway(chart, 'A', { ...props, hosts: ['*.example.com'] });
  expect(() => new IstioSharedGateway(chart, 'B', { ...props, hosts: ['shop.example.com'] }))
    .toThrow('IstioSharedGateway istio-ingress/b: host "shop.example.com" is served by gateway istio-ingress/a on the same pods already');
  expect(() => new IstioSharedGateway(chart, 'C', { ...props, hosts: ['shop.example.org'] })).not.toThrow();
});

test('bad input names the gateway, the value and the remedy', () => {
  expect(() => gateway({ name: '' })).toThrow('IstioSharedGateway istio-ingress/: name must not be empty');
  expect(() => gateway({ name: 'Edge' })).toThrow('got "Edge"; set `name`');
  expect(() => gateway({ namespace: 'istio.ingress' })).toThrow('namespace: name must be');
  expect(() => gateway({ hosts: [] })).toThrow('hosts must name at least one');
  expect(() => gateway({ hosts: ['Shop'] })).toThrow('IstioSharedGateway istio-ingress/edge: hosts: a host is a DNS name in lower case');
  expect(() => gateway({ hosts: ['shop'] })).toThrow('hosts: a host outside the cluster has a dot, got "shop"');
  expect(() => gateway({ hosts: ['a.example.com', 'a.example.com'] })).toThrow('hosts: "a.example.com" is given twice');
  expect(() => gateway({ allowedNamespaces: [] })).toThrow('allowedNamespaces must name at least one');
  expect(() => gateway({ allowedNamespaces: ['A'] })).toThrow('allowedNamespaces: name must be');
  expect(() => gateway({ targets: { istio: '1.10' } })).toThrow('targets.istio: Istio 1.22 is the oldest that is written for');
  const workload = GatewayWorkload.existing({ serviceName: 'x', selector: { istio: 'x' } });
  expect(() => gateway({ workload, revision: 'x' })).toThrow('revision has no effect on pods that exist already');
  expect(() => GatewayWorkload.existing({ serviceName: 'X', selector: { a: 'b' } })).toThrow('GatewayWorkload.existing X: serviceName: name must be');
  expect(() => GatewayWorkload.existing({ serviceName: 'x', selector: {} })).toThrow('the selector must name labels');
  expect(() => GatewayWorkload.existing({ serviceName: 'x', selector: { a: 'b' }, httpPort: 0 })).toThrow('port "http2" must be a whole number from 1 to 65535, got 0');
  expect(() => GatewayScaling.between(3, 2)).toThrow('GatewayScaling.between: whole numbers with 1 <= minReplicas <= maxReplicas, got 3 and 2');
  expect(() => GatewayScaling.between(1, 2, 0)).toThrow('cpuPercent must be a whole number from 1 to 100, got 0');
  expect(() => GatewayScaling.fixed(0)).toThrow('GatewayScaling.fixed: a whole number of 1 or more, got 0');
});

test('its targets hold below it', () => {
  const { edge } = gateway({ targets: { istio: '1.25' } });
  expect(Targets.of(edge.gateway).istio).toBe('1.25');
});

test('a port changed in one place leaves no other behind', () => {
  const wire = (port: number) => {
    const { app, edge } = gateway({ workload: GatewayWorkload.existing({ serviceName: 'gw', selector: { istio: 'gw' }, httpPort: port }) });
    edge.route('orders', { to: orders(port + 1) });
    return JSON.stringify([synthesized(app), Prerequisites.of(edge).list()]);
  };
  expect(wire(7070).replaceAll('7070', '6060').replaceAll('7071', '6061')).toBe(wire(6060));
});

test('a name or namespace changed in one place leaves no other behind', () => {
  const wire = (name: string, namespace: string) => {
    const { app, edge } = gateway({ name, namespace, loadBalancer: gke(), accessLog: true, revision: 'r', hosts: ['shop.example.com'] });
    edge.route('orders', { to: orders() });
    return JSON.stringify([synthesized(app), Prerequisites.of(edge).list()]);
  };
  expect(wire('nnnnn', 'sssss').replaceAll('nnnnn', 'mmmmm').replaceAll('sssss', 'ttttt')).toBe(wire('mmmmm', 'ttttt'));
  expect(wire('nnnnn', 'sssss')).not.toMatch(/\b(edge|Edge|istio-ingress)\b/);
});
