import { Construct } from 'constructs';
import type { TlsCertificateDelegationSpec } from '../../imports/projectcontour.io';
import { generated } from '../platform/load-on-first-use';
import { nameProblem, NameSyntax } from '../platform/names';
import { Resource, ResourceProps } from '../platform/resource';

/** Properties of a TLSCertificateDelegation. */
export interface TlsCertificateDelegationProps extends ResourceProps {
  /**
   * The Secrets that are lent, and to whom.
   * @default - none yet; add them with `delegate` or `delegateToAll`
   */
  readonly delegations?: TlsCertificateDelegationEntry[];
}

/** One Secret and the namespaces whose HTTPProxies may use it. */
export interface TlsCertificateDelegationEntry {
  /** The Secret, in the namespace of the delegation. */
  readonly secretName: string;
  /** The namespaces. */
  readonly targetNamespaces: string[];
}

/**
 * Lets HTTPProxies of other namespaces serve TLS with a Secret of this one. Without it Contour refuses the proxy
 * (`TLSError/DelegationNotPermitted`) and the virtual host answers nothing.
 *
 * @see https://projectcontour.io/docs/main/config/tls-delegation/
 */
export class TlsCertificateDelegation extends Resource {
  private readonly entries = new Map<string, Set<string>>();

  /** @throws if a Secret or namespace has no valid name, or at synthesis if nothing is delegated. */
  constructor(scope: Construct, id: string, props: TlsCertificateDelegationProps = {}) {
    super(scope, id, { apiVersion: 'projectcontour.io/v1', kind: 'TLSCertificateDelegation' }, props);
    for (const entry of props.delegations ?? []) this.delegate(entry.secretName, ...entry.targetNamespaces);
    this.node.addValidation({
      validate: () => (this.entries.size > 0 ? [] : [`${this.reference}: delegates no Secret; call delegate() or leave it out`]),
    });
  }

  /** Lets the proxies of some namespaces use a Secret. */
  public delegate(secretName: string, ...targetNamespaces: string[]): this {
    const problem = nameProblem(secretName, NameSyntax.SUBDOMAIN);
    if (problem) this._fail(`Secret ${problem}`);
    if (targetNamespaces.length === 0) this._fail(`Secret ${secretName}: name at least one namespace, or call delegateToAll()`);
    for (const namespace of targetNamespaces) {
      // Contour takes "*" for all namespaces only where it stands alone; beside others it is a namespace of that name.
      if (namespace === '*') this._fail(`Secret ${secretName}: "*" is not mixed with namespaces; call delegateToAll()`);
      const wrong = nameProblem(namespace, NameSyntax.LABEL);
      if (wrong) this._fail(`Secret ${secretName}: namespace: ${wrong}`);
    }
    const entry = this.entries.get(secretName) ?? new Set<string>();
    if (entry.has('*')) this._fail(`Secret ${secretName}: is lent to all namespaces already`);
    targetNamespaces.forEach((namespace) => entry.add(namespace));
    this.entries.set(secretName, entry);
    return this;
  }

  /** Lets the proxies of every namespace use a Secret. */
  public delegateToAll(secretName: string): this {
    const problem = nameProblem(secretName, NameSyntax.SUBDOMAIN);
    if (problem) this._fail(`Secret ${problem}`);
    this.entries.set(secretName, new Set(['*']));
    return this;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: TlsCertificateDelegationSpec = {
      delegations: [...this.entries].map(([secretName, namespaces]) => ({ secretName, targetNamespaces: [...namespaces].sort() })),
    };
    return { spec: generated.contour.toJson_TlsCertificateDelegationSpec(spec) };
  }
}
