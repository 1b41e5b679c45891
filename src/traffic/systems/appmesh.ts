import { Cluster, Workload } from '../cluster';
import { Destination } from '../network/action';
import { Chain, Hop, Listener } from '../network/hop';
import { HostTable } from '../network/host-table';
import { SystemInput } from '../network/network';
import { origin, Origin, within } from '../network/origin';
import { Route, RouteTable } from '../network/route-table';
import { literal, Transform } from '../network/transform';
import { TrafficModelOptions } from '../options';
import { isRecord, ReadObject, recordsOf } from '../read/objects';
import { listenerPorts, RouteKind, routeMatch, routePart, specificity } from './appmesh/matches';
import { awsNameOf, gatewaysOf, GROUP, isInjected, meshesOf, referenced, selecting } from './appmesh/membership';
import { VirtualServices } from './appmesh/services';

/** App Mesh: virtual gateways with their routes, and the Envoys beside the pods of virtual nodes. */
export function appMesh({ cluster, options, network }: SystemInput): void {
  const services = new VirtualServices(cluster, options);
  const routes = routesByGateway(cluster);
  const gateways = new Map<string, Hop>();
  for (const gateway of cluster.all(GROUP, 'VirtualGateway')) {
    const hop = gatewayHop(gateway, routes.get(gateway.ref) ?? [], cluster, services);
    gateways.set(gateway.ref, hop);
    network.addEntry({ ref: gateway.ref, hop, outermost: false });
  }
  network.onPods((workload, port) => {
    const [gateway] = selecting('VirtualGateway', workload, cluster);
    return gateway && listenerPorts(gateway.spec).some((listener) => listener.port === port) ? gateways.get(gateway.ref) : undefined;
  });
  const outbound = new Map<string, Hop>();
  network.onOutbound((workload) => {
    if (!isInjected(workload, cluster)) return undefined;
    const [node] = selecting('VirtualNode', workload, cluster);
    if (!node) return undefined;
    let hop = outbound.get(workload.ref);
    if (!hop) outbound.set(workload.ref, hop = outboundHop(node, workload, cluster, options, services));
    return hop;
  });
}

// A route belongs to exactly one gateway of its own mesh, or to none.
function routesByGateway(cluster: Cluster): Map<string, ReadObject[]> {
  const result = new Map<string, ReadObject[]>();
  for (const route of cluster.all(GROUP, 'GatewayRoute')) {
    const gateways = gatewaysOf(route, cluster);
    if (gateways.length !== 1) continue;
    const [gateway] = gateways;
    const [mine, its] = [meshesOf(route.namespace, cluster), meshesOf(gateway.namespace, cluster)];
    if (mine.length !== 1 || its.length !== 1 || mine[0].ref !== its[0].ref) continue;
    result.set(gateway.ref, [...(result.get(gateway.ref) ?? []), route]);
  }
  return result;
}

function gatewayHop(gateway: ReadObject, routes: readonly ReadObject[], cluster: Cluster, services: VirtualServices): Hop {
  const here = origin(gateway.ref);
  const listener = (port: number): Listener | undefined => {
    const index = listenerPorts(gateway.spec).findIndex((each) => each.port === port);
    if (index < 0) return undefined;
    const spec = recordsOf(gateway.spec.listeners)[index];
    const at = within(here, `spec.listeners[${index}]`);
    const { protocol } = listenerPorts(gateway.spec)[index];
    const noRoute = { status: 404, why: 'no GatewayRoute takes the request' };
    const hosts = new HostTable({ wildcard: 'any' });
    const read = routes.flatMap((route, i) => gatewayRoute(route, i, protocol, port, cluster, services));
    hosts.add('*', { origin: at, routes: new RouteTable(read, false), noRoute });
    const mode = isRecord(spec.tls) ? spec.tls.mode : 'DISABLED';
    const chain = (tls: 'terminate' | 'none'): Chain => ({ origin: at, tls, handling: { kind: 'http', http: { hosts, noHost: noRoute } } });
    const chains = mode === 'STRICT' ? [chain('terminate')] : mode === 'PERMISSIVE' ? [chain('terminate'), chain('none')] : [chain('none')];
    return { origin: at, chains };
  };
  return { origin: here, title: `VirtualGateway ${gateway.namespace}/${gateway.name}`, listener, ports: () => listenerPorts(gateway.spec).map((each) => each.port) };
}

