import { timeoutOr } from './durations';
import { responsePolicies } from './headers';
import { Policy } from '../../network/action';
import { Origin, within } from '../../network/origin';
import { isRecord } from '../../read/objects';

/** Envoy's own timeout for a response, where nobody sets one. */
export const DEFAULT_TIMEOUT = '15s (default)';

/** The policies of a route that applications feel. */
export function routePolicies(route: Record<string, any>, at: Origin, forwards: boolean): Policy[] {
  if (!forwards) return [];
  const timeout = isRecord(route.timeoutPolicy) ? route.timeoutPolicy : {};
  const policies: Policy[] = [{ name: 'timeout', value: timeoutOr(timeout.response, DEFAULT_TIMEOUT), origin: timeout.response ? within(at, 'timeoutPolicy.response') : at }];
  if (timeout.idle) policies.push({ name: 'idleTimeout', value: String(timeout.idle), origin: within(at, 'timeoutPolicy.idle') });
  const retry = route.retryPolicy;
  if (isRecord(retry) && (retry.count ?? 1) >= 0) {
    const each = retry.perTryTimeout ? ` of ${retry.perTryTimeout} each` : '';
    const on = Array.isArray(retry.retryOn) && retry.retryOn.length > 0 ? retry.retryOn.join(', ') : '5xx';
    policies.push({ name: 'retries', value: `${retry.count || 1}${each} on ${on}`, origin: within(at, 'retryPolicy') });
  }
  return [...policies, ...responsePolicies(route.responseHeadersPolicy, within(at, 'responseHeadersPolicy'))];
}
