import { TrafficDestination, TrafficHop } from '../trace';
import { Policy } from './action';
import { Origin } from './origin';
import { Request, Source } from './request';

/** A share of the requests on its way: what it looks like now, and what has happened to it. */
export interface Passage {
  readonly request: Request;
  readonly share: number;
  readonly hops: readonly TrafficHop[];
  readonly policies: readonly Policy[];
  readonly assumptions: readonly string[];
  /** The Service through which it came to the pods where it is now. */
  readonly through?: TrafficDestination;
  /** Who sends it on from where it is now, where that is known. */
  readonly sender?: Source;
  readonly steps: number;
}

export function note(passage: Passage, origin: Origin, does: string): Passage {
  return { ...passage, hops: [...passage.hops, { object: origin.object, at: origin.at, does }] };
}

export function assume(passage: Passage, ...assumptions: readonly string[]): Passage {
  if (assumptions.length === 0) return passage;
  const added = assumptions.filter((each) => !passage.assumptions.includes(each));
  return added.length === 0 ? passage : { ...passage, assumptions: [...passage.assumptions, ...added] };
}

export function under(passage: Passage, policies: readonly Policy[] | undefined): Passage {
  return policies && policies.length > 0 ? { ...passage, policies: [...passage.policies, ...policies] } : passage;
}

/** The end of a way. */
export type End = { readonly passage: Passage } & (
  | { readonly kind: 'delivered'; readonly destination: TrafficDestination; readonly scheme: 'http' | 'https' }
  | { readonly kind: 'responded'; readonly status?: number }
  | { readonly kind: 'redirected'; readonly status: number; readonly location: string }
  | { readonly kind: 'refused' }
  | { readonly kind: 'undetermined'; readonly why: string }
);

/** Whether two ends are the same for whoever sent the request. */
export function alike(a: End, b: End): boolean {
  return describe(a) === describe(b);
}

function describe(end: End): string {
  const { request } = end.passage;
  switch (end.kind) {
    case 'delivered':
      return JSON.stringify([end.kind, end.destination, request.method, request.host, request.pathAndQuery, [...request.headers].sort(byName), end.scheme]);
    case 'responded': return JSON.stringify([end.kind, end.status]);
    case 'redirected': return JSON.stringify([end.kind, end.status, end.location]);
    case 'refused': return end.kind;
    case 'undetermined': return JSON.stringify([end.kind, end.why]);
  }
}

function byName(a: { name: string; value: string }, b: { name: string; value: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
