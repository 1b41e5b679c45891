import { Destination, Policy } from '../../network/action';
import { origin } from '../../network/origin';
import { Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, recordsOf } from '../../read/objects';
import { clusterServiceOf } from '../kubernetes';
import { fullHost } from './hosts';
import { IstioService, Registry } from './registry';

/** The proxy that sends: what it sees depends on its namespace, and which DestinationRules apply on its labels. */
export interface Proxy {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A destination of a route with what its DestinationRule does. */
export interface ResolvedDestination {
  readonly destination: Destination;
  readonly policies: readonly Policy[];
  readonly transforms: readonly Transform[];
}

/** Finds where `destination` of a route leads. A host that no proxy knows has no cluster: 503. */
export function resolveDestination(
  destination: any, namespace: string, listenerPort: number, proxy: Proxy, registry: Registry, options: TrafficModelOptions, missing = 503,
): ResolvedDestination {
  const host = fullHost(String(destination?.host ?? ''), namespace, options.clusterDomain ?? 'cluster.local');
  const service = registry.find(host, proxy.namespace, namespace);
  const wanted: number | undefined = destination?.port?.number;
  if (!service) return nowhere(unknownHost(host, wanted ?? listenerPort, options, missing));
  const port = wanted ?? (service.ports.length === 1 ? service.ports[0].number : listenerPort);
  return toService(service, port, destination?.subset, proxy, registry, missing, host);
}

/** A service of the registry as a destination. */
export function toService(
  service: IstioService, port: number, subsetName: string | undefined, proxy: Proxy, registry: Registry, missing = 503, host = service.host,
): ResolvedDestination {
  const external = service.service?.externalName !== undefined;
  if (!external && !service.ports.some((each) => each.number === port)) {
    return nowhere({ kind: 'answer', failure: missing, why: `${host} has no port ${port}` });
  }
  const rule = registry.destinationRule(service, proxy);
  const subset = subsetName === undefined ? undefined : registry.subset(service, proxy, subsetName);
  if (subsetName !== undefined && !subset) {
    return nowhere({ kind: 'answer', failure: missing, why: `no DestinationRule that applies has a subset ${subsetName} of ${host}` });
  }
  const tls = tlsOf(subset?.trafficPolicy, port) ?? tlsOf(rule?.spec.trafficPolicy, port);
  const mode: string | undefined = tls?.mode;
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  const at = rule && { object: rule.ref, at: 'spec.trafficPolicy.tls' };
  const policies: Policy[] = at && originates ? [{ name: 'upstreamTls', value: `${mode}${tls!.sni ? ` as ${tls!.sni}` : ''}`, origin: at }] : [];
  // Without mutual TLS the other side does not learn who sends.
  const transforms: Transform[] = at && mode !== undefined && mode !== 'ISTIO_MUTUAL'
    ? [{ origin: at, kind: 'custom', text: 'sends it without the mutual TLS of the mesh', apply: (request) => request.with({ source: { ...request.source, workload: undefined } }) }]
    : [];
  if (service.entry) return { destination: registry.endOf(service, port, host), policies, transforms };
  if (mode === 'ISTIO_MUTUAL') {
    const outside = registry.outsideMesh(service);
    if (outside) return { ...nowhere({ kind: 'answer', failure: 503, why: `${rule!.ref} asks for the mutual TLS of the mesh, and ${outside.why}`, assumption: outside.assumption }), policies };
  }
  const { service: kubernetes } = service;
  return {
    destination: {
      kind: 'service',
      namespace: kubernetes!.namespace,
      name: kubernetes!.name,
      port,
      subset: subset && { name: subset.name, labels: isRecord(subset.labels) ? subset.labels as Record<string, string> : {} },
      missing,
      empty: 503,
      // What the request is encrypted with inside the mesh is the mesh's own affair.
      tls: originates,
      sni: tls?.sni,
    },
    policies,
    transforms,
  };
}

// A port's own settings take the place of the rule's as a whole.
function tlsOf(policy: any, port: number): Record<string, any> | undefined {
  const own = recordsOf(policy?.portLevelSettings).find((each) => each.port?.number === port);
  const tls = own ? own.tls : policy?.tls;
  return isRecord(tls) ? tls : undefined;
}

function nowhere(destination: Destination): ResolvedDestination {
  return { destination, policies: [], transforms: [] };
}

// A Service that the input merely lacks counts as there; another host that nobody declares does not.
function unknownHost(host: string, port: number, options: TrafficModelOptions, missing: number): Destination {
  const service = clusterServiceOf(host, options.clusterDomain ?? 'cluster.local');
  if (service && !options.complete) return { kind: 'service', ...service, port, missing, empty: 503 };
  const why = `no proxy knows the host ${host}`;
  return { kind: 'answer', failure: missing, why, assumption: options.complete || service ? undefined : `no ServiceEntry for ${host} exists beside the input` };
}

/** The object that a service of the registry comes from. */
export function originOf(service: IstioService) {
  return origin(service.service?.ref ?? service.entry!.ref);
}
