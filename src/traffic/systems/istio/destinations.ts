import { Destination, Policy } from '../../network/action';
import { TrafficModelOptions } from '../../options';
import { isRecord } from '../../read/objects';
import { clusterServiceOf } from '../kubernetes';
import { fullHost } from './hosts';
import { IstioService, Registry } from './registry';

/** The proxy that sends: what it sees depends on its namespace, and which DestinationRules apply on its labels. */
export interface Proxy {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A destination of a route with the policies of its DestinationRule. */
export interface ResolvedDestination {
  readonly destination: Destination;
  readonly policies: readonly Policy[];
}

/** Finds where `destination` of a route leads. A host that no proxy knows has no cluster: 503. */
export function resolveDestination(
  destination: any, namespace: string, listenerPort: number, proxy: Proxy, registry: Registry, options: TrafficModelOptions, missing = 503,
): ResolvedDestination {
  const host = fullHost(String(destination?.host ?? ''), namespace, options.clusterDomain ?? 'cluster.local');
  const service = registry.find(host, proxy.namespace);
  const wanted: number | undefined = destination?.port?.number;
  if (!service) return { destination: unknownHost(host, wanted ?? listenerPort, options, missing), policies: [] };
  const port = wanted ?? (service.ports.length === 1 ? service.ports[0].number : listenerPort);
  return toService(service, port, destination?.subset, proxy, registry, missing, host);
}

/** A service of the registry as a destination. */
export function toService(
  service: IstioService, port: number, subsetName: string | undefined, proxy: Proxy, registry: Registry, missing = 503, host = service.host,
): ResolvedDestination {
  const external = service.service?.externalName !== undefined;
  if (!external && !service.ports.some((each) => each.number === port)) {
    return { destination: { kind: 'answer', failure: missing, why: `${host} has no port ${port}` }, policies: [] };
  }
  const rule = registry.destinationRule(service, proxy);
  const subset = subsetName === undefined ? undefined : registry.subset(service, proxy, subsetName);
  if (subsetName !== undefined && !subset) {
    return { destination: { kind: 'answer', failure: missing, why: `no DestinationRule that applies has a subset ${subsetName} of ${host}` }, policies: [] };
  }
  const tls = subset?.trafficPolicy?.tls ?? rule?.spec.trafficPolicy?.tls;
  const mode = isRecord(tls) ? tls.mode : undefined;
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  const policies: Policy[] = rule && originates
    ? [{ name: 'upstreamTls', value: `${mode}${tls.sni ? ` as ${tls.sni}` : ''}`, origin: { object: rule.ref, at: 'spec.trafficPolicy.tls' } }]
    : [];
  if (service.entry) return { destination: { kind: 'end', destination: { kind: 'Host', name: host, port } }, policies };
  const { service: kubernetes } = service;
  return {
    destination: {
      kind: 'service',
      namespace: kubernetes!.namespace,
      name: kubernetes!.name,
      port,
      subset: subset && { name: subset.name, labels: subset.labels ?? {} },
      missing,
      empty: 503,
      // What the request is encrypted with inside the mesh is the mesh's own affair.
      tls: originates,
      sni: tls?.sni,
    },
    policies,
  };
}

// A Service that the input merely lacks counts as there; another host that nobody declares does not.
function unknownHost(host: string, port: number, options: TrafficModelOptions, missing: number): Destination {
  const service = clusterServiceOf(host, options.clusterDomain ?? 'cluster.local');
  if (service && !options.complete) return { kind: 'service', ...service, port, missing, empty: 503 };
  const why = `no proxy knows the host ${host}`;
  return { kind: 'answer', failure: missing, why, assumption: options.complete || service ? undefined : `no ServiceEntry for ${host} exists beside the input` };
}
