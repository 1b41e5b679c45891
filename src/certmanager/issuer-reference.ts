import { IResource } from '../platform/resource';

/** An Issuer or a ClusterIssuer, made here or elsewhere. */
export interface IIssuer extends IResource {
  /** `Issuer` or `ClusterIssuer`. */
  readonly kind: string;
  /**
   * Whether the issuer can prove that a wildcard such as `*.example.com` is yours.
   * Undefined where only the cluster knows.
   */
  readonly issuesWildcards?: boolean;
}
