import { AccessAction, AccessControl, AccessPolicy } from './access-control';
import { operationProblem } from './operation-path';
import type { ConfigurationSpecAccessControl, ConfigurationSpecAccessControlPoliciesOperations } from '../../imports/dapr.io';
import { nameProblem, NameSyntax } from '../platform/names';

/** The trust domain of every sidecar whose Configuration says nothing else. */
export const DEFAULT_TRUST_DOMAIN = 'public';

/** The paths on which a sidecar calls its own application: subscriptions and settings, jobs, actors. */
export const CALLBACK_PATHS = ['/dapr/**', '/job/**', '/actors/**'];

interface Caller {
  readonly policy: AccessPolicy;
  readonly trustDomain: string;
  everything: boolean;
  /** Path to verbs. */
  readonly allowed: Map<string, Set<string>>;
}

/** The access control of one Configuration, as it grows until synthesis. */
export class AccessControlList {
  public readonly trustDomain: string;
  private readonly defaultAction: AccessAction;
  private readonly callers = new Map<string, Caller>();
  /** Base to path, as given. */
  private readonly internal = new Map<string, string>();

  /** `fail` refuses a value in the name of the object that the list belongs to. */
  constructor(private readonly fail: (problem: string) => never, control: AccessControl) {
    this.trustDomain = control.trustDomain ?? DEFAULT_TRUST_DOMAIN;
    this.checkTrustDomain('trustDomain', this.trustDomain);
    this.defaultAction = control.defaultAction ?? AccessAction.DENY;
    for (const path of control.internalPaths ?? CALLBACK_PATHS) this.deny(path);
    for (const policy of control.policies ?? []) this.add(policy);
  }

  /** Adds what a caller may call; several policies of one caller are one. */
  public add(policy: AccessPolicy): void {
    for (const [what, name] of [['appId', policy.appId], ['namespace', policy.namespace]] as const) {
      const problem = nameProblem(name ?? '', NameSyntax.LABEL);
      if (problem) this.fail(`access policy of caller ${policy.appId}: ${what}: ${problem}`);
    }
    const trustDomain = policy.trustDomain ?? DEFAULT_TRUST_DOMAIN;
    this.checkTrustDomain(`access policy of caller ${policy.appId}: trustDomain`, trustDomain);
    if (policy.operations?.length === 0) {
      this.fail(`access policy of caller ${policy.appId}: name at least one operation, or leave \`operations\` out to allow all`);
    }
    const key = `${policy.namespace}/${policy.appId}`;
    let caller = this.callers.get(key);
    if (!caller) this.callers.set(key, caller = { policy, trustDomain, everything: false, allowed: new Map() });
    if (caller.trustDomain !== trustDomain) {
      this.fail(`caller ${policy.appId}.${policy.namespace} has one trust domain, got "${caller.trustDomain}" and "${trustDomain}"`);
    }
    if (!policy.operations) caller.everything = true;
    for (const operation of policy.operations ?? []) {
      const verbs = caller.allowed.get(operation.path) ?? new Set();
      operation.verbs.forEach((verb) => verbs.add(verb));
      caller.allowed.set(operation.path, verbs);
    }
  }

  /** Closes a path to every caller. */
  public deny(path: string): void {
    const problem = operationProblem(path);
    if (problem) this.fail(`internal path: ${problem}`);
    if (path.endsWith('/*')) this.fail(`internal path: "*" covers one segment only, so what is below stays open; end it with "**", got "${path}"`);
    const base = baseOf(path);
    if (!this.internal.has(base)) this.internal.set(base, path);
  }

  /** What contradicts itself, in words. */
  public problems(): string[] {
    return [...this.callers.values()].filter((caller) => !caller.everything).flatMap((caller) => this.problemsOf(caller));
  }

