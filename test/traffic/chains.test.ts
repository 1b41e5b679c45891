import { app, deployment, httpProxy, namespace, object, outcome, route, service, short, tlsSecret } from './traffic-fixtures';

const COMPLETE = { complete: true };
const hops = (objects: any[], request: any) => outcome(objects, request, COMPLETE).hops.map((hop) => hop.object);
const without = (objects: any[], kind: string) => objects.filter((each) => each.kind !== kind);
/** The objects with one changed. */
const change = (objects: any[], kind: string, edit: (copy: any) => void) => objects.map((each) => {
  if (each.kind !== kind) return each;
  const copy = structuredClone(each);
  edit(copy);
  return copy;
});
const named = (objects: any[], kind: string, name: string, edit: (copy: any) => void) => change(objects, kind, (each) => {
  if (each.metadata.name === name) edit(each);
});

describe('ALB, Istio gateway, VirtualService, Service', () => {
  const pods = deployment('edge/gateway', { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway' }, podSpec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } });
  const objects = [
    object('networking.k8s.io/v1', 'Ingress', 'edge/alb', {
      ingressClassName: 'alb', rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'gateway', port: { number: 80 } } } }] } }],
    }, { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing', 'alb.ingress.kubernetes.io/target-type': 'ip', 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS": 443}]', 'alb.ingress.kubernetes.io/certificate-arn': 'arn:x', 'alb.ingress.kubernetes.io/healthcheck-port': '15021', 'alb.ingress.kubernetes.io/healthcheck-path': '/healthz/ready' } }),
    service('edge/gateway', ['http2:80:8080', 'status:15021:15021'], { selector: { istio: 'ingressgateway' }, type: 'NodePort' }), pods,
    object('networking.istio.io/v1', 'Gateway', 'edge/g', { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] }),
    object('networking.istio.io/v1', 'VirtualService', 'web/shop', { hosts: ['shop.example.com'], gateways: ['edge/g'], http: [{ match: [{ uri: { prefix: '/api' } }], rewrite: { uri: '/' }, route: [{ destination: { host: 'shop', port: { number: 80 } } }] }] }),
    ...app('web/shop'),
  ];
  const request = 'https://shop.example.com/api/x';
  test('arrives', () => {
    expect(outcome(objects, request, COMPLETE)).toMatchObject({ kind: 'delivered', destination: { kind: 'Service', namespace: 'web', name: 'shop', port: 80 }, request: { scheme: 'http', host: 'shop.example.com' } });
    expect(hops(objects, request)).toEqual(expect.arrayContaining(['Ingress/edge/alb', 'Service/edge/gateway', 'VirtualService/web/shop']));
  });
  test.each([
    ['no VirtualService', without(objects, 'VirtualService'), '404'], ['no Gateway', without(objects, 'Gateway'), '502'], ['a port of the gateway Service that no server has', change(named(objects, 'Service', 'gateway', (each) => { each.spec.ports.push({ name: 'odd', port: 90, targetPort: 8081 }); }), 'Ingress', (each) => { each.spec.rules[0].http.paths[0].backend.service.port.number = 90; }), '502'],
    ['an unknown port of the Service', change(objects, 'Ingress', (each) => { each.spec.rules[0].http.paths[0].backend.service.port.number = 81; }), undefined],
    ['HTTP to the gateway\'s TLS port', change(named(objects, 'Service', 'gateway', (each) => { each.spec.ports[0].targetPort = 8443; }), 'Gateway', (each) => { each.spec.servers = [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls: { mode: 'SIMPLE', credentialName: 'c' } }]; }), undefined],
    ['no application', objects.filter((each) => each.metadata.name !== 'shop' || each.kind === 'VirtualService'), undefined],
  ])('%s', (_, broken, expected) => {
    const found = outcome(broken, request, COMPLETE);
    expect(found.kind).not.toBe('delivered');
    if (expected === '404') expect(found.status).toBe(404);
    expect(found.hops.length).toBeGreaterThan(0);
  });
});

test('a health check of an ALB that nothing answers is named', () => {
  const gateway = deployment('edge/gateway', { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway' }, podSpec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } });
  const objects = [
    object('networking.k8s.io/v1', 'Ingress', 'edge/alb', {
      ingressClassName: 'alb', rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'gateway', port: { number: 80 } } } }] } }],
    }, { annotations: { 'alb.ingress.kubernetes.io/scheme': 'internet-facing', 'alb.ingress.kubernetes.io/target-type': 'ip', 'alb.ingress.kubernetes.io/healthcheck-port': '15021' } }),
    service('edge/gateway', ['http2:80:8080'], { selector: { istio: 'ingressgateway' } }), gateway, ...app('web/shop'),
    object('networking.istio.io/v1', 'Gateway', 'edge/g', { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] }),
    object('networking.istio.io/v1', 'VirtualService', 'web/shop', { hosts: ['shop.example.com'], gateways: ['edge/g'], http: [{ route: [{ destination: { host: 'shop', port: { number: 80 } } }] }] }),
  ];
  expect(JSON.stringify(outcome(objects, 'http://shop.example.com/', COMPLETE))).toContain('health check');
});

