import { Policy } from '../../network/action';
import { Origin, within } from '../../network/origin';
import { Template, Transform } from '../../network/transform';
import { ContourHeaderPolicy } from '../../options';
import { isRecord, listOf, recordsOf } from '../../read/objects';

/** Where a header policy stands: Host may be set on requests only, and from a header on routes only. */
export type PolicyLevel = 'route' | 'service' | 'response';

/** What is wrong with a header policy, or undefined. */
export function headerPolicyProblem(policy: any, level: PolicyLevel): string | undefined {
  if (!isRecord(policy)) return undefined;
  const set = new Set<string>();
  for (const { name } of recordsOf(policy.set)) {
    const key = String(name ?? '').toLowerCase();
    if (set.has(key)) return `header ${name} is set twice`;
    set.add(key);
    if (key === 'host' && level === 'response') return 'Host cannot be set on responses';
    if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(key)) return `"${name}" is no header name`;
  }
  const removed = new Set<string>();
  for (const name of listOf(policy.remove)) {
    const key = String(name).toLowerCase();
    if (removed.has(key)) return `header ${name} is removed twice`;
    removed.add(key);
    if (!/^[-!#$%&'*+.^_`|~0-9A-Za-z]+$/.test(key)) return `"${name}" is no header name`;
  }
  return undefined;
}

/** The Host that a policy sets: literal, or taken from a header. */
export function hostOf(policy: any, level: PolicyLevel): Template | undefined {
  const host = recordsOf(policy?.set).find((header) => String(header.name).toLowerCase() === 'host');
  if (!host || typeof host.value !== 'string') return undefined;
  const fromHeader = /^%REQ\(([^)]+)\)%$/.exec(host.value);
  if (fromHeader) return level === 'route' ? [{ header: fromHeader[1] }] : undefined;
  return [host.value];
}

/** Removals and settings of a request header policy, removals first. */
export function headerTransforms(policy: any, origin: Origin, names: { namespace: string; service?: string; port?: number }): Transform[] {
  if (!isRecord(policy)) return [];
  return [
    ...listOf(policy.remove).map((name, i): Transform => ({ origin: within(origin, `remove[${i}]`), kind: 'removeHeader', name: String(name) })),
    ...listOf(policy.set).map((header, i): Transform | undefined => {
      if (!isRecord(header) || String(header.name).toLowerCase() === 'host') return undefined;
      return { origin: within(origin, `set[${i}]`), kind: 'setHeader', name: String(header.name), value: template(String(header.value ?? ''), names) };
    }).filter((each): each is Transform => each !== undefined),
  ];
}

/** The policy of the installation merged into a service's own, which wins. */
export function withGlobal(policy: any, global: ContourHeaderPolicy | undefined): any {
  if (!global || (!global.set && !global.remove)) return policy;
  const own = isRecord(policy) ? policy : {};
  const named = new Set(recordsOf(own.set).map((header) => String(header.name).toLowerCase()));
  const removed = new Set(listOf(own.remove).map((name) => String(name).toLowerCase()));
  return {
    set: [
      ...recordsOf(own.set),
      ...Object.entries(global.set ?? {}).filter(([name]) => !named.has(name.toLowerCase())).map(([name, value]) => ({ name, value })),
    ],
    remove: [...listOf(own.remove), ...(global.remove ?? []).filter((name) => !removed.has(name.toLowerCase()))],
  };
}

const ENVOY_VARIABLES = [
  'DOWNSTREAM_REMOTE_ADDRESS', 'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT', 'DOWNSTREAM_LOCAL_ADDRESS', 'DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_LOCAL_PORT', 'DOWNSTREAM_LOCAL_URI_SAN', 'DOWNSTREAM_PEER_URI_SAN', 'DOWNSTREAM_LOCAL_SUBJECT', 'DOWNSTREAM_PEER_SUBJECT',
  'DOWNSTREAM_PEER_ISSUER', 'DOWNSTREAM_TLS_SESSION_ID', 'DOWNSTREAM_TLS_CIPHER', 'DOWNSTREAM_TLS_VERSION', 'DOWNSTREAM_PEER_FINGERPRINT_256',
  'DOWNSTREAM_PEER_FINGERPRINT_1', 'DOWNSTREAM_PEER_SERIAL', 'DOWNSTREAM_PEER_CERT', 'DOWNSTREAM_PEER_CERT_V_START', 'DOWNSTREAM_PEER_CERT_V_END',
  'HOSTNAME', 'PROTOCOL', 'UPSTREAM_REMOTE_ADDRESS', 'RESPONSE_FLAGS', 'RESPONSE_CODE_DETAILS',
];

// Every other percent sign is a plain character.
function template(value: string, names: { namespace: string; service?: string; port?: number }): Template {
  return value.split(/(%[A-Z0-9_]+(?:\([^)]*\))?%)/).filter((part) => part !== '').map((part) => {
    const variable = /^%([A-Z0-9_]+)(?:\(([^)]*)\))?%$/.exec(part);
    if (!variable) return part;
    if (variable[1] === 'REQ' && variable[2] !== undefined) return { header: variable[2] };
    if (variable[1] === 'CONTOUR_NAMESPACE') return names.namespace;
    if (variable[1] === 'CONTOUR_SERVICE_NAME' && names.service !== undefined) return names.service;
    if (variable[1] === 'CONTOUR_SERVICE_PORT' && names.port !== undefined) return String(names.port);
    return ENVOY_VARIABLES.includes(variable[1]) ? { unknown: variable[1] } : part;
  });
}

/** What is done to response headers, as a policy. */
export function responsePolicies(policy: any, at: Origin): Policy[] {
  const set = recordsOf(policy?.set).map((header) => `sets ${header.name}`);
  const remove = listOf(policy?.remove).map((name) => `removes ${name}`);
  return set.length + remove.length > 0 ? [{ name: 'responseHeaders', value: [...set, ...remove].join(', '), origin: at }] : [];
}
