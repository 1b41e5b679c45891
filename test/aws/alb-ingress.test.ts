import { Duration, JsonPatch } from 'cdk8s';
import { aws, platform, Targets } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const CERTIFICATE = 'arn:aws:acm:ap-northeast-1:123456789012:certificate/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const WEB_ACL = 'arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/edge/0a1b2c3d-4e5f-6789-abcd-ef0123456789';
const SHOP = aws.AlbBackend.serviceNamed('shop', 80);

function ingress(props: aws.AlbIngressProps = {}): any {
  const scope = chart();
  new aws.AlbIngress(scope, 'Shop', { rules: [{ backend: SHOP }], ...props });
  return only(synthesized(scope), 'Ingress');
}

function annotation(props: aws.AlbIngressProps, key: string): string | undefined {
  return ingress(props).metadata.annotations[`alb.ingress.kubernetes.io/${key}`];
}

function building(props: aws.AlbIngressProps): () => void {
  return () => new aws.AlbIngress(chart(), 'Shop', props);
}

test('with a certificate it listens on 443 and redirects from 80', () => {
  expect(ingress({ certificates: [CERTIFICATE] })).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'shop',
      namespace: 'web',
      annotations: {
        'alb.ingress.kubernetes.io/backend-protocol': 'HTTP',
        'alb.ingress.kubernetes.io/certificate-arn': CERTIFICATE,
        'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
        'alb.ingress.kubernetes.io/scheme': 'internal',
        'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        'alb.ingress.kubernetes.io/ssl-redirect': '443',
        'alb.ingress.kubernetes.io/target-type': 'ip',
      },
    },
    spec: {
      ingressClassName: 'alb',
      rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'shop', port: { number: 80 } } } }] } }],
    },
  });
});

test('redirect and port 80 come and go together', () => {
  expect(annotation({ certificates: [CERTIFICATE], redirectHttp: false }, 'listen-ports')).toBe('[{"HTTPS":443}]');
  expect(annotation({ certificates: [CERTIFICATE], redirectHttp: false }, 'ssl-redirect')).toBeUndefined();
  expect(annotation({}, 'listen-ports')).toBe('[{"HTTP":80}]');
  expect(annotation({}, 'ssl-policy')).toBeUndefined();
  expect(building({ redirectHttp: true })).toThrow('Ingress web/shop: redirectHttp leads to HTTPS, which needs a certificate');
});

test('every setting has its annotation', () => {
  const { metadata: { annotations } } = ingress({
    certificates: [CERTIFICATE, 'arn:aws:iam::123456789012:server-certificate/old'],
    scheme: aws.AlbScheme.INTERNET_FACING,
    groupName: 'edge',
    groupOrder: -5,
    loadBalancerName: 'edge',
    webAcl: WEB_ACL,
    shieldAdvanced: true,
    sslPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    targetType: aws.AlbTargetType.INSTANCE,
    backendProtocol: aws.AlbBackendProtocol.HTTPS,
    protocolVersion: aws.AlbProtocolVersion.GRPC,
    subnets: ['subnet-1', 'subnet-2'],
    securityGroups: ['sg-2', 'sg-1'],
    ipAddressType: aws.AlbIpAddressType.DUALSTACK,
    idleTimeout: Duration.minutes(2),
    deregistrationDelay: Duration.seconds(20),
    accessLogs: { bucket: 'logs', prefix: 'edge' },
    deletionProtection: true,
    loadBalancerAttributes: { 'routing.http.drop_invalid_header_fields.enabled': 'true' },
    targetGroupAttributes: { 'stickiness.enabled': 'true' },
    tags: { team: 'edge', env: 'prod' },
    healthCheck: {
      path: '/ready',
      port: 'status',
      protocol: aws.AlbBackendProtocol.HTTPS,
      interval: Duration.seconds(10),
      timeout: Duration.seconds(3),
      healthyThreshold: 3,
      unhealthyThreshold: 4,
      successCodes: '0-12',
    },
  });
  const short = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key.replace('alb.ingress.kubernetes.io/', ''), value]));
  expect(short).toEqual({
    'backend-protocol': 'HTTPS',
    'backend-protocol-version': 'GRPC',
    'certificate-arn': `${CERTIFICATE},arn:aws:iam::123456789012:server-certificate/old`,
    'group.name': 'edge',
    'group.order': '-5',
    'healthcheck-interval-seconds': '10',
    'healthcheck-path': '/ready',
    'healthcheck-port': 'status',
    'healthcheck-protocol': 'HTTPS',
    'healthcheck-timeout-seconds': '3',
    'healthy-threshold-count': '3',
    'ip-address-type': 'dualstack',
    'listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    'load-balancer-attributes': 'access_logs.s3.bucket=logs,access_logs.s3.enabled=true,access_logs.s3.prefix=edge,deletion_protection.enabled=true,' +
      'idle_timeout.timeout_seconds=120,routing.http.drop_invalid_header_fields.enabled=true',
    'load-balancer-name': 'edge',
    'manage-backend-security-group-rules': 'true',
    'scheme': 'internet-facing',
    'security-groups': 'sg-2,sg-1',
    'shield-advanced-protection': 'true',
    'ssl-policy': 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    'ssl-redirect': '443',
    'subnets': 'subnet-1,subnet-2',
    'success-codes': '0-12',
    'tags': 'env=prod,team=edge',
    'target-group-attributes': 'deregistration_delay.timeout_seconds=20,stickiness.enabled=true',
    'target-type': 'instance',
    'unhealthy-threshold-count': '4',
    'wafv2-acl-arn': WEB_ACL,
  });
});

