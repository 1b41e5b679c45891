import { ContourInput } from './contour-input';
import { lookUpCa, lookUpSecret, SecretVerdict } from './tls';
import { Origin } from '../../network/origin';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** Checks the TLS part of a root; `refused` where the virtual host serves nothing. */
export function readTls(root: ReadObject, tls: Record<string, any>, at: Origin, input: ContourInput, assumptions: string[]): 'refused' | undefined {
  const { options, report } = input;
  const refuse = (reason: string, message: string, absent?: string): 'refused' => {
    report({ origin: at, type: 'TLSError', reason, message, absent });
    return 'refused';
  };
  const accept = (verdict: SecretVerdict, reasons: { missing: string; notLent: string }): 'refused' | undefined => {
    if (verdict.kind === 'bad') return refuse(verdict.reason === 'DelegationNotPermitted' ? reasons.notLent : reasons.missing, verdict.message, verdict.absent);
    if (verdict.kind === 'assumed') assumptions.push(verdict.assumption);
    return undefined;
  };
  const host = root.spec.virtualhost;
  const secretName = typeof tls.secretName === 'string' ? tls.secretName.trim() : '';
  const passthrough = tls.passthrough === true;
  const fallback = tls.enableFallbackCertificate === true;
  const client = isRecord(tls.clientValidation) ? tls.clientValidation : undefined;
  // This one is reported, and what it says is ignored.
  if (passthrough && fallback) report({ origin: at, type: 'TLSError', reason: 'TLSIncompatibleFeatures', message: 'passthrough and enableFallbackCertificate exclude each other' });
  if (passthrough === (secretName !== '')) return refuse('TLSConfigNotValid', 'exactly one of secretName and passthrough must be given');
  if (passthrough) return client && refuse('TLSIncompatibleFeatures', 'passthrough and clientValidation exclude each other');

  if (accept(lookUpSecret(secretName, root.namespace, input), { missing: 'SecretNotValid', notLent: 'DelegationNotPermitted' })) return 'refused';
  if (tls.minimumProtocolVersion === '1.3' && tls.maximumProtocolVersion === '1.2') return refuse('TLSConfigNotValid', 'the minimum TLS version is above the maximum');
  if (fallback) {
    if (client) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and clientValidation exclude each other');
    if (isRecord(host.authorization)) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and authorization exclude each other');
    if (listOf(host.jwtProviders).length > 0) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and JWT verification exclude each other');
    const certificate = options.contour?.fallbackCertificate;
    if (!certificate) return refuse('FallbackNotPresent', 'Contour has no fallback certificate');
    if (accept(lookUpSecret(certificate, root.namespace, input), { missing: 'FallbackNotValid', notLent: 'FallbackNotDelegated' })) return 'refused';
  }
  if (client) {
    for (const [reference, key] of [[client.caSecret, 'ca.crt'], [client.crlSecret, 'crl.pem']] as const) {
      if (!reference) continue;
      const verdict = lookUpCa(String(reference), key, root.namespace, input);
      if (accept(verdict, { missing: 'ClientValidationInvalid', notLent: 'DelegationNotPermitted' })) return 'refused';
    }
    // Reported, but the virtual host is served all the same.
    if (!client.caSecret && client.skipClientCertValidation !== true) {
      report({ origin: at, type: 'TLSError', reason: 'ClientValidationInvalid', message: 'clientValidation needs caSecret, or skipClientCertValidation' });
    }
  }
  return undefined;
}
