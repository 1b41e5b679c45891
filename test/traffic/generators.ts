import * as fc from 'fast-check';
import { application } from './scenery';

/** Objects with a request that asks something of them. */
export interface Case {
  readonly objects: any[];
  readonly request: { readonly url: string; readonly method?: string; readonly headers?: Record<string, string>; readonly entry?: string };
}

const SEGMENTS = ['/a', '/b', '/api', '/ab'];
const HEADERS = ['x-one', 'x-two'];
const VALUES = ['1', '2'];
const SERVICES = ['red', 'green', 'blue'];

const path = fc.array(fc.constantFrom(...SEGMENTS), { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));
const prefix = fc.oneof({ weight: 1, arbitrary: fc.constant('/') }, { weight: 4, arbitrary: path });
const header = fc.record({ name: fc.constantFrom(...HEADERS), value: fc.constantFrom(...VALUES) });
const service = fc.constantFrom(...SERVICES);
const asked = fc.record({
  path: fc.oneof(path, fc.constant('/')),
  headers: fc.dictionary(fc.constantFrom(...HEADERS), fc.constantFrom(...VALUES), { maxKeys: 2 }),
});

const applications = (namespace: string, type?: string, port = 80) => SERVICES.flatMap((name) => application(namespace, name, port, { type }));

function weighted<T>(build: (name: string, weight: number) => T): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.record({ name: service, weight: fc.integer({ min: 0, max: 10 }) }), { minLength: 1, maxLength: 3, selector: (each) => each.name })
    .map((list) => list.map((each) => build(each.name, each.weight)));
}

const contourConditions = fc.oneof(
  prefix.map((each) => [{ prefix: each }]),
  fc.tuple(prefix, header).map(([each, { name, value }]) => [{ prefix: each }, { header: { name, exact: value } }]),
  path.map((each) => [{ exact: each }]),
  path.map((each) => [{ regex: `${each}.*` }]),
);
const contourRoute = fc.record({ conditions: contourConditions, services: weighted((name, weight) => ({ name, port: 80, weight })) });

/** Roots that include proxies that include proxies. */
export const httpProxies: fc.Arbitrary<Case> = fc.record({
  root: fc.array(contourRoute, { maxLength: 3 }),
  middle: fc.array(contourRoute, { maxLength: 3 }),
  leaf: fc.array(contourRoute, { minLength: 1, maxLength: 3 }),
  under: fc.tuple(prefix, prefix),
  asked,
}).map(({ root, middle, leaf, under, asked: { path: at, headers } }) => ({
  objects: [
    { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'web', name: 'root' }, spec: { virtualhost: { fqdn: 'shop.example.com' }, includes: [{ name: 'middle', conditions: [{ prefix: under[0] }] }], routes: root } },
    { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'web', name: 'middle' }, spec: { includes: [{ name: 'leaf', conditions: [{ prefix: under[1] }] }], routes: middle } },
    { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'web', name: 'leaf' }, spec: { routes: leaf } },
    ...applications('web'),
  ],
  request: { url: `http://shop.example.com${at}`, headers },
}));

/** Ingresses of one ALB group, with orders that may be the same. */
export const albGroups: fc.Arbitrary<Case> = fc.record({
  members: fc.array(fc.record({
    order: fc.integer({ min: 0, max: 3 }),
    host: fc.option(fc.constantFrom('shop.example.com', '*.example.com')),
    paths: fc.array(fc.record({ path: prefix, pathType: fc.constantFrom('Prefix', 'Exact'), service }), { minLength: 1, maxLength: 3 }),
  }), { minLength: 1, maxLength: 4 }),
  asked,
}).map(({ members, asked: { path: at, headers } }) => ({
  objects: [
    ...members.map(({ order, host, paths }, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { namespace: 'web', name: `member-${i}`, annotations: { 'alb.ingress.kubernetes.io/group.name': 'edge', 'alb.ingress.kubernetes.io/group.order': String(order), 'alb.ingress.kubernetes.io/scheme': 'internet-facing' } },
      spec: {
        ingressClassName: 'alb',
        rules: [{
          ...(host === null ? {} : { host }),
          http: {
            paths: paths.map((each) => ({ path: each.path, pathType: each.pathType, backend: { service: { name: each.service, port: { number: 80 } } } })),
          },
        }],
      },
    })),
    ...applications('web', 'NodePort'),
  ],
  request: { url: `http://shop.example.com${at}`, headers },
}));

