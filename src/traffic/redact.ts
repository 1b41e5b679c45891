import type { DeliveredRequest, Outcome, TrafficHop, TrafficRequest } from './trace';

/** What stands in place of a value that nobody may read. */
export const REDACTED = '<redacted>';

const SECRET_HEADERS = new Set([
  'authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'dapr-api-token', 'x-api-key', 'x-auth-token', 'x-access-token',
  'x-amz-security-token', 'x-amzn-oidc-accesstoken', 'x-amzn-oidc-data', 'x-forwarded-access-token', 'x-goog-iap-jwt-assertion', 'x-vault-token',
]);

/** Whether the values of a header are credentials. */
export function isSecretHeader(name: string): boolean {
  return SECRET_HEADERS.has(String(name).toLowerCase());
}

/** The value of a header as it may be shown. */
export function shownHeader(name: string, value: string): string {
  return isSecretHeader(name) ? REDACTED : value;
}

/** A text without what a URL carries in secret: user and password, and access tokens (RFC 6750 §2.3). */
export function shownUrl(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/?#]*@/i, `$1${REDACTED}@`).replace(/([?&](?:access|id|refresh)_token=)[^&#]*/gi, `$1${REDACTED}`);
}

/** Takes the credentials of one request out of everything that is said about it. */
export class Redaction {
  private readonly secrets: readonly string[];

  /** What is secret is what the request brings, and what manifests put into headers that hold credentials. */
  public constructor(private readonly given: TrafficRequest, outcomes: readonly Outcome[]) {
    const values = secretsIn(given.headers, []);
    for (const outcome of outcomes) secretsIn(outcome.request?.headers, values);
    if (values.length === 0) {
      this.secrets = values;
      return;
    }
    // The credentials alone too, without `Bearer` before them; what is shorter than this is no credential.
    const parts = values.flatMap((value) => [value, value.replace(/^\S+\s+/, '')]).filter((value) => value.length >= 6);
    this.secrets = [...new Set(parts)].sort((a, b) => b.length - a.length);
  }

  public request(): TrafficRequest {
    const { headers } = this.given;
    const shown = { ...this.given, url: this.text(this.given.url) };
    return headers === undefined ? shown : { ...shown, headers: this.headers(headers) };
  }

  public outcome(outcome: Outcome): Outcome {
    const hops = outcome.hops.map((hop): TrafficHop => {
      const does = this.text(hop.does);
      return does === hop.does ? hop : { ...hop, does };
    });
    const shown: { -readonly [K in keyof Outcome]: Outcome[K] } = { ...outcome, hops };
    if (outcome.location !== undefined) shown.location = this.text(outcome.location);
    if (outcome.request !== undefined) shown.request = this.delivered(outcome.request);
    return shown;
  }

  private delivered(request: DeliveredRequest): DeliveredRequest {
    return { ...request, path: this.text(request.path), headers: this.headers(request.headers) };
  }

  private headers(headers: { readonly [name: string]: string }): { [name: string]: string } {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name) ? REDACTED : this.text(value)]));
  }

  private text(text: string): string {
    let shown = typeof text === 'string' && (/_token=/i.test(text) || (text.includes('@') && text.includes('://'))) ? shownUrl(text) : text;
    for (const secret of this.secrets) if (shown.includes(secret)) shown = shown.split(secret).join(REDACTED);
    return shown;
  }
}

function secretsIn(headers: { readonly [name: string]: string } | undefined, found: string[]): string[] {
  for (const name of Object.keys(headers ?? {})) if (isSecretHeader(name)) found.push(String(headers![name]));
  return found;
}
