import { Duration } from 'cdk8s';
import { HttpHealthCheckOptions } from './health-check';
import { OutlierDetection } from './outlier-detection';
import { Protocol } from './protocol';
import { RequestTimeout } from './timeout';
import type { TlsClientPolicy } from './tls';
import { wire, wireDuration } from './wire';

/* The parts of listeners and clients as the wire has them. */

/** The health check of a listener as the wire has it. */
export function renderHealthCheck<P>(port: number, protocol: Protocol, options: HttpHealthCheckOptions, fail: (problem: string) => never) {
  const range = (what: string, value: number, low: number, high: number) => {
    if (!Number.isInteger(value) || value < low || value > high) fail(`healthCheck.${what} must be a whole number from ${low} to ${high}, got ${value}`);
    return value;
  };
  const intervalMillis = range('interval (ms)', (options.interval ?? Duration.seconds(5)).toMilliseconds(), 5_000, 300_000);
  const timeoutMillis = range('timeout (ms)', (options.timeout ?? Duration.seconds(2)).toMilliseconds(), 2_000, 60_000);
  if (timeoutMillis > intervalMillis) fail(`healthCheck.timeout must not be longer than the interval of ${intervalMillis} ms, got ${timeoutMillis} ms`);
  const asksPath = protocol === Protocol.HTTP || protocol === Protocol.HTTP2;
  if (options.path !== undefined && !options.path.startsWith('/')) fail(`healthCheck.path must begin with "/", got "${options.path}"`);
  return {
    healthyThreshold: range('healthyThreshold', options.healthyThreshold ?? 2, 2, 10),
    unhealthyThreshold: range('unhealthyThreshold', options.unhealthyThreshold ?? 2, 2, 10),
    intervalMillis,
    timeoutMillis,
    path: asksPath ? options.path ?? '/' : undefined,
    port,
    protocol: wire<P>(protocol),
  };
}

/** The connection pool of a listener, under the name of its protocol. */
export function renderConnectionPool(
  protocol: Protocol,
  pool: { maxConnections?: number; maxPendingRequests?: number; maxRequests?: number } | undefined,
  fail: (problem: string) => never,
): any {
  if (!pool) return undefined;
  for (const [what, value] of Object.entries(pool)) {
    if (value !== undefined && (!Number.isInteger(value) || value < 1)) fail(`connectionPool.${what} must be a whole number of at least 1, got ${value}`);
  }
  return { [protocol]: pool };
}

/** A timeout as the wire has it. */
export function renderTimeout(timeout: RequestTimeout | undefined): any {
  if (!timeout) return undefined;
  return {
    idle: timeout.idle === undefined ? undefined : wireDuration(timeout.idle),
    perRequest: timeout.perRequest === undefined ? undefined : wireDuration(timeout.perRequest),
  };
}

/** The timeout of a listener, under the name of its protocol. */
export function renderListenerTimeout(protocol: Protocol, timeout: RequestTimeout | undefined): any {
  return timeout === undefined ? undefined : { [protocol]: renderTimeout(timeout) };
}

/** Outlier detection as the wire has it. */
export function renderOutlierDetection<I, B>(detection: OutlierDetection | undefined, fail: (problem: string) => never) {
  if (!detection) return undefined;
  const { maxServerErrors, maxEjectionPercent } = detection;
  if (!Number.isInteger(maxServerErrors) || maxServerErrors < 1) {
    fail(`outlierDetection.maxServerErrors must be a whole number of at least 1, got ${maxServerErrors}`);
  }
  if (!Number.isInteger(maxEjectionPercent) || maxEjectionPercent < 0 || maxEjectionPercent > 100) {
    fail(`outlierDetection.maxEjectionPercent must be a whole number from 0 to 100, got ${maxEjectionPercent}`);
  }
  return {
    maxServerErrors,
    maxEjectionPercent,
    interval: wireDuration<I>(detection.interval),
    baseEjectionDuration: wireDuration<B>(detection.baseEjectionDuration),
  };
}

/** A client policy as the wire has it. */
export function renderClientPolicy(policy: TlsClientPolicy | undefined): any {
  if (!policy) return undefined;
  return {
    tls: {
      enforce: policy.enforce,
      ports: policy.ports,
      certificate: policy.certificate?._render(),
      validation: { trust: policy.trust._render(), subjectAlternativeNames: alternativeNames(policy.subjectAlternativeNames) },
    },
  };
}

/** Names that a certificate may carry, as the wire has them. */
export function alternativeNames(names: string[] | undefined): any {
  return names === undefined || names.length === 0 ? undefined : { match: { exact: names } };
}

/** The ARNs of ACM in listeners and client policies. */
export function acmArnsOf(listeners: { tls?: any }[], ...clientPolicies: any[]): string[] {
  return [
    ...listeners.map(({ tls }) => tls?.certificate.acm?.certificateArn),
    ...clientPolicies.flatMap((policy) => policy?.tls.validation.trust.acm?.certificateAuthorityArNs ?? []),
  ].filter((arn) => arn !== undefined);
}
