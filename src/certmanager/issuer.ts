import { Construct } from 'constructs';
import { ImportedIssuer } from './imported-issuer';
import { IssuerConfig } from './issuer-config';
import { IIssuer } from './issuer-reference';
import { installSolverIdentities } from './solver-identities';
import { generated } from '../platform/load-on-first-use';
import { Resource, ResourceProps } from '../platform/resource';

/** Properties of an Issuer. */
export interface IssuerProps extends ResourceProps {
  /** Who signs. */
  readonly config: IssuerConfig;
}

/**
 * Issues certificates to its own namespace.
 * @see https://cert-manager.io/docs/concepts/issuer/
 */
export class Issuer extends Resource implements IIssuer {
  /** An Issuer that exists already; certificates of its namespace may name it. */
  public static fromIssuerName(scope: Construct, id: string, issuerName: string, namespace: string): IIssuer {
    return new ImportedIssuer(scope, id, 'Issuer', issuerName, namespace);
  }

  public readonly issuesWildcards?: boolean;
  private readonly config: IssuerConfig;

  /** @throws if the name is not valid, or two solvers act as different identities of one cloud. */
  constructor(scope: Construct, id: string, props: IssuerProps) {
    super(scope, id, { apiVersion: 'cert-manager.io/v1', kind: 'Issuer' }, props);
    this.config = props.config;
    this.issuesWildcards = props.config._issuesWildcards;
    props.config._render(this.name);
    installSolverIdentities(this, props.config._solvers);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    // Issuer and ClusterIssuer share one spec.
    return { spec: generated.certManager.toJson_ClusterIssuerSpec(this.config._render(this.name)) };
  }
}
