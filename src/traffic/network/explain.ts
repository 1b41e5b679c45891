import { isSecretHeader, REDACTED, shownHeader } from '../redact';
import { Chain, Hop } from './hop';
import { HostTable, VirtualHost } from './host-table';
import { Match, misses, PathTest, pathMatches } from './match';
import { End } from './passage';
import { Request } from './request';
import { Route } from './route-table';
import { Transform, transformText } from './transform';
import { destinationText } from '../report/trace-text';

/*
 * Words for what happened to a request, and for what nearly did. Nearest misses are looked for only when a request is
 * not routed, among a bounded number of candidates.
 */

/** What a transform changed; undefined where it changed nothing that can be seen. */
export function changeText(transform: Transform, before: Request, after: Request): string | undefined {
  switch (transform.kind) {
    case 'setHeader':
    case 'addHeader': {
      const was = before.header(transform.name);
      const copied = transform.value.some((part) => typeof part === 'object' && 'header' in part && isSecretHeader(part.header));
      const value = copied ? REDACTED : shownHeader(transform.name, after.header(transform.name) ?? '');
      const added = transform.kind === 'addHeader' ? `adds to header ${transform.name}: ${shownHeader(transform.name, was ?? '')} becomes ${value}` : '';
      if (was === undefined) return `${transform.kind === 'setHeader' ? 'sets' : 'adds'} header ${transform.name} to ${value}`;
      return added || `sets header ${transform.name}: ${shownHeader(transform.name, was)} becomes ${value}`;
    }
    case 'removeHeader': {
      const was = before.header(transform.name);
      return was === undefined ? undefined : `removes header ${transform.name} (it was ${shownHeader(transform.name, was)})`;
    }
  }
  const changes = [
    ...(before.pathAndQuery === after.pathAndQuery ? [] : [`path ${before.pathAndQuery} becomes ${after.pathAndQuery}`]),
    ...(before.host === after.host ? [] : [`host ${before.host} becomes ${after.host}`]),
    ...(transform.kind === 'custom' ? headerChanges(before, after) : []),
  ];
  if (changes.length === 0) return undefined;
  return `${transformText(transform)}: ${changes.join(', ')}`;
}

function headerChanges(before: Request, after: Request): string[] {
  if (before.headers === after.headers) return [];
  const names = [...new Set([...before.headers, ...after.headers].map((header) => header.name))];
  return names.flatMap((name) => {
    const [was, is] = [before.header(name), after.header(name)];
    if (was === is) return [];
    if (is === undefined) return [`header ${name} is gone`];
    return [was === undefined ? `header ${name} is ${shownHeader(name, is)}` : `header ${name} ${shownHeader(name, was)} becomes ${shownHeader(name, is)}`];
  });
}

/** The end of a way in a few words. */
export function endText(end: End): string {
  switch (end.kind) {
    case 'delivered': return `delivered to ${destinationText(end.destination)}`;
    case 'responded': return end.status === undefined ? 'answered by a proxy' : `answered ${end.status}`;
    case 'redirected': return `redirected with ${end.status} to ${end.location}`;
    case 'refused': return 'refused';
    case 'undetermined': return 'undetermined';
  }
}

/** How several ways differ: `delivered to a or answered 404`. */
export function differenceText(ends: readonly (readonly End[])[]): string {
  const texts = ends.map((each) => [...new Set(each.map(endText))].join(' and '));
  const different = [...new Set(texts)];
  return different.length === 1 ? `either way ${different[0]}, but not with the same request` : different.slice(0, 4).join(', or ');
}

/** `; it listens on 80, 443`: what a hop has instead of the port that is asked for. */
export function portsText(hop: Hop): string {
  const ports = [...hop.ports()].filter((port) => Number.isInteger(port));
  return ports.length === 0 ? '' : `; it listens on ${listText(ports.map(String), 8)}`;
}

/** Server names near the one that no chain takes. */
export function serverNamesText(chains: readonly Chain[], name: string | undefined): string {
  return namesText(name ?? '', chains.slice(0, MOST_NAMES).flatMap((chain) => chain.serverNames ?? []));
}

/** Host names near the one that no virtual host serves. */
export function hostNamesText(hosts: HostTable, name: string): string {
  return namesText(name, hosts.entries().slice(0, MOST_NAMES).filter(({ pattern }) => pattern !== '*').map(({ pattern }) => pattern));
}

