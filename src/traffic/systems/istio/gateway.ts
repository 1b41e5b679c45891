import { authorization } from './authorization';
import { Binding } from './binding';
import { withDelegates } from './delegates';
import { Proxy } from './destinations';
import { GatewayBytes } from './gateway-bytes';
import { bareHost } from './hosts';
import { httpRoutes, UnrankedRoute } from './http-routes';
import { IngressObjects } from './ingress';
import { resolvedPath } from './paths';
import { creationDecides, Registry } from './registry';
import { BoundServer, boundServers, mergeServers, plainHosts, serverClass } from './servers';
import { Cluster, hasLabels, Workload } from '../../cluster';
import { Policy } from '../../network/action';
import { Chain, HttpHandling, Listener } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { origin, Origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** The routes of a VirtualService as a server of a gateway brings them. */
interface Block {
  readonly service: ReadObject;
  readonly gateway: ReadObject;
  readonly routes: readonly UnrankedRoute[];
}

/** The listeners of gateway pods. */
export class GatewayPods {
  private readonly proxy: Proxy;
  private readonly servers: readonly BoundServer[];
  private readonly listeners = new Map<number, Listener | undefined>();
  private readonly binding: Binding;
  private readonly bytes: GatewayBytes;

  public constructor(
    private readonly workload: Workload,
    private readonly cluster: Cluster,
    private readonly options: TrafficModelOptions,
    private readonly registry: Registry,
    gateways: readonly ReadObject[],
    private readonly ingresses: IngressObjects,
  ) {
    this.proxy = { namespace: workload.namespace, labels: workload.podLabels };
    this.servers = boundServers(workload, gateways, cluster);
    this.binding = new Binding(workload, cluster, options, ingresses.virtualServices);
    this.bytes = new GatewayBytes(this.binding, this.proxy, registry, options);
  }

  public ports(): number[] {
    return [...new Set(this.servers.map((each) => each.podPort))];
  }

  public hosts(port: number): string[] {
    return this.servers.filter((each) => each.podPort === port)
      .flatMap((each) => listOf(each.server.hosts).map((host) => bareHost(String(host)).toLowerCase()));
  }

  public listener(port: number): Listener | undefined {
    if (!this.listeners.has(port)) this.listeners.set(port, this.build(port));
    return this.listeners.get(port);
  }

  private build(port: number): Listener | undefined {
    const merged = mergeServers(this.servers.filter((each) => each.podPort === port));
    if (!merged) return undefined;
    const here = origin(this.workload.ref);
    const ofIngresses = merged.servers.some((each) => each.gateway.kind === 'Ingress') ? this.ingresses.assumptions : [];
    const assumptions = [...merged.assumptions, ...ofIngresses, ...this.envoyFilters()];
    if (merged.kind === 'http') {
      return { origin: here, assumptions, chains: [{ origin: merged.servers[0].at, tls: 'none', handling: { kind: 'http', http: this.http(merged.servers, port) } }] };
    }
    const taken = new Set<string>();
    const chains = merged.servers.flatMap((each) => this.chains(each, port, taken));
    if (chains.length > 0) return { origin: here, assumptions, chains: rejected(chains, port) ?? chains };
    // Without a rule that hands bytes on there is no listener; only what was dropped could have been one.
    return merged.assumptions.length === 0 ? undefined : { origin: here, assumptions, chains: closed(here, `has no listener on port ${port}: no VirtualService gives it a route`) };
  }

  private chains(bound: BoundServer, port: number, taken: Set<string>): Chain[] {
    const { server, at } = bound;
    const names = [...new Set(listOf(server.hosts).map((host) => bareHost(String(host))))];
    const serverNames = names.includes('*') ? undefined : names;
    if (serverClass(server) !== 'https') return this.bytes.chains(bound, serverNames, taken);
    return [{ origin: at, serverNames, tls: 'terminate', handling: { kind: 'http', policies: clientCertificate(server, at), http: this.http([bound], port) } }];
  }

  private http(servers: readonly BoundServer[], port: number): HttpHandling {
    const blocks = new Map<string, Block[]>();
    const redirects = new Map<string, Origin>();
    const read = new Map<ReadObject, Map<string, readonly UnrankedRoute[]>>();
    for (const bound of servers) {
      const redirect = bound.server.tls?.httpsRedirect === true ? within(bound.at, 'tls.httpsRedirect') : undefined;
      for (const service of this.binding.virtualServices(bound.gateway)) {
        const shared = this.binding.shared(bound, service);
        if (shared.length === 0) continue;
        const ofService = read.get(service) ?? new Map<string, readonly UnrankedRoute[]>();
        const routes = ofService.get(bound.gateway.ref) ?? this.routes(bound, service);
        read.set(service, ofService.set(bound.gateway.ref, routes));
        // A VirtualService none of whose routes is for this port makes no virtual host.
        if (routes.length === 0) continue;
        for (const host of shared.map((each) => each.toLowerCase())) {
          const list = blocks.get(host) ?? [];
          if (!list.some((each) => each.service === service && each.gateway.ref === bound.gateway.ref)) list.push({ service, gateway: bound.gateway, routes });
          blocks.set(host, list);
          if (redirect) redirects.set(host, redirect);
        }
      }
      if (redirect) for (const host of plainHosts(bound)) redirects.set(host.toLowerCase(), redirect);
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
      normalize: (request) => this.trust(request).with({ path: resolvedPath(request.path) }),
      filters: authorization(this.workload, port, this.cluster, this.options),
    };
  }

  private routes(bound: BoundServer, service: ReadObject): UnrankedRoute[] {
    return httpRoutes(withDelegates(service, this.cluster), {
      gateway: `${bound.gateway.namespace}/${bound.gateway.name}`,
      port: bound.server.port.number as number,
      proxy: this.proxy,
      registry: this.registry,
      options: this.options,
      tls: serverClass(bound.server) === 'https',
    });
  }

  // What a load balancer in front says of the client counts where proxies in front are trusted.
  private trust(request: Request): Request {
    if (trustedProxies(this.workload, this.options) === 0) {
      return request.source.forwardedFor === undefined ? request : request.with({ source: { ...request.source, forwardedFor: undefined } });
    }
    const header = request.header('x-forwarded-proto');
    return header === 'http' || header === 'https' ? request.with({ forwardedProto: header }) : request;
  }

  private table(blocks: readonly Block[]): RouteTable {
    const routes = (): Route[] => blocks.flatMap((each, block) => each.routes
      // Routes that take everything go to the end, whatever VirtualService they are of.
      .map((route, index) => ({ ...route, transforms: [...route.transforms, this.asItself()], rank: { tier: route.catchAll ? 1 : 0, block, index } })));
    return new RouteTable(routes, {
      decided: (a, b) => this.decided(blocks[a.rank.block], blocks[b.rank.block]),
      otherwise: (a, b) => {
        const [x, y] = [a, b].map((each) => blocks[each.rank.block]);
        const [first, second] = x.gateway.ref === y.gateway.ref ? [x.service.ref, y.service.ref] : [x.gateway.ref, y.gateway.ref];
        return `${first} and ${second} are created at the same time, so that their names decide`;
      },
    });
  }

  // Behind the gateway the gateway is who sends.
  private asItself(): Transform {
    const { namespace, podLabels: labels, ref: workload, podSpec } = this.workload;
    return {
      origin: origin(workload),
      kind: 'custom',
      text: 'sends it as itself',
      apply: (request) => request.with({ source: { namespace, labels, workload, serviceAccount: podSpec.serviceAccountName ?? 'default' }, forwardedProto: undefined }),
    };
  }

  private decided(a: Block, b: Block): boolean {
    if (a.service.ref === b.service.ref) return true;
    if (a.gateway.ref !== b.gateway.ref) return creationDecides(a.gateway, b.gateway);
    return this.binding.tier(a.service) !== this.binding.tier(b.service) || creationDecides(a.service, b.service);
  }

  private envoyFilters(): string[] {
    const root = this.options.istio?.rootNamespace ?? 'istio-system';
    return this.cluster.all('networking.istio.io', 'EnvoyFilter')
      .filter((filter) => filter.namespace === root || filter.namespace === this.workload.namespace)
      .filter((filter) => !isRecord(filter.spec.workloadSelector) || hasLabels(this.workload.podLabels, filter.spec.workloadSelector.labels ?? {}))
      .map((filter) => `${filter.ref} does not change where the request goes`);
  }
}

// Envoy refuses a whole listener two of whose chains are for one server name.
function rejected(chains: readonly Chain[], port: number): Chain[] | undefined {
  const seen = new Map<string, Chain>();
  for (const chain of chains.filter((each) => each.tls !== 'none')) {
    for (const name of chain.serverNames ?? ['*']) {
      const other = seen.get(name);
      if (other && other !== chain) {
        const why = `has no listener on port ${port}: Envoy refuses it, since ${other.origin.object} and ${chain.origin.object} both take server name ${name}`;
        return closed(chain.origin, why, 'the pods have no older listener on the port that stays in use');
      }
      seen.set(name, chain);
    }
  }
  return undefined;
}

function closed(at: Origin, why: string, assumption?: string): Chain[] {
  const refuse = { kind: 'refuse' as const, why };
  return (['none', 'pass'] as const).map((tls) => ({ origin: at, tls, handling: { kind: 'tcp', action: assumption ? { kind: 'assume', assumption, then: refuse } : refuse } }));
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
