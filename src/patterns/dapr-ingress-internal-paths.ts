import { pathProblem, quotePattern, withEndSlash } from '../contour/path-syntax';

/** Paths of applications that are not for outsiders: those on which Dapr itself calls them, and the usual place of the rest. */
export const INTERNAL_PATHS = ['/.internal/**', '/actors/**', '/dapr/**', '/job/**'];

/** Says what is wrong with an internal path, or undefined if nothing is. */
export function internalPathProblem(path: string): string | undefined {
  const base = baseOf(path);
  const problem = pathProblem(base);
  if (problem) return problem;
  return /[*]/.test(base) || base === '/' || base.endsWith('/') ? `an internal path is written "/name" or "/name/**", got "${path}"` : undefined;
}

/** What a route makes reachable, and what of it is closed. */
export interface ClosedPaths {
  /** The pattern of public paths that lead to internal ones; undefined if none does. */
  readonly pattern?: string;
  /** The public paths that are closed with everything below them. */
  readonly closed: string[];
  /** The internal path that the route leads into as a whole; undefined if it does not. */
  readonly inside?: string;
}

/** Paths of applications that are not for outsiders. */
export class InternalPaths {
  private readonly bases: string[];
  // Most routes are rewritten to the same path.
  private last?: { readonly below: string; readonly inside?: string; readonly rests: string[]; readonly pattern: string };

  constructor(paths: string[]) {
    this.bases = paths.map(baseOf);
  }

  /** The public paths by which a route, or what it rewrites to, would reach internal paths of its applications. */
  public closedBy(route: string, rewrite: string | undefined): ClosedPaths {
    const { inside, rests, pattern } = this.below(withEndSlash(rewrite ?? route));
    if (rests.length === 0) return { inside, closed: rests };
    const front = withEndSlash(route);
    return { inside, closed: rests.map((rest) => `${front}${rest}`), pattern: `${quotePattern(front)}${pattern}` };
  }

  private below(below: string): NonNullable<InternalPaths['last']> {
    if (this.last?.below !== below) {
      const rests = this.bases.filter((base) => base.startsWith(below)).map((base) => base.slice(below.length));
      this.last = { below, inside: this.bases.find((base) => below.startsWith(`${base}/`)), rests, pattern: `(${rests.map(quotePattern).join('|')})(/.*)?` };
    }
    return this.last;
  }
}

/** The paths above a path and the path itself, `/` left out. */
export function pathAndAncestors(path: string): string[] {
  const segments = path.split('/').slice(1).filter((segment) => segment !== '');
  return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
}

function baseOf(path: string): string {
  return path.replace(/\/\*\*$/, '');
}
