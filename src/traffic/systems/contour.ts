import { Cluster, Workload } from '../cluster';
import { Policy, Redirect } from '../network/action';
import { Chain, Hop, Listener } from '../network/hop';
import { HostTable, VirtualHost } from '../network/host-table';
import { inCidr, ValueTest } from '../network/match';
import { SystemInput } from '../network/network';
import { origin, Origin } from '../network/origin';
import { Request } from '../network/request';
import { Route, RouteTable } from '../network/route-table';
import { Transform } from '../network/transform';
import { TrafficModelOptions } from '../options';
import { listOf, recordsOf } from '../read/objects';
import { headerTest, MergedConditions, pathTest, queryTest } from './contour/conditions';
import { ContourCondition } from './contour/conditions-report';
import { ProxyRoute } from './contour/httpproxy';
import { readIngresses } from './contour/ingress';
import { takes } from './contour/ingress-class';
import { conditionKey, compareRoutes } from './contour/order';
import { readRoots, RootProxy } from './contour/roots';

/** What Contour makes of the objects. */
export interface ContourReading {
  readonly roots: readonly RootProxy[];
  /** What is wrong with them, as Contour would say it. */
  readonly conditions: readonly ContourCondition[];
}

export function readContour(cluster: Cluster, options: TrafficModelOptions): ContourReading {
  const conditions: ContourCondition[] = [];
  const proxies = cluster.all('projectcontour.io', 'HTTPProxy').filter((proxy) => takes(proxy, options.contour?.ingressClassNames));
  const roots = readRoots(proxies, cluster, options, (condition) => conditions.push(condition));
  return { roots, conditions };
}

/** Contour's Envoy as an entry: port 80 in the clear, port 443 by TLS server name. */
export function contour({ cluster, options, network }: SystemInput): void {
  const name = options.contour?.ingressClassNames?.[0] ?? 'contour';
  const ref = `IngressClass//${name}`;
  const here = origin(ref);
  let built: { http: Listener; https: Listener; hosts: string[] } | undefined;
  const listeners = () => (built ??= build(here, cluster, options));
  const hop: Hop = {
    origin: here,
    title: `Envoy of IngressClass ${name}`,
    listener: (port) => (port === 80 ? listeners().http : port === 443 ? listeners().https : undefined),
    ports: () => [80, 443],
    hosts: () => listeners().hosts,
  };
  const used = cluster.all('projectcontour.io', 'HTTPProxy').length > 0;
  const envoys = cluster.workloads.filter(isEnvoyOfContour);
  network.addEntry({ ref, hop, outermost: used && envoys.length === 0 });
  network.onPods((workload, port) => {
    if (!envoys.includes(workload)) return undefined;
    const named = workload.ports.find((each) => each.number === port)?.name;
    const listens = named === 'http' || port === 8080 ? 80 : named === 'https' || port === 8443 ? 443 : undefined;
    return listens === undefined ? undefined : {
      ...hop, origin: origin(workload.ref), ports: () => [port], listener: (number) => (number === port ? hop.listener(listens) : undefined), hosts: () => hop.hosts!(listens),
    };
  });
}

// The Envoys of Contour's charts, and of its plain manifests.
function isEnvoyOfContour(workload: Workload): boolean {
  const labels = workload.podLabels;
  if (labels['app.kubernetes.io/component'] === 'envoy' && (labels['app.kubernetes.io/name'] ?? '').includes('contour')) return true;
  return labels.app === 'envoy' && recordsOf(workload.podSpec.containers).some((container) => container.name === 'shutdown-manager');
}

interface Served {
  readonly conditions: MergedConditions;
  readonly route: ProxyRoute;
  readonly secure: boolean;
  readonly assumptions: readonly string[];
}

