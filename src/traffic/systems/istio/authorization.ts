import { Cluster, hasLabels, Workload } from '../../cluster';
import { Filter, FilterVerdict } from '../../network/hop';
import { globMatches, inCidr } from '../../network/match';
import { fullMatch } from '../../network/regex';
import { Request } from '../../network/request';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** The AuthorizationPolicies that apply to a workload, as a filter: CUSTOM, then DENY, then ALLOW. */
export function authorization(workload: Workload, port: number, cluster: Cluster, options: TrafficModelOptions): Filter[] {
  const policies = applying(cluster.all('security.istio.io', 'AuthorizationPolicy'), workload, options);
  const tokens = applying(cluster.all('security.istio.io', 'RequestAuthentication'), workload, options);
  const filters: Filter[] = tokens.map((object) => ({
    check: () => ({ policy: { name: 'authentication', value: `JWT of ${recordsOf(object.spec.jwtRules).map((rule) => rule.issuer).join(' or ')}`, origin: { object: object.ref, at: 'spec.jwtRules' } } }),
  }));
  if (policies.length > 0) filters.push({ check: (request) => decide(policies, request, port) });
  return filters;
}

/** Whether a port of a workload takes mutual TLS only: the workload's own policy, then the namespace's, then the mesh's. */
export function isStrict(workload: Workload, port: number, cluster: Cluster, options: TrafficModelOptions): { strict: boolean; by?: ReadObject } {
  const policies = applying(cluster.all('security.istio.io', 'PeerAuthentication'), workload, options);
  const selects = (policy: ReadObject) => isRecord(policy.spec.selector) && policy.namespace === workload.namespace;
  const ordered = [
    ...policies.filter(selects),
    ...policies.filter((policy) => !isRecord(policy.spec.selector) && policy.namespace === workload.namespace),
    ...policies.filter((policy) => !isRecord(policy.spec.selector) && policy.namespace !== workload.namespace),
  ];
  for (const by of ordered) {
    const mode = by.spec.portLevelMtls?.[String(port)]?.mode ?? by.spec.mtls?.mode ?? 'UNSET';
    if (mode !== 'UNSET') return { strict: mode === 'STRICT', by };
  }
  return { strict: false };
}

/** Policies of the mesh, of the namespace, and of the workload itself. */
export function applying(policies: readonly ReadObject[], workload: Workload, options: TrafficModelOptions): ReadObject[] {
  const root = options.istio?.rootNamespace ?? 'istio-system';
  return policies.filter((policy) => {
    if (policy.namespace !== workload.namespace && policy.namespace !== root) return false;
    const references = [...recordsOf(policy.spec.targetRefs), ...(isRecord(policy.spec.targetRef) ? [policy.spec.targetRef] : [])];
    if (references.length > 0) {
      return references.some((reference) => reference.kind === 'Gateway' && policy.namespace === workload.namespace
        && workload.podLabels['gateway.networking.k8s.io/gateway-name'] === reference.name);
    }
    return !isRecord(policy.spec.selector) || hasLabels(workload.podLabels, policy.spec.selector.matchLabels ?? {});
  });
}

function decide(policies: readonly ReadObject[], request: Request, port: number): FilterVerdict {
  const of = (action: string) => policies.filter((policy) => (policy.spec.action ?? 'ALLOW') === action);
  for (const policy of of('CUSTOM')) {
    const met = policyMatches(policy, request, port);
    if (met !== false) return { policy: { name: 'authentication', value: `external authorization by ${policy.spec.provider?.name}`, origin: { object: policy.ref, at: 'spec' } } };
  }
  for (const policy of of('DENY')) {
    const met = policyMatches(policy, request, port);
    if (met) return { answer: { status: 403, why: 'answers 403: it is denied' }, origin: { object: policy.ref, at: 'spec.rules' } };
    if (met === undefined) return { unknown: `whether ${policy.ref} denies it depends on what the request does not say`, origin: { object: policy.ref, at: 'spec.rules' } };
  }
  const allow = of('ALLOW');
  if (allow.length === 0) return undefined;
  const verdicts = allow.map((policy) => policyMatches(policy, request, port));
  if (verdicts.includes(true)) return undefined;
  const at = { object: allow[0].ref, at: 'spec.rules' };
  if (verdicts.includes(undefined)) return { unknown: `whether ${allow[0].ref} allows it depends on what the request does not say`, origin: at };
  return { answer: { status: 403, why: 'answers 403: no policy allows it' }, origin: at };
}

function policyMatches(policy: ReadObject, request: Request, port: number): boolean | undefined {
  return any(recordsOf(policy.spec.rules).map((rule) => ruleMatches(rule, request, port, policy)));
}

function ruleMatches(rule: Record<string, any>, request: Request, port: number, policy: ReadObject): boolean | undefined {
  const from = recordsOf(rule.from);
  const to = recordsOf(rule.to);
  return all([
    from.length === 0 ? true : any(from.map((entry) => sourceMatches(entry.source ?? {}, request, policy))),
    to.length === 0 ? true : any(to.map((entry) => operationMatches(entry.operation ?? {}, request, port))),
    ...recordsOf(rule.when).map((condition) => conditionMatches(condition, request)),
  ]);
}

