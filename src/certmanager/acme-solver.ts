import type { ClusterIssuerSpecAcmeSolvers } from '../../imports/cert-manager.io';
import { CloudIdentity, CloudProvider } from '../platform/cloud-identity';
import { isHostName, nameProblem, NameSyntax } from '../platform/names';

/** Which names of a certificate a solver is for. */
export interface AcmeSolverOptions {
  /**
   * The solver proves these names and those below them. The solver with the longest zone that fits is taken.
   * @default - every name that no other solver fits better
   */
  readonly dnsZones?: string[];
  /**
   * The solver proves exactly these names; it goes before one chosen by zone.
   * @default - every name that no other solver fits better
   */
  readonly dnsNames?: string[];
}

/** Options of a proof by HTTP. */
export interface Http01SolverOptions extends AcmeSolverOptions {
  /**
   * The class of the Ingress that carries the answer: one that the ingress controller of the host accepts.
   * @default - the cluster's default class
   */
  readonly ingressClassName?: string;
}

/** Options of a proof in an Azure DNS zone. */
export interface AzureDnsSolverOptions extends AcmeSolverOptions {
  /** The subscription of the zone. */
  readonly subscriptionId: string;
  /** The resource group of the zone. */
  readonly resourceGroup: string;
  /**
   * The zone.
   * @default - found from the name that is proven
   */
  readonly hostedZone?: string;
  /**
   * Who may write to the zone: `CloudIdentity.azure(clientId)`.
   * @default - the identity that cert-manager's pods have already
   */
  readonly identity?: CloudIdentity;
}

/** Options of a proof in a Route 53 zone. */
export interface Route53SolverOptions extends AcmeSolverOptions {
  /**
   * The AWS region.
   * @default - the region that cert-manager's pods run in
   */
  readonly region?: string;
  /**
   * The id of the zone, so that the role needs no right to list zones.
   * @default - found from the name that is proven
   */
  readonly hostedZoneId?: string;
  /**
   * Who may write to the zone: `CloudIdentity.aws(roleArn)` or `CloudIdentity.eksPodIdentity()`.
   * @default - the identity that cert-manager's pods have already
   */
  readonly identity?: CloudIdentity;
}

/** Options of a proof in a Cloud DNS zone. */
export interface CloudDnsSolverOptions extends AcmeSolverOptions {
  /** The project of the zone. */
  readonly project: string;
  /**
   * The managed zone's name.
   * @default - found from the name that is proven
   */
  readonly hostedZone?: string;
  /**
   * Who may write to the zone: `CloudIdentity.gcp(serviceAccount)`.
   * @default - the identity that cert-manager's pods have already
   */
  readonly identity?: CloudIdentity;
}

/**
 * How it is proven to an ACME server that a name is yours.
 *
 * No variant takes a key or a password: clouds trust cert-manager's ServiceAccount.
 *
 * @see https://cert-manager.io/docs/configuration/acme/
 */
export class AcmeSolver {
  /** By an answer under `/.well-known/acme-challenge/`. Wildcards cannot be proven this way. */
  public static http01(options: Http01SolverOptions = {}): AcmeSolver {
    const { ingressClassName } = options;
    const problem = ingressClassName === undefined ? undefined : nameProblem(ingressClassName, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`AcmeSolver.http01: ingressClassName: ${problem}`);
    return new AcmeSolver('http01', { http01: { ingress: { ingressClassName } } }, options);
  }

  /** By a record in an Azure DNS zone. */
  public static azureDns(options: AzureDnsSolverOptions): AcmeSolver {
    const { subscriptionId, resourceGroup: resourceGroupName, hostedZone: hostedZoneName } = options;
    required('azureDns', { subscriptionId, resourceGroup: resourceGroupName });
    identityOf('azureDns', CloudProvider.AZURE, options.identity);
    const clientId = options.identity?.subject;
    return new AcmeSolver('azureDns', {
      dns01: { azureDns: { subscriptionId, resourceGroupName, hostedZoneName, managedIdentity: clientId === undefined ? undefined : { clientId } } },
    }, options, options.identity, 'write challenge records to Azure DNS');
  }

  /** By a record in a Route 53 zone. */
  public static route53(options: Route53SolverOptions = {}): AcmeSolver {
    identityOf('route53', CloudProvider.AWS, options.identity);
    return new AcmeSolver('route53', {
      dns01: { route53: { region: options.region, hostedZoneId: options.hostedZoneId } },
    }, options, options.identity, 'write challenge records to Route 53');
  }

  /** By a record in a Cloud DNS zone. */
  public static cloudDns(options: CloudDnsSolverOptions): AcmeSolver {
    required('cloudDns', { project: options.project });
    identityOf('cloudDns', CloudProvider.GCP, options.identity);
    return new AcmeSolver('cloudDns', {
      dns01: { cloudDns: { project: options.project, hostedZoneName: options.hostedZone } },
    }, options, options.identity, 'write challenge records to Cloud DNS');
  }

  /** @internal */
  public readonly _identity?: CloudIdentity;
  /** @internal */
  public readonly _purpose: string;

  private constructor(
    variant: string,
    private readonly wire: ClusterIssuerSpecAcmeSolvers,
    private readonly selector: AcmeSolverOptions,
    identity?: CloudIdentity,
    purpose = '',
  ) {
    this._identity = identity;
    this._purpose = purpose;
    for (const name of [...selector.dnsNames ?? [], ...selector.dnsZones ?? []]) {
      if (!isHostName(name)) throw new Error(`AcmeSolver.${variant}: a DNS name or zone is written like "example.com", got "${name}"`);
    }
  }

  /**
   * Whether the proof is a DNS record, which alone is good for wildcards.
   * @internal
   */
  public get _byDns(): boolean {
    return this.wire.dns01 !== undefined;
  }

  /** @internal */
  public _render(): ClusterIssuerSpecAcmeSolvers {
    const { dnsNames, dnsZones } = this.selector;
    return { ...this.wire, selector: dnsNames || dnsZones ? { dnsNames, dnsZones } : undefined };
  }
}

function required(variant: string, values: Record<string, string>): void {
  for (const [what, value] of Object.entries(values)) {
    if (!value) throw new Error(`AcmeSolver.${variant}: ${what} must not be empty, got "${value ?? ''}"`);
  }
}

function identityOf(variant: string, provider: CloudProvider, identity?: CloudIdentity): void {
  if (identity && identity.provider !== provider) {
    throw new Error(`AcmeSolver.${variant}: the zone is written with an identity of ${provider}, got one of ${identity.provider}; use CloudIdentity.${provider}()`);
  }
}
