import { ApiObject, Chart, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { claimIdentity, nameFromId, nameProblem, NameSyntax } from './names';

/** What every object of this library has in common. */
export interface ResourceProps {
  /**
   * The object's name in the cluster.
   * @default - the construct's id in lower case, words joined by `-`, without a hash
   */
  readonly name?: string;

  /**
   * The namespace that the object lives in. Kinds that belong to the cluster have none.
   * @default - the chart's namespace
   */
  readonly namespace?: string;

  /**
   * Labels of the object itself. They never become part of a selector.
   * @default - the chart's labels only
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of the object itself.
   * @default - none but those that the construct needs
   */
  readonly annotations?: { [key: string]: string };
}

/** The kind of an object, as its API group spells it. */
export interface ResourceKind {
  /** API version, such as `networking.istio.io/v1`. */
  readonly apiVersion: string;
  /** Kind, such as `VirtualService`. */
  readonly kind: string;
  /**
   * Whether objects of this kind belong to the cluster and have no namespace.
   * @default false
   */
  readonly clusterScoped?: boolean;
  /**
   * What names of this kind may look like.
   * @default NameSyntax.SUBDOMAIN
   */
  readonly nameSyntax?: NameSyntax;
  /**
   * The fields beside `metadata` that the object may have.
   * @default ['spec']
   */
  readonly fields?: string[];
}

/** An object in the cluster, made here or elsewhere, that others refer to by name. */
export interface IResource extends IConstruct {
  /** The object's name. */
  readonly name: string;
  /** The object's namespace; undefined for kinds of the cluster and where the chart has none. */
  readonly namespace?: string;
}

/**
 * One object of a Kubernetes API.
 *
 * It emits what the kind's schema knows and nothing else. `apiObject` is the way out: what `addJsonPatch` adds, in the
 * wire's spelling, arrives in the manifest whatever it is.
 */
export abstract class Resource extends Construct implements IResource {
  /** The object that is written to the manifest; patch it for what this library has no word for. */
  public readonly apiObject: ApiObject;
  public readonly name: string;
  public readonly namespace?: string;
  /** The object's kind, such as `VirtualService`. */
  public readonly kind: string;

  constructor(scope: Construct, id: string, kind: ResourceKind, props: ResourceProps = {}) {
    super(scope, id);
    this.kind = kind.kind;
    this.name = props.name ?? nameFromId(id);
    if (kind.clusterScoped && props.namespace !== undefined) {
      throw new Error(`${kind.kind} /${this.name}: ${kind.kind} belongs to the cluster and takes no namespace, got "${props.namespace}"`);
    }
    this.namespace = kind.clusterScoped ? undefined : props.namespace ?? Chart.of(this).namespace;

    const problem = nameProblem(this.name, kind.nameSyntax ?? NameSyntax.SUBDOMAIN);
    if (problem) this._fail(props.name === undefined ? `${problem}; set \`name\`, or give the construct another id` : problem);
    const namespaceProblem = this.namespace === undefined ? undefined : nameProblem(this.namespace, NameSyntax.LABEL);
    if (namespaceProblem) this._fail(`name${namespaceProblem.replace(/^name/, 'space')}`);
    claimIdentity(this, `${kind.apiVersion.replace(/\/.*/, '')}/${kind.kind}/${this.namespace ?? ''}/${this.name}`, this.reference);

    const fields = Object.fromEntries((kind.fields ?? ['spec']).map((field) => [
      field,
      Lazy.any({ produce: () => this._render()[field] }),
    ]));
    this.apiObject = new ApiObject(this, 'Resource', {
      ...fields,
      apiVersion: kind.apiVersion,
      kind: kind.kind,
      metadata: { name: this.name, namespace: this.namespace, labels: props.labels, annotations: props.annotations },
    });
    // cdk8s puts the chart's namespace on every object; kinds of the cluster have none.
    if (kind.clusterScoped) (this.apiObject.metadata as { namespace?: string }).namespace = undefined;
  }

  /** How findings and errors refer to the object: `Kind/namespace/name`, for kinds of the cluster `Kind//name`. */
  public get reference(): string {
    return `${this.kind}/${this.namespace ?? ''}/${this.name}`;
  }

  /**
   * The object's fields in the wire's spelling, asked for at synthesis.
   * @internal
   */
  public abstract _render(): { [field: string]: unknown };

  /**
   * Refuses a value: `HTTPProxy web/shop: weight must be 0 or more, got -1`.
   * @internal
   */
  public _fail(problem: string): never {
    throw new Error(`${this.kind} ${this.namespace ?? ''}/${this.name}: ${problem}`);
  }
}
