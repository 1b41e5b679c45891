import { REDACTED, isSecretHeader, shownHeader } from '../redact';
import { fullMatch, partialMatch } from './regex';
import { Request } from './request';

/** What a path must look like. The query is never part of it. */
export type PathTest =
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly path: string; readonly ignoreCase?: boolean }
  /** The bytes that the path begins with: `/foo` takes `/foobar` too. */
  | { readonly kind: 'prefix'; readonly prefix: string; readonly ignoreCase?: boolean }
  /** Whole segments: `/foo` takes `/foo` and `/foo/bar`, not `/foobar`. */
  | { readonly kind: 'segments'; readonly prefix: string; readonly ignoreCase?: boolean }
  /** A regular expression for the whole path, or for a part of it. */
  | { readonly kind: 'regex'; readonly regex: string; readonly partial?: boolean }
  /** `*` is any run of characters, `?` exactly one. */
  | { readonly kind: 'glob'; readonly pattern: string }
  | { readonly kind: 'oneOf'; readonly tests: readonly PathTest[] };

/** Where a value is taken from. */
export type ValueSource = 'header' | 'query' | 'method' | 'authority' | 'host' | 'scheme' | 'port' | 'sourceIp';

/** What a value must be. */
export type ValueTest = {
  readonly of: ValueSource;
  /** Name of the header or query parameter. */
  readonly name?: string;
  readonly op: 'exact' | 'prefix' | 'suffix' | 'contains' | 'regex' | 'glob' | 'present' | 'range' | 'oneOf' | 'cidr';
  readonly value?: string;
  readonly values?: readonly string[];
  readonly start?: number;
  readonly end?: number;
  readonly ignoreCase?: boolean;
  /** Turns the answer round for a value that is there. */
  readonly invert?: boolean;
  /** The answer for a value that is missing, whatever `invert` says. */
  readonly missing?: boolean;
};

/** A part of a match that needs more than the request's text: who sends it, which claims it has. `undefined` says that nobody can tell. */
export interface CustomTest {
  readonly text: string;
  readonly test: (request: Request) => boolean | undefined;
}

/** All must hold. */
export interface Match {
  readonly path: PathTest;
  readonly values: readonly ValueTest[];
  readonly custom?: readonly CustomTest[];
}

/** How a request meets a match: yes, no with the reason, or nobody can tell. */
export type Verdict = { readonly met: true } | { readonly met: false; readonly why: string } | { readonly met: undefined; readonly why: string };

const MET: Verdict = { met: true };

export function judge(match: Match, request: Request): Verdict {
  if (!pathMatches(match.path, request.path)) return { met: false, why: `path ${request.path} is not ${pathText(match.path)}` };
  for (const test of match.values) {
    const met = valueMatches(test, request);
    if (met === undefined) return { met, why: `${valueText(test)} cannot be told of this request` };
    if (!met) return { met, why: `${valueText(test)} does not hold` };
  }
  let unknown: Verdict | undefined;
  for (const test of match.custom ?? []) {
    const met = test.test(request);
    if (met === false) return { met, why: `${test.text} does not hold` };
    if (met === undefined) unknown = { met, why: `${test.text} cannot be told of this request` };
  }
  return unknown ?? MET;
}

/** A part of a match that a request does not meet. */
export interface Miss {
  readonly of: 'path' | 'custom' | ValueSource;
  /** `prefix /cart, the path is /card`. */
  readonly why: string;
}

/** All that a request misses of a match, where `judge` stops at the first. */
export function misses(match: Match, request: Request): Miss[] {
  const found: Miss[] = [];
  if (!pathMatches(match.path, request.path)) found.push({ of: 'path', why: `${pathText(match.path)}, the path is ${request.path}` });
  for (const test of match.values) {
    if (valueMatches(test, request) !== false) continue;
    const actual = valueOf(test, request);
    const shown = actual === undefined ? 'none' : test.of === 'header' ? shownHeader(test.name!, actual) : actual;
    found.push({ of: test.of, why: `${valueText(test)}, the request has ${shown === '' ? 'an empty one' : shown}` });
  }
  for (const test of match.custom ?? []) if (test.test(request) === false) found.push({ of: 'custom', why: `${test.text}, which does not hold` });
  return found;
}

/** A match whose texts are texts: manifests that nobody has validated hold anything in their places. */
export function sound(match: Match): Match {
  const isSound = (test: ValueTest) => (test.value === undefined || typeof test.value === 'string') && (test.name === undefined || typeof test.name === 'string');
  if (pathIsSound(match.path) && match.values.every(isSound)) return match;
  const text = (value: unknown) => (value === undefined ? undefined : String(value));
  const values = match.values.map((test) => (isSound(test) ? test : { ...test, value: text(test.value), name: text(test.name) }));
  return { ...match, path: soundPath(match.path), values };
}

function pathIsSound(test: PathTest): boolean {
  switch (test.kind) {
    case 'any': return true;
    case 'exact': return typeof test.path === 'string';
    case 'prefix':
    case 'segments': return typeof test.prefix === 'string';
    case 'regex': return typeof test.regex === 'string';
    case 'glob': return typeof test.pattern === 'string';
    case 'oneOf': return test.tests.every(pathIsSound);
  }
}

function soundPath(test: PathTest): PathTest {
  switch (test.kind) {
    case 'any': return test;
    case 'exact': return { ...test, path: String(test.path) };
    case 'prefix':
    case 'segments': return { ...test, prefix: String(test.prefix) };
    case 'regex': return { ...test, regex: String(test.regex) };
    case 'glob': return { ...test, pattern: String(test.pattern) };
    case 'oneOf': return { ...test, tests: test.tests.map(soundPath) };
  }
}

