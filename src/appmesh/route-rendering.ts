import { GrpcRetryPolicy } from './retry-policy';
import { wireDuration } from './wire';

/* What router routes and gateway routes check and write alike. */

/** Refuses a path that cannot match: one without a leading slash, or one that App Mesh keeps for itself. */
export function checkedPath(who: string, path: string): string {
  if (!path.startsWith('/')) throw new Error(`${who}: a path begins with "/", got "${path}"`);
  if (/^\/aws-app-?mesh/.test(path)) throw new Error(`${who}: paths beginning with /aws-appmesh and /aws-app-mesh are App Mesh's own, got "${path}"`);
  return path;
}

/** Refuses a gRPC service that App Mesh keeps for itself. */
export function checkedGrpcService(who: string, service: string | undefined): string | undefined {
  if (service !== undefined && (service === '' || /^aws\.app-?mesh/.test(service))) {
    throw new Error(`${who}: serviceName must not be empty nor begin with aws.appmesh or aws.app-mesh, which are App Mesh's own, got "${service}"`);
  }
  return service;
}

/** A list of matches as the wire has it: App Mesh takes 1 to 10. */
export function renderMatches(who: string, what: string, matches: { _render(): any }[] | undefined): any[] | undefined {
  if (matches === undefined) return undefined;
  if (matches.length < 1 || matches.length > 10) throw new Error(`${who}: ${what} takes 1 to 10 matches, got ${matches.length}`);
  return matches.map((match) => match._render());
}

/** Refuses a priority outside App Mesh's range. */
export function checkedPriority(who: string, priority: number | undefined): number | undefined {
  if (priority !== undefined && (!Number.isInteger(priority) || priority < 0 || priority > 1000)) {
    throw new Error(`${who}: priority must be a whole number from 0 to 1000, got ${priority}`);
  }
  return priority;
}

/** A retry policy as the wire has it. */
export function renderRetryPolicy(who: string, policy: GrpcRetryPolicy | undefined): any {
  if (!policy) return undefined;
  if (!Number.isInteger(policy.maxRetries) || policy.maxRetries < 0) {
    throw new Error(`${who}: retryPolicy.maxRetries must be a whole number of at least 0, got ${policy.maxRetries}`);
  }
  const listed = (events: string[] | undefined) => (events === undefined || events.length === 0 ? undefined : [...new Set(events)]);
  const events = {
    httpRetryEvents: listed(policy.httpRetryEvents),
    tcpRetryEvents: listed(policy.tcpRetryEvents),
    grpcRetryEvents: listed(policy.grpcRetryEvents),
  };
  if (Object.values(events).every((each) => each === undefined)) throw new Error(`${who}: a retryPolicy needs at least one event to retry on`);
  return { maxRetries: policy.maxRetries, perRetryTimeout: wireDuration(policy.perRetryTimeout), ...events };
}