function build(here: Origin, cluster: Cluster, options: TrafficModelOptions): { http: Listener; https: Listener; hosts: string[] } {
  const { roots } = readContour(cluster, options);
  const ingress = readIngresses(cluster, options);
  const clear = new Map<string, Map<string, Served>>();
  const secure = new Map<string, Map<string, Served>>();
  const chains: Chain[] = [];
  const put = (table: Map<string, Map<string, Served>>, fqdn: string, served: Served) => {
    const host = table.get(fqdn) ?? new Map<string, Served>();
    host.set(conditionKey(served.conditions), served);
    table.set(fqdn, host);
  };
  const secureHosts = new Map<string, { origin: Origin; assumptions: readonly string[]; root?: RootProxy }>();
  for (const each of ingress) {
    for (const route of each.routes) {
      put(clear, each.host, { conditions: route.conditions, route, secure: each.redirect, assumptions: each.assumptions });
      if (each.tls) put(secure, each.host, { conditions: route.conditions, route, secure: false, assumptions: each.assumptions });
    }
    if (each.tls) secureHosts.set(each.host, { origin: each.origin, assumptions: each.assumptions });
  }
  const owners = new Map<string, RootProxy>();
  for (const root of roots) {
    owners.set(root.fqdn, root);
    for (const route of root.routes) {
      put(clear, root.fqdn, { conditions: route.conditions, route, secure: root.tls !== undefined && !route.permitInsecure, assumptions: root.assumptions });
      if (root.tls && !root.tcp) put(secure, root.fqdn, { conditions: route.conditions, route, secure: false, assumptions: root.assumptions });
    }
    if (root.tcp) {
      chains.push({
        origin: root.origin,
        serverNames: [root.fqdn],
        tls: root.tls!.passthrough ? 'pass' : 'terminate',
        handling: { kind: 'tcp', action: root.tcp },
      });
    } else if (root.tls && !root.tls.passthrough) {
      secureHosts.set(root.fqdn, { origin: root.origin, assumptions: root.assumptions, root });
    }
  }

  const noHost = { status: 404, why: 'no virtual host serves the name' };
  const normalize = (request: Request) => request.with({ path: normalPath(request.path) });
  const clearHosts = new HostTable({ wildcard: 'any' });
  for (const [fqdn, served] of clear) clearHosts.add(fqdn, virtualHost(fqdn, owners.get(fqdn), here, [...served.values()], options));
  const fallback = new HostTable({ wildcard: 'any' });
  let anyFallback = false;
  for (const [fqdn, { origin: at, root }] of secureHosts) {
    // A virtual host without routes is not served at all.
    if (!secure.has(fqdn)) continue;
    const hosts = new HostTable({ wildcard: 'any' });
    const host = virtualHost(fqdn, root, at, [...(secure.get(fqdn)?.values() ?? [])], options);
    hosts.add(fqdn, host);
    chains.push({
      origin: at,
      serverNames: [fqdn],
      tls: 'terminate',
      handling: { kind: 'http', policies: root ? hostPolicies(root) : [], http: { hosts, noHost, normalize, hostMustBeSni: !fqdn.startsWith('*') } },
    });
    if (root?.tls?.fallback) {
      anyFallback = true;
      fallback.add(fqdn, host);
    }
  }
  if (anyFallback) chains.push({ origin: here, tls: 'terminate', handling: { kind: 'http', http: { hosts: fallback, noHost, normalize } } });

  const http: Listener = { origin: here, chains: [{ origin: here, tls: 'none', handling: { kind: 'http', http: { hosts: clearHosts, noHost, normalize } } }] };
  return { http, https: { origin: here, chains }, hosts: [...new Set([...clear.keys(), ...owners.keys()])] };
}

