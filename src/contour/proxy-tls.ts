import type { HttpProxySpecVirtualhostTls } from '../../imports/projectcontour.io';
import { nameProblem, NameSyntax } from '../platform/names';

/** A version of TLS. */
export enum TlsVersion {
  /** TLS 1.2. */
  V1_2 = '1.2',
  /** TLS 1.3. */
  V1_3 = '1.3',
}

/** Options of TLS on a virtual host. */
export interface ProxyTlsOptions {
  /**
   * The oldest version that clients may speak.
   * @default TlsVersion.V1_2
   */
  readonly minimumVersion?: TlsVersion;
}

/** Where the certificate of a virtual host comes from. */
export class ProxyTls {
  /** A Secret in the namespace of the HTTPProxy. */
  public static secret(name: string, options: ProxyTlsOptions = {}): ProxyTls {
    checkName('secret', 'Secret', name, NameSyntax.SUBDOMAIN);
    return new ProxyTls({ secretName: name, minimumProtocolVersion: options.minimumVersion });
  }

  /** A Secret in another namespace, whose owner lends it to this one with a `TlsCertificateDelegation`. */
  public static delegatedSecret(namespace: string, name: string, options: ProxyTlsOptions = {}): ProxyTls {
    checkName('delegatedSecret', 'namespace', namespace, NameSyntax.LABEL);
    checkName('delegatedSecret', 'Secret', name, NameSyntax.SUBDOMAIN);
    return new ProxyTls({ secretName: `${namespace}/${name}`, minimumProtocolVersion: options.minimumVersion });
  }

  private constructor(private readonly wire: HttpProxySpecVirtualhostTls) {}

  /** @internal */
  public _render(): HttpProxySpecVirtualhostTls {
    return this.wire;
  }
}

function checkName(variant: string, what: string, name: string, syntax: NameSyntax): void {
  const problem = nameProblem(name, syntax);
  if (problem) throw new Error(`ProxyTls.${variant}: ${what}: ${problem}`);
}
