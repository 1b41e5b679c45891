import { Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { appmesh, platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { VirtualNode, VirtualNodeListener, ServiceDiscovery } = appmesh;
const AUTHORITY = 'arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/1';

function deployment(scope: Chart, name = 'api', port = 8080): kplus.Deployment {
  const made = new kplus.Deployment(scope, name, {
    metadata: { name }, select: false, podMetadata: { labels: { app: name } }, containers: [{ image: 'api', ports: [{ number: port, name: 'http' }] }],
  });
  made.select(kplus.LabelSelector.of({ labels: { app: name } }));
  return made;
}

test('stands for the pods of a workload, found by its Service', () => {
  const scope = chart();
  const workload = deployment(scope);
  const service = new platform.Service(scope, 'ApiService', { name: 'api', selector: { app: 'api' }, ports: [{ name: 'http', port: 8080, targetPort: 'http' }] });
  const orders = appmesh.VirtualService.fromVirtualServiceName(scope, 'Orders', 'orders', 'shop');
  const users = appmesh.VirtualService.fromVirtualServiceName(scope, 'Users', 'users');
  const node = new VirtualNode(scope, 'ApiNode', {
    name: 'api',
    workload,
    listeners: [VirtualNodeListener.http({ port: 8080, healthCheck: {} })],
    serviceDiscovery: ServiceDiscovery.service(service),
    accessLog: appmesh.AccessLog.stdout(),
  });
  node.calls(orders, users, orders);

  const object = only(synthesized(scope), 'VirtualNode');
  expect(object).toEqual({
    apiVersion: 'appmesh.k8s.aws/v1beta2',
    kind: 'VirtualNode',
    metadata: { name: 'api', namespace: 'web' },
    spec: {
      podSelector: { matchLabels: { app: 'api' } },
      listeners: [{
        portMapping: { port: 8080, protocol: 'http' },
        healthCheck: { port: 8080, protocol: 'http', path: '/', healthyThreshold: 2, unhealthyThreshold: 2, intervalMillis: 5000, timeoutMillis: 2000 },
      }],
      serviceDiscovery: { dns: { hostname: 'api.web.svc.cluster.local' } },
      backends: [
        { virtualService: { virtualServiceRef: { name: 'orders', namespace: 'shop' } } },
        { virtualService: { virtualServiceRef: { name: 'users' } } },
      ],
      logging: { accessLog: { file: { path: '/dev/stdout' } } },
    },
  });
  expect(schemaErrors(object)).toEqual([]);
  expect(node.awsName).toBe('api_web');
});

test('writes every part of every kind of listener, the pool and the timeout under their protocol', () => {
  const scope = chart();
  const zero = Duration.seconds(0);
  const trust = appmesh.TlsTrust.file('/tls/ca.pem');
  const certificate = appmesh.TlsCertificate.file('/tls/chain.pem', '/tls/key.pem');
  new VirtualNode(scope, 'Node', {
    awsName: 'node',
    podLabels: { app: 'node' },
    serviceDiscovery: ServiceDiscovery.cloudMap('shop', 'node', { stack: 'blue' }),
    listeners: [
      VirtualNodeListener.http({ port: 1, connectionPool: { maxConnections: 5, maxPendingRequests: 6 }, timeout: { perRequest: zero } }),
      VirtualNodeListener.http2({
        port: 2, connectionPool: { maxRequests: 7 }, timeout: { idle: Duration.millis(1500), perRequest: Duration.minutes(1) },
      }),
      VirtualNodeListener.grpc({ port: 3, connectionPool: { maxRequests: 8 }, healthCheck: { interval: Duration.seconds(9), healthyThreshold: 3 } }),
      VirtualNodeListener.tcp({ port: 4, connectionPool: { maxConnections: 9 }, timeout: { idle: Duration.hours(1) } }),
      VirtualNodeListener.http({
        port: 5,
        tls: appmesh.ListenerTls.strict({ certificate, mutualTlsValidation: { trust, subjectAlternativeNames: ['caller'] } }),
        outlierDetection: { maxServerErrors: 5, interval: Duration.seconds(10), baseEjectionDuration: Duration.seconds(30), maxEjectionPercent: 50 },
      }),
    ],
    backendDefaults: { tlsClientPolicy: { trust: appmesh.TlsTrust.acm(AUTHORITY), enforce: false, ports: [443] } },
    backends: [{
      virtualService: appmesh.VirtualService.fromVirtualServiceName(scope, 'Orders', 'orders'),
      tlsClientPolicy: { trust, certificate, subjectAlternativeNames: ['orders'] },
    }],
  });
  const object = only(synthesized(scope), 'VirtualNode');
  expect(schemaErrors(object)).toEqual([]);
  const { spec } = object;
  expect(spec.awsName).toBe('node');
  expect(spec.serviceDiscovery).toEqual({ awsCloudMap: { namespaceName: 'shop', serviceName: 'node', attributes: [{ key: 'stack', value: 'blue' }] } });
  expect(spec.listeners.map(({ connectionPool, timeout }: any) => [connectionPool, timeout]).slice(0, 4)).toEqual([
    [{ http: { maxConnections: 5, maxPendingRequests: 6 } }, { http: { perRequest: { unit: 's', value: 0 } } }],
    [{ http2: { maxRequests: 7 } }, { http2: { idle: { unit: 'ms', value: 1500 }, perRequest: { unit: 's', value: 60 } } }],
    [{ grpc: { maxRequests: 8 } }, undefined],
    [{ tcp: { maxConnections: 9 } }, { tcp: { idle: { unit: 's', value: 3600 } } }],
  ]);
  expect(spec.listeners[2].healthCheck).toEqual({ port: 3, protocol: 'grpc', healthyThreshold: 3, unhealthyThreshold: 2, intervalMillis: 9000, timeoutMillis: 2000 });
  expect(spec.listeners[4]).toEqual({
    portMapping: { port: 5, protocol: 'http' },
    outlierDetection: { maxServerErrors: 5, maxEjectionPercent: 50, interval: { unit: 's', value: 10 }, baseEjectionDuration: { unit: 's', value: 30 } },
    tls: {
      mode: 'STRICT',
      certificate: { file: { certificateChain: '/tls/chain.pem', privateKey: '/tls/key.pem' } },
      validation: { trust: { file: { certificateChain: '/tls/ca.pem' } }, subjectAlternativeNames: { match: { exact: ['caller'] } } },
    },
  });
  expect(spec.backendDefaults.clientPolicy.tls).toEqual({
    enforce: false, ports: [443], validation: { trust: { acm: { certificateAuthorityARNs: [AUTHORITY] } } },
  });
  expect(spec.backends[0].virtualService.clientPolicy.tls.validation.subjectAlternativeNames).toEqual({ match: { exact: ['orders'] } });
});

test('a workload that cdk8s-plus alone tells apart gets a readable label', () => {
  const scope = chart();
  const workload = new kplus.Deployment(scope, 'Api', { metadata: { name: 'api' }, containers: [{ image: 'api', portNumber: 8080 }] });
  new VirtualNode(scope, 'Node', { workload });
  const objects = synthesized(scope);
  expect(only(objects, 'VirtualNode').spec.podSelector).toEqual({ matchLabels: { 'virtual-node': 'node' } });
  expect(only(objects, 'Deployment').spec.template.metadata.labels['virtual-node']).toBe('node');
});

test('a node without pods stands for a host outside the mesh', () => {
  const scope = chart();
  new VirtualNode(scope, 'Database', { listeners: [VirtualNodeListener.tcp({ port: 5432 })], serviceDiscovery: ServiceDiscovery.dns('db.example.com') });
  expect(only(synthesized(scope), 'VirtualNode').spec).toEqual({
    listeners: [{ portMapping: { port: 5432, protocol: 'tcp' } }], serviceDiscovery: { dns: { hostname: 'db.example.com' } },
  });
});

test('two nodes may call each other', () => {
  const scope = chart();
  const [a, b] = ['a', 'b'].map((name) => new VirtualNode(scope, name, {
    podLabels: { app: name }, listeners: [VirtualNodeListener.http({ port: 80 })], serviceDiscovery: ServiceDiscovery.serviceNamed(name, 'web'),
  }));
  const [to_a, to_b] = [a, b].map((node) => new appmesh.VirtualService(scope, `svc-${node.name}`, { provider: appmesh.VirtualServiceProvider.virtualNode(node) }));
  a.calls(to_b);
  b.calls(to_a);
  const objects = synthesized(scope);
  expect(only(objects, 'VirtualNode', 'a').spec.backends).toEqual([{ virtualService: { virtualServiceRef: { name: 'svc-b' } } }]);
  expect(only(objects, 'VirtualNode', 'b').spec.backends).toEqual([{ virtualService: { virtualServiceRef: { name: 'svc-a' } } }]);
});

test('what is in a shared mesh alone is referred to by ARN', () => {
  const scope = chart();
  const arn = 'arn:aws:appmesh:eu-west-1:111122223333:mesh/shop@444455556666/virtualService/orders.shop';
  const orders = appmesh.VirtualService.fromVirtualServiceAttributes(scope, 'Orders', { name: 'orders', host: 'orders.shop', arn });
  new VirtualNode(scope, 'Node', { podLabels: { app: 'node' } }).calls(orders);
  expect(only(synthesized(scope), 'VirtualNode').spec.backends).toEqual([{ virtualService: { virtualServiceARN: arn } }]);
  expect(() => appmesh.VirtualService.fromVirtualServiceAttributes(scope, 'Bad', { name: 'orders', arn: 'arn:aws:s3:::x' })).toThrow('an ARN is written');
});

describe('refuses', () => {
  const second = Duration.seconds(1);
  const node = (props: appmesh.VirtualNodeProps) => () => new VirtualNode(chart(), 'Node', props);
  const listening = (listener: appmesh.VirtualNodeListener) => node({ listeners: [listener], serviceDiscovery: ServiceDiscovery.serviceNamed('node', 'web') });
  const checking = (healthCheck: appmesh.HttpHealthCheckOptions) => listening(VirtualNodeListener.http({ port: 80, healthCheck }));

  test.each<[string, () => unknown, string]>([
    ['a wrong port', listening(VirtualNodeListener.http({ port: 0 })), 'VirtualNode web/node: listener port must be a whole number from 1 to 65535, got 0'],
    ['a port given twice', node({ listeners: [VirtualNodeListener.http({ port: 80 }), VirtualNodeListener.grpc({ port: 80 })] }), 'listener 80: the port is given twice'],
    ['an empty pool', listening(VirtualNodeListener.grpc({ port: 80, connectionPool: { maxRequests: 0 } })), 'connectionPool.maxRequests must be a whole number of at least 1, got 0'],
    ['an impatient health check', checking({ interval: Duration.seconds(5), timeout: Duration.seconds(6) }), 'healthCheck.timeout must not be longer than the interval'],
    ['a hasty health check', checking({ interval: Duration.seconds(1) }), 'healthCheck.interval (ms) must be a whole number from 5000 to 300000, got 1000'],
    ['a threshold of 1', checking({ healthyThreshold: 1 }), 'healthCheck.healthyThreshold must be a whole number from 2 to 10, got 1'],
    ['a health path without slash', checking({ path: 'healthz' }), 'healthCheck.path must begin with "/", got "healthz"'],
    ['too many ejections', listening(VirtualNodeListener.http({
      port: 80, outlierDetection: { maxServerErrors: 1, interval: second, baseEjectionDuration: second, maxEjectionPercent: 101 },
    })), 'outlierDetection.maxEjectionPercent must be a whole number from 0 to 100, got 101'],
    ['ejection without an error', listening(VirtualNodeListener.http({
      port: 80, outlierDetection: { maxServerErrors: 0, interval: second, baseEjectionDuration: second, maxEjectionPercent: 1 },
    })), 'outlierDetection.maxServerErrors must be a whole number of at least 1, got 0'],
    ['no labels', node({ podLabels: {} }), 'podLabels must not be empty'],
    ['an empty AWS name', node({ awsName: '' }), 'awsName must have 1 to 255 characters'],
    ['a wrong host', () => ServiceDiscovery.dns('db example'), 'ServiceDiscovery.dns: expected a host name, got "db example"'],
    ['a Service name with dots', () => ServiceDiscovery.serviceNamed('api.web', 'web'), 'got "api.web"'],
    ['an empty Cloud Map name', () => ServiceDiscovery.cloudMap('', 'x'), 'ServiceDiscovery.cloudMap: needs a namespace and a service'],
    ['an empty log path', () => appmesh.AccessLog.file('log'), 'begins with "/", got "log"'],
    ['a log line of nothing', () => appmesh.AccessLogFormat.json(), 'AccessLogFormat.json: give at least one field'],
    ['a log field twice', () => appmesh.AccessLogFormat.json({ key: 'a', value: '1' }, { key: 'a', value: '2' }), 'the key "a" is given twice'],
    ['an empty log pattern', () => appmesh.AccessLogFormat.text(''), 'the pattern must not be empty'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a backend given twice', () => {
    const scope = chart();
    const orders = appmesh.VirtualService.fromVirtualServiceName(scope, 'Orders', 'orders');
    expect(() => new VirtualNode(scope, 'Node', { backends: [{ virtualService: orders }, { virtualService: orders }] })).toThrow('the backend web/orders is given twice');
  });

  test('listeners that nobody can find', () => {
    const scope = chart();
    new VirtualNode(scope, 'Node', { podLabels: { app: 'node' }, listeners: [VirtualNodeListener.http({ port: 80 })] });
    expect(() => synthesized(scope)).toThrow('VirtualNode/web/node: has listeners, so callers have to find it; give `serviceDiscovery`');
  });

  test('a workload of another namespace, or both ways to say the pods', () => {
    const scope = chart();
    const elsewhere = deployment(new Chart(scope.node.root as any, 'other', { namespace: 'other' }));
    expect(() => new VirtualNode(scope, 'Node', { workload: elsewhere })).toThrow('VirtualNode web/node: selects pods of its own namespace only, got Deployment/other/api');
    expect(() => new VirtualNode(scope, 'Both', { workload: elsewhere, podLabels: { a: 'b' } })).toThrow('takes `workload` or `podLabels`, got both');
    expect(() => new VirtualNode(scope, 'NoWorkload', { workload: new kplus.ConfigMap(scope, 'Config', { metadata: { name: 'config' } }) })).toThrow('expected a workload');
  });
});

describe('ports agree', () => {
  const build = (listener: number, servicePort: number, targetPort: number | string, selector: Record<string, string> = { app: 'api' }, containerPort = 8080) => {
    const scope = chart();
    const workload = deployment(scope, 'api', containerPort);
    const service = new platform.Service(scope, 'ApiService', { name: 'api', selector, ports: [{ name: 'http', port: servicePort, targetPort }] });
    new VirtualNode(scope, 'Node', { workload, listeners: [VirtualNodeListener.http({ port: listener })], serviceDiscovery: ServiceDiscovery.service(service) });
    return () => synthesized(scope);
  };

  test('listener, Service, target and container are one number', () => {
    expect(build(8080, 8080, 8080)).not.toThrow();
    expect(build(8080, 8080, 'http')).not.toThrow();
  });

  test('AM-VN-PORT: a Service without the listener\'s port', () => {
    expect(build(8080, 80, 8080)).toThrow('VirtualNode/web/node: listens on 8080, but Service/web/api has the ports 80');
  });

  test('AM-VN-PORT: a Service that leads elsewhere', () => {
    expect(build(80, 80, 8080, undefined, 80)).toThrow('leads its port 80 to 8080 of the pods, past their Envoy');
    expect(build(80, 80, 'http')).toThrow('leads its port 80 to 8080 of the pods, past their Envoy');
  });

  test('AM-VN-PORT: a container that listens elsewhere', () => {
    expect(build(9090, 9090, 9090)).toThrow('listens on 9090, but the containers of Deployment/web/api declare 8080');
  });

  test('AM-VN-DNS: a Service of other pods', () => {
    expect(build(8080, 8080, 8080, { app: 'other' })).toThrow('is found through Service/web/api, which selects app=other, other pods than the node\'s (app=api)');
  });
});

test('AM-POD-2: a pod of two nodes', () => {
  const scope = chart();
  const workload = deployment(scope);
  new VirtualNode(scope, 'One', { workload });
  new VirtualNode(scope, 'Two', { podLabels: { app: 'api' } });
  expect(() => synthesized(scope)).toThrow('Deployment/web/api: its pods (app=api, cdk8s.io/metadata.addr=');
  expect(() => synthesized(scope)).toThrow('are selected by VirtualNode/web/one and VirtualNode/web/two');
});
