import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Backend } from './backend';
import { HeaderMatch } from './header-match';
import { checkAction, renderEntries, RouteAction } from './istio-shared-gateway-entries';
import { bySpecificity, matchKey, PathIndex, Ranked } from './istio-shared-gateway-order';
import { GatewayRouteMatch, IstioGatewayRoute } from './istio-shared-gateway-route';
import { PathMatch } from './path-match';
import type { ResolvedBackend } from './resolved-backend';
import type { VirtualServiceSpecHttp } from '../../imports/networking.istio.io';
import { hostProblem } from '../istio/hosts';
import { VirtualService } from '../istio/virtual-service';
import { nameFromId, nameProblem, NameSyntax } from '../platform/names';

/** The gateway that routes are for. */
export interface RoutesOwner {
  readonly construct: Construct;
  readonly name: string;
  readonly namespace: string;
  readonly hosts: string[];
  readonly allowedNamespaces?: string[];
  /** Whether the gateway is built here, and so decides what requests get that no route is for. */
  readonly own: boolean;
}

interface Route extends Ranked {
  readonly action: RouteAction;
  /** Whether the route is for every host, because it names none. */
  readonly everyHost: boolean;
}

interface HostRoutes {
  readonly namespace: string;
  readonly routes: Route[];
  readonly virtualService: VirtualService;
}

/** What all who know a gateway in one app add to it. */
interface AppRoutes {
  readonly names: Set<string>;
  readonly keys: Map<string, string>;
  readonly byHost: Map<string, Map<string, HostRoutes>>;
  readonly added: Route[];
  readonly hosts: Set<string>;
  own: boolean;
  checked?: { count: number; problems: string[] };
}

const apps = new WeakMap<IConstruct, Map<string, AppRoutes>>();

/** The routes of one gateway in one app: checked when added, ordered and written at synthesis. */
export class GatewayRoutes {
  private readonly wildcards: string[];
  private readonly app: AppRoutes;

  constructor(private readonly owner: RoutesOwner) {
    const who = `IstioSharedGateway ${owner.namespace}/${owner.name}`;
    if (owner.hosts.length === 0) throw new Error(`${who}: hosts must name at least one; leave it out for every host`);
    for (const host of owner.hosts) {
      const problem = hostProblem(host) ?? (host === '*' || host.includes('.') ? undefined : `a host outside the cluster has a dot, got "${host}"`);
      if (problem) throw new Error(`${who}: hosts: ${problem}`);
      if (owner.hosts.indexOf(host) !== owner.hosts.lastIndexOf(host)) throw new Error(`${who}: hosts: "${host}" is given twice`);
    }
    if (owner.allowedNamespaces?.length === 0) throw new Error(`${who}: allowedNamespaces must name at least one; leave it out for all`);
    for (const namespace of owner.allowedNamespaces ?? []) {
      const problem = nameProblem(namespace, NameSyntax.LABEL);
      if (problem) throw new Error(`${who}: allowedNamespaces: ${problem}`);
    }
    this.wildcards = owner.hosts.filter((host) => host.startsWith('*'));
    const root = owner.construct.node.root;
    const gateways = apps.get(root) ?? new Map<string, AppRoutes>();
    apps.set(root, gateways);
    const known = gateways.get(`${owner.namespace}/${owner.name}`);
    this.app = known ?? { names: new Set(), keys: new Map(), byHost: new Map(), added: [], hosts: new Set(), own: false };
    this.app.own ||= owner.own;
    owner.hosts.forEach((host) => this.app.hosts.add(host));
    if (known) return;
    gateways.set(`${owner.namespace}/${owner.name}`, this.app);
    owner.construct.node.addValidation({ validate: () => this.problems() });
  }

  /** Adds a route, and the VirtualServices that it lands in where they are not there yet. */
  public add(id: string, match: GatewayRouteMatch, action: RouteAction): IstioGatewayRoute {
    const name = nameFromId(id);
    const fail = (problem: string): never => { throw new Error(`${this.who} route "${id}": ${problem}`); };
    const nameTrouble = nameProblem(name, NameSyntax.LABEL);
    if (nameTrouble) fail(nameTrouble);
    const hosts = this.hostsOf(match, fail);
    const namespace = this.namespaceOf(match, action.backends, fail);
    const fullName = `${namespace}/${name}`;
    if (this.app.names.has(fullName)) fail(`namespace ${namespace} has a route of this name already; give one of them another id`);
    const route: Route = {
      id: name,
      namespace,
      path: match.path ?? PathMatch.prefix('/'),
      headers: sortedHeaders(match.headers ?? [], fail),
      action,
      everyHost: match.host === undefined && match.hosts === undefined,
    };
    checkAction(action, fail);
    const key = matchKey(route);
    for (const host of hosts) {
      const other = this.app.keys.get(`${host} ${key}`);
      if (other !== undefined) fail(`the route "${other}" is for the same requests to host "${host}"; let them differ in path, headers or host`);
    }
    this.app.names.add(fullName);
    this.app.added.push(route);
    const virtualServices = hosts.map((host) => {
      this.app.keys.set(`${host} ${key}`, id);
      const routes = this.routesOf(host, namespace, action.backends);
      routes.routes.push(route);
      return routes.virtualService;
    });
    return IstioGatewayRoute._of(name, hosts, virtualServices);
  }

