import { Backend } from './backend';
import { HeaderMatch } from './header-match';
import type { Ranked } from './istio-shared-gateway-order';
import type { GatewayRouteProps } from './istio-shared-gateway-route';
import type { ResolvedBackend } from './resolved-backend';
import type { VirtualServiceSpecHttp, VirtualServiceSpecHttpMatch } from '../../imports/networking.istio.io';
import { HttpRedirectOptions, HttpRespondOptions, HttpRoute } from '../istio/http-route';
import { StringMatch } from '../istio/string-match';

/** What a route does with a request. */
export interface RouteAction {
  readonly backends: Backend[];
  readonly grpc?: boolean;
  /** How a request is passed on, for routes with backends. */
  readonly forward?: Pick<GatewayRouteProps, 'rewrite' | 'timeout' | 'retries'>;
  readonly respond?: Pick<HttpRespondOptions, 'status' | 'body'>;
  readonly redirect?: Pick<HttpRedirectOptions, 'authority' | 'uri' | 'code'>;
}

/** Refuses what a route's action cannot be, before anything is known of its backends. */
export function checkAction(action: RouteAction, fail: (problem: string) => never): void {
  const { rewrite, retries } = action.forward ?? {};
  if (rewrite !== undefined && !rewrite.startsWith('/')) fail(`rewrite begins with "/", got "${rewrite}"`);
  if (rewrite !== undefined && rewrite.includes('//')) fail(`rewrite has no empty segment, got "${rewrite}"`);
  if (action.backends.length === 1 && action.backends[0]!._weight !== 0 && !retries) return;
  try {
    actionOf(action, action.backends.map(({ _reference: host }) => ({ host, port: 1, grpc: false })));
  } catch (error) {
    fail((error as Error).message.replace(/^HttpRoute: /, ''));
  }
}

/**
 * The entries of a VirtualService that a route becomes. A prefix by whole segments is two matches, the path itself and
 * what begins with the path and a slash; Istio replaces the matched text, so that with a rewrite they are two entries.
 */
export function renderEntries(route: Ranked, action: RouteAction, resolved: ResolvedBackend[]): VirtualServiceSpecHttp[] {
  const { _kind: kind, _value: path } = route.path;
  const rewrite = action.forward?.rewrite;
  const match = (uri: VirtualServiceSpecHttpMatch['uri']) => matchOf(route, uri);
  const entry = (matches: VirtualServiceSpecHttpMatch[], uri?: string) => entryOf(route.id, matches, action, resolved, uri);

  if (kind === 'regex') return [entry([match({ regex: path })], rewrite)];
  if (kind === 'exact') return [entry([match({ exact: path })], rewrite)];
  const target = rewrite?.replace(/\/$/, '');
  if (path === '/') return [entry([match({ prefix: '/' })], target === undefined ? undefined : `${target}/`)];
  const itself = match({ exact: path });
  const below = match({ prefix: `${path}/` });
  if (target === undefined || target === '') return [entry([itself, below], rewrite)];
  return [entry([itself], target), entry([below], `${target}/`)];
}

function matchOf(route: Ranked, uri: VirtualServiceSpecHttpMatch['uri']): VirtualServiceSpecHttpMatch {
  if (route.headers.length === 0) return { uri };
  return { uri, headers: Object.fromEntries(route.headers.map((header) => [header._name, headerMatch(header)._render()])) };
}

// Forwarding is what most routes do: there may be thousands, so that the entry is written as it stands in the manifest.
function entryOf(
  name: string, match: VirtualServiceSpecHttpMatch[], action: RouteAction, resolved: ResolvedBackend[], rewriteUri?: string,
): VirtualServiceSpecHttp {
  const { timeout, retries } = action.forward ?? {};
  if (!action.forward || timeout || retries || rewriteUri !== undefined) return { name, match, ...actionOf(action, resolved, rewriteUri)._render() };
  const several = resolved.length > 1;
  return {
    name,
    match,
    route: resolved.map(({ host, port }, i) => {
      const destination = { host, port: { number: port } };
      return several ? { destination, weight: action.backends[i]!._weight } : { destination };
    }),
  };
}

function actionOf(action: RouteAction, resolved: ResolvedBackend[], rewriteUri?: string): HttpRoute {
  if (action.respond) return HttpRoute.respond(action.respond);
  if (action.redirect) return HttpRoute.redirect(action.redirect);
  return HttpRoute.forward({
    destinations: resolved.map(({ host, port }, i) => ({ host, port, weight: action.backends[i]!._weight })),
    rewriteUri,
    timeout: action.forward?.timeout,
    retries: action.forward?.retries,
  });
}

function headerMatch(header: HeaderMatch): StringMatch {
  switch (header._kind) {
    case 'exact': return StringMatch.exactly(header._value);
    case 'prefix': return StringMatch.startsWith(header._value);
    case 'regex': return StringMatch.matches(header._value);
    case 'present': return StringMatch.isPresent();
  }
}
