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

  public constructor(private readonly given: TrafficRequest) {
    const values = Object.entries(given.headers ?? {}).filter(([name]) => isSecretHeader(name)).map(([, value]) => String(value));
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
    return {
      ...outcome,
      hops,
      ...(outcome.location === undefined ? {} : { location: this.text(outcome.location) }),
      ...(outcome.request === undefined ? {} : { request: this.delivered(outcome.request) }),
    };
  }

  private delivered(request: DeliveredRequest): DeliveredRequest {
    return { ...request, path: this.text(request.path), headers: this.headers(request.headers) };
  }

  private headers(headers: { readonly [name: string]: string }): { [name: string]: string } {
    return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecretHeader(name) ? REDACTED : this.text(value)]));
  }

  private text(text: string): string {
    let shown = typeof text === 'string' && /_token=|:\/\//i.test(text) ? shownUrl(text) : text;
    for (const secret of this.secrets) if (shown.includes(secret)) shown = shown.split(secret).join(REDACTED);
    return shown;
  }
}
