import { shownUrl } from '../redact';

/** One header line; names are kept lower-case. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Who sends a request, as far as routing asks. */
export interface Source {
  readonly ip?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** `Kind/namespace/name` of the workload. */
  readonly workload?: string;
  readonly serviceAccount?: string;
}

interface RequestParts {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly query?: string;
  readonly headers: readonly Header[];
  readonly tls: boolean;
  readonly sni?: string;
  readonly source: Source;
  readonly grpc: boolean;
  readonly forwardedProto?: 'http' | 'https';
}

/** A request at one point of its way. Hops return changed copies, so a trace can show before and after. */
export class Request implements RequestParts {
  public readonly method: string;
  /** The Host header or `:authority` as sent, with its port if it has one. */
  public readonly host: string;
  /** The port that the connection goes to. */
  public readonly port: number;
  /** The path without its query. */
  public readonly path: string;
  /** The query without `?`; undefined if there is none. */
  public readonly query?: string;
  public readonly headers: readonly Header[];
  /** Whether the connection is TLS. */
  public readonly tls: boolean;
  public readonly sni?: string;
  public readonly source: Source;
  public readonly grpc: boolean;
  /** What the last trusted hop says the client spoke, where it differs from the connection. */
  public readonly forwardedProto?: 'http' | 'https';

  public constructor(parts: RequestParts) {
    this.method = parts.method;
    this.host = parts.host;
    this.port = parts.port;
    this.path = parts.path;
    this.query = parts.query;
    this.headers = parts.headers;
    this.tls = parts.tls;
    this.sni = parts.sni;
    this.source = parts.source;
    this.grpc = parts.grpc;
    this.forwardedProto = parts.forwardedProto;
  }

  public with(change: Partial<RequestParts>): Request {
    return new Request({ ...this, ...change });
  }

  /** Host without its port, lower-case. */
  public get hostName(): string {
    return withoutPort(this.host).toLowerCase();
  }

  /** The values of a header joined by `,` as proxies compare them; undefined if it is missing. Pseudo headers are answered too. */
  public header(name: string): string | undefined {
    const key = String(name).toLowerCase();
    switch (key) {
      case ':authority':
      case 'host': return this.host;
      case ':method': return this.method;
      case ':path': return this.pathAndQuery;
      case ':scheme': return this.forwardedProto ?? (this.tls ? 'https' : 'http');
    }
    const values = this.headers.filter((header) => header.name === key).map((header) => header.value);
    return values.length === 0 ? undefined : values.join(',');
  }

  /** The first value of a query parameter; undefined if it is missing. */
  public queryParameter(name: string): string | undefined {
    if (this.query === undefined) return undefined;
    for (const pair of this.query.split('&')) {
      const [key, ...value] = pair.split('=');
      if (decode(key) === name) return decode(value.join('='));
    }
    return undefined;
  }

  public get pathAndQuery(): string {
    return this.query === undefined ? this.path : `${this.path}?${this.query}`;
  }

  public withHeader(name: string, value: string): Request {
    const key = String(name).toLowerCase();
    return this.with({ headers: [...this.headers.filter((header) => header.name !== key), { name: key, value }] });
  }

  public addHeader(name: string, value: string): Request {
    return this.with({ headers: [...this.headers, { name: String(name).toLowerCase(), value }] });
  }

  public withoutHeader(name: string): Request {
    const key = String(name).toLowerCase();
    return this.with({ headers: this.headers.filter((header) => header.name !== key) });
  }
}

/** `shop.example.com:8443` without `:8443`. */
export function withoutPort(host: string): string {
  return host.startsWith('[') ? host.replace(/\]:\d+$/, ']') : host.replace(/:\d+$/, '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, grpc: 80, grpcs: 443 };

/** Reads the request that a user writes. Throws if the url is none. */
export function readRequest(request: {
  readonly url: string;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly sni?: string;
  readonly sourceIp?: string;
}): Request {
  const match = /^([a-z]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#.*)?$/i.exec(request.url ?? '');
  const scheme = match?.[1].toLowerCase() ?? '';
  if (!match || !(scheme in DEFAULT_PORTS) || match[2] === '') {
    throw new Error(`url must be written like https://shop.example.com:8443/cart?x=1 (http, https, grpc or grpcs), got "${shownUrl(String(request.url))}"`);
  }
  const authority = match[2].replace(/^[^@]*@/, '');
  const port = /:(\d+)$/.exec(authority);
  if (port && (Number(port[1]) < 1 || Number(port[1]) > 65535)) throw new Error(`url: port must be from 1 to 65535, got "${shownUrl(request.url)}"`);
  const given = Object.entries(request.headers ?? {});
  const host = given.find(([name]) => /^(host|:authority)$/i.test(name))?.[1] ?? authority;
  const tls = scheme === 'https' || scheme === 'grpcs';
  const grpc = scheme.startsWith('grpc') || given.some(([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('application/grpc'));
  const name = withoutPort(authority).toLowerCase();
  return new Request({
    method: request.method ?? (scheme.startsWith('grpc') ? 'POST' : 'GET'),
    host,
    port: port ? Number(port[1]) : DEFAULT_PORTS[scheme],
    path: match[3] === '' ? '/' : match[3],
    query: match[4],
    headers: given.filter(([key]) => !/^(host|:authority|:method)$/i.test(key)).map(([key, value]) => ({ name: key.toLowerCase(), value })),
    tls,
    sni: tls ? request.sni ?? (isAddress(name) ? undefined : name) : undefined,
    source: { ip: request.sourceIp },
    grpc,
  });
}

// A client sends no server name for an address (RFC 6066 §3).
function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.startsWith('[');
}
