import { shownUrl } from '../redact';

/** One header line; names are kept lower-case. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** Who sends a request, as far as routing asks. */
export interface Source {
  /** The address that the connection comes from. */
  readonly ip?: string;
  /** The client's address as X-Forwarded-For says it, where a proxy stands between. */
  readonly forwardedFor?: string;
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
  private bareHost?: string;

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
    for (const key of Object.keys(change) as (keyof RequestParts)[]) if (change[key] !== this[key]) return new Request({ ...this, ...change });
    return this;
  }

  /** Host without its port, lower-case. */
  public get hostName(): string {
    return (this.bareHost ??= withoutPort(this.host).toLowerCase());
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
    let found: string | undefined;
    for (const header of this.headers) if (header.name === key) found = found === undefined ? header.value : `${found},${header.value}`;
    return found;
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

/** A request that a proxy outside the cluster sends on: its own address is not known, the client's goes along in a header. */
export function behindProxy(request: Request): Request {
  return request.with({ source: { ...request.source, ip: undefined, forwardedFor: request.source.ip } });
}

/** `shop.example.com:8443` without `:8443`. */
export function withoutPort(host: string): string {
  if (!host.includes(':')) return host;
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
  if (!match || !Object.hasOwn(DEFAULT_PORTS, scheme) || match[2] === '') {
    throw new Error(`url must be written like https://shop.example.com:8443/cart?x=1 (http, https, grpc or grpcs), got "${shownUrl(String(request.url))}"`);
  }
  const authority = match[2].replace(/^[^@]*@/, '');
  const port = /:(\d+)$/.exec(authority);
  if (port && (Number(port[1]) < 1 || Number(port[1]) > 65535)) throw new Error(`url: port must be from 1 to 65535, got "${shownUrl(request.url)}"`);
  const headers: Header[] = [];
  let host: string | undefined;
  let grpcContent = false;
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    const key = name.toLowerCase();
    if (key === 'host' || key === ':authority') host ??= value;
    else if (key !== ':method') headers.push({ name: key, value });
    if (key === 'content-type' && value.startsWith('application/grpc')) grpcContent = true;
  }
  const tls = scheme === 'https' || scheme === 'grpcs';
  const grpc = scheme.startsWith('grpc') || grpcContent;
  const name = withoutPort(authority).toLowerCase();
  return new Request({
    method: request.method ?? (scheme.startsWith('grpc') ? 'POST' : 'GET'),
    host: host ?? authority,
    port: port ? Number(port[1]) : DEFAULT_PORTS[scheme],
    path: match[3] === '' ? '/' : match[3],
    query: match[4],
    headers,
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
