import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** Who calls a callee, and how. */
export interface Call {
  readonly appId: string;
  readonly namespace: string;
  readonly trustDomain: string;
  /** The method with a leading slash. */
  readonly method: string;
  readonly verb: string;
  readonly grpc: boolean;
}

/** Whether a callee's Configuration lets a call in; undefined rules let everything in. */
export function admits(configuration: ReadObject | undefined, call: Call): boolean {
  const control = configuration?.spec.accessControl;
  if (!isRecord(control)) return true;
  const policies = recordsOf(control.policies);
  if (!control.defaultAction && !control.trustDomain && policies.length === 0) return true;
  const byDefault = (control.defaultAction || (policies.length > 0 ? 'deny' : 'allow')).toLowerCase();
  const policy = policies.find((each) => each.appId === call.appId && each.namespace === call.namespace);
  if (!policy || (policy.trustDomain ?? 'public') !== call.trustDomain) return byDefault === 'allow';
  const own = String(policy.defaultAction || byDefault).toLowerCase();
  const operation = recordsOf(policy.operations).find((each) => operationMatches(String(each.name ?? ''), call));
  if (!operation) return own === 'allow';
  const verbs = Array.isArray(operation.httpVerb) ? operation.httpVerb.map((verb) => String(verb).toUpperCase()) : [];
  if (!call.grpc && !verbs.includes('*') && !verbs.includes(call.verb.toUpperCase())) return own === 'allow';
  return String(operation.action).toLowerCase() === 'allow';
}

// `/*` is one segment, `/**` any number; HTTP without regard to case.
function operationMatches(name: string, call: Call): boolean {
  const fold = (text: string) => (call.grpc ? text : text.toLowerCase());
  const pattern = fold(name.startsWith('/') ? name : `/${name}`).split('/').slice(1);
  const path = fold(call.method).split('/').slice(1);
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '**') return true;
    if (i >= path.length) return false;
    if (pattern[i] !== '*' && pattern[i] !== path[i]) return false;
  }
  return path.length === pattern.length;
}
