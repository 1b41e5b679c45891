import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { Certificate } from '../certmanager/certificate';
import { Issuer } from '../certmanager/issuer';
import { IssuerConfig } from '../certmanager/issuer-config';
import type { IIssuer } from '../certmanager/issuer-reference';
import { nameProblem, NameSyntax } from '../platform/names';
import { Prerequisites } from '../platform/prerequisites';

/** Options of a self-signed certificate. */
export interface SelfSignedOptions {
  /**
   * How long a certificate is valid.
   * @default Duration.days(90)
   */
  readonly duration?: Duration;
  /**
   * How long before its end it is renewed. Istio takes the new one without a restart.
   * @default Duration.days(30)
   */
  readonly renewBefore?: Duration;
}

interface TlsContext {
  readonly name: string;
  readonly namespace: string;
  readonly serviceName: string;
  readonly hosts: string[];
}

/** The certificate that a gateway shows. Its key is never in a manifest. */
export class GatewayTls {
  /**
   * A certificate that signs itself, kept and renewed by cert-manager: for a load balancer that encrypts and does not
   * verify, such as those of AWS and Google Cloud. Clients do not trust it.
   */
  public static selfSigned(options: SelfSignedOptions = {}): GatewayTls {
    return new GatewayTls((scope, { name, namespace, serviceName }) => {
      const issuer = new Issuer(scope, 'Issuer', { name: `${name}-self-signed`, namespace, config: IssuerConfig.selfSigned() });
      return new Certificate(scope, 'Certificate', {
        name: `${name}-tls`,
        namespace,
        issuer,
        hosts: [`${serviceName}.${namespace}.svc`],
        duration: options.duration ?? Duration.days(90),
        renewBefore: options.renewBefore ?? Duration.days(30),
      }).secretName;
    });
  }

  /**
   * A certificate for the gateway's hosts, issued and renewed by cert-manager.
   * @param issuer a ClusterIssuer, or an Issuer of the gateway's namespace
   */
  public static issuer(issuer: IIssuer): GatewayTls {
    return new GatewayTls((scope, { name, namespace, hosts }) => {
      if (hosts.includes('*')) {
        throw new Error(`IstioSharedGateway ${namespace}/${name}: no certificate is for every host; name the gateway's \`hosts\`, or use GatewayTls.secret(...)`);
      }
      return new Certificate(scope, 'Certificate', { name: `${name}-tls`, namespace, issuer, hosts }).secretName;
    });
  }

  /**
   * A Secret with `tls.crt` and `tls.key` that exists in the gateway's namespace already.
   * @throws if the name is none.
   */
  public static secret(secretName: string): GatewayTls {
    const problem = nameProblem(secretName, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`GatewayTls.secret: ${problem}`);
    return new GatewayTls((scope, { name, namespace }) => {
      Prerequisites.of(scope).add({
        kind: 'TLS Secret',
        value: `${namespace}/${secretName}`,
        purpose: 'is the certificate that the gateway shows; it has to be in the namespace of the gateway\'s pods',
        command: `kubectl create secret tls ${secretName} --namespace ${namespace} --cert <file> --key <file>`,
        reliedOnBy: [`Gateway/${namespace}/${name}`],
      });
      return secretName;
    });
  }

  private constructor(
    /**
     * Builds what the certificate takes, and says which Secret it is in.
     * @internal
     */
    public readonly _bind: (scope: Construct, context: TlsContext) => string,
  ) {}
}
