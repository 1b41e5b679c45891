import { HeaderChanges } from './header-changes';
import type { HttpProxySpecRoutesRequestHeadersPolicy } from '../../imports/projectcontour.io';
import { given } from '../platform/wire';

/** Says what is wrong with changes of headers, or undefined if nothing is. */
export function headerChangesProblem(changes: HeaderChanges | undefined, where: 'request' | 'response', onService: boolean): string | undefined {
  if (!changes) return undefined;
  for (const [what, names] of [['set', Object.keys(changes.set ?? {})], ['remove', changes.remove ?? []]] as const) {
    const seen = new Set<string>();
    for (const name of names) {
      const lower = name.toLowerCase();
      if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) return `${what}: a header's name is a word such as "x-tenant", got "${name}"`;
      if (seen.has(lower)) return `${what}: header "${name}" is given twice`;
      seen.add(lower);
      if (lower === 'host' && what === 'remove') return 'remove: a request cannot go without "Host"; set it instead';
      if (lower === 'host' && where === 'response') return 'set: "Host" is a header of requests only';
    }
  }
  for (const [name, value] of Object.entries(changes.set ?? {})) {
    if (value === '') return `set: the value of "${name}" must not be empty; remove the header instead`;
    // Contour takes a Host from another header on routes; on a service it accepts the same and does nothing.
    if (onService && name.toLowerCase() === 'host' && /%REQ\(/.test(value)) return `set: "Host" is not taken from another header here, got "${value}"; set it on the route`;
  }
  return undefined;
}

/** Changes of headers as Contour writes them. */
export function renderHeaderChanges(changes: HeaderChanges | undefined): HttpProxySpecRoutesRequestHeadersPolicy | undefined {
  if (!changes) return undefined;
  const set = Object.entries(changes.set ?? {}).map(([name, value]) => ({ name, value }));
  const remove = changes.remove ?? [];
  if (set.length + remove.length === 0) return undefined;
  return given({ set: set.length > 0 ? set : undefined, remove: remove.length > 0 ? remove : undefined });
}
