import { DaprPodOptions } from './dapr-pod-options';
import { quantityOf } from './quantity';

/** The annotations of a pod that asks for a sidecar; what is not said is left to Dapr. */
export function sidecarAnnotations(appId: string, configurationName: string | undefined, options: DaprPodOptions): Record<string, string> {
  const health = options.appHealthCheck;
  const values: Record<string, string | number | boolean | undefined> = {
    'enabled': true,
    'app-id': appId,
    'app-port': options.appPort,
    'app-protocol': options.appProtocol,
    'app-max-concurrency': options.appMaxConcurrency,
    'app-token-secret': options.appTokenSecret,
    'api-token-secret': options.apiTokenSecret,
    'config': configurationName,
    'sidecar-listen-addresses': options.listenAddresses?.join(','),
    'grpc-port': options.grpcPort,
    'internal-grpc-port': options.internalGrpcPort,
    'enable-metrics': options.enableMetrics,
    'metrics-port': options.metricsPort,
    'log-level': options.logLevel,
    'log-as-json': options.logAsJson,
    'enable-api-logging': options.enableApiLogging,
    'max-body-size': options.maxBodySize && quantityOf(options.maxBodySize),
    'read-buffer-size': options.readBufferSize && quantityOf(options.readBufferSize),
    'graceful-shutdown-seconds': options.gracefulShutdown?.toSeconds(),
    'block-shutdown-duration': options.blockShutdown && `${options.blockShutdown.toSeconds()}s`,
    'disable-builtin-k8s-secret-store': (options.disableBuiltinK8sSecretStore ?? true) || undefined,
    'enable-app-health-check': health && true,
    'app-health-check-path': health?.path,
    'app-health-probe-interval': health?.interval?.toSeconds(),
    'app-health-probe-timeout': health?.timeout?.toMilliseconds(),
    'app-health-threshold': health?.threshold,
    'sidecar-cpu-request': options.resources?.cpuRequest,
    'sidecar-cpu-limit': options.resources?.cpuLimit,
    'sidecar-memory-request': options.resources?.memoryRequest,
    'sidecar-memory-limit': options.resources?.memoryLimit,
    'enable-native-sidecar': options.nativeSidecar,
  };
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) annotations[`dapr.io/${key}`] = String(value);
  }
  return { ...annotations, ...options.annotations };
}
