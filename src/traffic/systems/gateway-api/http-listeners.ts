import { attachment, GatewayListener, hostnamesOn, refersTo } from './attachment';
import { routeTable } from './rules';
import { Cluster } from '../../cluster';
import { HttpHandling } from '../../network/hop';
import { HostTable, VirtualHost } from '../../network/host-table';
import { origin } from '../../network/origin';
import { RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { ReadObject, recordsOf } from '../../read/objects';

/** The routes of some kinds that attach to a listener, with what is assumed of each. */
export function attached(listener: GatewayListener, kinds: readonly string[], cluster: Cluster): Map<ReadObject, string | undefined> {
  const found = new Map<ReadObject, string | undefined>();
  for (const route of kinds.flatMap((kind) => cluster.all(listener.gateway.group, kind))) {
    for (const parent of recordsOf(route.spec.parentRefs)) {
      if (!refersTo(parent, route, listener.owner)) continue;
      const verdict = attachment(route, parent, listener, cluster);
      if (verdict.problem === undefined && (!found.has(route) || verdict.assumption === undefined)) found.set(route, verdict.assumption);
    }
  }
  return found;
}

interface Named {
  readonly listener: GatewayListener;
  readonly routes: Map<ReadObject, string | undefined>;
}

/**
 * What listeners do with HTTP. Each name belongs to the one of `all` whose own is most specific; its routes alone are
 * asked. A name that belongs to a listener with a connection of its own is answered 421.
 */
export function httpHandling(
  listeners: readonly GatewayListener[], all: readonly GatewayListener[], cluster: Cluster, options: TrafficModelOptions,
): HttpHandling {
  const noRoute = { status: 404, why: 'no route takes the request' };
  const names = new Map<string, Named>();
  for (const listener of listeners) {
    const own = listener.hostname ?? '*';
    if (!names.has(own)) names.set(own, { listener, routes: new Map() });
    for (const [route, assumption] of attached(listener, ['HTTPRoute', 'GRPCRoute'], cluster)) {
      for (const name of hostnamesOn(route, listener)) {
        if (inCharge(name, all) !== listener) continue;
        const known = names.get(name) ?? { listener, routes: new Map() };
        known.routes.set(route, assumption);
        names.set(name, known);
      }
    }
  }
  const hosts = new HostTable({ wildcard: 'any' });
  for (const [name, { listener, routes }] of names) {
    const assumptions = new Map([...routes].filter((entry): entry is [ReadObject, string] => entry[1] !== undefined).map(([route, text]) => [route.ref, text]));
    hosts.add(name, { origin: listener.at, noRoute, routes: routeTable([...routes.keys()], listener.port, cluster, options, assumptions) });
  }
  for (const other of all) {
    const name = other.hostname ?? '*';
    if (!listeners.includes(other) && inCharge(name, all) === other) hosts.add(name, misdirected(other, listeners[0]));
  }
  return { hosts, noHost: noRoute };
}

// The name is that of another listener, for which the client has to open another connection.
function misdirected(other: GatewayListener, here: GatewayListener): VirtualHost {
  const why = `answers 421: the name belongs to listener ${other.name}, and the TLS server name led to ${here.name}`;
  return {
    origin: here.at,
    noRoute: { status: 404, why: 'no route takes the request' },
    routes: new RouteTable([{
      origin: other.at,
      match: { path: { kind: 'any' }, values: [] },
      action: { kind: 'respond', status: 421, why },
      transforms: [],
      policies: [],
      rank: { tier: 0, block: 0, index: 0 },
      assumptions: [`the controller of ${origin(here.gateway.ref).object} answers misdirected requests 421, as the Gateway API asks; some answer 404`],
    }]),
  };
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
