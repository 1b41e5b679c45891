import type { TrafficRequest } from '../src/traffic/trace';

/** Manifests of a number of routes over a number of hosts, and requests for each route. */
export interface ModelCase {
  manifests(routes: number, hosts: number): object[];
  request(route: number, hosts: number): TrafficRequest;
}

/** What the traffic model is measured with, by name. Every fourth route goes to two Services, every other one is rewritten. */
export const MODEL_CASES: Record<string, ModelCase> = {
  HTTPProxy: {
    manifests: (routes, hosts) => eachHost(routes, hosts).flatMap(({ host, name, numbers }) => [...application(name), {
      apiVersion: 'projectcontour.io/v1',
      kind: 'HTTPProxy',
      metadata: { name, namespace: 'shop' },
      spec: {
        virtualhost: { fqdn: host },
        routes: numbers.map((i) => ({
          conditions: [{ prefix: `/api/${i}` }],
          ...(i % 2 === 0 ? { pathRewritePolicy: { replacePrefix: [{ replacement: '/' }] } } : {}),
          services: targets(i).map((weight) => ({ name, port: 80, ...(weight === undefined ? {} : { weight }) })),
          timeoutPolicy: { response: '30s' },
        })),
      },
    }]),
    request: (i, hosts) => ({ url: `http://${hostOf(i % hosts)}/api/${i}/orders?page=2`, headers: { 'x-tenant': 'blue' } }),
  },

  VirtualService: {
    manifests: (routes, hosts) => [...gateway(), ...eachHost(routes, hosts).flatMap(({ host, name, numbers }) => [...application(name), {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name, namespace: 'shop' },
      spec: {
        hosts: [host],
        gateways: ['istio-ingress/edge'],
        http: numbers.map((i) => ({
          name: `route-${i}`,
          match: [{ uri: { prefix: `/api/${i}/` } }],
          ...(i % 2 === 0 ? { rewrite: { uri: '/' } } : {}),
          route: targets(i).map((weight) => ({ destination: { host: `${name}.shop.svc.cluster.local`, port: { number: 80 } }, ...(weight === undefined ? {} : { weight }) })),
          timeout: '30s',
        })),
      },
    }])],
    request: (i, hosts) => ({ url: `http://${hostOf(i % hosts)}/api/${i}/orders?page=2`, headers: { 'x-tenant': 'blue' }, entry: 'Service/istio-ingress/edge' }),
  },
};

function eachHost(routes: number, hosts: number): { host: string; name: string; numbers: number[] }[] {
  return Array.from({ length: hosts }, (_, host) => ({
    host: hostOf(host),
    name: `shop-${host}`,
    numbers: Array.from({ length: Math.ceil((routes - host) / hosts) }, (_each, k) => host + k * hosts),
  }));
}

function hostOf(host: number): string {
  return `shop-${host}.example.com`;
}

function targets(route: number): (number | undefined)[] {
  return route % 4 === 0 ? [70, 30] : [undefined];
}

function application(name: string): object[] {
  const labels = { 'app.kubernetes.io/name': name };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: `registry.example.com/${name}:1.0`, ports: [{ name: 'http', containerPort: 8080 }] }] } },
      },
    },
  ];
}

function gateway(): object[] {
  const labels = { istio: 'edge' };
  const metadata = { name: 'edge', namespace: 'istio-ingress' };
  return [
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata,
      spec: { selector: labels, servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*.example.com'] }] },
    },
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'LoadBalancer', selector: labels, ports: [{ name: 'http2', port: 80, targetPort: 80 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels: { ...labels, 'sidecar.istio.io/inject': 'true' }, annotations: { 'inject.istio.io/templates': 'gateway' } },
          spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
        },
      },
    },
  ];
}
