import { Construct } from 'constructs';
import { hostProblem, hostsOverlap } from './hosts';
import { HttpRoute } from './http-route';
import type { VirtualServiceSpec, VirtualServiceSpecHttp } from '../../imports/networking.istio.io';
import { generated } from '../platform/load-on-first-use';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** Properties of a VirtualService. */
export interface VirtualServiceProps extends ResourceProps {
  /**
   * The hosts that the routes are for. On a gateway full names, `*.example.com` or `*`; a name without a dot means a
   * Service of the virtual service's namespace and never what a client outside wrote. None makes a delegate, to which
   * other virtual services refer.
   */
  readonly hosts: string[];
  /**
   * The gateways that carry the routes, as `namespace/name`, and `mesh` for the sidecars.
   * @default - the sidecars of the mesh only
   */
  readonly gateways?: string[];
  /**
   * The routes, the first that matches wins.
   * @default - none yet; add them with `addRoute`
   */
  readonly http?: HttpRoute[];
  /**
   * The namespaces whose proxies, gateways included, see the routes: names, `.` for the own one, `*` for all.
   * @default - all namespaces, unless the mesh says otherwise
   */
  readonly exportTo?: string[];
}

/** A VirtualService, made here or elsewhere. */
export interface IVirtualService extends IResource {}

/**
 * Routes for requests to some hosts, carried out by gateways or by the mesh's sidecars.
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 */
export class VirtualService extends Resource implements IVirtualService {
  private readonly props: VirtualServiceProps;
  private readonly routes: HttpRoute[] = [];
  private produced?: () => VirtualServiceSpecHttp[];

  /**
   * @throws if a host is no host name, two hosts cover each other, a gateway is not named `namespace/name`, or `*` is
   * asked for in the mesh; at synthesis if there is no route.
   */
  constructor(scope: Construct, id: string, props: VirtualServiceProps) {
    super(scope, id, { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' }, props);
    this.props = props;
    props.hosts.forEach((host, i) => {
      const problem = hostProblem(host);
      if (problem) this._fail(problem);
      const other = props.hosts.slice(0, i).find((before) => hostsOverlap(before, host));
      if (other !== undefined) this._fail(`hosts "${other}" and "${host}" cover each other; keep one of them`);
    });
    if (props.hosts.length === 0 && props.gateways !== undefined) this._fail('a delegate has neither hosts nor gateways; leave `gateways` out, or name hosts');
    if (props.gateways?.length === 0) this._fail('gateways must name at least one; leave it out for the mesh');
    const inMesh = props.gateways === undefined || props.gateways.includes('mesh');
    for (const gateway of props.gateways ?? []) {
      if (gateway !== 'mesh' && !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?\/[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(gateway)) {
        this._fail(`a gateway is named "namespace/name", since a bare name means one in the virtual service's own namespace, got "${gateway}"`);
      }
      if (gateway !== 'mesh' && props.hosts.some((host) => host !== '*' && !host.includes('.'))) {
        this._fail(`host "${props.hosts.find((host) => !host.includes('.'))}" has no dot, so Istio reads it as a Service; on a gateway write the full name`);
      }
    }
    if (inMesh && props.hosts.includes('*')) this._fail('host "*" is not possible in the mesh; name hosts, or leave "mesh" out of the gateways');
    props.http?.forEach((route) => this.addRoute(route));
    this.node.addValidation({
      validate: () => (this.produced || this.routes.length > 0 ? [] : [`${this.reference}: has no route; call addRoute() or leave it out`]),
    });
  }

  /** Adds a route after those that are there. */
  public addRoute(route: HttpRoute): this {
    this.routes.push(route);
    return this;
  }

  /**
   * Takes the routes from elsewhere, at synthesis; they stand before those that were added.
   * @internal
   */
  public _produceRoutes(produce: () => VirtualServiceSpecHttp[]): void {
    this.produced = produce;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { hosts, gateways, exportTo } = this.props;
    const spec: VirtualServiceSpec = {
      hosts: hosts.length === 0 ? undefined : hosts,
      gateways,
      exportTo,
      http: this.routes.map((route) => route._render()),
    };
    const wire = generated.istioNetworking.toJson_VirtualServiceSpec(spec)!;
    // Routes are many, and what HttpRoute makes is spelt like the wire already.
    return { spec: this.produced ? { ...wire, http: [...this.produced(), ...wire.http] } : wire };
  }
}
