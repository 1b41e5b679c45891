import { Construct, IConstruct } from 'constructs';
import { AccessLog } from './access-log';
import { Backend, BackendDefaults, BackendOptions } from './backend';
import { ImportedMeshResource } from './imported-mesh-resource';
import { acmArnsOf, renderClientPolicy } from './listener-rendering';
import { IMeshResource, MeshResource, MeshResourceProps } from './mesh-resource';
import { Pods, podsOf } from './pods';
import { PortMapping } from './protocol';
import { ServiceDiscovery } from './service-discovery';
import { VirtualNodeListener } from './virtual-node-listener';
import { nodePortProblems } from './virtual-node-ports';
import type { IVirtualService } from './virtual-service';
import { wireReference } from './wire';
import type { VirtualNodeSpec, VirtualNodeSpecListeners } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { IResource } from '../platform/resource';

/** A virtual node, made here or elsewhere. */
export interface IVirtualNode extends IMeshResource {
  /** The ports that it takes requests on; undefined where the app does not know them. */
  readonly portMappings?: PortMapping[];
  /** Its ARN, where it is referred to by that. */
  readonly arn?: string;
}

/** What is known of a virtual node that is made elsewhere. */
export interface VirtualNodeAttributes {
  /** The node's name in the cluster. */
  readonly name: string;
  /**
   * The node's namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The name that App Mesh knows it by.
   * @default - `<name>_<namespace>`
   */
  readonly awsName?: string;
  /**
   * The ports that it takes requests on; routes to it are checked against them.
   * @default - unknown, nothing is checked
   */
  readonly portMappings?: PortMapping[];
  /**
   * Its ARN, to refer to it by that: the way to what is in a shared mesh but not in this cluster.
   * @default - it is referred to by name
   */
  readonly arn?: string;
}

/** Properties of a VirtualNode. */
export interface VirtualNodeProps extends MeshResourceProps {
  /**
   * The workload whose pods the node stands for: a Deployment, a StatefulSet, … of any cdk8s library, in the same namespace.
   * The node selects what the workload selects; where that is only cdk8s-plus's hash, the pods get the label `virtual-node`.
   * @default - `podLabels`
   */
  readonly workload?: IConstruct;
  /**
   * Labels of the pods that the node stands for, in place of `workload`.
   * @default - no pods: the node stands for a host outside the mesh
   */
  readonly podLabels?: { [key: string]: string };
  /**
   * The ports that the node takes requests on. Only these pass its Envoy; other ports of the pods bypass it.
   * @default - none: the node only calls others
   */
  readonly listeners?: VirtualNodeListener[];
  /**
   * How callers find the node; a node with listeners needs it.
   * @default - not at all
   */
  readonly serviceDiscovery?: ServiceDiscovery;
  /**
   * The virtual services that the node calls. Its Envoy knows no other.
   * @default - none yet; add them with `calls` or `addBackend`
   */
  readonly backends?: Backend[];
  /**
   * What holds for all backends.
   * @default - plain text
   */
  readonly backendDefaults?: BackendDefaults;
  /**
   * Where the node's Envoy writes a line per request.
   * @default - nowhere
   */
  readonly accessLog?: AccessLog;
}

/**
 * The pods of a workload as the mesh sees them: what they listen on, how they are found and whom they call.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_nodes.html
 */
export class VirtualNode extends MeshResource implements IVirtualNode {
  /** A virtual node of this name that is made elsewhere, in the chart's namespace unless told. */
  public static fromVirtualNodeName(scope: Construct, id: string, virtualNodeName: string, namespace?: string): IVirtualNode {
    return VirtualNode.fromVirtualNodeAttributes(scope, id, { name: virtualNodeName, namespace });
  }

  /** A virtual node that is made elsewhere. */
  public static fromVirtualNodeAttributes(scope: Construct, id: string, attributes: VirtualNodeAttributes): IVirtualNode {
    return new ImportedVirtualNode(scope, id, attributes);
  }

  private readonly listeners: VirtualNodeSpecListeners[] = [];
  private readonly mappings: PortMapping[] = [];
  private readonly backends = new Map<string, Backend>();
  private readonly props: VirtualNodeProps;
  private readonly pods: Pods;
  private discovery?: ServiceDiscovery;

