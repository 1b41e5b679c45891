import { headerChangesProblem, renderHeaderChanges } from './header-policy';
import { withEndSlash, withoutEndSlash } from './path-syntax';
import { PathVariant } from './path-variants';
import { RedirectPath, RedirectRouteOptions, RedirectStatus } from './redirect';
import { ForwardRouteOptions, RespondRouteOptions, RetryOn, RouteRetries } from './route-options';
import type { HttpProxySpecRoutes, HttpProxySpecRoutesRequestRedirectPolicy } from '../../imports/projectcontour.io';
import { isHostName } from '../platform/names';
import { portProblem } from '../platform/ports';
import { given } from '../platform/wire';

/** A route whose fields are all spelt like the wire's; `loadBalancerPolicy` has one that is not. */
export type WireRoute = Omit<HttpProxySpecRoutes, 'loadBalancerPolicy'>;

/** The part of a route that says what is done, for one variant of its path. */
export type RouteAction = (variant: PathVariant) => WireRoute;

/** Refuses a value; the caller knows which object and route it is about. */
type Fail = (problem: string) => never;

export function forwardAction(options: ForwardRouteOptions, fail: Fail): RouteAction {
  checkTargets(options, fail);
  for (const [what, changes, where] of [
    ['requestHeaders', options.requestHeaders, 'request'], ['responseHeaders', options.responseHeaders, 'response'],
  ] as const) {
    const problem = headerChangesProblem(changes, where, false);
    if (problem) fail(`${what}: ${problem}`);
  }
  if (options.retries) checkRetries(options.retries, fail);
  const { to, mirror, responseTimeout, idleTimeout, idleConnectionTimeout } = options;
  const alike = to.length > 1 && to.every((target) => target._weight === undefined);
  const timeouts = responseTimeout ?? idleTimeout ?? idleConnectionTimeout;
  return ({ replacement }) => ({
    services: [
      ...to.map((target) => (alike ? { ...target._render(), weight: 1 } : target._render())),
      ...(mirror ? [{ ...mirror._render(), mirror: true, weight: options.mirrorPercent }] : []),
    ],
    pathRewritePolicy: replacement === undefined ? undefined : { replacePrefix: [{ replacement }] },
    requestHeadersPolicy: renderHeaderChanges(options.requestHeaders),
    responseHeadersPolicy: renderHeaderChanges(options.responseHeaders),
    timeoutPolicy: timeouts && given({
      response: responseTimeout?._render(), idle: idleTimeout?._render(), idleConnection: idleConnectionTimeout?._render(),
    }),
    retryPolicy: options.retries && renderRetries(options.retries),
    enableWebsockets: options.websockets,
  });
}

export function respondAction(options: RespondRouteOptions, fail: Fail): RouteAction {
  const { statusCode, body } = options;
  if (!Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599) fail(`statusCode must be a whole number from 200 to 599, got ${statusCode}`);
  return () => ({ directResponsePolicy: { statusCode, body } });
}

export function redirectAction(options: RedirectRouteOptions, fail: Fail): RouteAction {
  const { scheme, host, port, to, status, path } = options;
  if ((scheme ?? host ?? port ?? to) === undefined) fail('a redirect that changes nothing never ends; name a scheme, a host, a port or a path');
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') fail(`scheme must be "http" or "https", got "${scheme}"`);
  if (host !== undefined && (!isHostName(host) || host.startsWith('*.'))) fail(`host must be a DNS name in lower case, got "${host}"`);
  const problem = port === undefined ? undefined : portProblem(port);
  if (problem) fail(problem);
  if (to?._kind === 'replacePrefix') {
    if (path?._kind === 'exact' || path?._kind === 'regex') fail('only a prefix can be replaced; use RedirectPath.exactly()');
    // Unlike a rewrite, Contour leaves the slashes of a redirect alone: "/a/" with "/b" would make "/bx" of "/a/x".
    if (path?._kind !== 'under' && (path?._value ?? '/').endsWith('/') !== to._value.endsWith('/')) {
      fail(`"${path?._value ?? '/'}" and "${to._value}" must both end with a slash, or neither; PathCondition.under() takes care of it`);
    }
  }
  return (variant) => ({
    requestRedirectPolicy: {
      scheme: scheme as HttpProxySpecRoutesRequestRedirectPolicy['scheme'],
      hostname: host,
      port,
      // The CRD's default is 302 and Envoy's 301, so it is always said.
      statusCode: (status ?? RedirectStatus.FOUND) as number as HttpProxySpecRoutesRequestRedirectPolicy['statusCode'],
      ...renderRedirectPath(to, path?._kind === 'under' ? variant : undefined),
    },
  });
}

