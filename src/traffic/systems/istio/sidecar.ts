import { withDelegates } from './delegates';
import { Proxy, toService } from './destinations';
import { fullHost, hostWithin, mostSpecific } from './hosts';
import { httpRoutes, RouteContext } from './http-routes';
import { byCreation, exported, IstioService, Registry, visibleTo } from './registry';
import { Cluster, hasLabels, Workload } from '../../cluster';
import { Action, Destination } from '../../network/action';
import { Chain, Handling, Hop, HttpHandling, Listener } from '../../network/hop';
import { HostTable, VirtualHost } from '../../network/host-table';
import { origin } from '../../network/origin';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';


/** Adds routes that other APIs define for a Service of the mesh. */
export type MeshRoutes = (service: IstioService, port: number, proxy: Proxy) => readonly Route[] | undefined;

/** What the sidecar of a workload does with requests that the workload sends. */
export function sidecarOutbound(workload: Workload, cluster: Cluster, options: TrafficModelOptions, registry: Registry, meshRoutes: MeshRoutes): Hop {
  const here = origin(workload.ref);
  const proxy: Proxy = { namespace: workload.namespace, labels: workload.podLabels };
  const sidecar = sidecarOf(workload, cluster, options);
  const sees = (service: IstioService) => visibleTo(service.exportTo, service.namespace, workload.namespace) && imports(sidecar, service, workload.namespace);
  const services = registry.services.filter(sees);
  const mode = sidecar?.spec.outboundTrafficPolicy?.mode ?? options.istio?.outboundTrafficPolicy ?? 'ALLOW_ANY';
  const virtualServices = meshVirtualServices(cluster, workload.namespace, sidecar);
  const listeners = new Map<number, Listener>();

  const build = (port: number): Listener => {
    const onPort = services.filter((service) => service.ports.some((each) => each.number === port) || service.service?.externalName !== undefined);
    const hosts = new HostTable({ wildcard: 'any' });
    const context: RouteContext = { gateway: 'mesh', port, proxy, registry, options };
    for (const service of onPort) {
      const protocol = service.ports.find((each) => each.number === port)?.protocol;
      if (service.service?.externalName === undefined && (protocol === 'tcp' || protocol === 'tls')) continue;
      const host = virtualHost(service, port, virtualServices, context, cluster, meshRoutes);
      for (const name of aliases(service, workload.namespace)) hosts.add(name, host);
    }
    if (port === 80) addUnknownHosts(hosts, virtualServices, onPort, context, cluster);
    const noHost = { status: 502, why: 'no service of the mesh has the name, and the proxy lets nothing else out' };
    const http: HttpHandling = { hosts, noHost };
    const choose = (request: Request): Action => elsewhere(request, port, onPort, workload, mode, registry, proxy, cluster, options);
    const clear: Handling = { kind: 'http', http: { ...http, hosts: withFallback(hosts, here, choose) } };
    const chains: Chain[] = [
      { origin: here, tls: 'none', handling: clear },
      { origin: here, tls: 'pass', handling: { kind: 'tcp', action: { kind: 'choose', choose: (request) => tlsAction(request, port, onPort, virtualServices, context, workload, choose) } } },
    ];
    return { origin: here, chains };
  };
  const listener = (port: number) => {
    let found = listeners.get(port);
    if (!found) listeners.set(port, found = build(port));
    return found;
  };
  return { origin: here, title: `sidecar of ${workload.ref}`, listener, ports: () => [] };
}

/** The Sidecar object that applies to a workload: one that selects it, else the namespace's, else the root's. */
export function sidecarOf(workload: Workload, cluster: Cluster, options: TrafficModelOptions): ReadObject | undefined {
  const all = cluster.all('networking.istio.io', 'Sidecar');
  const root = options.istio?.rootNamespace ?? 'istio-system';
  const selects = (object: ReadObject) => isRecord(object.spec.workloadSelector);
  return all.find((each) => each.namespace === workload.namespace && selects(each) && hasLabels(workload.podLabels, each.spec.workloadSelector.labels ?? {}))
    ?? all.find((each) => each.namespace === workload.namespace && !selects(each))
    ?? all.find((each) => each.namespace === root && !selects(each));
}

function imports(sidecar: ReadObject | undefined, service: { host: string; namespace: string }, own: string): boolean {
  const egress = recordsOf(sidecar?.spec.egress);
  if (egress.length === 0) return true;
  const entries = egress.flatMap((each) => listOf(each.hosts).map(String));
  const matches = (entry: string) => {
    const [namespace, host] = [entry.slice(0, entry.indexOf('/')), entry.slice(entry.indexOf('/') + 1)];
    return (namespace === '*' || namespace === service.namespace || (namespace === '.' && service.namespace === own)) && hostWithin(service.host, host);
  };
  if (entries.some((entry) => entry.startsWith('~') && entry !== '~/*' && matches(entry.slice(1)))) return false;
  return entries.some(matches);
}

