import { Duration } from 'cdk8s';
import { durationText } from './durations';
import { HttpMatch } from './http-match';
import { matchProblem, renderMatch } from './http-match-fields';
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpRedirect } from '../../imports/networking.istio.io';
import { portProblem } from '../platform/ports';

/** Headers that are changed on the way. */
export interface HeaderChanges {
  /**
   * Headers that get this value, whatever they had.
   * @default - none
   */
  readonly overwrite?: { [name: string]: string };
  /**
   * Values that are added to those that a header has.
   * @default - none
   */
  readonly append?: { [name: string]: string };
  /**
   * Headers that are removed.
   * @default - none
   */
  readonly remove?: string[];
}

/** Options that all routes have. */
export interface HttpRouteOptions {
  /**
   * The route's name; it stands in access logs.
   * @default - none
   */
  readonly name?: string;
  /**
   * Matches of which one must hold.
   * @default - every request
   */
  readonly matches?: HttpMatch[];
  /**
   * Changes to the request's headers.
   * @default - none
   */
  readonly requestHeaders?: HeaderChanges;
  /**
   * Changes to the response's headers.
   * @default - none
   */
  readonly responseHeaders?: HeaderChanges;
}

/** Where requests go. */
export interface HttpDestination {
  /** The host: a Service's full name `<service>.<namespace>.svc.cluster.local`, or the host of a ServiceEntry. */
  readonly host: string;
  /**
   * The port of the Service.
   * @default - the Service's only port
   */
  readonly port?: number;
  /**
   * A subset of a DestinationRule.
   * @default - all pods of the Service
   */
  readonly subset?: string;
  /**
   * The share among the route's destinations, relative to the sum of all.
   * @default - everything, for a single destination; of several each needs a weight
   */
  readonly weight?: number;
}

/** How often and when a request is tried again. */
export interface HttpRetries {
  /** How many times at most, after the first try; 0 turns retries off. */
  readonly attempts: number;
  /**
   * How long one try may take.
   * @default - the route's timeout
   */
  readonly perTryTimeout?: Duration;
  /**
   * The conditions, separated by commas, such as `5xx,reset`.
   * @default - `connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes`
   */
  readonly retryOn?: string;
}

/** Options of a route to destinations. */
export interface HttpForwardOptions extends HttpRouteOptions {
  /** Where requests go, at least one. */
  readonly destinations: HttpDestination[];
  /**
   * What replaces the matched prefix, or the whole of an exactly matched path. The text is replaced as it is: after a
   * match of the prefix `/foo`, a rewrite to `/` turns `/foo/bar` into `//bar`.
   * @default - the path stays
   */
  readonly rewriteUri?: string;
  /**
   * The host that the destination sees.
   * @default - the request's
   */
  readonly rewriteAuthority?: string;
  /**
   * How long the whole request may take.
   * @default - as long as it likes
   */
  readonly timeout?: Duration;
  /**
   * How often it is tried again.
   * @default - twice, where the destination did not begin to work on it
   */
  readonly retries?: HttpRetries;
}

/** Options of a route that redirects. */
export interface HttpRedirectOptions extends HttpRouteOptions {
  /**
   * The host to go to.
   * @default - the request's
   */
  readonly authority?: string;
  /**
   * The whole path to go to; the query is kept.
   * @default - the request's
   */
  readonly uri?: string;
  /**
   * `http` or `https`.
   * @default - the request's
   */
  readonly scheme?: string;
  /**
   * The port to go to.
   * @default - the request's
   */
  readonly port?: number;
  /**
   * The status: 301, 302, 303, 307 or 308.
   * @default 301
   */
  readonly code?: number;
}

/** Options of a route that answers by itself. */
export interface HttpRespondOptions extends HttpRouteOptions {
  /** The status, 200 to 599. */
  readonly status: number;
  /**
   * The answer's text.
   * @default - an empty answer
   */
  readonly body?: string;
}

