/** A host as a VirtualService or destination writes it: a name without a dot is a Service of the object's own namespace. */
export function fullHost(host: string, namespace: string, clusterDomain: string): string {
  if (host.includes('.') || host.includes('*') || host.includes(':')) return host;
  return `${host}.${namespace}.svc.${clusterDomain}`;
}

/** Whether every name that a pattern stands for is also one of another: `*.a.com` of `*.com`. Upper and lower case differ. */
export function hostWithin(narrow: string, wide: string): boolean {
  if (wide === '*') return true;
  if (!wide.startsWith('*')) return narrow === wide;
  const suffix = wide.slice(1);
  if (narrow.startsWith('*')) return narrow.slice(1).endsWith(suffix);
  return narrow.length > suffix.length && narrow.endsWith(suffix);
}

/** The narrower host of every pair that overlaps. */
export function intersect(a: readonly string[], b: readonly string[]): string[] {
  const found = new Set<string>();
  for (const left of a) {
    for (const right of b) {
      if (hostWithin(left, right)) found.add(left);
      else if (hostWithin(right, left)) found.add(right);
    }
  }
  return [...found];
}

/** Whether a host covers a name, wildcards before it; the longest cover is the most specific. */
export function mostSpecific<T>(name: string, candidates: readonly T[], hostOf: (candidate: T) => string): T | undefined {
  let best: T | undefined;
  for (const candidate of candidates) {
    const host = hostOf(candidate);
    if (!hostWithin(name, host)) continue;
    if (best === undefined || specificity(host) > specificity(hostOf(best))) best = candidate;
  }
  return best;
}

function specificity(host: string): number {
  return host.startsWith('*') ? host.length : 10_000;
}

/** The hosts of a server that VirtualServices of a namespace may use: `ns/host`, `./host` and `*` are taken apart. */
export function serverHosts(hosts: readonly string[], gatewayNamespace: string, serviceNamespace: string): string[] {
  const allowed: string[] = [];
  for (const entry of hosts) {
    const slash = entry.indexOf('/');
    const [namespace, host] = slash < 0 ? ['*', entry] : [entry.slice(0, slash), entry.slice(slash + 1)];
    if (namespace === '*' || namespace === serviceNamespace || (namespace === '.' && gatewayNamespace === serviceNamespace)) allowed.push(host);
  }
  return allowed;
}

/** A server's host without its namespace. */
export function bareHost(entry: string): string {
  return entry.slice(entry.indexOf('/') + 1);
}
