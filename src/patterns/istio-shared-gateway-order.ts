import { HeaderMatch } from './header-match';
import { PathMatch } from './path-match';

/* Which route wins, and whether that can be known. */

/** What the order of routes is decided by. */
export interface Ranked {
  readonly id: string;
  readonly namespace: string;
  readonly path: PathMatch;
  /** In the order of their names. */
  readonly headers: HeaderMatch[];
}

const PATH_RANK = { exact: 0, regex: 1, prefix: 2 };
const HEADER_RANK = { exact: 0, prefix: 1, regex: 2, present: 3 };

/**
 * The more specific route comes first: an exact path, then the longer known text (a regular expression before the prefix
 * that it begins with), then more headers, then headers that say more, then the route's id.
 */
export function bySpecificity(a: Ranked, b: Ranked): number {
  const exactFirst = Number(b.path._kind === 'exact') - Number(a.path._kind === 'exact');
  if (exactFirst !== 0) return exactFirst;
  return knownLength(b.path) - knownLength(a.path)
    || PATH_RANK[a.path._kind] - PATH_RANK[b.path._kind]
    || compare(a.path._value, b.path._value)
    || b.headers.length - a.headers.length
    || sum(a.headers, (header) => HEADER_RANK[header._kind]) - sum(b.headers, (header) => HEADER_RANK[header._kind])
    || sum(b.headers, (header) => header._value.length) - sum(a.headers, (header) => header._value.length)
    || compare(a.id, b.id);
}

// Every path begins with a slash, whether an expression says so or not.
function knownLength(path: PathMatch): number {
  return Math.max(path._literal.length, 1);
}

/** Whether Istio moves the route behind all others of its host, whichever VirtualService it stands in. */
export function isCatchAll(route: Ranked): boolean {
  return route.headers.length === 0
    && ((route.path._kind === 'prefix' && route.path._value === '/') || (route.path._kind === 'regex' && route.path._value === '.*'));
}

/** What makes two routes of one host the same. */
export function matchKey(route: Ranked): string {
  if (isCatchAll(route)) return 'every request';
  const path = `${route.path._kind} ${route.path._value}`;
  if (route.headers.length === 0) return path;
  return JSON.stringify([path, ...route.headers.map((header) => [header._name, header._kind, header._value])]);
}

// There is a node for each path, so that it holds nothing that it does not need.
interface PathNode<R> {
  below?: Map<string, PathNode<R>>;
  /** Routes for this path and all below. */
  covering?: R[];
  /** Routes for this path only. */
  exact?: R[];
  /** The namespace of all these routes, while they have one. */
  namespace?: string;
  mixed?: boolean;
}

/**
 * The routes of one host by path, so that each meets only those that can take a request from it: routes on its own path,
 * and on the paths above.
 */
export class PathIndex<R extends Ranked> {
  private readonly root: PathNode<R> = {};

  constructor(private readonly routes: R[]) {}

  /**
   * Pairs of routes of different namespaces that both match some request. Istio puts the VirtualServices of a host in the
   * order of their creation, so that nobody knows which of the two wins; only catch-alls always come last.
   */
  public undecided(): Array<[R, R]> {
    const pairs: Array<[R, R]> = [];
    const paths = this.routes.filter((route) => !isCatchAll(route)).map((route) => ({ route, path: this.walk(route.path) }));
    for (const { route, path } of paths.sort((a, b) => a.path.length - b.path.length)) {
      path.forEach((each, depth) => {
        if (!each.mixed && (each.namespace === undefined || each.namespace === route.namespace)) return;
        const covering = each.covering ?? [];
        const ownPath = depth === path.length - 1;
        const rivals = ownPath ? [...covering, ...(each.exact ?? []).filter((rival) => overlaps(rival.path, route.path))] : covering;
        const rival = rivals.find((other) => other.namespace !== route.namespace && !exclude(other, route));
        if (rival) pairs.push([rival, route]);
      });
      this.insert(route, path);
    }
    return pairs;
  }

  /** Routes with headers, whose path no route without headers serves: requests without these headers match nothing. */
  public withoutRest(): R[] {
    if (this.routes.every((route) => route.headers.length === 0)) return [];
    const plain = new PathIndex<R>([]);
    const rest = new Set<string>();
    for (const route of this.routes) {
      if (route.headers.length > 0) continue;
      if (route.path._kind === 'regex') rest.add(route.path._value);
      else plain.insert(route, plain.walk(route.path));
    }
    return this.routes.filter((route) => {
      if (route.headers.length === 0 || rest.has('.*') || rest.has(route.path._value)) return false;
      const path = plain.walk(route.path);
      return !path.some((each) => each.covering)
        && !(route.path._kind === 'exact' && path[path.length - 1]!.exact?.some((other) => other.path._value === route.path._value));
    });
  }

  private walk(path: PathMatch): Array<PathNode<R>> {
    let last = this.root;
    const nodes = [last];
    for (const segment of segmentsOf(path)) {
      last.below ??= new Map();
      let next = last.below.get(segment);
      if (!next) last.below.set(segment, next = {});
      nodes.push(last = next);
    }
    return nodes;
  }

  private insert(route: R, path: Array<PathNode<R>>): void {
    const own = path[path.length - 1]!;
    const list = route.path._kind === 'exact' ? 'exact' : 'covering';
    if (own[list]) own[list].push(route);
    else own[list] = [route];
    own.mixed = own.mixed || (own.namespace !== undefined && own.namespace !== route.namespace);
    own.namespace = route.namespace;
  }
}

// A regular expression stands at the whole segments that it begins with, and may match anything below.
function segmentsOf(path: PathMatch): string[] {
  const text = path._kind === 'regex' ? path._literal.replace(/[^/]*$/, '') : path._value;
  return text.split('/').filter((segment) => segment !== '');
}

// Exact paths share a node with and without a slash at the end.
function overlaps(a: PathMatch, b: PathMatch): boolean {
  return a._kind !== 'exact' || b._kind !== 'exact' || a._value === b._value;
}

function exclude(a: Ranked, b: Ranked): boolean {
  return a.headers.some((header) => b.headers.some((other) => header._excludes(other)));
}

function sum(headers: HeaderMatch[], value: (header: HeaderMatch) => number): number {
  return headers.reduce((total, header) => total + value(header), 0);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
