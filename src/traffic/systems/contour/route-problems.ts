import { isDuration, isTimeout } from './durations';
import { inCidr } from '../../network/match';
import { isRecord, listOf, recordsOf } from '../../read/objects';

/** What makes a route invalid, under Contour's name for it. */
export interface RouteProblem {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** Cookies, timeouts and rate limits: what Contour looks at before a route's action. */
export function settingsProblem(route: Record<string, any>): RouteProblem | undefined {
  const of = (reason: string, message: string | undefined): RouteProblem | undefined => (message ? { type: 'RouteError', reason, message } : undefined);
  return of('CookieRewritePoliciesInvalid', cookieProblem(route.cookieRewritePolicies))
    ?? of('TimeoutPolicyNotValid', timeoutProblem(route.timeoutPolicy))
    ?? of('RateLimitPolicyNotValid', rateLimitProblem(route.rateLimitPolicy));
}

/** Address rules and the route's own word on JWTs: what Contour looks at last. */
export function accessProblem(route: Record<string, any>): RouteProblem | undefined {
  const jwt = route.jwtVerificationPolicy;
  if (isRecord(jwt) && jwt.require && jwt.disabled === true) {
    return { type: 'JWTVerificationError', reason: 'InvalidJWTVerificationPolicy', message: 'jwtVerificationPolicy requires a provider or is disabled, not both' };
  }
  return addressProblem(route);
}

/** What is wrong with the address rules of a route or virtual host. */
export function addressProblem(holder: Record<string, any>): RouteProblem | undefined {
  const [allow, deny] = [recordsOf(holder.ipAllowPolicy), recordsOf(holder.ipDenyPolicy)];
  if (allow.length > 0 && deny.length > 0) {
    return { type: 'IPFilterError', reason: 'IncompatibleIPAddressFilters', message: 'addresses are allowed or denied, not both' };
  }
  const bad = [...allow, ...deny].find((rule) => !isCidr(String(rule.cidr)));
  return bad && { type: 'IPFilterError', reason: 'InvalidCIDR', message: `${bad.cidr} is no address range` };
}

function isCidr(text: string): boolean {
  const [base, bits, ...more] = text.split('/');
  return more.length === 0 && inCidr(base, base) && (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (base.includes(':') ? 128 : 32)));
}

function timeoutProblem(policy: any): string | undefined {
  if (!isRecord(policy)) return undefined;
  const bad = ['response', 'idle', 'idleConnection'].find((key) => !isTimeout(policy[key]));
  return bad && `timeoutPolicy.${bad}: ${policy[bad]} is no duration`;
}

/** What is wrong with a rate limit, of a route or a virtual host. */
export function rateLimitProblem(policy: any): string | undefined {
  if (!isRecord(policy)) return undefined;
  const { local, global } = policy;
  if (isRecord(local)) {
    if (!(local.requests > 0)) return `rateLimitPolicy.local.requests must be above 0, got ${local.requests}`;
    if (!['second', 'minute', 'hour'].includes(local.unit)) return `rateLimitPolicy.local.unit must be second, minute or hour, got ${local.unit}`;
  }
  if (isRecord(global)) {
    for (const entry of recordsOf(global.descriptors).flatMap((descriptor) => recordsOf(descriptor.entries))) {
      if (['genericKey', 'requestHeader', 'requestHeaderValueMatch', 'remoteAddress'].filter((key) => isRecord(entry[key])).length !== 1) {
        return 'each entry of a rate limit descriptor holds exactly one of genericKey, requestHeader, requestHeaderValueMatch and remoteAddress';
      }
    }
  }
  return undefined;
}

/** What is wrong with cookie rewrites, of a route or a service. */
export function cookieProblem(policies: any): string | undefined {
  const seen = new Set<string>();
  for (const policy of recordsOf(policies)) {
    if (seen.has(policy.name)) return `cookie ${policy.name} is rewritten twice`;
    seen.add(policy.name);
    if (['pathRewrite', 'domainRewrite', 'secure', 'sameSite'].every((key) => policy[key] === undefined)) return `the rewrite of cookie ${policy.name} changes nothing`;
  }
  return undefined;
}

/** What is wrong with the health check of a route. */
export function healthCheckProblem(policy: any): RouteProblem | undefined {
  const range = recordsOf(isRecord(policy) ? policy.expectedStatuses : undefined).find(({ start, end }) => !(start >= 100 && start < end && end <= 600));
  return range && { type: 'RouteError', reason: 'HealthCheckPolicyInvalid', message: `expected statuses from ${range.start} up to ${range.end} are no range within 100 to 600` };
}

/** What is wrong with the slow start of a service. */
export function slowStartProblem(slowStart: any, strategy: unknown): string | undefined {
  if (!isRecord(slowStart)) return undefined;
  if (['Random', 'Cookie', 'RequestHash'].includes(String(strategy))) return `slow start does not go with the load balancing strategy ${strategy}`;
  if (typeof slowStart.window !== 'string' || !isDuration(slowStart.window)) return `slow start: ${slowStart.window} is no duration`;
  if (slowStart.aggression && !Number.isFinite(Number(slowStart.aggression))) return `slow start: ${slowStart.aggression} is no number`;
  return undefined;
}

/** What is wrong with the CORS policy of a virtual host. */
export function corsProblem(policy: any, validRegex: (pattern: string) => boolean): string | undefined {
  if (!isRecord(policy)) return undefined;
  const origins = listOf(policy.allowOrigin).map(String);
  if (origins.length === 0 || listOf(policy.allowMethods).length === 0) return 'allowOrigin and allowMethods must not be empty';
  const bad = origins.find((each) => each !== '*' && !isPlainOrigin(each) && !validRegex(each));
  if (bad !== undefined) return `origin ${bad} is neither an origin nor a regular expression`;
  const { maxAge } = policy;
  return maxAge === undefined || maxAge === '' || (typeof maxAge === 'string' && isDuration(maxAge) && !maxAge.startsWith('-')) ? undefined : `maxAge ${maxAge} is no duration`;
}

/** `scheme://host[:port]` and nothing more; everything else is a regular expression. */
export function isPlainOrigin(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s\\^$*()[\]{}|]+$/i.test(text);
}
