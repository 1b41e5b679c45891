import { MeshClient, listenerMode } from './client-tls';
import { listenerPorts, RouteKind, routeMatch, routePart, specificity } from './matches';
import { awsNameOf, gatewaysOf, GROUP, meshOf, referenced } from './membership';
import { VirtualServices } from './services';
import { Cluster } from '../../cluster';
import { Chain, Hop, Listener } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { CustomTest, Match } from '../../network/match';
import { origin, Origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { literal, Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** A route of a gateway, with what it rests on. */
interface GatewayRoute {
  readonly object: ReadObject;
  readonly assumptions: readonly string[];
}

/** The routes of gateways: each belongs to exactly one of its own mesh, or to none. */
export function routesByGateway(cluster: Cluster, options: TrafficModelOptions): Map<string, GatewayRoute[]> {
  const result = new Map<string, GatewayRoute[]>();
  for (const object of cluster.all(GROUP, 'GatewayRoute')) {
    const gateways = gatewaysOf(object, cluster);
    if (gateways.length !== 1) continue;
    const [gateway] = gateways;
    const [mine, its] = [meshOf(object, cluster, options), meshOf(gateway, cluster, options)];
    if ('problem' in mine || 'problem' in its || mine.mesh.ref !== its.mesh.ref) continue;
    const assumptions = [mine.assumption, its.assumption].filter((each): each is string => each !== undefined);
    result.set(gateway.ref, [...(result.get(gateway.ref) ?? []), { object, assumptions }]);
  }
  return result;
}

export function gatewayHop(
  gateway: ReadObject, routes: readonly GatewayRoute[], cluster: Cluster, options: TrafficModelOptions, services: VirtualServices,
): Hop {
  const here = origin(gateway.ref);
  const member = meshOf(gateway, cluster, options);
  const listener = (port: number): Listener | undefined => {
    const index = listenerPorts(gateway.spec).findIndex((each) => each.port === port);
    if (index < 0) return undefined;
    const at = within(here, `spec.listeners[${index}]`);
    const assumptions = member.assumption ? [member.assumption] : [];
    if ('problem' in member) {
      return { origin: at, chains: [{ origin: at, tls: 'none', handling: { kind: 'tcp', action: { kind: 'refuse', why: member.problem } } }], assumptions };
    }
    const { protocol } = listenerPorts(gateway.spec)[index];
    const noRoute = { status: 404, why: 'no GatewayRoute takes the request' };
    const hosts = new HostTable({ wildcard: 'any' });
    hosts.add('*', { origin: at, routes: gatewayTable(routes, gateway, protocol, port, cluster, services), noRoute });
    const mode = listenerMode(recordsOf(gateway.spec.listeners)[index]);
    const chain = (tls: 'terminate' | 'none'): Chain => ({ origin: at, tls, handling: { kind: 'http', http: { hosts, noHost: noRoute } } });
    const chains = mode === 'STRICT' ? [chain('terminate')] : mode === 'PERMISSIVE' ? [chain('terminate'), chain('none')] : [chain('none')];
    return { origin: at, chains, assumptions };
  };
  return { origin: here, title: `VirtualGateway ${gateway.namespace}/${gateway.name}`, listener, ports: () => listenerPorts(gateway.spec).map((each) => each.port) };
}

// Priority first, then the longer prefix; beyond that nothing decides.
function gatewayTable(
  routes: readonly GatewayRoute[], gateway: ReadObject, protocol: string, port: number, cluster: Cluster, services: VirtualServices,
): RouteTable {
  const usable = routes.filter(({ object }) => {
    const part = routePart(object.spec);
    return part?.kind === protocol && (part.route.match?.port === undefined || part.route.match.port === port);
  });
  const prefix = ({ object }: GatewayRoute) => specificity(routePart(object.spec)!.route.match);
  const priority = ({ object }: GatewayRoute): number => object.spec.priority ?? 1000;
  const ordered = [...usable].sort((a, b) => priority(a) - priority(b) || (prefix(b) ?? Infinity) - (prefix(a) ?? Infinity) || 0);
  const ownHosts = ordered.filter(namesHost).map(({ object }) => routeMatch('http', { hostname: routePart(object.spec)!.route.match.hostname }));
  const read = ordered.map((route, i) => readRoute(route, i, gateway, namesHost(route) ? [] : ownHosts, cluster, services));
  return new RouteTable(read, {
    decided: (a, b) => {
      const [x, y] = [prefix(ordered[a.rank.block]), prefix(ordered[b.rank.block])];
      return x !== undefined && y !== undefined && x !== y;
    },
  });
}

function namesHost({ object }: GatewayRoute): boolean {
  return isRecord(routePart(object.spec)!.route.match?.hostname);
}

function readRoute(
  { object, assumptions }: GatewayRoute, block: number, gateway: ReadObject, ownHosts: readonly Match[], cluster: Cluster, services: VirtualServices,
): Route {
  const { kind, route, at: part } = routePart(object.spec)!;
  const at = within(origin(object.ref), `spec.${part}`);
  const target = route.action?.target;
  const reference = target?.virtualService?.virtualServiceRef;
  const client: MeshClient = { object: gateway };
  const fallback: CustomTest = {
    text: 'the host has no routes of its own, or they leave it to this one',
    test: (request: Request) => (ownHosts.some(({ values }) => values.every((test) => hostIs(test.op, test.value ?? '', request.host))) ? undefined : true),
  };
  return {
    origin: at,
    match: { ...routeMatch(kind, route.match), custom: ownHosts.length > 0 ? [fallback] : [] },
    action: { kind: 'forward', targets: [{ origin: within(at, 'action.target'), weight: 1, destination: services.destination(reference, object.namespace, target?.port, client), transforms: [] }] },
    transforms: [clear(at), ...pathRewrite(kind, route, at), ...hostRewrite(route, at, reference, object, cluster)],
    policies: [{ name: 'timeout', value: '15s (default)', origin: at }],
    rank: { tier: object.spec.priority ?? 1000, block, index: 0 },
    assumptions,
  };
}

function hostIs(op: string, value: string, host: string): boolean {
  return op === 'suffix' ? host.endsWith(value) : host === value;
}

/** The client's TLS ends at an Envoy; what it says to the next is its own. */
export function clear(at: Origin): Transform {
  return { origin: at, kind: 'custom', text: 'leaves the client\'s TLS behind', apply: (request) => (request.tls ? request.with({ tls: false, sni: undefined }) : request) };
}

// A matched prefix is replaced by "/" unless the route says otherwise.
function pathRewrite(kind: RouteKind, route: Record<string, any>, at: Origin): Transform[] {
  if (kind === 'grpc') return [];
  const rewrite = route.action?.rewrite;
  const here = within(at, 'action.rewrite');
  if (rewrite?.path?.exact) return [{ origin: here, kind: 'replacePath', path: rewrite.path.exact }];
  const prefix = route.match?.prefix;
  if (typeof prefix !== 'string' || prefix === '/') return [];
  if (rewrite?.prefix?.value) return [{ origin: here, kind: 'replacePrefix', prefix, replacement: rewrite.prefix.value }];
  if (rewrite?.prefix?.defaultPrefix === 'DISABLED') return [];
  return [{ origin: at, kind: 'replacePrefix', prefix, replacement: '/', mergeSlashes: true }];
}

function hostRewrite(route: Record<string, any>, at: Origin, reference: any, object: ReadObject, cluster: Cluster): Transform[] {
  if (route.action?.rewrite?.hostname?.defaultTargetHostname === 'DISABLED') return [];
  const name = referenced(reference, object.namespace);
  const service = name && cluster.find(GROUP, 'VirtualService', name.namespace, name.name);
  return service ? [{ origin: at, kind: 'setHost', host: literal(awsNameOf(service)) }] : [];
}
