import { Lazy } from 'cdk8s';
import { GatewayEdge } from './gateway-edge';
import { Prerequisites } from '../platform/prerequisites';

/** The annotation from which ExternalDNS takes names. */
export const EXTERNAL_DNS_HOSTNAME = 'external-dns.alpha.kubernetes.io/hostname';

/** The names of an edge as ExternalDNS reads them; known at synthesis. */
export function externalDnsValue(edge: GatewayEdge, names: string[] = []): string {
  const value = Lazy.any({ produce: () => namesOf(edge, names).join(',') || undefined });
  // A command that names the annotation before synthesis shows a placeholder.
  return Object.assign(value, { toString: () => '<hosts>' });
}

/** Notes who leads clients to an edge: ExternalDNS, or somebody who runs a command. */
export function noteDnsRecords(
  edge: GatewayEdge, reference: string, options: { externalDns?: boolean; names?: string[]; command: string },
): void {
  Prerequisites.of(edge.scope).add(options.externalDns ? {
    kind: 'ExternalDNS',
    purpose: 'makes the DNS records of the hosts from the annotations',
    command: 'helm install external-dns external-dns --repo https://kubernetes-sigs.github.io/external-dns/ --namespace external-dns --create-namespace',
    reliedOnBy: [reference],
  } : {
    kind: 'DNS record',
    // Hosts arrive with the routes, until synthesis.
    get value() { return namesOf(edge, options.names).join(', ') || undefined; },
    purpose: `leads clients to the load balancer of ${reference}`,
    command: options.command,
    reliedOnBy: [reference],
  });
}

function namesOf(edge: GatewayEdge, names: string[] = []): string[] {
  return [...new Set([...names, ...edge.hosts()])].sort();
}
