import { Duration } from 'cdk8s';
import { AlbOptions, aws, Backend, GatewayWorkload, IstioSharedGateway, LoadBalancer, Prerequisites } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const CERTIFICATE = 'arn:aws:acm:ap-northeast-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const WEB_ACL = 'arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/front/0a1b2c3d-4e5f-6789-abcd-ef0123456789';

interface Options { alb?: Partial<AlbOptions>; name?: string; workload?: GatewayWorkload; grpc?: boolean; hosts?: string[] }

function build(options: Options = {}) {
  const scope = chart();
  const gateway = new IstioSharedGateway(scope, 'Edge', {
    name: options.name,
    namespace: 'ingress',
    hosts: options.hosts,
    workload: options.workload,
    loadBalancer: LoadBalancer.alb({ certificates: [CERTIFICATE], ...options.alb }),
  });
  gateway.route('orders', { to: Backend.serviceNamed('orders', { namespace: 'shop', port: 80, grpc: options.grpc }) });
  return { scope, objects: synthesized(scope) };
}

const short = (object: any) => Object.fromEntries(Object.entries(object.metadata.annotations).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));

test('one Ingress: 443 with the certificate, 80 redirects, health by the gateway\'s status port, everything to its Service', () => {
  const { objects } = build({ alb: { scheme: aws.AlbScheme.INTERNET_FACING, webAcl: WEB_ACL, groupName: 'front' } });
  const ingress = only(objects, 'Ingress');
  expect([ingress.metadata.name, ingress.metadata.namespace]).toEqual(['edge', 'ingress']);
  expect(short(ingress)).toEqual({
    'backend-protocol': 'HTTP',
    'certificate-arn': CERTIFICATE,
    'group.name': 'front',
    'healthcheck-path': '/healthz/ready',
    'healthcheck-port': '15021',
    'healthcheck-protocol': 'HTTP',
    'listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    'scheme': 'internet-facing',
    'ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    'ssl-redirect': '443',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=30',
    'target-type': 'ip',
    'wafv2-acl-arn': WEB_ACL,
  });
  expect(ingress.spec).toEqual({
    ingressClassName: 'alb',
    rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'edge', port: { number: 80 } } } }] } }],
  });
  expect(only(objects, 'Service').spec.type).toBe('ClusterIP');
  expect(only(objects, 'Gateway').spec.servers).toEqual([{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }]);
});

test('A6, A9: the gateway knows of the one proxy before it, and drains longer than the load balancer sends', () => {
  const { objects } = build({ alb: { deregistrationDelay: Duration.seconds(120) } });
  const { template } = only(objects, 'Deployment').spec;
  expect(JSON.parse(template.metadata.annotations['proxy.istio.io/config'])).toEqual({
    gatewayTopology: { numTrustedProxies: 1 }, terminationDrainDuration: '135s',
  });
  expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(135);
  expect(only(objects, 'Gateway').spec.servers.every((server: any) => server.tls?.httpsRedirect !== true)).toBe(true);
});

test('A7: over TLS it goes to the HTTPS port, whose server is for every host, since no SNI is sent', () => {
  const { objects } = build({ hosts: ['shop.example.com'], alb: { backendProtocol: aws.AlbBackendProtocol.HTTPS } });
  const ingress = only(objects, 'Ingress');
  expect(short(ingress)).toMatchObject({ 'backend-protocol': 'HTTPS', 'healthcheck-protocol': 'HTTP', 'healthcheck-port': '15021' });
  expect(ingress.spec.rules[0].http.paths[0].backend.service.port).toEqual({ number: 443 });
  const [server] = only(objects, 'Gateway').spec.servers;
  expect([server.port.protocol, server.tls.mode, server.hosts]).toEqual(['HTTPS', 'SIMPLE', ['*']]);
});

test('A8: gRPC gets a rule of its own in front, with targets that are spoken to in HTTP/2, and the same health check', () => {
  const { objects } = build({ grpc: true, alb: { grpc: true } });
  const [plain, grpc] = [only(objects, 'Ingress', 'edge'), only(objects, 'Ingress', 'edge-grpc')];
  expect(short(grpc)).toEqual({
    'backend-protocol': 'HTTP',
    'backend-protocol-version': 'HTTP2',
    'certificate-arn': CERTIFICATE,
    'conditions.edge': '[{"field":"http-header","httpHeaderConfig":{"httpHeaderName":"content-type","values":["application/grpc*"]}}]',
    'group.name': 'ingress.edge',
    'group.order': '-1',
    'healthcheck-path': '/healthz/ready',
    'healthcheck-port': '15021',
    'healthcheck-protocol': 'HTTP',
    'listen-ports': '[{"HTTPS":443}]',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=30',
    'target-type': 'ip',
  });
  expect(short(plain)).toMatchObject({ 'group.name': 'ingress.edge', 'ssl-redirect': '443' });
  expect(grpc.spec.rules).toEqual(plain.spec.rules);
});

