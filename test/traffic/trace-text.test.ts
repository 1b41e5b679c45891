import { albToIstio, contour, daprIngress, gatewayApi, gce, yaml } from './scenery';
import { Model } from '../../src/traffic/model';

const tie = yaml(`
apiVersion: v1
kind: Namespace
metadata: {name: mesh, labels: {mesh: main, gateway: edge}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: Mesh
metadata: {name: main}
spec: {namespaceSelector: {matchLabels: {mesh: main}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualGateway
metadata: {name: edge, namespace: mesh}
spec:
  namespaceSelector: {matchLabels: {gateway: edge}}
  listeners: [{portMapping: {port: 8088, protocol: http}}]
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: one, namespace: mesh}
spec: {listeners: [{portMapping: {port: 8080, protocol: http}}]}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: two, namespace: mesh}
spec: {listeners: [{portMapping: {port: 8080, protocol: http}}]}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: one, namespace: mesh}
spec: {provider: {virtualNode: {virtualNodeRef: {name: one}}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: two, namespace: mesh}
spec: {provider: {virtualNode: {virtualNodeRef: {name: two}}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: GatewayRoute
metadata: {name: first, namespace: mesh}
spec: {httpRoute: {match: {prefix: /api}, action: {target: {virtualService: {virtualServiceRef: {name: one}}}}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: GatewayRoute
metadata: {name: second, namespace: mesh}
spec: {httpRoute: {match: {prefix: /api}, action: {target: {virtualService: {virtualServiceRef: {name: two}}}}}}
`);

const lonely = yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: api, namespace: web}
spec:
  virtualhost: {fqdn: api.example.com}
  routes: [{services: [{name: api, port: 80}]}]
