import { PathTest, ValueTest } from '../../network/match';
import { compileRegex } from '../../network/regex';
import { isRecord, recordsOf } from '../../read/objects';

/** The conditions of a route, merged along its chain of includes. */
export interface MergedConditions {
  readonly path: {
    readonly kind: 'exact' | 'prefix' | 'regex';
    readonly value: string;
    /** Whether a prefix counts whole segments, as that of an Ingress does. */
    readonly segments?: boolean;
  };
  readonly headers: readonly HeaderCondition[];
  readonly queries: readonly QueryCondition[];
}

/** A header test; absent headers are told apart by `missingAsEmpty`. */
export interface HeaderCondition {
  readonly name: string;
  readonly op: 'present' | 'contains' | 'exact' | 'regex';
  readonly value: string;
  readonly invert: boolean;
  readonly ignoreCase: boolean;
  readonly missingAsEmpty: boolean;
}

/** A query parameter test. */
export interface QueryCondition {
  readonly name: string;
  readonly op: 'exact' | 'prefix' | 'suffix' | 'regex' | 'contains' | 'present';
  readonly value: string;
  readonly ignoreCase: boolean;
}

/**
 * The test that Contour adds to the routes of `*.example.com`: one label alone, in lower case, with any port. It counts as a
 * header condition.
 */
export function wildcardHost(fqdn: string): HeaderCondition {
  const value = `[a-z0-9]([-a-z0-9]*[a-z0-9])?${fqdn.slice(1).replace(/\./g, '\\.')}(:[0-9]+)?`;
  return { name: ':authority', op: 'regex', value, invert: false, ignoreCase: false, missingAsEmpty: false };
}

/** Joins the conditions of includes and route. The kind of path match is that of the last element alone. */
export function mergeConditions(conditions: readonly any[]): MergedConditions {
  const blocks = conditions.filter(isRecord);
  const headers = blocks.map((block) => headerCondition(block.header)).filter((each): each is HeaderCondition => each !== undefined);
  const queries = blocks.map((block) => queryCondition(block.queryParameter)).filter((each): each is QueryCondition => each !== undefined);
  return { path: mergePath(blocks), headers, queries };
}

function mergePath(blocks: readonly Record<string, any>[]): MergedConditions['path'] {
  let text = '';
  let regex = false;
  for (const block of blocks) {
    text += block.prefix || block.exact || block.regex || '';
    regex ||= !block.prefix && !block.exact && Boolean(block.regex);
  }
  const value = text.replace(/\/{2,}/g, '/') || '/';
  if (regex) return { kind: 'regex', value };
  return { kind: blocks.length > 0 && blocks[blocks.length - 1].exact ? 'exact' : 'prefix', value };
}

function headerCondition(header: any): HeaderCondition | undefined {
  if (!isRecord(header)) return undefined;
  const common = { name: String(header.name ?? ''), ignoreCase: header.ignoreCase === true, missingAsEmpty: header.treatMissingAsEmpty === true };
  if (header.present) return { ...common, op: 'present', value: '', invert: false };
  if (header.notpresent) return { ...common, op: 'present', value: '', invert: true };
  if (header.contains) return { ...common, op: 'contains', value: header.contains, invert: false };
  if (header.notcontains) return { ...common, op: 'contains', value: header.notcontains, invert: true };
  if (header.exact) return { ...common, op: 'exact', value: header.exact, invert: false };
  if (header.notexact) return { ...common, op: 'exact', value: header.notexact, invert: true };
  if (header.regex) return { ...common, op: 'regex', value: header.regex, invert: false };
  return undefined;
}

function queryCondition(query: any): QueryCondition | undefined {
  if (!isRecord(query)) return undefined;
  const common = { name: String(query.name ?? ''), ignoreCase: query.ignoreCase === true };
  for (const op of ['exact', 'prefix', 'suffix', 'regex', 'contains'] as const) if (query[op]) return { ...common, op, value: query[op] };
  return query.present ? { ...common, op: 'present', value: '' } : undefined;
}

export function pathTest(path: MergedConditions['path']): PathTest {
  switch (path.kind) {
    case 'exact': return { kind: 'exact', path: path.value };
    case 'prefix': return { kind: path.segments ? 'segments' : 'prefix', prefix: path.value };
    case 'regex': return { kind: 'regex', regex: path.value };
  }
}