test('a member of a group brings rules and leaves the load balancer to another', () => {
  const { metadata: { annotations } } = ingress({
    certificates: [CERTIFICATE], groupName: 'edge', joinsGroup: true, webAcl: WEB_ACL, scheme: aws.AlbScheme.INTERNET_FACING,
  });
  expect(Object.keys(annotations).map((key) => key.split('/')[1])).toEqual([
    'backend-protocol', 'certificate-arn', 'group.name', 'listen-ports', 'target-type',
  ]);
  expect(annotations['alb.ingress.kubernetes.io/listen-ports']).toBe('[{"HTTPS":443}]');
  expect(building({ joinsGroup: true })).toThrow('joinsGroup needs the name of the group');
});

test('rules keep their order: neither hosts nor paths are sorted', () => {
  const { spec } = ingress({
    rules: [
      { path: '/api', backend: SHOP },
      { path: '/api/v2', backend: SHOP },
      { path: '/z/*', pathType: aws.AlbPathType.PATTERN, backend: SHOP },
      { path: '/a/*', pathType: aws.AlbPathType.PATTERN, backend: SHOP },
      { host: 'shop.example.com', backend: aws.AlbBackend.serviceNamed('shop', 'http') },
    ],
  });
  expect(spec.rules.map((rule: any) => [rule.host, rule.http.paths.map((path: any) => path.path)])).toEqual([
    [undefined, ['/api']], [undefined, ['/api/v2', '/z/*', '/a/*']], ['shop.example.com', ['/']],
  ]);
  expect(spec.rules[2].http.paths[0].backend.service.port).toEqual({ name: 'http' });
});

test('conditions and actions stand in annotations under the backend\'s name', () => {
  const { metadata: { annotations }, spec } = ingress({
    rules: [
      { backend: SHOP.when(aws.AlbCondition.header('content-type', 'application/grpc*'), aws.AlbCondition.method('POST')) },
      { path: '/old', backend: aws.AlbBackend.redirect('moved', { path: '/new', permanent: true }) },
      { path: '/gone', backend: aws.AlbBackend.fixedResponse('gone', 410, { body: 'gone' }) },
      { path: '/x', backend: aws.AlbBackend.serviceNamed('lab', 80).when(aws.AlbCondition.query('lab', '1'), aws.AlbCondition.sourceIp('10.0.0.0/8')) },
    ],
  });
  expect(JSON.parse(annotations['alb.ingress.kubernetes.io/conditions.shop'])).toEqual([
    { field: 'http-header', httpHeaderConfig: { httpHeaderName: 'content-type', values: ['application/grpc*'] } },
    { field: 'http-request-method', httpRequestMethodConfig: { values: ['POST'] } },
  ]);
  expect(JSON.parse(annotations['alb.ingress.kubernetes.io/conditions.lab'])).toEqual([
    { field: 'query-string', queryStringConfig: { values: [{ key: 'lab', value: '1' }] } },
    { field: 'source-ip', sourceIPConfig: { values: ['10.0.0.0/8'] } },
  ]);
  expect(JSON.parse(annotations['alb.ingress.kubernetes.io/actions.moved'])).toEqual({
    type: 'redirect', redirectConfig: { statusCode: 'HTTP_301', path: '/new' },
  });
  expect(JSON.parse(annotations['alb.ingress.kubernetes.io/actions.gone'])).toEqual({
    type: 'fixed-response', fixedResponseConfig: { statusCode: '410', contentType: 'text/plain', messageBody: 'gone' },
  });
  expect(spec.rules[1].http.paths[0].backend).toEqual({ service: { name: 'moved', port: { name: 'use-annotation' } } });
});

