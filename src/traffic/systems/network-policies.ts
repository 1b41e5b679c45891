import { Cluster, labelSelectorMatches, Workload } from '../cluster';
import { inCidr } from '../network/match';
import { Source } from '../network/request';
import { isRecord, listOf, ReadObject, recordsOf } from '../read/objects';

/** What NetworkPolicies say of a connection to a port of some pods. */
export type PolicyVerdict =
  | { readonly kind: 'open' }
  | { readonly kind: 'closed'; readonly policies: readonly ReadObject[] }
  /** A policy lets some senders in, and nobody can tell whether this is one of them. */
  | { readonly kind: 'depends'; readonly policies: readonly ReadObject[] };

/** NetworkPolicies by the pods that they select. */
export class NetworkPolicies {
  private readonly byNamespace = new Map<string, ReadObject[]>();

  public constructor(private readonly cluster: Cluster) {
    for (const policy of cluster.all('networking.k8s.io', 'NetworkPolicy')) {
      const types = listOf(policy.spec.policyTypes);
      if (types.length > 0 && !types.includes('Ingress')) continue;
      this.byNamespace.set(policy.namespace, [...(this.byNamespace.get(policy.namespace) ?? []), policy]);
    }
  }

  /** Whether policies may have a say in who reaches a workload's pods. */
  public concern(workload: Workload): boolean {
    return this.byNamespace.has(workload.namespace);
  }

  /** Whether a sender reaches a port of a workload's pods. Pods that no policy selects are open. */
  public admits(workload: Workload, port: number, source: Source): PolicyVerdict {
    const policies = (this.byNamespace.get(workload.namespace) ?? [])
      .filter((policy) => labelSelectorMatches(policy.spec.podSelector ?? {}, workload.podLabels));
    if (policies.length === 0) return { kind: 'open' };
    let depends = false;
    for (const policy of policies) {
      for (const rule of recordsOf(policy.spec.ingress)) {
        if (!portMatches(rule.ports, port, workload)) continue;
        const verdict = this.fromMatches(rule.from, policy.namespace, source);
        if (verdict) return { kind: 'open' };
        if (verdict === undefined) depends = true;
      }
    }
    return { kind: depends ? 'depends' : 'closed', policies };
  }

  private fromMatches(from: any, namespace: string, source: Source): boolean | undefined {
    const peers = recordsOf(from);
    if (peers.length === 0) return true;
    const verdicts = peers.map((peer) => this.peerMatches(peer, namespace, source));
    return verdicts.includes(true) ? true : verdicts.includes(undefined) ? undefined : false;
  }

  private peerMatches(peer: Record<string, any>, namespace: string, source: Source): boolean | undefined {
    if (isRecord(peer.ipBlock)) {
      if (source.workload !== undefined) return undefined;
      if (source.ip === undefined) return undefined;
      return inCidr(source.ip, String(peer.ipBlock.cidr)) && !listOf(peer.ipBlock.except).some((block) => inCidr(source.ip!, String(block)));
    }
    if (source.workload === undefined) return undefined;
    if (peer.namespaceSelector === undefined && source.namespace !== namespace) return false;
    if (peer.namespaceSelector !== undefined) {
      const labels = this.cluster.namespaceLabels(source.namespace ?? '') ?? { 'kubernetes.io/metadata.name': source.namespace ?? '' };
      if (!labelSelectorMatches(peer.namespaceSelector, labels)) return false;
    }
    return peer.podSelector === undefined || labelSelectorMatches(peer.podSelector, source.labels ?? {});
  }
}

function portMatches(ports: any, port: number, workload: Workload): boolean {
  const list = recordsOf(ports);
  if (list.length === 0) return true;
  return list.some((each) => {
    if ((each.protocol ?? 'TCP') !== 'TCP') return false;
    if (each.port === undefined) return true;
    if (typeof each.port === 'string') return workload.ports.some((named) => named.name === each.port && named.number === port);
    return typeof each.endPort === 'number' ? port >= each.port && port <= each.endPort : each.port === port;
  });
}
