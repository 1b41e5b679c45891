const APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
// Private keys are often taken out of what people hand over; the mark that says so stays readable.
const REMOVED = /REDACTED/;

/**
 * A Secret without what it keeps secret: its keys stay, and of their values only whether they hold certificates or private
 * keys. So no output, whatever it prints, can give them away.
 */
export function withoutSecrets(secret: any): any {
  const { data, stringData, metadata, ...rest } = secret;
  return {
    ...rest,
    ...(metadata === undefined ? {} : { metadata: withoutApplied(metadata) }),
    ...(data === undefined ? {} : { data: mapValues(data, maskEncoded) }),
    ...(stringData === undefined ? {} : { stringData: mapValues(stringData, (value) => (typeof value === 'string' ? mask(value) : maskWrong(value))) }),
  };
}

// kubectl repeats there what was applied, data included.
function withoutApplied(metadata: any): any {
  const annotations = metadata?.annotations;
  if (typeof annotations !== 'object' || annotations === null || !(APPLIED in annotations)) return metadata;
  return { ...metadata, annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => name !== APPLIED)) };
}

function mapValues(values: any, change: (value: any) => any): any {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return maskWrong(values);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

function maskEncoded(value: any): any {
  if (typeof value !== 'string') return maskWrong(value);
  const text = decode(value);
  return text === undefined ? mask(value) : encode(mask(text));
}

// A value of the wrong type keeps its type, for the rules to see.
function maskWrong(value: any): any {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') return 0;
  if (typeof value === 'string') return mask(value);
  return Array.isArray(value) ? [] : {};
}

const PEM = /-----BEGIN ((?:TRUSTED |X509 )?CERTIFICATE|(?:RSA |EC |DSA |ENCRYPTED |OPENSSH )?PRIVATE KEY|X509 CRL)-----([^-]*)(-----END \1-----)?/g;

/** `-----BEGIN CERTIFICATE-----` and the like, with whether they hold and end what they begin; else a word that something was there. */
function mask(text: string): string {
  if (text === '') return '';
  const blocks = [...text.matchAll(PEM)];
  if (blocks.length === 0) return REMOVED.test(text) ? 'REDACTED' : '(left out)';
  return blocks.map(([, label, body, end]) => `-----BEGIN ${label}-----\n${bodyMask(body)}${end ?? ''}\n`).join('');
}

// A body that is no base64 stays none.
function bodyMask(body: string): string {
  const bare = body.replace(/\s/g, '');
  return bare === '' ? '' : /^[A-Za-z0-9+/]+=*$/.test(bare) ? 'bGVmdCBvdXQ=\n' : '(left out)\n';
}

function decode(value: string): string | undefined {
  try {
    return atob(value.replace(/\s/g, ''));
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  return btoa(text);
}
