import { RouteAuthentication } from './authentication';
import { headerConditionProblem, MergedConditions, mergeConditions, pathConditionProblem, queryConditionProblem } from './conditions';
import { ContourInput } from './contour-input';
import { headerPolicyProblem } from './headers';
import { unorderedKey } from './order';
import { expandPrefixes, replacementFor, replacementProblem } from './prefix-rewrite';
import { routePolicies } from './route-policies';
import { accessProblem, healthCheckProblem, settingsProblem } from './route-problems';
import { readServices } from './services';
import { Action, Policy } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { Transform } from '../../network/transform';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** A route of a proxy, its conditions merged along the includes. */
export interface ProxyRoute {
  readonly origin: Origin;
  readonly conditions: MergedConditions;
  readonly action: Action;
  readonly replacement?: string;
  readonly policies: readonly Policy[];
  /** Whether it is served in the clear although the virtual host has TLS. */
  readonly permitInsecure: boolean;
  /** The route's own address rules, which take the place of the virtual host's. */
  readonly ipAllow?: any;
  readonly ipDeny?: any;
  readonly authentication: RouteAuthentication;
  /** Whether it takes two labels under a wildcard as well. */
  readonly anyHost?: boolean;
  readonly assumptions?: readonly string[];
}

// Includes that double at every level have no end that anybody would wait for.
const MOST_READINGS = 10_000;
const DEEPEST_INCLUDE = 1_000;

/** Reads the routes of proxies, following their includes. */
export class ProxyRoutes {
  private missing = new Set<string>();
  private readings = 0;

  // The input, whose last report is remembered.
  private readonly heard: ContourInput;
  private absent?: string;

  public constructor(private readonly input: ContourInput) {
    this.heard = {
      ...input,
      report: (condition) => {
        this.absent = condition.absent;
        input.report(condition);
      },
    };
  }

  /** The routes of a root and all that it includes, and what is absent where routes were left out for it. */
  public of(root: ReadObject): { routes: ProxyRoute[]; missing: readonly string[] } {
    this.missing = new Set();
    this.readings = 0;
    const routes = this.read(root, [], []);
    if (this.readings > MOST_READINGS) return { routes: [tooMany(root)], missing: [] };
    return { routes, missing: [...this.missing] };
  }

  private read(proxy: ReadObject, inherited: readonly any[], visited: readonly string[]): ProxyRoute[] {
    const here = origin(proxy.ref);
    if (visited.length > DEEPEST_INCLUDE) this.readings = MOST_READINGS;
    if (this.readings > MOST_READINGS || ++this.readings > MOST_READINGS) return [];
    if (visited.includes(proxy.ref)) {
      this.input.report({ origin: here, type: 'IncludeError', reason: 'IncludeCreatesCycle', message: `includes itself by way of ${[...visited, proxy.ref].join(', ')}` });
      return [];
    }
    const routes: ProxyRoute[] = [];
    const seen = new Set<string>();
    for (const [i, include] of listOf(proxy.spec.includes).entries()) {
      if (isRecord(include)) routes.push(...this.include(proxy, include, within(here, `spec.includes[${i}]`), inherited, [...visited, proxy.ref], seen));
    }
    for (const [i, route] of listOf(proxy.spec.routes).entries()) {
      const read = isRecord(route) ? this.route(proxy, route, within(here, `spec.routes[${i}]`), inherited) : undefined;
      // One invalid route takes all routes of its proxy with it.
      if (!read) return [];
      routes.push(read);
    }
    return expandPrefixes(routes);
  }

