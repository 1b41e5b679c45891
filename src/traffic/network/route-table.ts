import { Action, Policy } from './action';
import { judge, Match, sound } from './match';
import { Origin } from './origin';
import { Request } from './request';
import { Transform } from './transform';

/**
 * The place of a route among the others. A lower tier comes first. Within a tier and block the index decides; between
 * blocks of one tier nothing does, unless the table says that blocks are ordered.
 */
export interface Rank {
  readonly tier: number;
  readonly block: number;
  readonly index: number;
}

/** A route: what it takes, and what it does with it. */
export interface Route {
  readonly origin: Origin;
  readonly name?: string;
  readonly match: Match;
  readonly action: Action;
  /** Applied to what is forwarded, before the target's own. */
  readonly transforms: readonly Transform[];
  readonly policies: readonly Policy[];
  readonly rank: Rank;
  /** What the route rests on that the manifests do not say. */
  readonly assumptions?: readonly string[];
}

/** Which route takes a request. */
export type Choice =
  | { readonly kind: 'route'; readonly route: Route; readonly assumption?: string }
  | { readonly kind: 'none' }
  /** Several routes match and nothing decides between them. */
  | { readonly kind: 'tie'; readonly routes: readonly Route[] }
  /** Whether a route that comes first matches cannot be told. */
  | { readonly kind: 'unknown'; readonly route: Route; readonly why: string; readonly otherwise: Choice };

/** Whether anything decides between routes of different blocks in one tier; where nothing does, what is assumed. */
export interface BlockOrder {
  readonly decided: (a: Route, b: Route) => boolean;
  /** The assumption under which the order of the blocks holds; without it the answer is open. */
  readonly otherwise?: (a: Route, b: Route) => string;
}

/**
 * Routes in one order, with an index. The index yields candidates, the order decides: speed never changes the answer.
 */
export class RouteTable {
  private index?: RouteIndex;
  private readonly given: () => readonly Route[];

  /** Routes that are given as a function are asked for when the first request comes: of many hosts most wait for one. */
  public constructor(given: readonly Route[] | (() => readonly Route[]), private readonly order: boolean | BlockOrder = true) {
    if (typeof given !== 'function') this.index = new RouteIndex(given);
    this.given = typeof given === 'function' ? given : () => given;
  }

  public get routes(): readonly Route[] {
    return this.indexed().routes;
  }

  public choose(request: Request): Choice {
    return this.first(request, this.indexed().candidates(request.path), 0);
  }

  private indexed(): RouteIndex {
    return (this.index ??= new RouteIndex(this.given()));
  }

  private first(request: Request, candidates: readonly number[], from: number): Choice {
    for (let i = from; i < candidates.length; i++) {
      const route = this.routes[candidates[i]];
      const verdict = judge(route.match, request);
      if (verdict.met === undefined) {
        return { kind: 'unknown', route, why: verdict.why, otherwise: this.first(request, candidates, i + 1) };
      }
      if (!verdict.met) continue;
      const rivals = this.order === true || i === candidates.length - 1 ? [] : this.rivals(request, candidates, i);
      if (rivals.length === 0) return { kind: 'route', route };
      const assumption = typeof this.order === 'object' ? this.order.otherwise?.(route, rivals[0]) : undefined;
      return assumption === undefined ? { kind: 'tie', routes: [route, ...rivals] } : { kind: 'route', route, assumption };
    }
    return { kind: 'none' };
  }

  // The first match of every other block in the same tier.
  private rivals(request: Request, candidates: readonly number[], chosen: number): Route[] {
    const { tier, block } = this.routes[candidates[chosen]].rank;
    const blocks = new Set([block]);
    const rivals: Route[] = [];
    for (let i = chosen + 1; i < candidates.length; i++) {
      const rival = this.routes[candidates[i]];
      if (rival.rank.tier !== tier) break;
      if (blocks.has(rival.rank.block) || (typeof this.order === 'object' && this.order.decided(this.routes[candidates[chosen]], rival))) continue;
      if (judge(rival.match, request).met === false) continue;
      blocks.add(rival.rank.block);
      rivals.push(rival);
    }
    return rivals;
  }
}

/** Routes in their order, and by what their paths begin with. */
class RouteIndex {
  public readonly routes: readonly Route[];
  private readonly exact = new Map<string, number[]>();
  private readonly prefixes = new Map<string, number[]>();
  private readonly prefixLengths: number[];
  private readonly rest: number[] = [];

  public constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => withSoundMatch(route))
      .sort((a, b) => a.rank.tier - b.rank.tier || a.rank.block - b.rank.block || a.rank.index - b.rank.index);
    this.routes.forEach((route, position) => {
      const path = route.match.path;
      if (path.kind === 'exact' && !path.ignoreCase) push(this.exact, path.path, position);
      else if (path.kind === 'prefix' && !path.ignoreCase) push(this.prefixes, path.prefix, position);
      else if (path.kind === 'segments' && !path.ignoreCase) push(this.prefixes, path.prefix.replace(/\/$/, ''), position);
      else this.rest.push(position);
    });
    this.prefixLengths = [...new Set([...this.prefixes.keys()].map((prefix) => prefix.length))];
  }

  /** Positions of the routes that may take a path, in order. */
  public candidates(path: string): number[] {
    const exact = this.exact.get(path);
    const found = exact ? [...exact] : [];
    for (const length of this.prefixLengths) {
      const positions = length <= path.length ? this.prefixes.get(path.slice(0, length)) : undefined;
      if (positions) for (const position of positions) found.push(position);
    }
    for (const position of this.rest) found.push(position);
    return found.length > 1 ? found.sort((a, b) => a - b) : found;
  }
}

// Most matches are sound as they are; then the route is kept.
function withSoundMatch(route: Route): Route {
  const match = sound(route.match);
  return match === route.match ? route : { ...route, match };
}

function push(map: Map<string, number[]>, key: string, position: number): void {
  const list = map.get(key);
  if (list) list.push(position);
  else map.set(key, [position]);
}
