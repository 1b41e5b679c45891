import { loadAll } from 'js-yaml';
import type { TrafficRequest } from '../../src/traffic/trace';

/** Documents of a YAML text. */
export function yaml(text: string): any[] {
  return loadAll(text).filter((each) => each !== null && each !== undefined);
}

interface ApplicationOptions {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly type?: string;
}

/** A Service with the Deployment behind it. */
export function application(namespace: string, name: string, port = 80, more: ApplicationOptions = {}): any[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace, name },
      spec: { type: more.type ?? 'ClusterIP', selector: { app: name }, ports: [{ name: 'http', port, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: {
          metadata: { labels: { app: name, ...more.labels }, annotations: more.annotations },
          spec: { containers: [{ name: 'main', image: 'example.com/app:1', ports: [{ containerPort: 8080 }] }] },
        },
      },
    },
  ];
}

/** Contour: a shop with weights, a rewrite, an include, a canary header and TLS. */
export const contour: any[] = [
  ...yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: shop, namespace: web}
spec:
  virtualhost:
    fqdn: shop.example.com
    tls: {secretName: shop-tls}
  includes:
    - {name: account, namespace: team, conditions: [{prefix: /account}]}
  routes:
    - conditions: [{prefix: /cart}]
      permitInsecure: true
      pathRewritePolicy: {replacePrefix: [{replacement: /basket}]}
      requestHeadersPolicy:
        set: [{name: X-Env, value: prod}]
        remove: [X-Debug]
      timeoutPolicy: {response: 5s}
      services:
        - {name: cart, port: 80, weight: 70}
        - {name: cart-next, port: 80, weight: 30}
    - conditions: [{prefix: /search}, {header: {name: X-Canary, exact: "yes"}}]
      services: [{name: cart-next, port: 80}]
    - conditions: [{prefix: /old}]
      requestRedirectPolicy: {hostname: archive.example.com, statusCode: 302}
      services: []
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: account, namespace: team}
spec:
  routes:
    - services:
        - {name: account, port: 80}
        - {name: audit, port: 80, mirror: true}
---
apiVersion: v1
kind: Secret
metadata: {name: shop-tls, namespace: web}
type: kubernetes.io/tls
data:
  tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==
  tls.key: UkVEQUNURUQtS0VZ
`),
  ...application('web', 'cart'), ...application('web', 'cart-next'), ...application('team', 'account'), ...application('team', 'audit'),
];

/** An ALB that ends TLS in front of an Istio gateway. */
export const albToIstio: any[] = [
  ...yaml(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
  namespace: istio-ingress
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    alb.ingress.kubernetes.io/ssl-redirect: '443'
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:eu-west-1:111122223333:certificate/example
    alb.ingress.kubernetes.io/healthcheck-path: /healthz/ready
    alb.ingress.kubernetes.io/healthcheck-port: '15021'
spec:
  ingressClassName: alb
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: gateway, port: {number: 80}}}}
---
apiVersion: v1
kind: Service
metadata: {name: gateway, namespace: istio-ingress}
spec:
  selector: {istio: gateway}
  ports:
    - {name: status-port, port: 15021}
    - {name: http2, port: 80, targetPort: 8080}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway, namespace: istio-ingress}
spec:
  selector: {matchLabels: {istio: gateway}}
  template:
    metadata:
      labels: {istio: gateway}
      annotations: {inject.istio.io/templates: gateway}
    spec: {containers: [{name: istio-proxy, image: auto}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: istio-ingress}
spec:
  selector: {istio: gateway}
  servers:
    - {port: {number: 80, name: http, protocol: HTTP}, hosts: ["*.example.com"]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: orders, namespace: orders}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/edge]
  http:
    - match: [{uri: {prefix: /api/v1/orders}}]
      rewrite: {uri: /orders}
      retries: {attempts: 0}
      route: [{destination: {host: orders, port: {number: 80}}}]
    - match: [{uri: {exact: /status}, headers: {x-probe: {exact: "1"}}}]
      route: [{destination: {host: orders, port: {number: 80}}}]
`),
  ...application('orders', 'orders'),
];

/** Contour in front of a Dapr sidecar that invokes an application. */
export const daprIngress: any[] = [
  ...yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: api, namespace: ingress}
spec:
  virtualhost: {fqdn: api.example.com}
  routes:
    - conditions: [{prefix: /backend}]
      pathRewritePolicy: {replacePrefix: [{prefix: /backend, replacement: /}]}
      requestHeadersPolicy:
        set: [{name: dapr-app-id, value: orders.apps}]
      services: [{name: dapr-ingress, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: dapr-ingress, namespace: ingress}
spec:
  selector: {app: dapr-ingress}
  ports: [{name: http, port: 80, targetPort: 3500}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: dapr-ingress, namespace: ingress}
spec:
  selector: {matchLabels: {app: dapr-ingress}}
  template:
    metadata:
      labels: {app: dapr-ingress}
      annotations:
        dapr.io/enabled: "true"
        dapr.io/app-id: ingress
        dapr.io/sidecar-listen-addresses: 0.0.0.0
    spec: {containers: [{name: pause, image: example.com/pause:1}]}
`),
  ...application('apps', 'orders', 80, { annotations: { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'orders', 'dapr.io/app-port': '8080' } }),
];

/** A Gateway of the Gateway API with an HTTPRoute. */
export const gatewayApi: any[] = [
  ...yaml(`
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge, namespace: web}
spec:
  gatewayClassName: istio
  listeners:
    - {name: http, port: 80, protocol: HTTP, hostname: "*.example.com"}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: web}
