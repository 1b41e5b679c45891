import { Cluster, ClusterService, ClusterServicePort, Workload } from '../cluster';
import { Destination, Failure } from '../network/action';
import { Hop, Listener } from '../network/hop';
import { Network } from '../network/network';
import { origin, Origin, within } from '../network/origin';
import { assume, End, note, Passage } from '../network/passage';
import { Source } from '../network/request';
import { Arrival, ServiceResolver, Walk } from '../network/walk';
import { TrafficModelOptions } from '../options';
import { TrafficDestination } from '../trace';
import { NetworkPolicies } from './network-policies';

/** Pods behind a Service that NetworkPolicies select, and what becomes of a request that these let in. */
interface Pods {
  readonly kind: 'pods';
  readonly targets: readonly { readonly workload: Workload; readonly port: number }[];
  readonly origin: Origin;
  readonly open: Exclude<Arrival, { readonly kind: 'fail' }>;
}

/** Services as Kubernetes itself has them: ports by number and name, selectors against pod templates, headless, ExternalName. */
export class KubernetesServices implements ServiceResolver {
  private readonly policies: NetworkPolicies;
  // A route's destination is one object for all requests.
  private readonly found = new WeakMap<Destination, Arrival | Pods>();

  public constructor(
    private readonly cluster: Cluster,
    private readonly network: Network,
    private readonly options: TrafficModelOptions,
  ) {
    this.policies = new NetworkPolicies(cluster);
  }

  public resolve(destination: Destination & { readonly kind: 'service' }, source: Source = {}): Arrival {
    let found = this.found.get(destination);
    if (!found) this.found.set(destination, found = this.find(destination));
    return found.kind === 'pods' ? this.admitted(found, destination, source) : found;
  }

  private find(destination: Destination & { readonly kind: 'service' }, depth = 0): Arrival | Pods {
    const { namespace, name } = destination;
    const ref = `Service/${namespace}/${name}`;
    const here = origin(ref);
    const service = this.cluster.service(namespace, name);
    const subset = destination.subset?.name;
    const generated = service ? undefined : this.network.serviceHop(namespace, name);
    if (generated) {
      const port = Number(destination.port);
      return { kind: 'hops', through: { kind: 'Service', namespace, name, port }, origin: here, ways: [{ hop: generated, port, pods: generated.title }] };
    }
    if (!service) {
      if (this.options.complete) return { kind: 'fail', failure: destination.missing, why: 'does not exist', origin: here };
      const port = typeof destination.port === 'number' ? destination.port : undefined;
      return { kind: 'deliver', destination: { kind: 'Service', namespace, name, port, subset }, assumption: `${ref} exists and has ready pods` };
    }
    const port = servicePort(service, destination.port);
    if (service.externalName !== undefined) {
      const number = port?.port ?? (typeof destination.port === 'number' ? destination.port : undefined);
      return this.external(service.externalName, number, destination, depth);
    }
    if (!port) return { kind: 'fail', failure: destination.missing, why: `has no port ${destination.port}`, origin: within(here, 'spec.ports') };
    const through: TrafficDestination = { kind: 'Service', namespace, name, port: port.port, subset };
    if (!service.selector || Object.keys(service.selector).length === 0) {
      return { kind: 'deliver', destination: through, assumption: `${ref}, which selects no pods, has endpoints made by somebody else` };
    }
    const workloads = this.cluster.behind(service)
      .filter((workload) => Object.entries(destination.subset?.labels ?? {}).every(([key, value]) => workload.podLabels[key] === value));
    if (workloads.length === 0) {
      const what = destination.subset ? `pods of subset ${destination.subset.name}` : 'pods';
      if (this.options.complete) return { kind: 'fail', failure: destination.empty, why: `selects no ${what}`, origin: within(here, 'spec.selector') };
      return { kind: 'deliver', destination: through, assumption: `${ref} has ready ${what}` };
    }
    const at = within(here, `spec.ports[${port.index}]`);
    // Pods without a port of the name are no endpoints of it.
    const targets = workloads.flatMap((workload) => {
      const number = targetPort(port, workload);
      return number === undefined ? [] : [{ workload, port: number }];
    });
    if (targets.length === 0) {
      const why = `leads to port ${port.targetPort}, which no container of ${workloads.map((each) => each.ref).join(', ')} has`;
      return { kind: 'fail', failure: destination.empty, why, origin: at };
    }
    if (targets.every(({ workload }) => workload.object.spec?.replicas === 0)) {
      const why = `leads to ${targets.map(({ workload }) => workload.ref).join(', ')} alone, of which no pod runs (replicas 0)`;
      return { kind: 'fail', failure: destination.empty, why, origin: at, assumption: `nobody scales ${targets.map(({ workload }) => workload.ref).join(', ')}` };
    }
    const ways = targets.map((way) => ({ hop: this.network.podHop(way.workload, way.port), port: way.port, pods: way.workload.ref }));
    const undeclared = targets.filter(({ workload, port: number }, i) => !ways[i].hop && workload.ports.length > 0
      && workload.ports.every((declared) => declared.number !== number));
    const assumption = undeclared.length > 0 ? `a container of ${undeclared[0].workload.ref} listens on port ${undeclared[0].port}, which none declares` : undefined;
    const open: Pods['open'] = ways.every((way) => !way.hop) ? { kind: 'deliver', destination: through, assumption } : { kind: 'hops', through, origin: at, ways, assumption };
    return workloads.some((workload) => this.policies.concern(workload)) ? { kind: 'pods', targets, origin: at, open } : open;
  }

