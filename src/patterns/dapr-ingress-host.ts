import { Duration } from 'cdk8s';
import { HostContext } from './dapr-ingress-host-context';
import { pathAndAncestors } from './dapr-ingress-internal-paths';
import { DaprGrpcRouteOptions, DaprRouteOptions } from './dapr-ingress-route';
import { DaprIngressTls } from './dapr-ingress-tls';
import { DaprTarget } from './dapr-target';
import { Certificate } from '../certmanager/certificate';
import { HttpProxy } from '../contour/http-proxy';
import { PathCondition } from '../contour/path-condition';
import { pathProblem } from '../contour/path-syntax';
import { ProxyTimeout } from '../contour/proxy-timeout';
import { ServiceTarget, UpstreamProtocol } from '../contour/service-target';

/**
 * What a client may send to make itself somebody else, or to be sent elsewhere: the callee that outranks `dapr-app-id`
 * for gRPC, who calls, and the token of the sidecar's API.
 */
const STRIPPED = ['dapr-callee-app-id', 'dapr-caller-app-id', 'dapr-caller-namespace', 'dapr-api-token'];

/** A host of a Dapr ingress. */
export class DaprIngressHost {
  /** @internal */
  public static _of(context: HostContext, host: string, name: string, tls: DaprIngressTls): DaprIngressHost {
    return new DaprIngressHost(context, host, name, tls);
  }

  /** The host. */
  public readonly host: string;
  /** The HTTPProxy of the host. A route that is added here directly has no fixed application and is not closed as ours are. */
  public readonly proxy: HttpProxy;
  /** The Certificate of the host; undefined if its Secret comes from elsewhere or it has no TLS. */
  public readonly certificate?: Certificate;
  private readonly context: HostContext;
  private readonly paths: string[] = [];
  private readonly closed = new Map<string, string>();
  private readonly patterns = new Set<string>();
  private readonly sidecars = new Map<string, ServiceTarget>();
  private checked?: { readonly count: number; readonly problems: string[] };

