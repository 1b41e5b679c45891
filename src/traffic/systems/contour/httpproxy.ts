import { headerConditionProblem, MergedConditions, mergeConditions, pathConditionProblem, queryConditionProblem } from './conditions';
import { Report } from './conditions-report';
import { headerPolicyProblem } from './headers';
import { conditionKey } from './order';
import { expandPrefixes, replacementFor, replacementProblem } from './prefix-rewrite';
import { readServices } from './services';
import { Cluster } from '../../cluster';
import { Action, Policy } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
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
  /** Set where the route has its own word on authentication. */
  readonly filters: { readonly ipAllow?: any; readonly ipDeny?: any };
}

/** Reads the routes of proxies, following their includes. */
export class ProxyRoutes {
  /** Proxies that some root reaches. */
  public readonly reached = new Set<string>();

  public constructor(
    private readonly proxies: ReadonlyMap<string, ReadObject>,
    private readonly cluster: Cluster,
    private readonly options: TrafficModelOptions,
    private readonly report: Report,
  ) {}

  /** The routes of a root and all that it includes. */
  public of(root: ReadObject): ProxyRoute[] {
    return this.read(root, [], []);
  }

  private read(proxy: ReadObject, inherited: readonly any[], visited: readonly string[]): ProxyRoute[] {
    const here = origin(proxy.ref);
    if (visited.includes(proxy.ref)) {
      this.report({ origin: here, type: 'IncludeError', reason: 'IncludeCreatesCycle', message: `includes itself by way of ${[...visited, proxy.ref].join(', ')}` });
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
      this.report({ origin: at, type, reason, message });
      return [];
    };
    const path = pathConditionProblem(own, true);
    if (path) return refuse('IncludeError', 'PathMatchConditionsNotValid', path);
    const header = headerConditionProblem(own);
    if (header) return refuse('RouteError', 'HeaderMatchConditionsNotValid', header);
    const query = queryConditionProblem(own);
    if (query) return refuse('RouteError', 'QueryParameterMatchConditionsNotValid', query);
    const merged = mergeConditions(own);
    const key = conditionKey(merged);
    const bare = merged.path.value === '/' && merged.headers.length === 0 && merged.queries.length === 0;
    if (!bare && seen.has(key)) return refuse('IncludeError', 'DuplicateMatchConditions', 'another include has the same conditions');
    seen.add(key);

    const ref = `HTTPProxy/${include.namespace ?? proxy.namespace}/${include.name}`;
    const child = this.proxies.get(ref);
    // What an include should have served is answered 502, under the include's own conditions alone.
    const badGateway = (): ProxyRoute[] => (own.length === 0 ? [] : [{
      origin: at,
      conditions: merged,
      action: { kind: 'respond', status: 502, why: `answers 502: ${ref} cannot be included` },
      policies: [],
      permitInsecure: true,
      filters: {},
    }]);
    if (!child) {
      this.report({ origin: at, type: 'IncludeError', reason: 'IncludeNotFound', message: `${ref} does not exist`, absent: ref });
      return badGateway();
    }
    if (isRecord(child.spec.virtualhost)) {
      refuse('IncludeError', 'RootIncludesRoot', `${ref} is a root itself`);
      return badGateway();
    }
    this.reached.add(child.ref);
    return this.read(child, [...inherited, ...own], visited);
  }

  private route(proxy: ReadObject, route: Record<string, any>, at: Origin, inherited: readonly any[]): ProxyRoute | undefined {
    const refuse = (type: string, reason: string, message: string): undefined => {
      this.report({ origin: at, type, reason, message });
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
    const conditions = mergeConditions(all);
    const redirect = route.requestRedirectPolicy;
    if (isRecord(redirect) && redirect.path && redirect.prefix) {
      return refuse('RouteError', 'RequestRedirectPolicy', 'a redirect changes the path or the prefix, not both');
    }
    const replacements = route.pathRewritePolicy?.replacePrefix;
    const replacing = replacementProblem(replacements, conditions.path);
    if (replacing) return refuse('PrefixReplaceError', replacing.reason, replacing.message);
    if (isRecord(route.ipAllowPolicy) && isRecord(route.ipDenyPolicy)) {
      return refuse('IPFilterError', 'IncompatibleIPAddressFilters', 'a route allows or denies addresses, not both');
    }
    const action = this.action(proxy, route, at, conditions);
    if (!action) return undefined;
    return {
      origin: at,
      conditions,
      action,
      replacement: listOf(replacements).length > 0 ? replacementFor(replacements, conditions.path.value) : undefined,
      policies: routePolicies(route, at),
      permitInsecure: route.permitInsecure === true && !this.options.contour?.disablePermitInsecure,
      filters: { ipAllow: route.ipAllowPolicy, ipDeny: route.ipDenyPolicy },
    };
  }

  private action(proxy: ReadObject, route: Record<string, any>, at: Origin, conditions: MergedConditions): Action | undefined {
    const direct = route.directResponsePolicy;
    if (isRecord(direct)) return { kind: 'respond', status: direct.statusCode, why: `answers ${direct.statusCode} by itself` };
    const redirect = route.requestRedirectPolicy;
    if (isRecord(redirect)) {
      const here = within(at, 'requestRedirectPolicy');
      const path: Transform | undefined = redirect.path
        ? { origin: here, kind: 'replacePath', path: redirect.path }
        : redirect.prefix
          ? conditions.path.kind === 'prefix'
            ? { origin: here, kind: 'replacePrefix', prefix: conditions.path.value, replacement: redirect.prefix }
            // Where the whole path is matched, all of it is the prefix.
            : { origin: here, kind: 'replacePath', path: redirect.prefix }
          : undefined;
      return { kind: 'redirect', status: redirect.statusCode ?? 302, scheme: redirect.scheme, host: redirect.hostname, port: redirect.port, path };
    }
    const policy = { policy: route.requestHeadersPolicy, origin: within(at, 'requestHeadersPolicy') };
    const services = readServices(route.services, at, proxy.namespace, policy, this.cluster, this.options, this.report);
    if (!services) return undefined;
    if (services.none) return { kind: 'respond', status: 503, why: 'answers 503: none of its services is there' };
    return { kind: 'forward', targets: services.targets, mirrors: services.mirrors };
  }
}

function routePolicies(route: Record<string, any>, at: Origin): Policy[] {
  const policies: Policy[] = [];
  const timeout = route.timeoutPolicy;
  if (isRecord(timeout)) {
    if (timeout.response) policies.push({ name: 'timeout', value: String(timeout.response), origin: within(at, 'timeoutPolicy.response') });
    if (timeout.idle) policies.push({ name: 'idleTimeout', value: String(timeout.idle), origin: within(at, 'timeoutPolicy.idle') });
  }
  const retry = route.retryPolicy;
  if (isRecord(retry)) {
    const count = retry.count ?? 1;
    if (count >= 0) policies.push({ name: 'retries', value: `${count || 1}${retry.perTryTimeout ? ` of ${retry.perTryTimeout} each` : ''}${Array.isArray(retry.retryOn) ? ` on ${retry.retryOn.join(', ')}` : ' on 5xx'}`, origin: within(at, 'retryPolicy') });
  }
  if (isRecord(route.responseHeadersPolicy)) {
    const set = listOf(route.responseHeadersPolicy.set).map((header) => `sets ${header.name}`);
    const remove = listOf(route.responseHeadersPolicy.remove).map((name) => `removes ${name}`);
    policies.push({ name: 'responseHeaders', value: [...set, ...remove].join(', '), origin: within(at, 'responseHeadersPolicy') });
  }
  return policies;
}
