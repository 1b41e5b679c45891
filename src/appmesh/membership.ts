import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import type { IMesh } from './mesh';
import type { MeshResource } from './mesh-resource';
import type { NamespaceSelector } from './namespace-selector';
import { selects } from './pods';
import type { ObservedWorkload } from '../platform/observed';

/** A mesh as its members see it. */
export interface KnownMesh {
  readonly mesh: IMesh;
  readonly selector: NamespaceSelector;
}

const memberships = new WeakMap<IConstruct, Membership>();

/**
 * Who belongs to which mesh, in one app. The controller decides it by the labels of the Namespace objects when an object is
 * created, so that is what is compared, once per validation for all members together.
 */
export class Membership {
  public static of(scope: IConstruct): Membership {
    const root = scope.node.root;
    let membership = memberships.get(root);
    if (!membership) {
      memberships.set(root, membership = new Membership(root));
      const created = membership;
      root.node.addValidation({ validate: () => created.problems() });
    }
    return membership;
  }

  public readonly members: MeshResource[] = [];
  private readonly meshes: KnownMesh[] = [];
  private readonly byNamespace = new Map<string, KnownMesh>();

  private constructor(private readonly root: IConstruct) {}

  public addMesh(mesh: IMesh, selector: NamespaceSelector): void {
    this.meshes.push({ mesh, selector });
  }

  /** Notes that a namespace belongs to a mesh. */
  public join(mesh: IMesh, namespace: string): void {
    const other = this.byNamespace.get(namespace);
    if (other && other.mesh.name !== mesh.name) {
      throw new Error(`Mesh /${mesh.name}: the namespace ${namespace} belongs to the mesh ${other.mesh.name} already; a namespace has one mesh`);
    }
    this.byNamespace.set(namespace, this.meshes.find((known) => known.mesh === mesh)!);
  }

  /** The mesh of a namespace, as far as the app knows. */
  public meshOf(namespace: string | undefined): KnownMesh | undefined {
    if (namespace === undefined) return undefined;
    const joined = this.byNamespace.get(namespace);
    if (joined) return joined;
    const labels = this.meshes.length === 0 ? undefined : this.labelsOfNamespaces().get(namespace);
    const selecting = this.meshes.filter(({ selector }) => (labels ? selector._selects(namespace, labels) : selector._selects(namespace, {})));
    return selecting.length === 1 ? selecting[0] : undefined;
  }

  /** The labels of every Namespace object of the app. */
  public labelsOfNamespaces(): Map<string, Record<string, string>> {
    const found = new Map<string, Record<string, string>>();
    for (const construct of this.root.node.findAll()) {
      if (ApiObject.isApiObject(construct) && construct.kind === 'Namespace') {
        found.set(construct.name, construct.metadata.toJson()?.labels ?? {});
      }
    }
    return found;
  }

  private problems(): string[] {
    const labelled = this.labelsOfNamespaces();
    return [
      ...(this.meshes.length > 0 ? this.namespaceProblems(labelled) : []),
      ...this.members.flatMap((member) => [...member._problemsIn(labelled), ...this.referenceProblems(member)]),
      ...this.awsNameProblems(),
      ...this.podProblems(),
    ];
  }

  private namespaceProblems(labelled: Map<string, Record<string, string>>): string[] {
    const inNamespace = new Map<string, MeshResource>();
    for (const member of this.members) if (!inNamespace.has(member.namespace!)) inNamespace.set(member.namespace!, member);
    return [...inNamespace].flatMap(([namespace, member]) => {
      const labels = labelled.get(namespace);
      const selecting = this.meshes.filter(({ mesh, selector }) =>
        (labels ? selector._selects(namespace, labels) : selector._selects(namespace, {}) || this.byNamespace.get(namespace)?.mesh === mesh));
      if (selecting.length === 1) return [];
      if (selecting.length > 1) {
        return [`${member.reference}: the namespace ${namespace} is selected by the meshes ${selecting.map(({ mesh }) => mesh.name).join(' and ')}; the ` +
          'controller refuses every object in it; give each mesh labels of its own'];
      }
      const wanted = this.meshes.map(({ mesh, selector }) => `the mesh ${mesh.name} selects ${selector._describe()}`).join(', ');
      const carries = labels && Object.keys(labels).length > 0 ? `, it carries ${labelText(labels)}` : '';
      return [`${member.reference}: no mesh selects the namespace ${namespace} (${wanted}${carries}); call mesh.addNamespace(), or ` +
        'mesh.addNamespaceByName() for a namespace that is labelled elsewhere'];
    });
  }

  private referenceProblems(member: MeshResource): string[] {
    return member._references().flatMap((other) => {
      const [here, there] = [this.byNamespace.get(member.namespace!), this.byNamespace.get(other.namespace ?? '')];
      if (!here || !there || here.mesh.name === there.mesh.name) return [];
      return [`${member.reference}: belongs to the mesh ${here.mesh.name} and refers to ${other.namespace}/${other.name} in the mesh ${there.mesh.name}; ` +
        'both have to be in one mesh'];
    });
  }

  private awsNameProblems(): string[] {
    const taken = new Map<string, MeshResource>();
    return this.members.flatMap((member) => {
      const key = `${this.byNamespace.get(member.namespace!)?.mesh.name ?? ''}/${member.kind}/${member.awsName}`;
      const other = taken.get(key);
      taken.set(key, member);
      return other ? [`${member.reference}: has the AWS name ${member.awsName}, as ${other.reference} of the same mesh has; give one of them another`] : [];
    });
  }

  /** A pod belongs to one node or one gateway; the controller refuses a pod that two select. */
  private podProblems(): string[] {
    const byLabel = new Map<string, MeshResource[]>();
    const workloads = new Map<string, ObservedWorkload>();
    for (const member of this.members) {
      const pods = member._pods;
      if (!pods?.labels) continue;
      const [key, value] = Object.entries(pods.labels)[0];
      const index = `${member.namespace}/${key}=${value}`;
      byLabel.set(index, [...(byLabel.get(index) ?? []), member]);
      if (pods.workload) workloads.set(pods.workload.reference, pods.workload);
    }
    return [...workloads.values()].flatMap((workload) => {
      const labels = workload.podLabels;
      const selecting = Object.entries(labels)
        .flatMap(([key, value]) => byLabel.get(`${workload.namespace}/${key}=${value}`) ?? [])
        .filter((member) => selects(member._pods?.labels, labels));
      return selecting.length < 2 ? [] : [`${workload.reference}: its pods (${labelText(labels)}) are selected by ` +
        `${selecting.map(({ reference }) => reference).join(' and ')}, and the controller refuses them; a pod belongs to one node or one gateway`];
    });
  }
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');
}
