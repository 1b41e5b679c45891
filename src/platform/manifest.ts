import { ApiObject, JsonPatch } from 'cdk8s';
import { IConstruct } from 'constructs';

/* Reading and completing objects that other libraries build: any cdk8s-plus line, cdk8s import, a raw ApiObject. */

type Amendment = (manifest: any) => void;
const amendments = new WeakMap<ApiObject, Amendment[]>();

/** The object behind a construct of any cdk8s library, or undefined. */
export function findApiObject(construct: IConstruct): ApiObject | undefined {
  try {
    return ApiObject.of(construct);
  } catch {
    return undefined;
  }
}

/**
 * The object behind a construct of any cdk8s library.
 * @throws if there is none; `who` says who asks, `what` what was expected.
 */
export function apiObjectOf(construct: IConstruct, who: string, what: string): ApiObject {
  const found = findApiObject(construct);
  if (!found) throw new Error(`${who}: expected ${what}, got the construct "${construct.node.path}", which has no API object of its own`);
  return found;
}

/** `Kind/namespace/name` of an object that any library built. */
export function referenceOf(apiObject: ApiObject): string {
  return `${apiObject.kind}/${apiObject.metadata.namespace ?? ''}/${apiObject.name}`;
}

/**
 * Changes the manifest of an object that another library builds, after that library is done with it. Generated classes
 * filter what their own schema does not know, so a JSON patch would lose whatever is newer than their Kubernetes line.
 */
export function amend(apiObject: ApiObject, amendment: Amendment): void {
  let list = amendments.get(apiObject);
  if (!list) {
    amendments.set(apiObject, list = []);
    const applied = list;
    const render = apiObject.toJson.bind(apiObject);
    apiObject.toJson = () => {
      const manifest = structuredClone(render());
      for (const change of applied) change(manifest);
      return manifest;
    };
  }
  list.push(amendment);
}

/**
 * Lets JSON patches in the wire's spelling arrive on an object that this library builds with cdk8s-plus, whatever its
 * generated class knows: they are applied to the finished manifest, after all amendments.
 */
export function keepPatches(construct: IConstruct): ApiObject {
  const apiObject = ApiObject.of(construct);
  const patches: JsonPatch[] = [];
  apiObject.addJsonPatch = (...ops: JsonPatch[]) => { patches.push(...ops); };
  amend(apiObject, () => undefined);
  const render = apiObject.toJson.bind(apiObject);
  apiObject.toJson = () => JsonPatch.apply(render(), ...patches);
  return apiObject;
}

/** The pod template of a workload's manifest: a Deployment's, a CronJob's, a Pod's own, …; undefined if it has none. */
export function podTemplateOf(manifest: any): any {
  switch (manifest?.kind) {
    case 'Pod': return manifest;
    case 'CronJob': return manifest.spec?.jobTemplate?.spec?.template;
    default: return manifest?.spec?.template;
  }
}

/** Merges labels and annotations into a pod template. */
export function mergePodMetadata(template: any, metadata: { labels?: Record<string, string>; annotations?: Record<string, string> }): void {
  template.metadata ??= {};
  for (const key of ['labels', 'annotations'] as const) {
    if (metadata[key] && Object.keys(metadata[key]).length > 0) {
      template.metadata[key] = sortKeys({ ...template.metadata[key], ...metadata[key] });
    }
  }
}

/** The same object with its keys in order, as cdk8s writes them. */
export function sortKeys<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
