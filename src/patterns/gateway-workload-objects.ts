import { Duration, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { GatewayScaling } from './gateway-scaling';
import { drainSeconds, proxyConfig, WorkloadContext, WorkloadPorts } from './gateway-workload-context';
import type { InjectedGatewayOptions } from './gateway-workload-options';
import { cdk8sPlus } from '../platform/load-on-first-use';
import { amend, keepPatches } from '../platform/manifest';
import { Resource, ResourceProps } from '../platform/resource';
import { Service } from '../platform/service';

interface PodDisruptionBudgetProps extends ResourceProps {
  readonly selector: { [key: string]: string };
}

/** One pod at a time may be moved, so that a node can always be drained, whatever the number of pods. */
class PodDisruptionBudget extends Resource {
  constructor(scope: Construct, id: string, private readonly props: PodDisruptionBudgetProps) {
    super(scope, id, { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' }, props);
  }

  public _render(): { [field: string]: unknown } {
    return { spec: { maxUnavailable: 1, selector: { matchLabels: this.props.selector } } };
  }
}

/** Builds gateway pods that Istio's webhook completes, and what belongs to them. */
export function buildInjectedGateway(
  scope: Construct, context: WorkloadContext, ports: WorkloadPorts, selector: { [key: string]: string }, options: InjectedGatewayOptions,
): void {
  const plus = cdk8sPlus();
  const { name, namespace, demands } = context;
  const metadata = { name, namespace };
  const scaling = options.scaling ?? GatewayScaling.between(2, 5);
  const served = context.served.map((each) => ports[each]);

  // Istio gives a gateway certificates of Secrets that its ServiceAccount may read, and the token of Istio's own for the rest.
  const serviceAccount = new plus.ServiceAccount(scope, 'ServiceAccount', { metadata, automountToken: false });
  keepPatches(serviceAccount);
  if (context.readsSecrets) {
    const role = new plus.Role(scope, 'Role', { metadata, rules: [{ verbs: ['get', 'list', 'watch'], resources: [plus.ApiResource.SECRETS] }] });
    const binding = new plus.RoleBinding(scope, 'RoleBinding', { metadata, role });
    binding.addSubjects(serviceAccount);
    keepPatches(role);
    keepPatches(binding);
  }

  const drain = drainSeconds(demands);
  const deployment = new plus.Deployment(scope, 'Deployment', {
    metadata,
    podMetadata: {
      labels: {
        ...options.podLabels,
        ...selector,
        'sidecar.istio.io/inject': 'true',
        'istio.io/dataplane-mode': 'none',
        ...(context.revision !== undefined && { 'istio.io/rev': context.revision }),
      },
      annotations: {
        ...options.podAnnotations,
        'inject.istio.io/templates': 'gateway',
        'proxy.istio.io/config': JSON.stringify(proxyConfig(demands)),
      },
    },
    select: false,
    replicas: scaling._cpuPercent === undefined ? scaling._min : undefined,
    strategy: plus.DeploymentStrategy.rollingUpdate({
      maxSurge: plus.PercentOrAbsolute.percent(25), maxUnavailable: plus.PercentOrAbsolute.absolute(0),
    }),
    serviceAccount,
    automountServiceAccountToken: false,
    terminationGracePeriod: Duration.seconds(drain + 15),
    securityContext: { ensureNonRoot: true },
    containers: [{
      name: 'istio-proxy',
      image: 'auto',
      imagePullPolicy: plus.ImagePullPolicy.IF_NOT_PRESENT,
      ports: [
        ...served.map((port) => ({ name: port.name, number: port.targetPort })),
        { name: ports.status.name, number: ports.status.targetPort },
        { name: 'http-envoy-prom', number: 15090 },
      ],
      readiness: plus.Probe.fromHttpGet('/healthz/ready', {
        port: ports.status.targetPort, periodSeconds: Duration.seconds(5), timeoutSeconds: Duration.seconds(3), failureThreshold: 4,
      }),
      resources: {
        cpu: { request: plus.Cpu.millis(options.cpuRequestMillis ?? 100) },
        memory: { request: options.memoryRequest ?? Size.mebibytes(128), limit: options.memoryLimit ?? Size.gibibytes(1) },
      },
      securityContext: {
        ensureNonRoot: true, allowPrivilegeEscalation: false, privileged: false, readOnlyRootFilesystem: true,
      },
    }],
  });
  deployment.select(plus.LabelSelector.of({ labels: selector }));
  amend(keepPatches(deployment), (manifest) => {
    const pod = manifest.spec.template.spec;
    delete manifest.spec.template.metadata.labels['cdk8s.io/metadata.addr'];
    delete pod.securityContext.fsGroupChangePolicy;
    pod.securityContext.seccompProfile = { type: 'RuntimeDefault' };
    pod.containers[0].securityContext.capabilities = { drop: ['ALL'] };
    pod.topologySpreadConstraints = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { ...selector } },
    }));
  });

  if (scaling._cpuPercent !== undefined) {
    const autoscaler = new plus.HorizontalPodAutoscaler(scope, 'Autoscaler', {
      metadata,
      target: deployment,
      minReplicas: scaling._min,
      maxReplicas: scaling._max,
      metrics: [plus.Metric.resourceCpu(plus.MetricTarget.averageUtilization(scaling._cpuPercent))],
    });
    // Kubernetes' own pace suits a gateway, whose pods drain before they go.
    amend(keepPatches(autoscaler), (manifest) => { delete manifest.spec.behavior; });
  }
  new PodDisruptionBudget(scope, 'DisruptionBudget', { name, namespace, selector });
  const appProtocols = { [ports.http.name]: demands.httpAppProtocol, [ports.https.name]: demands.httpsAppProtocol };
  new Service(scope, 'Service', {
    name,
    namespace,
    type: demands.serviceType,
    loadBalancerClass: demands.loadBalancerClass,
    annotations: demands.serviceAnnotations,
    selector,
    // Clients of a load balancer that is the Service's own have no business with the status port.
    ports: [...(demands.loadBalancerClass === undefined ? [ports.status] : []), ...served]
      .map((port) => ({ ...port, appProtocol: appProtocols[port.name] })),
  });
}
