import { AcmeSolver } from './acme-solver';
import { CompanionFile, FileContent } from '../platform/companion-file';
import { Prerequisites } from '../platform/prerequisites';
import { Resource } from '../platform/resource';

/** Where cert-manager's chart is installed and what it calls its ServiceAccount. */
const CERT_MANAGER = 'cert-manager';

/**
 * The identities that solvers act as belong to cert-manager's own pods, which a Helm chart makes: they go into a values
 * file, and what the cloud has to know into the prerequisites.
 */
export function installSolverIdentities(issuer: Resource, solvers: AcmeSolver[]): void {
  const annotations: Record<string, string> = {};
  const podLabels: Record<string, string> = {};
  for (const { _identity: identity, _purpose: purpose } of solvers) {
    if (!identity) continue;
    for (const [key, value] of Object.entries(identity.serviceAccountAnnotations)) {
      if (annotations[key] !== undefined && annotations[key] !== value) {
        issuer._fail(`cert-manager has one ServiceAccount and takes one ${key}, got "${annotations[key]}" and "${value}"; give the solvers the same identity`);
      }
      annotations[key] = value;
    }
    Object.assign(podLabels, identity.podLabels);
    Prerequisites.of(issuer).add(identity._prerequisite(CERT_MANAGER, CERT_MANAGER, purpose, issuer.reference));
  }
  if (Object.keys(annotations).length + Object.keys(podLabels).length === 0) return;
  new CompanionFile(issuer, 'Values', {
    path: `cert-manager/${issuer.namespace === undefined ? '' : `${issuer.namespace}-`}${issuer.name}-values.yaml`,
    purpose: `values that cert-manager's chart is installed with, so that ${issuer.reference} may prove names by DNS`,
    content: FileContent.yaml({ serviceAccount: { annotations }, podLabels }),
  });
}
