import { HttpEndpoint } from './http-endpoints';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';

/** A rule of `spec.api.allowed` or `spec.api.denied`. */
interface ApiRule {
  readonly name: string;
  readonly version: string;
}

// The groups that rules for gRPC may name; a rule that names none counts for nothing.
const GRPC_GROUPS = [
  'invoke.v1', 'state.v1', 'state.v1alpha1', 'publish.v1', 'publish.v1alpha1', 'bindings.v1', 'subscribe.v1alpha1', 'secrets.v1', 'actors.v1', 'metadata.v1',
  'configuration.v1', 'configuration.v1alpha1', 'lock.v1alpha1', 'unlock.v1alpha1', 'crypto.v1alpha1', 'subtlecrypto.v1alpha1', 'workflows.v1',
  'workflows.v1alpha1', 'workflows.v1beta1', 'jobs.v1', 'jobs.v1alpha1', 'shutdown.v1', 'conversation.v1alpha1', 'conversation.v1alpha2',
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

/** Whether daprd serves a method of its gRPC API: rules that name no known group and version count for nothing. */
export function servesGrpc(configuration: ReadObject | undefined, method: string): boolean {
  const group = grpcGroup(method);
  const rules = (key: 'allowed' | 'denied') => rulesOf(configuration, key, (protocol) => protocol === 'grpc')
    .map((rule) => `${rule.name}.${rule.version}`).filter((rule) => GRPC_GROUPS.includes(rule));
  if (group !== undefined && rules('denied').includes(group)) return false;
  const allowed = rules('allowed');
  return allowed.length === 0 || (group !== undefined && allowed.includes(group));
}

function rulesOf(configuration: ReadObject | undefined, key: 'allowed' | 'denied', ofProtocol: (protocol: string) => boolean): ApiRule[] {
  const api = configuration?.spec.api;
  if (!isRecord(api)) return [];
  return recordsOf(api[key]).filter((rule) => ofProtocol(String(rule.protocol ?? '')))
    .map((rule) => ({ name: String(rule.name ?? ''), version: String(rule.version ?? '') }));
}

// The group and version of a method of `dapr.proto.runtime.v1.Dapr`; what belongs to none is open unless a list is given.
function grpcGroup(method: string): string | undefined {
  const groups: [RegExp, string][] = [
    [/^InvokeService/, 'invoke'], [/^(BulkPublish|Publish)Event/, 'publish'], [/^InvokeBinding/, 'bindings'], [/^Get(Bulk)?Secret/, 'secrets'],
    [/Actor/, 'actors'], [/^(Get|Set)Metadata/, 'metadata'], [/Configuration/, 'configuration'], [/^TryLock/, 'lock'], [/^Unlock/, 'unlock'],
    [/^Subtle/, 'subtlecrypto'], [/^(Encrypt|Decrypt)/, 'crypto'], [/Workflow/, 'workflows'], [/^Shutdown/, 'shutdown'], [/Job/, 'jobs'],
    [/^Converse/, 'conversation'], [/^SubscribeTopic/, 'subscribe'], [/State/, 'state'],
  ];
  const name = groups.find(([pattern]) => pattern.test(method))?.[1];
  const version = /(Alpha|Beta)(\d+)$/.exec(method);
  return name && `${name}.v1${version ? `${version[1].toLowerCase()}${version[2]}` : ''}`;
}
