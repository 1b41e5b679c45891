import { httpEntries, HttpEntry } from './http-routes';
import { visibleTo } from './registry';
import { Cluster } from '../../cluster';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** The http entries of a VirtualService with those that it delegates put in their place. */
export function withDelegates(root: ReadObject, cluster: Cluster): HttpEntry[] {
  return httpEntries(root).flatMap((item) => {
    const { delegate } = item.entry;
    if (!isRecord(delegate)) return [item];
    const object = cluster.find('networking.istio.io', 'VirtualService', delegate.namespace || root.namespace, delegate.name);
    if (!object || listOf(object.spec.hosts).length > 0) return [];
    const exportTo = listOf(object.spec.exportTo).map(String);
    if (!visibleTo(exportTo, object.namespace, root.namespace)) return [];
    return httpEntries(object).flatMap((child) => merge(item, child));
  });
}

const INHERITED = ['rewrite', 'timeout', 'retries', 'fault', 'mirror', 'mirrors', 'mirrorPercentage', 'corsPolicy', 'headers', 'redirect', 'directResponse'];

// The delegate's match must lie within the root's; a route with no match that does vanishes.
function merge(root: HttpEntry, child: HttpEntry): HttpEntry[] {
  const roots = listOf(root.entry.match).filter(isRecord);
  const children = listOf(child.entry.match).filter(isRecord);
  let match: Record<string, any>[];
  if (roots.length === 0) match = children;
  else if (children.length === 0) match = roots;
  else match = children.flatMap((own) => roots.filter((outer) => !conflicts(outer, own)).map((outer) => mergeMatch(outer, own)));
  if (roots.length > 0 && children.length > 0 && match.length === 0) return [];
  const inherited = Object.fromEntries(INHERITED.filter((key) => root.entry[key] !== undefined).map((key) => [key, root.entry[key]]));
  return [{ object: child.object, entry: { ...inherited, ...child.entry, match }, at: child.at }];
}

function conflicts(outer: Record<string, any>, own: Record<string, any>): boolean {
  for (const key of ['uri', 'scheme', 'method', 'authority'] as const) if (stringConflict(outer[key], own[key])) return true;
  for (const key of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    for (const [name, test] of Object.entries(isRecord(outer[key]) ? outer[key] : {})) {
      if (isRecord(own[key]) && own[key][name] !== undefined && stringConflict(test, own[key][name])) return true;
    }
  }
  if (outer.port !== undefined && own.port !== undefined && outer.port !== own.port) return true;
  return (outer.ignoreUriCase === true) !== (own.ignoreUriCase === true);
}

function stringConflict(outer: any, own: any): boolean {
  if (!isRecord(outer) || !isRecord(own)) return false;
  if (outer.regex !== undefined || own.regex !== undefined) return true;
  if (outer.exact !== undefined) return own.exact !== outer.exact;
  if (outer.prefix !== undefined) return !String(own.exact ?? own.prefix ?? '').startsWith(outer.prefix);
  return false;
}

function mergeMatch(outer: Record<string, any>, own: Record<string, any>): Record<string, any> {
  const merged: Record<string, any> = { ...outer, ...own };
  for (const key of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    if (isRecord(outer[key]) || isRecord(own[key])) merged[key] = { ...outer[key], ...own[key] };
  }
  return merged;
}
