import { Construct } from 'constructs';
import { ImportedIssuer } from './imported-issuer';
import { IssuerConfig } from './issuer-config';
import { IIssuer } from './issuer-reference';
import { installSolverIdentities } from './solver-identities';
import { generated } from '../platform/load-on-first-use';
import { Resource } from '../platform/resource';

/** Properties of a ClusterIssuer. */
export interface ClusterIssuerProps {
  /** Who signs. */
  readonly config: IssuerConfig;
  /**
   * The issuer's name.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
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

/**
 * Issues certificates to every namespace.
 * @see https://cert-manager.io/docs/concepts/issuer/
 */
export class ClusterIssuer extends Resource implements IIssuer {
  /** A ClusterIssuer that exists already. */
  public static fromClusterIssuerName(scope: Construct, id: string, clusterIssuerName: string): IIssuer {
    return new ImportedIssuer(scope, id, 'ClusterIssuer', clusterIssuerName);
  }

  public readonly issuesWildcards?: boolean;
  private readonly config: IssuerConfig;

  /** @throws if the name is not valid, or two solvers act as different identities of one cloud. */
  constructor(scope: Construct, id: string, props: ClusterIssuerProps) {
    super(scope, id, { apiVersion: 'cert-manager.io/v1', kind: 'ClusterIssuer', clusterScoped: true }, props);
    this.config = props.config;
    this.issuesWildcards = props.config._issuesWildcards;
    props.config._render(this.name);
    installSolverIdentities(this, props.config._solvers);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return { spec: generated.certManager.toJson_ClusterIssuerSpec(this.config._render(this.name)) };
  }
}
