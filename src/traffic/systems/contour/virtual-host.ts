import { authenticationPolicies, unknownProvider } from './authentication';
import { headerTest, MergedConditions, pathTest, queryTest, wildcardHost } from './conditions';
import { ProxyRoute } from './httpproxy';
import { compareRoutes, conditionKey, settledPlaces } from './order';
import { RootProxy } from './roots';
import { isPlainOrigin } from './route-problems';
import { Action, Redirect } from '../../network/action';
import { VirtualHost } from '../../network/host-table';
import { inCidr } from '../../network/match';
import { Origin } from '../../network/origin';
import { fullMatch } from '../../network/regex';
import { Request } from '../../network/request';
import { Route, RouteTable } from '../../network/route-table';
import { Transform } from '../../network/transform';
import { isRecord, listOf, recordsOf } from '../../read/objects';

/** A route as a virtual host serves it. */
interface Served {
  readonly conditions: MergedConditions;
  readonly route: ProxyRoute;
  /** Whether it sends requests to https instead. */
  readonly upgrade: boolean;
  readonly assumptions: readonly string[];
}

/** The routes of one name on one listener: those of Ingresses first, then those of HTTPProxies, which replace equal ones. */
export class HostRoutes {
  private readonly served = new Map<string, Served[]>();
  private readonly assumptions: string[] = [];

  public constructor(private readonly fqdn: string, private readonly at: Origin, private readonly secure: boolean) {}

  public get empty(): boolean {
    return this.served.size === 0;
  }

  public add(route: ProxyRoute, upgrade: boolean, assumptions: readonly string[]): void {
    const wildcard = this.fqdn.startsWith('*.') && !route.anyHost;
    const conditions = wildcard ? { ...route.conditions, headers: [...route.conditions.headers, wildcardHost(this.fqdn)] } : route.conditions;
    const key = conditionKey(conditions);
    // Contour reads Ingresses in no order: equal routes of two of them both stay candidates.
    const rivals = isIngress(route) ? this.served.get(key) ?? [] : [];
    const others = rivals.filter((each) => isIngress(each.route) && each.route.origin.object !== route.origin.object);
    this.served.set(key, [...others, { conditions, route, upgrade, assumptions: route.assumptions ? [...assumptions, ...route.assumptions] : assumptions }]);
  }

  /** Everything that the name answers, with or without a route, rests on this. */
  public assume(assumption: string): void {
    this.assumptions.push(assumption);
  }

  /** The same routes for a narrower name that is not served by itself for want of something. */
  public standIn(fqdn: string, at: Origin, assumption: string): HostRoutes {
    const copy = new HostRoutes(fqdn, at, this.secure);
    for (const [key, served] of this.served) copy.served.set(key, served);
    copy.assumptions.push(...this.assumptions, assumption);
    return copy;
  }

  public host(root: RootProxy | undefined): VirtualHost {
    const noRoute = { status: 404, why: `no route of ${this.fqdn} takes the request` };
    const unsettled = new Set<number>();
    const routes = (): Route[] => {
      const ordered = [...this.served.values()].flat().sort((a, b) => compareRoutes(a.conditions, b.conditions));
      const places = settledPlaces(ordered.map((each) => each.conditions));
      places.forEach((place, i) => { if (!place.settled) unsettled.add(i); });
      const all = ordered.map((each, i) => this.route(each, root, places[i].group, i));
      return this.assumptions.length > 0 ? [...all, this.last(noRoute, ordered.length)] : all;
    };
    const decided = (a: Route, b: Route): boolean => !unsettled.has(a.rank.block) && !unsettled.has(b.rank.block);
    return { origin: root?.origin ?? this.at, routes: new RouteTable(routes, { decided }), noRoute };
  }

  private route({ route, conditions, upgrade, assumptions }: Served, root: RootProxy | undefined, tier: number, block: number): Route {
    const toHttps: Redirect = { status: 301, scheme: 'https' };
    const own = isIngress(route) ? undefined : root;
    const forwards = !upgrade && route.action.kind === 'forward';
    const action: Action = upgrade ? { kind: 'redirect', ...toHttps } : route.action;
    const unknown = own && this.secure && forwards ? unknownProvider(own.object, route.authentication) : undefined;
    return {
      origin: route.origin,
      match: { path: pathTest(conditions.path), values: [...conditions.headers.map(headerTest), ...conditions.queries.map(queryTest)] },
      action: preflight(root, admitted(action, root, forwards ? route : undefined)),
      transforms: upgrade ? [] : rewrite(route),
      policies: upgrade ? [] : [...(own && this.secure ? authenticationPolicies(own.object, route.authentication, forwards) : []), ...route.policies],
      rank: { tier, block, index: 0 },
      assumptions: [...this.assumptions, ...assumptions, ...(unknown ? [`Envoy lets requests pass for which JWT provider ${unknown}, which nobody defines, is asked`] : [])],
    };
  }

  private last(noRoute: VirtualHost['noRoute'], tier: number): Route {
    return {
      origin: this.at,
      match: { path: { kind: 'any' }, values: [] },
      action: { kind: 'respond', status: noRoute.status, why: `answers ${noRoute.status}: ${noRoute.why}` },
      transforms: [],
      policies: [],
      rank: { tier, block: tier, index: 0 },
      assumptions: this.assumptions,
    };
  }
}

function isIngress(route: ProxyRoute): boolean {
  return route.origin.object.startsWith('Ingress/');
}

function rewrite({ replacement, origin, conditions }: ProxyRoute): Transform[] {
  if (replacement === undefined) return [];
  return [{ origin: { object: origin.object, at: `${origin.at}.pathRewritePolicy` }, kind: 'replacePrefix', prefix: conditions.path.value, replacement }];
}

// Address rules are asked before a route's action; they need the client's address.
function admitted(action: Action, root: RootProxy | undefined, route: ProxyRoute | undefined): Action {
  const host = root?.object.spec.virtualhost ?? {};
  const ofRoute = listOf(route?.ipAllow).length + listOf(route?.ipDeny).length > 0;
  const [allow, deny] = ofRoute ? [recordsOf(route?.ipAllow), recordsOf(route?.ipDeny)] : [recordsOf(host.ipAllowPolicy), recordsOf(host.ipDenyPolicy)];
  if (allow.length === 0 && deny.length === 0) return action;
  return {
    kind: 'choose',
    choose: ({ source }) => {
      const ip = source.ip;
      if (ip === undefined) return { kind: 'assume', assumption: 'the client\'s address is let in', then: action };
      const listed = [...allow, ...deny].some((rule) => inCidr(ip, String(rule.cidr)));
      return listed === allow.length > 0 ? action : { kind: 'respond', status: 403, why: `answers 403: address ${ip} is not let in` };
    },
  };
}

// Envoy answers what browsers ask before a request of another origin.
function preflight(root: RootProxy | undefined, action: Action): Action {
  const cors = root?.object.spec.virtualhost.corsPolicy;
  if (!isRecord(cors)) return action;
  const origins = listOf(cors.allowOrigin).map(String);
  const allowed = (origin: string) => origins.some((each) => each === '*' || (isPlainOrigin(each) ? each === origin : fullMatch(each, origin)));
  return {
    kind: 'choose',
    choose: (request: Request) => {
      const origin = request.header('origin');
      const asks = request.method === 'OPTIONS' && origin !== undefined && request.header('access-control-request-method') !== undefined;
      return asks && allowed(origin) ? { kind: 'respond', status: 200, why: 'answers the preflight request by itself (corsPolicy)' } : action;
    },
  };
}
