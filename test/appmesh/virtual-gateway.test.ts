import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { appmesh, platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { GatewayRouteSpec, GatewayRoutePathMatch, PrefixRewrite, Protocol, VirtualGateway, VirtualGatewayListener, VirtualService } = appmesh;

function meshed(): Chart {
  const scope = chart();
  const mesh = new appmesh.Mesh(scope, 'Shop');
  mesh.addNamespaceByName('web');
  mesh.addNamespaceByName('orders');
  return scope;
}
const orders = (scope: Chart, portMappings?: appmesh.PortMapping[]) => VirtualService.fromVirtualServiceAttributes(scope, 'OrdersService', { name: 'orders', namespace: 'orders', portMappings });
const gateway = (scope: Chart, props: Partial<appmesh.VirtualGatewayProps> = {}) => new VirtualGateway(scope, 'Edge', {
  podLabels: { app: 'edge' }, listeners: [VirtualGatewayListener.http({ port: 8088 })], ...props,
});

describe('VirtualGateway', () => {
  test('takes its own routes from the namespaces of its mesh', () => {
    const scope = meshed();
    gateway(scope);
    const object = only(synthesized(scope), 'VirtualGateway');
    expect(object.spec).toEqual({
      namespaceSelector: { matchLabels: { mesh: 'shop' } },
      gatewayRouteSelector: { matchLabels: { 'virtual-gateway': 'edge_web' } },
      podSelector: { matchLabels: { app: 'edge' } },
      listeners: [{ portMapping: { port: 8088, protocol: 'http' } }],
    });
    expect(schemaErrors(object)).toEqual([]);
  });

  test('writes every field', () => {
    const scope = meshed();
    gateway(scope, {
      awsName: 'edge',
      routeLabels: { gateway: 'edge' },
      routeNamespaces: appmesh.NamespaceSelector.named('orders'),
      accessLog: appmesh.AccessLog.file('/var/log/envoy', appmesh.AccessLogFormat.json({ key: 'status', value: '%RESPONSE_CODE%' })),
      backendDefaults: { tlsClientPolicy: { trust: appmesh.TlsTrust.sds('ca'), certificate: appmesh.TlsCertificate.sds('cert') } },
      listeners: [
        VirtualGatewayListener.http({ port: 8088, connectionPool: { maxConnections: 1024 }, healthCheck: { path: '/healthz' } }),
        VirtualGatewayListener.http2({ port: 8089, connectionPool: { maxRequests: 5 }, tls: appmesh.ListenerTls.permissive({ certificate: appmesh.TlsCertificate.sds('cert') }) }),
        VirtualGatewayListener.grpc({ port: 8090, healthCheck: {}, tls: appmesh.ListenerTls.disabled({ certificate: appmesh.TlsCertificate.acm('arn:aws:acm:eu-west-1:111122223333:certificate/1') }) }),
      ],
    });
    const object = only(synthesized(scope), 'VirtualGateway');
    expect(schemaErrors(object)).toEqual([]);
    expect(object.spec).toMatchObject({
      awsName: 'edge',
      gatewayRouteSelector: { matchLabels: { gateway: 'edge' } },
      namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['orders'] }] },
      logging: { accessLog: { file: { path: '/var/log/envoy', format: { json: [{ key: 'status', value: '%RESPONSE_CODE%' }] } } } },
      backendDefaults: { clientPolicy: { tls: { certificate: { sds: { secretName: 'cert' } }, validation: { trust: { sds: { secretName: 'ca' } } } } } },
    });
    expect(object.spec.listeners).toEqual([
      {
        portMapping: { port: 8088, protocol: 'http' },
        connectionPool: { http: { maxConnections: 1024 } },
        healthCheck: { port: 8088, protocol: 'http', path: '/healthz', healthyThreshold: 2, unhealthyThreshold: 2, intervalMillis: 5000, timeoutMillis: 2000 },
      },
      { portMapping: { port: 8089, protocol: 'http2' }, connectionPool: { http2: { maxRequests: 5 } }, tls: { mode: 'PERMISSIVE', certificate: { sds: { secretName: 'cert' } } } },
      {
        portMapping: { port: 8090, protocol: 'grpc' },
        healthCheck: { port: 8090, protocol: 'grpc', healthyThreshold: 2, unhealthyThreshold: 2, intervalMillis: 5000, timeoutMillis: 2000 },
        tls: { mode: 'DISABLED', certificate: { acm: { certificateARN: 'arn:aws:acm:eu-west-1:111122223333:certificate/1' } } },
      },
    ]);
  });

  test('needs to know its mesh, whose namespaces it looks into', () => {
    const scope = chart();
    gateway(scope);
    expect(() => synthesized(scope)).toThrow('the app knows of no mesh that selects the namespace web');
  });

  test('refuses no listener, a port twice, labels that select everything or do not fit', () => {
    const scope = meshed();
    expect(() => gateway(scope, { name: 'a', listeners: [] })).toThrow('VirtualGateway web/a: a gateway needs at least one listener');
    expect(() => new VirtualGateway(scope, 'B', { listeners: [VirtualGatewayListener.http({ port: 80 }), VirtualGatewayListener.http2({ port: 80 })] })).toThrow('listener 80: the port is given twice');
    expect(() => new VirtualGateway(scope, 'C', { listeners: [VirtualGatewayListener.http({ port: 80.5 })] })).toThrow('listener port must be a whole number from 1 to 65535, got 80.5');
    expect(() => new VirtualGateway(scope, 'D', { listeners: [VirtualGatewayListener.http({ port: 80 })], routeLabels: {} })).toThrow('routeLabels must not be empty');
    expect(() => new VirtualGateway(scope, 'e'.repeat(60), { listeners: [VirtualGatewayListener.http({ port: 80 })] })).toThrow('must have at most 63 letters');
  });

  test('AM-GW-ENVOY, AM-PORT-CHAIN: its workload has the container and the port', () => {
    const build = (containerName: string, port: number) => {
      const scope = meshed();
      const workload = new kplus.Deployment(scope, 'Pods', { metadata: { name: 'edge' }, containers: [{ name: containerName, image: 'envoy', portNumber: port }] });
      new VirtualGateway(scope, 'Edge', { workload, listeners: [VirtualGatewayListener.http({ port: 8088 })] });
      return () => synthesized(scope);
    };
    expect(build('envoy', 8088)).not.toThrow();
    expect(build('gateway', 8088)).toThrow('VirtualGateway/web/edge: Deployment/web/edge needs a container named "envoy", it has gateway');
    expect(build('envoy', 8080)).toThrow('VirtualGateway/web/edge: listens on 8088, but the containers of Deployment/web/edge declare 8080');
  });

  test('AM-POD-BOTH: a pod of a node and a gateway', () => {
    const scope = meshed();
    const workload = new kplus.Deployment(scope, 'Pods', { metadata: { name: 'edge' }, podMetadata: { labels: { app: 'edge' } }, containers: [{ name: 'envoy', image: 'envoy', portNumber: 8088 }] });
    gateway(scope);
    new appmesh.VirtualNode(scope, 'Node', { workload });
    new appmesh.VirtualNode(scope, 'Other', { podLabels: { app: 'edge' } });
    expect(() => synthesized(scope)).toThrow('are selected by VirtualGateway/web/edge and VirtualNode/web/other');
  });
});

