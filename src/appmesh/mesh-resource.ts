import { Construct } from 'constructs';
import { Membership } from './membership';
import type { IMesh } from './mesh';
import type { Pods } from './pods';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** An object of a mesh, made here or elsewhere. */
export interface IMeshResource extends IResource {
  /** The name that App Mesh knows it by. */
  readonly awsName: string;
}

/** Properties of every object that belongs to a mesh. */
export interface MeshResourceProps extends ResourceProps {
  /**
   * The name that App Mesh knows the object by. It cannot be changed later.
   * @default - `<name>_<namespace>`, as the controller has it
   */
  readonly awsName?: string;
}

/**
 * An object of a mesh. It belongs to the mesh that selects its namespace; the wire has no other word for it.
 *
 * An object in a namespace that no mesh of the app selects, or that two select, is an error at synthesis: the controller
 * would refuse it.
 */
export abstract class MeshResource extends Resource implements IMeshResource {
  public readonly awsName: string;
  /**
   * The AWS name where it is said, undefined where it is the controller's default.
   * @internal
   */
  protected readonly _givenAwsName?: string;

  constructor(scope: Construct, id: string, kind: string, props: MeshResourceProps = {}) {
    super(scope, id, { apiVersion: 'appmesh.k8s.aws/v1beta2', kind }, props);
    if (this.namespace === undefined) {
      this._fail('needs to know its namespace, which decides its mesh and is part of its AWS name; set `namespace`, or give the chart one');
    }
    if (props.awsName !== undefined && (props.awsName.length === 0 || props.awsName.length > 255)) {
      this._fail(`awsName must have 1 to 255 characters, got ${props.awsName.length} ("${props.awsName}")`);
    }
    this._givenAwsName = props.awsName;
    this.awsName = props.awsName ?? `${this.name}_${this.namespace}`;
    Membership.of(this).members.push(this);
  }

  /**
   * The mesh that selects the object's namespace.
   * @throws if the app knows of none.
   */
  public get mesh(): IMesh {
    const known = Membership.of(this).meshOf(this.namespace);
    if (!known) {
      this._fail(`the app knows of no mesh that selects the namespace ${this.namespace}; make a Mesh, or import one with ` +
        'Mesh.fromMeshName(), and call its addNamespace() or addNamespaceByName()');
    }
    return known.mesh;
  }

  /**
   * The objects that this one refers to; they have to be in the same mesh.
   * @internal
   */
  public abstract _references(): IResource[];

  /**
   * The pods that the object stands for.
   * @internal
   */
  public get _pods(): Pods | undefined {
    return undefined;
  }

  /**
   * The ARNs of ACM that the object's Envoys have to read: of certificates, and of authorities.
   * @internal
   */
  public get _acmArns(): string[] {
    return [];
  }

  /**
   * What is wrong given the labels of the app's namespaces, by name.
   * @internal
   */
  public _problemsIn(_namespaces: Map<string, Record<string, string>>): string[] {
    return [];
  }
}
