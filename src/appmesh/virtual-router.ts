import { Construct } from 'constructs';
import { ImportedMeshResource } from './imported-mesh-resource';
import { IMeshResource, MeshResource, MeshResourceProps } from './mesh-resource';
import { portMappingText } from './port-mapping-text';
import { PortMapping } from './protocol';
import { RouteSpec, WeightedTarget } from './route-spec';
import { VirtualRouterListener } from './virtual-router-listener';
import { wire, wireReference } from './wire';
import type { VirtualRouterSpec } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { IResource } from '../platform/resource';

/** A virtual router, made here or elsewhere. */
export interface IVirtualRouter extends IMeshResource {
  /** The ports that clients use; undefined where the app does not know them. */
  readonly portMappings?: PortMapping[];
  /** Its ARN, where it is referred to by that. */
  readonly arn?: string;
}

/** What is known of a virtual router that is made elsewhere. */
export interface VirtualRouterAttributes {
  /** The router's name in the cluster. */
  readonly name: string;
  /**
   * The router's namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The name that App Mesh knows it by.
   * @default - `<name>_<namespace>`
   */
  readonly awsName?: string;
  /**
   * The ports that clients use.
   * @default - unknown, nothing is checked
   */
  readonly portMappings?: PortMapping[];
  /**
   * Its ARN, to refer to it by that: the way to what is in a shared mesh but not in this cluster.
   * @default - it is referred to by name
   */
  readonly arn?: string;
}

/** A route and its name. */
export interface NamedRoute {
  /** The name, unique in the router. */
  readonly name: string;
  /** What the route does. */
  readonly spec: RouteSpec;
}

/** Properties of a VirtualRouter. */
export interface VirtualRouterProps extends MeshResourceProps {
  /** The ports that clients use, at least one. The Service behind the virtual service has the same. */
  readonly listeners: VirtualRouterListener[];
  /**
   * The routes.
   * @default - none yet; add them with `addRoute`
   */
  readonly routes?: NamedRoute[];
}

/**
 * Spreads the requests for a virtual service over virtual nodes. The routes with the lowest priority come first; a request
 * that none matches is answered 404.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_routers.html
 */
export class VirtualRouter extends MeshResource implements IVirtualRouter {
  /** A virtual router of this name that is made elsewhere, in the chart's namespace unless told. */
  public static fromVirtualRouterName(scope: Construct, id: string, virtualRouterName: string, namespace?: string): IVirtualRouter {
    return VirtualRouter.fromVirtualRouterAttributes(scope, id, { name: virtualRouterName, namespace });
  }

  /** A virtual router that is made elsewhere. */
  public static fromVirtualRouterAttributes(scope: Construct, id: string, attributes: VirtualRouterAttributes): IVirtualRouter {
    return new ImportedVirtualRouter(scope, id, attributes);
  }

  /** The ports that clients use. */
  public readonly portMappings?: PortMapping[];
  private readonly mappings: PortMapping[];
  private readonly routes = new Map<string, RouteSpec>();
  private readonly identities = new Map<string, string>();
  private readonly followers: ((target: WeightedTarget) => void)[] = [];

