import { Cluster } from '../cluster';
import { Action } from '../network/action';
import { Chain, Hop, HttpHandling, Listener } from '../network/hop';
import { HostTable } from '../network/host-table';
import { SystemInput } from '../network/network';
import { origin } from '../network/origin';
import { RouteTable } from '../network/route-table';
import { TrafficModelOptions } from '../options';
import { ReadObject, recordsOf } from '../read/objects';
import { attachmentProblem, GatewayListener, GROUP, hostnamesOn, listenersOf, refersTo } from './gateway-api/attachment';
import { backendDestination, routesOf } from './gateway-api/rules';

/** Gateways of the Gateway API with the routes that attach to them. */
export function gatewayApi({ cluster, options, network }: SystemInput): void {
  const hops = new Map<string, Hop>();
  for (const gateway of cluster.all(GROUP, 'Gateway')) {
    const hop = gatewayHop(gateway, cluster, options);
    hops.set(`${gateway.namespace}/${gateway.name}`, hop);
    const waypoint = gateway.spec.gatewayClassName === 'istio-waypoint';
    network.addEntry({ ref: gateway.ref, hop, outermost: !waypoint && gateway.annotations['networking.istio.io/service-type'] !== 'ClusterIP' });
    if (gateway.spec.gatewayClassName === 'istio') {
      const name = gateway.annotations['gateway.istio.io/name-override'] ?? `${gateway.name}-istio`;
      network.onService((namespace, service) => (namespace === gateway.namespace && service === name ? hop : undefined));
    }
  }
  network.onPods((workload) => {
    const name = workload.podLabels['gateway.networking.k8s.io/gateway-name'];
    return name === undefined ? undefined : hops.get(`${workload.namespace}/${name}`);
  });
}

function gatewayHop(gateway: ReadObject, cluster: Cluster, options: TrafficModelOptions): Hop {
  const here = origin(gateway.ref);
  let read: readonly GatewayListener[] | undefined;
  const listeners = () => (read ??= listenersOf(gateway, cluster));
  const built = new Map<number, Listener | undefined>();
  return {
    origin: here,
    title: `Gateway ${gateway.namespace}/${gateway.name}`,
    ports: () => [...new Set(listeners().map((each) => each.port))],
    hosts: (port) => listeners().filter((each) => each.port === port).map((each) => each.hostname ?? '*'),
    listener: (port) => {
      if (!built.has(port)) built.set(port, buildListener(listeners().filter((each) => each.port === port), cluster, options, here));
      return built.get(port);
    },
  };
}

function buildListener(listeners: readonly GatewayListener[], cluster: Cluster, options: TrafficModelOptions, here: ReturnType<typeof origin>): Listener | undefined {
  if (listeners.length === 0) return undefined;
  const chains: Chain[] = [];
  const clear = listeners.filter((each) => each.protocol === 'HTTP');
  if (clear.length > 0) chains.push({ origin: clear[0].at, tls: 'none', handling: { kind: 'http', http: httpHandling(clear, cluster, options) } });
  for (const listener of listeners) {
    const serverNames = listener.hostname === undefined ? undefined : [listener.hostname];
    if (listener.protocol === 'HTTPS') {
      chains.push({ origin: listener.at, serverNames, tls: 'terminate', handling: { kind: 'http', http: httpHandling([listener], cluster, options) } });
    } else if (listener.protocol === 'TLS' || listener.protocol === 'TCP') {
      chains.push(...layer4(listener, cluster, options));
    }
  }
  return { origin: here, chains };
}

/** The routes of some kinds that attach to a listener. */
function attached(listener: GatewayListener, kinds: readonly string[], cluster: Cluster): ReadObject[] {
  return kinds.flatMap((kind) => cluster.all(GROUP, kind)).filter((route) => recordsOf(route.spec.parentRefs)
    .some((parent) => refersTo(parent, route, listener.owner) && attachmentProblem(route, parent, listener, cluster) === undefined));
}

