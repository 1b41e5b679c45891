import { Chart, Duration } from 'cdk8s';
import { appmesh } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { Protocol, RouteSpec, VirtualNode, VirtualRouter, VirtualRouterListener } = appmesh;

const node = (scope: Chart, name: string, portMappings?: appmesh.PortMapping[], namespace?: string) =>
  VirtualNode.fromVirtualNodeAttributes(scope, name, { name, namespace, portMappings });
const http = (port: number): appmesh.PortMapping => ({ port, protocol: Protocol.HTTP });

test('shares requests by weight, and says the port where the node\'s is another than the router\'s', () => {
  const scope = chart();
  const router = new VirtualRouter(scope, 'Orders', { listeners: [VirtualRouterListener.http(80)] });
  router.addRoute('all', RouteSpec.http({
    weightedTargets: [
      { virtualNode: node(scope, 'same', [http(80)]), weight: 70 },
      { virtualNode: node(scope, 'other', [http(8080)], 'shop'), weight: 30 },
      { virtualNode: node(scope, 'several', [http(80), { port: 50051, protocol: Protocol.GRPC }]), weight: 0 },
      { virtualNode: node(scope, 'unknown') },
    ],
  }));
  const object = only(synthesized(scope), 'VirtualRouter');
  expect(schemaErrors(object)).toEqual([]);
  expect(object.spec).toEqual({
    listeners: [{ portMapping: { port: 80, protocol: 'http' } }],
    routes: [{
      name: 'all',
      httpRoute: {
        match: { prefix: '/' },
        action: {
          weightedTargets: [
            { virtualNodeRef: { name: 'same' }, weight: 70 },
            { virtualNodeRef: { name: 'other', namespace: 'shop' }, weight: 30, port: 8080 },
            { virtualNodeRef: { name: 'several' }, weight: 0, port: 80 },
            { virtualNodeRef: { name: 'unknown' }, weight: 1 },
          ],
        },
      },
    }],
  });
});

test('writes every match, timeout and retry of every kind of route', () => {
  const scope = chart();
  const targets = (protocol: appmesh.Protocol) => [{ virtualNode: node(scope, `node-${protocol}`, [{ port: 9000, protocol }]) }];
  const router = new VirtualRouter(scope, 'Orders', {
    awsName: 'orders',
    listeners: [VirtualRouterListener.http(80), VirtualRouterListener.http2(81), VirtualRouterListener.grpc(82), VirtualRouterListener.tcp(83)],
  });
  router.addRoute('http', RouteSpec.http({
    weightedTargets: targets(Protocol.HTTP),
    priority: 5,
    match: {
      path: appmesh.HttpRoutePathMatch.exactly('/a'),
      method: appmesh.HttpRouteMethod.POST,
      scheme: appmesh.HttpRouteScheme.HTTPS,
      headers: [
        appmesh.HeaderMatch.valueIs('a', '1'), appmesh.HeaderMatch.valueIsNot('b', '2'), appmesh.HeaderMatch.valueStartsWith('c', '3'),
        appmesh.HeaderMatch.valueDoesNotEndWith('d', '4'), appmesh.HeaderMatch.valueMatchesRegex('e', '5+'), appmesh.HeaderMatch.valueIsInRange('f', 6, 7),
        appmesh.HeaderMatch.isPresent('g'), appmesh.HeaderMatch.isAbsent('h'), appmesh.HeaderMatch.valueEndsWith('i', '8'),
      ],
      queryParameters: [appmesh.QueryParameterMatch.valueIs('q', '1'), appmesh.QueryParameterMatch.isPresent('r')],
    },
    timeout: { perRequest: Duration.seconds(60), idle: Duration.minutes(2) },
    retryPolicy: {
      maxRetries: 3,
      perRetryTimeout: Duration.millis(250),
      httpRetryEvents: [appmesh.HttpRetryEvent.GATEWAY_ERROR],
      tcpRetryEvents: [appmesh.TcpRetryEvent.CONNECTION_ERROR],
    },
  }));
  router.addRoute('http2', RouteSpec.http2({ weightedTargets: targets(Protocol.HTTP2), match: { path: appmesh.HttpRoutePathMatch.regex('/v[12]/.*') } }));
  router.addRoute('grpc', RouteSpec.grpc({
    weightedTargets: targets(Protocol.GRPC),
    match: {
      serviceName: 'shop.Orders',
      methodName: 'List',
      metadata: [
        appmesh.HeaderMatch.valueDoesNotStartWith('a', '1'), appmesh.HeaderMatch.valueDoesNotMatchRegex('b', '2'),
        appmesh.HeaderMatch.valueIsNotInRange('c', 1, 2),
      ],
    },
    retryPolicy: {
      maxRetries: 0,
      perRetryTimeout: Duration.seconds(1),
      grpcRetryEvents: [appmesh.GrpcRetryEvent.UNAVAILABLE, appmesh.GrpcRetryEvent.UNAVAILABLE],
    },
  }));
  router.addRoute('tcp', RouteSpec.tcp({ weightedTargets: targets(Protocol.TCP), timeout: { idle: Duration.seconds(0) } }));

  const object = only(synthesized(scope), 'VirtualRouter');
  expect(schemaErrors(object)).toEqual([]);
  expect(object.spec.awsName).toBe('orders');
  const [httpRoute, http2Route, grpcRoute, tcpRoute] = object.spec.routes;
  expect(httpRoute.priority).toBe(5);
  expect(httpRoute.httpRoute).toEqual({
    match: {
      port: 80,
      path: { exact: '/a' },
      method: 'POST',
      scheme: 'https',
      headers: [
        { name: 'a', match: { exact: '1' } }, { name: 'b', invert: true, match: { exact: '2' } }, { name: 'c', match: { prefix: '3' } },
        { name: 'd', invert: true, match: { suffix: '4' } }, { name: 'e', match: { regex: '5+' } }, { name: 'f', match: { range: { start: 6, end: 7 } } },
        { name: 'g' }, { name: 'h', invert: true }, { name: 'i', match: { suffix: '8' } },
      ],
      queryParameters: [{ name: 'q', match: { exact: '1' } }, { name: 'r' }],
    },
    action: { weightedTargets: [{ virtualNodeRef: { name: 'node-http' }, weight: 1, port: 9000 }] },
    timeout: { perRequest: { unit: 's', value: 60 }, idle: { unit: 's', value: 120 } },
    retryPolicy: { maxRetries: 3, perRetryTimeout: { unit: 'ms', value: 250 }, httpRetryEvents: ['gateway-error'], tcpRetryEvents: ['connection-error'] },
  });
  expect(http2Route.http2Route.match).toEqual({ port: 81, path: { regex: '/v[12]/.*' } });
  expect(grpcRoute.grpcRoute.match).toEqual({
    port: 82,
    serviceName: 'shop.Orders',
    methodName: 'List',
    metadata: [
      { name: 'a', invert: true, match: { prefix: '1' } }, { name: 'b', invert: true, match: { regex: '2' } }, { name: 'c', invert: true, match: { range: { start: 1, end: 2 } } },
    ],
  });
  expect(grpcRoute.grpcRoute.retryPolicy).toEqual({ maxRetries: 0, perRetryTimeout: { unit: 's', value: 1 }, grpcRetryEvents: ['unavailable'] });
  expect(tcpRoute.tcpRoute).toEqual({
    match: { port: 83 }, timeout: { idle: { unit: 's', value: 0 } }, action: { weightedTargets: [{ virtualNodeRef: { name: 'node-tcp' }, weight: 1, port: 9000 }] },
  });
});

