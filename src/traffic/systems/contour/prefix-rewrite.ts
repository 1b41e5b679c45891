import { MergedConditions } from './conditions';
import { isRecord, recordsOf } from '../../read/objects';

/** What is wrong with the prefix replacements of a route, as Contour names it, or undefined. */
export function replacementProblem(replacements: any, path: MergedConditions['path']): { reason: string; message: string } | undefined {
  const list = recordsOf(replacements);
  if (list.length === 0) return undefined;
  if (path.kind !== 'prefix') return { reason: 'MustHavePrefix', message: 'a prefix can be replaced only where a prefix is matched' };
  const seen = new Set<string>();
  for (const { prefix = '' } of list) {
    if (seen.has(prefix)) {
      return prefix === ''
        ? { reason: 'AmbiguousReplacement', message: 'two replacements name no prefix' }
        : { reason: 'DuplicateReplacement', message: `prefix ${prefix} has two replacements` };
    }
    seen.add(prefix);
  }
  return undefined;
}

/** The replacement that applies: the one for exactly the merged prefix, else the one that names no prefix. */
export function replacementFor(replacements: any, prefix: string): string | undefined {
  const list = recordsOf(replacements);
  const found = list.find((each) => each.prefix && each.prefix === prefix) ?? list.find((each) => isRecord(each) && !each.prefix);
  return found && typeof found.replacement === 'string' && found.replacement !== '' ? found.replacement : undefined;
}

/** What the slash expansion needs to know of a route. */
export interface Rewritable {
  readonly conditions: MergedConditions;
  readonly replacement?: string;
}

/**
 * Splits `/foo` with a rewrite into `/foo` and `/foo/`, so that neither leaves two slashes nor none. It happens only
 * where exactly one route of the proxy and what it includes has the prefix, with or without its slash.
 */
export function expandPrefixes<T extends Rewritable>(routes: readonly T[]): T[] {
  const groups = new Map<string, T[]>();
  const expanded: T[] = [];
  for (const route of routes) {
    const { path } = route.conditions;
    if (path.kind !== 'prefix') {
      expanded.push(route);
      continue;
    }
    const group = path.value === '/' ? '/' : path.value.replace(/\/+$/, '');
    const members = groups.get(group);
    if (members) members.push(route);
    else groups.set(group, [route]);
  }
  for (const [prefix, members] of groups) {
    const [only] = members;
    if (members.length !== 1 || only.replacement === undefined || prefix === '/' || only.conditions.path.value === '/') {
      expanded.push(...members);
      continue;
    }
    const bare = only.replacement.replace(/\/+$/, '');
    const withPath = (value: string, replacement: string): T => ({ ...only, conditions: { ...only.conditions, path: { kind: 'prefix', value } }, replacement });
    expanded.push(withPath(prefix, bare || '/'), withPath(`${prefix}/`, `${bare}/`));
  }
  return expanded;
}