// Each name belongs to the listener whose own is most specific; its routes alone are asked.
function httpHandling(listeners: readonly GatewayListener[], cluster: Cluster, options: TrafficModelOptions): HttpHandling {
  const noRoute = { status: 404, why: 'no route takes the request' };
  const names = new Map<string, { listener: GatewayListener; routes: ReadObject[] }>();
  for (const listener of listeners) {
    const own = listener.hostname ?? '*';
    if (!names.has(own)) names.set(own, { listener, routes: [] });
    for (const route of attached(listener, ['HTTPRoute', 'GRPCRoute'], cluster)) {
      for (const name of hostnamesOn(route, listener)) {
        if (inCharge(name, listeners) !== listener) continue;
        const known = names.get(name) ?? { listener, routes: [] };
        if (!known.routes.includes(route)) known.routes.push(route);
        names.set(name, known);
      }
    }
  }
  const hosts = new HostTable({ wildcard: 'any' });
  for (const [name, { listener, routes }] of names) {
    const age = (route: ReadObject) => route.created;
    hosts.add(name, {
      origin: listener.at,
      noRoute,
      routes: new RouteTable(routesOf(routes, listener.port, cluster, options), {
        decided: (a, b) => {
          const [x, y] = [a, b].map((each) => routes.find((route) => route.ref === each.origin.object)!);
          return x === y || (age(x) !== undefined && age(y) !== undefined && age(x) !== age(y));
        },
        otherwise: (a, b) => `${a.origin.object} and ${b.origin.object} are created at the same time, so that their names decide`,
      }),
    });
  }
  return { hosts, noHost: noRoute };
}

function inCharge(name: string, listeners: readonly GatewayListener[]): GatewayListener | undefined {
  let best: GatewayListener | undefined;
  for (const listener of listeners) {
    const { hostname } = listener;
    const covers = hostname === undefined || hostname === name || (hostname.startsWith('*') && name.endsWith(hostname.slice(1)) && name.length > hostname.length - 1);
    if (covers && (best === undefined || rank(hostname) > rank(best.hostname))) best = listener;
  }
  return best;
}

function rank(hostname: string | undefined): number {
  return hostname === undefined ? 0 : hostname.startsWith('*') ? hostname.length : 10_000;
}

function layer4(listener: GatewayListener, cluster: Cluster, options: TrafficModelOptions): Chain[] {
  const terminate = listener.protocol === 'TLS' && (listener.spec.tls?.mode ?? 'Terminate') === 'Terminate';
  const tls = listener.protocol === 'TCP' ? 'none' as const : terminate ? 'terminate' as const : 'pass' as const;
  return attached(listener, listener.protocol === 'TLS' ? ['TLSRoute', 'TCPRoute'] : ['TCPRoute'], cluster).map((route): Chain => {
    const at = { object: route.ref, at: 'spec.rules[0]' };
    const backends = recordsOf(recordsOf(route.spec.rules)[0]?.backendRefs);
    const action: Action = {
      kind: 'forward',
      targets: backends.map((backend, i) => ({
        origin: { object: route.ref, at: `spec.rules[0].backendRefs[${i}]` },
        weight: backend.weight ?? 1,
        transforms: [],
        destination: bytes(backendDestination(route, backend, cluster, options)),
      })),
    };
    const names = route.kind === 'TLSRoute' ? hostnamesOn(route, listener) : [];
    return { origin: at, serverNames: names.length === 0 || names.includes('*') ? undefined : names, tls, handling: { kind: 'tcp', action } };
  });
}

// What goes on as bytes fails as a closed connection.
function bytes<T extends ReturnType<typeof backendDestination>>(destination: T): T {
  if (destination.kind === 'service') return { ...destination, tls: undefined, missing: 'refuse', empty: 'refuse' };
  return destination.kind === 'answer' ? { ...destination, failure: 'refuse' } : destination;
}
