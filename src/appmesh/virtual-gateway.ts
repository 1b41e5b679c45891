import { Construct, IConstruct } from 'constructs';
import { AccessLog } from './access-log';
import { BackendDefaults } from './backend';
import { GatewayRoute, GatewayRouteBaseProps } from './gateway-route';
import { ImportedMeshResource } from './imported-mesh-resource';
import { acmArnsOf, renderClientPolicy } from './listener-rendering';
import { IMeshResource, MeshResource, MeshResourceProps } from './mesh-resource';
import { NamespaceSelector } from './namespace-selector';
import { Pods, podsOf } from './pods';
import { PortMapping } from './protocol';
import { VirtualGatewayListener } from './virtual-gateway-listener';
import { containerPortsOf } from './virtual-node-ports';
import type { VirtualGatewaySpec, VirtualGatewaySpecListeners } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { IResource } from '../platform/resource';

/** A virtual gateway, made here or elsewhere. */
export interface IVirtualGateway extends IMeshResource {
  /** The labels that the gateway selects its routes by. */
  readonly routeLabels: { [key: string]: string };
  /** The namespaces that it takes routes from; undefined for all of its mesh. */
  readonly routeNamespaces?: NamespaceSelector;
  /** The ports that it takes requests on; undefined where the app does not know them. */
  readonly portMappings?: PortMapping[];

  /** Adds a route to the gateway; the same as `new GatewayRoute` with this gateway. */
  addGatewayRoute(id: string, props: GatewayRouteBaseProps): GatewayRoute;
}

/** What is known of a virtual gateway that is made elsewhere. */
export interface VirtualGatewayAttributes {
  /** The gateway's name in the cluster. */
  readonly name: string;
  /**
   * The gateway's namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The name that App Mesh knows it by.
   * @default - `<name>_<namespace>`
   */
  readonly awsName?: string;
  /**
   * The labels that it selects its routes by.
   * @default - `virtual-gateway: <AWS name>`, as a VirtualGateway of this library
   */
  readonly routeLabels?: { [key: string]: string };
  /**
   * The namespaces that it takes routes from.
   * @default - all of its mesh
   */
  readonly routeNamespaces?: NamespaceSelector;
  /**
   * The ports that it takes requests on; routes are checked against them.
   * @default - unknown, nothing is checked
   */
  readonly portMappings?: PortMapping[];
}

/** Properties of a VirtualGateway. */
export interface VirtualGatewayProps extends MeshResourceProps {
  /** The ports that the gateway takes requests on, at least one. */
  readonly listeners: VirtualGatewayListener[];
  /**
   * The workload that runs the gateway's Envoy: a Deployment, … of any cdk8s library, in the same namespace. Its container has
   * to be named `envoy`; the controller configures that one and no other.
   * @default - `podLabels`
   */
  readonly workload?: IConstruct;
  /**
   * Labels of the pods that run the gateway's Envoy, in place of `workload`.
   * @default - none: nothing serves the gateway
   */
  readonly podLabels?: { [key: string]: string };
  /**
   * The labels that the gateway selects its routes by. A route that two gateways select is refused, so each has its own.
   * @default - `virtual-gateway: <AWS name>`
   */
  readonly routeLabels?: { [key: string]: string };
  /**
   * The namespaces that the gateway takes routes from.
   * @default - all of its mesh
   */
  readonly routeNamespaces?: NamespaceSelector;
  /**
   * Where the gateway writes a line per request.
   * @default - nowhere
   */
  readonly accessLog?: AccessLog;
  /**
   * What holds for the virtual services behind the gateway.
   * @default - plain text
   */
  readonly backendDefaults?: BackendDefaults;
}

/**
 * A way into the mesh for clients outside it.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_gateways.html
 */
export class VirtualGateway extends MeshResource implements IVirtualGateway {
  /** A virtual gateway of this name that is made elsewhere, in the chart's namespace unless told. */
  public static fromVirtualGatewayName(scope: Construct, id: string, virtualGatewayName: string, namespace?: string): IVirtualGateway {
    return VirtualGateway.fromVirtualGatewayAttributes(scope, id, { name: virtualGatewayName, namespace });
  }

  /** A virtual gateway that is made elsewhere. */
  public static fromVirtualGatewayAttributes(scope: Construct, id: string, attributes: VirtualGatewayAttributes): IVirtualGateway {
    return new ImportedVirtualGateway(scope, id, attributes);
  }

  public readonly routeLabels: { [key: string]: string };
  public readonly routeNamespaces?: NamespaceSelector;
  public readonly portMappings?: PortMapping[];
  private readonly mappings: PortMapping[];
  private readonly listeners: VirtualGatewaySpecListeners[];
  private readonly props: VirtualGatewayProps;
  private readonly pods: Pods;

