import { Cluster, ClusterService, Workload } from '../../cluster';
import { ReadObject, recordsOf } from '../../read/objects';

/** An application with a Dapr sidecar. */
export interface DaprWorkload {
  readonly workload: Workload;
  readonly appId: string;
  readonly appPort?: number;
  readonly httpPort: number;
  readonly grpcPort: number;
  /** The port on which sidecars call each other; a caller takes its own number for that of the callee. */
  readonly internalPort: number;
  /** The protocol of the application, such as `http` or `grpc`. */
  readonly appProtocol: string;
  /** The port of health and metadata, which listens on the pod's address whatever the others do. */
  readonly publicPort?: number;
  readonly listensOnPods: boolean;
  /** Whether Dapr's control plane looks after it; otherwise the pod template starts daprd itself. */
  readonly managed: boolean;
  /** The name that it gives for its Configuration. */
  readonly configName?: string;
  readonly configuration?: ReadObject;
  readonly apiToken: boolean;
  /** Whether daprd shows the application a token of its own. */
  readonly appToken: boolean;
}

const TRUE = /^(y|yes|true|t|on|1)$/i;

/** Reads what the injector reads from a pod template, or the flags of a daprd in it; undefined for pods without a sidecar. */
export function readDaprWorkload(workload: Workload, cluster: Cluster): DaprWorkload | undefined {
  return TRUE.test(workload.podAnnotations['dapr.io/enabled'] ?? '') ? injected(workload, cluster) : startedByHand(workload);
}

function injected(workload: Workload, cluster: Cluster): DaprWorkload {
  const annotation = (key: string) => workload.podAnnotations[`dapr.io/${key}`];
  const configName = annotation('config');
  return {
    workload,
    appId: annotation('app-id') || workload.name,
    appPort: numberIn(annotation('app-port')) || undefined,
    httpPort: 3500,
    grpcPort: numberIn(annotation('grpc-port')) ?? 50001,
    internalPort: numberIn(annotation('internal-grpc-port')) ?? 50002,
    appProtocol: annotation('app-protocol') ?? 'http',
    publicPort: 3501,
    // A socket takes the place of the ports.
    listensOnPods: annotation('unix-domain-socket-path') === undefined && reachesPods(annotation('sidecar-listen-addresses') ?? '[::1],127.0.0.1'),
    managed: true,
    configName,
    configuration: configName === undefined ? undefined : cluster.find('dapr.io', 'Configuration', workload.namespace, configName),
    apiToken: annotation('api-token-secret') !== undefined,
    appToken: annotation('app-token-secret') !== undefined,
  };
}

function startedByHand(workload: Workload): DaprWorkload | undefined {
  const containers = [...recordsOf(workload.podSpec.containers), ...recordsOf(workload.podSpec.initContainers).filter((each) => each.restartPolicy === 'Always')];
  const container = containers.find(runsDaprd);
  if (!container) return undefined;
  const flags = flagsOf([...stringsOf(container.command), ...stringsOf(container.args)]);
  const appId = flags.get('app-id');
  if (!appId) return undefined;
  return {
    workload,
    appId,
    appPort: numberIn(flags.get('app-port')) || undefined,
    httpPort: numberIn(flags.get('dapr-http-port')) ?? 3500,
    grpcPort: numberIn(flags.get('dapr-grpc-port')) ?? 50001,
    internalPort: numberIn(flags.get('dapr-internal-grpc-port')) ?? 0,
    appProtocol: flags.get('app-protocol') ?? 'http',
    publicPort: numberIn(flags.get('dapr-public-port')),
    listensOnPods: reachesPods(flags.get('dapr-listen-addresses') ?? ''),
    managed: false,
    configName: flags.get('config'),
    apiToken: recordsOf(container.env).some((each) => each.name === 'DAPR_API_TOKEN'),
    appToken: recordsOf(container.env).some((each) => each.name === 'APP_API_TOKEN'),
  };
}

function runsDaprd(container: Record<string, any>): boolean {
  const [command] = stringsOf(container.command);
  return command === undefined ? /(^|\/)daprd([:@]|$)/.test(String(container.image ?? '')) : /(^|\/)daprd$/.test(command);
}

// `--name=value` and `--name value`, with one dash or two.
function flagsOf(words: readonly string[]): Map<string, string> {
  const flags = new Map<string, string>();
  words.forEach((word, i) => {
    const flag = /^--?([a-z][a-z-]*)(?:=(.*))?$/s.exec(word);
    if (flag) flags.set(flag[1], flag[2] ?? words[i + 1] ?? '');
  });
  return flags;
}

// An empty list means all addresses.
function reachesPods(addresses: string): boolean {
  return addresses.split(',').map((each) => each.trim()).some((address) => !/^(127\.|\[?::1\]?$|localhost$)/.test(address));
}

function numberIn(text: string | undefined): number | undefined {
  return /^\d+$/.test(text ?? '') ? Number(text) : undefined;
}

function stringsOf(value: any): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The Service that Dapr's operator makes for a workload that it watches, whatever the application's port. */
export function generatedService({ workload, appId, grpcPort, internalPort, managed }: DaprWorkload): ClusterService | undefined {
  if (!managed || !['Deployment', 'StatefulSet'].includes(workload.kind) || !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(appId) || appId.length > 58) return undefined;
  const selector = workload.object.spec.selector?.matchLabels ?? workload.podLabels;
  const metrics = numberIn(workload.podAnnotations['dapr.io/metrics-port']) ?? 9090;
  const ports = [['dapr-http', 80, 3500], ['dapr-grpc', grpcPort, grpcPort], ['dapr-internal', internalPort, internalPort], ['dapr-metrics', metrics, metrics]] as const;
  const name = `${appId}-dapr`;
  return {
    object: { ...workload.object, kind: 'Service', group: '', name, ref: `Service/${workload.namespace}/${name}`, annotations: {} },
    ref: `Service/${workload.namespace}/${name}`,
    namespace: workload.namespace,
    name,
    type: 'ClusterIP',
    headless: true,
    ports: ports.map(([port, number, targetPort], index) => ({ name: port, port: number, targetPort, protocol: 'TCP', index })),
    selector,
  };
}
