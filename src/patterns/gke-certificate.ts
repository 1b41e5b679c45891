/** The certificate that a load balancer of Google Cloud shows to clients. */
export class GkeCertificate {
  /**
   * One that Google issues and renews for these domains, once they lead to the load balancer. For external ones.
   *
   * @param domains at most 100, each at most 63 characters, lower case and without wildcard
   */
  public static managed(domains: string[]): GkeCertificate {
    return new GkeCertificate({ domains: [...domains] });
  }

  /**
   * Certificates that exist in Google Cloud, by name; the first is shown to clients that name no host.
   *
   * @param names of global certificates, for an internal load balancer of its region's
   */
  public static preShared(names: string[]): GkeCertificate {
    if (names.length === 0) throw new Error('GkeCertificate.preShared: names must hold at least one name');
    return new GkeCertificate({ preShared: [...names] });
  }

  /** A Secret of type kubernetes.io/tls in the gateway's namespace, such as cert-manager keeps. */
  public static secret(name: string): GkeCertificate {
    return new GkeCertificate({ secret: name });
  }

  /** @internal */
  public readonly _domains?: string[];
  /** @internal */
  public readonly _preShared?: string[];
  /** @internal */
  public readonly _secret?: string;

  private constructor(source: { domains?: string[]; preShared?: string[]; secret?: string }) {
    this._domains = source.domains;
    this._preShared = source.preShared;
    this._secret = source.secret;
  }
}