  /**
   * @throws if there is no listener, a port or a route is given twice, no listener speaks a route's protocol, or at synthesis if
   * a target has no listener that does.
   */
  constructor(scope: Construct, id: string, props: VirtualRouterProps) {
    super(scope, id, 'VirtualRouter', props);
    if (props.listeners.length === 0) this._fail('a router needs at least one listener');
    const ports = new Set<number>();
    for (const { port } of props.listeners) {
      if (ports.has(port)) this._fail(`listener ${port}: the port is given twice`);
      ports.add(port);
    }
    this.mappings = props.listeners.map(({ port, protocol }) => ({ port, protocol }));
    this.portMappings = this.mappings;
    for (const route of props.routes ?? []) this.addRoute(route.name, route.spec);
    this.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Adds a route.
   *
   * @param routeName the route's name, unique in the router
   */
  public addRoute(routeName: string, spec: RouteSpec): void {
    if (routeName.length < 1 || routeName.length > 255) this._fail(`a route's name has 1 to 255 characters, got "${routeName}"`);
    if (this.routes.has(routeName)) this._fail(`the route ${routeName} is given twice`);
    const other = this.identities.get(spec._identity);
    if (other !== undefined) this._fail(`route ${routeName}: matches the same requests as ${other} with the same priority; give one of them another`);
    const fitting = this.fitting(spec);
    if (fitting.length !== 1) {
      const what = spec._port === undefined ? spec.protocol : `${spec.protocol} on ${spec._port}`;
      this._fail(fitting.length === 0
        ? `route ${routeName}: is for ${what}, the router listens on ${portMappingText(this.mappings)}`
        : `route ${routeName}: fits the listeners ${portMappingText(fitting)}; say which with match.port`);
    }
    this.routes.set(routeName, spec);
    this.identities.set(spec._identity, routeName);
    for (const follower of this.followers) spec._targets.forEach(follower);
  }

  /**
   * Calls back for every target, those of routes to come too.
   * @internal
   */
  public _forEachTarget(follower: (target: WeightedTarget) => void): void {
    this.followers.push(follower);
    for (const route of this.routes.values()) route._targets.forEach(follower);
  }

  /** @internal */
  public _references(): IResource[] {
    return [...this.routes.values()].flatMap((route) => route._targets).map(({ virtualNode }) => virtualNode);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: VirtualRouterSpec = {
      awsName: this._givenAwsName,
      listeners: this.mappings.map(({ port, protocol }) => ({ portMapping: { port, protocol: wire(protocol) } })),
      routes: [...this.routes].map(([name, route]) => {
        const targets = route._targets.map((target) => ({
          ...(target.virtualNode.arn === undefined
            ? { virtualNodeRef: wireReference(this, target.virtualNode) } : { virtualNodeArn: target.virtualNode.arn }),
          weight: target.weight ?? 1,
          port: this.targetPort(route, target).port,
        }));
        return route._render(name, targets, this.mappings.length > 1 ? this.fitting(route)[0].port : route._port);
      }),
    };
    return { spec: generated.appMesh.toJson_VirtualRouterSpec(spec) };
  }

  private fitting(route: RouteSpec): PortMapping[] {
    return this.mappings.filter(({ port, protocol }) => protocol === route.protocol && (route._port === undefined || route._port === port));
  }

  /** The port to write for a target; none where App Mesh finds it by itself. */
  private targetPort(route: RouteSpec, target: WeightedTarget): { port?: number; problem?: string } {
    const mappings = target.virtualNode.portMappings;
    if (mappings === undefined) return { port: target.port };
    const speaking = mappings.filter(({ port, protocol }) => protocol === route.protocol && (target.port === undefined || target.port === port));
    const own = this.fitting(route)[0].port;
    const chosen = speaking.length === 1 ? speaking[0] : speaking.find(({ port }) => port === own);
    if (!chosen) {
      const wanted = target.port === undefined ? route.protocol : `${route.protocol} on ${target.port}`;
      return {
        problem: speaking.length === 0
          ? `is for ${wanted}, but ${target.virtualNode.name} listens on ${portMappingText(mappings)}; App Mesh would drop the target without a word`
          : `fits the listeners ${portMappingText(speaking)} of ${target.virtualNode.name}; say which with the target's port`,
      };
    }
    const found = mappings.length === 1 && chosen.port === own && target.port === undefined;
    return { port: found ? undefined : chosen.port };
  }

  private problems(): string[] {
    const problems = this.routes.size === 0 ? [`${this.reference}: has no route, every request would be answered 404; call addRoute()`] : [];
    for (const [name, route] of this.routes) {
      for (const target of route._targets) {
        const { problem } = this.targetPort(route, target);
        if (problem) problems.push(`${this.reference}: route ${name}: ${problem}`);
      }
    }
    return problems;
  }
}

class ImportedVirtualRouter extends ImportedMeshResource implements IVirtualRouter {
  public readonly portMappings?: PortMapping[];

  constructor(scope: Construct, id: string, attributes: VirtualRouterAttributes) {
    super(scope, id, 'VirtualRouter', attributes);
    this.portMappings = attributes.portMappings;
  }
}
