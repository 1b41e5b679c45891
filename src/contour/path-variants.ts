import { WirePath } from './match-conditions';
import { PathCondition } from './path-condition';
import { pathProblem, quotePattern, withEndSlash, withoutEndSlash } from './path-syntax';
import type { HttpProxySpecRoutesConditionsHeader } from '../../imports/projectcontour.io';

/** One of the routes that a path becomes. */
export interface PathVariant {
  readonly path?: WirePath;
  /** Keeps words that merely begin like the path out. */
  readonly guard?: HttpProxySpecRoutesConditionsHeader;
  /** What the matched prefix becomes. */
  readonly replacement?: string;
}

/**
 * The routes that a path becomes, with what each makes of it.
 *
 * Contour itself adds the variant with or without a slash to a prefix that is rewritten, but only while no other route
 * of the proxy has that prefix; with a second one `/foo/x` would become `//x`. So both variants are always written.
 *
 * @param root whether the path begins at the host, and not below what another proxy includes
 */
export function pathVariants(path: PathCondition | undefined, replacement: string | undefined, root: boolean): PathVariant[] {
  if (replacement !== undefined) {
    const problem = pathProblem(replacement);
    if (problem) throw new Error(`rewrite: ${problem}`);
    return rewritten(path, replacement, root);
  }
  if (path === undefined) return [root ? { path: { prefix: '/' } } : {}];
  switch (path._kind) {
    case 'exact': return [{ path: { exact: path._value } }];
    case 'regex': return [{ path: { regex: path._value } }];
    case 'prefix': return [{ path: { prefix: path._value } }];
    case 'under': return path._value === '/'
      ? [{ path: { prefix: '/' } }]
      : [{ path: { exact: path._value } }, { path: { prefix: withEndSlash(path._value) } }];
  }
}

function rewritten(path: PathCondition | undefined, replacement: string, root: boolean): PathVariant[] {
  const below = withEndSlash(replacement);
  const itself = withoutEndSlash(replacement);
  if (path === undefined && !root) return [{ replacement: itself }, { path: { prefix: '/' }, replacement: below }];
  const value = path?._value ?? '/';
  if (path && (path._kind === 'exact' || path._kind === 'regex')) {
    throw new Error(`only a prefix can be rewritten, got the ${path._kind === 'exact' ? 'exact path' : 'pattern'} "${value}"; use PathCondition.under()`);
  }
  if (value === '/') return [{ path: { prefix: '/' }, replacement: below }];
  if (value.endsWith('/')) {
    throw new Error(`Contour would rewrite "${withoutEndSlash(value)}" and all that begins with it, too; use PathCondition.under("${withoutEndSlash(value)}")`);
  }
  if (path!._kind === 'under' && !root) {
    throw new Error(`"${value}" is rewritten below what another proxy includes, where the whole path is not known; use PathCondition.prefix()`);
  }
  // An exact path cannot be rewritten in Contour: a prefix that fits nothing but the path itself takes its place.
  const guard = path!._kind === 'under' ? { name: ':path', regex: `${quotePattern(value)}(\\?.*)?` } : undefined;
  return [
    { path: { prefix: value }, guard, replacement: itself },
    { path: { prefix: `${value}/` }, replacement: below },
  ];
}
