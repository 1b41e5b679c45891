import type { Chain } from './hop';

/** The chains of a listener by server name: exact names first, then the longest wildcard, then any name; of equal ones the first. */
export class ChainTable {
  /** The chain for connections without TLS. */
  public readonly clear?: Chain;
  public readonly secure: readonly Chain[];
  private readonly exact = new Map<string, Chain>();
  private readonly suffixes = new Map<string, Chain>();
  private readonly suffixLengths: readonly number[];
  private readonly any?: Chain;

  public constructor(chains: readonly Chain[]) {
    this.clear = chains.find((chain) => chain.tls === 'none');
    this.secure = chains.filter((chain) => chain.tls !== 'none');
    for (const chain of this.secure) {
      if (chain.serverNames === undefined) this.any ??= chain;
      for (const given of chain.serverNames ?? []) {
        const pattern = given.toLowerCase();
        if (pattern === '*') this.any ??= chain;
        else if (!this.exact.has(pattern)) this.exact.set(pattern, chain);
        if (pattern !== '*' && pattern.startsWith('*') && !this.suffixes.has(pattern.slice(1))) this.suffixes.set(pattern.slice(1), chain);
      }
    }
    this.suffixLengths = [...new Set([...this.suffixes.keys()].map((suffix) => suffix.length))].sort((a, b) => b - a);
  }

  /** The chain for a server name in lower case; without one only a chain for any name takes the connection. */
  public find(name: string | undefined): Chain | undefined {
    if (name === undefined) return this.any;
    const exact = this.exact.get(name);
    if (exact) return exact;
    for (const length of this.suffixLengths) {
      const found = length < name.length ? this.suffixes.get(name.slice(-length)) : undefined;
      if (found) return found;
    }
    return this.any;
  }
}

const tables = new WeakMap<readonly Chain[], ChainTable>();

export function chainTableOf(chains: readonly Chain[]): ChainTable {
  let table = tables.get(chains);
  if (!table) tables.set(chains, table = new ChainTable(chains));
  return table;
}
