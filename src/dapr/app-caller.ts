import { nameProblem, NameSyntax } from '../platform/names';

/** Somebody who may reach the ports of an application with an explicit sidecar. */
export class AppCaller {
  /** Anybody who reaches the pod at all. */
  public static anyone(): AppCaller {
    return new AppCaller(undefined);
  }

  /** Pods of the application's own namespace that have these labels. */
  public static pods(labels: { [key: string]: string }): AppCaller {
    if (Object.keys(labels).length === 0) throw new Error('AppCaller.pods: name at least one label; no label selects every pod, see AppCaller.namespace');
    return new AppCaller({ podSelector: { matchLabels: labels } });
  }

  /** Pods of a namespace, such as that of an ingress controller; all of them unless labels are given. */
  public static namespace(name: string, podLabels?: { [key: string]: string }): AppCaller {
    const problem = nameProblem(name, NameSyntax.LABEL);
    if (problem) throw new Error(`AppCaller.namespace: ${problem}`);
    return new AppCaller({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
      podSelector: podLabels && { matchLabels: podLabels },
    });
  }

  /** Addresses outside the cluster's network, such as a load balancer's, as a CIDR block. */
  public static addresses(cidr: string): AppCaller {
    if (!/^[0-9a-fA-F.:]+\/\d{1,3}$/.test(cidr)) throw new Error(`AppCaller.addresses: a block is written as "10.0.0.0/8", got "${cidr}"`);
    return new AppCaller({ ipBlock: { cidr } });
  }

  private constructor(private readonly peer: Record<string, unknown> | undefined) {}

  /**
   * The peer of a NetworkPolicy; undefined for anybody.
   * @internal
   */
  public _peer(): Record<string, unknown> | undefined {
    return this.peer;
  }
}
