import { Construct, IConstruct } from 'constructs';
import type { GatewayDemands, GatewayEdge } from './gateway-edge';
import { GatewayWorkload } from './gateway-workload';
import { GatewayRedirectProps, GatewayRespondProps, GatewayRouteProps, IstioGatewayRoute } from './istio-shared-gateway-route';
import { GatewayRoutes } from './istio-shared-gateway-routes';
import { GatewayTls } from './istio-shared-gateway-tls';
import { LoadBalancer } from './load-balancer';
import { Gateway } from '../istio/gateway';
import { GatewayServer } from '../istio/gateway-server';
import { hostsOverlap } from '../istio/hosts';
import { Telemetry } from '../istio/telemetry';
import { nameFromId, nameProblem, NameSyntax } from '../platform/names';
import { Targets, TargetVersions } from '../platform/targets';

/** Properties of a shared gateway. */
export interface IstioSharedGatewayProps {
  /** The namespace of the gateway and its pods. Application teams need no right there. */
  readonly namespace: string;
  /** What stands before the gateway; `LoadBalancer.none()` leaves it inside the cluster. */
  readonly loadBalancer: LoadBalancer;
  /**
   * The name of the gateway and of everything that belongs to it.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The hosts that are served: `shop.example.com`, `*.example.com`, or `*` for any.
   * @default ['*']
   */
  readonly hosts?: string[];
  /**
   * The namespaces whose routes are taken, beside the gateway's own.
   * @default - every namespace: whoever may create a VirtualService may take a path of these hosts
   */
  readonly allowedNamespaces?: string[];
  /**
   * The certificate that the gateway's pods show.
   * @default - behind a load balancer that ends TLS and encrypts again, a self-signed one, kept by cert-manager; none where
   * plain HTTP arrives; where clients' own TLS arrives it has to be given
   */
  readonly tls?: GatewayTls;
  /**
   * The pods that carry the traffic.
   * @default GatewayWorkload.injected()
   */
  readonly workload?: GatewayWorkload;
  /**
   * The revision, or the tag of one, of the Istio that completes the pods.
   * @default - the cluster's default revision
   */
  readonly revision?: string;
  /**
   * Whether the gateway writes a line for every request to its standard output.
   * @default false - as the mesh's own configuration says
   */
  readonly accessLog?: boolean;
  /**
   * The versions that are written for.
   * @default - those of the scope
   */
  readonly targets?: TargetVersions;
}

/** What somebody else's shared gateway is known by. */
export interface IstioSharedGatewayAttributes {
  /** The gateway's name. */
  readonly name: string;
  /** The gateway's namespace. */
  readonly namespace: string;
  /**
   * The hosts that it serves.
   * @default ['*']
   */
  readonly hosts?: string[];
  /**
   * The namespaces whose routes it takes.
   * @default - every namespace
   */
  readonly allowedNamespaces?: string[];
}

/** A gateway that several teams' applications are reached through. */
export interface IIstioSharedGateway extends IConstruct {
  /** The gateway's name. */
  readonly name: string;
  /** The gateway's namespace. */
  readonly namespace: string;

  /**
   * Sends requests to one Service or several. The VirtualService stands in the Service's namespace, and in its chart.
   *
   * Of all routes for a host the most specific wins, wherever they were added: an exact path, then the longer path, then
   * more headers.
   *
   * @throws if the host is not served, the namespace not allowed, or another route is for the same requests.
   */
  route(id: string, props: GatewayRouteProps): IstioGatewayRoute;

  /**
   * Answers requests by the gateway itself. Without a path it is what requests get that no other route of the host is for.
   * @throws as `route`, and if the status is none.
   */
  respond(id: string, props: GatewayRespondProps): IstioGatewayRoute;

  /**
   * Sends clients elsewhere.
   * @throws as `route`, and if nothing is said about where to.
   */
  redirect(id: string, props: GatewayRedirectProps): IstioGatewayRoute;
}

interface Claim { readonly reference: string; readonly hosts: string[] }
const claims = new WeakMap<IConstruct, Map<string, Claim[]>>();