  public spec(): ConfigurationSpecAccessControl {
    const callers = [...this.callers.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, caller]) => caller);
    return {
      defaultAction: this.defaultAction,
      trustDomain: this.trustDomain,
      policies: callers.length === 0 ? undefined : callers.map((caller) => ({
        appId: caller.policy.appId,
        namespace: caller.policy.namespace,
        trustDomain: caller.trustDomain,
        defaultAction: caller.everything ? AccessAction.ALLOW : AccessAction.DENY,
        operations: this.operationsOf(caller),
      })),
    };
  }

  // Dapr walks a tree of segments, takes the first node that fits in the order written, and never goes back. So what is
  // denied comes first, exact before wildcard, and a wildcard stands again in every branch that it has to reach into.
  private operationsOf(caller: Caller): ConfigurationSpecAccessControlPoliciesOperations[] | undefined {
    const denied = this.deniedTo(caller);
    const names = caller.everything ? [] : [...new Set([...caller.allowed.keys(), ...this.repeated(caller, denied)])];
    const operations = [
      ...denied.map((name) => ({ name, httpVerb: ['*'], action: AccessAction.DENY })),
      ...names.sort(exactFirst).map((name) => {
        const verbs = effectiveVerbs(caller, name);
        return { name, httpVerb: verbs.has('*') ? ['*'] : [...verbs].sort(), action: AccessAction.ALLOW };
      }),
    ];
    return operations.length === 0 ? undefined : operations;
  }

  /** The internal paths that would be open to a caller otherwise, none of them below another. */
  private deniedTo(caller: Caller): string[] {
    const lets = (other: string) => caller.allowed.has(other);
    return [...this.internal].filter(([base]) => !ancestors(base).some((above) => this.internal.has(above)))
      .filter(([, path]) => caller.everything || wildcardsOver(path).some(lets) || wildcardsAt(path).some(lets))
      .map(([, path]) => path).sort();
  }

  private repeated(caller: Caller, denied: string[]): string[] {
    const lets = (other: string) => caller.allowed.has(other);
    return branches([...denied, ...caller.allowed.keys()])
      .filter((branch) => branch !== '/' && !this.isInternal(branch) && !lets(branch) && !literalsOver(branch).some(lets))
      .map((branch) => `${branch}/**`).filter((path) => wildcardsOver(path).some(lets));
  }

  private isInternal(path: string): boolean {
    const base = baseOf(path);
    return this.internal.has(base) || ancestors(base).some((above) => this.internal.has(above)) || (path === '/' && (this.internal.has('/') || this.internal.has('')));
  }

  private problemsOf(caller: Caller): string[] {
    const who = `caller ${caller.policy.appId}.${caller.policy.namespace}`;
    const lets = (other: string) => caller.allowed.has(other);
    const lacks = (path: string, verbs: Set<string>) => {
      const given = effectiveVerbs(caller, path);
      return !given.has('*') && [...verbs].some((verb) => !given.has(verb));
    };
    const problems: string[] = [];
    for (const [path, verbs] of caller.allowed) {
      if (this.isInternal(path)) {
        const internal = [baseOf(path), ...ancestors(baseOf(path)), path].map((base) => this.internal.get(base)).find((found) => found !== undefined);
        problems.push(`${who}: operation ${path} is closed to every caller by the internal path ${internal}; remove one of them`);
      }
      for (const above of literalsOver(path).filter(lets)) {
        if (lacks(above, verbs)) {
          problems.push(`${who}: operation ${above} covers everything below it, so the verbs of ${path} never apply; allow them on ${above} too, or name its children`);
        }
      }
    }
    for (const branch of branches([...this.deniedTo(caller), ...caller.allowed.keys()])) {
      const [beside] = wildcardsAt(branch).filter(lets);
      if (beside === undefined || this.isInternal(branch) || literalsOver(branch).some(lets)) continue;
      const at = [branch, `${branch}/*`, `${branch}/**`].find(lets) ?? `${branch}/**`;
      if (lacks(at, caller.allowed.get(beside)!)) {
        problems.push(`${who}: Dapr cannot tell ${beside} from what is said about ${branch} and below; allow its verbs on ${at} too`);
      }
    }
    for (const internal of this.internal.values()) {
      for (const above of literalsOver(internal).filter(lets)) {
        problems.push(`${who}: operation ${above} covers everything below it, the internal path ${internal} too; allow ${above}/** instead`);
      }
    }
    return problems;
  }

  private checkTrustDomain(what: string, trustDomain: string): void {
    const problem = nameProblem(trustDomain, NameSyntax.SUBDOMAIN);
    if (problem) this.fail(`${what}: ${problem}`);
  }
}

/** A node that is found stands alone, so its verbs include those of the wildcards over it. */
function effectiveVerbs(caller: Caller, path: string): Set<string> {
  const over = wildcardsOver(path).filter((other) => caller.allowed.has(other));
  return new Set([path, ...over].flatMap((each) => [...caller.allowed.get(each) ?? []]));
}

/** A path without its wildcard; the root's own path is no base of any other. */
const baseOf = (path: string) => (path === '/' ? '/' : path.replace(/\/\*\*?$/, ''));

/** The paths above a path, nearest last, beginning with the root, which is empty. */
function ancestors(base: string): string[] {
  const segments = base.split('/');
  return segments.slice(0, -1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

/** Every node of the tree that some paths make, but for its root and the wildcards. */
function branches(paths: string[]): string[] {
  return [...new Set(paths.map(baseOf).flatMap((base) => [...ancestors(base), base]))].filter((branch) => branch !== '');
}

/** The literals that cover a path: the walk through Dapr's tree ends at a literal that is reached. */
function literalsOver(path: string): string[] {
  const base = baseOf(path);
  return [...ancestors(base).slice(1), ...(base === path || base === '' ? [] : [base])];
}

/** The wildcards that cover a path and everything it covers. */
function wildcardsOver(path: string): string[] {
  const base = baseOf(path);
  return [...ancestors(base), base].map((ancestor) => `${ancestor}/**`).filter((other) => other !== path);
}

/** The wildcards of one segment that cover the path itself, but not what is below it. */
function wildcardsAt(path: string): string[] {
  const base = baseOf(path);
  const parent = path === '/' ? '' : ancestors(base).pop();
  return parent === undefined ? [] : [`${parent}/*`];
}

/** Segment by segment: what is written out, then `*`, then `**`. */
function exactFirst(a: string, b: string): number {
  const key = (path: string) => path.split('/').map((segment) => (segment === '**' ? '2' : segment === '*' ? '1' : `0${segment}`)).join('/');
  return key(a) < key(b) ? -1 : 1;
}
