import { annotation, listAnnotation } from './annotations';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** Whether an Ingress names a certificate; without one, HTTPS listeners look for theirs in ACM. */
export function isCertified(ingress: ReadObject, params: ReadObject | undefined): boolean {
  return listAnnotation(ingress, 'certificate-arn').length > 0 || listOf(params?.spec.certificateArn).length > 0 || annotation(ingress, 'create-acm-cert') === 'true';
}

/** The ports that an Ingress listens on; a string says what is wrong with them. */
export function portsOf(ingress: ReadObject, params: ReadObject | undefined): { port: number; secure: boolean }[] | string {
  const fromClass = recordsOf(params?.spec.listeners);
  const text = annotation(ingress, 'listen-ports');
  if (fromClass.length === 0 && text === undefined) return [isCertified(ingress, params) ? { port: 443, secure: true } : { port: 80, secure: false }];
  const entries = fromClass.length > 0 ? fromClass.map((each) => ({ [String(each.protocol)]: each.port })) : parsed(text!);
  if (!Array.isArray(entries)) return 'listen-ports is no JSON list';
  const ports: { port: number; secure: boolean }[] = [];
  for (const entry of entries) {
    for (const [protocol, port] of Object.entries(isRecord(entry) ? entry : { [String(entry)]: undefined })) {
      if ((protocol !== 'HTTP' && protocol !== 'HTTPS') || !Number.isInteger(port) || port < 1 || port > 65535) {
        return `listen-ports: expected {"HTTP": port} or {"HTTPS": port}, got ${JSON.stringify(entry)}`;
      }
      ports.push({ port, secure: protocol === 'HTTPS' });
    }
  }
  return ports.length > 0 ? ports : 'listen-ports is empty';
}

function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