export function headerTest(header: HeaderCondition): ValueTest {
  const missing = header.op === 'present' ? header.invert : header.missingAsEmpty && header.invert ? testOfNothing(header) : false;
  return { of: 'header', name: header.name, op: header.op, value: header.value, invert: header.invert, ignoreCase: header.op === 'regex' ? false : header.ignoreCase, missing };
}

// A missing header that counts as empty: it neither contains nor equals anything but the empty text.
function testOfNothing(header: HeaderCondition): boolean {
  return header.value !== '';
}

export function queryTest(query: QueryCondition): ValueTest {
  return { of: 'query', name: query.name, op: query.op, value: query.value, ignoreCase: query.op === 'regex' ? false : query.ignoreCase };
}

/** What is wrong with the path conditions of one level, or undefined. Includes may hold prefixes only. */
export function pathConditionProblem(conditions: readonly any[], ofInclude: boolean): string | undefined {
  let count = 0;
  for (const block of recordsOf(conditions)) {
    for (const key of ['prefix', 'exact', 'regex'] as const) {
      if (!block[key]) continue;
      count++;
      if (ofInclude && key !== 'prefix') return `an include takes prefix conditions only, got ${key} ${block[key]}`;
      if (typeof block[key] !== 'string' || !block[key].startsWith('/')) return `${key} must begin with "/", got ${JSON.stringify(block[key])}`;
      if (key === 'regex' && !validRegex(block[key])) return `regex ${block[key]} is none`;
    }
  }
  return count > 1 ? 'at most one of the conditions may be a prefix, exact or regex' : undefined;
}

/** What is wrong with the header conditions of a whole chain, or undefined: tests that cannot hold together. */
export function headerConditionProblem(conditions: readonly any[]): string | undefined {
  if (!conditions.some((block) => isRecord(block) && isRecord(block.header))) return undefined;
  const seen = new Map<string, HeaderCondition[]>();
  for (const block of conditions.filter(isRecord)) {
    if (isRecord(block.header) && !block.header.name) return 'a header condition needs a name';
    const header = headerCondition(block.header);
    if (!header) continue;
    if (header.op === 'regex' && !validRegex(header.value)) return `regex of header ${header.name} is none: ${header.value}`;
    const name = header.name.toLowerCase();
    for (const other of seen.get(name) ?? []) {
      if (header.op === 'exact' && other.op === 'exact' && !header.invert && !other.invert) return `header ${header.name} cannot equal two values`;
      // Only what was said before without further settings is compared.
      const opposite = header.op === other.op && header.invert !== other.invert && header.value === other.value && !other.ignoreCase && !other.missingAsEmpty;
      if (opposite) return `header ${header.name}: conditions contradict each other`;
    }
    seen.set(name, [...(seen.get(name) ?? []), header]);
  }
  return undefined;
}

/** What is wrong with the query conditions of a whole chain, or undefined. */
export function queryConditionProblem(conditions: readonly any[]): string | undefined {
  if (!conditions.some((block) => isRecord(block) && isRecord(block.queryParameter))) return undefined;
  const exact = new Set<string>();
  for (const block of conditions.filter(isRecord)) {
    const query = block.queryParameter;
    if (!isRecord(query)) continue;
    if (!query.name) return 'a query parameter condition needs a name';
    const kinds = ['exact', 'prefix', 'suffix', 'regex', 'contains', 'present'].filter((kind) => query[kind]);
    if (kinds.length === 0) return `query parameter ${query.name}: one of exact, prefix, suffix, regex, contains and present must be set`;
    if (kinds.length > 1) return `query parameter ${query.name}: only one of ${kinds.join(', ')} may be set`;
    if (query.regex && !validRegex(query.regex)) return `regex of query parameter ${query.name} is none: ${query.regex}`;
    if (kinds[0] !== 'exact') continue;
    const name = String(query.name).toLowerCase();
    if (exact.has(name)) return `query parameter ${query.name} cannot equal two values`;
    exact.add(name);
  }
  return undefined;
}

export function validRegex(pattern: string): boolean {
  return !(compileRegex(pattern) instanceof Error);
}
