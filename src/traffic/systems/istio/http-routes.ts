import { Proxy, resolveDestination } from './destinations';
import { authority, joinedHeaders, replaceMatched, rewrites, splitHeaders } from './http-changes';
import { isCatchAll, readMatch } from './http-matches';
import { Registry } from './registry';
import { Action, Policy, Target } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { fullMatch } from '../../network/regex';
import { Route } from '../../network/route-table';
import { Transform } from '../../network/transform';
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
  /** Whether the listener ends TLS. */
  readonly tls?: boolean;
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

function httpRoute(
  object: ReadObject, entry: Record<string, any>, match: Record<string, any>, at: Origin, where: Origin, context: RouteContext,
): UnrankedRoute {
  const action = actionOf(object, entry, match, at, context);
  return {
    origin: Object.keys(match).length === 0 ? at : where,
    name: entry.name,
    match: readMatch(match),
    action: preflight(entry, at, faulted(entry, at, action)),
    transforms: action.kind === 'forward' ? rewrites(entry, match, at) : [],
    policies: policies(entry, at),
    catchAll: isCatchAll(match),
  };
}

function actionOf(object: ReadObject, entry: Record<string, any>, match: Record<string, any>, at: Origin, context: RouteContext): Action {
  if (isRecord(entry.redirect)) return redirect(entry, match, within(at, 'redirect'), context);
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
      transforms: [
        ...(destinations.length === 1 ? joinedHeaders : splitHeaders)(entry, destination, at, here),
        ...authority(entry, destination, at, here), ...resolved.transforms,
      ],
      policies: resolved.policies,
    };
  });
  return { kind: 'forward', targets, mirrors: mirrors(object, entry, at, context) };
}

function mirrors(object: ReadObject, entry: Record<string, any>, at: Origin, context: RouteContext): Target[] {
  const percentage = entry.mirrorPercentage ?? (entry.mirrorPercent === undefined ? undefined : { value: entry.mirrorPercent });
  const list: { destination: any; percentage: any; at: string }[] = [
    ...(isRecord(entry.mirror) ? [{ destination: entry.mirror, percentage, at: 'mirror' }] : []),
    ...listOf(entry.mirrors).map((mirror, i) => ({ destination: mirror?.destination, percentage: mirror?.percentage, at: `mirrors[${i}]` })),
  ];
  return list.filter((mirror) => isRecord(mirror.destination) && !(mirror.percentage && (mirror.percentage.value ?? 0) <= 0)).map((mirror) => ({
    origin: within(at, mirror.at),
    weight: 1,
    destination: resolveDestination(mirror.destination, object.namespace, context.port, context.proxy, context.registry, context.options).destination,
    transforms: [],
  }));
}

function redirect(entry: Record<string, any>, match: Record<string, any>, at: Origin, context: RouteContext): Action {
  const { redirect: to } = entry;
  const status = to.redirectCode || 301;
  if (![301, 302, 303, 307, 308].includes(status)) return { kind: 'unknown', why: `redirect code ${status} is none` };
  const path: Transform | undefined = to.uri
    ? { origin: at, kind: 'replacePath', path: String(to.uri) }
    : to.prefixRewrite ? replaceMatched(match, String(to.prefixRewrite), at) : undefined;
  const port = to.port ?? (to.derivePort === 'FROM_REQUEST_PORT' ? context.port : undefined);
  const scheme = to.scheme || (context.tls ? 'https' : 'http');
  // A port that the scheme implies is not named; the Host's own then stays.
  const implied = (port === 80 && scheme === 'http') || (port === 443 && scheme === 'https');
  return { kind: 'redirect', status, scheme: to.scheme || undefined, host: to.authority || undefined, port: implied ? undefined : port, path };
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
      return asks && (allows(from) || cors.unmatchedPreflights === 'IGNORE')
        ? { kind: 'respond', status: 200, why: `answers the preflight request by itself (${at.at}.corsPolicy)` }
        : action;
    },
  };
}

// A fault answers before anything upstream is asked; without a percentage it never happens.
function faulted(entry: Record<string, any>, at: Origin, action: Action): Action {
  const abort = entry.fault?.abort;
  if (!isRecord(abort) || action.kind !== 'forward') return action;
  const percent = abort.percentage?.value ?? 0;
  if (percent <= 0) return action;
  const status = typeof abort.httpStatus === 'number' ? abort.httpStatus : undefined;
  const answer: Action = { kind: 'respond', status, why: `answers ${status ?? abort.grpcStatus ?? abort.http2Error} as a fault` };
  if (percent >= 100) return answer;
  const total = action.targets.reduce((sum, target) => sum + target.weight, 0);
  return { ...action, targets: [{ origin: within(at, 'fault.abort'), weight: percent, transforms: [], destination: { kind: 'action', action: answer } }, ...action.targets.map((target) => ({ ...target, weight: (target.weight / total) * (100 - percent) }))] };
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