  private include(
    proxy: ReadObject, include: Record<string, any>, at: Origin, inherited: readonly any[], visited: readonly string[], seen: Set<string>,
  ): ProxyRoute[] {
    const own = listOf(include.conditions);
    const refuse = (type: string, reason: string, message: string): ProxyRoute[] => {
      this.input.report({ origin: at, type, reason, message });
      return [];
    };
    const path = pathConditionProblem(own, true);
    if (path) return refuse('IncludeError', 'PathMatchConditionsNotValid', path);
    const header = headerConditionProblem(own);
    if (header) return refuse('RouteError', 'HeaderMatchConditionsNotValid', header);
    const query = queryConditionProblem(own);
    if (query) return refuse('RouteError', 'QueryParameterMatchConditionsNotValid', query);
    const merged = mergeConditions(own);
    const key = unorderedKey(merged);
    const bare = merged.path.value === '/' && merged.headers.length === 0 && merged.queries.length === 0;
    if (!bare && seen.has(key)) return refuse('IncludeError', 'DuplicateMatchConditions', 'another include has the same conditions');
    seen.add(key);

    const ref = `HTTPProxy/${include.namespace || proxy.namespace}/${include.name}`;
    const child = this.input.proxies.get(ref);
    if (!child) {
      const assumption = this.absence(ref, include.namespace || proxy.namespace, String(include.name));
      this.input.report({ origin: at, type: 'IncludeError', reason: 'IncludeNotFound', message: `${ref} does not exist`, absent: ref });
      if (assumption && own.length === 0) this.missing.add(assumption);
      return badGateway(own, merged, at, ref, assumption);
    }
    if (isRecord(child.spec.virtualhost)) {
      refuse('IncludeError', 'RootIncludesRoot', `${ref} is a root itself`);
      return badGateway(own, merged, at, ref);
    }
    this.input.reached.add(child.ref);
    return this.read(child, [...inherited, ...own], visited);
  }

  // A proxy of another class is certainly not there for this Contour.
  private absence(ref: string, namespace: string, name: string): string | undefined {
    const exists = this.input.cluster.find('projectcontour.io', 'HTTPProxy', namespace, name) !== undefined;
    return exists || this.input.options.complete ? undefined : `${ref}, which is not in the input, does not exist`;
  }

  private route(proxy: ReadObject, route: Record<string, any>, at: Origin, inherited: readonly any[]): ProxyRoute | undefined {
    const refuse = (type: string, reason: string, message: string): undefined => {
      this.input.report({ origin: at, type, reason, message });
      return undefined;
    };
    const actions = [listOf(route.services).length > 0, isRecord(route.requestRedirectPolicy), isRecord(route.directResponsePolicy)].filter(Boolean).length;
    if (actions !== 1) return refuse('RouteError', 'RouteActionCountNotValid', `a route has exactly one of services, requestRedirectPolicy and directResponsePolicy, got ${actions}`);
    const own = listOf(route.conditions);
    const path = pathConditionProblem(own, false);
    if (path) return refuse('RouteError', 'PathMatchConditionsNotValid', path);
    const all = [...inherited, ...own];
    const header = headerConditionProblem(all);
    if (header) return refuse('RouteError', 'HeaderMatchConditionsNotValid', header);
    const query = queryConditionProblem(all);
    if (query) return refuse('RouteError', 'QueryParameterMatchConditionsNotValid', query);
    const requestHeaders = headerPolicyProblem(route.requestHeadersPolicy, 'route');
    if (requestHeaders) return refuse('RouteError', 'RequestHeadersPolicyInvalid', requestHeaders);
    const responseHeaders = headerPolicyProblem(route.responseHeadersPolicy, 'response');
    if (responseHeaders) return refuse('RouteError', 'ResponseHeaderPolicyInvalid', responseHeaders);
    const settings = settingsProblem(route);
    if (settings) return refuse(settings.type, settings.reason, settings.message);
    const conditions = mergeConditions(all);
    const redirect = route.requestRedirectPolicy;
    if (isRecord(redirect) && redirect.path && redirect.prefix) {
      return refuse('RouteError', 'RequestRedirectPolicy', 'a redirect changes the path or the prefix, not both');
    }
    const replacements = route.pathRewritePolicy?.replacePrefix;
    const replacing = replacementProblem(replacements, conditions.path);
    if (replacing) return refuse('PrefixReplaceError', replacing.reason, replacing.message);
    const health = healthCheckProblem(route.healthCheckPolicy);
    if (health) return refuse(health.type, health.reason, health.message);
    const action = this.action(proxy, route, at, conditions);
    if (!action) return undefined;
    const access = accessProblem(route);
    if (access) return refuse(access.type, access.reason, access.message);
    return {
      origin: at,
      conditions,
      action,
      replacement: listOf(replacements).length > 0 ? replacementFor(replacements, conditions.path.value) : undefined,
      policies: routePolicies(route, at, action.kind === 'forward'),
      permitInsecure: route.permitInsecure === true && !this.input.options.contour?.disablePermitInsecure,
      ipAllow: route.ipAllowPolicy,
      ipDeny: route.ipDenyPolicy,
      authentication: {
        jwt: isRecord(route.jwtVerificationPolicy) ? route.jwtVerificationPolicy : undefined,
        authorization: isRecord(route.authPolicy) ? route.authPolicy : undefined,
      },
    };
  }

