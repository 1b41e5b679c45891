import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { IIssuer } from './issuer-reference';
import type { CertificateSpec } from '../../imports/cert-manager.io';
import { generated } from '../platform/load-on-first-use';
import { isHostName, nameProblem, NameSyntax } from '../platform/names';
import { Resource, ResourceProps } from '../platform/resource';

/** The kind of a certificate's key. */
export enum PrivateKeyAlgorithm {
  /** RSA; understood by every client. */
  RSA = 'RSA',
  /** Elliptic curves; smaller and faster. */
  ECDSA = 'ECDSA',
  /** Ed25519; few clients of the web know it. */
  ED25519 = 'Ed25519',
}

/** Properties of a Certificate. */
export interface CertificateProps extends ResourceProps {
  /** The hosts that the certificate is for, at least one; a wildcard such as `*.example.com` stands for one label. */
  readonly hosts: string[];
  /** Who signs: an Issuer of the same namespace, or a ClusterIssuer. */
  readonly issuer: IIssuer;
  /**
   * The Secret, in the Certificate's namespace, that key and certificate are written to.
   * @default - the Certificate's name
   */
  readonly secretName?: string;
  /**
   * The common name, for clients of old that read nothing else; one of the hosts, of at most 64 characters.
   * @default - none: clients read the list of hosts
   */
  readonly commonName?: string;
  /**
   * How long the certificate is good for; ACME servers decide by themselves.
   * @default Duration.days(90)
   */
  readonly duration?: Duration;
  /**
   * How long before its end the certificate is renewed.
   * @default - a third of the duration
   */
  readonly renewBefore?: Duration;
  /**
   * The kind of the key, which every renewal makes anew.
   * @default PrivateKeyAlgorithm.RSA - 2048 bits, as cert-manager has it
   */
  readonly privateKeyAlgorithm?: PrivateKeyAlgorithm;
  /**
   * Whether the certificate may sign others, as that of an authority of your own.
   * @default false
   */
  readonly isCa?: boolean;
}

/**
 * A certificate that cert-manager keeps in a Secret and renews.
 *
 * Contour's HTTPProxy is not seen by cert-manager's annotations for Ingress: it needs a Certificate of its own.
 *
 * @see https://cert-manager.io/docs/usage/certificate/
 */
export class Certificate extends Resource {
  /** The Secret that key and certificate are written to. */
  public readonly secretName: string;
  /** The hosts that the certificate is for. */
  public readonly hosts: string[];
  private readonly props: CertificateProps;

  /**
   * @throws if no host is given or a host is no DNS name, if the issuer belongs to another namespace or cannot prove a
   * wildcard, or if the durations do not fit.
   */
  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id, { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' }, props);
    this.props = props;
    this.hosts = props.hosts;
    this.secretName = props.secretName ?? this.name;
    const problem = nameProblem(this.secretName, NameSyntax.SUBDOMAIN);
    if (problem) this._fail(`Secret ${problem}`);
    this.checkHosts();
    this.checkIssuer();
    this.checkDurations();
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { issuer, duration, renewBefore, privateKeyAlgorithm } = this.props;
    const { CertificateSpecPrivateKeyRotationPolicy, toJson_CertificateSpec } = generated.certManager;
    const spec: CertificateSpec = {
      secretName: this.secretName,
      issuerRef: { group: 'cert-manager.io', kind: issuer.kind, name: issuer.name },
      dnsNames: this.hosts,
      commonName: this.props.commonName,
      isCa: this.props.isCa,
      duration: duration && wireDuration(duration),
      renewBefore: renewBefore && wireDuration(renewBefore),
      // Up to cert-manager 1.17 a renewal kept the old key unless told.
      privateKey: {
        rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS,
        algorithm: privateKeyAlgorithm as unknown as NonNullable<CertificateSpec['privateKey']>['algorithm'],
      },
    };
    return { spec: toJson_CertificateSpec(spec) };
  }

  private checkHosts(): void {
    const { hosts, commonName } = this.props;
    if (hosts.length === 0) this._fail('a certificate is for at least one host, got none; name them in `hosts`');
    const seen = new Set<string>();
    for (const host of hosts) {
      if (!isHostName(host)) this._fail(`a host is a DNS name in lower case, such as "www.example.com" or "*.example.com", got "${host}"`);
      if (seen.has(host)) this._fail(`host "${host}" is given twice`);
      seen.add(host);
    }
    if (commonName === undefined) return;
    if (!seen.has(commonName)) this._fail(`commonName must be one of the hosts ${hosts.join(', ')}, got "${commonName}"`);
    if (commonName.length > 64) this._fail(`commonName must have at most 64 characters, got ${commonName.length} ("${commonName}"); leave it out`);
  }

  private checkIssuer(): void {
    const { issuer } = this.props;
    if (issuer.kind === 'Issuer' && issuer.namespace !== this.namespace) {
      this._fail(`Issuer ${issuer.namespace ?? ''}/${issuer.name} issues to its own namespace only; use a ClusterIssuer, or an Issuer in ${this.namespace ?? ''}`);
    }
    const wildcard = this.hosts.find((host) => host.startsWith('*.'));
    if (wildcard !== undefined && issuer.issuesWildcards === false) {
      this._fail(`${issuer.kind} ${issuer.name} proves names by HTTP, which cannot prove "${wildcard}"; give it a DNS solver such as AcmeSolver.azureDns()`);
    }
  }

  private checkDurations(): void {
    const duration = this.props.duration?.toSeconds() ?? 90 * 24 * 3600;
    const renewBefore = this.props.renewBefore?.toSeconds();
    if (duration < 3600) this._fail(`duration must be at least 1 hour, got ${duration} seconds`);
    if (renewBefore === undefined) return;
    if (renewBefore < 300) this._fail(`renewBefore must be at least 5 minutes, got ${renewBefore} seconds`);
    if (renewBefore >= duration) this._fail(`renewBefore must be less than the duration of ${duration} seconds, got ${renewBefore} seconds`);
  }
}

/** A duration as Go writes it: `2160h`, `90m`, `45s`. */
function wireDuration(duration: Duration): string {
  const seconds = duration.toSeconds();
  if (seconds % 3600 === 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
