import { nameProblem, NameSyntax } from '../platform/names';

/** How the pods of a namespace join the mesh. */
export class MeshInjection {
  /** Sidecars of the cluster's default revision. */
  public static defaultRevision(): MeshInjection {
    return new MeshInjection({ 'istio-injection': 'enabled' });
  }

  /**
   * Sidecars of one revision, such as `asm-managed`, or of the tag of one, such as `prod-stable`. If nothing in the
   * cluster is called so, pods start without a sidecar and nobody says a word.
   *
   * @throws if it is no revision's name.
   */
  public static revision(revisionOrTag: string): MeshInjection {
    const problem = nameProblem(revisionOrTag, NameSyntax.LABEL);
    if (problem) throw new Error(`MeshInjection.revision: ${problem}`);
    return new MeshInjection({ 'istio.io/rev': revisionOrTag });
  }

  /**
   * No sidecars: the nodes' ztunnel carries the traffic.
   * @param waypoint the waypoint that applies HTTP routes and policies; without one there are none
   * @throws if the waypoint's name is none.
   */
  public static ambient(waypoint?: string): MeshInjection {
    const problem = waypoint === undefined ? undefined : nameProblem(waypoint, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`MeshInjection.ambient: waypoint: ${problem}`);
    return new MeshInjection({ 'istio.io/dataplane-mode': 'ambient', ...(waypoint !== undefined && { 'istio.io/use-waypoint': waypoint }) });
  }

  /** Not at all, whatever the cluster's default is. */
  public static none(): MeshInjection {
    return new MeshInjection({ 'istio-injection': 'disabled' });
  }

  private constructor(
    /** @internal */
    public readonly _labels: { [key: string]: string },
  ) {}
}
