import { withDelegates } from './delegates';
import { originOf, Proxy, toService } from './destinations';
import { hostWithin } from './hosts';
import { httpRoutes } from './http-routes';
import { alias, MeshRoutes, Outbound } from './outbound';
import { IstioService, Registry } from './registry';
import { elsewhere, tlsAction } from './sidecar-connections';
import { aliases, SidecarScope } from './sidecar-scope';
import { Cluster, Workload } from '../../cluster';
import { Action } from '../../network/action';
import { Chain, Hop, Listener } from '../../network/hop';
import { HostTable, VirtualHost } from '../../network/host-table';
import { origin } from '../../network/origin';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { ReadObject } from '../../read/objects';

/** The ports on which the sidecar itself takes what iptables sends it; nobody gets through there. */
const OWN_PORTS = [15001, 15006];

/** What the sidecar of a workload does with requests that the workload sends. */
export function sidecarOutbound(workload: Workload, cluster: Cluster, options: TrafficModelOptions, registry: Registry, meshRoutes: MeshRoutes): Hop {
  const here = origin(workload.ref);
  const proxy: Proxy = { namespace: workload.namespace, labels: workload.podLabels };
  const scope = new SidecarScope(workload, cluster, options);
  const listeners = new Map<number, Listener>();
  const listener = (port: number) => {
    let found = listeners.get(port);
    if (!found) listeners.set(port, found = build({ workload, cluster, scope, meshRoutes, context: { gateway: 'mesh', port, proxy, registry, options } }));
    return found;
  };
  return { origin: here, title: `sidecar of ${workload.ref}`, listener, ports: () => [] };
}

function build(outbound: Outbound): Listener {
  const { workload, scope, context } = outbound;
  const { port, registry } = context;
  const here = origin(workload.ref);
  if (OWN_PORTS.includes(port)) {
    const action: Action = { kind: 'refuse', why: `closes the connection: port ${port} is the sidecar's own` };
    return { origin: here, chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action } })) };
  }
  const onPort = registry.services.filter((service) => scope.sees(service, port))
    .filter((service) => service.service?.externalName !== undefined || service.ports.some((each) => each.number === port));
  const hosts = new HostTable({ wildcard: 'any' });
  const speaking = onPort.filter((service) => speaksHttp(service, port));
  for (const service of speaking) {
    const host = virtualHost(service, outbound);
    for (const name of aliases(service, workload.namespace)) hosts.add(name, host);
  }
  addUnknownHosts(hosts, speaking, outbound);
  hosts.add('*', anywhere((request) => elsewhere(request, onPort, outbound), here));
  const noHost = { status: 502, why: 'no service of the mesh has the name, and the proxy lets nothing else out' };
  const chains: Chain[] = [
    { origin: here, tls: 'none', handling: { kind: 'http', http: { hosts, noHost } } },
    { origin: here, tls: 'pass', handling: { kind: 'tcp', action: { kind: 'choose', choose: (request) => tlsAction(request, onPort, outbound) } } },
  ];
  return { origin: here, chains };
}

// HTTP, or bytes that the proxy looks at to see whether they are.
function speaksHttp(service: IstioService, port: number): boolean {
  const protocol = service.ports.find((each) => each.number === port)?.protocol;
  return service.service?.externalName !== undefined || protocol === 'http' || protocol === undefined;
}

function virtualHost(service: IstioService, outbound: Outbound): VirtualHost {
  const { context } = outbound;
  const { port, proxy, registry } = context;
  const here = originOf(service);
  const noRoute = { status: 404, why: `no route for ${service.host} takes the request` };
  const added = outbound.meshRoutes(service, port, proxy);
  if (added) return { origin: here, routes: added, noRoute };
  const object = outbound.scope.virtualServiceFor(service.host);
  const routes = object && table(object, outbound);
  // A VirtualService none of whose routes is for this port or sender leaves the service as it is.
  if (routes) return { origin: here, routes, noRoute };
  const target = service.service?.externalName === undefined || service.ports.some((each) => each.number === port)
    ? toService(service, port, undefined, proxy, registry)
    : alias(service, context);
  const route: Route = {
    origin: here,
    match: { path: { kind: 'any' }, values: [] },
    action: { kind: 'forward', targets: [{ origin: here, weight: 1, destination: target.destination, transforms: target.transforms, policies: target.policies }] },
    transforms: [],
    policies: [],
    rank: { tier: 0, block: 0, index: 0 },
  };
  return { origin: here, routes: new RouteTable([route]), noRoute };
}

function table(object: ReadObject, { context, cluster }: Outbound): RouteTable | undefined {
  const routes = httpRoutes(withDelegates(object, cluster), context).map((route, index) => ({ ...route, rank: { tier: 0, block: 0, index } }));
  return routes.length > 0 ? new RouteTable(routes) : undefined;
}

// Hosts of VirtualServices that no service has: on the ports of the services that the same object is for, else on port 80.
function addUnknownHosts(hosts: HostTable, speaking: readonly IstioService[], outbound: Outbound): void {
  const { scope, context } = outbound;
  if (speaking.length === 0 && (context.options.complete || !scope.open)) return;
  const assumptions = speaking.length > 0 ? [] : [`some service of the mesh has HTTP on port ${context.port}`];
  const known = new Set(speaking.map((service) => service.host));
  for (const { object, hosts: own } of scope.httpServices) {
    const unknown = own.filter((host) => !(host.startsWith('*') ? speaking.some((service) => hostWithin(service.host, host)) : known.has(host)));
    if (unknown.length === 0 || (unknown.length === own.length && context.port !== 80)) continue;
    const routes = table(object, outbound);
    if (!routes) continue;
    const assumed = assumptions.length === 0 ? routes : new RouteTable(routes.routes.map((route) => ({ ...route, assumptions })));
    for (const host of unknown) hosts.add(host, { origin: origin(object.ref), routes: assumed, noRoute: { status: 404, why: `no route of ${host} takes the request` } });
  }
}

function anywhere(choose: (request: Request) => Action, here: ReturnType<typeof origin>): VirtualHost {
  return {
    origin: here,
    noRoute: { status: 502, why: 'the proxy lets nothing else out' },
    routes: new RouteTable([{ origin: here, match: { path: { kind: 'any' }, values: [] }, action: { kind: 'choose', choose }, transforms: [], policies: [], rank: { tier: 0, block: 0, index: 0 } }]),
  };
}
