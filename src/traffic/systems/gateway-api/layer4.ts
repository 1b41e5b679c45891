import { GatewayListener, hostnamesOn } from './attachment';
import { attached } from './http-listeners';
import { backendDestination, byAge } from './rules';
import { Cluster } from '../../cluster';
import { Action, Destination } from '../../network/action';
import { Chain } from '../../network/hop';
import { TrafficModelOptions } from '../../options';
import { ReadObject, recordsOf } from '../../read/objects';

/** The chains of a listener for TLS or TCP: one a route, older routes first. */
export function layer4(listener: GatewayListener, cluster: Cluster, options: TrafficModelOptions): Chain[] {
  const terminate = listener.protocol === 'TLS' && (listener.spec.tls?.mode ?? 'Terminate') === 'Terminate';
  const tls = listener.protocol === 'TCP' ? 'none' as const : terminate ? 'terminate' as const : 'pass' as const;
  const routes = attached(listener, listener.protocol === 'TLS' ? ['TLSRoute', 'TCPRoute'] : ['TCPRoute'], cluster);
  const taken = new Map<string, ReadObject>();
  return [...routes.keys()].sort(byAge).flatMap((route): Chain[] => {
    const at = { object: route.ref, at: 'spec.rules[0]' };
    const own = route.kind === 'TLSRoute' ? hostnamesOn(route, listener) : [listener.hostname ?? '*'];
    const names = own.filter((name) => !taken.has(name));
    const older = own.map((name) => taken.get(name)).find((each) => each !== undefined);
    names.forEach((name) => taken.set(name, route));
    // Of two routes for one name the older has it.
    if (older && names.length === 0) return [];
    const assumption = routes.get(route);
    const action = rawAction(route, terminate, cluster, options);
    const chain: Chain = {
      origin: at,
      serverNames: names.includes('*') || tls === 'none' ? undefined : names,
      tls,
      handling: { kind: 'tcp', action: withAssumptions(action, [...(assumption ? [assumption] : []), ...rivals(route, own, routes.keys(), listener)]) },
    };
    // Bytes in the clear may well be a TLS of the client's own.
    return tls === 'none' ? [chain, { ...chain, tls: 'pass' }] : [chain];
  });
}

function rivals(route: ReadObject, names: readonly string[], all: Iterable<ReadObject>, listener: GatewayListener): string[] {
  return [...all].filter((other) => other !== route && (other.created === undefined || route.created === undefined)
    && (other.kind === 'TLSRoute' ? hostnamesOn(other, listener) : [listener.hostname ?? '*']).some((name) => names.includes(name)))
    .map((other) => `${route.ref} is older than ${other.ref}`);
}

function withAssumptions(action: Action, assumptions: readonly string[]): Action {
  return assumptions.reduce<Action>((then, assumption) => ({ kind: 'assume', assumption, then }), action);
}

function rawAction(route: ReadObject, ended: boolean, cluster: Cluster, options: TrafficModelOptions): Action {
  const backends = recordsOf(recordsOf(route.spec.rules)[0]?.backendRefs);
  const weights = backends.map((backend) => (typeof backend.weight === 'number' ? backend.weight : 1));
  if (weights.reduce((sum, weight) => sum + weight, 0) <= 0) return { kind: 'refuse', why: 'closes the connection: the rule has no backend with a weight' };
  return {
    kind: 'forward',
    targets: backends.map((backend, i) => ({
      origin: { object: route.ref, at: `spec.rules[0].backendRefs[${i}]` },
      weight: weights[i],
      transforms: [],
      destination: bytes(backendDestination(route, backend, cluster, options), ended),
    })),
  };
}

// Bytes go on as they came, without the TLS that ended here; what fails closes the connection.
function bytes(destination: Destination, ended: boolean): Destination {
  if (destination.kind === 'service') return { ...destination, tls: destination.tls ? true : ended ? false : undefined, missing: 'refuse', empty: 'refuse' };
  return destination.kind === 'answer' ? { ...destination, failure: 'refuse' } : destination;
}
