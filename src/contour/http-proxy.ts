import { Construct } from 'constructs';
import { claimHost } from './claimed-hosts';
import { ImportedHttpProxy } from './imported-http-proxy';
import { conditionKey, contradiction, renderConditions } from './match-conditions';
import { pathProblem } from './path-syntax';
import { PathVariant, pathVariants } from './path-variants';
import { HttpProxyAttributes, IHttpProxy, IncludeOptions } from './proxy-include';
import { ProxyTls } from './proxy-tls';
import { RedirectRouteOptions } from './redirect';
import { forwardAction, redirectAction, respondAction, RouteAction, WireRoute } from './route-actions';
import { ForwardRouteOptions, RespondRouteOptions, RouteMatch } from './route-options';
import { ServiceTarget } from './service-target';
import type { HttpProxySpec, HttpProxySpecIncludes, HttpProxySpecRoutesConditions } from '../../imports/projectcontour.io';
import { generated } from '../platform/load-on-first-use';
import { isHostName } from '../platform/names';
import { ObservedService } from '../platform/observed';
import { Resource, ResourceProps } from '../platform/resource';
import { given } from '../platform/wire';

/** Properties of an HTTPProxy. */
export interface HttpProxyProps extends ResourceProps {
  /**
   * The host that the proxy answers, such as `www.example.com`; `*.example.com` stands for one label. Contour takes
   * every proxy of a host that two have out of service.
   * @default - none: another proxy includes this one
   */
  readonly host?: string;
  /**
   * The certificate of the host. Requests without TLS are then sent to https, unless a route permits them.
   * @default - no TLS: the host answers in the clear
   */
  readonly tls?: ProxyTls;
  /**
   * The class, where several Contours share the cluster.
   * @default - none: the Contour that takes proxies without a class
   */
  readonly ingressClassName?: string;
}

const NONE: never[] = [];

interface Route {
  readonly conditions: HttpProxySpecRoutesConditions[];
  readonly variant: PathVariant;
  readonly action: RouteAction;
  readonly permitInsecure?: boolean;
}

/**
 * A host in Contour and where its requests go; without a host, a part that others include.
 *
 * @see https://projectcontour.io/docs/main/config/fundamentals/
 */
export class HttpProxy extends Resource implements IHttpProxy {
  /** An HTTPProxy that somebody else writes. */
  public static fromHttpProxyAttributes(scope: Construct, id: string, attributes: HttpProxyAttributes): IHttpProxy {
    return new ImportedHttpProxy(scope, id, attributes);
  }

  /** The host; undefined for a part that others include. */
  public readonly host?: string;
  private readonly props: HttpProxyProps;
  private readonly routes: Route[] = [];
  private readonly routeKeys = new Map<string, string>();
  private readonly includes: { readonly proxy: IHttpProxy; readonly conditions: HttpProxySpecRoutesConditions[] }[] = [];
  private readonly includeKeys = new Set<string>();
  private readonly targets = new Map<string, { readonly service: ObservedService; readonly ports: Set<number> }>();