const REFUSED: [aws.AlbIngressProps, string][] = [
  [{ certificates: ['arn:aws:acm:ap-northeast-1:1234:certificate/x'] }, 'a certificate is written arn:aws:acm:<region>:<12 digits>:certificate/<id>, got "arn:aws:acm:ap-northeast-1:1234:certificate/x"'],
  [{ webAcl: 'edge' }, 'a web ACL is written arn:aws:wafv2'],
  [{ webAcl: WEB_ACL.replace(':regional/', ':global/') }, 'takes a regional web ACL'],
  [{ webAcl: WEB_ACL.replace('ap-northeast-1', 'us-east-1'), certificates: [CERTIFICATE] }, 'web ACL and certificate must be of one region, got us-east-1 and ap-northeast-1'],
  [{ groupName: 'Edge' }, 'groupName must be at most 63 lower-case letters, digits, "-" and ".", got "Edge"'],
  [{ groupOrder: 1 }, 'groupOrder goes with groupName'],
  [{ groupName: 'edge', groupOrder: 1001 }, 'groupOrder must be a whole number from -1000 to 1000, got 1001'],
  [{ loadBalancerName: 'internal-edge' }, 'not beginning with "internal-", got "internal-edge"'],
  [{ loadBalancerName: 'x'.repeat(33) }, 'loadBalancerName must be at most 32'],
  [{ sslPolicy: 'modern' }, 'sslPolicy is the name of a policy'],
  [{ inboundCidrs: ['10.0.0.0'] }, 'inboundCidrs: a CIDR block is written as 10.0.0.0/8 or 2001:db8::/32, got "10.0.0.0"'],
  [{ inboundCidrs: ['10.0.0.0/33'] }, 'got "10.0.0.0/33"'],
  [{ inboundCidrs: ['10.0.0.0/8'], securityGroups: ['sg-1'] }, 'inboundCidrs have no effect with securityGroups'],
  [{ subnets: [] }, 'subnets: an empty list says nothing'],
  [{ subnets: ['a,b'] }, 'free of commas, got "a,b"'],
  [{ idleTimeout: Duration.hours(2) }, 'idleTimeout in seconds must be a whole number from 1 to 4000, got 7200'],
  [{ deregistrationDelay: Duration.hours(2) }, 'deregistrationDelay must be a whole number from 0 to 3600, got 7200'],
  [{ tags: { 'a=b': 'c' } }, 'tags: keys are free of "," and "=", values of ",", got "a=b=c"'],
  [{ accessLogs: { bucket: '' } }, 'bucket must not be empty'],
  [{ protocolVersion: aws.AlbProtocolVersion.GRPC }, 'protocolVersion GRPC needs an HTTPS listener'],
  [{ healthCheck: { port: 70000 } }, 'health check port must be a whole number from 1 to 65535, got 70000'],
  [{ healthCheck: { path: 'ready' } }, 'health check path must begin with "/", got "ready"'],
  [{ healthCheck: { timeout: Duration.seconds(15) } }, 'health check timeout must be shorter than the interval, got 15 s and 15 s'],
  [{ healthCheck: { interval: Duration.seconds(1) } }, 'health check interval in seconds must be a whole number from 5 to 300, got 1'],
  [{ healthCheck: { healthyThreshold: 1 } }, 'healthyThreshold must be a whole number from 2 to 10, got 1'],
  [{ certificates: [CERTIFICATE], protocolVersion: aws.AlbProtocolVersion.GRPC, healthCheck: { successCodes: '200' } }, 'a gRPC target group answers with codes from 0 to 99'],
  [{ annotations: { 'alb.ingress.kubernetes.io/scheme': 'internal' } }, 'annotation alb.ingress.kubernetes.io/scheme is written from the properties'],
  [{ annotations: { 'kubernetes.io/ingress.class': 'alb' } }, 'would outrank the class field'],
  [{ rules: [{ path: '/*', backend: SHOP }] }, 'rule /*: "*" and "?" would stop the whole group'],
  [{ rules: [{ path: 'api', backend: SHOP }] }, 'rule api: path must begin with "/", got "api"'],
  [{ rules: [{ path: `/${'x'.repeat(128)}`, backend: SHOP }] }, 'path must have at most 128 characters, got 129'],
  [{ rules: [{ host: 'shop', backend: SHOP }] }, 'host must be a host name with a dot'],
  [{ rules: [{ host: 'a.example.com', path: '/x', backend: SHOP.when(aws.AlbCondition.header('a', '1', '2', '3')) }] }, 'a rule holds at most 5 values over host, path and conditions, got 6'],
  [{ rules: [{ backend: SHOP }, { path: '/x', backend: SHOP.when(aws.AlbCondition.header('a', '1')) }] }, 'conditions belong to the backend\'s name, and "shop" has others in an earlier rule'],
  [{ rules: [{ backend: aws.AlbBackend.fixedResponse('x', 404) }, { path: '/y', backend: aws.AlbBackend.fixedResponse('x', 410) }] }, '"x" is something else in an earlier rule'],
  [{ rules: Array.from({ length: 101 }, () => ({ backend: SHOP })) }, 'a load balancer holds at most 100 rules'],
];