  private action(proxy: ReadObject, route: Record<string, any>, at: Origin, conditions: MergedConditions): Action | undefined {
    const direct = route.directResponsePolicy;
    if (isRecord(direct)) return { kind: 'respond', status: direct.statusCode, why: `answers ${direct.statusCode} by itself` };
    if (isRecord(route.requestRedirectPolicy)) return redirectAction(route.requestRedirectPolicy, within(at, 'requestRedirectPolicy'), conditions);
    this.absent = undefined;
    const services = readServices(route, at, proxy.namespace, this.heard);
    if (!services) {
      const { absent } = this;
      if (absent && !this.input.options.complete) this.missing.add(`${absent}, which is not in the input, does not exist`);
      return undefined;
    }
    if (services.none) return { kind: 'respond', status: 503, why: 'answers 503: none of its services is there' };
    return { kind: 'forward', targets: services.targets, mirrors: services.mirrors };
  }
}

// What an include should have served is answered 502, under the include's own conditions alone.
function badGateway(own: readonly any[], conditions: MergedConditions, at: Origin, ref: string, assumption?: string): ProxyRoute[] {
  if (own.length === 0) return [];
  return [{
    origin: at,
    conditions,
    action: { kind: 'respond', status: 502, why: `answers 502: ${ref} cannot be included` },
    policies: [],
    permitInsecure: true,
    authentication: {},
    anyHost: true,
    assumptions: assumption ? [assumption] : [],
  }];
}

function redirectAction(redirect: Record<string, any>, at: Origin, conditions: MergedConditions): Action {
  const to = { kind: 'redirect' as const, status: redirect.statusCode ?? 302, scheme: redirect.scheme, host: redirect.hostname || undefined, port: redirect.port };
  if (typeof redirect.path === 'string' && redirect.path !== '') {
    // A query in the path takes the place of the request's.
    const mark = redirect.path.indexOf('?');
    const [path, query] = mark < 0 ? [redirect.path, undefined] : [redirect.path.slice(0, mark), redirect.path.slice(mark + 1)];
    return { ...to, path: { origin: at, kind: 'replacePath', path }, query };
  }
  if (!redirect.prefix) return to;
  const path: Transform = conditions.path.kind === 'prefix'
    ? { origin: at, kind: 'replacePrefix', prefix: conditions.path.value, replacement: redirect.prefix }
    // Where the whole path is matched, all of it is the prefix.
    : { origin: at, kind: 'replacePath', path: redirect.prefix };
  return { ...to, path };
}

function tooMany(root: ReadObject): ProxyRoute {
  return {
    origin: within(origin(root.ref), 'spec.includes'),
    conditions: { path: { kind: 'prefix', value: '/' }, headers: [], queries: [] },
    action: { kind: 'unknown', why: `its includes lead to other proxies more than ${MOST_READINGS} times or ${DEEPEST_INCLUDE} deep` },
    policies: [],
    permitInsecure: true,
    authentication: {},
  };
}
