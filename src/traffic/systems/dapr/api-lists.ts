import { HttpEndpoint } from './http-endpoints';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** A rule of `spec.api.allowed` or `spec.api.denied`. */
interface ApiRule {
  readonly name: string;
  readonly version: string;
}

const GRPC_GROUPS = [
  'invoke', 'state', 'publish', 'bindings', 'secrets', 'actors', 'metadata', 'configuration', 'lock', 'unlock', 'crypto', 'subtlecrypto', 'workflows',
  'shutdown', 'jobs', 'conversation', 'subscribe',
];

/** Whether daprd serves an endpoint of its HTTP API: rules are by group, or by a prefix of version and route. */
export function servesHttp(configuration: ReadObject | undefined, endpoint: HttpEndpoint): boolean {
  if (endpoint.group === 'healthz') return true;
  const rules = (key: 'allowed' | 'denied') => rulesOf(configuration, key, (protocol) => protocol.toLowerCase() === 'http');
  const matches = (rule: ApiRule) => (rule.name === endpoint.group && rule.version === endpoint.groupVersion)
    || `${endpoint.version}/${endpoint.route}`.startsWith(`${rule.version}/${rule.name}`);
  if (rules('denied').some(matches)) return false;
  const allowed = rules('allowed');
  return allowed.length === 0 || allowed.some(matches);
}

/** Whether daprd serves a group of its gRPC API: rules that name no known group and version count for nothing. */
export function servesGrpc(configuration: ReadObject | undefined, group: string): boolean {
  const known = (rule: ApiRule) => GRPC_GROUPS.includes(rule.name) && /^v\d+(alpha\d+|beta\d+)?$/.test(rule.version);
  const rules = (key: 'allowed' | 'denied') => rulesOf(configuration, key, (protocol) => protocol === 'grpc').filter(known);
  if (rules('denied').some((rule) => rule.name === group)) return false;
  const allowed = rules('allowed');
  return allowed.length === 0 || allowed.some((rule) => rule.name === group);
}

function rulesOf(configuration: ReadObject | undefined, key: 'allowed' | 'denied', ofProtocol: (protocol: string) => boolean): ApiRule[] {
  const api = configuration?.spec.api;
  if (!isRecord(api)) return [];
  return recordsOf(api[key]).filter((rule) => ofProtocol(String(rule.protocol ?? '')))
    .map((rule) => ({ name: String(rule.name ?? ''), version: String(rule.version ?? '') }));
}

/** The group of a gRPC method of `dapr.proto.runtime.v1.Dapr`. */
export function grpcGroup(method: string): string {
  const groups: [RegExp, string][] = [
    [/^InvokeService/, 'invoke'], [/State/, 'state'], [/^(Bulk)?Publish/, 'publish'], [/^InvokeBinding/, 'bindings'], [/Secret/, 'secrets'],
    [/Actor/, 'actors'], [/Metadata/, 'metadata'], [/Configuration/, 'configuration'], [/^TryLock/, 'lock'], [/^Unlock/, 'unlock'],
    [/^Subtle/, 'subtlecrypto'], [/^(Encrypt|Decrypt)/, 'crypto'], [/Workflow/, 'workflows'], [/^Shutdown/, 'shutdown'], [/Job/, 'jobs'],
    [/^Converse/, 'conversation'], [/^SubscribeTopic/, 'subscribe'],
  ];
  return groups.find(([pattern]) => pattern.test(method))?.[1] ?? 'metadata';
}