test('a router of one TCP listener needs no match', () => {
  const scope = chart();
  new VirtualRouter(scope, 'Db', {
    listeners: [VirtualRouterListener.tcp(5432)],
    routes: [{ name: 'all', spec: RouteSpec.tcp({ weightedTargets: [{ virtualNode: node(scope, 'db', [{ port: 5432, protocol: Protocol.TCP }]) }] }) }],
  });
  expect(only(synthesized(scope), 'VirtualRouter').spec.routes).toEqual([{ name: 'all', tcpRoute: { action: { weightedTargets: [{ virtualNodeRef: { name: 'db' }, weight: 1 }] } } }]);
});

describe('refuses', () => {
  const scope = chart();
  const target = { virtualNode: node(scope, 'node', [http(80)]) };
  const router = (...listeners: appmesh.VirtualRouterListener[]) => new VirtualRouter(chart(), 'Router', { listeners });
  const weighted = (...weights: number[]) => () => RouteSpec.http({ weightedTargets: weights.map((weight) => ({ ...target, weight })) });
  const retrying = (policy: Partial<appmesh.GrpcRetryPolicy>) => () => RouteSpec.grpc({
    weightedTargets: [target], retryPolicy: { maxRetries: 1, perRetryTimeout: Duration.seconds(1), ...policy },
  });

  test.each<[string, () => unknown, string]>([
    ['a negative weight', weighted(-1, 2), 'RouteSpec.http: the weight of node must be a whole number from 0 to 100, got -1'],
    ['a weight over 100', weighted(101), 'from 0 to 100, got 101'],
    ['weights that sum to 0', weighted(0, 0), 'RouteSpec.http: the weights sum to 0'],
    ['no target', weighted(), 'takes 1 to 10 weightedTargets, got 0'],
    ['eleven targets', weighted(...Array(11).fill(1)), 'takes 1 to 10 weightedTargets, got 11'],
    ['a target port out of range', () => RouteSpec.http({ weightedTargets: [{ ...target, port: 70000 }] }), 'the port of node must be a whole number from 1 to 65535, got 70000'],
    ['a priority out of range', () => RouteSpec.tcp({ weightedTargets: [target], priority: 1001 }), 'RouteSpec.tcp: priority must be a whole number from 0 to 1000, got 1001'],
    ['a prefix without slash', () => appmesh.HttpRoutePathMatch.startsWith('api'), 'HttpRoutePathMatch.startsWith: a path begins with "/", got "api"'],
    ['AM-RESERVED: a reserved path', () => appmesh.HttpRoutePathMatch.exactly('/aws-appmesh/x'), 'are App Mesh\'s own'],
    ['AM-RESERVED: a reserved service', () => RouteSpec.grpc({ weightedTargets: [target], match: { serviceName: 'aws.app-mesh.X' } }), 'are App Mesh\'s own'],
    ['an empty regex', () => appmesh.HttpRoutePathMatch.regex(''), 'the expression must not be empty'],
    ['a method without service', () => RouteSpec.grpc({ weightedTargets: [target], match: { methodName: 'List' } }), 'RouteSpec.grpc: methodName "List" needs serviceName'],
    ['no headers', () => RouteSpec.http({ weightedTargets: [target], match: { headers: [] } }), 'headers takes 1 to 10 matches, got 0'],
    ['an empty header name', () => appmesh.HeaderMatch.isPresent(''), 'HeaderMatch: a name has 1 to 50 characters'],
    ['an empty parameter name', () => appmesh.QueryParameterMatch.isPresent(''), 'QueryParameterMatch: the parameter\'s name must not be empty'],
    ['an empty range', () => appmesh.HeaderMatch.valueIsInRange('a', 5, 5), 'HeaderMatch.valueIsInRange: start and end are whole numbers and end is greater, got 5 and 5'],
    ['retries on nothing', retrying({ httpRetryEvents: [] }), 'a retryPolicy needs at least one event to retry on'],
    ['negative retries', retrying({ maxRetries: -1 }), 'retryPolicy.maxRetries must be a whole number of at least 0, got -1'],
    ['a wrong port', () => VirtualRouterListener.http(-1), 'VirtualRouterListener.http: port must be a whole number from 1 to 65535, got -1'],
    ['no listener', () => router(), 'VirtualRouter web/router: a router needs at least one listener'],
    ['a port given twice', () => router(VirtualRouterListener.http(80), VirtualRouterListener.grpc(80)), 'listener 80: the port is given twice'],
    ['an empty route name', () => router(VirtualRouterListener.http(80)).addRoute('', RouteSpec.http({ weightedTargets: [target] })), 'a route\'s name has 1 to 255 characters'],
    ['AM-PROTO-VR: a route of another protocol', () => router(VirtualRouterListener.http(80)).addRoute('all', RouteSpec.grpc({ weightedTargets: [target] })),
      'route all: is for grpc, the router listens on 80 (http)'],
    ['AM-MULTI-LISTENER: a route that fits two listeners', () => router(VirtualRouterListener.http(80), VirtualRouterListener.http(81)).addRoute('all', RouteSpec.http({ weightedTargets: [target] })),
      'route all: fits the listeners 80 (http), 81 (http); say which with match.port'],
    ['a port that nobody listens on', () => router(VirtualRouterListener.http(80)).addRoute('all', RouteSpec.http({ weightedTargets: [target], match: { port: 81 } })),
      'route all: is for http on 81, the router listens on 80 (http)'],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message);
  });

  test('a route name or a match given twice', () => {
    const made = router(VirtualRouterListener.http(80));
    made.addRoute('all', RouteSpec.http({ weightedTargets: [target] }));
    expect(() => made.addRoute('all', RouteSpec.http({ weightedTargets: [target], priority: 1 }))).toThrow('the route all is given twice');
    expect(() => made.addRoute('again', RouteSpec.http({ weightedTargets: [target] }))).toThrow('route again: matches the same requests as all with the same priority');
    expect(() => made.addRoute('before', RouteSpec.http({ weightedTargets: [target], priority: 1 }))).not.toThrow();
  });

  test('a router without routes', () => {
    const alone = chart();
    new VirtualRouter(alone, 'Router', { listeners: [VirtualRouterListener.http(80)] });
    expect(() => synthesized(alone)).toThrow('VirtualRouter/web/router: has no route, every request would be answered 404');
  });

  test.each<[string, appmesh.PortMapping[], number | undefined, string]>([
    ['AM-PROTO-VR: a target of another protocol', [{ port: 80, protocol: Protocol.GRPC }], undefined, 'is for http, but node listens on 80 (grpc)'],
    ['AM-TARGET-LISTENER: a target that listens on nothing', [], undefined, 'is for http, but node listens on none'],
    ['AM-TARGET-LISTENER: a target port that is no listener\'s', [http(80)], 81, 'is for http on 81, but node listens on 80 (http)'],
    ['AM-MULTI-LISTENER: a target that fits twice', [http(81), http(82)], undefined, 'fits the listeners 81 (http), 82 (http) of node; say which with the target\'s port'],
  ])('%s', (_, mappings, port, message) => {
    const alone = chart();
    new VirtualRouter(alone, 'Router', {
      listeners: [VirtualRouterListener.http(80)],
      routes: [{ name: 'all', spec: RouteSpec.http({ weightedTargets: [{ virtualNode: node(alone, 'node', mappings), port }] }) }],
    });
    expect(() => synthesized(alone)).toThrow(`VirtualRouter/web/router: route all: ${message}`);
  });
});