  /** @throws if the host is no DNS name or another proxy's, TLS is asked for without one, or at synthesis if there is no route. */
  constructor(scope: Construct, id: string, props: HttpProxyProps = {}) {
    super(scope, id, { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy' }, props);
    this.props = props;
    this.host = props.host;
    if (props.host !== undefined && !isHostName(props.host)) {
      this._fail(`host must be a DNS name in lower case, such as "www.example.com" or "*.example.com", got "${props.host}"`);
    }
    const other = props.host === undefined ? undefined : claimHost(this, props.ingressClassName, props.host, this.reference);
    if (other !== undefined) this._fail(`host "${props.host}" is that of ${other} already, and Contour would serve neither; add the routes there, or include this one`);
    if (props.tls && props.host === undefined) this._fail('TLS belongs to a host; name it in `host`, or leave `tls` out');
    this.node.addValidation({ validate: () => this.problems().map((problem) => `${this.reference}: ${problem}`) });
  }

  /**
   * Sends requests to Services.
   * @throws if there is no Service, the weights sum to 0, or another route fits the same requests.
   */
  public forward(options: ForwardRouteOptions): this {
    this.add(options, options.rewrite, (fail) => forwardAction(options, fail));
    for (const target of [...options.to, ...(options.mirror ? [options.mirror] : [])]) this.observe(target);
    return this;
  }

  /**
   * Sends clients elsewhere.
   * @throws if nothing would change, or another route fits the same requests.
   */
  public redirect(options: RedirectRouteOptions): this {
    this.add(options, undefined, (fail) => redirectAction(options, fail));
    return this;
  }

  /**
   * Lets Envoy answer by itself.
   * @throws if the status code is none, or another route fits the same requests.
   */
  public respond(options: RespondRouteOptions): this {
    this.add(options, undefined, (fail) => respondAction(options, fail));
    return this;
  }

  /**
   * Leaves requests to another proxy, which may belong to another namespace and has no host of its own.
   * @throws if it has one, or another include has the same conditions.
   */
  public include(proxy: IHttpProxy, options: IncludeOptions = {}): this {
    const who = `include of ${proxy.namespace ?? ''}/${proxy.name}`;
    if (proxy === this) this._fail(`${who}: a proxy cannot include itself`);
    if (proxy instanceof HttpProxy && proxy.host !== undefined) this._fail(`${who}: it answers host "${proxy.host}" itself; a proxy with a host cannot be included`);
    const { prefix, headers = [], query = [] } = options;
    const problem = (prefix === undefined ? undefined : pathProblem(prefix)) ?? contradiction(headers, query);
    if (problem) this._fail(`${who}: ${problem}`);
    const path = prefix === undefined ? undefined : { prefix };
    const conditions = renderConditions(path, headers.map((each) => each._render()), query.map((each) => each._render()));
    const key = conditionKey(conditions);
    if (key !== '' && this.includeKeys.has(key)) this._fail(`${who}: another include has the same conditions, and only the first is served`);
    this.includeKeys.add(key);
    this.includes.push({ proxy, conditions });
    return this;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { host, tls } = this.props;
    const spec: HttpProxySpec = {
      virtualhost: host === undefined ? undefined : { fqdn: host, tls: tls?._render() },
      ingressClassName: this.props.ingressClassName,
      includes: this.includes.length === 0 ? undefined : this.includes.map(({ proxy, conditions }): HttpProxySpecIncludes => ({
        name: proxy.name,
        namespace: proxy.namespace === this.namespace ? undefined : proxy.namespace,
        conditions: conditions.length === 0 ? undefined : conditions,
      })),
    };
    const wire = generated.contour.toJson_HttpProxySpec(spec);
    // Routes may be thousands, and are spelt like the wire already.
    return { spec: this.routes.length === 0 ? wire : { ...wire, routes: this.routes.map(renderRoute) } };
  }

  private add(match: RouteMatch, rewrite: string | undefined, actionOf: (fail: (problem: string) => never) => RouteAction): void {
    const { path, headers = NONE, query = NONE, permitInsecure } = match;
    const words = path === undefined ? 'for every path' : `"${path._value}"`;
    const fail = (problem: string): never => this._fail(`route ${words}: ${problem}`);
    const problem = contradiction(headers, query);
    if (problem) fail(problem);
    if (permitInsecure && this.host !== undefined && !this.props.tls) fail('permitInsecure goes with `tls`; without it every request is insecure');
    const action = actionOf(fail);
    let variants: PathVariant[];
    try {
      variants = pathVariants(path, rewrite, this.host !== undefined);
    } catch (error) {
      fail((error as Error).message);
    }
    const wireHeaders = headers.map((each) => each._render());
    const wireQuery = query.map((each) => each._render());
    const added = variants!.map((variant): Route => ({
      variant,
      action,
      permitInsecure,
      conditions: renderConditions(variant.path, variant.guard ? [...wireHeaders, variant.guard] : wireHeaders, wireQuery),
    }));
    for (const route of added) {
      const key = conditionKey(route.conditions);
      const other = this.routeKeys.get(key);
      if (other !== undefined) fail(`the route ${other} fits the same requests, and only the later one would be served; remove one, or add a condition`);
      this.routeKeys.set(key, words);
    }
    this.routes.push(...added);
  }

  private observe(target: ServiceTarget): void {
    const service = target._service;
    if (!service) return;
    if (service.namespace !== this.namespace) {
      this._fail(`${service.reference} is in another namespace, where Contour does not follow; put the proxy there and include it`);
    }
    const known = this.targets.get(service.reference);
    if (known) known.ports.add(target._port);
    else this.targets.set(service.reference, { service, ports: new Set([target._port]) });
  }

  private problems(): string[] {
    const problems: string[] = [];
    if (this.routes.length + this.includes.length === 0) problems.push('it has no route; call forward(), redirect(), respond() or include()');
    if (this.host !== undefined && this.includesItself()) problems.push('the proxies that it includes include each other in a circle');
    for (const { service, ports } of this.targets.values()) {
      const known = service.ports.filter((port) => (port.protocol ?? 'TCP') === 'TCP').map((port) => port.port);
      for (const port of ports) {
        if (!known.includes(port)) problems.push(`${service.reference} has no TCP port ${port}; its ports are ${known.join(', ')}`);
      }
    }
    return problems;
  }

  private includesItself(): boolean {
    const done = new Set<IHttpProxy>();
    const open = new Set<IHttpProxy>();
    const visit = (proxy: IHttpProxy): boolean => {
      if (open.has(proxy)) return true;
      if (done.has(proxy) || !(proxy instanceof HttpProxy)) return false;
      open.add(proxy);
      const circle = proxy.includes.some((include) => visit(include.proxy));
      open.delete(proxy);
      done.add(proxy);
      return circle;
    };
    return visit(this);
  }
}

function renderRoute({ conditions, variant, action, permitInsecure }: Route): WireRoute {
  const route = action(variant);
  return given({ ...route, conditions: conditions.length === 0 ? undefined : conditions, permitInsecure: permitInsecure || undefined });
}
