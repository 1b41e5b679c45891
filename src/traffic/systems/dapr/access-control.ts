import { OperationTrie } from './operation-trie';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** Who calls a callee, and how. */
export interface Call {
  readonly appId: string;
  readonly namespace: string;
  readonly trustDomain: string;
  /** The method with a leading slash. */
  readonly method: string;
  readonly verb: string;
  /** Whether the callee's application speaks gRPC, or the call is one: verbs do not count then, the case of letters does. */
  readonly grpc: boolean;
}

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];

/** What keeps daprd from starting with a Configuration, or undefined. */
export function accessControlProblem(configuration: ReadObject | undefined): string | undefined {
  const bad = policiesOf(configuration).find((policy) => !policy.appId || !policy.trustDomain || !policy.namespace);
  return bad && `a policy of accessControl needs appId, trustDomain and namespace, got ${['appId', 'trustDomain', 'namespace'].map((key) => `${key} "${bad[key] ?? ''}"`).join(', ')}`;
}

/** Whether a callee's Configuration has anything to say on who may call. */
export function controlsAccess(configuration: ReadObject | undefined): boolean {
  const control = configuration?.spec.accessControl;
  return isRecord(control) && Boolean(control.defaultAction || control.trustDomain || policiesOf(configuration).length > 0);
}

/** Whether a callee's Configuration lets a call in; undefined rules let everything in. */
export function admits(configuration: ReadObject | undefined, call: Call): boolean {
  if (!controlsAccess(configuration)) return true;
  const byDefault = configuration!.spec.accessControl.defaultAction || 'deny';
  // Of two policies for one caller the last counts.
  const policy = policiesOf(configuration).filter((each) => each.appId === call.appId && each.namespace === call.namespace).pop();
  if (!policy || policy.trustDomain !== call.trustDomain) return isAllow(byDefault);
  const own = policy.defaultAction || byDefault;
  const fold = (text: string) => (call.grpc ? text : text.toLowerCase());
  const operations = new OperationTrie<Record<string, any>>();
  for (const operation of recordsOf(policy.operations)) {
    const name = String(operation.name ?? '');
    operations.put(fold(name.startsWith('/') ? name : `/${name}`), operation);
  }
  const operation = operations.search(fold(call.method));
  if (!operation) return isAllow(own);
  if (call.grpc) return isAllow(operation.action);
  if (!VERBS.includes(call.verb)) return isAllow(policy.defaultAction);
  const verbs = Array.isArray(operation.httpVerb) ? operation.httpVerb : [];
  return isAllow(verbs.includes(call.verb) || verbs.includes('*') ? operation.action : own);
}

function policiesOf(configuration: ReadObject | undefined): Record<string, any>[] {
  return recordsOf(configuration?.spec.accessControl?.policies);
}

function isAllow(action: unknown): boolean {
  return String(action).toLowerCase() === 'allow';
}