function sourceMatches(source: Record<string, any>, request: Request, policy: ReadObject): boolean | undefined {
  const { source: sender } = request;
  const remote = sender.forwardedFor ?? sender.ip;
  const inMesh = sender.workload !== undefined;
  const principal = inMesh ? `cluster.local/ns/${sender.namespace}/sa/${sender.serviceAccount ?? 'default'}` : undefined;
  const serviceAccounts = (values: any) => listOf(values).map((value) => (String(value).includes('/') ? String(value) : `${policy.namespace}/${value}`));
  return all([
    test(source.principals, principal, inMesh),
    not(test(source.notPrincipals, principal, inMesh), source.notPrincipals),
    test(source.namespaces, inMesh ? sender.namespace : undefined, inMesh),
    not(test(source.notNamespaces, inMesh ? sender.namespace : undefined, inMesh), source.notNamespaces),
    source.serviceAccounts === undefined ? true : inMesh && serviceAccounts(source.serviceAccounts).includes(`${sender.namespace}/${sender.serviceAccount ?? 'default'}`),
    addresses(source.ipBlocks, sender.ip),
    not(addresses(source.notIpBlocks, sender.ip), source.notIpBlocks),
    addresses(source.remoteIpBlocks, remote),
    not(addresses(source.notRemoteIpBlocks, remote), source.notRemoteIpBlocks),
    source.requestPrincipals === undefined ? true : request.header('authorization') === undefined ? false : undefined,
    source.notRequestPrincipals === undefined ? true : request.header('authorization') === undefined ? true : undefined,
  ]);
}

function operationMatches(operation: Record<string, any>, request: Request, port: number): boolean | undefined {
  const host = request.host.toLowerCase();
  const hosts = (values: any) => listOf(values).map((value) => String(value).toLowerCase())
    .some((pattern) => pathLike(pattern, host) || pathLike(pattern, request.hostName));
  return all([
    operation.hosts === undefined ? true : hosts(operation.hosts),
    operation.notHosts === undefined ? true : !hosts(operation.notHosts),
    operation.ports === undefined ? true : listOf(operation.ports).map(String).includes(String(port)),
    operation.notPorts === undefined ? true : !listOf(operation.notPorts).map(String).includes(String(port)),
    operation.methods === undefined ? true : listOf(operation.methods).some((method) => pathLike(String(method), request.method)),
    operation.notMethods === undefined ? true : !listOf(operation.notMethods).some((method) => pathLike(String(method), request.method)),
    operation.paths === undefined ? true : listOf(operation.paths).some((path) => pathLike(String(path), request.path)),
    operation.notPaths === undefined ? true : !listOf(operation.notPaths).some((path) => pathLike(String(path), request.path)),
  ]);
}

function conditionMatches(condition: Record<string, any>, request: Request): boolean | undefined {
  const header = /^request\.headers\[(.+)\]$/.exec(String(condition.key));
  const value = header ? request.header(header[1]) : condition.key === 'source.namespace' ? request.source.namespace : undefined;
  if (!header && condition.key !== 'source.namespace') {
    const { ip, forwardedFor } = request.source;
    const address = condition.key === 'source.ip' ? ip : forwardedFor ?? ip;
    return condition.key === 'source.ip' || condition.key === 'remote.ip'
      ? all([addresses(condition.values, address), not(addresses(condition.notValues, address), condition.notValues)])
      : undefined;
  }
  return all([
    condition.values === undefined ? true : value !== undefined && listOf(condition.values).some((pattern) => pathLike(String(pattern), value)),
    condition.notValues === undefined ? true : value === undefined || !listOf(condition.notValues).some((pattern) => pathLike(String(pattern), value)),
  ]);
}

// `x*`, `*x`, `*`, and the templates `{*}` and `{**}`.
function pathLike(pattern: string, text: string): boolean {
  if (pattern.includes('{*')) {
    const regex = pattern.split('/').map((part) => (part === '{**}' ? '.*' : part === '{*}' ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('/');
    return fullMatch(regex, text);
  }
  if (pattern === '*') return text !== '';
  if (pattern.endsWith('*')) return text.startsWith(pattern.slice(0, -1));
  if (pattern.startsWith('*')) return text.endsWith(pattern.slice(1));
  return pattern === text;
}

function test(patterns: any, value: string | undefined, known: boolean): boolean | undefined {
  if (patterns === undefined) return true;
  return known && value !== undefined && listOf(patterns).some((pattern) => globMatches(String(pattern), value, false));
}

function addresses(blocks: any, ip: string | undefined): boolean | undefined {
  if (blocks === undefined) return true;
  return ip === undefined ? undefined : listOf(blocks).some((block) => inCidr(ip, String(block)));
}

function not(value: boolean | undefined, given: any): boolean | undefined {
  return given === undefined ? true : value === undefined ? undefined : !value;
}

function all(values: readonly (boolean | undefined)[]): boolean | undefined {
  return values.includes(false) ? false : values.includes(undefined) ? undefined : true;
}

function any(values: readonly (boolean | undefined)[]): boolean | undefined {
  return values.includes(true) ? true : values.includes(undefined) ? undefined : false;
}