export function pathMatches(test: PathTest, path: string): boolean {
  switch (test.kind) {
    case 'any': return true;
    case 'exact': return test.ignoreCase ? path.toLowerCase() === test.path.toLowerCase() : path === test.path;
    case 'prefix': return test.ignoreCase ? path.toLowerCase().startsWith(test.prefix.toLowerCase()) : path.startsWith(test.prefix);
    case 'segments': return segmentsMatch(test.ignoreCase ? test.prefix.toLowerCase() : test.prefix, test.ignoreCase ? path.toLowerCase() : path);
    case 'regex': return test.partial ? partialMatch(test.regex, path) : fullMatch(test.regex, path);
    case 'glob': return globMatches(test.pattern, path, false);
    case 'oneOf': return test.tests.some((each) => pathMatches(each, path));
  }
}

function segmentsMatch(prefix: string, path: string): boolean {
  const bare = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return path.startsWith(bare) && (path.length === bare.length || path[bare.length] === '/');
}

function valueMatches(test: ValueTest, request: Request): boolean | undefined {
  const actual = valueOf(test, request);
  if (actual === undefined) {
    if (test.of === 'sourceIp') return undefined;
    return test.missing ?? (test.op === 'present' ? test.invert === true : false);
  }
  return compare(test, actual) !== (test.invert === true);
}

function valueOf(test: ValueTest, request: Request): string | undefined {
  switch (test.of) {
    case 'header': return request.header(test.name!);
    case 'query': return request.queryParameter(test.name!);
    case 'method': return request.method;
    case 'authority': return request.host;
    case 'host': return request.hostName;
    case 'scheme': return request.header(':scheme');
    case 'port': return String(request.port);
    case 'sourceIp': return request.source.ip;
  }
}

function compare(test: ValueTest, text: string): boolean {
  const fold = (value: string) => (test.ignoreCase ? value.toLowerCase() : value);
  const actual = fold(text);
  const expected = fold(test.value ?? '');
  switch (test.op) {
    case 'present': return true;
    case 'exact': return actual === expected;
    case 'prefix': return actual.startsWith(expected);
    case 'suffix': return actual.endsWith(expected);
    case 'contains': return actual.includes(expected);
    case 'regex': return fullMatch(test.ignoreCase ? `(?i)${test.value}` : test.value ?? '', text);
    case 'glob': return (test.values ?? [test.value ?? '']).some((pattern) => globMatches(fold(pattern), actual, false));
    case 'oneOf': return (test.values ?? []).some((value) => fold(value) === actual);
    case 'range': return /^[+-]?\d+$/.test(text) && Number(text) >= test.start! && Number(text) < test.end!;
    case 'cidr': return (test.values ?? []).some((cidr) => inCidr(text, cidr));
  }
}

/** Whether a text matches a pattern of `*` (any run) and `?` (one character). */
export function globMatches(pattern: string, text: string, ignoreCase: boolean): boolean {
  const [p, t] = ignoreCase ? [pattern.toLowerCase(), text.toLowerCase()] : [pattern, text];
  let i = 0;
  let j = 0;
  let star = -1;
  let mark = 0;
  while (j < t.length) {
    if (i < p.length && (p[i] === '?' || p[i] === t[j]) && p[i] !== '*') {
      i++;
      j++;
    } else if (i < p.length && p[i] === '*') {
      star = i++;
      mark = j;
    } else if (star >= 0) {
      i = star + 1;
      j = ++mark;
    } else {
      return false;
    }
  }
  while (i < p.length && p[i] === '*') i++;
  return i === p.length;
}

/** Whether an IPv4 or IPv6 address lies in a range; an address without `/` is a range of one. */
export function inCidr(ip: string, cidr: string): boolean {
  const [base, bits] = cidr.split('/');
  const [a, b] = [addressBits(ip), addressBits(base)];
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const length = bits === undefined ? a.length : Number(bits);
  return a.slice(0, length) === b.slice(0, length);
}

function addressBits(ip: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(ip)) {
    const bytes = ip.split('.').map(Number);
    return bytes.every((byte) => byte <= 255) ? bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('') : undefined;
  }
  if (!ip.includes(':')) return undefined;
  const [head, tail] = ip.split('::');
  const left = head ? head.split(':') : [];
  const right = tail ? tail.split(':') : [];
  const groups = ip.includes('::') ? [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right] : left;
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

/** The test in words: `path prefix /cart`. */
export function pathText(test: PathTest): string {
  switch (test.kind) {
    case 'any': return 'any path';
    case 'exact': return `exactly ${test.path}`;
    case 'prefix': return `prefix ${test.prefix}`;
    case 'segments': return `prefix ${test.prefix} by whole segments`;
    case 'regex': return `regex ${test.regex}`;
    case 'glob': return `pattern ${test.pattern}`;
    case 'oneOf': return test.tests.map(pathText).join(' or ');
  }
}

export function valueText(test: ValueTest): string {
  const what = test.of === 'header' ? `header ${test.name}` : test.of === 'query' ? `query parameter ${test.name}` : test.of;
  const secret = test.of === 'header' && test.op !== 'present' && isSecretHeader(test.name ?? '');
  const value = secret ? REDACTED : test.op === 'range' ? `${test.start} to ${test.end}` : test.values?.join(' or ') ?? test.value ?? '';
  return `${what} ${test.invert ? 'not ' : ''}${test.op}${value === '' ? '' : ` ${value}`}`;
}

const texts = new WeakMap<Match, string>();

/** A whole match in words. */
export function matchText(match: Match): string {
  let text = texts.get(match);
  if (text === undefined) {
    text = [pathText(match.path), ...match.values.map(valueText), ...(match.custom ?? []).map((test) => test.text)].join(', ');
    texts.set(match, text);
  }
  return text;
}
