import type { DestinationRuleSpecTrafficPolicyTls } from '../../imports/networking.istio.io';
import { nameProblem, NameSyntax } from '../platform/names';

/** Options of TLS to a destination. */
export interface DestinationTlsOptions {
  /**
   * The server name that is asked for.
   * @default - the destination's host
   */
  readonly sni?: string;
  /**
   * Names of which the destination's certificate must hold one.
   * @default - the host that is asked for
   */
  readonly subjectAltNames?: string[];
  /**
   * A file in the proxy with the authorities that are trusted.
   * @default - those of the proxy's operating system, or the Secret's
   */
  readonly caCertificates?: string;
}

/** How a destination is spoken to. */
export class DestinationTls {
  /** Plain text. */
  public static disabled(): DestinationTls {
    return new DestinationTls({ mode: 'DISABLE' });
  }

  /** The mesh's mutual TLS, with its own certificates. */
  public static istioMutual(): DestinationTls {
    return new DestinationTls({ mode: 'ISTIO_MUTUAL' });
  }

  /** TLS, as a browser does it. */
  public static simple(options: DestinationTlsOptions = {}): DestinationTls {
    return new DestinationTls({ mode: 'SIMPLE', ...pick(options) });
  }

  /**
   * TLS with a certificate of ours.
   * @param credentialName the Secret with certificate, key and authority; proxies of gateways read it in their own namespace
   * @throws if the Secret's name is none.
   */
  public static mutual(credentialName: string, options: DestinationTlsOptions = {}): DestinationTls {
    const problem = nameProblem(credentialName, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`DestinationTls.mutual: credentialName: ${problem}`);
    return new DestinationTls({ mode: 'MUTUAL', credentialName, ...pick(options) });
  }

  private constructor(private readonly tls: { mode: string; credentialName?: string } & DestinationTlsOptions) {}

  /** @internal */
  public _render(): DestinationRuleSpecTrafficPolicyTls {
    return { ...this.tls, mode: this.tls.mode as DestinationRuleSpecTrafficPolicyTls['mode'] };
  }
}

function pick({ sni, subjectAltNames, caCertificates }: DestinationTlsOptions): DestinationTlsOptions {
  return { sni, subjectAltNames, caCertificates };
}
