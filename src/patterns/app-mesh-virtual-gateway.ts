import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AppMeshProxyAuthorization } from './app-mesh-proxy-authorization';
import { buildGatewayPods, EnvoyResources } from './app-mesh-virtual-gateway-pods';
import { servicePorts } from './app-mesh-virtual-node';
import { AccessLog } from '../appmesh/access-log';
import { BackendDefaults } from '../appmesh/backend';
import { GatewayRoute } from '../appmesh/gateway-route';
import { GatewayRouteHostnameMatch, GatewayRoutePathMatch, PrefixRewrite } from '../appmesh/gateway-route-match';
import { GatewayRouteSpec } from '../appmesh/gateway-route-spec';
import { HeaderMatch, HttpRouteMethod } from '../appmesh/match';
import { NamespaceSelector } from '../appmesh/namespace-selector';
import { Protocol } from '../appmesh/protocol';
import { VirtualGateway } from '../appmesh/virtual-gateway';
import { VirtualGatewayListener } from '../appmesh/virtual-gateway-listener';
import { IVirtualService } from '../appmesh/virtual-service';
import { networkLoadBalancerAnnotations, NLB_CLASS } from '../aws/network-load-balancer-annotations';
import { NlbScheme, NlbSettings } from '../aws/nlb-settings';
import { nameFromId } from '../platform/names';
import { portProblem } from '../platform/ports';
import { Prerequisites } from '../platform/prerequisites';
import { Service, ServiceType } from '../platform/service';

/** Properties of an AppMeshVirtualGateway. */
export interface AppMeshVirtualGatewayProps {
  /**
   * The gateway's name; its Deployment and its Service have the same.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace; a mesh has to select it.
   * @default - the chart's
   */
  readonly namespace?: string;
  /** The port that Envoy listens on, 1024 or above as it runs without privileges. The container and the Service take it from here. */
  readonly listener: VirtualGatewayListener;
  /** What lets the gateway's Envoys fetch their configuration; the pods run as its ServiceAccount. */
  readonly proxyAuthorization: AppMeshProxyAuthorization;
  /**
   * The port that clients use.
   * @default - 443 with TLS at the listener, 80 without
   */
  readonly servicePort?: number;
  /**
   * A Network Load Balancer in front.
   * @default - none: the gateway is reached inside the cluster only
   */
  readonly networkLoadBalancer?: NlbSettings;
  /**
   * Whether clients on the internet may speak plain HTTP to the gateway.
   * @default false; an internet-facing load balancer needs TLS at the listener
   */
  readonly allowPlainHttp?: boolean;
  /**
   * The namespaces that the gateway takes routes from, if they carry its labels.
   * @default - all of its mesh
   */
  readonly routeNamespaces?: NamespaceSelector;
  /**
   * Where the gateway writes a line per request.
   * @default AccessLog.stdout()
   */
  readonly accessLog?: AccessLog;
  /**
   * What holds for the virtual services behind the gateway.
   * @default - plain text
   */
  readonly backendDefaults?: BackendDefaults;
  /**
   * The number of pods. App Mesh lets 50 Envoys of one gateway connect unless the quota is raised.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * The image of Envoy; the controller is told to leave it.
   * @default - the controller's own, which takes the place of whatever is written
   */
  readonly envoyImage?: string;
  /**
   * What Envoy asks of its node.
   * @default - 100m of a core, 128Mi of memory and at most 512Mi
   */
  readonly resources?: EnvoyResources;
}

/** Where a route of a gateway leads, and what else it asks of a request. */
export interface AppMeshGatewayRouteOptions {
  /** The virtual service that gets the requests. */
  readonly to: IVirtualService;
  /**
   * The route's name.
   * @default - the gateway's name and the path, words joined by `-`
   */
  readonly name?: string;
  /**
   * What becomes of the path prefix.
   * @default PrefixRewrite.strip(), which is App Mesh's own: `/shop/cart` at the prefix `/shop` arrives as `/cart`
   */
  readonly rewrite?: PrefixRewrite;
  /**
   * Whether the Host header becomes the virtual service's host.
   * @default true, which is App Mesh's own
   */
  readonly rewriteHost?: boolean;
  /**
   * The host that a request has to be for.
   * @default - any
   */
  readonly hostname?: GatewayRouteHostnameMatch;
  /**
   * What has to be true of the headers.
   * @default - anything
   */
  readonly headers?: HeaderMatch[];
  /**
   * The method.
   * @default - any
   */
  readonly method?: HttpRouteMethod;
  /**
   * Which of several matching routes counts, 0 to 1000: the lowest, then the longest prefix.
   * @default 1000
   */
  readonly priority?: number;
}

/**
 * A way into an App Mesh for clients outside it: the virtual gateway, the Envoys that serve it, their Service with or without
 * a Network Load Balancer, and the routes to virtual services.
 *
 * AWS ended App Mesh on 2026-09-30; this is for what still runs, and for leaving it.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_gateways.html
 */
export class AppMeshVirtualGateway extends Construct {
  /** The gateway's name. */
  public readonly name: string;
  /** The gateway's namespace. */
  public readonly namespace: string;
  /** The virtual gateway; the way to routes that `route` has no word for. */
  public readonly virtualGateway: VirtualGateway;
  /** The Deployment of its Envoys. */
  public readonly deployment: IConstruct;
  /** The Service that clients and load balancer reach the Envoys by. */
  public readonly service: Service;
  private readonly listener: VirtualGatewayListener;