  // Who sends the request decides whether NetworkPolicies let it in.
  private admitted({ targets, origin: at, open }: Pods, destination: { readonly empty: Failure; readonly refused?: Failure }, source: Source): Arrival {
    const verdicts = targets.map((target) => this.policies.admits(target.workload, target.port, source));
    const [closed] = verdicts;
    if (closed.kind === 'closed' && verdicts.every((verdict) => verdict.kind === 'closed')) {
      const names = closed.policies.map((policy) => policy.ref).join(', ');
      const why = `no NetworkPolicy of its pods (${names}) lets the connection to port ${targets[0].port} in`;
      return { kind: 'fail', failure: destination.refused ?? destination.empty, why, origin: at };
    }
    if (verdicts.some((verdict) => verdict.kind === 'closed')) {
      // Some of the pods are closed to the sender: which of them gets the request nobody can tell.
      const ways = targets.map(({ workload, port }, i) => ({
        hop: verdicts[i].kind === 'closed' ? closedPods(workload) : this.network.podHop(workload, port), port, pods: workload.ref,
      }));
      return { kind: 'hops', through: open.kind === 'hops' ? open.through : open.destination, origin: at, ways };
    }
    const depends = verdicts.find((verdict) => verdict.kind !== 'open');
    return depends ? { ...open, assumption: `${depends.policies.map((policy) => policy.ref).join(', ')} lets the sender in` } : open;
  }

  /** A Service as an entry: a listener per port that leads to its pods. */
  public entry(service: ClusterService): Hop {
    const here = origin(service.ref);
    const listener = (number: number): Listener | undefined => {
      const port = service.ports.find((each) => each.port === number);
      if (!port) return undefined;
      const destination: Destination = {
        kind: 'service', namespace: service.namespace, name: service.name, port: number, missing: 'refuse', empty: 'refuse',
      };
      const at = within(here, `spec.ports[${port.index}]`);
      const action = { kind: 'forward', targets: [{ origin: at, weight: 1, destination, transforms: [] }] } as const;
      // The Service hands the bytes on, whatever they are.
      return {
        origin: at,
        chains: (['none', 'pass'] as const).map((tls) => ({ origin: at, tls, handling: { kind: 'tcp', action } })),
      };
    };
    return { origin: here, title: `Service ${service.namespace}/${service.name}`, listener, ports: () => service.ports.map((port) => port.port) };
  }

  /** What NetworkPolicies make of a request that comes straight to a port of a workload's pods. */
  public admit(passage: Passage, workload: Workload, port: number): Passage | End {
    const verdict = this.policies.admits(workload, port, passage.request.source);
    if (verdict.kind === 'open') return passage;
    const names = verdict.policies.map((policy) => policy.ref).join(', ');
    if (verdict.kind === 'depends') return assume(passage, `${names} lets the sender in`);
    return { kind: 'refused', passage: note(passage, origin(workload.ref), `no NetworkPolicy of its pods (${names}) lets the connection to port ${port} in`) };
  }

