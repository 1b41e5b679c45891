import { Construct } from 'constructs';
import { GatewayRouteSpec } from './gateway-route-spec';
import { MeshResource, MeshResourceProps } from './mesh-resource';
import { portMappingText } from './port-mapping-text';
import { PortMapping } from './protocol';
import type { IVirtualGateway } from './virtual-gateway';
import type { GatewayRouteSpec as WireSpec } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { IResource } from '../platform/resource';

/** Properties of a gateway route, the gateway aside. */
export interface GatewayRouteBaseProps extends MeshResourceProps {
  /** What the route does. */
  readonly routeSpec: GatewayRouteSpec;
}

/** Properties of a GatewayRoute. */
export interface GatewayRouteProps extends GatewayRouteBaseProps {
  /** The gateway that the route joins. */
  readonly virtualGateway: IVirtualGateway;
}

const matches = new WeakMap<IVirtualGateway, Map<string, string>>();

/**
 * Leads requests from a virtual gateway to a virtual service.
 *
 * The wire has no reference from the route to its gateway: the route carries the labels that the gateway selects by.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html
 */
export class GatewayRoute extends MeshResource {
  /** The gateway that the route joins. */
  public readonly virtualGateway: IVirtualGateway;
  private readonly spec: GatewayRouteSpec;

  /**
   * @throws if no listener of the gateway speaks the route's protocol, another route of the gateway matches the same, a label
   * says another gateway, or at synthesis if the gateway does not look into the route's namespace.
   */
  constructor(scope: Construct, id: string, props: GatewayRouteProps) {
    super(scope, id, 'GatewayRoute', props);
    this.virtualGateway = props.virtualGateway;
    this.spec = props.routeSpec;
    const gateway = `${this.virtualGateway.namespace}/${this.virtualGateway.name}`;
    for (const [key, value] of Object.entries(this.virtualGateway.routeLabels)) {
      const present = this.apiObject.metadata.getLabel(key);
      if (present !== undefined && present !== value) {
        this._fail(`a route has one gateway: the label ${key}=${present} is given, the gateway ${gateway} selects ${key}=${value}; remove the label`);
      }
      this.apiObject.metadata.addLabel(key, value);
    }
    const others = matches.get(this.virtualGateway) ?? new Map<string, string>();
    matches.set(this.virtualGateway, others);
    const other = others.get(this.spec._identity);
    if (other !== undefined) this._fail(`matches the same requests as ${other} with the same priority; give one of them another`);
    others.set(this.spec._identity, this.reference);
    const fitting = this.fitting();
    if (fitting !== undefined && fitting.length !== 1) {
      const what = this.spec._port === undefined ? this.spec.protocol : `${this.spec.protocol} on ${this.spec._port}`;
      this._fail(fitting.length === 0
        ? `is for ${what}, the gateway ${gateway} listens on ${portMappingText(this.virtualGateway.portMappings ?? [])}`
        : `fits the listeners ${portMappingText(fitting)} of the gateway ${gateway}; say which with match.port`);
    }
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** @internal */
  public _references(): IResource[] {
    return [this.virtualGateway, this.spec._target];
  }

  /** @internal */
  public _problemsIn(namespaces: Map<string, Record<string, string>>): string[] {
    const selector = this.virtualGateway.routeNamespaces;
    const labels = namespaces.get(this.namespace!);
    // The labels of a namespace that is made elsewhere are unknown, its name is not.
    const unknown = labels === undefined && Object.keys(selector?._labels ?? {}).length > 0;
    if (!selector || unknown || selector._selects(this.namespace!, labels ?? {})) return [];
    return [`${this.reference}: the gateway ${this.virtualGateway.namespace}/${this.virtualGateway.name} takes routes from ${selector._describe()}, ` +
      `not from ${this.namespace}; add it to the gateway's routeNamespaces`];
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const several = (this.virtualGateway.portMappings?.length ?? 1) > 1;
    const spec: WireSpec = { awsName: this._givenAwsName, ...this.spec._render(this, several ? this.fitting()![0].port : this.spec._port) };
    return { spec: generated.appMesh.toJson_GatewayRouteSpec(spec) };
  }

  private fitting(): PortMapping[] | undefined {
    return this.virtualGateway.portMappings?.filter(({ port, protocol }) =>
      protocol === this.spec.protocol && (this.spec._port === undefined || this.spec._port === port));
  }

  private problems(): string[] {
    const problems: string[] = [];
    const { _target: target, _targetPort: targetPort } = this.spec;
    const mappings = target.portMappings;
    if (mappings !== undefined && targetPort === undefined && mappings.length > 1) {
      problems.push(`${this.reference}: ${target.namespace}/${target.name} has the ports ${portMappingText(mappings)}; say which with targetPort`);
    }
    if (mappings !== undefined && targetPort !== undefined && !mappings.some(({ port }) => port === targetPort)) {
      problems.push(`${this.reference}: leads to ${targetPort} of ${target.namespace}/${target.name}, which has the ports ${portMappingText(mappings)}`);
    }
    return problems;
  }
}