/**
 * One gateway for the applications of many teams: the pods, what stands before them, and routes that stand with the
 * applications. A team in an app of its own imports it with `fromAttributes` and never needs the rest.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class IstioSharedGateway extends Construct implements IIstioSharedGateway {
  /**
   * A gateway that another app builds.
   * @throws if a name, namespace or host is none.
   */
  public static fromAttributes(scope: Construct, id: string, attributes: IstioSharedGatewayAttributes): IIstioSharedGateway {
    return new ImportedIstioSharedGateway(scope, id, attributes);
  }

  public readonly name: string;
  public readonly namespace: string;
  /** The Gateway. */
  public readonly gateway: Gateway;
  /** The name of the Service before the gateway's pods, in the gateway's namespace. */
  public readonly serviceName: string;
  private readonly routes: GatewayRoutes;
  private readonly hosts: string[];
  private readonly allowedNamespaces?: string[];

  /**
   * @throws if a name, namespace or host is none, the certificate does not go with the load balancer, or another gateway
   * serves a host with the same pods; at synthesis if a backend has not the port, or nobody can tell which of two routes wins.
   */
  constructor(scope: Construct, id: string, props: IstioSharedGatewayProps) {
    super(scope, id);
    this.name = props.name ?? nameFromId(id);
    this.namespace = props.namespace;
    this.hosts = props.hosts ?? ['*'];
    this.allowedNamespaces = props.allowedNamespaces;
    checkNames(this.name, this.namespace);
    if (props.targets) Targets.on(this, props.targets);
    this.routes = new GatewayRoutes({
      construct: this, name: this.name, namespace: this.namespace, hosts: this.hosts, allowedNamespaces: props.allowedNamespaces, own: true,
    });

    const workload = props.workload ?? GatewayWorkload.injected();
    const { http, https, status } = workload._ports;
    this.serviceName = workload._serviceName(this.name);
    const edge: GatewayEdge = {
      scope: this,
      name: this.name,
      namespace: this.namespace,
      serviceName: this.serviceName,
      httpPort: http,
      httpsPort: https,
      statusPort: status,
      hosts: () => this.routes.hosts(),
      grpc: () => this.routes.grpc(),
    };
    const demands = props.loadBalancer._demands(edge);
    const tls = this.tlsFor(demands, props.tls);
    const credentialName = tls?._bind(this, { name: this.name, namespace: this.namespace, serviceName: this.serviceName, hosts: this.hosts });

    const selector = workload._selector(this.name, this.namespace);
    this.claimHosts(selector);
    this.gateway = new Gateway(this, 'Gateway', { name: this.name, namespace: this.namespace, selector });
    this.gateway._produceServers(() => this.servers(demands, http.port, https.port, credentialName));
    workload._bind(this, {
      name: this.name,
      namespace: this.namespace,
      revision: props.revision,
      demands,
      served: demands.backend === 'http' ? ['http'] : demands.backend === 'https' ? ['https'] : ['http', 'https'],
      readsSecrets: credentialName !== undefined,
    });
    if (props.accessLog) {
      new Telemetry(this, 'AccessLog', { name: `${this.name}-access-log`, namespace: this.namespace, selector, accessLogs: [{}] });
    }
    props.loadBalancer._attach(edge);
  }

  public route(id: string, props: GatewayRouteProps): IstioGatewayRoute {
    return addRoute(this.routes, id, props);
  }

  public respond(id: string, props: GatewayRespondProps): IstioGatewayRoute {
    return addResponse(this.routes, id, props);
  }

  public redirect(id: string, props: GatewayRedirectProps): IstioGatewayRoute {
    return addRedirect(this.routes, id, props);
  }

  private tlsFor(demands: GatewayDemands, tls: GatewayTls | undefined): GatewayTls | undefined {
    if (demands.backend === 'https') return tls ?? GatewayTls.selfSigned();
    if (demands.backend === 'passthrough' && !tls) {
      this.fail('the load balancer passes TLS on, so that the gateway needs a certificate of its own; set `tls`, such as GatewayTls.issuer(...)');
    }
    if (demands.backend === 'http' && tls) {
      this.fail('the load balancer ends TLS and speaks plain HTTP to the gateway, which shows no certificate; leave `tls` out');
    }
    return tls;
  }

  private servers(demands: GatewayDemands, httpPort: number, httpsPort: number, credentialName: string | undefined): GatewayServer[] {
    const namespaces = this.allowedNamespaces && [...new Set([
      ...this.allowedNamespaces, ...this.routes.namespaces().filter((namespace) => namespace === this.namespace),
    ])];
    const reserved = (hosts: string[]) => (namespaces ? namespaces.flatMap((namespace) => hosts.map((host) => `${namespace}/${host}`)) : hosts);
    switch (demands.backend) {
      case 'http': return [GatewayServer.http({ port: httpPort, hosts: reserved(this.hosts) })];
      // A load balancer that opens TLS itself sends no SNI, and only a server for every host answers it.
      case 'https': return [GatewayServer.https({ port: httpsPort, hosts: reserved(['*']), credentialName: credentialName! })];
      case 'passthrough': return [
        GatewayServer.httpsRedirect({ port: httpPort, hosts: reserved(this.hosts) }),
        GatewayServer.https({ port: httpsPort, hosts: reserved(this.hosts), credentialName: credentialName! }),
      ];
    }
  }

  // Istio gives each port and host of the same pods to one gateway, and drops the other's without a word.
  private claimHosts(selector: { [key: string]: string }): void {
    const root = this.node.root;
    let bySelector = claims.get(root);
    if (!bySelector) claims.set(root, bySelector = new Map());
    const key = JSON.stringify(Object.entries(selector).sort());
    const others = bySelector.get(key) ?? [];
    const reference = `${this.namespace}/${this.name}`;
    for (const other of others) {
      const host = this.hosts.find((each) => other.hosts.some((theirs) => hostsOverlap(each, theirs)));
      if (host !== undefined) this.fail(`host "${host}" is served by gateway ${other.reference} on the same pods already; give each gateway hosts or pods of its own`);
    }
    bySelector.set(key, [...others, { reference, hosts: this.hosts }]);
  }

  private fail(problem: string): never {
    throw new Error(`IstioSharedGateway ${this.namespace}/${this.name}: ${problem}`);
  }
}