  /** The pods of a workload as an entry: whatever comes to a port is delivered to the application. */
  public podEntry(workload: Workload): Hop {
    const here = origin(workload.ref);
    const listener = (number: number): Listener => {
      const service = this.cluster.servicesOf(workload)
        .flatMap((each) => each.ports.map((port) => ({ each, port })))
        .find(({ port }) => targetPort(port, workload) === number);
      const destination: TrafficDestination = service
        ? { kind: 'Service', namespace: service.each.namespace, name: service.each.name, port: service.port.port }
        : { kind: 'Service', namespace: workload.namespace, name: workload.name, port: number };
      const action = { kind: 'forward', targets: [{ origin: here, weight: 1, destination: { kind: 'end', destination }, transforms: [] }] } as const;
      const known = service !== undefined || workload.ports.some((port) => port.number === number);
      return {
        origin: here,
        chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action } })),
        assumptions: known ? [] : [`a container of ${workload.ref} listens on port ${number}, which none declares`],
      };
    };
    return { origin: here, title: `pods of ${workload.ref}`, listener, ports: () => workload.ports.map((port) => port.number) };
  }

  /** A workload without a sidecar sends a request: the cluster's DNS and Services alone lead it. */
  public send(walk: Walk, passage: Passage, workload: Workload): End[] {
    const { request } = passage;
    const from = origin(workload.ref);
    const service = this.serviceByHost(request.hostName, workload.namespace);
    if (!service) return [{ kind: 'delivered', passage: note(passage, from, `sends it to ${request.hostName}, outside the cluster`), destination: { kind: 'Host', name: request.hostName, port: request.port }, scheme: request.tls ? 'https' : 'http' }];
    return walk.go(note(passage, from, 'sends it'), from, { kind: 'service', ...service, port: this.addressedPort(service, request.port), missing: 'refuse', empty: 'refuse' });
  }

  // The name of a headless Service is that of its pods: its ports are theirs, and no port is changed on the way.
  private addressedPort({ namespace, name }: { namespace: string; name: string }, port: number): number | string {
    const service = this.cluster.service(namespace, name);
    const workloads = service?.headless ? this.cluster.behind(service) : [];
    if (!service || workloads.length === 0) return port;
    return service.ports.find((each) => workloads.some((workload) => targetPort(each, workload) === port))?.port ?? `${port} of its pods`;
  }

  /** The Service that a name leads to for a client in a namespace, by the search list of its resolver. */
  public serviceByHost(host: string, namespace: string): { namespace: string; name: string } | undefined {
    const domain = this.options.clusterDomain ?? 'cluster.local';
    const full = clusterServiceOf(host, domain);
    if (full) return full;
    const parts = host.replace(/\.$/, '').split('.');
    if (parts.length === 1) return { name: parts[0], namespace };
    if (parts.length === 3 && parts[2] === 'svc') return { name: parts[0], namespace: parts[1] };
    if (parts.length === 2 && this.cluster.service(parts[1], parts[0])) return { name: parts[0], namespace: parts[1] };
    // A pod of a headless Service, by its own name.
    const suffix = ['svc', ...domain.split('.')];
    const pod = parts.length > 3 && parts.slice(3).join('.') === suffix.join('.') ? this.cluster.service(parts[2], parts[1]) : undefined;
    return pod?.headless ? { name: pod.name, namespace: pod.namespace } : undefined;
  }

  // A name inside the cluster leads on to the Service that it names.
  private external(host: string, port: number | undefined, destination: Destination & { readonly kind: 'service' }, depth: number): Arrival | Pods {
    const inside = clusterServiceOf(host, this.options.clusterDomain ?? 'cluster.local');
    if (!inside) return { kind: 'deliver', destination: { kind: 'Host', name: host, port } };
    if (depth > 4) return { kind: 'fail', failure: destination.missing, why: 'names itself by way of other Services', origin: origin(`Service/${destination.namespace}/${destination.name}`) };
    return this.find({ ...destination, ...inside, port: port ?? destination.port }, depth + 1);
  }
}

function closedPods(workload: Workload): Hop {
  return { origin: origin(workload.ref), title: `pods of ${workload.ref}`, listener: () => undefined, ports: () => [] };
}

/** The Service that a DNS name inside the cluster stands for: `svc.ns.svc.cluster.local`, with or without a last dot. */
export function clusterServiceOf(host: string, clusterDomain: string): { namespace: string; name: string } | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const suffix = `.svc.${clusterDomain}`;
  if (!name.endsWith(suffix)) return undefined;
  const parts = name.slice(0, -suffix.length).split('.');
  return parts.length === 2 ? { name: parts[0], namespace: parts[1] } : undefined;
}

/** A TCP port of a Service by number or by name. */
export function servicePort(service: ClusterService, port: number | string): ClusterServicePort | undefined {
  const ports = service.ports.filter((each) => each.protocol === 'TCP');
  return ports.find((each) => (typeof port === 'number' ? each.port === port : each.name === port))
    ?? (typeof port === 'string' && /^\d+$/.test(port) ? ports.find((each) => each.port === Number(port)) : undefined);
}

/** The number that a Service port has on the pods of a workload; undefined where its name is not among the containers' ports. */
export function targetPort(port: ClusterServicePort, workload: Workload): number | undefined {
  if (port.targetPort === undefined || port.targetPort === 0) return port.port;
  if (typeof port.targetPort === 'number') return port.targetPort;
  const named = workload.ports.find((each) => each.name === port.targetPort)?.number;
  return named ?? (/^\d+$/.test(port.targetPort) ? Number(port.targetPort) : undefined);
}