/** An entry of a VirtualService: what is matched, and what happens then. The first entry that matches wins. */
export class HttpRoute {
  /** @throws if there is no destination, or a weight or port is out of range, or of several destinations one has no weight. */
  public static forward(options: HttpForwardOptions): HttpRoute {
    const { destinations, retries } = options;
    const several = destinations.length > 1;
    if (destinations.length === 0) throw refusal(options, 'needs at least one destination');
    for (const { host, port, weight } of destinations) {
      if (host === '') throw refusal(options, 'a destination needs a host');
      const problem = port === undefined ? undefined : portProblem(port);
      if (problem) throw refusal(options, `destination ${host}: ${problem}`);
      if (weight !== undefined && (!Number.isInteger(weight) || weight < 0)) {
        throw refusal(options, `destination ${host}: weight must be a whole number of 0 or more, got ${weight}`);
      }
      if (several && weight === undefined) throw refusal(options, `destination ${host}: of several destinations each needs a weight`);
    }
    if (destinations.every(({ weight }) => weight === 0)) throw refusal(options, 'the weights must not sum to 0');
    if (retries && (!Number.isInteger(retries.attempts) || retries.attempts < 0)) {
      throw refusal(options, `retries.attempts must be a whole number of 0 or more, got ${retries.attempts}`);
    }
    const rewrites = options.rewriteUri !== undefined || options.rewriteAuthority !== undefined;
    return new HttpRoute(options, {
      route: destinations.map(({ host, port, subset, weight }) => ({
        destination: { host, ...(subset !== undefined && { subset }), ...(port !== undefined && { port: { number: port } }) },
        ...(several && { weight }),
      })),
      ...(rewrites && { rewrite: { uri: options.rewriteUri, authority: options.rewriteAuthority } }),
      ...(options.timeout && { timeout: durationText(options.timeout) }),
      ...(retries && {
        retries: { attempts: retries.attempts, perTryTimeout: durationText(retries.perTryTimeout), retryOn: retries.retryOn },
      }),
    });
  }

  /** @throws if the status is none that redirects, or nothing is said about where to. */
  public static redirect(options: HttpRedirectOptions): HttpRoute {
    const { authority, uri, scheme, port, code } = options;
    if (code !== undefined && ![301, 302, 303, 307, 308].includes(code)) {
      throw refusal(options, `a redirect's code is 301, 302, 303, 307 or 308, got ${code}`);
    }
    if (authority === undefined && uri === undefined && scheme === undefined && port === undefined) {
      throw refusal(options, 'a redirect needs an authority, uri, scheme or port to go to; without one it leads to itself');
    }
    if (uri !== undefined && !uri.startsWith('/')) throw refusal(options, `a redirect's uri begins with "/", got "${uri}"`);
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') throw refusal(options, `a redirect's scheme is http or https, got "${scheme}"`);
    const problem = port === undefined ? undefined : portProblem(port);
    if (problem) throw refusal(options, problem);
    return new HttpRoute(options, { redirect: { authority, uri, scheme, port, redirectCode: code } satisfies VirtualServiceSpecHttpRedirect });
  }

  /** @throws if the status is no number from 200 to 599. */
  public static respond(options: HttpRespondOptions): HttpRoute {
    const { status, body } = options;
    if (!Number.isInteger(status) || status < 200 || status > 599) throw refusal(options, `a status is a whole number from 200 to 599, got ${status}`);
    return new HttpRoute(options, { directResponse: { status, body: body === undefined ? undefined : { string: body } } });
  }

  private readonly options: HttpRouteOptions;
  private readonly action: VirtualServiceSpecHttp;

  private constructor(options: HttpRouteOptions, action: VirtualServiceSpecHttp) {
    this.action = action;
    for (const match of options.matches ?? []) {
      const problem = matchProblem(match);
      if (problem) throw refusal(options, problem);
    }
    this.options = options;
  }

  /** @internal */
  public _render(): VirtualServiceSpecHttp {
    const { name, matches, requestHeaders, responseHeaders } = this.options;
    return {
      ...(name !== undefined && { name }),
      ...(matches && { match: matches.map(renderMatch) }),
      ...((requestHeaders || responseHeaders) && { headers: { request: renderHeaders(requestHeaders), response: renderHeaders(responseHeaders) } }),
      ...this.action,
    };
  }
}

function renderHeaders(changes: HeaderChanges | undefined) {
  return changes && { set: changes.overwrite, add: changes.append, remove: changes.remove };
}

function refusal(options: HttpRouteOptions, problem: string): Error {
  return new Error(`HttpRoute${options.name === undefined ? '' : ` ${options.name}`}: ${problem}`);
}