test('A8: a gRPC route behind targets of HTTP/1.1 is refused, a plain route is not', () => {
  expect(() => build({ grpc: true })).toThrow('Ingress/ingress/edge: a route speaks gRPC, which the load balancer would answer with 464; set `grpc: true`');
  expect(() => build({ grpc: false })).not.toThrow();
});

test('instance targets take node ports, and find the status port by its name', () => {
  const { objects } = build({ alb: { targetType: aws.AlbTargetType.INSTANCE } });
  expect(short(only(objects, 'Ingress'))).toMatchObject({ 'target-type': 'instance', 'healthcheck-port': 'status-port' });
  expect(only(objects, 'Service').spec.type).toBe('NodePort');
});

test('every knob arrives', () => {
  const { objects } = build({
    alb: {
      redirectHttp: false,
      groupOrder: 7,
      groupName: 'front',
      ingressClassName: 'alb-public',
      subnets: ['subnet-1'],
      inboundCidrs: ['203.0.113.0/24'],
      idleTimeout: Duration.seconds(90),
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      tags: { team: 'edge' },
      accessLogs: { bucket: 'logs' },
      loadBalancerName: 'front',
    },
  });
  const ingress = only(objects, 'Ingress');
  expect(ingress.spec.ingressClassName).toBe('alb-public');
  expect(short(ingress)).toMatchObject({
    'group.order': '7',
    'inbound-cidrs': '203.0.113.0/24',
    'listen-ports': '[{"HTTPS":443}]',
    'load-balancer-attributes': 'access_logs.s3.bucket=logs,access_logs.s3.enabled=true,idle_timeout.timeout_seconds=90',
    'load-balancer-name': 'front',
    'ssl-policy': 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    'subnets': 'subnet-1',
    'tags': 'team=edge',
  });
  expect(short(ingress)['ssl-redirect']).toBeUndefined();
});

test('ExternalDNS gets the hosts of the routes, on request', () => {
  const annotation = 'external-dns.alpha.kubernetes.io/hostname';
  const hosts = ['shop.example.com', 'api.example.com'];
  expect(only(build({ hosts, alb: { externalDns: true } }).objects, 'Ingress').metadata.annotations[annotation]).toBe('api.example.com,shop.example.com');
  expect(only(build({ hosts }).objects, 'Ingress').metadata.annotations[annotation]).toBeUndefined();
  expect(only(build({ alb: { externalDns: true } }).objects, 'Ingress').metadata.annotations[annotation]).toBeUndefined();
});

test('what has to exist in AWS is among the prerequisites', () => {
  const { scope } = build({ hosts: ['shop.example.com'], alb: { webAcl: WEB_ACL, accessLogs: { bucket: 'logs' } } });
  const found = Prerequisites.of(scope).list().filter(({ reliedOnBy }) => reliedOnBy.includes('Ingress/ingress/edge'));
  expect(found.map(({ kind, value }) => [kind, value])).toEqual([
    ['Certificate', CERTIFICATE],
    ['DNS record', 'shop.example.com'],
    ['IngressClass', 'alb'],
    ['S3 bucket', 'logs'],
    ['WAF ACL', WEB_ACL],
  ]);
  const external = Prerequisites.of(build({ alb: { externalDns: true } }).scope).list();
  expect(external.map(({ kind }) => kind)).toEqual(['Certificate', 'ExternalDNS', 'IngressClass']);
});

test('another name leaves no object behind, nor does another port', () => {
  const named = (name: string) => JSON.stringify(build({ name, alb: { grpc: true } }).objects);
  expect(named('aaaa').replaceAll('aaaa', 'bbbb')).toBe(named('bbbb'));
  const existing = (port: number) => JSON.stringify(build({
    workload: GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' }, httpPort: port }),
  }).objects);
  expect(existing(8080)).toContain('"number":8080');
  expect(existing(8080).replaceAll('8080', '9090')).toBe(existing(9090));
});

test.each<[Partial<AlbOptions>, string]>([
  [{ certificates: [] }, 'LoadBalancer.alb: certificates must name at least one certificate'],
  [{ certificates: ['shop'] }, 'Ingress ingress/edge: a certificate is written arn:aws:acm:<region>:<12 digits>:certificate/<id>, got "shop"'],
  [{ webAcl: 'shop' }, 'Ingress ingress/edge: a web ACL is written arn:aws:wafv2'],
  [{ groupName: 'Front' }, 'Ingress ingress/edge: groupName must be'],
  [{ deregistrationDelay: Duration.hours(2) }, 'deregistrationDelay must be a whole number from 0 to 3600, got 7200'],
])('refuses %j', (alb, message) => {
  expect(() => build({ alb })).toThrow(message);
});