/** VirtualServices of one gateway, some with the same host, some with the same age. */
export const virtualServices: fc.Arbitrary<Case> = fc.record({
  services: fc.array(fc.record({
    host: fc.constantFrom('shop.example.com', '*.example.com', 'other.example.com'),
    created: fc.option(fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')),
    http: fc.array(fc.record({
      match: fc.option(fc.array(fc.oneof(
        prefix.map((each) => ({ uri: { prefix: each } })), path.map((each) => ({ uri: { exact: each } })),
        header.map(({ name, value }) => ({ headers: { [name]: { exact: value } } })),
      ), { minLength: 1, maxLength: 2 })),
      route: weighted((name, weight) => ({ destination: { host: name, port: { number: 80 } }, weight })),
    }), { minLength: 1, maxLength: 3 }),
  }), { minLength: 1, maxLength: 3 }),
  asked,
}).map(({ services, asked: { path: at, headers } }) => ({
  objects: [
    { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { namespace: 'web', name: 'edge' }, spec: { selector: { istio: 'edge' }, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'web', name: 'edge' },
      spec: { selector: { matchLabels: { istio: 'edge' } }, template: { metadata: { labels: { istio: 'edge' }, annotations: { 'inject.istio.io/templates': 'gateway' } }, spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } } },
    },
    ...services.map(({ host, created, http }, i) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'web', name: `service-${i}`, ...(created === null ? {} : { creationTimestamp: created }) },
      spec: { hosts: [host], gateways: ['edge'], http: http.map(({ match, route }) => ({ ...(match === null ? {} : { match }), route })) },
    })),
    ...applications('web'),
  ],
  request: { url: `http://shop.example.com${at}`, headers, entry: 'Deployment/web/edge' },
}));

/** HTTPRoutes of one Gateway. */
export const httpRoutes: fc.Arbitrary<Case> = fc.record({
  routes: fc.array(fc.record({
    hostnames: fc.constantFrom([], ['shop.example.com'], ['*.example.com']),
    created: fc.option(fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z')),
    rules: fc.array(fc.record({
      matches: fc.array(fc.record({
        path: fc.record({ type: fc.constantFrom('PathPrefix', 'Exact'), value: prefix }),
        headers: fc.array(header, { maxLength: 1 }),
      }), { maxLength: 2 }),
      backendRefs: weighted((name, weight) => ({ name, port: 80, weight })),
    }), { minLength: 1, maxLength: 3 }),
  }), { minLength: 1, maxLength: 3 }),
  asked,
}).map(({ routes, asked: { path: at, headers } }) => ({
  objects: [
    { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { namespace: 'web', name: 'edge' }, spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] } },
    ...routes.map(({ hostnames, created, rules }, i) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: { namespace: 'web', name: `route-${i}`, ...(created === null ? {} : { creationTimestamp: created }) },
      spec: { parentRefs: [{ name: 'edge' }], hostnames, rules },
    })),
    ...applications('web'),
  ],
  request: { url: `http://shop.example.com${at}`, headers },
}));

/** GatewayRoutes of one virtual gateway, with priorities that may be the same. */
export const gatewayRoutes: fc.Arbitrary<Case> = fc.record({
  routes: fc.array(fc.record({ priority: fc.option(fc.integer({ min: 0, max: 2 })), prefix, service }), { minLength: 1, maxLength: 4 }),
  asked,
}).map(({ routes, asked: { path: at, headers } }) => ({
  objects: [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', labels: { mesh: 'main' } } },
    { apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'Mesh', metadata: { name: 'main' }, spec: { namespaceSelector: { matchLabels: { mesh: 'main' } } } },
    { apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'VirtualGateway', metadata: { namespace: 'web', name: 'edge' }, spec: { namespaceSelector: { matchLabels: { mesh: 'main' } }, listeners: [{ portMapping: { port: 80, protocol: 'http' } }] } },
    ...routes.map((each, i) => ({
      apiVersion: 'appmesh.k8s.aws/v1beta2',
      kind: 'GatewayRoute',
      metadata: { namespace: 'web', name: `route-${i}` },
      spec: {
        ...(each.priority === null ? {} : { priority: each.priority }),
        httpRoute: { match: { prefix: each.prefix }, action: { target: { virtualService: { virtualServiceRef: { name: each.service } } } } },
      },
    })),
    ...SERVICES.flatMap((name) => [
      { apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'VirtualService', metadata: { namespace: 'web', name }, spec: { awsName: `${name}.web.svc.cluster.local`, provider: { virtualNode: { virtualNodeRef: { name } } } } },
      { apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'VirtualNode', metadata: { namespace: 'web', name }, spec: { listeners: [{ portMapping: { port: 8080, protocol: 'http' } }], serviceDiscovery: { dns: { hostname: `${name}.web.svc.cluster.local` } } } },
    ]),
    ...applications('web', undefined, 8080),
  ],
  request: { url: `http://shop.example.com${at}`, headers, entry: 'VirtualGateway/web/edge' },
}));

/** Every generator under its name. */
export const SYSTEMS: readonly (readonly [string, fc.Arbitrary<Case>])[] = [
  ['HTTPProxy trees', httpProxies], ['ALB groups', albGroups], ['VirtualServices', virtualServices], ['HTTPRoutes', httpRoutes], ['GatewayRoutes', gatewayRoutes],
];