function meshVirtualServices(cluster: Cluster, namespace: string, sidecar: ReadObject | undefined): ReadObject[] {
  return cluster.all('networking.istio.io', 'VirtualService')
    .filter((service) => listOf(service.spec.hosts).length > 0)
    .filter((service) => listOf(service.spec.gateways).length === 0 || listOf(service.spec.gateways).includes('mesh'))
    .filter((service) => exported(service, namespace))
    .filter((service) => listOf(service.spec.hosts).some((host) => imports(sidecar, { host: String(host), namespace: service.namespace }, namespace)))
    .sort(byCreation);
}

// A VirtualService applies where its most specific host covers the service; of equals the oldest wins.
function virtualServiceFor(service: IstioService, virtualServices: readonly ReadObject[], domain: string): ReadObject | undefined {
  const pairs = virtualServices.flatMap((object) => listOf(object.spec.hosts).map((host) => ({ object, host: fullHost(String(host), object.namespace, domain) })));
  return mostSpecific(service.host, pairs, (pair) => pair.host)?.object;
}

function virtualHost(
  service: IstioService, port: number, virtualServices: readonly ReadObject[], context: RouteContext, cluster: Cluster, meshRoutes: MeshRoutes,
): VirtualHost {
  const here = origin(service.service?.ref ?? service.entry!.ref);
  const added = meshRoutes(service, port, context.proxy);
  const object = virtualServiceFor(service, virtualServices, context.options.clusterDomain ?? 'cluster.local');
  const noRoute = { status: 404, why: `no route for ${service.host} takes the request` };
  if (added) return { origin: here, routes: new RouteTable(added), noRoute };
  if (object && listOf(object.spec.http).length > 0) return { origin: here, routes: table(object, context, cluster), noRoute };
  const target = service.service?.externalName === undefined || service.ports.some((each) => each.number === port) ? toService(service, port, undefined, context.proxy, context.registry) : alias(service, port, context);
  const route: Route = {
    origin: here,
    match: { path: { kind: 'any' }, values: [] },
    action: { kind: 'forward', targets: [{ origin: here, weight: 1, destination: target.destination, transforms: [], policies: target.policies }] },
    transforms: [],
    policies: [],
    rank: { tier: 0, block: 0, index: 0 },
  };
  return { origin: here, routes: new RouteTable([route]), noRoute };
}

// A Service of type ExternalName leads to whatever it names.
function alias(service: IstioService, port: number, context: RouteContext) {
  const target = context.registry.find(service.service!.externalName!, context.proxy.namespace);
  if (target) return toService(target, port, undefined, context.proxy, context.registry);
  return { destination: { kind: 'end', destination: { kind: 'Host', name: service.service!.externalName!, port } } as Destination, policies: [] };
}

function table(object: ReadObject, context: RouteContext, cluster: Cluster): RouteTable {
  return new RouteTable(httpRoutes(withDelegates(object, cluster), context).map((route, index) => ({ ...route, rank: { tier: 0, block: 0, index } })));
}

// Hosts of VirtualServices that no service has are served on port 80.
function addUnknownHosts(hosts: HostTable, virtualServices: readonly ReadObject[], services: readonly IstioService[], context: RouteContext, cluster: Cluster): void {
  const domain = context.options.clusterDomain ?? 'cluster.local';
  for (const object of virtualServices) {
    if (listOf(object.spec.http).length === 0) continue;
    for (const host of listOf(object.spec.hosts).map((each) => fullHost(String(each), object.namespace, domain))) {
      if (services.some((service) => service.host === host)) continue;
      hosts.add(host, { origin: origin(object.ref), routes: table(object, context, cluster), noRoute: { status: 404, why: `no route of ${host} takes the request` } });
    }
  }
}

/** The names by which clients of a namespace reach a service. */
function aliases(service: IstioService, namespace: string): string[] {
  if (!service.service) return [service.host];
  const { name } = service.service;
  const names = [service.host, `${name}.${service.namespace}.svc`, `${name}.${service.namespace}`];
  if (service.namespace === namespace) names.push(name);
  const ip = service.service.object.spec.clusterIP;
  if (typeof ip === 'string' && ip !== '' && ip !== 'None') names.push(ip);
  return names;
}