  /** @throws if a port, the number of replicas or the resources are out of range, or the internet is to be served without TLS unsaid. */
  constructor(scope: Construct, id: string, props: AppMeshVirtualGatewayProps) {
    super(scope, id);
    this.name = props.name ?? nameFromId(id);
    const name = this.name;
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const { listener } = props;
    this.listener = listener;
    if (namespace === undefined) this.fail('needs to know its namespace; set `namespace`, or give the chart one');
    this.namespace = namespace;
    const problem = portProblem(listener.port, 'listener port');
    if (problem) this.fail(problem);
    if (listener.port < 1024) {
      this.fail(`the listener's port must be 1024 or above, since Envoy runs without privileges, got ${listener.port}; clients use \`servicePort\``);
    }
    const replicas = props.replicas ?? 2;
    if (!Number.isInteger(replicas) || replicas < 1 || replicas > 50) {
      this.fail(`replicas must be a whole number from 1 to 50, as many as App Mesh lets connect, got ${replicas}`);
    }
    const tls = listener._encrypts;
    if (props.networkLoadBalancer?.scheme === NlbScheme.INTERNET_FACING && !tls && props.allowPlainHttp !== true) {
      this.fail('is reached from the internet without TLS; give the listener `tls`, or say `allowPlainHttp: true`');
    }

    const labels = { 'virtual-gateway': name };
    this.deployment = buildGatewayPods(this, {
      name, namespace, labels, replicas, portName: listener.protocol, port: listener.port, image: props.envoyImage, resources: props.resources ?? {},
    }, (what) => this.fail(what));
    this.virtualGateway = new VirtualGateway(this, 'VirtualGateway', {
      name,
      namespace,
      listeners: [listener],
      workload: this.deployment,
      routeNamespaces: props.routeNamespaces,
      accessLog: props.accessLog ?? AccessLog.stdout(),
      backendDefaults: props.backendDefaults,
    });
    props.proxyAuthorization.authorizeGateway(this.virtualGateway, this.deployment);

    const nlb = props.networkLoadBalancer;
    const [port] = servicePorts([{ port: props.servicePort ?? (tls ? 443 : 80), protocol: listener.protocol }], listener.port);
    this.service = new Service(this, 'Service', {
      name,
      namespace,
      type: nlb === undefined ? undefined : ServiceType.LOAD_BALANCER,
      loadBalancerClass: nlb === undefined ? undefined : NLB_CLASS,
      annotations: nlb === undefined ? undefined : networkLoadBalancerAnnotations(nlb, undefined, (what) => this.fail(`networkLoadBalancer: ${what}`)),
      selector: labels,
      ports: [tls ? { ...port, name: 'tls', appProtocol: undefined } : port],
    });
    this.notePrerequisites(nlb !== undefined);
  }

  /**
   * Leads requests whose path begins with a prefix to a virtual service.
   *
   * @param pathPrefix the prefix, compared byte for byte: `/shop` matches `/shopping` too
   * @throws if the gateway speaks gRPC, the prefix does not begin with a slash, or another route matches the same
   */
  public route(pathPrefix: string, options: AppMeshGatewayRouteOptions): GatewayRoute {
    const { protocol } = this.listener;
    if (protocol === Protocol.GRPC) {
      this.fail(`gRPC is routed by service, not by path, got "${pathPrefix}"; call virtualGateway.addGatewayRoute() with GatewayRouteSpec.grpc()`);
    }
    const match = {
      path: GatewayRoutePathMatch.startsWith(pathPrefix, options.rewrite),
      hostname: options.hostname,
      headers: options.headers,
      method: options.method,
    };
    const spec = { target: options.to, rewriteHost: options.rewriteHost, priority: options.priority, match };
    const name = options.name ?? `${this.name}-${slug(pathPrefix)}`;
    return this.virtualGateway.addGatewayRoute(name, {
      name,
      namespace: this.virtualGateway.namespace,
      routeSpec: protocol === Protocol.HTTP2 ? GatewayRouteSpec.http2(spec) : GatewayRouteSpec.http(spec),
    });
  }

  private notePrerequisites(loadBalancer: boolean): void {
    const prerequisites = Prerequisites.of(this);
    prerequisites.add({
      kind: 'App Mesh controller',
      purpose: 'brings the mesh\'s objects to AWS and configures the containers named envoy',
      command: 'helm install appmesh-controller appmesh-controller --repo https://aws.github.io/eks-charts --version 1.13.3 --namespace appmesh-system --create-namespace',
      reliedOnBy: [this.virtualGateway.reference],
    });
    if (!loadBalancer) return;
    prerequisites.add({
      kind: 'AWS Load Balancer Controller',
      purpose: 'makes load balancers from Services of its class',
      command: 'helm install aws-load-balancer-controller aws-load-balancer-controller --repo https://aws.github.io/eks-charts --namespace kube-system --set clusterName=<cluster>',
      reliedOnBy: [this.service.reference],
    });
  }

  private fail(problem: string): never {
    throw new Error(`AppMeshVirtualGateway ${this.namespace ?? ''}/${this.name}: ${problem}`);
  }
}

function slug(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'root';
}
