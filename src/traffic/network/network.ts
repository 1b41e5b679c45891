import { Cluster, Workload } from '../cluster';
import { TrafficModelOptions } from '../options';
import type { Hop } from './hop';
import type { Source } from './request';
import type { ServiceResolver } from './walk';

/** What systems are given to translate. */
export interface SystemInput {
  readonly cluster: Cluster;
  readonly options: TrafficModelOptions;
  readonly network: Network;
  readonly services: ServiceResolver;
}

/** Takes requests that a workload sends before the cluster's network does: a sidecar's outbound side. */
export type OutboundHop = (workload: Workload) => Hop | undefined;

/** Takes requests that reach a port of a workload's pods: a gateway, daprd, a sidecar's inbound side. */
export type PodHop = (workload: Workload, port: number) => Hop | undefined;

/** Where requests may come in from outside the cluster. */
export interface Entry {
  /** `Ingress/web/shop`, `IngressClass//contour`, … */
  readonly ref: string;
  readonly hop: Hop;
  /** Whether the internet reaches it without passing another entry. */
  readonly outermost: boolean;
}

/** What all systems have translated into: entries, and what stands on pods. */
export class Network {
  private readonly entriesByRef = new Map<string, Entry>();
  private readonly podHops: PodHop[] = [];
  private readonly onPorts = new Map<Workload, Map<number, Hop | undefined>>();
  private readonly loopbackHops: PodHop[] = [];
  private readonly outboundHops: OutboundHop[] = [];
  private readonly services: ((namespace: string, name: string) => Hop | undefined)[] = [];

  public addEntry(entry: Entry): void {
    this.entriesByRef.set(entry.ref, entry);
  }

  public entry(ref: string): Entry | undefined {
    return this.entriesByRef.get(ref);
  }

  public get entries(): readonly Entry[] {
    return [...this.entriesByRef.values()];
  }

  /** Earlier ones are asked first. */
  public onPods(hop: PodHop): void {
    this.podHops.push(hop);
    this.onPorts.clear();
  }

  /** What a workload's own containers meet at a port of the pod's loopback. */
  public onLoopback(hop: PodHop): void {
    this.loopbackHops.push(hop);
  }

  public onOutbound(hop: OutboundHop): void {
    this.outboundHops.push(hop);
  }

  public podHop(workload: Workload, port: number): Hop | undefined {
    let known = this.onPorts.get(workload);
    if (!known) this.onPorts.set(workload, known = new Map());
    if (!known.has(port)) {
      const found = first(this.podHops, workload, port);
      known.set(port, found && { ...found, sender: senderOf(workload) });
    }
    return known.get(port);
  }

  public loopbackHop(workload: Workload, port: number): Hop | undefined {
    return first(this.loopbackHops, workload, port);
  }

  public outboundHop(workload: Workload): Hop | undefined {
    for (const hop of this.outboundHops) {
      const found = hop(workload);
      if (found) return found;
    }
    return undefined;
  }

  /** Services that a controller makes for something that is an entry itself. */
  public onService(hop: (namespace: string, name: string) => Hop | undefined): void {
    this.services.push(hop);
  }

  public serviceHop(namespace: string, name: string): Hop | undefined {
    for (const hop of this.services) {
      const found = hop(namespace, name);
      if (found) return found;
    }
    return undefined;
  }
}

/** A workload's pods as those who send a request. */
export function senderOf(workload: Workload): Source {
  return { namespace: workload.namespace, labels: workload.podLabels, workload: workload.ref, serviceAccount: workload.podSpec.serviceAccountName ?? 'default' };
}

function first(hops: readonly PodHop[], workload: Workload, port: number): Hop | undefined {
  for (const hop of hops) {
    const found = hop(workload, port);
    if (found) return found;
  }
  return undefined;
}
