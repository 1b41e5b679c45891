import { Redirect } from './action';
import { Origin } from './origin';
import { RouteTable } from './route-table';

/** The routes of some host names. */
export interface VirtualHost {
  readonly origin: Origin;
  readonly routes: RouteTable;
  /** The answer where no route takes the request. */
  readonly noRoute: { readonly status: number; readonly why: string };
  /** Plain HTTP is redirected before any route is asked. */
  readonly requireTls?: Redirect & { readonly origin: Origin };
}

/** Properties of a host table. */
export interface HostTableOptions {
  /** Whether `*` stands for exactly one label, or for any number of characters. */
  readonly wildcard: 'one-label' | 'any';
  /** Whether a request that no route of its virtual host takes may try a wider one. */
  readonly fallThrough?: boolean;
}

/** Host names and the virtual hosts that serve them: exact names first, then the longest wildcard, then any. */
export class HostTable {
  private readonly exact = new Map<string, VirtualHost>();
  private readonly suffixes = new Map<string, VirtualHost>();
  private suffixLengths: number[] = [];
  private any?: VirtualHost;

  public constructor(private readonly options: HostTableOptions) {}

  /** `shop.example.com`, `*.example.com` or `*`. The first virtual host that claims a name keeps it. */
  public add(pattern: string, host: VirtualHost): void {
    const name = String(pattern).toLowerCase();
    if (name === '*' || name === '') {
      this.any ??= host;
    } else if (name.startsWith('*')) {
      if (!this.suffixes.has(name.slice(1))) this.suffixes.set(name.slice(1), host);
      this.suffixLengths = [...new Set([...this.suffixLengths, name.length - 1])].sort((a, b) => b - a);
    } else if (!this.exact.has(name)) {
      this.exact.set(name, host);
    }
  }

  /** The virtual hosts that may serve a name (lower-case, without port), the one in charge first. */
  public find(name: string): VirtualHost[] {
    const found: VirtualHost[] = [];
    const exact = this.exact.get(name);
    if (exact) found.push(exact);
    if (exact && !this.options.fallThrough) return found;
    for (const length of this.suffixLengths) {
      if (length >= name.length) continue;
      const suffix = this.suffixes.get(name.slice(-length));
      if (suffix && (this.options.wildcard === 'any' || !name.slice(0, -length).includes('.'))) found.push(suffix);
    }
    if (this.any) found.push(this.any);
    return this.options.fallThrough ? found : found.slice(0, 1);
  }

  /** Every name with its virtual host. */
  public entries(): { readonly pattern: string; readonly host: VirtualHost }[] {
    return [
      ...[...this.exact].map(([pattern, host]) => ({ pattern, host })),
      ...[...this.suffixes].map(([suffix, host]) => ({ pattern: `*${suffix}`, host })),
      ...(this.any ? [{ pattern: '*', host: this.any }] : []),
    ];
  }
}

/** A set of host names, `*.example.com` and `*` among them. */
export class HostNames {
  private readonly exact = new Set<string>();
  private readonly suffixes = new Set<string>();
  private readonly suffixLengths: readonly number[];

  public constructor(patterns: readonly string[]) {
    for (const pattern of patterns) {
      this.exact.add(pattern);
      if (pattern.startsWith('*')) this.suffixes.add(pattern.slice(1));
    }
    this.suffixLengths = [...new Set([...this.suffixes].map((suffix) => suffix.length))];
  }

  public has(name: string): boolean {
    return this.exact.has(name) || this.suffixLengths.some((length) => length <= name.length && this.suffixes.has(name.slice(name.length - length)));
  }
}
