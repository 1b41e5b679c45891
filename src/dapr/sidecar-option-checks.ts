import { SidecarOptions } from './sidecar-options';
import { nameProblem, NameSyntax } from '../platform/names';
import { portProblem } from '../platform/ports';

/** Refuses options that daprd would not start with, or would silently read as something else. */
export function checkSidecarOptions(options: SidecarOptions, fail: (problem: string) => never): void {
  for (const [what, port] of [
    ['grpcPort', options.grpcPort], ['internalGrpcPort', options.internalGrpcPort], ['metricsPort', options.metricsPort],
  ] as const) {
    const problem = port === undefined ? undefined : portProblem(port, what);
    if (problem) fail(problem);
  }
  for (const [what, number] of [
    ['appMaxConcurrency', options.appMaxConcurrency], ['appHealthCheck.threshold', options.appHealthCheck?.threshold],
  ] as const) {
    if (number !== undefined && !(Number.isInteger(number) && number >= 1)) fail(`${what} must be a whole number from 1, got ${number}`);
  }
  for (const [what, secret] of [['appTokenSecret', options.appTokenSecret], ['apiTokenSecret', options.apiTokenSecret]] as const) {
    const problem = secret === undefined ? undefined : nameProblem(secret, NameSyntax.SUBDOMAIN);
    if (problem) fail(`${what}: ${problem}`);
  }
  const path = options.appHealthCheck?.path;
  if (path !== undefined && !path.startsWith('/')) fail(`appHealthCheck.path must begin with "/", got "${path}"`);
  if (options.enableMetrics === false && options.metricsPort !== undefined) fail('metricsPort goes with metrics, got enableMetrics: false');
}
