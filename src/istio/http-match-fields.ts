import { HttpMatch } from './http-match';
import { StringMatch } from './string-match';
import type { VirtualServiceSpecHttpMatch } from '../../imports/networking.istio.io';

/** What Istio reads of a match. */
export function renderMatch(match: HttpMatch): VirtualServiceSpecHttpMatch {
  const { uri, headers, withoutHeaders, queryParams, method, authority, scheme, ...rest } = match;
  return {
    ...rest,
    ...(uri && { uri: uri._render() }),
    ...(headers && { headers: renderAll(headers) }),
    ...(withoutHeaders && { withoutHeaders: renderAll(withoutHeaders) }),
    ...(queryParams && { queryParams: renderAll(queryParams) }),
    ...(method && { method: method._render() }),
    ...(authority && { authority: authority._render() }),
    ...(scheme && { scheme: scheme._render() }),
  };
}

/** Says what is wrong with a match, or undefined if nothing is. */
export function matchProblem(match: HttpMatch): string | undefined {
  for (const field of ['uri', 'method', 'authority', 'scheme'] as const) {
    if (match[field]?._isPresence) return `${field} is always present; match a value, or leave it out`;
  }
  const { exact, prefix } = match.uri?._render() ?? {};
  const path = exact ?? prefix;
  if (path !== undefined && !path.startsWith('/')) return `a path begins with "/", got "${path}"`;
  return undefined;
}

function renderAll(matches: { [name: string]: StringMatch }): { [name: string]: ReturnType<StringMatch['_render']> } {
  return Object.fromEntries(Object.entries(matches).map(([name, match]) => [name, match._render()]));
}
