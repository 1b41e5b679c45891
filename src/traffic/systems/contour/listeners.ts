import { ContourCondition } from './conditions-report';
import { ContourInput } from './contour-input';
import { contourIngresses, IngressCertificate, ingressCertificates, readIngresses } from './ingress';
import { takes } from './ingress-class';
import { normalPath } from './paths';
import { readRoots, RootProxy, WithheldHost } from './roots';
import { HostRoutes } from './virtual-host';
import { Cluster } from '../../cluster';
import { Chain, Listener } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { Origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { TrafficModelOptions } from '../../options';

/** What Contour makes of the HTTPProxies. */
export interface ContourReading {
  readonly roots: readonly RootProxy[];
  readonly withheld: readonly WithheldHost[];
  /** What is wrong with them, as Contour would say it. */
  readonly conditions: readonly ContourCondition[];
}

export function readContour(cluster: Cluster, options: TrafficModelOptions): ContourReading {
  const conditions: ContourCondition[] = [];
  const proxies = cluster.all('projectcontour.io', 'HTTPProxy').filter((proxy) => takes(proxy, options.contour?.ingressClassNames));
  const input: ContourInput = {
    cluster, options, proxies: new Map(proxies.map((proxy) => [proxy.ref, proxy])), reached: new Set(), report: (condition) => conditions.push(condition),
  };
  return { ...readRoots(input), conditions };
}

/** The two listeners of Contour's Envoy, and the names that it knows. */
export interface ContourListeners {
  readonly http: Listener;
  readonly https: Listener;
  readonly hosts: readonly string[];
}

const NO_HOST = { status: 404, why: 'no virtual host serves the name' };

export function contourListeners(here: Origin, cluster: Cluster, options: TrafficModelOptions): ContourListeners {
  const { roots, withheld } = readContour(cluster, options);
  const owners = new Map(roots.map((root) => [root.fqdn, root]));
  const clear = new Names(false);
  const secure = new Names(true);
  const certificates = addIngresses(cluster, options, clear, secure);
  for (const root of roots) {
    for (const route of root.routes) {
      clear.of(root.fqdn, root.origin).add(route, root.tls !== undefined && !route.permitInsecure, root.assumptions);
      if (root.tls && !root.tcp) secure.of(root.fqdn, root.origin).add(route, false, root.assumptions);
    }
    for (const assumption of root.missing) {
      clear.withhold(root.fqdn, root.origin, assumption);
      if (root.tls && !root.tcp) secure.withhold(root.fqdn, root.origin, assumption);
    }
  }
  for (const { fqdn, origin: at, assumption, secure: tls } of withheld) {
    clear.withhold(fqdn, at, assumption);
    if (tls) secure.withhold(fqdn, at, assumption);
  }
  for (const { host, origin: at, absent } of certificates) if (absent) secure.withhold(host, at, `${absent}, which is not in the input, does not exist`);

  const hosts = clear.table(owners);
  const http: Listener = { origin: here, chains: [{ origin: here, tls: 'none', handling: { kind: 'http', http: { hosts, noHost: NO_HOST, normalize } } }] };
  const chains = [...tcpChains(roots), ...secureChains(secure, owners), ...fallbackChains(here, secure, roots), ...secure.refusals()];
  return { http, https: { origin: here, chains }, hosts: [...new Set([...clear.names(), ...owners.keys()])] };
}

function addIngresses(cluster: Cluster, options: TrafficModelOptions, clear: Names, secure: Names): readonly IngressCertificate[] {
  const ingresses = contourIngresses({ cluster, options });
  const certificates = ingressCertificates(ingresses, { cluster, options });
  const secured = new Map(certificates.filter((each) => !each.absent).map((each) => [each.host, each]));
  for (const { host, origin: at, routes, clear: served, upgrade } of readIngresses(ingresses, { cluster, options })) {
    const certificate = host === '*' ? undefined : secured.get(host);
    for (const route of routes) {
      if (served) clear.of(host, at).add(route, upgrade, []);
      if (certificate) secure.of(host, at).add(route, false, certificate.assumptions);
    }
  }
  return certificates.filter((each) => each.absent && !secured.has(each.host));
}

function tcpChains(roots: readonly RootProxy[]): Chain[] {
  return roots.filter((root) => root.tcp?.action).map((root) => ({
    origin: within(root.origin, 'spec.tcpproxy'),
    serverNames: [root.fqdn],
    tls: root.tls!.passthrough ? 'pass' : 'terminate',
    handling: {
      kind: 'tcp',
      action: root.assumptions.reduce((then, assumption) => ({ kind: 'assume' as const, assumption, then }), root.tcp!.action!),
    },
  }));
}

function secureChains(secure: Names, owners: ReadonlyMap<string, RootProxy>): Chain[] {
  return secure.served().map(({ fqdn, routes, at }) => {
    const owner = owners.get(fqdn);
    const root = owner?.tls && !owner.tcp ? owner : undefined;
    const hosts = new HostTable({ wildcard: 'any' });
    hosts.add(fqdn, routes.host(root));
    return { origin: root?.origin ?? at, serverNames: [fqdn], tls: 'terminate', handling: { kind: 'http', http: { hosts, noHost: NO_HOST, normalize, hostMustBeSni: true } } };
  });
}

// Clients without a server name, or with one that nobody has a certificate for, see the names that have asked for it.
function fallbackChains(here: Origin, secure: Names, roots: readonly RootProxy[]): Chain[] {
  const asking = new Map(roots.filter((root) => root.tls?.fallback && !root.tcp).map((root) => [root.fqdn, root]));
  const served = secure.served().filter(({ fqdn }) => asking.has(fqdn));
  if (served.length === 0) return [];
  const hosts = new HostTable({ wildcard: 'any' });
  for (const { fqdn, routes } of served) hosts.add(fqdn, routes.host(asking.get(fqdn)));
  return [{ origin: here, tls: 'terminate', handling: { kind: 'http', http: { hosts, noHost: NO_HOST, normalize } } }];
}

function normalize(request: Request): Request {
  return request.with({ path: normalPath(request.path) });
}

/** The names of a listener with their routes. */
class Names {
  private readonly byName = new Map<string, { routes: HostRoutes; at: Origin }>();
  private readonly withheld = new Map<string, { at: Origin; assumption: string }>();

  public constructor(private readonly secure: boolean) {}

  public of(fqdn: string, at: Origin): HostRoutes {
    let found = this.byName.get(fqdn);
    if (!found) this.byName.set(fqdn, found = { routes: new HostRoutes(fqdn, at, this.secure), at });
    return found.routes;
  }

  /** A name that is not served, if something is absent: whatever else takes its requests does so under that assumption. */
  public withhold(fqdn: string, at: Origin, assumption: string): void {
    const own = this.byName.get(fqdn);
    if (own) own.routes.assume(assumption);
    else this.withheld.set(fqdn, { at, assumption });
  }

  public names(): string[] {
    return [...this.byName.keys(), ...this.withheld.keys()];
  }

  public served(): { fqdn: string; routes: HostRoutes; at: Origin }[] {
    const own = [...this.byName].map(([fqdn, { routes, at }]) => ({ fqdn, routes, at }));
    const standIns = [...this.withheld].flatMap(([fqdn, { at, assumption }]) => {
      const wider = this.wider(fqdn);
      return wider ? [{ fqdn, routes: wider.standIn(fqdn, at, assumption), at }] : [];
    });
    return [...own, ...standIns].filter(({ routes }) => !routes.empty);
  }

  /** Connections for withheld names that nothing else takes. */
  public refusals(): Chain[] {
    return [...this.withheld].filter(([fqdn]) => !this.wider(fqdn)).map(([fqdn, { at, assumption }]) => ({
      origin: at,
      serverNames: [fqdn],
      tls: 'terminate',
      handling: { kind: 'tcp', action: { kind: 'assume', assumption, then: { kind: 'refuse', why: `closes the connection: nobody has a certificate for ${fqdn}` } } },
    }));
  }

  public table(owners: ReadonlyMap<string, RootProxy>): HostTable {
    const hosts = new HostTable({ wildcard: 'any' });
    for (const { fqdn, routes } of this.served()) hosts.add(fqdn, routes.host(owners.get(fqdn)));
    for (const [fqdn, { at, assumption }] of this.withheld) {
      const nothing = new HostRoutes(fqdn, at, this.secure);
      nothing.assume(assumption);
      if (!this.wider(fqdn)) hosts.add(fqdn, nothing.host(undefined));
    }
    return hosts;
  }

  // The longest wildcard that takes the name; on plain HTTP the default host takes every name.
  private wider(fqdn: string): HostRoutes | undefined {
    for (let dot = fqdn.indexOf('.'); dot >= 0; dot = fqdn.indexOf('.', dot + 1)) {
      const wildcard = `*${fqdn.slice(dot)}`;
      const found = wildcard === fqdn ? undefined : this.byName.get(wildcard);
      if (found) return found.routes;
    }
    return this.byName.get('*')?.routes;
  }
}
