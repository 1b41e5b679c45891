import { Cluster } from './cluster';
import { Hop } from './network/hop';
import { HostNames } from './network/host-table';
import { Network, senderOf, SystemInput } from './network/network';
import { origin } from './network/origin';
import { End, note, Passage } from './network/passage';
import { Header, readRequest } from './network/request';
import { begin, Walk } from './network/walk';
import { TrafficModelOptions } from './options';
import { readElements } from './read/elements';
import { lastOfEach, ReadObject } from './read/objects';
import { appMesh } from './systems/appmesh';
import { contour } from './systems/contour';
import { dapr } from './systems/dapr';
import { gatewayApi } from './systems/gateway-api';
import { meshRoutes } from './systems/gateway-api/mesh';
import { ingressAlb } from './systems/ingress-alb';
import { ingressGce } from './systems/ingress-gce';
import { istio } from './systems/istio';
import { KubernetesServices } from './systems/kubernetes';
import { loadBalancerServices } from './systems/load-balancer-services';
import { Certainty, Outcome, OutcomeKind, Trace, TrafficHop, TrafficRequest } from './trace';

const SYSTEMS: readonly ((input: SystemInput) => void)[] = [dapr, appMesh, contour, ingressAlb, ingressGce, loadBalancerServices, gatewayApi,
  (input) => istio(input, meshRoutes(input.cluster, input.options))];

/** An outermost entry that listens on a port, and the host names that it knows there. */
interface Listening {
  readonly ref: string;
  readonly hop: Hop;
  readonly names: HostNames;
}

/**
 * The model itself, of plain objects: it knows neither files nor cdk8s, so that it runs in a page too. `TrafficModel` is its
 * public face.
 */
export class Model {
  /** Reads plain objects. @throws for an element that is no object with apiVersion and kind. */
  public static fromObjects(objects: readonly any[], options: TrafficModelOptions = {}): Model {
    return new Model(readElements(objects, options.defaultNamespace), options);
  }

  /** Objects that a later one of the same identity took the place of. */
  public readonly replaced: readonly ReadObject[];
  private readonly cluster: Cluster;
  private readonly options: TrafficModelOptions;
  private network?: Network;
  private services?: KubernetesServices;
  private readonly listeningOn = new Map<number, Listening[]>();
  private readonly named = new Map<string, Hop>();

  public constructor(objects: readonly ReadObject[], options: TrafficModelOptions) {
    const { last, replaced } = lastOfEach(objects);
    // In one order, whatever the order of the input: what nothing decides must not be decided by it.
    this.cluster = new Cluster([...last].sort(byIdentity));
    this.replaced = replaced;
    this.options = options;
  }

  /**
   * Follows a request.
   *
   * @throws if the url is none, or the entry or sender is not in the input.
   */
  public trace(request: TrafficRequest): Trace {
    const { network, services } = this.translated();
    const start = readRequest(request);
    const walk = new Walk(services);
    const passage = begin(start);
    const ends = request.from !== undefined ? this.send(walk, passage, request.from) : this.enter(walk, passage, request.entry, network, services);
    return new Trace(request, outcomesOf(ends), dedupe(walk.mirrors));
  }

  private enter(walk: Walk, passage: Passage, entry: string | undefined, network: Network, services: KubernetesServices): End[] {
    if (entry !== undefined) {
      const ref = plainRef(entry);
      const hop = network.entry(ref)?.hop ?? this.namedHop(ref, passage.request.port, network, services);
      if (!hop) throw new Error(`entry ${entry} is not in the input${nearMisses(ref, [...network.entries.map((each) => each.ref), ...this.cluster.objects.map((each) => each.ref)])}`);
      const workload = this.cluster.workload(ref);
      const admitted = workload ? services.admit(passage, workload, passage.request.port) : passage;
      return 'kind' in admitted ? [admitted] : walk.arrive(admitted, hop, passage.request.port);
    }
    const listening = this.listening(passage.request.port, network);
    const knowing = listening.length > 1 ? listening.filter((each) => each.names.has(passage.request.hostName)) : listening;
    const candidates = knowing.length > 0 ? knowing : listening;
    if (candidates.length === 0) return [{ kind: 'refused', passage: note(passage, origin('internet'), `nothing in the input listens on port ${passage.request.port}`) }];
    if (candidates.length === 1) return walk.arrive(passage, candidates[0].hop, passage.request.port);
    const names = candidates.map((each) => each.ref).join(', ');
    return walk.either(passage, origin(candidates[0].ref), candidates.map((each) => () => walk.arrive(passage, each.hop, passage.request.port)),
      `several entries take the request and treat it differently: ${names}`, `DNS leads to one of ${names}`);
  }

  // Asked by every request, and the same for all of a port.
  private listening(port: number, network: Network): Listening[] {
    let listening = this.listeningOn.get(port);
    if (!listening) {
      listening = network.entries.filter((each) => each.outermost && each.hop.ports().includes(port))
        .map(({ ref, hop }) => ({ ref, hop, names: new HostNames(hop.hosts?.(port) ?? ['*']) }));
      this.listeningOn.set(port, listening);
    }
    return listening;
  }