  private constructor(context: HostContext, host: string, name: string, tls: DaprIngressTls) {
    this.context = context;
    this.host = host;
    const { scope, namespace, ingressClassName } = context;
    if (tls._issuer) {
      this.certificate = new Certificate(scope, `Certificate-${host}`, { name, namespace, hosts: [host], issuer: tls._issuer, secretName: `${name}-tls` });
    }
    this.proxy = new HttpProxy(scope, `Proxy-${host}`, { name, namespace, host, ingressClassName, tls: tls._proxyTlsWith(this.certificate) });
    this.proxy.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Sends a path and everything below it to applications; words that merely begin alike are not meant.
   *
   * @param path begins with `/` and does not end with one; `/` alone is the whole host
   * @throws if the path is none or leads into internal paths, the weights sum to 0, or another route fits the same requests.
   */
  public route(path: string, options: DaprRouteOptions): this {
    const who = `route "${path}"`;
    this.checkPath(who, path, options.rewrite);
    const { pattern, closed, inside } = this.context.internalPaths.closedBy(path, options.rewrite);
    if (inside !== undefined) {
      this.fail(`${who}: it leads to ${inside}, which is an internal path of the applications; choose another \`rewrite\`, or other \`internalPaths\``);
    }
    const { httpPort } = this.context.sidecars;
    this.forward(who, options.to, (target) => this.sidecar(target, httpPort), (to) => this.proxy.forward({
      path: PathCondition.under(path),
      headers: options.headers,
      query: options.query,
      rewrite: options.rewrite === path ? undefined : options.rewrite,
      responseTimeout: options.timeout ?? ProxyTimeout.after(Duration.seconds(60)),
      permitInsecure: options.permitInsecure,
      to,
    }));
    this.paths.push(path);
    for (const each of closed) this.closed.set(each, path);
    // The first of two doors: what is closed here stays closed at the application, whatever is hidden in the path.
    if (pattern !== undefined && !this.patterns.has(pattern)) {
      this.patterns.add(pattern);
      this.proxy.respond({ path: PathCondition.regex(pattern), statusCode: 404 });
    }
    return this;
  }

  /**
   * Sends the calls of a gRPC service to applications.
   *
   * @param service the service with its package, such as `shop.v1.Orders`
   * @throws if service or method are no such names, the weights sum to 0, or another route fits the same calls.
   */
  public grpc(service: string, options: DaprGrpcRouteOptions): this {
    const who = `gRPC route "${service}"`;
    for (const [what, name] of [['service', service], ['method', options.method]] as const) {
      if (name !== undefined && !/^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(name)) this.fail(`${who}: a ${what} is written as in its .proto file, got "${name}"`);
    }
    if (service.startsWith('dapr.proto.')) this.fail(`${who}: that is the sidecar's own API, which is closed to outsiders`);
    this.context.needGrpc();
    const { grpcPort } = this.context.sidecars;
    this.forward(who, options.to, (target) => this.sidecar(target, grpcPort, UpstreamProtocol.H2C), (to) => this.proxy.forward({
      path: options.method === undefined ? PathCondition.prefix(`/${service}/`) : PathCondition.exactly(`/${service}/${options.method}`),
      headers: options.headers,
      responseTimeout: options.timeout ?? ProxyTimeout.never(),
      to,
    }));
    return this;
  }

  private forward(who: string, targets: DaprTarget[], asService: (target: DaprTarget) => ServiceTarget, add: (to: ServiceTarget[]) => void): void {
    if (targets.length === 0) this.fail(`${who}: a route leads to at least one application, got none; name it in \`to\``);
    const seen = new Set<string>();
    for (const target of targets) {
      if (seen.has(target._qualified)) this.fail(`${who}: application ${target._qualified} is given twice; give it one weight`);
      seen.add(target._qualified);
    }
    const unweighted = targets.find((target) => target._weight === undefined);
    if (unweighted && targets.some((target) => target._weight !== undefined)) {
      this.fail(`${who}: application ${unweighted._qualified} has no weight, where others have; give each a weight, or none`);
    }
    if (targets.every((target) => target._weight === 0)) {
      this.fail(`${who}: the weights of ${[...seen].join(', ')} sum to 0, which Contour takes for equal shares; give one of them a weight above 0`);
    }
    add(targets.map(asService));
    for (const target of targets) this.context.admit(target, this.proxy.reference);
  }

  /** Envoy's sidecars, told which application is meant; what the client says about it is taken away or replaced. */
  private sidecar(target: DaprTarget, port: number, protocol?: UpstreamProtocol): ServiceTarget {
    const key = `${target._qualified}:${port}:${target._weight ?? ''}`;
    let service = this.sidecars.get(key);
    if (!service) {
      service = ServiceTarget.named(this.context.sidecars.name, port, {
        protocol,
        requestHeaders: { set: { 'dapr-app-id': target._qualified }, remove: STRIPPED },
      });
      if (target._weight !== undefined) service = service.weight(target._weight);
      this.sidecars.set(key, service);
    }
    return service;
  }

  private checkPath(who: string, path: string, rewrite: string | undefined): void {
    const problem = pathProblem(path)
      ?? (path !== '/' && path.endsWith('/') ? `the path is written without a slash at its end, got "${path}"` : undefined);
    if (problem) this.fail(`${who}: ${problem}`);
    const wrong = rewrite === undefined ? undefined : pathProblem(rewrite);
    if (wrong) this.fail(`${who}: rewrite: ${wrong}`);
  }

  // Validations run once for every chart, so the answer is kept until another route comes.
  private problems(): string[] {
    if (this.checked?.count !== this.paths.length) {
      this.checked = { count: this.paths.length, problems: this.closed.size === 0 ? [] : this.paths.flatMap((path) => this.closedProblem(path) ?? []) };
    }
    return this.checked.problems;
  }

  private closedProblem(path: string): string | undefined {
    const closed = pathAndAncestors(path).find((each) => this.closed.has(each));
    return closed === undefined ? undefined
      : `${this.proxy.reference}: route "${path}" lies under ${closed}, by which route "${this.closed.get(closed)}" would reach an internal path ` +
        'and which is closed; choose another path, or other `internalPaths`';
  }

  private fail(problem: string): never {
    return this.context.fail(`host ${this.host}: ${problem}`);
  }
}
