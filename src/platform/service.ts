import { Construct } from 'constructs';
import { NameSyntax } from './names';
import { portProblem } from './ports';
import { IResource, Resource, ResourceProps } from './resource';

/** How a Service is reached. */
export enum ServiceType {
  /** Inside the cluster only. */
  CLUSTER_IP = 'ClusterIP',
  /** Also on a port of every node; load balancers that register nodes need it. */
  NODE_PORT = 'NodePort',
  /** Also through a load balancer of its own, which the cloud makes and bills. */
  LOAD_BALANCER = 'LoadBalancer',
}

/** A port of a Service. */
export interface ServicePort {
  /** The port that clients use. */
  readonly port: number;
  /** The port's name, a DNS label; others refer to the port by it. */
  readonly name: string;
  /**
   * The port of the pods, by number or by the name of a container port.
   * @default - the same as `port`
   */
  readonly targetPort?: any;
  /**
   * What is spoken on the port: `http`, `https`, `grpc`, `HTTP2`, `kubernetes.io/h2c`, …; proxies choose their protocol by it.
   * @default - not said
   */
  readonly appProtocol?: string;
  /**
   * `TCP`, `UDP` or `SCTP`.
   * @default 'TCP'
   */
  readonly protocol?: string;
}

/** Properties of a Service. */
export interface ServiceProps extends ResourceProps {
  /** The ports, at least one. */
  readonly ports: ServicePort[];
  /**
   * Labels of the pods that receive the traffic.
   * @default - none: the endpoints are made by somebody else
   */
  readonly selector?: { [key: string]: string };
  /**
   * How the Service is reached.
   * @default ServiceType.CLUSTER_IP
   */
  readonly type?: ServiceType;
  /**
   * Whether DNS answers with the pods' addresses instead of one of the Service's own.
   * @default false
   */
  readonly headless?: boolean;
  /**
   * The controller that makes the load balancer, such as `service.k8s.aws/nlb`; it cannot be changed later.
   * @default - the cluster's
   */
  readonly loadBalancerClass?: string;
  /**
   * `Local` keeps the client's address and sends traffic only to nodes with a pod, `Cluster` to all nodes.
   * @default - `Cluster`, as Kubernetes has it
   */
  readonly externalTrafficPolicy?: string;
}

const CONTAINER_PORT_NAME = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

/** A Service, made here or elsewhere. */
export interface IService extends IResource {}

/**
 * A stable name and ports for a set of pods.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
export class Service extends Resource implements IService {
  /** The ports as given. */
  public readonly ports: ServicePort[];
  /** The labels of the pods. */
  public readonly selector: { [key: string]: string };
  private readonly props: ServiceProps;

  /** @throws if there is no port, a port is out of range, unnamed or given twice, or an option does not go with the type. */
  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id, { apiVersion: 'v1', kind: 'Service', nameSyntax: NameSyntax.SERVICE }, props);
    this.props = props;
    this.ports = props.ports;
    this.selector = props.selector ?? {};
    if (props.ports.length === 0) this._fail('a Service needs at least one port');
    const seen = new Set<string>();
    for (const port of props.ports) {
      this.checkPort('port', port.port);
      if (typeof port.targetPort === 'number') {
        this.checkPort('targetPort', port.targetPort);
      } else if (port.targetPort !== undefined && !CONTAINER_PORT_NAME.test(port.targetPort)) {
        this._fail(`port ${port.name}: targetPort must be a number or the name of a container port (at most 15 lower-case letters, digits and "-"), got "${port.targetPort}"`);
      }
      if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(port.name) || port.name.length > 63) {
        this._fail(`port ${port.port}: name must be a DNS label, got "${port.name}"`);
      }
      for (const key of [port.name, `${port.port}/${port.protocol ?? 'TCP'}`]) {
        if (seen.has(key)) this._fail(`port ${key} is given twice`);
        seen.add(key);
      }
    }
    if (props.headless && props.type !== undefined && props.type !== ServiceType.CLUSTER_IP) {
      this._fail(`a headless Service is of type ClusterIP, got ${props.type}; leave \`headless\` or \`type\` out`);
    }
    if (props.externalTrafficPolicy !== undefined) {
      if ((props.type ?? ServiceType.CLUSTER_IP) === ServiceType.CLUSTER_IP) {
        this._fail('externalTrafficPolicy goes with type NodePort or LoadBalancer, the type is ClusterIP');
      }
      if (!['Local', 'Cluster'].includes(props.externalTrafficPolicy)) {
        this._fail(`externalTrafficPolicy is Local or Cluster, got "${props.externalTrafficPolicy}"`);
      }
    }
    if (props.loadBalancerClass !== undefined && props.type !== ServiceType.LOAD_BALANCER) {
      this._fail(`loadBalancerClass goes with type LoadBalancer, the type is ${props.type ?? ServiceType.CLUSTER_IP}`);
    }
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return {
      spec: {
        type: this.props.type ?? ServiceType.CLUSTER_IP,
        clusterIP: this.props.headless ? 'None' : undefined,
        loadBalancerClass: this.props.loadBalancerClass,
        externalTrafficPolicy: this.props.externalTrafficPolicy,
        selector: this.props.selector,
        ports: this.ports.map((port) => ({
          name: port.name,
          port: port.port,
          targetPort: port.targetPort ?? port.port,
          protocol: port.protocol ?? 'TCP',
          appProtocol: port.appProtocol,
        })),
      },
    };
  }

  private checkPort(what: string, port: number): void {
    const problem = portProblem(port, what);
    if (problem) this._fail(problem);
  }
}
