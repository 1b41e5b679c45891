import { ExplicitSidecarOptions } from './explicit-sidecar-options';
import { LocalSecretStore } from './local-secret-store';
import { quantityOf } from './quantity';
import { SecretKey } from './secret-key';
import { LogLevel, SidecarOptions } from './sidecar-options';
import { sidecarPorts } from './sidecar-ports';

/** The name of the sidecar's container, and of the volume with its files. */
export const SIDECAR_CONTAINER = 'daprd';
export const RESOURCES_VOLUME = 'dapr-resources';
export const CONFIGURATION_FILE = 'configuration.yaml';

/** The newest release of each version of Dapr when this was written; images are tagged with whole releases only. */
const RELEASES: Record<string, string> = { 1.15: '1.15.14', 1.16: '1.16.14', 1.17: '1.17.5', 1.18: '1.18.3' };

/** The image of a version of Dapr. */
export function imageOf(version: string): string {
  return `docker.io/daprio/daprd:${RELEASES[version] ?? (version.split('.').length === 2 ? `${version}.0` : version)}`;
}

/** The flags that daprd is started with. */
export function flagsOf(options: ExplicitSidecarOptions, hasConfiguration: boolean): string[] {
  const ports = sidecarPorts(options);
  const health = options.appHealthCheck;
  const resourcesPath = options.resourcesPath ?? DEFAULT_RESOURCES_PATH;
  const flags: [string, string | number | boolean | undefined][] = [
    ['resources-path', resourcesPath],
    ['log-level', options.logLevel ?? LogLevel.DEBUG],
    ['enable-api-logging', options.enableApiLogging ?? true],
    ['log-as-json', options.logAsJson ?? true],
    ['app-id', options.appId ?? DEFAULT_APP_ID],
    ['app-port', options.appPort ?? DEFAULT_APP_PORT],
    ['app-protocol', options.appProtocol],
    ['app-max-concurrency', options.appMaxConcurrency],
    ['enable-app-health-check', health && true],
    ['app-health-check-path', health?.path],
    ['app-health-probe-interval', health?.interval?.toSeconds()],
    ['app-health-probe-timeout', health?.timeout?.toMilliseconds()],
    ['app-health-threshold', health?.threshold],
    ['enable-metrics', options.enableMetrics ?? true],
    ['metrics-port', options.enableMetrics === false ? undefined : ports.metricsPort],
    ['dapr-listen-addresses', (options.listenAddresses ?? LOOPBACK).join(',')],
    ['dapr-http-port', ports.httpPort],
    ['dapr-grpc-port', ports.grpcPort],
    ['dapr-internal-grpc-port', ports.internalGrpcPort],
    // No other sidecar can authenticate itself here, so none is let in.
    ['dapr-internal-grpc-listen-address', '127.0.0.1'],
    ['dapr-public-port', ports.publicPort],
    ['max-body-size', options.maxBodySize && quantityOf(options.maxBodySize)],
    ['read-buffer-size', options.readBufferSize && quantityOf(options.readBufferSize)],
    ['dapr-graceful-shutdown-seconds', options.gracefulShutdown?.toSeconds()],
    ['dapr-block-shutdown-duration', options.blockShutdown && `${options.blockShutdown.toSeconds()}s`],
    ['placement-host-address', options.placementHostAddress],
    ['scheduler-host-address', options.schedulerHostAddress],
    ['config', hasConfiguration ? `${resourcesPath}/${CONFIGURATION_FILE}` : undefined],
  ];
  return [
    ...flags.filter(([, value]) => value !== undefined).map(([name, value]) => (value === true ? `--${name}` : `--${name}=${value}`)),
    ...options.extraFlags ?? [],
  ];
}

export const DEFAULT_APP_ID = 'main';
export const DEFAULT_APP_PORT = 9000;
export const DEFAULT_RESOURCES_PATH = '/etc/dapr/resources';
const LOOPBACK = ['[::1]', '127.0.0.1'];

/** The sidecar's container. */
export function sidecarContainer(options: ExplicitSidecarOptions, more: {
  image: string; native: boolean; hasConfiguration: boolean; secrets: SecretKey[]; secretStore?: LocalSecretStore;
}): Record<string, unknown> {
  const ports = sidecarPorts(options);
  // The kubelet asks at the pod's address, where the API does not listen. The plain health check would wait for the
  // application, which waits for this container.
  const probe = (timing: Record<string, number>) => ({ httpGet: { path: '/v1.0/healthz/outbound', port: ports.publicPort }, ...timing });
  const { resources = { cpuRequest: '100m', memoryRequest: '250Mi' } } = options;
  const env = [
    ...tokenVariables(options),
    ...more.secrets.map((secret) => variable(more.secretStore!._variable(secret), secret.secretName, secret.key)),
  ];
  return {
    name: SIDECAR_CONTAINER,
    image: options.image ?? more.image,
    command: ['/daprd'],
    args: flagsOf(options, more.hasConfiguration),
    ...(more.native ? { restartPolicy: 'Always' } : {}),
    ...(env.length > 0 ? { env } : {}),
    ports: [
      { name: 'dapr-public', containerPort: ports.publicPort, protocol: 'TCP' },
      ...(options.enableMetrics === false ? [] : [{ name: 'dapr-metrics', containerPort: ports.metricsPort, protocol: 'TCP' }]),
    ],
    startupProbe: probe({ periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 60 }),
    readinessProbe: probe({ periodSeconds: 5, timeoutSeconds: 1, failureThreshold: 3 }),
    livenessProbe: probe({ periodSeconds: 10, timeoutSeconds: 3, failureThreshold: 5 }),
    resources: {
      ...quantities('requests', resources.cpuRequest, resources.memoryRequest),
      ...quantities('limits', resources.cpuLimit, resources.memoryLimit),
    },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65532,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: [{ name: RESOURCES_VOLUME, mountPath: options.resourcesPath ?? DEFAULT_RESOURCES_PATH, readOnly: true }],
  };
}

/** What the application's containers are told about the sidecar. */
export function appVariables(options: ExplicitSidecarOptions): Record<string, any>[] {
  const ports = sidecarPorts(options);
  return [
    { name: 'DAPR_HTTP_PORT', value: String(ports.httpPort) },
    { name: 'DAPR_GRPC_PORT', value: String(ports.grpcPort) },
    ...tokenVariables(options),
  ];
}

function tokenVariables(options: SidecarOptions): Record<string, unknown>[] {
  return [
    ...(options.apiTokenSecret === undefined ? [] : [variable('DAPR_API_TOKEN', options.apiTokenSecret, 'token')]),
    ...(options.appTokenSecret === undefined ? [] : [variable('APP_API_TOKEN', options.appTokenSecret, 'token')]),
  ];
}

function variable(name: string, secret: string, key: string): Record<string, unknown> {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

function quantities(what: string, cpu: string | undefined, memory: string | undefined): Record<string, unknown> {
  if (cpu === undefined && memory === undefined) return {};
  return { [what]: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) } };
}
