import { Proxy, resolveDestination } from './destinations';
import { Registry } from './registry';
import { Action, Policy, Target } from '../../network/action';
import { CustomTest, Match, PathTest, ValueTest } from '../../network/match';
import { origin, Origin, within } from '../../network/origin';
import { fullMatch } from '../../network/regex';
import { Route } from '../../network/route-table';
import { literal, Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** Where routes of a VirtualService are asked. */
export interface RouteContext {
  /** `namespace/name` of the Gateway, or `mesh`. */
  readonly gateway: string;
  /** The port that `match.port` means: the server's on a gateway, the Service's in the mesh. */
  readonly port: number;
  readonly proxy: Proxy;
  readonly registry: Registry;
  readonly options: TrafficModelOptions;
}

/** A route without its place in the order. */
export interface UnrankedRoute extends Omit<Route, 'rank'> {
  /** Whether it takes every request that gets to it. */
  readonly catchAll: boolean;
}

/** An `http` entry with the object that it stands in; delegates bring entries of other objects. */
export interface HttpEntry {
  readonly object: ReadObject;
  readonly entry: Record<string, any>;
  readonly at: Origin;
}

/** The routes of http entries, in order; what stands behind a route that takes everything is left out. */
export function httpRoutes(entries: readonly HttpEntry[], context: RouteContext): UnrankedRoute[] {
  const routes: UnrankedRoute[] = [];
  for (const { object, entry, at } of entries) {
    const matches = listOf(entry.match);
    const applying = matches.length === 0 ? [{ match: {}, at }] : matches.map((match, i) => ({ match: isRecord(match) ? match : {}, at: within(at, `match[${i}]`) }));
    for (const { match, at: where } of applying) {
      if (!applies(match, context, object)) continue;
      const route = httpRoute(object, entry, match, at, where, context);
      routes.push(route);
      if (route.catchAll) return routes;
    }
  }
  return routes;
}

// Gateways, source and port select where an entry is asked at all.
function applies(match: Record<string, any>, context: RouteContext, object: ReadObject): boolean {
  if (match.port !== undefined && match.port !== context.port) return false;
  const gateways = listOf(match.gateways).map(String);
  if (gateways.length > 0) return gateways.some((name) => gatewayName(name, object.namespace) === context.gateway);
  if (isRecord(match.sourceLabels) && !Object.entries(match.sourceLabels).every(([key, value]) => context.proxy.labels[key] === value)) return false;
  return match.sourceNamespace === undefined || match.sourceNamespace === '' || match.sourceNamespace === context.proxy.namespace;
}

/** `namespace/name` of a gateway as an object of a namespace writes it. */
export function gatewayName(name: string, namespace: string): string {
  if (name === 'mesh') return name;
  if (name.includes('/')) return name.startsWith('./') ? `${namespace}/${name.slice(2)}` : name;
  const parts = name.split('.');
  return parts.length > 1 ? `${parts[1]}/${parts[0]}` : `${namespace}/${name}`;
}

function httpRoute(object: ReadObject, entry: Record<string, any>, match: Record<string, any>, at: Origin, where: Origin, context: RouteContext): UnrankedRoute {
  const read = readMatch(match);
  const action = actionOf(object, entry, at, context);
  const transforms = action.kind === 'forward' ? [...rewrites(entry, match, at), ...headerOperations(entry.headers?.request, within(at, 'headers.request'))] : [];
  return {
    origin: match === undefined || Object.keys(match).length === 0 ? at : where,
    name: entry.name,
    match: read,
    action: preflight(entry, at, faulted(entry, at, action)),
    transforms,
    policies: policies(entry, at),
    catchAll: isCatchAll(match),
  };
}

function isCatchAll(match: Record<string, any>): boolean {
  const uri = match.uri ?? undefined;
  const everyPath = uri === undefined || uri.prefix === '/' || uri.regex === '.*' || uri.regex === '*';
  return everyPath && ['headers', 'withoutHeaders', 'queryParams'].every((key) => !isRecord(match[key]) || Object.keys(match[key]).length === 0)
    && match.method === undefined && match.authority === undefined && match.scheme === undefined;
}

function readMatch(match: Record<string, any>): Match {
  const values: ValueTest[] = [];
  const custom: CustomTest[] = [];
  for (const [name, test] of Object.entries(isRecord(match.headers) ? match.headers : {})) {
    if (name.startsWith('@request.auth.claims')) {
      custom.push({ text: `JWT claim ${name.slice('@request.auth.claims'.length + 1)}`, test: (request) => (request.header('authorization') === undefined ? false : undefined) });
    } else {
      values.push(stringTest({ of: 'header', name }, test));
    }
  }
  for (const [name, test] of Object.entries(isRecord(match.withoutHeaders) ? match.withoutHeaders : {})) values.push(without(name, test));
  for (const [name, test] of Object.entries(isRecord(match.queryParams) ? match.queryParams : {})) values.push(stringTest({ of: 'query', name }, test));
  if (isRecord(match.method)) values.push(stringTest({ of: 'method' }, match.method));
  if (isRecord(match.scheme)) values.push(stringTest({ of: 'scheme' }, match.scheme));
  if (isRecord(match.authority)) values.push(stringTest({ of: 'authority' }, match.authority));
  return { path: pathOf(match), values, custom };
}

function pathOf(match: Record<string, any>): PathTest {
  const uri = match.uri;
  const ignoreCase = match.ignoreUriCase === true;
  if (!isRecord(uri)) return { kind: 'any' };
  if (uri.exact !== undefined) return { kind: 'exact', path: uri.exact, ignoreCase };
  if (uri.prefix !== undefined) return { kind: 'prefix', prefix: uri.prefix, ignoreCase };
  if (uri.regex !== undefined) return { kind: 'regex', regex: uri.regex === '*' ? '.*' : uri.regex };
  return { kind: 'any' };
}

function stringTest(base: Pick<ValueTest, 'of' | 'name'>, test: any): ValueTest {
  if (isRecord(test)) {
    if (test.exact !== undefined) return { ...base, op: 'exact', value: test.exact };
    if (test.prefix !== undefined) return { ...base, op: 'prefix', value: test.prefix };
    if (test.regex !== undefined && test.regex !== '*') return { ...base, op: 'regex', value: test.regex };
  }
  return { ...base, op: 'present' };
}

// A missing header counts as empty text, except where only its absence is asked for.
function without(name: string, test: any): ValueTest {
  const positive = stringTest({ of: 'header', name }, test);
  if (positive.op === 'present') return { ...positive, invert: true, missing: true };
  if (positive.op === 'regex') return { ...positive, invert: true, missing: positive.value !== '.*' };
  return { ...positive, invert: true, missing: true };
}

function actionOf(object: ReadObject, entry: Record<string, any>, at: Origin, context: RouteContext): Action {
  if (isRecord(entry.redirect)) return redirect(entry, within(at, 'redirect'), context);
  if (isRecord(entry.directResponse)) return { kind: 'respond', status: entry.directResponse.status, why: `answers ${entry.directResponse.status} by itself` };
  const destinations = recordsOf(entry.route);
  if (destinations.length === 0) return { kind: 'respond', status: 404, why: 'answers 404: the route leads nowhere' };
  const targets = destinations.map((destination, i): Target => {
    const here = within(at, `route[${i}]`);
    const resolved = resolveDestination(destination.destination, object.namespace, context.port, context.proxy, context.registry, context.options);
    return {
      origin: here,
      weight: destinations.length === 1 ? 1 : destination.weight ?? 0,
      destination: resolved.destination,
      transforms: [...headerOperations(destination.headers?.request, within(here, 'headers.request')), ...authority(entry, destination, at, here)],
      policies: resolved.policies,
    };
  });
  return { kind: 'forward', targets, mirrors: mirrors(object, entry, at, context) };
}

function mirrors(object: ReadObject, entry: Record<string, any>, at: Origin, context: RouteContext): Target[] {
  const list = [
    ...(isRecord(entry.mirror) ? [{ destination: entry.mirror, percentage: entry.mirrorPercentage ?? (entry.mirrorPercent === undefined ? undefined : { value: entry.mirrorPercent }) }] : []),
    ...recordsOf(entry.mirrors),
  ];
  return list.filter((mirror) => mirror.percentage?.value !== 0).map((mirror) => ({
    origin: within(at, 'mirror'),
    weight: 1,
    destination: resolveDestination(mirror.destination, object.namespace, context.port, context.proxy, context.registry, context.options).destination,
    transforms: [],
  }));
}

function redirect(entry: Record<string, any>, at: Origin, context: RouteContext): Action {
  const { redirect: to } = entry;
  const status = to.redirectCode ?? 301;
  if (![301, 302, 303, 307, 308].includes(status)) return { kind: 'unknown', why: `redirect code ${status} is none` };
  const prefix = recordsOf(entry.match).map((match) => match.uri?.prefix).find((each) => each !== undefined) ?? '/';
  const path: Transform | undefined = to.uri
    ? { origin: at, kind: 'replacePath', path: to.uri }
    : to.prefixRewrite ? { origin: at, kind: 'replacePrefix', prefix, replacement: to.prefixRewrite } : undefined;
  const port = to.port ?? (to.derivePort === 'FROM_REQUEST_PORT' ? context.port : to.derivePort === 'FROM_PROTOCOL_DEFAULT' ? 'drop' as const : undefined);
  return { kind: 'redirect', status, scheme: to.scheme || undefined, host: to.authority || undefined, port, path };
}

function rewrites(entry: Record<string, any>, match: Record<string, any>, at: Origin): Transform[] {
  const rewrite = entry.rewrite;
  if (!isRecord(rewrite)) return [];
  const here = within(at, 'rewrite');
  if (isRecord(rewrite.uriRegexRewrite)) {
    return [{ origin: here, kind: 'replaceRegex', regex: String(rewrite.uriRegexRewrite.match), substitution: String(rewrite.uriRegexRewrite.rewrite ?? '') }];
  }
  if (!rewrite.uri) return [];
  const uri = match.uri;
  if (uri?.exact !== undefined || uri?.regex !== undefined) return [{ origin: here, kind: 'replacePath', path: rewrite.uri }];
  return [{ origin: here, kind: 'replacePrefix', prefix: uri?.prefix ?? '/', replacement: rewrite.uri }];
}

// The rewrite's authority wins over one set by headers, the route's over the destination's.
function authority(entry: Record<string, any>, destination: Record<string, any>, at: Origin, here: Origin): Transform[] {
  const fromHeaders = (headers: any) => Object.entries(isRecord(headers?.request?.set) ? headers.request.set : {})
    .find(([name]) => [':authority', 'host'].includes(name.toLowerCase()))?.[1];
  const host = entry.rewrite?.authority || fromHeaders(entry.headers) || fromHeaders(destination.headers);
  return host ? [{ origin: entry.rewrite?.authority ? within(at, 'rewrite.authority') : here, kind: 'setHost', host: literal(String(host)) }] : [];
}

function headerOperations(operations: any, at: Origin): Transform[] {
  if (!isRecord(operations)) return [];
  const plain = (name: string) => !name.startsWith(':') && name.toLowerCase() !== 'host';
  return [
    ...listOf(operations.remove).filter((name) => plain(String(name))).map((name): Transform => ({ origin: at, kind: 'removeHeader', name: String(name) })),
    ...Object.entries(isRecord(operations.set) ? operations.set : {}).filter(([name]) => plain(name))
      .map(([name, value]): Transform => ({ origin: at, kind: 'setHeader', name, value: headerValue(String(value)) })),
    ...Object.entries(isRecord(operations.add) ? operations.add : {}).filter(([name]) => plain(name))
      .map(([name, value]): Transform => ({ origin: at, kind: 'addHeader', name, value: headerValue(String(value)) })),
  ];
}

function headerValue(value: string) {
  return value.split(/(%[A-Z_]+(?:\([^)]*\))?%)/).filter((part) => part !== '').map((part) => {
    const request = /^%REQ\(([^)]+)\)%$/.exec(part);
    if (request) return { header: request[1] };
    return /^%[A-Z_]+(\([^)]*\))?%$/.test(part) ? { unknown: part.slice(1, -1) } : part;
  });
}

