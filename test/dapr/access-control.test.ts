import * as fc from 'fast-check';
import { dapr } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const { Configuration, HttpVerb, Operation } = dapr;

/** A node of the tree in which a sidecar looks an operation up; children in the order in which they were written. */
interface Node { readonly segment: string; entry?: any; readonly children: Node[] }

/** How a sidecar decides, without ever going back to another child. */
function decides(policy: any, path: string, verb: string): boolean {
  const root: Node = { segment: '', children: [] };
  for (const entry of policy.operations ?? []) {
    let node = root;
    for (const segment of entry.name.toLowerCase().split('/').slice(1)) {
      let child = node.children.find((each) => each.segment === segment);
      if (!child) node.children.push(child = { segment, children: [] });
      node = child;
    }
    node.entry ??= entry;
  }
  const next = (node: Node, segment: string, last: boolean) => node.children
    .find((child) => child.segment === segment || child.segment === '**' || (child.segment === '*' && last));
  let found: any;
  let node: Node | undefined = root;
  const segments = path.toLowerCase().split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const last: boolean = index === segments.length - 1;
    node = next(node, segment, last);
    if (!node) break;
    found = node.entry ?? (last ? next(node, '*', true)?.entry : undefined);
    if (found) break;
  }
  const listed = found && (found.httpVerb.includes(verb) || found.httpVerb.includes('*'));
  return (listed ? found.action : policy.defaultAction) === 'allow';
}

/** Whether an operation covers a path, as its documentation has it. */
function covers(operation: string, path: string): boolean {
  const base = operation.replace(/\/\*\*?$/, '');
  if (operation === '/') return path === '/';
  if (path === base || (base === '' && path === '/')) return true;
  if (!path.startsWith(`${base}/`)) return false;
  // Without a wildcard too, everything below is covered.
  return !operation.endsWith('/*') || !path.slice(base.length + 1).includes('/');
}

const segment = fc.constantFrom('a', 'b', 'c');
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const pattern = fc.tuple(fc.array(segment, { maxLength: 3 }), fc.constantFrom('', '/*', '/**'))
  .map(([segments, wildcard]) => `${segments.map((each) => `/${each}`).join('')}${wildcard}` || '/');
const internal = pattern.filter((each) => !each.endsWith('/*'));
const verbs = fc.constantFrom<dapr.HttpVerb[]>([], [HttpVerb.GET], [HttpVerb.POST], [HttpVerb.GET, HttpVerb.POST]);

test('a sidecar decides as the policy says, or the policy is refused', () => {
  let compared = 0;
  fc.assert(fc.property(
    fc.array(fc.tuple(pattern, verbs), { minLength: 1, maxLength: 4 }),
    fc.array(internal, { maxLength: 3 }),
    fc.boolean(),
    fc.array(fc.tuple(path, fc.constantFrom('GET', 'POST')), { minLength: 10, maxLength: 20 }),
    (allowed, internalPaths, everything, requests) => {
      const scope = chart();
      const operations = everything ? undefined : allowed.map(([name, list]) => Operation.of(name, ...list));
      new Configuration(scope, 'Config', { accessControl: { internalPaths, policies: [{ appId: 'caller', namespace: 'web', operations }] } });
      let policy: any;
      try {
        policy = only(synthesized(scope), 'Configuration').spec.accessControl.policies[0];
      } catch (error) {
        expect(String(error)).toMatch(/is closed to every caller by|covers everything below it|Dapr cannot tell/);
        return;
      }
      for (const [requested, verb] of requests) {
        const closed = internalPaths.some((each) => covers(each, requested));
        const lets = (list: dapr.HttpVerb[]) => list.length === 0 || list.includes(verb as dapr.HttpVerb);
        const open = everything || allowed.some(([name, list]) => covers(name, requested) && lets(list));
        expect([policy, requested, verb, decides(policy, requested, verb)]).toEqual([policy, requested, verb, open && !closed]);
        compared++;
      }
    },
  ), { numRuns: 400, seed: 7 });
  expect(compared).toBeGreaterThan(1000);
});