function gatewayRoute(object: ReadObject, index: number, protocol: string, port: number, cluster: Cluster, services: VirtualServices): Route[] {
  const part = routePart(object.spec);
  if (!part || part.kind !== protocol) return [];
  const { kind, route } = part;
  if (route.match?.port !== undefined && route.match.port !== port) return [];
  const at = within(origin(object.ref), `spec.${part.at}`);
  const target = route.action?.target;
  const reference = target?.virtualService?.virtualServiceRef;
  const destination = services.destination(reference, object.namespace, target?.port);
  return [{
    origin: at,
    match: routeMatch(kind, route.match),
    action: { kind: 'forward', targets: [{ origin: within(at, 'action.target'), weight: 1, destination, transforms: [] }] },
    transforms: [...pathRewrite(kind, route, at), ...hostRewrite(route, at, reference, object, cluster)],
    policies: [{ name: 'timeout', value: '15s (default)', origin: at }],
    // Priority first, then the longest prefix; beyond that nothing decides.
    rank: { tier: (object.spec.priority ?? 1000) * 100_000 - specificity(route.match), block: index, index: 0 },
  }];
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

// What a pod of a virtual node sends: to its backends through the mesh, to others as the egress filter says.
function outboundHop(node: ReadObject, workload: Workload, cluster: Cluster, options: TrafficModelOptions, services: VirtualServices): Hop {
  const here = origin(node.ref);
  const backends = backendsOf(node, cluster, options);
  const [mesh] = meshesOf(node.namespace, cluster);
  const dropAll = mesh?.spec.egressFilter?.type !== 'ALLOW_ALL';
  const listener = (port: number): Listener => ({
    origin: here,
    chains: (['none', 'pass'] as const).map((tls) => ({
      origin: here,
      tls,
      handling: {
        kind: 'tcp',
        action: {
          kind: 'choose',
          choose: (request) => {
            const inMesh = services.byHost(request.hostName, backends, port);
            if (inMesh) return { kind: 'forward', targets: [{ origin: within(here, 'spec.backends'), weight: 1, destination: inMesh, transforms: [] }] };
            if (dropAll && !request.hostName.endsWith('.amazonaws.com')) {
              return { kind: 'respond', status: 404, why: `answers 404: ${request.hostName} is no backend, and the mesh lets nothing else out` };
            }
            return { kind: 'forward', targets: [{ origin: here, weight: 1, destination: unmeshed(request.hostName, port, workload, cluster, options), transforms: [] }] };
          },
        },
      },
    })),
  });
  return { origin: here, title: `Envoy of ${node.ref}`, listener, ports: () => [] };
}

function unmeshed(host: string, port: number, workload: Workload, cluster: Cluster, options: TrafficModelOptions): Destination {
  const domain = options.clusterDomain ?? 'cluster.local';
  const [name, namespace = workload.namespace] = host.endsWith(`.svc.${domain}`) ? host.slice(0, -`.svc.${domain}`.length).split('.') : host.split('.');
  return cluster.service(namespace, name) || host.endsWith(`.svc.${domain}`)
    ? { kind: 'service', namespace, name, port, missing: 'refuse', empty: 'refuse' }
    : { kind: 'end', destination: { kind: 'Host', name: host, port } };
}

function backendsOf(node: ReadObject, cluster: Cluster, options: TrafficModelOptions): ReadObject[] {
  const services: (ReadObject | undefined)[] = recordsOf(node.spec.backends).map((backend) => {
    const name = referenced(backend.virtualService?.virtualServiceRef, node.namespace);
    return name && cluster.find(GROUP, 'VirtualService', name.namespace, name.name);
  });
  if (options.appMesh?.backendGroups) {
    for (const group of recordsOf(node.spec.backendGroups)) {
      const namespace = group.namespace || node.namespace;
      if (group.name === '*') services.push(...cluster.all(GROUP, 'VirtualService').filter((each) => each.namespace === namespace));
      const object = cluster.find(GROUP, 'BackendGroup', namespace, group.name);
      for (const each of recordsOf(object?.spec.virtualservices)) services.push(cluster.find(GROUP, 'VirtualService', each.namespace || namespace, each.name));
    }
  }
  return services.filter((each): each is ReadObject => each !== undefined);
}