  private namedHop(ref: string, port: number, network: Network, services: KubernetesServices): Hop | undefined {
    const key = `${ref}:${port}`;
    let hop = this.named.get(key);
    if (!hop) {
      hop = this.entryHop(ref, port, network, services);
      if (hop) this.named.set(key, hop);
    }
    return hop;
  }

  private entryHop(ref: string, port: number, network: Network, services: KubernetesServices): Hop | undefined {
    const [kind, namespace, name] = ref.split('/');
    if (kind === 'Service') {
      const service = this.cluster.service(namespace, name);
      return service && services.entry(service);
    }
    const workload = this.cluster.workload(ref);
    return workload && (network.podHop(workload, port) ?? services.podEntry(workload));
  }

  private send(walk: Walk, passage: Passage, from: string): End[] {
    const workload = this.cluster.workload(plainRef(from));
    if (!workload) throw new Error(`from ${from} is not in the input${nearMisses(plainRef(from), this.cluster.workloads.map((each) => each.ref))}`);
    const { network, services } = this.translated();
    const sent: Passage = {
      ...passage,
      request: passage.request.with({
        source: { ...passage.request.source, ...senderOf(workload) },
      }),
    };
    if (isLoopback(sent.request.hostName)) {
      const own = network.loopbackHop(workload, sent.request.port) ?? services.podEntry(workload);
      return walk.arrive(note(sent, origin(workload.ref), `sends it to port ${sent.request.port} of its own pod`), own, sent.request.port);
    }
    const hop = network.outboundHop(workload);
    return hop ? walk.arrive(note(sent, origin(workload.ref), 'sends it through its sidecar'), hop, sent.request.port) : services.send(walk, sent, workload);
  }

  private translated(): { network: Network; services: KubernetesServices } {
    if (!this.network || !this.services) {
      this.network = new Network();
      this.services = new KubernetesServices(this.cluster, this.network, this.options);
      for (const system of SYSTEMS) system({ cluster: this.cluster, options: this.options, network: this.network, services: this.services });
    }
    return { network: this.network, services: this.services };
  }
}

function byIdentity(a: ReadObject, b: ReadObject): number {
  return a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : a.group < b.group ? -1 : a.group > b.group ? 1 : 0;
}

function outcomesOf(ends: readonly End[]): Outcome[] {
  const merged: { end: End; share: number }[] = [];
  const open = ends.filter((end) => end.kind === 'undetermined');
  for (const end of ends) if (end.kind !== 'undetermined') merged.push({ end, share: end.passage.share });
  const outcomes = merged.map(({ end, share }) => outcomeOf(end, share));
  if (open.length > 0) {
    const share = open.reduce((sum, end) => sum + end.passage.share, 0);
    outcomes.push({ ...outcomeOf(open[0], share), kind: OutcomeKind.UNDETERMINED, certainty: Certainty.UNDETERMINED });
  }
  return outcomes;
}

function outcomeOf(end: End, share: number): Outcome {
  const { passage } = end;
  const policies = passage.policies.map(({ name, value, origin: where }) => ({ name, value, object: where.object, at: where.at }));
  const hops = passage.hops as TrafficHop[];
  const certainty = passage.assumptions.length > 0 ? Certainty.ASSUMED : Certainty.CERTAIN;
  const base = { share, policies, hops, certainty, assumptions: [...passage.assumptions] };
  switch (end.kind) {
    case 'delivered': {
      const headers = headersOf(passage.request.headers);
      const { method, host, pathAndQuery } = passage.request;
      return {
        ...base,
        kind: OutcomeKind.DELIVERED,
        destination: withoutUndefined(end.destination),
        request: { method, scheme: end.scheme, host, path: pathAndQuery, headers },
      };
    }
    case 'responded': return { ...base, kind: OutcomeKind.RESPONDED, ...(end.status === undefined ? {} : { status: end.status }) };
    case 'redirected': return { ...base, kind: OutcomeKind.REDIRECTED, status: end.status, location: end.location };
    case 'refused': return { ...base, kind: OutcomeKind.REFUSED };
    case 'undetermined': return { ...base, kind: OutcomeKind.UNDETERMINED };
  }
}

function headersOf(given: readonly Header[]): Record<string, string> {
  if (given.length === 0) return {};
  const lines = new Map<string, string>();
  for (const { name, value } of given) lines.set(name, lines.has(name) ? `${lines.get(name)}, ${value}` : value);
  return Object.fromEntries(lines);
}

function withoutUndefined<T extends object>(value: T): T {
  const kept: Partial<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) kept[key] = value[key];
  return kept as T;
}

function dedupe<T>(values: readonly T[]): T[] {
  if (values.length === 0) return [];
  const seen = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...seen.values()];
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(host);
}

/** `Kind.group/ns/name` as `Kind/ns/name`. */
function plainRef(ref: string): string {
  return ref.replace(/^([^/.]+)\.[^/]*\//, '$1/');
}

function nearMisses(ref: string, known: readonly string[]): string {
  const name = ref.split('/').pop();
  const near = [...new Set(known.filter((each) => each.split('/').pop() === name || each.toLowerCase() === ref.toLowerCase()))].slice(0, 5);
  return near.length > 0 ? `; did you mean ${near.join(', ')}?` : '';
}
