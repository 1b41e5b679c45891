import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AppMeshProxyAuthorization } from './app-mesh-proxy-authorization';
import { AccessLog } from '../appmesh/access-log';
import { BackendDefaults } from '../appmesh/backend';
import { Protocol } from '../appmesh/protocol';
import { DnsResponseType, ServiceDiscovery } from '../appmesh/service-discovery';
import { VirtualNode } from '../appmesh/virtual-node';
import { VirtualNodeListener } from '../appmesh/virtual-node-listener';
import { IVirtualService } from '../appmesh/virtual-service';
import { nameFromId } from '../platform/names';
import { ObservedWorkload } from '../platform/observed';
import { Service } from '../platform/service';

/** Properties of an AppMeshVirtualNode. */
export interface AppMeshVirtualNodeProps {
  /**
   * The virtual node's name.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace, the workload's.
   * @default - the chart's
   */
  readonly namespace?: string;
  /** The workload whose pods the node stands for: a Deployment, a StatefulSet, … of any cdk8s library. */
  readonly workload: IConstruct;
  /** What lets the pods' Envoys fetch their configuration; the pods run as its ServiceAccount. */
  readonly proxyAuthorization: AppMeshProxyAuthorization;
  /**
   * The ports that the node takes requests on. The node's Service has the same.
   * @default - none: the node only calls others and has no Service
   */
  readonly listeners?: VirtualNodeListener[];
  /**
   * The name of the node's Service.
   * @default - the virtual node's name
   */
  readonly serviceName?: string;
  /**
   * Where the node's Envoy writes a line per request.
   * @default AccessLog.stdout()
   */
  readonly accessLog?: AccessLog;
  /**
   * What holds for all backends.
   * @default - plain text
   */
  readonly backendDefaults?: BackendDefaults;
}

/**
 * A workload in the mesh: its virtual node, the Service that callers find it by, and the ServiceAccount of its pods. The
 * port is the listener's, the selector the node's.
 */
export class AppMeshVirtualNode extends Construct {
  /** The virtual node. */
  public readonly virtualNode: VirtualNode;
  /** The Service that callers find the node by; undefined for a node that only calls others. */
  public readonly service?: Service;

  /** @throws if the workload is in another namespace, or runs as another ServiceAccount. */
  constructor(scope: Construct, id: string, props: AppMeshVirtualNodeProps) {
    super(scope, id);
    const name = props.name ?? nameFromId(id);
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const listeners = props.listeners ?? [];
    const pods = new VirtualNode(this, 'VirtualNode', {
      name, namespace, listeners, workload: props.workload, accessLog: props.accessLog ?? AccessLog.stdout(), backendDefaults: props.backendDefaults,
    });
    this.virtualNode = pods;
    if (listeners.length > 0) {
      this.service = new Service(this, 'Service', {
        name: props.serviceName ?? name,
        namespace,
        selector: pods.podLabels,
        ports: servicePorts(listeners),
      });
      pods._discover(ServiceDiscovery.service(this.service, { responseType: DnsResponseType.LOADBALANCER }));
    }
    props.proxyAuthorization.authorizeNode(pods, props.workload);
    const workload = new ObservedWorkload(props.workload, pods.reference);
    this.node.addValidation({ validate: () => securityProblems(pods.reference, workload) });
  }

  /** Says that the workload calls virtual services: they become backends of its node. */
  public calls(...virtualServices: IVirtualService[]): void {
    this.virtualNode.calls(...virtualServices);
  }
}

/** The container that the controller puts before the others sets up the pod's network as root, unless a CNI plugin does. */
function securityProblems(reference: string, workload: ObservedWorkload): string[] {
  const { runAsNonRoot, runAsUser } = workload.podSpec.securityContext ?? {};
  if (workload.podAnnotations['appmesh.k8s.aws/appmeshCNI'] === 'enabled' || (runAsNonRoot !== true && !(runAsUser > 0))) return [];
  const what = runAsNonRoot === true ? 'runAsNonRoot true' : `runAsUser ${runAsUser}`;
  return [`${reference}: ${workload.reference} says ${what} for the whole pod, and the container proxyinit that App Mesh puts into it has to run as root; ` +
    'say it for each container instead'];
}

/** The ports of a Service for listeners: named after the protocol, the first without its number. */
export function servicePorts(listeners: { port: number; protocol: Protocol }[], targetPort?: number) {
  const seen = new Set<Protocol>();
  return listeners.map(({ port, protocol }) => {
    const name = seen.has(protocol) ? `${protocol}-${port}` : protocol;
    seen.add(protocol);
    return { name, port, targetPort: targetPort ?? port, appProtocol: APP_PROTOCOLS[protocol] };
  });
}

const APP_PROTOCOLS: Record<Protocol, string | undefined> = {
  [Protocol.HTTP]: 'http', [Protocol.HTTP2]: 'kubernetes.io/h2c', [Protocol.GRPC]: 'grpc', [Protocol.TCP]: undefined,
};