// A preflight request from an allowed origin is answered by the proxy.
function preflight(entry: Record<string, any>, at: Origin, action: Action): Action {
  const cors = entry.corsPolicy;
  if (!isRecord(cors)) return action;
  const origins: Record<string, any>[] = [...listOf(cors.allowOrigin).map((value) => ({ exact: value })), ...recordsOf(cors.allowOrigins)];
  const allows = (value: string) => origins.some((test) => value === test.exact || test.exact === '*'
    || (test.prefix !== undefined && value.startsWith(test.prefix)) || (test.regex !== undefined && fullMatch(test.regex, value)));
  return {
    kind: 'choose',
    choose: (request) => {
      const from = request.header('origin');
      const asks = request.method === 'OPTIONS' && from !== undefined && request.header('access-control-request-method') !== undefined;
      return asks && allows(from) ? { kind: 'respond', status: 200, why: `answers the preflight request by itself (${at.at}.corsPolicy)` } : action;
    },
  };
}

// A fault answers before anything upstream is asked; without a percentage it never happens.
function faulted(entry: Record<string, any>, at: Origin, action: Action): Action {
  const abort = entry.fault?.abort;
  if (!isRecord(abort) || action.kind !== 'forward') return action;
  const percent = abort.percentage?.value ?? 0;
  if (percent <= 0) return action;
  const status = abort.httpStatus;
  const answer: Target = {
    origin: within(at, 'fault.abort'),
    weight: percent,
    transforms: [],
    destination: { kind: 'answer', failure: status ?? 200, why: 'aborts the request' },
  };
  if (percent >= 100) return { kind: 'respond', status, why: `answers ${status ?? abort.grpcStatus} as a fault` };
  const total = action.targets.reduce((sum, target) => sum + target.weight, 0);
  return { ...action, targets: [answer, ...action.targets.map((target) => ({ ...target, weight: (target.weight / total) * (100 - percent) }))] };
}