  /** The hosts of the gateway and of its routes. `*` is left out, and so is a wildcard that no route is for. */
  public hosts(): string[] {
    const named = [...this.app.hosts].filter((host) => !host.startsWith('*'));
    return [...new Set([...named, ...this.app.byHost.keys()])].filter((host) => host !== '*').sort();
  }

  /** The namespaces that have routes. */
  public namespaces(): string[] {
    return [...new Set(this.app.added.map((route) => route.namespace))].sort();
  }

  /** Whether a route speaks gRPC. */
  public grpc(): boolean {
    return this.app.added.some((route) => route.action.grpc ?? route.action.backends.some((backend) => {
      const resolved = backend._resolve();
      return typeof resolved !== 'string' && resolved.grpc;
    }));
  }

  private get who(): string {
    return `IstioSharedGateway ${this.owner.namespace}/${this.owner.name}`;
  }

  private hostsOf(match: GatewayRouteMatch, fail: (problem: string) => never): string[] {
    if (match.host !== undefined && match.hosts !== undefined) fail('has both `host` and `hosts`; keep one of them');
    if (match.hosts?.length === 0) fail('hosts must name at least one; leave it out for every host of the gateway');
    const hosts = match.host === undefined ? match.hosts ?? this.owner.hosts : [match.host];
    for (const host of hosts) {
      const problem = hostProblem(host);
      if (problem) fail(problem);
      const served = this.owner.hosts.includes(host)
        || this.wildcards.some((wildcard) => wildcard === '*' || (host !== '*' && host.endsWith(wildcard.slice(1))));
      if (!served) fail(`host "${host}" is not served by the gateway, whose hosts are ${this.owner.hosts.join(', ')}; add it to its \`hosts\``);
      if (host !== '*' && !host.includes('.')) fail(`a host outside the cluster has a dot, got "${host}"`);
    }
    return hosts.length === 1 ? hosts : [...new Set(hosts)];
  }

  private namespaceOf(match: GatewayRouteMatch, backends: Backend[], fail: (problem: string) => never): string {
    for (const backend of backends) {
      if (backend._namespace === undefined) fail(`${backend._reference} has no namespace; set the chart's, or the Service's own`);
    }
    const first = backends[0]?._namespace;
    const other = backends.find((backend) => backend._namespace !== first)?._namespace;
    if (match.namespace === undefined && other !== undefined) {
      fail(`the backends are in several namespaces (${first}, ${other}); say with \`namespace\` which one the VirtualService is for`);
    }
    const namespace = match.namespace ?? first ?? this.owner.namespace;
    const problem = nameProblem(namespace, NameSyntax.LABEL);
    if (problem) fail(`namespace: ${problem}`);
    const { allowedNamespaces } = this.owner;
    if (allowedNamespaces && !allowedNamespaces.includes(namespace) && !(this.owner.own && namespace === this.owner.namespace)) {
      fail(`namespace "${namespace}" may not use the gateway; allowed are ${allowedNamespaces.join(', ')}: add it to \`allowedNamespaces\``);
    }
    return namespace;
  }

  private routesOf(host: string, namespace: string, backends: Backend[]): HostRoutes {
    let namespaces = this.app.byHost.get(host);
    if (!namespaces) this.app.byHost.set(host, namespaces = new Map());
    let found = namespaces.get(namespace);
    if (!found) {
      const suffix = host === '*' ? '' : `-${host.replace(/^\*/, 'wildcard')}`;
      // What a team owns stands in the team's chart: its manifests are applied together.
      const service = backends.find((backend) => backend._namespace === namespace)?._construct;
      const scope: Construct = service ? Chart.of(service) : this.owner.construct;
      const routes: Route[] = [];
      const virtualService = new VirtualService(scope, `${this.owner.namespace}.${this.owner.name}${suffix}.${namespace}`, {
        name: `${this.owner.name}${suffix}`,
        namespace,
        hosts: [host],
        gateways: [`${this.owner.namespace}/${this.owner.name}`],
      });
      virtualService._produceRoutes(() => this.render(routes));
      namespaces.set(namespace, found = { namespace, routes, virtualService });
    }
    return found;
  }