`);

const text = (objects: any[], request: any) => String(Model.fromObjects(objects).trace(request)).split('\n');

describe('an explanation', () => {
  test('shows weights, a rewrite and headers of Contour', () => {
    expect(text(contour, { url: 'https://shop.example.com/cart/1', headers: { 'X-Debug': '1' } })).toEqual([
      'GET https://shop.example.com/cart/1 goes 2 ways',
      '  X-Debug: 1',
      '',
      '  1. HTTPProxy/web/shop: ends TLS for shop.example.com on port 443',
      '  2. HTTPProxy/web/shop spec.routes[0]: takes it (prefix /cart/)',
      '  3. HTTPProxy/web/shop spec.routes[0].pathRewritePolicy: replaces prefix /cart/ by /basket/: path /cart/1 becomes /basket/1',
      '',
      '70% is delivered to Service/web/cart:80',
      '  4. HTTPProxy/web/shop spec.routes[0].services[0]: gets 70% of it',
      '  5. HTTPProxy/web/shop spec.routes[0].requestHeadersPolicy.remove[0]: removes header X-Debug (it was 1)',
      '  6. HTTPProxy/web/shop spec.routes[0].requestHeadersPolicy.set[0]: sets header X-Env to prod',
      '  It arrives as GET http://shop.example.com/basket/1',
      '    x-env: prod',
      '  Under way: timeout 5s (HTTPProxy/web/shop spec.routes[0].timeoutPolicy.response)',
      '',
      '30% is delivered to Service/web/cart-next:80',
      '  4. HTTPProxy/web/shop spec.routes[0].services[1]: gets 30% of it',
      '  5. HTTPProxy/web/shop spec.routes[0].requestHeadersPolicy.remove[0]: removes header X-Debug (it was 1)',
      '  6. HTTPProxy/web/shop spec.routes[0].requestHeadersPolicy.set[0]: sets header X-Env to prod',
      '  It arrives as GET http://shop.example.com/basket/1',
      '    x-env: prod',
      '  Under way: timeout 5s (HTTPProxy/web/shop spec.routes[0].timeoutPolicy.response)',
    ]);
  });

  test('shows the nearest miss of a path at Contour', () => {
    expect(text(contour, { url: 'https://shop.example.com/card' })).toEqual([
      'GET https://shop.example.com/card is answered 404 by a proxy',
      '',
      '  1. HTTPProxy/web/shop: ends TLS for shop.example.com on port 443',
      '  2. HTTPProxy/web/shop: answers 404: no route of shop.example.com takes the request; nearest: HTTPProxy/web/shop spec.routes[0] takes prefix /cart, the path is /card',
    ]);
  });

  test('shows the nearest miss of a header at Contour', () => {
    expect(text(contour, { url: 'https://shop.example.com/search', headers: { 'x-canary': 'no' } })).toEqual([
      'GET https://shop.example.com/search is answered 404 by a proxy',
      '  x-canary: no',
      '',
      '  1. HTTPProxy/web/shop: ends TLS for shop.example.com on port 443',
      '  2. HTTPProxy/web/shop: answers 404: no route of shop.example.com takes the request; nearest: HTTPProxy/web/shop spec.routes[1] takes header X-Canary exact yes, the request has no',
    ]);
  });

  test('shows the nearest name of a host that nobody serves', () => {
    expect(text(contour, { url: 'http://shpo.example.com/' })).toEqual([
      'GET http://shpo.example.com/ is answered 404 by a proxy',
      '',
      '  1. IngressClass//contour: answers 404: no virtual host serves the name; nearest: shop.example.com',
    ]);
  });

  test('shows TLS that is refused for its server name', () => {
    expect(text(contour, { url: 'https://shpo.example.com/' })).toEqual([
      'GET https://shpo.example.com/ is refused',
      '',
      '  1. IngressClass//contour: closes the connection: no certificate for server name shpo.example.com; nearest: shop.example.com',
    ]);
  });

  test('shows a redirect', () => {
    expect(text(contour, { url: 'https://shop.example.com/old/x' })).toEqual([
      'GET https://shop.example.com/old/x is redirected with 302 to https://archive.example.com/old/x',
      '',
      '  1. HTTPProxy/web/shop: ends TLS for shop.example.com on port 443',
      '  2. HTTPProxy/web/shop spec.routes[2]: takes it (prefix /old)',
      '  3. HTTPProxy/web/shop spec.routes[2]: redirects with 302 to https://archive.example.com/old/x',
    ]);
  });

  test('shows an include and its mirror', () => {
    expect(text(contour, { url: 'https://shop.example.com/account' })).toEqual([
      'GET https://shop.example.com/account is delivered to Service/team/account:80',
      '',
      '  1. HTTPProxy/web/shop: ends TLS for shop.example.com on port 443',
      '  2. HTTPProxy/team/account spec.routes[0]: takes it (prefix /account)',
      '',
      'It arrives as GET http://shop.example.com/account',
      'Under way: timeout 15s (default) (HTTPProxy/team/account spec.routes[0])',
      '',
      'A copy goes to Service/team/audit:80',
    ]);
  });

  test('shows a port that nobody listens on', () => {
    expect(text(contour, { url: 'http://shop.example.com:8080/', entry: 'IngressClass//contour' })).toEqual([
      'GET http://shop.example.com:8080/ at IngressClass//contour is refused',
      '',
      '  1. IngressClass//contour: has no listener on port 8080; it listens on 80, 443',
    ]);
  });

  test('shows the chain from an ALB through an Istio gateway', () => {
    expect(text(albToIstio, { url: 'https://shop.example.com/api/v1/orders/7' })).toEqual([
      'GET https://shop.example.com/api/v1/orders/7 is delivered to Service/orders/orders:80',
      '',
      '  1. Ingress/istio-ingress/edge: ends TLS for shop.example.com on port 443',
      '  2. Ingress/istio-ingress/edge spec.rules[0].http.paths[0]: takes it (pattern /*)',
      '  3. Ingress/istio-ingress/edge: adds X-Forwarded headers: header x-forwarded-proto is https, header x-forwarded-port is 443',
      '  4. Service/istio-ingress/gateway spec.ports[1]: sends it to port 8080 of Deployment/istio-ingress/gateway',
      '  5. VirtualService/orders/orders spec.http[0].match[0]: takes it (prefix /api/v1/orders)',
      '  6. VirtualService/orders/orders spec.http[0].rewrite: replaces prefix /api/v1/orders by /orders: path /api/v1/orders/7 becomes /orders/7',
      '',
      'It arrives as GET http://shop.example.com/orders/7',
      '  x-forwarded-proto: https',
      '  x-forwarded-port: 443',
    ]);
  });

  test('shows a 404 behind two hops', () => {
    expect(text(albToIstio, { url: 'https://shop.example.com/api/v2/orders' })).toEqual([
      'GET https://shop.example.com/api/v2/orders is answered 404 by a proxy',
      '',
      '  1. Ingress/istio-ingress/edge: ends TLS for shop.example.com on port 443',
      '  2. Ingress/istio-ingress/edge spec.rules[0].http.paths[0]: takes it (pattern /*)',
      '  3. Ingress/istio-ingress/edge: adds X-Forwarded headers: header x-forwarded-proto is https, header x-forwarded-port is 443',
      '  4. Service/istio-ingress/gateway spec.ports[1]: sends it to port 8080 of Deployment/istio-ingress/gateway',
      '  5. Gateway/istio-ingress/edge spec.servers[0]: answers 404: no route of shop.example.com takes the request; nearest: VirtualService/orders/orders spec.http[0].match[0] takes prefix /api/v1/orders, the path is /api/v2/orders',
    ]);
  });

  test('shows an invocation through Dapr', () => {
    expect(text(daprIngress, { url: 'http://api.example.com/backend/v1/list' })).toEqual([
      'GET http://api.example.com/backend/v1/list is delivered to DaprApp/apps/orders:8080',
      '',
      '  1. HTTPProxy/ingress/api spec.routes[0]: takes it (prefix /backend/)',
      '  2. HTTPProxy/ingress/api spec.routes[0].pathRewritePolicy: replaces prefix /backend/ by /: path /backend/v1/list becomes /v1/list',
      '  3. HTTPProxy/ingress/api spec.routes[0].requestHeadersPolicy.set[0]: sets header dapr-app-id to orders.apps',
      '  4. Service/ingress/dapr-ingress spec.ports[0]: sends it to port 3500 of Deployment/ingress/dapr-ingress',
      '  5. Deployment/ingress/dapr-ingress spec.template: invokes orders in namespace apps: header dapr-app-id is gone, header dapr-caller-app-id is ingress, header dapr-caller-namespace is ingress, header dapr-callee-app-id is orders',
      '',
      'It arrives as GET http://api.example.com/v1/list',
      '  dapr-caller-app-id: ingress',
      '  dapr-caller-namespace: ingress',
      '  dapr-callee-app-id: orders',
      'Under way: timeout 15s (default) (HTTPProxy/ingress/api spec.routes[0])',
    ]);
  });

  test('shows the nearest miss of a Google load balancer', () => {
    expect(text(gce, { url: 'http://shop.example.com/carts' })).toEqual([
      'GET http://shop.example.com/carts is answered 404 by a proxy',
      '',
      '  1. Ingress/web/edge: answers 404: no rule takes the request and there is no default backend; nearest: Ingress/web/edge spec.rules[0].http.paths[0] takes prefix /cart/, the path is /carts',
    ]);
  });

  test('shows a rule of the Gateway API that asks for a header', () => {
    expect(text(gatewayApi, { url: 'http://shop.example.com/basket' })).toEqual([
      'GET http://shop.example.com/basket is answered 404 by a proxy',
      '',
      '  1. Gateway/web/edge spec.listeners[0]: answers 404: no route takes the request; nearest: HTTPRoute/web/shop spec.rules[0] takes header x-version exact 2, the request has none',
    ]);
  });

  test('shows a tie that nothing decides', () => {
    expect(text(tie, { url: 'http://shop.example.com:8088/api', entry: 'VirtualGateway/mesh/edge' })).toEqual([
      'GET http://shop.example.com:8088/api at VirtualGateway/mesh/edge is undetermined',
      '',
      '  1. GatewayRoute/mesh/first spec.httpRoute: nothing in the manifests decides which of GatewayRoute/mesh/first spec.httpRoute and GatewayRoute/mesh/second spec.httpRoute comes first: delivered to VirtualNode/mesh/one:8080, or delivered to VirtualNode/mesh/two:8080',
    ]);
  });

  test('shows what is assumed', () => {
    expect(text(lonely, { url: 'http://api.example.com/' })).toEqual([
      'GET http://api.example.com/ is delivered to Service/web/api:80 (assumed)',
      '',
      '  1. HTTPProxy/web/api spec.routes[0]: takes it (prefix /)',
      '',
      'It arrives as GET http://api.example.com/',
      'Under way: timeout 15s (default) (HTTPProxy/web/api spec.routes[0])',
      'Assuming that Service/web/api exists and has ready pods',
    ]);
  });
});
