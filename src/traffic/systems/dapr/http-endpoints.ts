/** An endpoint of daprd's HTTP API. */
export interface HttpEndpoint {
  /** Empty for all methods. */
  readonly methods: readonly string[];
  /** Such as `v1.0`. */
  readonly version: string;
  /** Below the version; `{x}` stands for one segment, `*` for the rest. */
  readonly route: string;
  /** The name that allow and deny lists have for it. */
  readonly group: string;
  /** The version that allow and deny lists have for it. */
  readonly groupVersion: string;
  readonly name: string;
}

// Methods, version, route, group, version of the group, name.
const ROWS = [
  ['', 'v1.0', 'invoke/*', 'invoke', 'v1', 'InvokeService'],
  ['DELETE', 'v1.0', 'actors/{actorType}/{actorId}/reminders/{name}', 'actors', 'v1', 'UnregisterActorReminder'],
  ['DELETE', 'v1.0', 'actors/{actorType}/{actorId}/timers/{name}', 'actors', 'v1', 'UnregisterActorTimer'],
  ['DELETE', 'v1.0', 'jobs/{name}', 'jobs', 'v1', 'DeleteJob'],
  ['DELETE', 'v1.0', 'state/{storeName}/{key}', 'state', 'v1', 'DeleteState'],
  ['DELETE', 'v1.0-alpha1', 'jobs/{name}', 'jobs', 'v1alpha1', 'DeleteJob'],
  ['GET POST DELETE PUT', 'v1.0', 'actors/{actorType}/{actorId}/method/{method}', 'actors', 'v1', 'InvokeActor'],
  ['GET', 'v1.0', 'actors/{actorType}/{actorId}/reminders/{name}', 'actors', 'v1', 'GetActorReminder'],
  ['GET', 'v1.0', 'actors/{actorType}/{actorId}/state/{key}', 'actors', 'v1', 'GetActorState'],
  ['GET', 'v1.0', 'configuration/{storeName}', 'configuration', 'v1', 'GetConfiguration'],
  ['GET', 'v1.0', 'configuration/{storeName}/subscribe', 'configuration', 'v1', 'SubscribeConfiguration'],
  ['GET', 'v1.0', 'configuration/{storeName}/{configurationSubscribeID}/unsubscribe', 'configuration', 'v1', 'UnsubscribeConfiguration'],
  ['GET', 'v1.0', 'healthz', 'healthz', 'v1', 'Healthz'],
  ['GET', 'v1.0', 'healthz/outbound', 'healthz', 'v1', 'HealthzOutbound'],
  ['GET', 'v1.0', 'jobs/{name}', 'jobs', 'v1', 'GetJob'],
  ['GET', 'v1.0', 'metadata', 'metadata', 'v1', 'GetMetadata'],
  ['GET', 'v1.0', 'secrets/{secretStoreName}/bulk', 'secrets', 'v1', 'GetBulkSecret'],
  ['GET', 'v1.0', 'secrets/{secretStoreName}/{key}', 'secrets', 'v1', 'GetSecret'],
  ['GET', 'v1.0', 'state/{storeName}/{key}', 'state', 'v1', 'GetState'],
  ['GET', 'v1.0', 'workflows/{workflowComponent}/{instanceID}', 'workflows', 'v1', 'GetWorkflow'],
  ['GET', 'v1.0-alpha1', 'configuration/{storeName}', 'configuration', 'v1alpha1', 'GetConfiguration'],
  ['GET', 'v1.0-alpha1', 'configuration/{storeName}/subscribe', 'configuration', 'v1alpha1', 'SubscribeConfiguration'],
  ['GET', 'v1.0-alpha1', 'configuration/{storeName}/{configurationSubscribeID}/unsubscribe', 'configuration', 'v1alpha1', 'UnsubscribeConfiguration'],
  ['GET', 'v1.0-alpha1', 'jobs/{name}', 'jobs', 'v1alpha1', 'GetJob'],
  ['GET', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}', 'workflows', 'v1alpha1', 'GetWorkflow'],
  ['GET', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}', 'workflows', 'v1beta1', 'GetWorkflow'],
  ['POST PUT', 'v1.0', 'actors/{actorType}/{actorId}/reminders/{name}', 'actors', 'v1', 'RegisterActorReminder'],
  ['POST PUT', 'v1.0', 'actors/{actorType}/{actorId}/state', 'actors', 'v1', 'ExecuteActorStateTransaction'],
  ['POST PUT', 'v1.0', 'actors/{actorType}/{actorId}/timers/{name}', 'actors', 'v1', 'RegisterActorTimer'],
  ['POST PUT', 'v1.0', 'bindings/{name}', 'bindings', 'v1', 'InvokeBinding'],
  ['POST PUT', 'v1.0', 'publish/bulk/{pubsubname}/*', 'publish', 'v1', 'BulkPublishEvent'],
  ['POST PUT', 'v1.0', 'publish/{pubsubname}/*', 'publish', 'v1', 'PublishEvent'],
  ['POST PUT', 'v1.0', 'state/{storeName}', 'state', 'v1', 'SaveState'],
  ['POST PUT', 'v1.0', 'state/{storeName}/bulk', 'state', 'v1', 'GetBulkState'],
  ['POST PUT', 'v1.0', 'state/{storeName}/transaction', 'state', 'v1', 'ExecuteStateTransaction'],
  ['POST PUT', 'v1.0-alpha1', 'publish/bulk/{pubsubname}/*', 'publish', 'v1alpha1', 'BulkPublishEvent'],
  ['POST PUT', 'v1.0-alpha1', 'state/{storeName}/query', 'state', 'v1alpha1', 'QueryStateAlpha1'],
  ['POST', 'v1.0', 'jobs/{name}', 'jobs', 'v1', 'ScheduleJob'],
  ['POST', 'v1.0', 'shutdown', 'shutdown', 'v1', 'Shutdown'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{instanceID}/pause', 'workflows', 'v1', 'PauseWorkflow'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{instanceID}/purge', 'workflows', 'v1', 'PurgeWorkflow'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{instanceID}/raiseEvent/{eventName}', 'workflows', 'v1', 'RaiseEventWorkflow'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{instanceID}/resume', 'workflows', 'v1', 'ResumeWorkflow'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{instanceID}/terminate', 'workflows', 'v1', 'TerminateWorkflow'],
  ['POST', 'v1.0', 'workflows/{workflowComponent}/{workflowName}/start', 'workflows', 'v1', 'StartWorkflow'],
  ['POST', 'v1.0-alpha1', 'conversation/{name}/converse', 'conversation', 'v1alpha1', 'Converse'],
  ['POST', 'v1.0-alpha1', 'jobs/{name}', 'jobs', 'v1alpha1', 'ScheduleJob'],
  ['POST', 'v1.0-alpha1', 'lock/{storeName}', 'lock', 'v1alpha1', 'TryLock'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/decrypt', 'subtlecrypto', 'v1alpha1', 'SubtleDecrypt'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/encrypt', 'subtlecrypto', 'v1alpha1', 'SubtleEncrypt'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/getkey', 'subtlecrypto', 'v1alpha1', 'SubtleGetKey'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/sign', 'subtlecrypto', 'v1alpha1', 'SubtleSign'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/unwrapkey', 'subtlecrypto', 'v1alpha1', 'SubtleUnwrapKey'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/verify', 'subtlecrypto', 'v1alpha1', 'SubtleVerify'],
  ['POST', 'v1.0-alpha1', 'subtlecrypto/{name}/wrapkey', 'subtlecrypto', 'v1alpha1', 'SubtleWrapKey'],
  ['POST', 'v1.0-alpha1', 'unlock/{storeName}', 'unlock', 'v1alpha1', 'Unlock'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}/pause', 'workflows', 'v1alpha1', 'PauseWorkflow'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}/purge', 'workflows', 'v1alpha1', 'PurgeWorkflow'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}/raiseEvent/{eventName}', 'workflows', 'v1alpha1', 'RaiseEventWorkflow'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}/resume', 'workflows', 'v1alpha1', 'ResumeWorkflow'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{instanceID}/terminate', 'workflows', 'v1alpha1', 'TerminateWorkflow'],
  ['POST', 'v1.0-alpha1', 'workflows/{workflowComponent}/{workflowName}/start', 'workflows', 'v1alpha1', 'StartWorkflow'],
  ['POST', 'v1.0-alpha2', 'conversation/{name}/converse', 'conversation', 'v1alpha2', 'Converse'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}/pause', 'workflows', 'v1beta1', 'PauseWorkflow'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}/purge', 'workflows', 'v1beta1', 'PurgeWorkflow'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}/raiseEvent/{eventName}', 'workflows', 'v1beta1', 'RaiseEventWorkflow'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}/resume', 'workflows', 'v1beta1', 'ResumeWorkflow'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{instanceID}/terminate', 'workflows', 'v1beta1', 'TerminateWorkflow'],
  ['POST', 'v1.0-beta1', 'workflows/{workflowComponent}/{workflowName}/start', 'workflows', 'v1beta1', 'StartWorkflow'],
  ['PUT', 'v1.0', 'metadata/{key}', 'metadata', 'v1', 'PutMetadata'],
  ['PUT', 'v1.0-alpha1', 'crypto/{name}/decrypt', 'crypto', 'v1alpha1', 'Decrypt'],
  ['PUT', 'v1.0-alpha1', 'crypto/{name}/encrypt', 'crypto', 'v1alpha1', 'Encrypt'],
] as const;

/** The HTTP API of daprd, as its router has it. */
export const HTTP_ENDPOINTS: readonly HttpEndpoint[] = ROWS.map(([methods, version, route, group, groupVersion, name]) => ({
  methods: methods === '' ? [] : methods.split(' '), version, route, group, groupVersion, name,
}));