  private render(routes: Route[]): VirtualServiceSpecHttp[] {
    const entries: VirtualServiceSpecHttp[] = [];
    for (const route of [...routes].sort(bySpecificity)) {
      const resolved = route.action.backends.map((backend) => {
        const each = backend._resolve();
        if (typeof each === 'string') throw new Error(`${this.who} route "${route.id}": ${each}`);
        return each;
      });
      entries.push(...renderEntries(route, route.action, resolved));
    }
    return entries;
  }

  // Validations run once for every chart, so the answer is kept until another route comes.
  private problems(): string[] {
    if (this.app.checked?.count !== this.app.added.length) {
      this.app.checked = { count: this.app.added.length, problems: [...this.backendProblems(), ...this.hostProblems()] };
    }
    return this.app.checked.problems;
  }

  private backendProblems(): string[] {
    const problems: string[] = [];
    for (const route of this.app.added) {
      for (const backend of route.action.backends) {
        const resolved = backend._resolve();
        const problem = typeof resolved === 'string' ? resolved : grpcProblem(route, backend, resolved);
        if (problem !== undefined) problems.push(`${this.who} route "${route.id}": ${problem}`);
      }
    }
    return problems;
  }

  private hostProblems(): string[] {
    const problems: string[] = [];
    // Routes that name no host are for all of the gateway's, unless a request meets a host that was named alone.
    const forEveryHost = this.app.added.find((route) => route.everyHost);
    const wildcards = [...this.app.hosts].filter((host) => host.startsWith('*'));
    const everyHost = forEveryHost ? wildcards.map((wildcard) => [wildcard, forEveryHost] as const) : [];
    for (const [host, namespaces] of this.app.byHost) {
      const routes = [...namespaces.values()].flatMap((each) => each.routes);
      if (namespaces.size > 1) {
        for (const [a, b] of new PathIndex(routes).undecided()) {
          problems.push(
            `${this.who} host "${host}": requests to ${b.path._value} match the route "${a.id}" of namespace ${a.namespace} and "${b.id}" of ` +
            `namespace ${b.namespace}, and Istio lets the VirtualService win that was created first; give the two hosts of their own, ` +
            'paths or headers that exclude each other, or one `namespace`',
          );
        }
      }
      if (this.app.own) {
        for (const route of new PathIndex(routes).withoutRest()) {
          problems.push(
            `${this.who} host "${host}": a request to ${route.path._value} without header ${route.headers.map((header) => `"${header._name}"`).join(', ')} ` +
            `(route "${route.id}") matches nothing; say what it gets, such as respond('otherwise', { status: 404 }), or a route without headers`,
          );
        }
      }
      for (const [wildcard, hidden] of this.app.hosts.has(host) ? [] : everyHost) {
        if (wildcard !== '*' && !host.endsWith(wildcard.slice(1))) continue;
        problems.push(
          `${this.who} route "${hidden.id}": names no host and is for every request to "${wildcard}", but requests to "${host}" never come to it, ` +
          `since "${routes[0]!.id}" is for that host alone; give "${hidden.id}" \`hosts: ['${wildcard}', '${host}']\`, or \`host: '${wildcard}'\` to leave that host out`,
        );
      }
    }
    return problems;
  }
}

function sortedHeaders(headers: HeaderMatch[], fail: (problem: string) => never): HeaderMatch[] {
  const sorted = [...headers].sort((a, b) => (a._name < b._name ? -1 : a._name > b._name ? 1 : 0));
  sorted.forEach((header, i) => {
    if (i > 0 && sorted[i - 1]!._name === header._name) fail(`header "${header._name}" is asked for twice; one condition holds for each header`);
  });
  return sorted;
}

function grpcProblem(route: Route, backend: Backend, resolved: ResolvedBackend): string | undefined {
  if (route.action.grpc !== true || resolved.http2 !== false) return undefined;
  return `speaks gRPC, but port ${resolved.port} of ${backend._reference} does not say so, and the gateway would speak HTTP/1.1 to it; ` +
    'set `appProtocol: grpc` on the port, or let its name begin with "grpc"';
}