  /**
   * @throws if a listener or a backend is given twice or malformed, or at synthesis if a node with listeners cannot be found or
   * its ports are not those of its Service and its containers.
   */
  constructor(scope: Construct, id: string, props: VirtualNodeProps = {}) {
    super(scope, id, 'VirtualNode', props);
    this.props = props;
    this.discovery = props.serviceDiscovery;
    this.pods = podsOf(this, 'virtual-node', props.workload, props.podLabels, (problem) => this._fail(problem));
    for (const listener of props.listeners ?? []) this.addListener(listener);
    for (const backend of props.backends ?? []) this.addBackend(backend.virtualService, backend);
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The ports that the node takes requests on. */
  public get portMappings(): PortMapping[] | undefined {
    return [...this.mappings];
  }

  /** The labels that the node selects its pods by; undefined if it stands for none. */
  public get podLabels(): { [key: string]: string } | undefined {
    return this.pods.labels;
  }

  /** Adds a port that the node takes requests on. */
  public addListener(listener: VirtualNodeListener): void {
    if (this.mappings.some(({ port }) => port === listener.port)) this._fail(`listener ${listener.port}: the port is given twice`);
    this.listeners.push(listener._bind((problem) => this._fail(problem)));
    this.mappings.push({ port: listener.port, protocol: listener.protocol });
  }

  /**
   * Lets the node call a virtual service. Two nodes may call each other.
   * @throws if it is a backend already
   */
  public addBackend(virtualService: IVirtualService, options: BackendOptions = {}): void {
    const key = `${virtualService.namespace}/${virtualService.name}`;
    if (this.backends.has(key)) this._fail(`the backend ${key} is given twice`);
    this.backends.set(key, { virtualService, tlsClientPolicy: options.tlsClientPolicy });
  }

  /** Says that the node calls virtual services: they become its backends, those that are backends already stay as they are. */
  public calls(...virtualServices: IVirtualService[]): void {
    for (const virtualService of virtualServices) {
      if (!this.backends.has(`${virtualService.namespace}/${virtualService.name}`)) this.addBackend(virtualService);
    }
  }

  /**
   * Says how callers find the node, once the Service that selects the node's pods is there.
   * @internal
   */
  public _discover(discovery: ServiceDiscovery): void {
    this.discovery = discovery;
  }

  /** @internal */
  public get _pods(): Pods {
    return this.pods;
  }

  /** @internal */
  public get _acmArns(): string[] {
    const policies = [this.props.backendDefaults, ...this.backends.values()].map((each) => renderClientPolicy(each?.tlsClientPolicy));
    return acmArnsOf(this.listeners, ...policies);
  }

  /** @internal */
  public _references(): IResource[] {
    return [...this.backends.values()].map(({ virtualService }) => virtualService);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const defaults = renderClientPolicy(this.props.backendDefaults?.tlsClientPolicy);
    const spec: VirtualNodeSpec = {
      awsName: this._givenAwsName,
      podSelector: this.pods.labels && { matchLabels: this.pods.labels },
      listeners: this.listeners.length === 0 ? undefined : this.listeners,
      serviceDiscovery: this.discovery?._render(),
      backends: this.backends.size === 0 ? undefined : [...this.backends.values()].map(({ virtualService, tlsClientPolicy }) => ({
        virtualService: {
          ...(virtualService.arn === undefined
            ? { virtualServiceRef: wireReference(this, virtualService) } : { virtualServiceArn: virtualService.arn }),
          clientPolicy: renderClientPolicy(tlsClientPolicy),
        },
      })),
      backendDefaults: defaults && { clientPolicy: defaults },
      logging: this.props.accessLog?._render(),
    };
    return { spec: generated.appMesh.toJson_VirtualNodeSpec(spec) };
  }

  private problems(): string[] {
    if (this.mappings.length > 0 && this.discovery === undefined) {
      return [`${this.reference}: has listeners, so callers have to find it; give \`serviceDiscovery\``];
    }
    return nodePortProblems(this.reference, this.mappings, this.pods, this.discovery?._service);
  }
}

class ImportedVirtualNode extends ImportedMeshResource implements IVirtualNode {
  public readonly portMappings?: PortMapping[];

  constructor(scope: Construct, id: string, attributes: VirtualNodeAttributes) {
    super(scope, id, 'VirtualNode', attributes);
    this.portMappings = attributes.portMappings;
  }
}