spec:
  parentRefs: [{name: edge}]
  hostnames: [shop.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /cart}}, {path: {value: /basket}, headers: [{name: x-version, value: "2"}]}]
      filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}]
      backendRefs: [{name: cart, port: 80, weight: 9}, {name: cart-next, port: 80, weight: 1}]
    - matches: [{path: {type: Exact, value: /old}, method: GET}]
      filters: [{type: RequestRedirect, requestRedirect: {hostname: archive.example.com, statusCode: 301}}]
`),
  ...application('web', 'cart'), ...application('web', 'cart-next'),
];

/** App Mesh: a virtual gateway, two gateway routes, a router with weights. */
export const appMesh: any[] = [
  ...yaml(`
apiVersion: v1
kind: Namespace
metadata: {name: mesh, labels: {mesh: main, gateway: edge, appmesh.k8s.aws/sidecarInjectorWebhook: enabled}}
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
  podSelector: {matchLabels: {app: edge}}
  listeners: [{portMapping: {port: 8088, protocol: http}}]
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: GatewayRoute
metadata: {name: orders, namespace: mesh}
spec:
  httpRoute:
    match: {prefix: /orders}
    action: {target: {virtualService: {virtualServiceRef: {name: orders}}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: {name: orders, namespace: mesh}
spec: {awsName: orders.mesh.svc.cluster.local, provider: {virtualRouter: {virtualRouterRef: {name: orders}}}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualRouter
metadata: {name: orders, namespace: mesh}
spec:
  listeners: [{portMapping: {port: 8080, protocol: http}}]
  routes:
    - name: all
      httpRoute:
        match: {prefix: /}
        action: {weightedTargets: [{virtualNodeRef: {name: orders}, weight: 3}, {virtualNodeRef: {name: orders-next}, weight: 1}]}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: orders, namespace: mesh}
spec:
  podSelector: {matchLabels: {app: orders}}
  listeners: [{portMapping: {port: 8080, protocol: http}}]
  serviceDiscovery: {dns: {hostname: orders.mesh.svc.cluster.local}}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: {name: orders-next, namespace: mesh}
spec:
  podSelector: {matchLabels: {app: orders-next}}
  listeners: [{portMapping: {port: 8080, protocol: http}}]
  serviceDiscovery: {dns: {hostname: orders-next.mesh.svc.cluster.local}}
`),
  ...application('mesh', 'orders', 8080), ...application('mesh', 'orders-next', 8080),
];

/** A Google load balancer. */
export const gce: any[] = [
  ...yaml(`
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: edge
  namespace: web
  annotations: {kubernetes.io/ingress.class: gce}
spec:
  rules:
    - host: shop.example.com
      http:
        paths:
          - {path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {number: 80}}}}
          - {path: /status, pathType: Exact, backend: {service: {name: cart, port: {name: http}}}}
`),
  ...application('web', 'cart', 80, { type: 'NodePort' }),
];

/** Every set with requests that ask something of it. */
export const SCENES: { name: string; objects: any[]; requests: TrafficRequest[] }[] = [
  {
    name: 'Contour',
    objects: contour,
    requests: [
      { url: 'https://shop.example.com/cart/1', headers: { 'X-Debug': '1' } }, { url: 'https://shop.example.com/account' }, { url: 'http://shop.example.com/search' },
      { url: 'https://shop.example.com/old/x' }, { url: 'https://shop.example.com/card' }, { url: 'https://shpo.example.com/' },
    ],
  },
  {
    name: 'ALB to Istio',
    objects: albToIstio,
    requests: [
      { url: 'https://shop.example.com/api/v1/orders/7' }, { url: 'http://shop.example.com/' }, { url: 'https://shop.example.com/status' },
      { url: 'http://shop.example.com:8080/status', entry: 'Deployment/istio-ingress/gateway' },
    ],
  },
  { name: 'Dapr', objects: daprIngress, requests: [{ url: 'http://api.example.com/backend/v1/list' }, { url: 'http://api.example.com/' }] },
  {
    name: 'Gateway API',
    objects: gatewayApi,
    requests: [{ url: 'http://shop.example.com/cart/1' }, { url: 'http://shop.example.com/old' }, { url: 'http://shop.example.com/basket' }, { url: 'http://other.example.org/' }],
  },
  { name: 'App Mesh', objects: appMesh, requests: [{ url: 'http://shop.example.com:8088/orders/1', entry: 'VirtualGateway/mesh/edge' }, { url: 'http://orders.mesh:8080/', from: 'Deployment/mesh/orders' }] },
  { name: 'GCE', objects: gce, requests: [{ url: 'http://shop.example.com/cart/1' }, { url: 'http://shop.example.com/carts' }] },
];
