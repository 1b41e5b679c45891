import { IConstruct } from 'constructs';
import { amend, mergePodMetadata, podTemplateOf } from '../platform/manifest';
import { ObservedWorkload } from '../platform/observed';

/* The pods that a node or a gateway stands for: read from a workload of any library, or given as labels. */

/** The pods behind a node or a gateway. */
export interface Pods {
  readonly labels?: Record<string, string>;
  readonly workload?: ObservedWorkload;
}

/**
 * The labels to select a workload's pods by. Labels that cdk8s-plus makes of construct paths change when code moves, so a
 * workload that is told apart by nothing else gets the label `<key>: <name>` on its pods.
 */
export function podsOf(
  owner: { name: string; namespace?: string; reference: string },
  key: string,
  workload: IConstruct | undefined,
  podLabels: Record<string, string> | undefined,
  fail: (problem: string) => never,
): Pods {
  if (workload !== undefined && podLabels !== undefined) fail('takes `workload` or `podLabels`, got both');
  if (podLabels !== undefined) {
    if (Object.keys(podLabels).length === 0) fail('podLabels must not be empty, it would select every pod of the namespace');
    return { labels: podLabels };
  }
  if (workload === undefined) return {};
  const observed = new ObservedWorkload(workload, owner.reference);
  if (observed.namespace !== owner.namespace) {
    fail(`selects pods of its own namespace only, got ${observed.reference}; put both into one namespace`);
  }
  const readable = Object.fromEntries(Object.entries(observed.matchLabels).filter(([label]) => !label.startsWith('cdk8s.io/')));
  if (Object.keys(readable).length > 0) return { labels: readable, workload: observed };
  const own = { [key]: owner.name };
  amend(observed.apiObject, (manifest) => mergePodMetadata(podTemplateOf(manifest), { labels: own }));
  return { labels: own, workload: observed };
}

/** Whether pods with these labels are selected. */
export function selects(selector: Record<string, string> | undefined, labels: Record<string, string>): boolean {
  return selector !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}
