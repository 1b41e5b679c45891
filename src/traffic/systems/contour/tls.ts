import { ContourInput } from './contour-input';
import { Cluster } from '../../cluster';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** Whether a proxy may use a Secret: it is there, it holds what is needed, and its namespace lends it. */
export type SecretVerdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'assumed'; readonly assumption: string }
  | { readonly kind: 'bad'; readonly reason: 'SecretNotValid' | 'DelegationNotPermitted'; readonly message: string; readonly absent?: string };

/** Looks up `name` or `namespace/name` for an object of a namespace: a certificate with its key. */
export function lookUpSecret(reference: string, from: string, input: Pick<ContourInput, 'cluster'>): SecretVerdict {
  return lookUp(reference, from, input.cluster, certificateProblem);
}

/** Looks up a Secret that holds certificates of authorities, or a list of revoked ones. */
export function lookUpCa(reference: string, key: string, from: string, input: Pick<ContourInput, 'cluster'>): SecretVerdict {
  return lookUp(reference, from, input.cluster, (secret) => pemProblem(secret, key));
}

function lookUp(reference: string, from: string, cluster: Cluster, problemOf: (secret: ReadObject) => string | undefined): SecretVerdict {
  const [namespace, name] = reference.includes('/') ? [reference.split('/')[0], reference.slice(reference.indexOf('/') + 1)] : [from, reference];
  const ref = `Secret/${namespace}/${name}`;
  if (namespace !== from && !delegated(namespace, name, from, cluster)) {
    const lending = `a TLSCertificateDelegation that lends ${ref} to namespace ${from}`;
    return { kind: 'bad', reason: 'DelegationNotPermitted', message: `${ref} is not lent to namespace ${from} by a TLSCertificateDelegation`, absent: lending };
  }
  const secret = cluster.find('', 'Secret', namespace, name);
  if (!secret) {
    if (!certified(namespace, name, cluster)) return { kind: 'bad', reason: 'SecretNotValid', message: `${ref} does not exist`, absent: ref };
    return { kind: 'assumed', assumption: `${ref} exists and holds a certificate` };
  }
  const problem = problemOf(secret);
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
  const certificate = valueOf(secret, 'tls.crt');
  const key = valueOf(secret, 'tls.key');
  const problem = typeProblem(secret) ?? (certificate === undefined ? 'has no tls.crt' : key === undefined ? 'has no tls.key' : undefined);
  if (problem || certificate === undefined || key === undefined) return problem;
  if (!certificate.includes('-----BEGIN CERTIFICATE-----')) return 'holds no PEM certificate in tls.crt';
  const keys = key.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----/g)?.length ?? 0;
  if (keys > 1) return 'holds several private keys in tls.key';
  // Keys are taken out of what people hand over; such a mark counts as a good one.
  return keys === 1 || /REDACTED/.test(key) ? undefined : 'holds no PEM private key in tls.key';
}

function pemProblem(secret: ReadObject, key: string): string | undefined {
  const text = valueOf(secret, key);
  const label = key === 'crl.pem' ? 'X509 CRL' : 'CERTIFICATE';
  return typeProblem(secret) ?? (text === undefined ? `has no ${key}` : text.includes(`-----BEGIN ${label}-----`) ? undefined : `holds no PEM ${label} in ${key}`);
}

function typeProblem(secret: ReadObject): string | undefined {
  const type = secret.raw.type ?? 'Opaque';
  return type === 'kubernetes.io/tls' || type === 'Opaque' ? undefined : `is of type ${type}, not kubernetes.io/tls`;
}

function valueOf(secret: ReadObject, key: string): string | undefined {
  const plain = isRecord(secret.raw.stringData) ? secret.raw.stringData[key] : undefined;
  if (typeof plain === 'string' && plain !== '') return plain;
  return decode(isRecord(secret.raw.data) ? secret.raw.data[key] : undefined);
}

function decode(value: any): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  try {
    return atob(value.replace(/\s/g, ''));
  } catch {
    return value;
  }
}
