import { Construct } from 'constructs';
import { NameSyntax } from './names';
import { IResource, Resource } from './resource';

/** Properties of a Namespace. */
export interface NamespaceProps {
  /**
   * The namespace's name, a DNS label.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * Labels; injection webhooks, meshes and gateways select namespaces by them.
   * @default - none but the chart's
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}

/** A namespace, made here or elsewhere. */
export interface INamespace extends IResource {}

/** A namespace of the cluster. */
export class Namespace extends Resource implements INamespace {
  /** @throws if the name is no DNS label. */
  constructor(scope: Construct, id: string, props: NamespaceProps = {}) {
    super(scope, id, { apiVersion: 'v1', kind: 'Namespace', clusterScoped: true, nameSyntax: NameSyntax.LABEL, fields: [] }, props);
  }

  /** Adds a label, such as the one that an injection webhook or a mesh selects by. */
  public addLabel(key: string, value: string): void {
    this.apiObject.metadata.addLabel(key, value);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return {};
  }
}