function policies(entry: Record<string, any>, at: Origin): Policy[] {
  const result: Policy[] = [];
  if (entry.timeout && entry.timeout !== '0s') result.push({ name: 'timeout', value: String(entry.timeout), origin: within(at, 'timeout') });
  const { retries } = entry;
  if (isRecord(retries)) {
    if (retries.attempts !== 0) {
      result.push({ name: 'retries', value: `${retries.attempts ?? 2}${retries.perTryTimeout ? ` of ${retries.perTryTimeout} each` : ''}${retries.retryOn ? ` on ${retries.retryOn}` : ''}`, origin: within(at, 'retries') });
    }
  } else {
    result.push({ name: 'retries', value: '2 (default) on connect-failure, refused-stream, unavailable, cancelled', origin: at });
  }
  const response = entry.headers?.response;
  if (isRecord(response)) {
    const words = [
      ...Object.keys(isRecord(response.set) ? response.set : {}).map((name) => `sets ${name}`),
      ...Object.keys(isRecord(response.add) ? response.add : {}).map((name) => `adds ${name}`),
      ...listOf(response.remove).map((name) => `removes ${name}`),
    ];
    result.push({ name: 'responseHeaders', value: words.join(', '), origin: within(at, 'headers.response') });
  }
  return result;
}

/** The http entries of a VirtualService, delegates merged in. */
export function httpEntries(object: ReadObject): HttpEntry[] {
  return recordsOf(object.spec.http).map((entry, i) => ({ object, entry, at: within(origin(object.ref), `spec.http[${i}]`) }));
}
