import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { cdk8sPlus } from '../platform/load-on-first-use';
import { amend, keepPatches } from '../platform/manifest';

/** What a gateway's Envoy asks of its node. */
export interface EnvoyResources {
  /**
   * The share of a core that is kept for it, in thousandths; at least 50.
   * @default 100
   */
  readonly cpuMillis?: number;
  /**
   * The memory that is kept for it; at least 64 MiB.
   * @default Size.mebibytes(128)
   */
  readonly memory?: Size;
  /**
   * The memory beyond which it is killed; not less than `memory`.
   * @default Size.mebibytes(512)
   */
  readonly memoryLimit?: Size;
}

/** What the pods of a gateway are made of. */
export interface GatewayPods {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
  readonly portName: string;
  readonly port: number;
  readonly replicas: number;
  readonly image?: string;
  readonly resources: EnvoyResources;
}

/** The user that the controller's own Envoys run as; traffic of this user is never taken into the mesh a second time. */
const ENVOY_USER = 1337;
const ADMIN_PORT = 9901;
const DEFAULT_IMAGE = 'public.ecr.aws/appmesh/aws-appmesh-envoy:v1.34.13.3-prod';
const LEAVING = 20;

/** Builds the Deployment of a gateway: one container named `envoy`, which the controller completes. */
export function buildGatewayPods(scope: Construct, pods: GatewayPods, fail: (problem: string) => never): Construct {
  const plus = cdk8sPlus();
  const cpuMillis = pods.resources.cpuMillis ?? 100;
  const memory = pods.resources.memory ?? Size.mebibytes(128);
  const limit = pods.resources.memoryLimit ?? Size.mebibytes(512);
  if (!Number.isInteger(cpuMillis) || cpuMillis < 50) fail(`resources.cpuMillis must be a whole number of at least 50, got ${cpuMillis}`);
  if (memory.toMebibytes({ rounding: 1 }) < 64) fail(`resources.memory must be at least 64Mi, or Envoy is killed under load, got ${memory.asString()}`);
  if (limit.toKibibytes() < memory.toKibibytes()) {
    fail(`resources.memoryLimit must not be less than memory, got ${limit.asString()} and ${memory.asString()}`);
  }
  const deployment = new plus.Deployment(scope, 'Deployment', {
    metadata: { name: pods.name, namespace: pods.namespace },
    podMetadata: {
      labels: pods.labels,
      annotations: {
        'appmesh.k8s.aws/sidecarInjectorWebhook': 'enabled',
        // Without this the controller puts its own image in place of the one that was asked for.
        ...(pods.image === undefined ? {} : { 'appmesh.k8s.aws/virtualGatewaySkipImageOverride': 'enabled' }),
      },
    },
    select: false,
    replicas: pods.replicas,
    strategy: plus.DeploymentStrategy.rollingUpdate({
      maxSurge: plus.PercentOrAbsolute.percent(25), maxUnavailable: plus.PercentOrAbsolute.absolute(0),
    }),
    automountServiceAccountToken: false,
    terminationGracePeriod: Duration.seconds(LEAVING + 40),
    // The identity's token is readable by this group only.
    securityContext: { ensureNonRoot: true, user: ENVOY_USER, group: ENVOY_USER, fsGroup: ENVOY_USER },
    containers: [{
      name: 'envoy',
      image: pods.image ?? DEFAULT_IMAGE,
      imagePullPolicy: plus.ImagePullPolicy.IF_NOT_PRESENT,
      ports: [{ name: pods.portName, number: pods.port }, { name: 'admin', number: ADMIN_PORT }],
      readiness: plus.Probe.fromCommand(['curl', '--silent', '--fail', '--output', '/dev/null', `http://localhost:${ADMIN_PORT}/ready`], {
        periodSeconds: Duration.seconds(5), timeoutSeconds: Duration.seconds(3), failureThreshold: 3,
      }),
      lifecycle: { preStop: plus.Handler.fromCommand(['sleep', String(LEAVING)]) },
      resources: { cpu: { request: plus.Cpu.millis(cpuMillis) }, memory: { request: memory, limit } },
      // Envoy's agent writes its bootstrap configuration into the container.
      securityContext: { ensureNonRoot: true, allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: false },
    }],
  });
  deployment.select(plus.LabelSelector.of({ labels: pods.labels }));
  amend(keepPatches(deployment), (manifest) => {
    const { metadata, spec } = manifest.spec.template;
    delete metadata.labels['cdk8s.io/metadata.addr'];
    delete spec.securityContext.fsGroupChangePolicy;
    spec.securityContext.seccompProfile = { type: 'RuntimeDefault' };
    spec.containers[0].securityContext.capabilities = { drop: ['ALL'] };
    spec.topologySpreadConstraints = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { ...pods.labels } },
    }));
  });
  return deployment;
}
