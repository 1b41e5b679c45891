import { Cluster, labelSelectorMatches } from '../../cluster';
import { Origin, origin, within } from '../../network/origin';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

export const GROUP = 'gateway.networking.k8s.io';

/** A listener of a Gateway, its own or one that a ListenerSet adds. */
export interface GatewayListener {
  readonly gateway: ReadObject;
  /** The Gateway or the ListenerSet. */
  readonly owner: ReadObject;
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** Lower-case; undefined takes any name. */
  readonly hostname?: string;
  readonly spec: Record<string, any>;
  readonly at: Origin;
}

/** The listeners of a Gateway; of those with the same port, protocol and hostname only the first counts. */
export function listenersOf(gateway: ReadObject, cluster: Cluster): GatewayListener[] {
  const owners = [gateway, ...listenerSetsOf(gateway, cluster)];
  const read = owners.flatMap((owner) => listOf(owner.spec.listeners).filter(isRecord).map((spec, i): GatewayListener => ({
    gateway,
    owner,
    name: String(spec.name),
    port: Number(spec.port),
    protocol: String(spec.protocol ?? ''),
    hostname: typeof spec.hostname === 'string' && spec.hostname !== '' ? spec.hostname.toLowerCase() : undefined,
    spec,
    at: within(origin(owner.ref), `spec.listeners[${i}]`),
  })));
  const place = ({ protocol, port, hostname }: GatewayListener) => `${port}/${protocol === 'TCP' || protocol === 'UDP' ? protocol : hostname ?? '*'}`;
  const first = new Map<string, GatewayListener>();
  const clashing = new Set<string>();
  for (const each of read) {
    const earlier = first.get(place(each));
    if (!earlier) first.set(place(each), each);
    else if (earlier.owner === each.owner) clashing.add(place(each));
  }
  // Two of one owner that cannot be told apart are both left out; of two owners the first keeps the place.
  return read.filter((each) => !clashing.has(place(each)) && first.get(place(each))!.owner === each.owner);
}

/** The ListenerSets that a Gateway lets attach, older ones first. */
export function listenerSetsOf(gateway: ReadObject, cluster: Cluster): ReadObject[] {
  const from = gateway.spec.allowedListeners?.namespaces?.from ?? 'None';
  return [...cluster.all(GROUP, 'ListenerSet'), ...cluster.all('gateway.networking.x-k8s.io', 'XListenerSet')].filter((set) => {
    const parent = set.spec.parentRef;
    if (!isRecord(parent) || parent.name !== gateway.name || (parent.namespace ?? set.namespace) !== gateway.namespace || (parent.kind ?? 'Gateway') !== 'Gateway') return false;
    return namespaceAllowed(from, gateway.spec.allowedListeners?.namespaces?.selector, gateway.namespace, set.namespace, cluster);
  }).sort((a, b) => (a.created ?? 0) - (b.created ?? 0) || (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1));
}

function namespaceAllowed(from: string, selector: any, own: string, other: string, cluster: Cluster): boolean {
  switch (from) {
    case 'All': return true;
    case 'Same': return own === other;
    case 'Selector': return labelSelectorMatches(selector, cluster.namespaceLabels(other) ?? { 'kubernetes.io/metadata.name': other });
    default: return false;
  }
}

/** Why a route does not attach to a listener, by the reason that a controller gives, or what it attaches under. */
export function attachment(
  route: ReadObject, parent: Record<string, any>, listener: GatewayListener, cluster: Cluster,
): { readonly problem?: string; readonly assumption?: string } {
  if (parent.sectionName && parent.sectionName !== listener.name) return { problem: 'NoMatchingParent' };
  if (parent.port !== undefined && parent.port !== listener.port) return { problem: 'NoMatchingParent' };
  if (!kindsOf(listener).includes(route.kind)) return { problem: 'NotAllowedByListeners' };
  if (hostnamesOn(route, listener).length === 0) return { problem: 'NoMatchingListenerHostname' };
  const { namespaces } = listener.spec.allowedRoutes ?? {};
  const from = namespaces?.from ?? 'Same';
  if (namespaceAllowed(from, namespaces?.selector, listener.owner.namespace, route.namespace, cluster)) return {};
  // Of a namespace that the input lacks nobody here knows the labels.
  return from === 'Selector' && cluster.namespaceLabels(route.namespace) === undefined
    ? { assumption: `namespace ${route.namespace} has the labels that listener ${listener.name} of ${listener.owner.ref} asks for` }
    : { problem: 'NotAllowedByListeners' };
}

/** The kinds of route that a listener takes. */
export function kindsOf(listener: GatewayListener): string[] {
  const byProtocol: Record<string, string[]> = {
    HTTP: ['HTTPRoute', 'GRPCRoute'], HTTPS: ['HTTPRoute', 'GRPCRoute'], TLS: ['TLSRoute', 'TCPRoute'], TCP: ['TCPRoute'], UDP: ['UDPRoute'],
  };
  const supported = Object.hasOwn(byProtocol, listener.protocol) ? byProtocol[listener.protocol] : [];
  const asked = recordsOf(listener.spec.allowedRoutes?.kinds).filter((each) => (each.group ?? GROUP) === GROUP).map((each) => String(each.kind));
  return listOf(listener.spec.allowedRoutes?.kinds).length > 0 ? supported.filter((kind) => asked.includes(kind)) : supported;
}

/** Whether a parent reference of a route means an object. */
export function refersTo(parent: Record<string, any>, route: ReadObject, owner: ReadObject): boolean {
  return (parent.kind ?? 'Gateway') === owner.kind && (parent.group ?? GROUP) === owner.group && parent.name === owner.name && (parent.namespace ?? route.namespace) === owner.namespace;
}

/** The names that a route serves on a listener: the narrower of each pair that overlaps; `*` for any. */
export function hostnamesOn(route: ReadObject, listener: GatewayListener): string[] {
  const own = listOf(route.spec.hostnames).map((name) => String(name).toLowerCase());
  if (own.length === 0) return [listener.hostname ?? '*'];
  return own.flatMap((name) => {
    const { hostname } = listener;
    if (hostname === undefined || name === hostname) return [name];
    if (hostname.startsWith('*') && name.endsWith(hostname.slice(1)) && name.length > hostname.length - 1) return [name];
    if (name.startsWith('*') && hostname.endsWith(name.slice(1)) && hostname.length > name.length - 1) return [hostname];
    return [];
  });
}

/** Whether a ReferenceGrant lets an object refer across namespaces. */
export function granted(
  from: { group: string; kind: string; namespace: string }, to: { group: string; kind: string; namespace: string; name: string }, cluster: Cluster,
): boolean {
  if (from.namespace === to.namespace) return true;
  return cluster.all(GROUP, 'ReferenceGrant').filter((grant) => grant.namespace === to.namespace).some((grant) =>
    recordsOf(grant.spec.from).some((each) => each.group === from.group && each.kind === from.kind && each.namespace === from.namespace)
    && recordsOf(grant.spec.to).some((each) => (each.group ?? '') === to.group && each.kind === to.kind && (each.name === undefined || each.name === '' || each.name === to.name)));
}