function renderRedirectPath(to: RedirectPath | undefined, variant: PathVariant | undefined): { path?: string; prefix?: string } {
  if (!to) return {};
  if (to._kind === 'exactly') return { path: to._value };
  if (!variant) return { prefix: to._value };
  return variant.path?.exact === undefined ? { prefix: withEndSlash(to._value) } : { path: withoutEndSlash(to._value) };
}

function checkTargets(options: ForwardRouteOptions, fail: Fail): void {
  const { to, mirror, mirrorPercent } = options;
  if (to.length === 0) fail('a route leads to at least one Service, got none; name it in `to`, or use respond()');
  const weighted = to.filter((target) => target._weight !== undefined);
  if (weighted.length > 0 && weighted.length < to.length) {
    const without = to.find((target) => target._weight === undefined)!;
    fail(`${without._reference} has no weight, where others have; give every Service a weight, or none`);
  }
  if (weighted.length > 0 && weighted.every((target) => target._weight === 0)) {
    fail(`the weights of ${to.map((target) => target._reference).join(', ')} sum to 0, which Contour takes for equal shares; give one of them a weight above 0`);
  }
  const routeSets = new Set(Object.keys(options.requestHeaders?.set ?? {}).map((name) => name.toLowerCase()));
  for (const target of to) {
    const both = target._headersSet().find((name) => routeSets.has(name.toLowerCase()));
    if (both !== undefined) fail(`header "${both}" is set by the route and by ${target._reference}, and the route's value wins; set it in one place`);
  }
  if (mirror?._changesHeaders) fail(`the mirror ${mirror._reference} changes headers, which Contour ignores; copies carry the headers of the original`);
  if (mirror?._weight !== undefined) fail(`the mirror ${mirror._reference} has a weight; its share is \`mirrorPercent\``);
  if (mirrorPercent !== undefined && !mirror) fail('mirrorPercent goes with `mirror`');
  if (mirrorPercent !== undefined && !(Number.isInteger(mirrorPercent) && mirrorPercent >= 1 && mirrorPercent <= 100)) {
    fail(`mirrorPercent must be a whole number from 1 to 100, got ${mirrorPercent}`);
  }
}

function checkRetries(retries: RouteRetries, fail: Fail): void {
  const { count, on, statusCodes } = retries;
  if (count !== undefined && !(Number.isInteger(count) && count >= 1)) fail(`retries.count must be a whole number, 1 or more, got ${count}; leave \`retries\` out for none`);
  for (const code of statusCodes ?? []) {
    if (!Number.isInteger(code) || code < 100 || code > 599) fail(`retries.statusCodes: a status code is from 100 to 599, got ${code}`);
  }
  if ((statusCodes ?? []).length > 0 !== (on ?? []).includes(RetryOn.STATUS_CODES)) fail('retries.statusCodes and RetryOn.STATUS_CODES go together');
}

function renderRetries(retries: RouteRetries): HttpProxySpecRoutes['retryPolicy'] {
  const { on, perTryTimeout } = retries;
  return {
    count: retries.count ?? 1,
    retryOn: on as unknown as NonNullable<HttpProxySpecRoutes['retryPolicy']>['retryOn'],
    retriableStatusCodes: retries.statusCodes,
    perTryTimeout: perTryTimeout && `${perTryTimeout.toMilliseconds()}ms`,
  };
}
