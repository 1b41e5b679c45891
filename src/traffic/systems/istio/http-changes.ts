import { pathOf } from './http-matches';
import { Origin, within } from '../../network/origin';
import { literal, Template, Transform } from '../../network/transform';
import { isRecord, listOf } from '../../read/objects';

/** What `rewrite` does to the path of requests that came by a match. */
export function rewrites(entry: Record<string, any>, match: Record<string, any>, at: Origin): Transform[] {
  const rewrite = entry.rewrite;
  if (!isRecord(rewrite)) return [];
  const here = within(at, 'rewrite');
  if (isRecord(rewrite.uriRegexRewrite)) {
    return [{ origin: here, kind: 'replaceRegex', regex: String(rewrite.uriRegexRewrite.match), substitution: String(rewrite.uriRegexRewrite.rewrite ?? '') }];
  }
  return rewrite.uri ? [replaceMatched(match, String(rewrite.uri), here)] : [];
}

/** Puts a text in the place of what a match took: the bytes of its prefix, else the whole path. Without a match the prefix is the first slash. */
export function replaceMatched(match: Record<string, any>, replacement: string, origin: Origin): Transform {
  const test = pathOf(match);
  if (test.kind === 'exact' || test.kind === 'regex') return { origin, kind: 'replacePath', path: replacement };
  const prefix = test.kind === 'prefix' ? test.prefix : '/';
  if (test.kind !== 'prefix' || !test.ignoreCase) return { origin, kind: 'replacePrefix', prefix, replacement };
  return {
    origin,
    kind: 'custom',
    text: `replaces prefix ${prefix} by ${replacement}`,
    apply: (request) => request.with({ path: replacement + request.path.slice(prefix.length) }),
  };
}

/** The rewrite's authority wins over one set by headers, the route's over the destination's. */
export function authority(entry: Record<string, any>, destination: Record<string, any>, at: Origin, here: Origin): Transform[] {
  const host = entry.rewrite?.authority || authorityOf(entry.headers) || authorityOf(destination.headers);
  return host ? [{ origin: entry.rewrite?.authority ? within(at, 'rewrite.authority') : here, kind: 'setHost', host: literal(String(host)) }] : [];
}

function authorityOf(headers: any): string | undefined {
  for (const key of ['set', 'add']) {
    const operations = headers?.request?.[key];
    const found = Object.entries(isRecord(operations) ? operations : {}).find(([name]) => [':authority', 'host'].includes(name.toLowerCase()))?.[1];
    if (found) return String(found);
  }
  return undefined;
}

/** What a route and its only destination do to request headers: what either removes goes first, then the route adds, then the destination. */
export function joinedHeaders(entry: Record<string, any>, destination: Record<string, any>, at: Origin, here: Origin): Transform[] {
  const route = headerChanges(entry.headers?.request, within(at, 'headers.request'));
  const own = headerChanges(destination.headers?.request, within(here, 'headers.request'));
  return [...route.removed, ...own.removed, ...route.added, ...own.added];
}

/** Where requests are split, the destination changes headers before the route does, so that the route has the last word. */
export function splitHeaders(entry: Record<string, any>, destination: Record<string, any>, at: Origin, here: Origin): Transform[] {
  const route = headerChanges(entry.headers?.request, within(at, 'headers.request'));
  const own = headerChanges(destination.headers?.request, within(here, 'headers.request'));
  return [...own.removed, ...own.added, ...route.removed, ...route.added];
}

function headerChanges(operations: any, at: Origin): { removed: Transform[]; added: Transform[] } {
  if (!isRecord(operations)) return { removed: [], added: [] };
  const plain = (name: string) => !name.startsWith(':') && name.toLowerCase() !== 'host';
  const named = (values: any) => Object.entries(isRecord(values) ? values : {}).filter(([name]) => plain(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    removed: listOf(operations.remove).map(String).filter(plain).map((name): Transform => ({ origin: at, kind: 'removeHeader', name })),
    added: [
      ...named(operations.set).map(([name, value]): Transform => ({ origin: at, kind: 'setHeader', name, value: headerValue(String(value)) })),
      ...named(operations.add).map(([name, value]): Transform => ({ origin: at, kind: 'addHeader', name, value: headerValue(String(value)) })),
    ],
  };
}

function headerValue(value: string): Template {
  return value.split(/(%[A-Z_]+(?:\([^)]*\))?%)/).filter((part) => part !== '').map((part) => {
    const request = /^%REQ\(([^)]+)\)%$/.exec(part);
    if (request) return { header: request[1] };
    return /^%[A-Z_]+(\([^)]*\))?%$/.test(part) ? { unknown: part.slice(1, -1) } : part;
  });
}
