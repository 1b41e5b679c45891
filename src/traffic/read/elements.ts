import { InputError } from './input-error';
import { isManifest, isRecord, Place, readObject, ReadObject, scopesOf } from './objects';

/** A manifest and where it stands. */
export interface Manifest {
  readonly raw: any;
  readonly place: Place;
}

/** Where the value at a path, such as `['items', 3]`, stands. */
export type Locate = (path: readonly (string | number)[]) => Place;

const DEEPEST_LIST = 20;

/** Takes a manifest, or the items of a List, which may be Lists themselves; `fail` gets what is none. */
export function openLists(value: any, locate: Locate, fail: (what: string, path: readonly (string | number)[]) => never): Manifest[] {
  const found: Manifest[] = [];
  const take = (element: any, path: readonly (string | number)[]) => {
    if (!isManifest(element)) fail(`is no object with apiVersion and kind, but ${nameOf(element)}`, path);
    if (!isList(element)) {
      found.push({ raw: element, place: locate(path) });
      return;
    }
    if (path.length >= 2 * DEEPEST_LIST) fail('is a List in too many Lists', path);
    const items: any[] = Array.isArray(element.items) ? element.items : [];
    items.forEach((item, i) => take(typed(item, element), [...path, 'items', i]));
  };
  take(value, []);
  return found;
}

function isList(manifest: any): boolean {
  return Array.isArray(manifest.items) ? manifest.kind.endsWith('List') : manifest.kind === 'List' && manifest.apiVersion === 'v1';
}

// The API server leaves kind and apiVersion out of the items of a PodList: they are the list's.
function typed(item: any, list: any): any {
  const kind = list.kind.slice(0, -'List'.length);
  return kind !== '' && isRecord(item) && item.kind === undefined && item.apiVersion === undefined ? { apiVersion: list.apiVersion, kind, ...item } : item;
}

/** What a value is, without a word of what it holds. */
export function nameOf(value: any): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const missing = ['apiVersion', 'kind'].filter((key) => typeof value[key] !== 'string' || value[key] === '');
  return `an object without ${missing.join(' and ')}`;
}

/** Reads elements that were handed over as they are. */
export function readElements(elements: readonly any[], defaultNamespace?: string): ReadObject[] {
  if (!Array.isArray(elements)) throw new InputError(`objects must be a list, got ${nameOf(elements)}`);
  return readManifests(elements.flatMap((element, i) => openLists(element, () => ({}), (what, path) => {
    throw new InputError(`element ${i}${path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('')} ${what}`);
  })), defaultNamespace);
}

/** Reads manifests. Those that define kinds tell whether these belong to the cluster. */
export function readManifests(manifests: readonly Manifest[], defaultNamespace = 'default'): ReadObject[] {
  const scopes = scopesOf(manifests.map((manifest) => manifest.raw));
  return manifests.map(({ raw, place }) => readObject(raw, defaultNamespace, place, scopes));
}
