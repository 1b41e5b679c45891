import { authorization } from './authorization';
import { withDelegates } from './delegates';
import { Proxy, resolveDestination } from './destinations';
import { bareHost, fullHost, hostWithin, intersect, serverHosts } from './hosts';
import { gatewayName, httpRoutes } from './http-routes';
import { ageDecides, byCreation, exported, Registry } from './registry';
import { Cluster, hasLabels, Workload } from '../../cluster';
import { Action, Policy } from '../../network/action';
import { Chain, HttpHandling, Listener } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { origin, Origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';
import { normalPath } from '../contour';
import { targetPort } from '../kubernetes';

/** A server of a Gateway on the port of the pods that it binds. */
export interface BoundServer {
  readonly gateway: ReadObject;
  readonly server: Record<string, any>;
  readonly at: Origin;
  readonly podPort: number;
}

/** The Gateways that configure the pods of a workload, older ones first. */
export function gatewaysOf(workload: Workload, cluster: Cluster, options: TrafficModelOptions, more: readonly ReadObject[] = []): ReadObject[] {
  return [...cluster.all('networking.istio.io', 'Gateway'), ...more]
    .filter((gateway) => !options.istio?.scopeGatewayToNamespace || gateway.namespace === workload.namespace)
    .filter((gateway) => !isRecord(gateway.spec.selector) || hasLabels(workload.podLabels, gateway.spec.selector as Record<string, string>))
    .sort(byCreation);
}

/** Every server with the port that it binds: a Service's port is translated to what it targets. */
export function boundServers(workload: Workload, gateways: readonly ReadObject[], cluster: Cluster): BoundServer[] {
  const services = cluster.servicesOf(workload)
    .filter((service) => service.object.labels['experimental.istio.io/disable-gateway-port-translation'] !== 'true');
  return gateways.flatMap((gateway) => listOf(gateway.spec.servers).filter(isRecord).flatMap((server, i): BoundServer[] => {
    const number = server.port?.number;
    if (typeof number !== 'number') return [];
    const port = services.flatMap((service) => service.ports).find((each) => each.port === number);
    const podPort = (port && targetPort(port, workload)) ?? number;
    return [{ gateway, server, at: within(origin(gateway.ref), `spec.servers[${i}]`), podPort }];
  }));
}

const HTTP = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY'];

/** What a server does with connections: `http`, `https` (TLS ends here), or `tcp`. */
export function serverClass(server: Record<string, any>): 'http' | 'https' | 'tcp' {
  const protocol = String(server.port?.protocol ?? '').toUpperCase();
  if (HTTP.includes(protocol)) return 'http';
  return protocol === 'HTTPS' && !passesThrough(server) ? 'https' : 'tcp';
}

function passesThrough(server: Record<string, any>): boolean {
  return isRecord(server.tls) && ['PASSTHROUGH', 'AUTO_PASSTHROUGH', undefined].includes(server.tls.mode);
}

/** The listeners of gateway pods. */
export class GatewayPods {
  private readonly proxy: Proxy;
  private readonly servers: readonly BoundServer[];
  private readonly listeners = new Map<number, Listener | undefined>();

  public constructor(
    private readonly workload: Workload,
    private readonly cluster: Cluster,
    private readonly options: TrafficModelOptions,
    private readonly registry: Registry,
    gateways: readonly ReadObject[],
    private readonly more: readonly ReadObject[] = [],
  ) {
    this.proxy = { namespace: workload.namespace, labels: workload.podLabels };
    this.servers = boundServers(workload, gateways, cluster);
  }

  public ports(): number[] {
    return [...new Set(this.servers.map((each) => each.podPort))];
  }

  public hosts(port: number): string[] {
    return this.servers.filter((each) => each.podPort === port).flatMap((each) => listOf(each.server.hosts).map((host) => bareHost(String(host)).toLowerCase()));
  }

  public listener(port: number): Listener | undefined {
    if (!this.listeners.has(port)) this.listeners.set(port, this.build(port));
    return this.listeners.get(port);
  }

  private build(port: number): Listener | undefined {
    const servers = this.servers.filter((each) => each.podPort === port);
    if (servers.length === 0) return undefined;
    // The first server decides whether the port speaks HTTP in the clear; others of another class are dropped.
    const clear = serverClass(servers[0].server) === 'http';
    const kept = servers.filter((each) => (serverClass(each.server) === 'http') === clear);
    const here = origin(this.workload.ref);
    if (clear) return { origin: here, chains: [{ origin: kept[0].at, tls: 'none', handling: { kind: 'http', http: this.http(this.unique(kept), port) } }] };
    const chains = this.unique(kept).flatMap((each) => this.chains(each, port));
    return chains.length === 0 ? undefined : { origin: here, chains };
  }

  // Of two servers with a tls block and one host the later is dropped.
  private unique(servers: readonly BoundServer[]): BoundServer[] {
    const taken = new Set<string>();
    return servers.flatMap((each) => {
      if (!isRecord(each.server.tls)) return [each];
      const hosts = listOf(each.server.hosts).map(String).filter((host) => !taken.has(host));
      hosts.forEach((host) => taken.add(host));
      return hosts.length === 0 ? [] : [{ ...each, server: { ...each.server, hosts } }];
    });
  }

  private chains(bound: BoundServer, port: number): Chain[] {
    const { server, at } = bound;
    const names = [...new Set(listOf(server.hosts).map((host) => bareHost(String(host))))];
    const serverNames = names.includes('*') ? undefined : names;
    if (serverClass(server) === 'https') {
      return [{ origin: at, serverNames, tls: 'terminate', handling: { kind: 'http', policies: clientCertificate(server, at), http: this.http([bound], port) } }];
    }
    if (!isRecord(server.tls)) return this.tcp(bound, 'none', undefined);
    if (!passesThrough(server)) return this.tcp(bound, 'terminate', serverNames);
    return this.passthrough(bound, names);
  }

  private passthrough(bound: BoundServer, names: readonly string[]): Chain[] {
    const taken = new Set<string>();
    const chains: Chain[] = [];
    for (const service of this.virtualServices(bound.gateway)) {
      const hosts = this.shared(bound, service);
      if (hosts.length === 0) continue;
      for (const [i, entry] of listOf(service.spec.tls).entries()) {
        if (!isRecord(entry)) continue;
        const at = within(origin(service.ref), `spec.tls[${i}]`);
        for (const match of recordsOf(entry.match)) {
          if (!this.l4Applies(match, bound, service)) continue;
          const sni = listOf(match.sniHosts).map(String).filter((host) => names.some((name) => hostWithin(host, name)) && !taken.has(host));
          sni.forEach((host) => taken.add(host));
          if (sni.length > 0) {
            chains.push({ origin: at, serverNames: sni.includes('*') ? undefined : sni, tls: 'pass', handling: { kind: 'tcp', action: this.l4Action(service, entry, at, bound) } });
          }
        }
      }
    }
    return chains;
  }

  private tcp(bound: BoundServer, tls: 'none' | 'terminate', serverNames: readonly string[] | undefined): Chain[] {
    for (const service of this.virtualServices(bound.gateway)) {
      if (this.shared(bound, service).length === 0) continue;
      for (const [i, entry] of listOf(service.spec.tcp).entries()) {
        if (!isRecord(entry)) continue;
        const matches = recordsOf(entry.match);
        if (matches.length > 0 && !matches.some((match) => this.l4Applies(match, bound, service))) continue;
        const at = within(origin(service.ref), `spec.tcp[${i}]`);
        return [{ origin: at, serverNames, tls, handling: { kind: 'tcp', action: this.l4Action(service, entry, at, bound) } }];
      }
    }
    return [];
  }

  private l4Applies(match: Record<string, any>, bound: BoundServer, service: ReadObject): boolean {
    if (match.port !== undefined && match.port !== bound.server.port.number) return false;
    const gateways = listOf(match.gateways).map(String);
    return gateways.length === 0 || gateways.some((name) => gatewayName(name, service.namespace) === `${bound.gateway.namespace}/${bound.gateway.name}`);
  }

  private l4Action(service: ReadObject, entry: Record<string, any>, at: Origin, bound: BoundServer): Action {
    const destinations = recordsOf(entry.route);
    return {
      kind: 'forward',
      targets: destinations.map((destination, i) => {
        const here = within(at, `route[${i}]`);
        const { destination: to, policies } = resolveDestination(destination.destination, service.namespace, bound.server.port.number, this.proxy, this.registry, this.options);
        // Bytes go on as they came.
        const plain = to.kind === 'service' ? { ...to, tls: undefined, missing: 'refuse' as const, empty: 'refuse' as const } : to;
        return { origin: here, weight: destinations.length === 1 ? 1 : destination.weight ?? 0, destination: plain, transforms: [], policies };
      }),
    };
  }

  /** The VirtualServices that name a gateway and that its pods see: private ones first, then by age. */
  private virtualServices(gateway: ReadObject): ReadObject[] {
    const name = `${gateway.namespace}/${gateway.name}`;
    const tier = (service: ReadObject) => {
      const exportTo = listOf(service.spec.exportTo).map(String);
      if (exportTo.length === 0 || exportTo.includes('*')) return 2;
      return exportTo.includes('.') && service.namespace === this.workload.namespace ? 0 : 1;
    };
    return [...this.cluster.all('networking.istio.io', 'VirtualService'), ...this.more]
      .filter((service) => listOf(service.spec.hosts).length > 0 && listOf(service.spec.gateways).some((each) => gatewayName(String(each), service.namespace) === name))
      .filter((service) => exported(service, this.workload.namespace))
      .sort((a, b) => tier(a) - tier(b) || byCreation(a, b));
  }

  // The hosts that a server and a VirtualService have in common.
  private shared(bound: BoundServer, service: ReadObject): string[] {
    const domain = this.options.clusterDomain ?? 'cluster.local';
    const allowed = serverHosts(listOf(bound.server.hosts).map(String), bound.gateway.namespace, service.namespace);
    return intersect(allowed, listOf(service.spec.hosts).map((host) => fullHost(String(host), service.namespace, domain)));
  }

  private http(servers: readonly BoundServer[], port: number): HttpHandling {
    const blocks = new Map<string, { service: ReadObject; bound: BoundServer }[]>();
    const redirects = new Map<string, Origin>();
    for (const bound of servers) {
      if (bound.server.tls?.httpsRedirect === true && serverClass(bound.server) === 'http') {
        for (const host of listOf(bound.server.hosts)) redirects.set(bareHost(String(host)).toLowerCase(), within(bound.at, 'tls.httpsRedirect'));
      }
      for (const service of this.virtualServices(bound.gateway)) {
        for (const host of this.shared(bound, service)) {
          const key = host.toLowerCase();
          const list = blocks.get(key) ?? [];
          // A VirtualService that several gateways of the port bind counts once.
          if (!list.some((each) => each.service.ref === service.ref)) list.push({ service, bound });
          blocks.set(key, list);
          if (bound.server.tls?.httpsRedirect === true && serverClass(bound.server) === 'http') redirects.set(key, within(bound.at, 'tls.httpsRedirect'));
        }
      }
    }
    const hosts = new HostTable({ wildcard: 'any' });
    for (const host of new Set([...blocks.keys(), ...redirects.keys()])) {
      const redirect = redirects.get(host);
      hosts.add(host, {
        origin: servers[0].at,
        routes: this.table(blocks.get(host) ?? []),
        noRoute: { status: 404, why: `no route of ${host} takes the request` },
        requireTls: redirect && { status: 301, scheme: 'https', origin: redirect },
      });
    }
    return {
      hosts,
      noHost: { status: 404, why: 'no VirtualService serves the name on this gateway' },
      normalize: (request) => this.trust(request).with({ path: dotSegments(request.path) }),
      filters: authorization(this.workload, port, this.cluster, this.options),
      transforms: [{
        origin: origin(this.workload.ref),
        kind: 'custom',
        text: 'sends it as itself',
        apply: (request) => request.with({
          source: { ...request.source, namespace: this.workload.namespace, labels: this.workload.podLabels, workload: this.workload.ref, serviceAccount: this.workload.podSpec.serviceAccountName ?? 'default' },
          forwardedProto: undefined,
        }),
      }],
    };
  }

  // The scheme that a load balancer in front names counts where proxies in front are trusted.
  private trust(request: Request): Request {
    const header = request.header('x-forwarded-proto');
    if (header !== 'http' && header !== 'https') return request;
    return trustedProxies(this.workload, this.options) > 0 ? request.with({ forwardedProto: header }) : request;
  }

  private table(blocks: readonly { service: ReadObject; bound: BoundServer }[]): RouteTable {
    const routes: Route[] = [];
    blocks.forEach(({ service, bound }, block) => {
      const context = {
        gateway: `${bound.gateway.namespace}/${bound.gateway.name}`, port: bound.server.port.number as number, proxy: this.proxy, registry: this.registry, options: this.options,
      };
      httpRoutes(withDelegates(service, this.cluster), context).forEach((route, index) => {
        // Routes that take everything go to the end, whatever VirtualService they are of.
        routes.push({ ...route, rank: { tier: route.catchAll ? 1 : 0, block, index } });
      });
    });
    return new RouteTable(routes, {
      decided: (a, b) => ageDecides(blocks[a.rank.block].service, blocks[b.rank.block].service) || blocks[a.rank.block].service.ref === blocks[b.rank.block].service.ref,
      otherwise: (a, b) => `${a.origin.object} and ${b.origin.object} are created at the same time, so that their names decide`,
    });
  }
}

/** The proxies in front of gateway pods whose X-Forwarded headers count. */
export function trustedProxies(workload: Workload, options: TrafficModelOptions): number {
  const config = workload.podAnnotations['proxy.istio.io/config'];
  const own = /numTrustedProxies:?"?\s*:?\s*(\d+)/.exec(config ?? '');
  return own ? Number(own[1]) : options.istio?.numTrustedProxies ?? 0;
}

function clientCertificate(server: Record<string, any>, at: Origin): Policy[] {
  return ['MUTUAL', 'ISTIO_MUTUAL'].includes(server.tls?.mode) ? [{ name: 'authentication', value: 'client certificate', origin: within(at, 'tls') }] : [];
}

// Dot segments are resolved, slashes stay as they are.
function dotSegments(path: string): string {
  return /\/\.{1,2}(\/|$)|%2e/i.test(path) ? normalPath(path) : path;
}