/** The route that came nearest to taking a request that none took, and what kept it from it. */
export function nearestText(tried: readonly VirtualHost[], hosts: HostTable, request: Request): string {
  let best: { route: Route; cost: number; why: string[] } | undefined;
  for (const route of nearby(tried, request)) {
    const found = missOf(route.match, request);
    if (found && (!best || found.cost < best.cost)) best = { route, ...found };
  }
  if (!best) return hostNamesText(hosts, request.hostName);
  return `; nearest: ${best.route.origin.object} ${best.route.origin.at} takes ${best.why.join(' and ')}`;
}

const MOST_NAMES = 500;
const MOST_IN_ORDER = 60;
const MOST_BESIDE = 30;

interface Sorted {
  readonly paths: readonly string[];
  readonly routes: readonly Route[];
}

const sortedRoutes = new WeakMap<VirtualHost, Sorted>();

// The first routes in order, and those whose paths stand beside the request's in the alphabet.
function nearby(tried: readonly VirtualHost[], request: Request): Set<Route> {
  const found = new Set<Route>();
  for (const host of tried.slice(0, 4)) {
    const { routes } = host.routes;
    for (let i = 0; i < Math.min(routes.length, MOST_IN_ORDER); i++) found.add(routes[i]);
    if (routes.length <= MOST_IN_ORDER) continue;
    let sorted = sortedRoutes.get(host);
    if (!sorted) {
      const pairs = routes.map((route) => ({ path: literalPath(route.match.path), route })).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
      sortedRoutes.set(host, sorted = { paths: pairs.map((pair) => pair.path), routes: pairs.map((pair) => pair.route) });
    }
    const place = placeOf(request.path, sorted.paths);
    for (const route of sorted.routes.slice(Math.max(0, place - MOST_BESIDE), place + MOST_BESIDE)) found.add(route);
  }
  return found;
}

function placeOf(text: string, sorted: readonly string[]): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sorted[middle] < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

function literalPath(test: PathTest): string {
  switch (test.kind) {
    case 'any': return '/';
    case 'exact': return test.path;
    case 'prefix':
    case 'segments': return test.prefix;
    case 'regex': return /^\^?[-/\w]*/.exec(test.regex)?.[0] ?? '';
    case 'glob': return /^[^*?]*/.exec(test.pattern)?.[0] ?? '';
    case 'oneOf': return test.tests.length > 0 ? literalPath(test.tests[0]) : '';
  }
}

// A path that is off by little costs little more than a header; another host costs most.
function missOf(match: Match, request: Request): { cost: number; why: string[] } | undefined {
  const found = misses(match, request);
  if (found.length === 0) return undefined;
  const costs = found.map((miss) => (miss.of === 'path' ? 1 + pathDistance(match.path, request.path) : miss.of === 'host' || miss.of === 'authority' ? 20 : 1));
  return { cost: costs.reduce((sum, each) => sum + each, 0), why: found.map((miss) => miss.why) };
}

function pathDistance(test: PathTest, path: string): number {
  if (pathMatches(test, path)) return 0;
  switch (test.kind) {
    case 'exact': return distance(path, test.path);
    case 'prefix':
    case 'segments': return Math.min(distance(path, test.prefix), 1 + distance(path.slice(0, test.prefix.length), test.prefix));
    case 'oneOf': return Math.min(...test.tests.map((each) => pathDistance(each, path)));
    default: return 6;
  }
}

function namesText(name: string, known: readonly string[]): string {
  if (known.length === 0) return '';
  const near = [...new Set(known)].map((each) => ({ each, far: distance(name, each.toLowerCase()) }))
    .filter(({ each, far }) => far <= Math.max(3, each.length / 3)).sort((a, b) => a.far - b.far).map(({ each }) => each);
  return near.length > 0 ? `; nearest: ${listText(near, 3)}` : `; it serves ${listText([...new Set(known)], 3)}`;
}

function listText(texts: readonly string[], most: number): string {
  return texts.length <= most ? texts.join(', ') : `${texts.slice(0, most).join(', ')} and ${texts.length - most} more`;
}

// What is left of the longer text without what both begin and end with: a slip of the pen leaves little.
function distance(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start++;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(a.length, b.length) - start - end;
}
