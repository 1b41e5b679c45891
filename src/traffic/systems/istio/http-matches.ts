import { CustomTest, Match, PathTest, ValueTest } from '../../network/match';
import { fullMatch } from '../../network/regex';
import { isRecord } from '../../read/objects';

/** Whether a match takes every request that gets to it. */
export function isCatchAll(match: Record<string, any>): boolean {
  const test = pathOf(match);
  const everyPath = test.kind === 'any' || (test.kind === 'prefix' && test.prefix === '/') || (test.kind === 'regex' && test.regex === '.*');
  return everyPath && ['headers', 'withoutHeaders', 'queryParams'].every((key) => !isRecord(match[key]) || Object.keys(match[key]).length === 0)
    && ['method', 'authority', 'scheme'].every((key) => !isRecord(match[key]));
}

export function readMatch(match: Record<string, any>): Match {
  const values: ValueTest[] = [];
  const custom: CustomTest[] = [];
  for (const [name, test] of Object.entries(isRecord(match.headers) ? match.headers : {})) {
    if (name.startsWith(CLAIMS)) custom.push(claim(name, false));
    else values.push(stringTest({ of: 'header', name }, test));
  }
  for (const [name, test] of Object.entries(isRecord(match.withoutHeaders) ? match.withoutHeaders : {})) {
    if (name.startsWith(CLAIMS)) custom.push(claim(name, true));
    else values.push(without(name, test));
  }
  for (const [name, test] of Object.entries(isRecord(match.queryParams) ? match.queryParams : {})) values.push(stringTest({ of: 'query', name }, test));
  if (isRecord(match.method)) values.push(stringTest({ of: 'method' }, match.method));
  if (isRecord(match.scheme)) values.push(stringTest({ of: 'scheme' }, match.scheme));
  if (isRecord(match.authority)) values.push(stringTest({ of: 'authority' }, match.authority));
  return { path: pathOf(match), values, custom };
}

const CLAIMS = '@request.auth.claims';

// Without a token there is no claim; with one nobody here knows which.
function claim(name: string, absent: boolean): CustomTest {
  const text = `JWT claim ${name.slice(CLAIMS.length).replace(/^\./, '')}${absent ? ' absent' : ''}`;
  return { text, test: (request) => (request.header('authorization') === undefined ? absent : undefined) };
}

export function pathOf(match: Record<string, any>): PathTest {
  const uri = match.uri;
  const ignoreCase = match.ignoreUriCase === true;
  if (!isRecord(uri)) return { kind: 'any' };
  if (uri.exact !== undefined) return { kind: 'exact', path: String(uri.exact), ignoreCase };
  if (uri.prefix !== undefined) return { kind: 'prefix', prefix: String(uri.prefix), ignoreCase };
  if (uri.regex !== undefined) return { kind: 'regex', regex: String(uri.regex) };
  return { kind: 'any' };
}

function stringTest(base: Pick<ValueTest, 'of' | 'name'>, test: any): ValueTest {
  if (isRecord(test)) {
    if (test.exact !== undefined) return { ...base, op: 'exact', value: String(test.exact) };
    if (test.prefix !== undefined) return { ...base, op: 'prefix', value: String(test.prefix) };
    if (test.regex !== undefined && test.regex !== '*') return { ...base, op: 'regex', value: String(test.regex) };
  }
  return { ...base, op: 'present' };
}

// A missing header counts as empty text, except where only its absence is asked for.
function without(name: string, test: any): ValueTest {
  const positive = stringTest({ of: 'header', name }, test);
  const value = positive.value ?? '';
  const missing = positive.op === 'present' || !(positive.op === 'regex' ? fullMatch(value, '') : value === '');
  return { ...positive, invert: true, missing };
}
