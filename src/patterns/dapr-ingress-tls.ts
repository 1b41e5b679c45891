import { Certificate } from '../certmanager/certificate';
import { IIssuer } from '../certmanager/issuer-reference';
import { ProxyTls } from '../contour/proxy-tls';

/** Where the certificate of a host comes from. */
export class DaprIngressTls {
  /** cert-manager gets one from an issuer, for exactly the host, and renews it. */
  public static issuer(issuer: IIssuer): DaprIngressTls {
    return new DaprIngressTls(issuer);
  }

  /** A Secret in the namespace of the ingress. */
  public static secret(name: string): DaprIngressTls {
    return new DaprIngressTls(undefined, ProxyTls.secret(name));
  }

  /** A Secret in another namespace, whose owner lends it to the ingress with a `contour.TlsCertificateDelegation`. */
  public static delegatedSecret(namespace: string, name: string): DaprIngressTls {
    return new DaprIngressTls(undefined, ProxyTls.delegatedSecret(namespace, name));
  }

  /** None: the host answers in the clear, as behind a load balancer that terminates TLS. */
  public static none(): DaprIngressTls {
    return new DaprIngressTls();
  }

  /** @internal */
  public readonly _issuer?: IIssuer;
  /** @internal */
  public readonly _proxyTls?: ProxyTls;

  private constructor(issuer?: IIssuer, proxyTls?: ProxyTls) {
    this._issuer = issuer;
    this._proxyTls = proxyTls;
  }

  /** @internal */
  public _proxyTlsWith(certificate?: Certificate): ProxyTls | undefined {
    return certificate ? ProxyTls.secret(certificate.secretName) : this._proxyTls;
  }
}