test.each(REFUSED.map(([props, message]) => [message, props] as const))('refuses: %s', (message, props) => {
  expect(building(props)).toThrow('Ingress web/shop: ');
  expect(building(props)).toThrow(message);
});

test.each([
  [() => aws.AlbCondition.header('a b', 'x'), 'AlbCondition.header: name must be a header\'s'],
  [() => aws.AlbCondition.header('a'), 'AlbCondition.header: name at least one value'],
  [() => aws.AlbCondition.header('a', ''), 'a value has 1 to 128 characters, got ""'],
  [() => aws.AlbCondition.method('post'), 'a method is written in upper case, got "post"'],
  [() => aws.AlbCondition.sourceIp('10.1'), 'AlbCondition.sourceIp: a CIDR block'],
  [() => aws.AlbBackend.serviceNamed('', 80), 'AlbBackend.serviceNamed: name must not be empty'],
  [() => aws.AlbBackend.serviceNamed('shop', 0), 'AlbBackend shop: port must be a whole number from 1 to 65535, got 0'],
  [() => aws.AlbBackend.redirect('r', {}), 'a redirect that changes nothing goes round for ever'],
  [() => aws.AlbBackend.redirect('r', { protocol: 'http' }), 'protocol must be HTTP or HTTPS, got "http"'],
  [() => aws.AlbBackend.fixedResponse('f', 301), 'statusCode must be 2xx, 4xx or 5xx, got 301'],
  [() => aws.AlbBackend.fixedResponse('F', 404), 'AlbBackend.fixedResponse: name must be lower-case'],
])('refuses a part that names its mistake (%#)', (make, message) => {
  expect(make).toThrow(message);
});

test('what an older controller lacks is refused', () => {
  const make = (version: string) => () => {
    const scope = chart();
    Targets.on(scope, { awsLoadBalancerController: version });
    new aws.AlbIngress(scope, 'Shop', { ipAddressType: aws.AlbIpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4, rules: [{ backend: SHOP }] });
  };
  expect(make('2.7')).toThrow('Ingress web/shop: an ALB without public IPv4 addresses');
  expect(make('2.8')).not.toThrow();
});

test('a Service of the same cluster is checked: namespace, port and type', () => {
  const scope = chart();
  const shop = new platform.Service(scope, 'Shop', { ports: [{ port: 80, name: 'http' }], selector: { app: 'shop' } });
  const far = new platform.Service(scope, 'Far', { namespace: 'far', ports: [{ port: 80, name: 'http' }] });
  const of = (id: string, props: aws.AlbIngressProps) => new aws.AlbIngress(scope, id, props);
  of('Good', { rules: [{ backend: aws.AlbBackend.service(shop, 'http') }] });
  of('Port', { rules: [{ backend: aws.AlbBackend.service(shop, 8080) }] });
  of('Namespace', { rules: [{ backend: aws.AlbBackend.service(far, 80) }] });
  of('Type', { targetType: aws.AlbTargetType.INSTANCE, rules: [{ backend: aws.AlbBackend.service(shop, 80) }] });
  of('Empty', {});
  const problems = () => scope.node.findAll().flatMap((construct) => construct.node.validate());
  expect(problems()).toEqual([
    'Ingress/web/port: Service/web/shop has no port 8080; it has http',
    'Ingress/web/namespace: Service/far/far is in another namespace; the load balancer would answer 503. Move the Ingress to "far"',
    'Ingress/web/type: Service/web/shop has to be of type NodePort for targets of type instance, it is ClusterIP; use AlbTargetType.IP',
    'Ingress/web/empty: has no rule, so that every request is answered 404; call addRule()',
  ]);
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  new aws.AlbIngress(scope, 'Shop', { rules: [{ backend: SHOP }] }).apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { a: 1 }));
  expect(only(synthesized(scope), 'Ingress').spec.brandNew).toEqual({ a: 1 });
});
