import { Cluster } from '../../cluster';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** Whether a proxy may use a Secret: it is there, it holds what is needed, and its namespace lends it. */
export type SecretVerdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'assumed'; readonly assumption: string }
  | { readonly kind: 'bad'; readonly reason: 'SecretNotValid' | 'DelegationNotPermitted'; readonly message: string; readonly absent?: string };

/** Looks up `name` or `namespace/name` for an object of a namespace. */
export function lookUpSecret(reference: string, from: string, cluster: Cluster, options: TrafficModelOptions): SecretVerdict {
  const [namespace, name] = reference.includes('/') ? [reference.split('/')[0], reference.slice(reference.indexOf('/') + 1)] : [from, reference];
  const ref = `Secret/${namespace}/${name}`;
  if (namespace !== from && !delegated(namespace, name, from, cluster)) {
    if (!options.complete && cluster.all('projectcontour.io', 'TLSCertificateDelegation').every((each) => each.namespace !== namespace)) {
      return { kind: 'assumed', assumption: `a TLSCertificateDelegation lends ${ref} to namespace ${from}` };
    }
    return { kind: 'bad', reason: 'DelegationNotPermitted', message: `${ref} is not lent to namespace ${from} by a TLSCertificateDelegation` };
  }
  const secret = cluster.find('', 'Secret', namespace, name);
  if (!secret) {
    if (options.complete && !certified(namespace, name, cluster)) return { kind: 'bad', reason: 'SecretNotValid', message: `${ref} does not exist`, absent: ref };
    return { kind: 'assumed', assumption: `${ref} exists and holds a certificate` };
  }
  const problem = certificateProblem(secret);
  return problem ? { kind: 'bad', reason: 'SecretNotValid', message: `${ref} ${problem}` } : { kind: 'good' };
}

// cert-manager writes the Secret when the certificate is issued.
function certified(namespace: string, secretName: string, cluster: Cluster): boolean {
  return cluster.all('cert-manager.io', 'Certificate').some((each) => each.namespace === namespace && each.spec.secretName === secretName);
}

function delegated(namespace: string, secretName: string, to: string, cluster: Cluster): boolean {
  return cluster.all('projectcontour.io', 'TLSCertificateDelegation').filter((each) => each.namespace === namespace)
    .flatMap((each) => recordsOf(each.spec.delegations))
    .filter((delegation) => delegation.secretName === secretName)
    .some((delegation) => {
      const targets = listOf(delegation.targetNamespaces);
      return (targets.length === 1 && targets[0] === '*') || targets.includes(to);
    });
}

/** What is wrong with a Secret that has to hold a certificate and its key, or undefined. */
export function certificateProblem(secret: ReadObject): string | undefined {
  const type = secret.raw.type ?? 'Opaque';
  if (type !== 'kubernetes.io/tls' && type !== 'Opaque') return `is of type ${type}, not kubernetes.io/tls`;
  const data = { ...encoded(secret.raw.stringData), ...(isRecord(secret.raw.data) ? secret.raw.data : {}) };
  const certificate = decode(data['tls.crt']);
  const key = decode(data['tls.key']);
  if (certificate === undefined) return 'has no tls.crt';
  if (key === undefined) return 'has no tls.key';
  if (!certificate.includes('-----BEGIN CERTIFICATE-----')) return 'holds no PEM certificate in tls.crt';
  // Keys are taken out of what people hand over; such a mark counts as a good one.
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key) && !/REDACTED/.test(key)) return 'holds no PEM private key in tls.key';
  return undefined;
}

function encoded(data: any): Record<string, string> {
  return isRecord(data) ? Object.fromEntries(Object.entries(data).map(([key, value]) => [key, toBase64(String(value))])) : {};
}

function toBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function decode(value: any): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return atob(value.replace(/\s/g, ''));
  } catch {
    return value;
  }
}
