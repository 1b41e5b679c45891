import { Construct } from 'constructs';
import { ContourChart } from './dapr-ingress-chart';
import { IIssuer } from '../certmanager/issuer-reference';
import { Prerequisites } from '../platform/prerequisites';
import { Resource } from '../platform/resource';
import { Targets } from '../platform/targets';

/** Notes what is installed with Helm: Contour and Dapr with the values written here. */
export function noteInstallations(
  scope: Construct, ingress: string, namespace: string, chart: ContourChart, values: { contour: string; dapr: string }, reliedOnBy: string[],
): void {
  const prerequisites = Prerequisites.of(scope);
  prerequisites.add({
    kind: 'Helm release',
    value: 'dapr',
    purpose: 'runs the control plane of Dapr, which puts the sidecars into the pods',
    command: `helm upgrade --install dapr dapr --repo https://dapr.github.io/helm-charts/ --version '~${minor(Targets.of(scope).dapr)}.0' ` +
      `--namespace dapr-system --create-namespace --values ${values.dapr}`,
    reliedOnBy,
  });
  prerequisites.add({
    kind: 'Helm release',
    value: chart._release(ingress),
    purpose: 'runs Contour and Envoy with their sidecars; it comes after the Configuration, without which the sidecars do not start',
    command: chart._install(ingress, namespace, values.contour),
    reliedOnBy,
  });
}

/** Notes who leads clients of a host to Envoy. */
export function noteDnsRecord(scope: Construct, host: string, envoyService: string, namespace: string, reliedOnBy: string): void {
  Prerequisites.of(scope).add({
    kind: 'DNS record',
    value: host,
    purpose: 'leads clients to the load balancer of Envoy',
    command: `kubectl --namespace ${namespace} get service ${envoyService} --output jsonpath='{.status.loadBalancer.ingress[0]}'`,
    reliedOnBy: [reliedOnBy],
  });
}

/** Notes that ExternalDNS makes the records. */
export function noteExternalDns(scope: Construct, reliedOnBy: string): void {
  Prerequisites.of(scope).add({
    kind: 'ExternalDNS',
    purpose: 'makes the DNS records of the hosts from the annotation of Envoy\'s Service',
    command: 'helm upgrade --install external-dns external-dns --repo https://kubernetes-sigs.github.io/external-dns/ --namespace external-dns --create-namespace',
    reliedOnBy: [reliedOnBy],
  });
}

/** Notes cert-manager and, unless it is built here, the issuer of a certificate. */
export function noteIssuer(scope: Construct, issuer: IIssuer, wildcard: boolean, certificate: string): void {
  const prerequisites = Prerequisites.of(scope);
  prerequisites.add({
    kind: 'Helm release',
    value: 'cert-manager',
    purpose: 'gets the certificates of the hosts and renews them',
    command: `helm upgrade --install cert-manager oci://quay.io/jetstack/charts/cert-manager --version '~${minor(Targets.of(scope).certManager)}.0' ` +
      '--namespace cert-manager --create-namespace --set crds.enabled=true',
    reliedOnBy: [certificate],
  });
  if (issuer instanceof Resource) return;
  prerequisites.add({
    kind: issuer.kind,
    value: issuer.name,
    purpose: wildcard ? 'signs the certificate of a wildcard, for which it needs a DNS solver' : 'signs the certificates of the hosts',
    command: `kubectl ${issuer.namespace === undefined ? '' : `--namespace ${issuer.namespace} `}get ${issuer.kind.toLowerCase()} ${issuer.name}`,
    reliedOnBy: [certificate],
  });
}

/** Notes that the owner of an application has to let the ingress in. */
export function noteForeignApp(
  scope: Construct, app: string, namespace: string, ingress: string, trustDomain: string, internalPaths: string[], reliedOnBy: string,
): void {
  Prerequisites.of(scope).add({
    kind: 'Dapr application',
    value: app,
    purpose: `answers requests from ${ingress}; its access control allows ${ingress} in trust domain ${trustDomain} and denies ${internalPaths.join(', ') || 'nothing'}`,
    command: `kubectl --namespace ${namespace} get configurations.dapr.io --output yaml`,
    reliedOnBy: [reliedOnBy],
  });
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
