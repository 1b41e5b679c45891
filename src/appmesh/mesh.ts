import { Construct, IConstruct } from 'constructs';
import { INJECTOR_KEY } from './injector-key';
import { Membership } from './membership';
import { NamespaceSelector } from './namespace-selector';
import { wire } from './wire';
import type { MeshSpec } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { apiObjectOf, referenceOf } from '../platform/manifest';
import { nameProblem, NameSyntax } from '../platform/names';
import { Prerequisites } from '../platform/prerequisites';
import { IResource, Resource } from '../platform/resource';

/** What pods of the mesh may reach that is not in the mesh. */
export enum EgressFilter {
  /** Everything; a call to a virtual service that is missing among the backends goes out, past the mesh, and nobody notices. */
  ALLOW_ALL = 'ALLOW_ALL',
  /** Nothing but the AWS endpoints; other calls are answered 404 by the caller's Envoy. */
  DROP_ALL = 'DROP_ALL',
}

/** The addresses that the mesh uses. */
export enum IpPreference {
  /** IPv4. */
  IPV4_ONLY = 'IPv4_ONLY',
  /** IPv6. */
  IPV6_ONLY = 'IPv6_ONLY',
}

/** Which pods of a namespace get an Envoy. */
export enum SidecarInjection {
  /** All; a pod that no virtual node or gateway selects is refused, Jobs and databases too, unless it is annotated `disabled`. */
  ENABLED = 'enabled',
  /** Those annotated `appmesh.k8s.aws/sidecarInjectorWebhook: enabled`. */
  DISABLED = 'disabled',
}

/** Options of a mesh's namespace. */
export interface MeshNamespaceOptions {
  /**
   * Which pods of the namespace get an Envoy.
   * @default SidecarInjection.ENABLED
   */
  readonly injection?: SidecarInjection;
}

/** A mesh, made here or elsewhere. */
export interface IMesh extends IResource {
  /** The name that App Mesh knows the mesh by. */
  readonly awsName: string;
  /** The account that owns the mesh, where it is another one's. */
  readonly meshOwner?: string;
  /** Which namespaces belong to the mesh. */
  readonly namespaceSelector: NamespaceSelector;

  /**
   * Takes a namespace into the mesh: puts the labels on it that the mesh and the injector select by.
   *
   * @param namespace a Namespace of any cdk8s library
   * @throws if it carries such a label with another value, or belongs to another mesh.
   */
  addNamespace(namespace: IConstruct, options?: MeshNamespaceOptions): void;

  /**
   * Says that a namespace that is made elsewhere belongs to the mesh. The labels it has to carry are noted in the
   * prerequisites.
   */
  addNamespaceByName(namespace: string, options?: MeshNamespaceOptions): void;
}

/** Properties of a Mesh. */
export interface MeshProps {
  /**
   * The mesh's name in the cluster.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The name that App Mesh knows the mesh by. It cannot be changed later.
   * @default - the mesh's name
   */
  readonly awsName?: string;
  /**
   * Which namespaces belong to the mesh. A mesh without a selector has no member, so there is always one.
   * @default - those labelled `mesh: <name>`; `addNamespace` puts the label on
   */
  readonly namespaceSelector?: NamespaceSelector;
  /**
   * What pods of the mesh may reach that is not in the mesh.
   * @default EgressFilter.DROP_ALL
   */
  readonly egressFilter?: EgressFilter;
  /**
   * The account that owns the mesh and shares it, 12 digits.
   * @default - the controller's account
   */
  readonly meshOwner?: string;
  /**
   * The addresses that the mesh uses.
   * @default - the controller takes the cluster's
   */
  readonly ipPreference?: IpPreference;
  /**
   * Labels of the object itself.
   * @default - the chart's labels only
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations of the object itself.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** What is known of a mesh that is made elsewhere. */
export interface MeshAttributes {
  /** The mesh's name in the cluster. */
  readonly name: string;
  /**
   * The name that App Mesh knows it by.
   * @default - the name
   */
  readonly awsName?: string;
  /**
   * Which namespaces belong to it.
   * @default - those labelled `mesh: <name>`
   */
  readonly namespaceSelector?: NamespaceSelector;
  /**
   * The account that owns it, where it is another one's.
   * @default - the controller's account
   */
  readonly meshOwner?: string;
}

/**
 * A service mesh: the namespaces whose virtual nodes, routers, services and gateways belong together.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/meshes.html
 */
export class Mesh extends Resource implements IMesh {
  /** A mesh of this name that is made elsewhere and selects the namespaces labelled `mesh: <name>`. */
  public static fromMeshName(scope: Construct, id: string, meshName: string): IMesh {
    return Mesh.fromMeshAttributes(scope, id, { name: meshName });
  }

  /** A mesh that is made elsewhere. */
  public static fromMeshAttributes(scope: Construct, id: string, attributes: MeshAttributes): IMesh {
    return new ImportedMesh(scope, id, attributes);
  }

