import { Match, PathTest, ValueTest } from '../../network/match';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** A match of a rule, with what decides its place among others. */
export interface RankedMatch {
  readonly match: Match;
  readonly path: { readonly rank: number; readonly length: number };
  readonly method: boolean;
  readonly headers: number;
  readonly queries: number;
}

/** The matches of a rule; a rule without any takes everything. */
export function matchesOf(route: ReadObject, rule: Record<string, any>): RankedMatch[] {
  const matches = recordsOf(rule.matches);
  const read = route.kind === 'GRPCRoute' ? grpcMatch : httpMatch;
  return (matches.length > 0 ? matches : [{}]).map(read);
}

function httpMatch(match: Record<string, any>): RankedMatch {
  const headers = firstOfName(recordsOf(match.headers)).map((test): ValueTest => valueTest('header', test));
  const queries = firstOfName(recordsOf(match.queryParams)).map((test): ValueTest => valueTest('query', test));
  const method: ValueTest[] = match.method ? [{ of: 'method', op: 'exact', value: match.method }] : [];
  const { test, rank } = pathOf(match.path);
  const values = [...method, ...headers, ...queries];
  return { match: { path: test, values }, path: rank, method: method.length > 0, headers: headers.length, queries: queries.length };
}

function grpcMatch(match: Record<string, any>): RankedMatch {
  const headers = firstOfName(recordsOf(match.headers)).map((test): ValueTest => valueTest('header', test));
  const { type = 'Exact', service, method } = isRecord(match.method) ? match.method : ({} as Record<string, any>);
  let path: PathTest = { kind: 'any' };
  let rank = { rank: 2, length: 0 };
  if (service && method) {
    path = type === 'RegularExpression' ? { kind: 'regex', regex: `/${service}/${method}` } : { kind: 'exact', path: `/${service}/${method}` };
    rank = { rank: type === 'RegularExpression' ? 2 : 0, length: String(service).length + String(method).length };
  } else if (service) {
    path = type === 'RegularExpression' ? { kind: 'regex', regex: `/${service}/.+` } : { kind: 'prefix', prefix: `/${service}/` };
    rank = { rank: type === 'RegularExpression' ? 2 : 1, length: String(service).length };
  } else if (method) {
    path = { kind: 'regex', regex: type === 'RegularExpression' ? `/[^/]+/${method}` : `/[^/]+/${escape(String(method))}` };
    rank = { rank: 2, length: String(method).length };
  }
  return { match: { path, values: headers }, path: rank, method: false, headers: headers.length, queries: 0 };
}

function pathOf(path: any): { test: PathTest; rank: { rank: number; length: number } } {
  const value = isRecord(path) && typeof path.value === 'string' ? path.value : '/';
  switch (isRecord(path) ? path.type ?? 'PathPrefix' : 'PathPrefix') {
    case 'Exact': return { test: { kind: 'exact', path: value }, rank: { rank: 0, length: value.length } };
    case 'RegularExpression': return { test: { kind: 'regex', regex: value }, rank: { rank: 2, length: value.length } };
    default: return { test: value === '/' ? { kind: 'prefix', prefix: '/' } : { kind: 'segments', prefix: value }, rank: { rank: 1, length: value.replace(/\/$/, '').length } };
  }
}

// Of equal names the first counts.
function firstOfName(tests: readonly Record<string, any>[]): Record<string, any>[] {
  const seen = new Set<string>();
  return tests.filter((test) => !seen.has(String(test.name).toLowerCase()) && seen.add(String(test.name).toLowerCase()));
}

function valueTest(of: 'header' | 'query', test: Record<string, any>): ValueTest {
  return { of, name: String(test.name), op: test.type === 'RegularExpression' ? 'regex' : 'exact', value: String(test.value ?? '') };
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Which of two matches comes first: negative if it is `a`. Zero leaves it to the age of their routes. */
export function compareMatches(a: RankedMatch, b: RankedMatch): number {
  return a.path.rank - b.path.rank
    || b.path.length - a.path.length
    || Number(b.method) - Number(a.method)
    || b.headers - a.headers
    || b.queries - a.queries;
}
