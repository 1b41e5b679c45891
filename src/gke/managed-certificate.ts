import { Construct } from 'constructs';
import { ImportedObject } from './imported';
import type { ManagedCertificateSpec } from '../../imports/networking.gke.io';
import { generated } from '../platform/load-on-first-use';
import { isHostName } from '../platform/names';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** Properties of a ManagedCertificate. */
export interface ManagedCertificateProps extends ResourceProps {
  /** The domains, 1 to 100, each at most 63 characters, lower case and without wildcard. */
  readonly domains: string[];
}

/** A certificate that Google issues and renews, made here or elsewhere. */
export interface IManagedCertificate extends IResource {}

/**
 * A certificate for a GKE Ingress that Google issues and renews. It becomes active when the domains lead to the load
 * balancer. It serves external Ingresses of its own namespace.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/managed-certs
 */
export class ManagedCertificate extends Resource implements IManagedCertificate {
  /** A ManagedCertificate of the chart's namespace that exists already. */
  public static fromManagedCertificateName(scope: Construct, id: string, managedCertificateName: string): IManagedCertificate {
    return new ImportedObject(scope, id, 'ManagedCertificate', managedCertificateName);
  }

  /** The domains. */
  public readonly domains: string[];

  /** @throws if a domain is too long, a wildcard, not in lower case or given twice, or there are none or more than 100. */
  constructor(scope: Construct, id: string, props: ManagedCertificateProps) {
    super(scope, id, { apiVersion: 'networking.gke.io/v1', kind: 'ManagedCertificate' }, props);
    this.domains = [...props.domains];
    if (this.domains.length === 0) this._fail('domains must name at least one domain');
    if (this.domains.length > 100) this._fail(`domains must be at most 100, got ${this.domains.length}; use several certificates`);
    for (const domain of this.domains) {
      if (domain.includes('*')) this._fail(`domain "${domain}": Google issues no managed certificate for a wildcard; name each host, or use a pre-shared certificate`);
      if (domain.length > 63) this._fail(`domain "${domain}" has ${domain.length} characters; at most 63 are issued`);
      if (!isHostName(domain) || !domain.includes('.')) this._fail(`domain must be a host name in lower case with a dot, got "${domain}"`);
    }
    const twice = this.domains.find((domain, index) => this.domains.indexOf(domain) !== index);
    if (twice) this._fail(`domain "${twice}" is given twice`);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: ManagedCertificateSpec = { domains: this.domains };
    return { spec: generated.gkeNetworking.toJson_ManagedCertificateSpec(spec) };
  }
}