  /**
   * @throws if there is no listener, a port is given twice or malformed, or at synthesis if the workload has no container named
   * `envoy` or does not declare a listener's port.
   */
  constructor(scope: Construct, id: string, props: VirtualGatewayProps) {
    super(scope, id, 'VirtualGateway', props);
    this.props = props;
    this.routeLabels = checkedRouteLabels(props.routeLabels ?? { 'virtual-gateway': this.awsName }, (problem) => this._fail(problem));
    this.routeNamespaces = props.routeNamespaces;
    this.pods = podsOf(this, 'virtual-gateway', props.workload, props.podLabels, (problem) => this._fail(problem));
    if (props.listeners.length === 0) this._fail('a gateway needs at least one listener');
    this.mappings = props.listeners.map(({ port, protocol }) => ({ port, protocol }));
    this.portMappings = this.mappings;
    const ports = new Set<number>();
    for (const { port } of this.mappings) {
      if (ports.has(port)) this._fail(`listener ${port}: the port is given twice`);
      ports.add(port);
    }
    this.listeners = props.listeners.map((listener) => listener._bind((problem) => this._fail(problem)));
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The labels that the gateway selects its pods by; undefined if it stands for none. */
  public get podLabels(): { [key: string]: string } | undefined {
    return this.pods.labels;
  }

  public addGatewayRoute(id: string, props: GatewayRouteBaseProps): GatewayRoute {
    return new GatewayRoute(this, id, { ...props, virtualGateway: this });
  }

  /** @internal */
  public get _pods(): Pods {
    return this.pods;
  }

  /** @internal */
  public get _acmArns(): string[] {
    return acmArnsOf(this.listeners, renderClientPolicy(this.props.backendDefaults?.tlsClientPolicy));
  }

  /** @internal */
  public _references(): IResource[] {
    return [];
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const defaults = renderClientPolicy(this.props.backendDefaults?.tlsClientPolicy);
    const spec: VirtualGatewaySpec = {
      awsName: this._givenAwsName,
      namespaceSelector: (this.routeNamespaces ?? this.mesh.namespaceSelector)._render(),
      gatewayRouteSelector: { matchLabels: this.routeLabels },
      podSelector: this.pods.labels && { matchLabels: this.pods.labels },
      listeners: this.listeners,
      logging: this.props.accessLog?._render(),
      backendDefaults: defaults && { clientPolicy: defaults },
    };
    return { spec: generated.appMesh.toJson_VirtualGatewaySpec(spec) };
  }

  private problems(): string[] {
    const { workload } = this.pods;
    if (!workload) return [];
    const names = (workload.podSpec.containers ?? []).map(({ name }: { name: string }) => name);
    if (!names.includes('envoy')) {
      return [`${this.reference}: ${workload.reference} needs a container named "envoy", it has ${names.join(', ')}; the controller configures no other`];
    }
    const declared = [...containerPortsOf(this.pods).values()];
    return this.mappings.filter(({ port }) => declared.length > 0 && !declared.includes(port)).map(({ port }) =>
      `${this.reference}: listens on ${port}, but the containers of ${workload.reference} declare ${declared.join(', ')}`);
  }
}

class ImportedVirtualGateway extends ImportedMeshResource implements IVirtualGateway {
  public readonly routeLabels: { [key: string]: string };
  public readonly routeNamespaces?: NamespaceSelector;
  public readonly portMappings?: PortMapping[];

  constructor(scope: Construct, id: string, attributes: VirtualGatewayAttributes) {
    super(scope, id, 'VirtualGateway', attributes);
    this.routeLabels = checkedRouteLabels(attributes.routeLabels ?? { 'virtual-gateway': this.awsName }, (problem) => {
      throw new Error(`VirtualGateway ${this.namespace}/${this.name} (imported): ${problem}`);
    });
    this.routeNamespaces = attributes.routeNamespaces;
    this.portMappings = attributes.portMappings;
  }

  public addGatewayRoute(id: string, props: GatewayRouteBaseProps): GatewayRoute {
    return new GatewayRoute(this, id, { ...props, virtualGateway: this });
  }
}

function checkedRouteLabels(labels: Record<string, string>, fail: (problem: string) => never): Record<string, string> {
  if (Object.keys(labels).length === 0) fail('routeLabels must not be empty, it would take the routes of every gateway');
  for (const [key, value] of Object.entries(labels)) {
    if (!/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/.test(value)) {
      fail(`the route label ${key} must have at most 63 letters, digits, "-", "_" and ".", got "${value}"; set routeLabels`);
    }
  }
  return labels;
}