function virtualHost(fqdn: string, root: RootProxy | undefined, at: Origin, served: readonly Served[], options: TrafficModelOptions): VirtualHost {
  const ordered = [...served].sort((a, b) => compareRoutes(a.conditions, b.conditions));
  const authority: ValueTest[] = fqdn.startsWith('*.')
    ? [{ of: 'authority', op: 'regex', value: `[a-z0-9]([-a-z0-9]*[a-z0-9])?${fqdn.slice(1).replace(/\./g, '\\.')}(:[0-9]+)?` }]
    : [];
  let tier = 0;
  const routes = ordered.map((each, i): Route => {
    const tied = i > 0 && compareRoutes(ordered[i - 1].conditions, each.conditions) === 0;
    if (!tied) tier = i;
    const toHttps: Redirect = { status: 301, scheme: 'https' };
    return {
      origin: each.route.origin,
      match: {
        path: pathTest(each.conditions.path),
        values: [...each.conditions.headers.map(headerTest), ...each.conditions.queries.map(queryTest), ...authority],
      },
      action: each.secure ? { kind: 'redirect', ...toHttps } : filtered(each.route, root, options),
      transforms: each.secure ? [] : rewrite(each.route, each.conditions),
      policies: each.secure ? [] : each.route.policies,
      rank: { tier, block: i, index: 0 },
      assumptions: each.assumptions,
    };
  });
  return {
    origin: root?.origin ?? at,
    routes: new RouteTable(routes, false),
    noRoute: { status: 404, why: `no route of ${fqdn} takes the request` },
  };
}

function rewrite(route: ProxyRoute, conditions: MergedConditions): Transform[] {
  if (route.replacement === undefined) return [];
  return [{ origin: { object: route.origin.object, at: `${route.origin.at}.pathRewritePolicy` }, kind: 'replacePrefix', prefix: conditions.path.value, replacement: route.replacement }];
}

// Address rules are asked before a route's action; they need the client's address.
function filtered(route: ProxyRoute, root: RootProxy | undefined, _options: TrafficModelOptions): Route['action'] {
  const allow = listOf(route.filters.ipAllow ?? (route.filters.ipDeny ? undefined : root?.object.spec.virtualhost.ipAllowPolicy));
  const deny = listOf(route.filters.ipDeny ?? (route.filters.ipAllow ? undefined : root?.object.spec.virtualhost.ipDenyPolicy));
  if (allow.length === 0 && deny.length === 0) return route.action;
  const list = recordsOf(allow.length > 0 ? allow : deny);
  return {
    kind: 'choose',
    choose: (request) => {
      if (request.source.ip === undefined) return { kind: 'assume', assumption: 'the client\'s address is let in', then: route.action };
      const listed = list.some((rule) => inCidr(request.source.ip!, String(rule.cidr)));
      return listed === allow.length > 0 ? route.action : { kind: 'respond', status: 403, why: `answers 403: address ${request.source.ip} is not let in` };
    },
  };
}

function hostPolicies(root: RootProxy): Policy[] {
  const host = root.object.spec.virtualhost;
  const policies: Policy[] = [];
  const at = (path: string): Origin => ({ object: root.object.ref, at: `spec.virtualhost.${path}` });
  if (host.authorization && host.authorization.authPolicy?.disabled !== true) {
    policies.push({ name: 'authentication', value: `external authorization by ${host.authorization.extensionRef?.name ?? 'an ExtensionService'}`, origin: at('authorization') });
  }
  for (const [i, provider] of recordsOf(host.jwtProviders).entries()) {
    policies.push({ name: 'authentication', value: `JWT of ${provider.issuer ?? provider.name}`, origin: at(`jwtProviders[${i}]`) });
  }
  if (host.tls?.clientValidation) policies.push({ name: 'authentication', value: 'client certificate', origin: at('tls.clientValidation') });
  return policies;
}

/** What Envoy makes of a path before it matches: dot segments resolved, runs of slashes merged, `%2F` left alone. */
export function normalPath(path: string): string {
  const decoded = path.replace(/%([2-7][0-9a-f])/gi, (whole, hex) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : whole.toUpperCase();
  });
  const segments: string[] = [];
  const parts = decoded.split('/').slice(1);
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === '.') {
      if (last) segments.push('');
    } else if (part === '..') {
      segments.pop();
      if (last) segments.push('');
    } else {
      segments.push(part);
    }
  });
  return `/${segments.join('/')}`.replace(/\/{2,}/g, '/');
}