describe('Google load balancer, HTTPS gateway, gRPC Service', () => {
  const grpc = [
    object('v1', 'Service', 'web/orders', { selector: { app: 'orders' }, ports: [{ name: 'grpc', port: 50051, targetPort: 50051, appProtocol: 'grpc' }] }),
    deployment('web/orders', { ports: [50051] }),
  ];
  const objects = [
    object('networking.k8s.io/v1', 'Ingress', 'edge/glb', { defaultBackend: { service: { name: 'gateway', port: { number: 443 } } }, tls: [{ secretName: 'edge-tls' }] }, { annotations: { 'kubernetes.io/ingress.class': 'gce' } }),
    tlsSecret('edge/edge-tls'), tlsSecret('edge/inner'),
    service('edge/gateway', ['https:443:8443', 'status:15021:15021'], { selector: { istio: 'ingressgateway' } }, { 'cloud.google.com/neg': '{"ingress": true}', 'cloud.google.com/app-protocols': '{"https":"HTTP2"}', 'cloud.google.com/backend-config': '{"default": "health"}' }),
    object('cloud.google.com/v1', 'BackendConfig', 'edge/health', { healthCheck: { type: 'HTTP', port: 15021, requestPath: '/healthz/ready' } }),
    deployment('edge/gateway', { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway' }, podSpec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } }),
    object('networking.istio.io/v1', 'Gateway', 'edge/g', { selector: { istio: 'ingressgateway' }, servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*'], tls: { mode: 'SIMPLE', credentialName: 'inner' } }] }),
    object('networking.istio.io/v1', 'VirtualService', 'web/orders', { hosts: ['orders.example.com'], gateways: ['edge/g'], http: [{ route: [{ destination: { host: 'orders', port: { number: 50051 } } }] }] }), ...grpc,
  ];
  const request = { url: 'grpcs://orders.example.com/shop.Orders/Get' };
  test('arrives', () => {
    expect(short(objects, request, COMPLETE)).toMatch(/^web\/orders:50051/);
    expect(hops(objects, request)).toEqual(expect.arrayContaining(['Ingress/edge/glb', 'Service/edge/gateway', 'VirtualService/web/orders']));
  });
  test.each([
    ['clear text to the gateway\'s TLS port', named(objects, 'Service', 'gateway', (each) => { delete each.metadata.annotations['cloud.google.com/app-protocols']; })],
    ['a health check on the traffic\'s port in the clear', without(named(objects, 'Service', 'gateway', (each) => { delete each.metadata.annotations['cloud.google.com/backend-config']; }), 'BackendConfig').map((each) => (each.kind === 'Service' && each.metadata.name === 'gateway' ? { ...each, metadata: { ...each.metadata, annotations: { 'cloud.google.com/neg': '{"ingress": true}' } } } : each))],
    ['no VirtualService for the host', change(objects, 'VirtualService', (each) => { each.spec.hosts = ['other.example.com']; })],
    ['a port that the Service has not', change(objects, 'VirtualService', (each) => { each.spec.http[0].route[0].destination.port.number = 1; })],
  ])('%s', (_, broken) => {
    const found = outcome(broken, request, COMPLETE);
    expect(found.kind).not.toBe('delivered');
    expect(found.hops.length).toBeGreaterThan(0);
  });
});

describe('Contour, Dapr sidecar, application', () => {
  const labels = { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' };
  const annotations = { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'ingress', 'dapr.io/config': 'api', 'dapr.io/sidecar-listen-addresses': '0.0.0.0' };
  const objects = [
    service('projectcontour/envoy', ['http:80:http', 'https:443:https'], { type: 'LoadBalancer', selector: labels }),
    deployment('projectcontour/envoy', { kind: 'DaemonSet', labels, annotations, ports: [{ name: 'http', containerPort: 8080 }, { name: 'https', containerPort: 8443 }] }),
    service('projectcontour/ingress-dapr', ['3500:3500'], { selector: labels }),
    object('dapr.io/v1alpha1', 'Configuration', 'projectcontour/api', { api: { allowed: [{ name: 'invoke', version: 'v1', protocol: 'http' }, { name: 'invoke', version: 'v1', protocol: 'grpc' }] } }),
    tlsSecret('projectcontour/tls'),
    httpProxy('projectcontour/shop', 'shop.example.com', {
      virtualhost: { tls: { secretName: 'tls' } },
      routes: [{ conditions: [{ prefix: '/backend' }], pathRewritePolicy: { replacePrefix: [{ replacement: '/' }] }, services: [{ name: 'ingress-dapr', port: 3500, requestHeadersPolicy: { set: [{ name: 'dapr-app-id', value: 'orders.web' }], remove: ['dapr-callee-app-id'] } }] }],
    }),
    deployment('web/orders', { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'orders', 'dapr.io/app-port': '8080', 'dapr.io/config': 'acl' } }),
    object('dapr.io/v1alpha1', 'Configuration', 'web/acl', { accessControl: { defaultAction: 'deny', policies: [{ appId: 'ingress', namespace: 'projectcontour', trustDomain: 'public', defaultAction: 'deny', operations: [{ name: '/list', httpVerb: ['GET'], action: 'allow' }] }] } }),
  ];
  const request = (path = '/backend/list') => ({ url: `https://shop.example.com${path}` });
  test('arrives', () => {
    const found = outcome(objects, request(), COMPLETE);
    expect(found).toMatchObject({ kind: 'delivered', certainty: 'certain', destination: { kind: 'DaprApp', namespace: 'web', name: 'orders', port: 8080 }, request: { path: '/list', scheme: 'http' } });
    expect(found.request!.headers).toMatchObject({ 'dapr-caller-app-id': 'ingress', 'dapr-caller-namespace': 'projectcontour' });
    expect(hops(objects, request())).toEqual(expect.arrayContaining(['HTTPProxy/projectcontour/shop', 'Service/projectcontour/ingress-dapr', 'DaemonSet/projectcontour/envoy']));
    expect(short(objects, { url: 'http://shop.example.com/backend/list' }, COMPLETE)).toBe('301 https://shop.example.com/backend/list');
  });
  test('a path that gets past Envoy meets the callee\'s own guard', () => {
    const found = outcome(objects, request('/backend/x%2F..%2F.internal/batch'), COMPLETE);
    expect(found).toMatchObject({ kind: 'responded', status: 403 });
    expect(found.hops.map((hop) => hop.does).join()).toContain('/.internal/batch');
    const unguarded = objects.filter((each) => each.metadata.name !== 'acl').map((each) => (each.metadata.name === 'orders' ? deployment('web/orders', { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'orders', 'dapr.io/app-port': '8080' } }) : each));
    expect(outcome(unguarded, request('/backend/x%2F..%2F.internal/batch'), COMPLETE).request!.path).toBe('/.internal/batch');
  });
  test.each([
    ['the sidecar listens on its loopback', change(objects, 'DaemonSet', (each) => { delete each.spec.template.metadata.annotations['dapr.io/sidecar-listen-addresses']; }), '503', 'DaemonSet/projectcontour/envoy'],
    ['the Service leads to another port', named(objects, 'Service', 'ingress-dapr', (each) => { each.spec.ports[0].targetPort = 3501; }), '404', 'DaemonSet/projectcontour/envoy'],
    ['the HTTPProxy names another port', change(objects, 'HTTPProxy', (each) => { each.spec.routes[0].services[0].port = 80; }), '503', 'HTTPProxy/projectcontour/shop'],
    ['Envoy speaks TLS to the sidecar', change(objects, 'HTTPProxy', (each) => { each.spec.routes[0].services[0].protocol = 'tls'; }), '503', 'DaemonSet/projectcontour/envoy'],
    ['nobody sets the app id', change(objects, 'HTTPProxy', (each) => { delete each.spec.routes[0].services[0].requestHeadersPolicy; }), '404', 'DaemonSet/projectcontour/envoy'],
    ['the app is not called so', change(objects, 'Deployment', (each) => { each.spec.template.metadata.annotations['dapr.io/app-id'] = 'order'; }), '500', 'DaemonSet/projectcontour/envoy'],
    ['the callee does not let it in', named(objects, 'Configuration', 'acl', (each) => { each.spec.accessControl.policies[0].trustDomain = 'corp'; }), '403', 'DaemonSet/projectcontour/envoy'],
    ['a NetworkPolicy keeps Envoy from the sidecar', [...objects, object('networking.k8s.io/v1', 'NetworkPolicy', 'projectcontour/envoy', { podSelector: { matchLabels: labels }, ingress: [{ ports: [{ port: 8080 }, { port: 8443 }] }] })], '503', 'Service/projectcontour/ingress-dapr'],
    ['no certificate', without(objects, 'Secret'), 'refused', 'IngressClass//contour'],
  ])('%s', (_, broken, expected, at) => {
    const found = outcome(broken, request(), COMPLETE);
    expect(found.kind === 'refused' ? 'refused' : String(found.status)).toBe(expected);
    expect(found.certainty).toBe('certain');
    expect(found.hops.map((hop) => hop.object)).toContain(at);
  });
});

describe('NLB, App Mesh gateway, router, node', () => {
  const of = (kind: string, name: string, spec: any) => object('appmesh.k8s.aws/v1beta2', kind, name, spec);
  const listeners = (port: number) => [{ portMapping: { port, protocol: 'http' } }];
  const objects = [
    of('Mesh', 'm', { namespaceSelector: { matchLabels: { mesh: 'm' } } }), namespace('web', { 'mesh': 'm', 'appmesh.k8s.aws/sidecarInjectorWebhook': 'enabled' }),
    service('web/gw', ['80:8088'], { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' }, { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' }), deployment('web/gw', { ports: [8088] }),
    of('VirtualGateway', 'web/gw', { namespaceSelector: { matchLabels: { mesh: 'm' } }, podSelector: { matchLabels: { app: 'gw' } }, listeners: listeners(8088) }),
    of('GatewayRoute', 'web/r', { httpRoute: { match: { prefix: '/shop' }, action: { target: { virtualService: { virtualServiceRef: { name: 'shop' } } } } } }),
    of('VirtualService', 'web/shop', { awsName: 'shop.web.svc.cluster.local', provider: { virtualRouter: { virtualRouterRef: { name: 'shop' } } } }),
    of('VirtualRouter', 'web/shop', { listeners: listeners(8080), routes: [{ name: 'r', httpRoute: { match: { prefix: '/' }, action: { weightedTargets: [{ virtualNodeRef: { name: 'shop' }, weight: 1 }] } } }] }),
    of('VirtualNode', 'web/shop', { podSelector: { matchLabels: { app: 'shop' } }, listeners: listeners(8080), serviceDiscovery: { dns: { hostname: 'shop.web.svc.cluster.local' } } }),
    service('web/shop', ['8080']), deployment('web/shop', { ports: [8080] }),
  ];
  const request = 'http://shop.example.com/shop/cart';
  test('arrives', () => {
    expect(outcome(objects, request, COMPLETE)).toMatchObject({ kind: 'delivered', certainty: 'certain', destination: { kind: 'VirtualNode', namespace: 'web', name: 'shop', port: 8080 }, request: { path: '/cart', host: 'shop.web.svc.cluster.local' } });
    expect(hops(objects, request)).toEqual(expect.arrayContaining(['Service/web/gw', 'GatewayRoute/web/r', 'VirtualRouter/web/shop', 'Service/web/shop']));
  });
  test.each([
    ['the Service leads to a port without a listener', named(objects, 'Service', 'gw', (each) => { each.spec.ports[0].targetPort = 8089; }), 'refused', 'Deployment/web/gw'],
    ['the gateway speaks TLS', change(objects, 'VirtualGateway', (each) => { each.spec.listeners[0].tls = { mode: 'STRICT' }; }), 'refused', 'VirtualGateway/web/gw'],
    ['no route', without(objects, 'GatewayRoute'), '404', 'VirtualGateway/web/gw'], ['no VirtualService', without(objects, 'VirtualService'), '404', 'GatewayRoute/web/r'], ['no router', without(objects, 'VirtualRouter'), '404', 'GatewayRoute/web/r'],
    ['the router has no such route', change(objects, 'VirtualRouter', (each) => { each.spec.routes[0].httpRoute.match.prefix = '/shop'; }), '404', 'VirtualRouter/web/shop'],
    ['the node listens elsewhere', change(objects, 'VirtualNode', (each) => { each.spec.listeners[0].portMapping.port = 9090; }), '503', 'VirtualRouter/web/shop'],
    ['the node\'s Service leads elsewhere', named(objects, 'Service', 'shop', (each) => { each.spec.ports[0].targetPort = 80; }), '503', 'VirtualRouter/web/shop'],
    ['no Namespace with the mesh\'s label', change(objects, 'Namespace', (each) => { each.metadata.labels = {}; }), 'refused', 'VirtualGateway/web/gw'],
    ['no pods of the gateway', objects.filter((each) => each.kind !== 'Deployment' || each.metadata.name !== 'gw'), 'refused', 'Service/web/gw'],
  ])('%s', (_, broken, expected, at) => {
    const found = outcome(broken, request, COMPLETE);
    expect(found.status === undefined ? found.kind : String(found.status)).toBe(expected);
    expect(found.hops.map((hop) => hop.object)).toContain(at);
  });
});

test('a proxy that leads to itself ends', () => {
  const labels = { 'app.kubernetes.io/name': 'contour', 'app.kubernetes.io/component': 'envoy' };
  const objects = [service('edge/envoy', ['80:8080'], { selector: labels }), deployment('edge/envoy', { labels, ports: [{ name: 'http', containerPort: 8080 }] }), httpProxy('edge/loop', 'loop.example.com', { routes: [route('/ envoy')] })];
  expect(short(objects, { url: 'http://loop.example.com/', entry: 'IngressClass//contour' }, COMPLETE)).toBe('undetermined');
});
