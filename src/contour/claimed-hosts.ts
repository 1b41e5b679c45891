import { IConstruct } from 'constructs';

const claimed = new WeakMap<IConstruct, Map<string, string>>();

/** Notes that a proxy answers a host, and returns the one that does already: Contour would serve neither. */
export function claimHost(construct: IConstruct, ingressClassName: string | undefined, host: string, reference: string): string | undefined {
  const root = construct.node.root;
  let hosts = claimed.get(root);
  if (!hosts) claimed.set(root, hosts = new Map());
  const key = `${ingressClassName ?? ''} ${host}`;
  const other = hosts.get(key);
  if (other === undefined) hosts.set(key, reference);
  return other;
}
