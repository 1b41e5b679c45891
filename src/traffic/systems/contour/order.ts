import { HeaderCondition, MergedConditions, QueryCondition } from './conditions';

/*
 * Which of two routes of a virtual host comes first: exact before regex before prefix, longer before shorter, more header
 * conditions before fewer, more query conditions before fewer, then condition by condition. 0 means that nothing decides.
 */

const PATH_RANK = { exact: 0, regex: 1, prefix: 2 } as const;
const HEADER_RANK = { exact: 0, regex: 1, contains: 2, present: 3 } as const;
const QUERY_RANK = { exact: 0, regex: 1, prefix: 2, suffix: 3, contains: 4, present: 5 } as const;

export function compareRoutes(a: MergedConditions, b: MergedConditions): number {
  const path = PATH_RANK[a.path.kind] - PATH_RANK[b.path.kind]
    || (a.path.kind === 'exact' ? 0 : b.path.value.length - a.path.value.length)
    || compareText(b.path.value, a.path.value)
    || Number(b.path.segments === true) - Number(a.path.segments === true);
  if (path !== 0) return path;
  const counts = b.headers.length - a.headers.length || b.queries.length - a.queries.length;
  if (counts !== 0) return counts;
  return compareLists(sorted(a.headers, compareHeaders), sorted(b.headers, compareHeaders), compareHeaders)
    || compareLists(sorted(a.queries, compareQueries), sorted(b.queries, compareQueries), compareQueries);
}

function compareHeaders(a: HeaderCondition, b: HeaderCondition): number {
  return compareText(a.name, b.name)
    || HEADER_RANK[a.op] - HEADER_RANK[b.op]
    || compareText(a.value, b.value)
    || Number(a.invert) - Number(b.invert);
}

function compareQueries(a: QueryCondition, b: QueryCondition): number {
  return compareText(a.name, b.name)
    || QUERY_RANK[a.op] - QUERY_RANK[b.op]
    || compareText(a.value, b.value)
    || Number(a.ignoreCase) - Number(b.ignoreCase);
}

function compareLists<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = compare(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function sorted<T>(list: readonly T[], compare: (x: T, y: T) => number): T[] {
  return [...list].sort(compare);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether path, number of headers and number of parameters leave the order of two routes to the single conditions. */
function sameGroup(a: MergedConditions, b: MergedConditions): boolean {
  return a.path.kind === b.path.kind && a.path.value === b.path.value && a.path.segments === b.path.segments
    && a.headers.length === b.headers.length && a.queries.length === b.queries.length;
}

/**
 * Which routes of an ordered list have a settled place. Contour puts one route before another as soon as any condition of
 * it comes first, so two routes may each come before the other; then the order of all of them is chance.
 */
export function settledPlaces(ordered: readonly MergedConditions[]): { group: number; settled: boolean }[] {
  const places: { group: number; settled: boolean }[] = [];
  for (let start = 0; start < ordered.length;) {
    let end = start + 1;
    while (end < ordered.length && sameGroup(ordered[start], ordered[end])) end++;
    const members = ordered.slice(start, end);
    const chain = members.every((member, i) => i === 0 || dominates(members[i - 1], member));
    members.forEach((member, i) => {
      const settled = chain || (members.length <= 300 && members.every((other, j) => i === j || dominates(member, other) || dominates(other, member)));
      places.push({ group: start, settled });
    });
    start = end;
  }
  return places;
}

// No condition of `b` comes before that of `a` in the same place, and one comes after.
function dominates(a: MergedConditions, b: MergedConditions): boolean {
  const pairs = [
    ...pairwise(sorted(a.headers, compareHeaders), sorted(b.headers, compareHeaders), compareHeaders),
    ...pairwise(sorted(a.queries, compareQueries), sorted(b.queries, compareQueries), compareQueries),
  ];
  return pairs.every((order) => order <= 0) && pairs.some((order) => order < 0);
}

function pairwise<T>(a: readonly T[], b: readonly T[], compare: (x: T, y: T) => number): number[] {
  return a.map((each, i) => compare(each, b[i]));
}

/** The identity of a condition set within a virtual host, as it is written: of two equal ones the later wins. */
export function conditionKey(conditions: MergedConditions): string {
  const { path, headers, queries } = conditions;
  if (headers.length + queries.length === 0) return `${path.kind}${path.segments === true ? ' by segments' : ''} ${path.value}`;
  return JSON.stringify([conditions.path, conditions.headers, conditions.queries]);
}

/** The same for conditions in any order. */
export function unorderedKey(conditions: MergedConditions): string {
  return JSON.stringify([conditions.path, sorted(conditions.headers, compareHeaders), sorted(conditions.queries, compareQueries)]);
}
