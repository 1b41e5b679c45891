import { Duration } from 'cdk8s';
import { aws, Backend, GatewayTls, GatewayWorkload, IstioSharedGateway, LoadBalancer, NetworkLoadBalancerOptions, Prerequisites, Targets } from '../../src';
import { chart, only, synthesized } from '../synthesized';

function build(loadBalancer: LoadBalancer) {
  const scope = chart();
  const gateway = new IstioSharedGateway(scope, 'Edge', {
    namespace: 'ingress', hosts: ['shop.example.com'], tls: GatewayTls.secret('shop-tls'), loadBalancer,
  });
  gateway.route('orders', { to: Backend.serviceNamed('orders', { namespace: 'shop', port: 80 }) });
  return { scope, objects: synthesized(scope) };
}

describe('LoadBalancer.nlb', () => {
  test('S10, S17: class, scheme and target type are said, so that it does not depend on who takes the Service', () => {
    const { objects, scope } = build(LoadBalancer.nlb());
    const service = only(objects, 'Service');
    expect([service.spec.type, service.spec.loadBalancerClass]).toEqual(['LoadBalancer', 'service.k8s.aws/nlb']);
    expect(service.metadata.annotations).toEqual({
      'service.beta.kubernetes.io/aws-load-balancer-healthcheck-path': '/healthz/ready',
      'service.beta.kubernetes.io/aws-load-balancer-healthcheck-port': '15021',
      'service.beta.kubernetes.io/aws-load-balancer-healthcheck-protocol': 'HTTP',
      'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
      'service.beta.kubernetes.io/aws-load-balancer-target-group-attributes': 'deregistration_delay.timeout_seconds=30',
    });
    expect(Prerequisites.of(scope).list().map(({ kind, value }) => [kind, value])).toEqual([
      ['AWS Load Balancer Controller', undefined], ['DNS record', 'shop.example.com'], ['TLS Secret', 'ingress/shop-tls'],
    ]);
  });

  test('the gateway ends TLS for its own hosts', () => {
    const { objects } = build(LoadBalancer.nlb());
    expect(objects.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
    const https = only(objects, 'Gateway').spec.servers.find((server: any) => server.port.protocol === 'HTTPS');
    expect([https.hosts, https.tls]).toEqual([['shop.example.com'], { mode: 'SIMPLE', credentialName: 'shop-tls' }]);
  });

  test('every knob arrives', () => {
    const { metadata: { annotations } } = only(build(LoadBalancer.nlb({
      scheme: aws.NlbScheme.INTERNET_FACING,
      loadBalancerName: 'front',
      subnets: ['subnet-1', 'subnet-2'],
      eipAllocations: ['eip-1', 'eip-2'],
      sourceRanges: ['203.0.113.0/24'],
      crossZone: true,
      preserveClientIp: true,
      deregistrationDelay: Duration.seconds(60),
      loadBalancerAttributes: { 'deletion_protection.enabled': 'true' },
      targetGroupAttributes: { 'proxy_protocol_v2.enabled': 'false' },
      tags: { team: 'edge' },
      externalDns: true,
    })).objects, 'Service');
    const nlb = 'service.beta.kubernetes.io/aws-load-balancer';
    expect(annotations).toMatchObject({
      'external-dns.alpha.kubernetes.io/hostname': 'shop.example.com',
      [`${nlb}-additional-resource-tags`]: 'team=edge',
      [`${nlb}-attributes`]: 'deletion_protection.enabled=true,load_balancing.cross_zone.enabled=true',
      [`${nlb}-eip-allocations`]: 'eip-1,eip-2',
      [`${nlb}-name`]: 'front',
      [`${nlb}-scheme`]: 'internet-facing',
      [`${nlb}-subnets`]: 'subnet-1,subnet-2',
      [`${nlb}-target-group-attributes`]: 'deregistration_delay.timeout_seconds=60,preserve_client_ip.enabled=true,proxy_protocol_v2.enabled=false',
      'service.beta.kubernetes.io/load-balancer-source-ranges': '203.0.113.0/24',
    });
  });

  test('security groups of one\'s own keep the rules to the pods', () => {
    const { metadata: { annotations } } = only(build(LoadBalancer.nlb({ securityGroups: ['sg-1'] })).objects, 'Service');
    expect(annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-security-groups': 'sg-1',
      'service.beta.kubernetes.io/aws-load-balancer-manage-backend-security-group-rules': 'true',
    });
  });

  test('what an older controller lacks is refused', () => {
    const make = (options: NetworkLoadBalancerOptions) => () => {
      const scope = chart();
      Targets.on(scope, { awsLoadBalancerController: '2.5' });
      new IstioSharedGateway(scope, 'Edge', {
        namespace: 'ingress', hosts: ['shop.example.com'], tls: GatewayTls.secret('shop-tls'), loadBalancer: LoadBalancer.nlb(options),
      });
    };
    expect(make({ securityGroups: ['sg-1'] })).toThrow('LoadBalancer.nlb: security groups of an NLB needs AWS Load Balancer Controller 2.6');
    expect(make({})).not.toThrow();
  });

  test.each<[NetworkLoadBalancerOptions, string]>([
    [{ targetType: aws.NlbTargetType.INSTANCE }, 'targetType must be NlbTargetType.IP, since the status port of a gateway is asked on its pods, got "instance"'],
    [{ eipAllocations: ['eip-1'] }, 'eipAllocations go with NlbScheme.INTERNET_FACING'],
    [{ scheme: aws.NlbScheme.INTERNET_FACING, subnets: ['a', 'b'], eipAllocations: ['eip-1'] }, 'one for each subnet, got 1 for 2 subnets'],
    [{ securityGroups: ['sg-1'], sourceRanges: ['10.0.0.0/8'] }, 'sourceRanges have no effect with securityGroups'],
    [{ sourceRanges: ['10.0.0'] }, 'sourceRanges: a CIDR block is written as'],
    [{ loadBalancerName: 'x'.repeat(33) }, 'loadBalancerName must be at most 32 letters'],
    [{ deregistrationDelay: Duration.hours(2) }, 'deregistrationDelay in seconds must be a whole number from 0 to 3600, got 7200'],
    [{ tags: { a: 'b,c' } }, 'tags: keys are free of'],
  ])('refuses %j', (options, message) => {
    expect(() => build(LoadBalancer.nlb(options))).toThrow('LoadBalancer.nlb: ');
    expect(() => build(LoadBalancer.nlb(options))).toThrow(message);
  });
});

test('LoadBalancer.none: a Service of type ClusterIP, no object before it, nothing outside the cluster but the certificate', () => {
  const { objects, scope } = build(LoadBalancer.none());
  expect(only(objects, 'Service').spec.type).toBe('ClusterIP');
  expect(only(objects, 'Service').metadata.annotations).toBeUndefined();
  expect(objects.filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  expect(Prerequisites.of(scope).list().map(({ kind }) => kind)).toEqual(['TLS Secret']);
});

test('on pods that exist already, the command that sets the Service up has a placeholder for hosts that come later', () => {
  const scope = chart();
  new IstioSharedGateway(scope, 'Edge', {
    namespace: 'ingress',
    hosts: ['shop.example.com'],
    tls: GatewayTls.secret('shop-tls'),
    workload: GatewayWorkload.existing({ serviceName: 'istio-ingress', selector: { istio: 'ingress' } }),
    loadBalancer: LoadBalancer.nlb({ externalDns: true }),
  });
  const { command } = Prerequisites.of(scope).list().find(({ kind }) => kind === 'Gateway Service')!;
  expect(command).toContain('service.annotations.external-dns\\.alpha\\.kubernetes\\.io/hostname=<hosts>');
});