describe('GatewayRoute', () => {
  test('carries its gateway\'s labels; addGatewayRoute and new are one', () => {
    const scope = meshed();
    const edge = gateway(scope);
    edge.addGatewayRoute('one', { routeSpec: GatewayRouteSpec.http({ target: orders(scope) }) });
    new appmesh.GatewayRoute(scope, 'Two', {
      virtualGateway: edge, namespace: 'orders', labels: { team: 'orders' }, routeSpec: GatewayRouteSpec.http({ target: VirtualService.fromVirtualServiceName(scope, 'Other', 'orders', 'orders'), priority: 1 }),
    });
    const objects = synthesized(scope);
    const one = only(objects, 'GatewayRoute', 'one');
    expect(one).toEqual({
      apiVersion: 'appmesh.k8s.aws/v1beta2',
      kind: 'GatewayRoute',
      metadata: { name: 'one', namespace: 'web', labels: { 'virtual-gateway': 'edge_web' } },
      spec: { httpRoute: { match: { prefix: '/' }, action: { target: { virtualService: { virtualServiceRef: { name: 'orders', namespace: 'orders' } } } } } },
    });
    const two = only(objects, 'GatewayRoute', 'two');
    expect(two.metadata.labels).toEqual({ 'team': 'orders', 'virtual-gateway': 'edge_web' });
    expect(two.spec).toEqual({ priority: 1, httpRoute: { match: { prefix: '/' }, action: { target: { virtualService: { virtualServiceRef: { name: 'orders' } } } } } });
    for (const route of [one, two]) expect(schemaErrors(route)).toEqual([]);
  });

  test.each<[appmesh.GatewayRoutePathMatch, unknown, unknown]>([
    [GatewayRoutePathMatch.startsWith('/shop'), { prefix: '/shop' }, undefined],
    [GatewayRoutePathMatch.startsWith('/shop', PrefixRewrite.keep()), { prefix: '/shop' }, { prefix: { defaultPrefix: 'DISABLED' } }],
    [GatewayRoutePathMatch.startsWith('/shop/', PrefixRewrite.to('/store/')), { prefix: '/shop/' }, { prefix: { value: '/store/' } }],
    [GatewayRoutePathMatch.exactly('/shop'), { path: { exact: '/shop' } }, undefined],
    [GatewayRoutePathMatch.exactly('/shop', '/store'), { path: { exact: '/shop' } }, { path: { exact: '/store' } }],
    [GatewayRoutePathMatch.regex('/v[0-9]+', '/v'), { path: { regex: '/v[0-9]+' } }, { path: { exact: '/v' } }],
  ])('path %#', (path, match, rewrite) => {
    const scope = meshed();
    gateway(scope).addGatewayRoute('route', { routeSpec: GatewayRouteSpec.http({ target: orders(scope), match: { path } }) });
    const { httpRoute } = only(synthesized(scope), 'GatewayRoute').spec;
    expect([httpRoute.match, httpRoute.action.rewrite]).toEqual([match, rewrite]);
  });

  test('writes every match, and the port where the gateway has several', () => {
    const scope = meshed();
    const edge = gateway(scope, { listeners: [VirtualGatewayListener.http2({ port: 8088 }), VirtualGatewayListener.grpc({ port: 8089 })] });
    edge.addGatewayRoute('http2', {
      awsName: 'http2',
      routeSpec: GatewayRouteSpec.http2({
        target: orders(scope, [{ port: 80, protocol: Protocol.HTTP2 }, { port: 81, protocol: Protocol.HTTP2 }]),
        targetPort: 81,
        rewriteHost: false,
        match: {
          hostname: appmesh.GatewayRouteHostnameMatch.endsWith('.example.com'),
          method: appmesh.HttpRouteMethod.GET,
          headers: [appmesh.HeaderMatch.valueIs('env', 'test')],
          queryParameters: [appmesh.QueryParameterMatch.isPresent('q')],
        },
      }),
    });
    edge.addGatewayRoute('grpc', {
      routeSpec: GatewayRouteSpec.grpc({
        target: VirtualService.fromVirtualServiceName(scope, 'Grpc', 'grpc'),
        match: { serviceName: 'shop.Orders', hostname: appmesh.GatewayRouteHostnameMatch.exactly('grpc.example.com'), metadata: [appmesh.HeaderMatch.isPresent('env')] },
      }),
    });
    const objects = synthesized(scope);
    for (const object of objects) if (object.kind === 'GatewayRoute') expect(schemaErrors(object)).toEqual([]);
    expect(only(objects, 'GatewayRoute', 'http2').spec).toEqual({
      awsName: 'http2',
      http2Route: {
        match: { port: 8088, hostname: { suffix: '.example.com' }, method: 'GET', headers: [{ name: 'env', match: { exact: 'test' } }], queryParameters: [{ name: 'q' }] },
        action: {
          target: { port: 81, virtualService: { virtualServiceRef: { name: 'orders', namespace: 'orders' } } },
          rewrite: { hostname: { defaultTargetHostname: 'DISABLED' } },
        },
      },
    });
    expect(only(objects, 'GatewayRoute', 'grpc').spec.grpcRoute.match).toEqual({
      port: 8089, serviceName: 'shop.Orders', hostname: { exact: 'grpc.example.com' }, metadata: [{ name: 'env' }],
    });
  });

  test('joins a gateway that is made elsewhere', () => {
    const scope = meshed();
    const edge = VirtualGateway.fromVirtualGatewayName(scope, 'Edge', 'edge', 'ingress');
    edge.addGatewayRoute('route', { routeSpec: GatewayRouteSpec.grpc({ target: orders(scope), match: { serviceName: 'shop.Orders' } }) });
    expect(only(synthesized(scope), 'GatewayRoute').metadata.labels).toEqual({ 'virtual-gateway': 'edge_ingress' });
    const labelled = VirtualGateway.fromVirtualGatewayAttributes(scope, 'Other', {
      name: 'other', routeLabels: { gateway: 'other' }, portMappings: [{ port: 8088, protocol: Protocol.HTTP }],
    });
    expect(() => labelled.addGatewayRoute('grpc', { routeSpec: GatewayRouteSpec.grpc({ target: orders(chart()), match: { serviceName: 'a.B' } }) }))
      .toThrow('GatewayRoute web/grpc: is for grpc, the gateway web/other listens on 8088 (http)');
  });

  test('AM-GR-0: a gateway that does not look into the route\'s namespace', () => {
    const byName = meshed();
    gateway(byName, { routeNamespaces: appmesh.NamespaceSelector.named('orders') }).addGatewayRoute('route', { routeSpec: GatewayRouteSpec.http({ target: orders(byName) }) });
    expect(() => synthesized(byName)).toThrow('GatewayRoute/web/route: the gateway web/edge takes routes from the namespaces orders, not from web');

    const byLabel = chart({});
    const mesh = new appmesh.Mesh(byLabel, 'Shop');
    mesh.addNamespace(new platform.Namespace(byLabel, 'Web'));
    const edge = gateway(byLabel, { namespace: 'web', routeNamespaces: appmesh.NamespaceSelector.labels({ tier: 'edge' }) });
    edge.addGatewayRoute('route', { namespace: 'web', routeSpec: GatewayRouteSpec.http({ target: orders(byLabel) }) });
    expect(() => synthesized(byLabel)).toThrow('takes routes from namespaces with tier=edge, not from web');
  });

  test('AM-GR-2: a route of two gateways', () => {
    const scope = meshed();
    const edge = gateway(scope);
    expect(() => edge.addGatewayRoute('route', { labels: { 'virtual-gateway': 'other_web' }, routeSpec: GatewayRouteSpec.http({ target: orders(scope) }) }))
      .toThrow('GatewayRoute web/route: a route has one gateway: the label virtual-gateway=other_web is given, the gateway web/edge selects virtual-gateway=edge_web');
  });

  test('AM-GR-AMBIG: two routes that match the same', () => {
    const scope = meshed();
    const edge = gateway(scope);
    const target = orders(scope);
    edge.addGatewayRoute('one', { routeSpec: GatewayRouteSpec.http({ target }) });
    expect(() => edge.addGatewayRoute('two', { routeSpec: GatewayRouteSpec.http({ target, priority: 1000 }) })).toThrow('GatewayRoute web/two: matches the same requests as GatewayRoute/web/one');
    expect(() => edge.addGatewayRoute('three', { routeSpec: GatewayRouteSpec.http({ target, priority: 1 }) })).not.toThrow();
  });

  test('AM-MULTI-LISTENER: a target with several ports', () => {
    const scope = meshed();
    const target = orders(scope, [{ port: 80, protocol: Protocol.HTTP }, { port: 81, protocol: Protocol.HTTP }]);
    const edge = gateway(scope);
    edge.addGatewayRoute('one', { routeSpec: GatewayRouteSpec.http({ target }) });
    edge.addGatewayRoute('two', { routeSpec: GatewayRouteSpec.http({ target, targetPort: 82, priority: 1 }) });
    expect(() => synthesized(scope)).toThrow('GatewayRoute/web/one: orders/orders has the ports 80 (http), 81 (http); say which with targetPort');
    expect(() => synthesized(scope)).toThrow('GatewayRoute/web/two: leads to 82 of orders/orders');
  });

  test.each<[string, () => unknown, string]>([
    ['a prefix without slash', () => GatewayRoutePathMatch.startsWith('shop'), 'GatewayRoutePathMatch.startsWith: a path begins with "/", got "shop"'],
    ['a rewrite without slash at its end', () => PrefixRewrite.to('/store'), 'PrefixRewrite.to: a prefix begins and ends with "/", got "/store"'],
    ['a rewrite of half a segment', () => GatewayRoutePathMatch.startsWith('/shop', PrefixRewrite.to('/store/')), 'has to end with "/" too, got "/shop"'],
    ['an exact rewrite without slash', () => GatewayRoutePathMatch.exactly('/shop', 'store'), 'a path begins with "/", got "store"'],
    ['an empty regex', () => GatewayRoutePathMatch.regex(''), 'the expression must not be empty'],
    ['AM-RESERVED: a reserved path', () => GatewayRoutePathMatch.startsWith('/aws-app-mesh'), 'are App Mesh\'s own'],
    ['a host that is none', () => appmesh.GatewayRouteHostnameMatch.exactly('a:8080'), 'expected a host name, got "a:8080"'],
    ['a wildcard host', () => appmesh.GatewayRouteHostnameMatch.endsWith('*.example.com'), 'expected the end of a host name'],
    ['gRPC without service and host', () => GatewayRouteSpec.grpc({ target: orders(chart()), match: {} }), 'match needs serviceName or hostname'],
    ['an unknown port', () => GatewayRouteSpec.http({ target: orders(chart()), targetPort: 0 }), 'targetPort must be a whole number from 1 to 65535, got 0'],
    ['a negative priority', () => GatewayRouteSpec.http({ target: orders(chart()), priority: -1 }), 'priority must be a whole number from 0 to 1000, got -1'],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(message);
  });
});