// What no virtual host takes goes where the client's DNS leads, or nowhere.
function withFallback(hosts: HostTable, here: ReturnType<typeof origin>, choose: (request: Request) => Action): HostTable {
  const table = new HostTable({ wildcard: 'any' });
  for (const { pattern, host } of hosts.entries()) table.add(pattern, host);
  table.add('*', {
    origin: here,
    noRoute: { status: 502, why: 'the proxy lets nothing else out' },
    routes: new RouteTable([{ origin: here, match: { path: { kind: 'any' }, values: [] }, action: { kind: 'choose', choose }, transforms: [], policies: [], rank: { tier: 0, block: 0, index: 0 } }]),
  });
  return table;
}

function serviceByAddress(request: Request, services: readonly IstioService[], namespace: string): IstioService | undefined {
  return services.find((service) => aliases(service, namespace).includes(request.hostName))
    ?? mostSpecific(request.hostName, services.filter((service) => service.host.startsWith('*')), (service) => service.host);
}

// TLS that the client speaks itself: by server name, or by the address of the service.
function tlsAction(
  request: Request, port: number, services: readonly IstioService[], virtualServices: readonly ReadObject[], context: RouteContext, workload: Workload,
  choose: (request: Request) => Action,
): Action {
  const domain = context.options.clusterDomain ?? 'cluster.local';
  const name = request.sni ?? request.hostName;
  for (const object of virtualServices) {
    for (const [i, entry] of recordsOf(object.spec.tls).entries()) {
      for (const match of recordsOf(entry.match)) {
        if (match.port !== undefined && match.port !== port) continue;
        if (!listOf(match.sniHosts).some((host) => hostWithin(name, String(host)))) continue;
        const at = { object: object.ref, at: `spec.tls[${i}]` };
        const routes = recordsOf(entry.route);
        return {
          kind: 'forward',
          targets: routes.map((route) => {
            const host = fullHost(String(route.destination?.host), object.namespace, domain);
            const service = context.registry.find(host, workload.namespace);
            const to = route.destination?.port?.number ?? port;
            return {
              origin: at,
              weight: routes.length === 1 ? 1 : route.weight ?? 0,
              transforms: [],
              destination: service ? raw(toService(service, to, route.destination?.subset, context.proxy, context.registry).destination) : { kind: 'answer' as const, failure: 'refuse' as const, why: `no proxy knows ${host}` },
            };
          }),
        };
      }
    }
  }
  const service = serviceByAddress(request, services, workload.namespace);
  if (!service) return choose(request);
  const here = origin(service.service?.ref ?? service.entry!.ref);
  const target = service.service?.externalName === undefined ? toService(service, port, undefined, context.proxy, context.registry) : alias(service, port, context);
  return { kind: 'forward', targets: [{ origin: here, weight: 1, destination: raw(target.destination), transforms: [] }] };
}

// The client's own TLS goes through as it is.
function raw(destination: Destination): Destination {
  return destination.kind === 'service' ? { ...destination, tls: undefined } : destination;
}

function elsewhere(
  request: Request, port: number, services: readonly IstioService[], workload: Workload, mode: string, registry: Registry, proxy: Proxy, cluster: Cluster, options: TrafficModelOptions,
): Action {
  const here = origin(workload.ref);
  const domain = options.clusterDomain ?? 'cluster.local';
  const service = serviceByAddress(request, services, workload.namespace);
  if (service) {
    const { destination } = toService(service, port, undefined, proxy, registry);
    return { kind: 'forward', targets: [{ origin: here, weight: 1, destination, transforms: [] }] };
  }
  const speaksHttp = !request.tls && !services.some((each) => each.ports.some((one) => one.number === port && (one.protocol === 'tcp' || one.protocol === 'tls')));
  if (mode === 'REGISTRY_ONLY') {
    const known = services.length > 0;
    return speaksHttp && (!known || services.some((each) => each.ports.some((one) => one.number === port && one.protocol === 'http')))
      ? { kind: 'respond', status: 502, why: `answers 502: ${request.hostName} is not in the registry` }
      : { kind: 'refuse', why: `closes the connection: ${request.hostName} is not in the registry` };
  }
  const parts = request.hostName.replace(`.svc.${domain}`, '').replace(/\.svc$/, '').split('.');
  const [name, namespace = workload.namespace] = parts;
  const inside = parts.length <= 2 && (cluster.service(namespace, name) !== undefined || request.hostName.endsWith(`.svc.${domain}`));
  const destination: Destination = inside
    ? { kind: 'service', namespace, name, port, missing: 'refuse', empty: 'refuse' }
    : { kind: 'end', destination: { kind: 'Host', name: request.hostName, port } };
  return { kind: 'forward', targets: [{ origin: here, weight: 1, destination, transforms: [] }] };
}
