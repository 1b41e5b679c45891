import { AcmeSolver } from './acme-solver';
import type { ClusterIssuerSpec } from '../../imports/cert-manager.io';
import { nameProblem, NameSyntax } from '../platform/names';

/** Options of an ACME issuer. */
export interface AcmeOptions {
  /** How names are proven, at least one solver. */
  readonly solvers: AcmeSolver[];
  /**
   * The server's directory.
   * @default 'https://acme-v02.api.letsencrypt.org/directory' - Let's Encrypt, whose certificates browsers trust
   */
  readonly server?: string;
  /**
   * Where the server writes to when a certificate is in danger.
   * @default - nowhere
   */
  readonly email?: string;
  /**
   * The Secret that cert-manager keeps the account's key in.
   * @default - the issuer's name followed by `-account`
   */
  readonly accountSecretName?: string;
  /**
   * The common name of the chain's last certificate, where the server offers several.
   * @default - the server's own choice
   */
  readonly preferredChain?: string;
}

/** Options of an issuer that signs with a key of its own. */
export interface CaOptions {
  /** The Secret with the authority's certificate and key, in the issuer's namespace; for a ClusterIssuer in cert-manager's. */
  readonly secretName: string;
}

/**
 * Who signs: an ACME server, a certificate authority of your own, or the certificate itself.
 * @see https://cert-manager.io/docs/configuration/
 */
export class IssuerConfig {
  /**
   * An ACME server, such as Let's Encrypt.
   * @throws if there is no solver, or the server is no https address.
   */
  public static acme(options: AcmeOptions): IssuerConfig {
    const server = options.server ?? 'https://acme-v02.api.letsencrypt.org/directory';
    if (!/^https:\/\/[^\s/]+/.test(server)) throw new Error(`IssuerConfig.acme: server is an https address, got "${server}"`);
    if (options.solvers.length === 0) throw new Error('IssuerConfig.acme: name at least one solver, such as AcmeSolver.http01()');
    if (options.email !== undefined && !/^[^\s@]+@[^\s@]+$/.test(options.email)) {
      throw new Error(`IssuerConfig.acme: email is written like "ops@example.com", got "${options.email}"`);
    }
    return new IssuerConfig((name) => ({
      acme: {
        server,
        email: options.email,
        preferredChain: options.preferredChain,
        privateKeySecretRef: { name: checkedSecret('acme', options.accountSecretName ?? `${name}-account`) },
        solvers: options.solvers.map((solver) => solver._render()),
      },
    }), options.solvers, options.solvers.some((solver) => solver._byDns));
  }

  /** A certificate authority whose key is in a Secret. */
  public static ca(options: CaOptions): IssuerConfig {
    const secretName = checkedSecret('ca', options.secretName);
    return new IssuerConfig(() => ({ ca: { secretName } }), [], true);
  }

  /** Every certificate signs itself: for a first authority, or between a load balancer that does not verify and its backend. */
  public static selfSigned(): IssuerConfig {
    return new IssuerConfig(() => ({ selfSigned: {} }), [], true);
  }

  /** @internal */
  public readonly _solvers: AcmeSolver[];
  /** @internal */
  public readonly _issuesWildcards: boolean;

  private constructor(private readonly wire: (issuerName: string) => ClusterIssuerSpec, solvers: AcmeSolver[], issuesWildcards: boolean) {
    this._solvers = solvers;
    this._issuesWildcards = issuesWildcards;
  }

  /** @internal */
  public _render(issuerName: string): ClusterIssuerSpec {
    return this.wire(issuerName);
  }
}

function checkedSecret(variant: string, name: string): string {
  const problem = nameProblem(name, NameSyntax.SUBDOMAIN);
  if (problem) throw new Error(`IssuerConfig.${variant}: Secret ${problem}`);
  return name;
}