class ImportedIstioSharedGateway extends Construct implements IIstioSharedGateway {
  public readonly name: string;
  public readonly namespace: string;
  private readonly routes: GatewayRoutes;

  constructor(scope: Construct, id: string, attributes: IstioSharedGatewayAttributes) {
    super(scope, id);
    this.name = attributes.name;
    this.namespace = attributes.namespace;
    checkNames(this.name, this.namespace);
    this.routes = new GatewayRoutes({
      construct: this, name: this.name, namespace: this.namespace, hosts: attributes.hosts ?? ['*'], allowedNamespaces: attributes.allowedNamespaces, own: false,
    });
  }

  public route(id: string, props: GatewayRouteProps): IstioGatewayRoute {
    return addRoute(this.routes, id, props);
  }

  public respond(id: string, props: GatewayRespondProps): IstioGatewayRoute {
    return addResponse(this.routes, id, props);
  }

  public redirect(id: string, props: GatewayRedirectProps): IstioGatewayRoute {
    return addRedirect(this.routes, id, props);
  }
}

function addRoute(routes: GatewayRoutes, id: string, props: GatewayRouteProps): IstioGatewayRoute {
  const { to, rewrite, timeout, retries, grpc } = props;
  return routes.add(id, props, { backends: Array.isArray(to) ? to : [to], grpc, forward: { rewrite, timeout, retries } });
}

function addResponse(routes: GatewayRoutes, id: string, props: GatewayRespondProps): IstioGatewayRoute {
  return routes.add(id, props, { backends: [], respond: { status: props.status, body: props.body } });
}

function addRedirect(routes: GatewayRoutes, id: string, props: GatewayRedirectProps): IstioGatewayRoute {
  return routes.add(id, props, { backends: [], redirect: { authority: props.toHost, uri: props.toPath, code: props.code ?? 302 } });
}

function checkNames(name: string, namespace: string): void {
  const who = `IstioSharedGateway ${namespace}/${name}`;
  const problem = nameProblem(name, NameSyntax.SERVICE);
  if (problem) throw new Error(`${who}: ${problem}; set \`name\``);
  const namespaceProblem = nameProblem(namespace, NameSyntax.LABEL);
  if (namespaceProblem) throw new Error(`${who}: namespace: ${namespaceProblem}`);
}
