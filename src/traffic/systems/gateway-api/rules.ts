import { Cluster } from '../../cluster';
import { Action, Destination, Policy, Target } from '../../network/action';
import { Origin, origin, within } from '../../network/origin';
import { fullMatch } from '../../network/regex';
import { Route, RouteTable } from '../../network/route-table';
import { literal, Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';
import { clusterServiceOf, servicePort } from '../kubernetes';
import { GROUP, granted } from './attachment';
import { compareMatches, matchesOf, RankedMatch } from './matches';

/** The rules of routes; where only their age is left to decide, manifests often do not say it. */
export function routeTable(
  objects: readonly ReadObject[], listenerPort: number, cluster: Cluster, options: TrafficModelOptions, assumptions: ReadonlyMap<string, string> = new Map(),
): RouteTable {
  const byRef = new Map(objects.map((object) => [object.ref, object]));
  const routes = routesOf(objects, listenerPort, cluster, options).map((route) => {
    const assumption = assumptions.get(route.origin.object);
    return assumption === undefined ? route : { ...route, assumptions: [assumption] };
  });
  return new RouteTable(routes, {
    decided: (a, b) => a.origin.object === b.origin.object
      || (byRef.get(a.origin.object)?.created !== undefined && byRef.get(b.origin.object)?.created !== undefined),
    otherwise: (a, b) => `${a.origin.object} and ${b.origin.object} are created at the same time, so that their names decide`,
  });
}

/** The rules of routes in one order: by specificity, then by the age of the routes, then by their names. */
export function routesOf(objects: readonly ReadObject[], listenerPort: number, cluster: Cluster, options: TrafficModelOptions): Route[] {
  const all = objects.flatMap((object) => listOf(object.spec.rules).filter(isRecord).flatMap((rule, i) => {
    const at = within(origin(object.ref), `spec.rules[${i}]`);
    return matchesOf(object, rule).map((ranked) => ({ object, rule, ranked, at, index: i }));
  }));
  all.sort((a, b) => compareMatches(a.ranked, b.ranked) || byAge(a.object, b.object) || a.index - b.index);
  const blocks = [...new Set(all.map((each) => each.object))].sort(byAge);
  let tier = 0;
  return all.map((each, i): Route => {
    if (i > 0 && compareMatches(all[i - 1].ranked, each.ranked) !== 0) tier = i;
    return {
      origin: each.at,
      name: each.rule.name,
      match: each.ranked.match,
      action: ruleAction(each.object, each.rule, each.ranked, each.at, listenerPort, cluster, options),
      transforms: filterTransforms(each.rule.filters, each.ranked, within(each.at, 'filters')),
      policies: policies(each.rule, each.at),
      rank: { tier, block: blocks.indexOf(each.object), index: i },
    };
  });
}

/** Older objects first; of the same age by namespace and name. */
export function byAge(a: ReadObject, b: ReadObject): number {
  return (a.created ?? 0) - (b.created ?? 0) || compare(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const KNOWN_FILTERS = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestMirror', 'RequestRedirect', 'URLRewrite', 'CORS', 'ExternalAuth'];

function ruleAction(
  object: ReadObject, rule: Record<string, any>, ranked: RankedMatch, at: Origin, port: number, cluster: Cluster, options: TrafficModelOptions,
): Action {
  const filters = recordsOf(rule.filters);
  const redirect = filters.find((filter) => filter.type === 'RequestRedirect')?.requestRedirect;
  if (isRecord(redirect)) return preflight(filters, redirectAction(redirect, ranked, within(at, 'filters'), port));
  const foreign = filters.find((filter) => !KNOWN_FILTERS.includes(filter.type));
  if (foreign) return { kind: 'unknown', why: `what filter ${foreign.type}${foreign.extensionRef ? ` ${foreign.extensionRef.kind} ${foreign.extensionRef.name}` : ''} does is the controller's own affair` };
  const backends = recordsOf(rule.backendRefs);
  const weights = backends.map((backend) => (typeof backend.weight === 'number' ? backend.weight : 1));
  if (weights.reduce((sum, weight) => sum + weight, 0) === 0) return preflight(filters, { kind: 'respond', status: 500, why: 'answers 500: the rule has no backend with a weight' });
  const targets = backends.map((backend, i): Target => {
    const here = within(at, `backendRefs[${i}]`);
    return {
      origin: here,
      weight: weights[i],
      destination: backendRedirect(backend, ranked, here, port) ?? backendDestination(object, backend, cluster, options),
      transforms: filterTransforms(backend.filters, ranked, within(here, 'filters')),
      policies: tlsPolicy(object, backend, cluster),
    };
  });
  const mirrors = filters.filter((filter) => filter.type === 'RequestMirror' && isRecord(filter.requestMirror) && filter.requestMirror.percent !== 0 && filter.requestMirror.fraction?.numerator !== 0)
    .map((filter): Target => ({ origin: within(at, 'filters'), weight: 1, destination: backendDestination(object, filter.requestMirror.backendRef ?? {}, cluster, options), transforms: [] }));
  return preflight(filters, { kind: 'forward', targets, mirrors });
}

// A redirect among the filters of one backend answers for that backend's share.
function backendRedirect(backend: Record<string, any>, ranked: RankedMatch, at: Origin, port: number): Destination | undefined {
  const redirect = recordsOf(backend.filters).find((filter) => filter.type === 'RequestRedirect')?.requestRedirect;
  return isRecord(redirect) ? { kind: 'action', action: redirectAction(redirect, ranked, at, port) } : undefined;
}

/** Backends that some controllers know and the manifests do not explain. */
const FOREIGN_BACKENDS = ['multicluster.x-k8s.io/ServiceImport', 'net.gke.io/ServiceImport', 'inference.networking.k8s.io/InferencePool', 'inference.networking.x-k8s.io/InferencePool'];

/** The destination of a backend; what is invalid is answered 500. */
export function backendDestination(object: ReadObject, backend: Record<string, any>, cluster: Cluster, options: TrafficModelOptions): Destination {
  const group = backend.group ?? '';
  const kind = backend.kind ?? 'Service';
  const namespace = backend.namespace ?? object.namespace;
  const name = String(backend.name ?? '');
  const invalid = (why: string): Destination => ({ kind: 'answer', failure: 500, why });
  if (group === 'networking.istio.io' && kind === 'Hostname') {
    const inside = clusterServiceOf(name, options.clusterDomain ?? 'cluster.local');
    return inside ? { kind: 'service', ...inside, port: backend.port, missing: 500, empty: 503 } : { kind: 'end', destination: { kind: 'Host', name, port: backend.port } };
  }
  if (FOREIGN_BACKENDS.includes(`${group}/${kind}`)) return { kind: 'unknown', why: `where ${kind} ${name} leads is the controller's own affair` };
  if (group !== '' || kind !== 'Service') return invalid(`backends of kind ${kind} are not known`);
  if (!granted({ group: GROUP, kind: object.kind, namespace: object.namespace }, { group: '', kind: 'Service', namespace, name }, cluster)) {
    const permitted = !options.complete && cluster.all(GROUP, 'ReferenceGrant').every((grant) => grant.namespace !== namespace);
    const why = `no ReferenceGrant of namespace ${namespace} lets ${object.kind}s of ${object.namespace} refer to Service ${name}`;
    return permitted ? { kind: 'answer', failure: 500, why, assumption: `${why} beside the input` } : invalid(why);
  }
  if (typeof backend.port !== 'number') return invalid(`the backend ${name} names no port`);
  const service = cluster.service(namespace, name);
  if (service && !servicePort(service, backend.port)) return invalid(`Service/${namespace}/${name} has no port ${backend.port}`);
  return { kind: 'service', namespace, name, port: backend.port, missing: 500, empty: 503, tls: tlsPolicy(object, backend, cluster).length > 0 };
}

function tlsPolicy(object: ReadObject, backend: Record<string, any>, cluster: Cluster): Policy[] {
  const namespace = backend.namespace ?? object.namespace;
  const service = cluster.service(namespace, String(backend.name ?? ''));
  const portName = service?.ports.find((port) => port.port === backend.port)?.name;
  const targeting = cluster.all(GROUP, 'BackendTLSPolicy').filter((each) => each.namespace === namespace).flatMap((each) => recordsOf(each.spec.targetRefs)
    .filter((target) => target.kind === 'Service' && target.name === backend.name && (target.sectionName === undefined || target.sectionName === portName))
    .map((target) => ({ policy: each, whole: target.sectionName === undefined ? 1 : 0 })));
  // One for the port comes before one for the whole Service, then the older.
  const [first] = targeting.sort((a, b) => a.whole - b.whole || byAge(a.policy, b.policy));
  const policy = first?.policy;
  return policy ? [{ name: 'upstreamTls', value: `verified as ${policy.spec.validation?.hostname}`, origin: { object: policy.ref, at: 'spec.validation' } }] : [];
}

function redirectAction(redirect: Record<string, any>, ranked: RankedMatch, at: Origin, listenerPort: number): Action {
  const scheme = redirect.scheme;
  // A scheme that is given brings its own port; else that of the listener stays.
  const port = redirect.port ?? (scheme === 'http' ? 80 : scheme === 'https' ? 443 : listenerPort);
  return { kind: 'redirect', status: redirect.statusCode ?? 302, scheme, host: redirect.hostname, port, path: pathModifier(redirect.path, ranked, at) };
}

function pathModifier(modifier: any, ranked: RankedMatch, at: Origin): Transform | undefined {
  if (!isRecord(modifier)) return undefined;
  if (modifier.type === 'ReplaceFullPath') return { origin: at, kind: 'replacePath', path: String(modifier.replaceFullPath ?? '/') };
  const { path } = ranked.match;
  const prefix = path.kind === 'segments' || path.kind === 'prefix' ? path.prefix : '/';
  return { origin: at, kind: 'replaceSegments', prefix, replacement: String(modifier.replacePrefixMatch ?? '/') };
}

function filterTransforms(filters: any, ranked: RankedMatch, at: Origin): Transform[] {
  return recordsOf(filters).flatMap((filter): Transform[] => {
    if (filter.type === 'RequestHeaderModifier') {
      const modifier = filter.requestHeaderModifier ?? {};
      return [
        ...recordsOf(modifier.set).map((header): Transform => ({ origin: at, kind: 'setHeader', name: String(header.name), value: literal(String(header.value)) })),
        ...recordsOf(modifier.add).map((header): Transform => ({ origin: at, kind: 'addHeader', name: String(header.name), value: literal(String(header.value)) })),
        ...listOf(modifier.remove).map((name): Transform => ({ origin: at, kind: 'removeHeader', name: String(name) })),
      ];
    }
    if (filter.type !== 'URLRewrite') return [];
    const rewrite = filter.urlRewrite ?? {};
    const path = pathModifier(rewrite.path, ranked, at);
    return [...(path ? [path] : []), ...(rewrite.hostname ? [{ origin: at, kind: 'setHost' as const, host: literal(String(rewrite.hostname)) }] : [])];
  });
}

// A preflight request from an allowed origin is answered by the proxy.
function preflight(filters: readonly Record<string, any>[], action: Action): Action {
  const cors = filters.find((filter) => filter.type === 'CORS')?.cors;
  if (!isRecord(cors)) return action;
  const allows = (from: string) => listOf(cors.allowOrigins).map(String).some((pattern) => pattern === '*' || pattern === from
    || (pattern.includes('*') && fullMatch(pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*'), from)));
  return {
    kind: 'choose',
    choose: (request) => {
      const from = request.header('origin');
      const asks = request.method === 'OPTIONS' && from !== undefined && request.header('access-control-request-method') !== undefined;
      return asks && allows(from) ? { kind: 'respond', status: 200, why: 'answers the preflight request by itself' } : action;
    },
  };
}

function policies(rule: Record<string, any>, at: Origin): Policy[] {
  const result: Policy[] = [];
  if (rule.timeouts?.request && rule.timeouts.request !== '0s') result.push({ name: 'timeout', value: String(rule.timeouts.request), origin: within(at, 'timeouts.request') });
  if (rule.timeouts?.backendRequest && rule.timeouts.backendRequest !== '0s') result.push({ name: 'timeout', value: `${rule.timeouts.backendRequest} for each try`, origin: within(at, 'timeouts.backendRequest') });
  if (recordsOf(rule.filters).some((filter) => filter.type === 'ExternalAuth')) result.push({ name: 'authentication', value: 'external authorization', origin: within(at, 'filters') });
  if (isRecord(rule.retry)) result.push({ name: 'retries', value: `${rule.retry.attempts ?? 'some'}`, origin: within(at, 'retry') });
  const response = recordsOf(rule.filters).filter((filter) => filter.type === 'ResponseHeaderModifier').map((filter) => filter.responseHeaderModifier ?? {});
  for (const modifier of response) {
    const words = [
      ...recordsOf(modifier.set).map((header) => `sets ${header.name}`), ...recordsOf(modifier.add).map((header) => `adds ${header.name}`),
      ...listOf(modifier.remove).map((name) => `removes ${name}`),
    ];
    result.push({ name: 'responseHeaders', value: words.join(', '), origin: within(at, 'filters') });
  }
  return result;
}