  public readonly awsName: string;
  public readonly meshOwner?: string;
  public readonly namespaceSelector: NamespaceSelector;
  private readonly props: MeshProps;

  /** @throws if the AWS name or the owner is malformed. */
  constructor(scope: Construct, id: string, props: MeshProps = {}) {
    super(scope, id, { apiVersion: 'appmesh.k8s.aws/v1beta2', kind: 'Mesh', clusterScoped: true }, props);
    this.props = props;
    this.awsName = props.awsName ?? this.name;
    this.meshOwner = props.meshOwner;
    this.namespaceSelector = props.namespaceSelector ?? NamespaceSelector.labels({ mesh: this.name });
    if (this.awsName.length === 0 || this.awsName.length > 255) {
      this._fail(`awsName must have 1 to 255 characters, got ${this.awsName.length} ("${this.awsName}")`);
    }
    if (props.meshOwner !== undefined && !/^\d{12}$/.test(props.meshOwner)) {
      this._fail(`meshOwner is an account of 12 digits, got "${props.meshOwner}"`);
    }
    Membership.of(this).addMesh(this, this.namespaceSelector);
  }

  public addNamespace(namespace: IConstruct, options: MeshNamespaceOptions = {}): void {
    takeIn(this, namespace, options);
  }

  public addNamespaceByName(namespace: string, options: MeshNamespaceOptions = {}): void {
    takeInByName(this, namespace, options);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: MeshSpec = {
      awsName: this.props.awsName,
      meshOwner: this.meshOwner,
      namespaceSelector: this.namespaceSelector._render(),
      egressFilter: { type: wire(this.props.egressFilter ?? EgressFilter.DROP_ALL) },
      meshServiceDiscovery: this.props.ipPreference === undefined ? undefined : { ipPreference: wire(this.props.ipPreference) },
    };
    return { spec: generated.appMesh.toJson_MeshSpec(spec) };
  }
}

class ImportedMesh extends Construct implements IMesh {
  public readonly name: string;
  public readonly awsName: string;
  public readonly meshOwner?: string;
  public readonly namespaceSelector: NamespaceSelector;

  constructor(scope: Construct, id: string, attributes: MeshAttributes) {
    super(scope, id);
    const problem = nameProblem(attributes.name, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`Mesh ${this.node.path}: ${problem}`);
    this.name = attributes.name;
    this.awsName = attributes.awsName ?? attributes.name;
    this.meshOwner = attributes.meshOwner;
    this.namespaceSelector = attributes.namespaceSelector ?? NamespaceSelector.labels({ mesh: attributes.name });
    Membership.of(this).addMesh(this, this.namespaceSelector);
  }

  public addNamespace(namespace: IConstruct, options: MeshNamespaceOptions = {}): void {
    takeIn(this, namespace, options);
  }

  public addNamespaceByName(namespace: string, options: MeshNamespaceOptions = {}): void {
    takeInByName(this, namespace, options);
  }
}

function labelsFor(mesh: IMesh, options: MeshNamespaceOptions): Record<string, string> {
  return { ...mesh.namespaceSelector._labels, [INJECTOR_KEY]: options.injection ?? SidecarInjection.ENABLED };
}

function takeIn(mesh: IMesh, namespace: IConstruct, options: MeshNamespaceOptions): void {
  const object = apiObjectOf(namespace, `Mesh /${mesh.name}`, 'a Namespace');
  if (object.kind !== 'Namespace') throw new Error(`Mesh /${mesh.name}: expected a Namespace, got ${referenceOf(object)}`);
  for (const [key, value] of Object.entries(labelsFor(mesh, options))) {
    const present = object.metadata.getLabel(key);
    if (present !== undefined && present !== value) {
      throw new Error(`Mesh /${mesh.name}: the namespace ${object.name} needs the label ${key}=${value}, it carries ${key}=${present}; remove it there, ` +
        'or let the mesh select it with `namespaceSelector`');
    }
    object.metadata.addLabel(key, value);
  }
  if (!mesh.namespaceSelector._selects(object.name, mesh.namespaceSelector._labels)) {
    throw new Error(`Mesh /${mesh.name}: selects ${mesh.namespaceSelector._describe()}, got "${object.name}"; add it to \`namespaceSelector\``);
  }
  Membership.of(mesh).join(mesh, object.name);
}

function takeInByName(mesh: IMesh, namespace: string, options: MeshNamespaceOptions): void {
  const problem = nameProblem(namespace, NameSyntax.LABEL);
  if (problem) throw new Error(`Mesh /${mesh.name}: namespace: ${problem}`);
  Membership.of(mesh).join(mesh, namespace);
  const labels = Object.entries(labelsFor(mesh, options)).map(([key, value]) => `${key}=${value}`);
  Prerequisites.of(mesh).add({
    kind: 'Namespace labels',
    value: namespace,
    purpose: `takes the namespace into the mesh ${mesh.name} and lets the controller inject Envoys`,
    command: `kubectl label namespace ${namespace} ${labels.join(' ')}`,
    reliedOnBy: [`Mesh//${mesh.name}`],
  });
}
