import { Chart, Size } from 'cdk8s';
import { Construct } from 'constructs';
import { ContourChart } from './dapr-ingress-chart';
import { DaprIngressHost } from './dapr-ingress-host';
import { HostContext } from './dapr-ingress-host-context';
import { DaprHostOptions } from './dapr-ingress-host-options';
import { INTERNAL_PATHS, internalPathProblem, InternalPaths } from './dapr-ingress-internal-paths';
import { EnvoyAccess, ENVOY_PORTS, EnvoyNetworkPolicy } from './dapr-ingress-network-policy';
import { noteDnsRecord, noteExternalDns, noteForeignApp, noteInstallations, noteIssuer } from './dapr-ingress-prerequisites';
import { DaprIngressProps } from './dapr-ingress-props';
import { DaprIngressTls } from './dapr-ingress-tls';
import { contourValues } from './dapr-ingress-values';
import { DaprTarget } from './dapr-target';
import { ClusterIssuer } from '../certmanager/cluster-issuer';
import { AccessAction } from '../dapr/access-control';
import { ApiAccess } from '../dapr/api-access';
import { checkAppId } from '../dapr/app-id';
import { Configuration } from '../dapr/configuration';
import { DaprApp } from '../dapr/dapr-app';
import { SIDECAR_PORTS } from '../dapr/sidecar-ports';
import { CompanionFile, FileContent } from '../platform/companion-file';
import { isHostName, nameFromId, nameProblem, NameSyntax } from '../platform/names';
import { Resource } from '../platform/resource';
import { Service, ServicePort } from '../platform/service';
import { Targets } from '../platform/targets';

/**
 * Contour as the way into a cluster of Dapr applications: Envoy's pods have a Dapr sidecar and send each request to the
 * application that its route names, by Dapr's service invocation.
 *
 * Outsiders invoke the applications of the routes and nothing else: the sidecars' own API is closed for HTTP and gRPC,
 * the application is fixed by the route, headers with which a client could pass for somebody else are taken away, and
 * internal paths are closed at the applications.
 *
 * @see https://docs.dapr.io/developing-applications/building-blocks/service-invocation/service-invocation-overview/
 */
export class DaprIngress extends Construct {
  /** The app id under which the ingress invokes applications. */
  public readonly appId: string;
  /** The namespace of the ingress. */
  public readonly namespace: string;
  /** The trust domain of the ingress. */
  public readonly trustDomain: string;
  /** The settings of the sidecars beside Envoy. */
  public readonly configuration: Configuration;
  /** The headless Service by which Envoy reaches its sidecars. */
  public readonly service: Service;
  /** The NetworkPolicy of Envoy's pods; undefined if there is none. */
  public readonly networkPolicy?: Resource;
  /** The values that Contour's chart is installed with. */
  public readonly contourValues: CompanionFile;
  /** The values that Dapr's chart is installed with. */
  public readonly daprValues: CompanionFile;
  private readonly props: DaprIngressProps;
  private readonly chart: ContourChart;
  private readonly internalPaths: string[];
  private readonly ports: ServicePort[];
  private readonly grpcPort: number;
  private readonly internalGrpcPort: number;
  private readonly hosts = new Map<string, DaprIngressHost>();
  private readonly admitted = new Set<unknown>();
  private readonly admittedByName = new Set<string>();
  private readonly context: HostContext;
  private readonly defaultTls?: DaprIngressTls;

  /** @throws if a name, namespace, port, domain or path is none, or nothing says where certificates come from as well as `tls`. */
  constructor(scope: Construct, id: string, props: DaprIngressProps = {}) {
    super(scope, id);
    if (props.targets) Targets.on(this, props.targets);
    this.props = props;
    this.appId = props.name ?? nameFromId(id);
    this.namespace = props.namespace ?? Chart.of(this).namespace ?? '';
    this.internalPaths = props.internalPaths ?? INTERNAL_PATHS;
    this.chart = props.chart ?? ContourChart.project();
    this.checkProps();
    const { sidecar = {}, scrapedFrom = [] } = props;
    this.grpcPort = sidecar.grpcPort ?? SIDECAR_PORTS.grpc;
    this.internalGrpcPort = sidecar.internalGrpcPort ?? SIDECAR_PORTS.internalGrpc;
    const metricsPort = scrapedFrom.length === 0 ? undefined : sidecar.metricsPort ?? SIDECAR_PORTS.metrics;
    const own = { name: this.appId, namespace: this.namespace };

    this.configuration = new Configuration(this, 'Configuration', {
      ...own,
      tracing: props.tracing,
      api: ApiAccess.invokeOnly(),
      // Nobody invokes the ingress; the trust domain is what applications know it by.
      accessControl: { defaultAction: AccessAction.DENY, trustDomain: props.trustDomain },
    });
    this.trustDomain = this.configuration.trustDomain;

    const podLabels = {
      'app.kubernetes.io/name': 'contour',
      'app.kubernetes.io/instance': this.chart._release(this.appId),
      'app.kubernetes.io/component': 'envoy',
    };
    this.ports = [{ name: 'dapr-http', port: SIDECAR_PORTS.http, appProtocol: 'http' }];
    if (metricsPort !== undefined) this.ports.push({ name: 'dapr-metrics', port: metricsPort });
    this.service = new Service(this, 'Service', {
      // Not "<app id>-dapr": that name is the operator's, which makes none for a DaemonSet.
      name: `${this.appId}-headless`,
      namespace: this.namespace,
      annotations: metricsPort === undefined ? undefined : { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(metricsPort) },
      headless: true,
      selector: podLabels,
      // The gRPC port joins them when a route needs it; the Service reads them at synthesis.
      ports: this.ports,
    });
    const access: EnvoyAccess = {
      podLabels,
      scrapedFrom,
      metricsPorts: metricsPort === undefined ? [] : [ENVOY_PORTS.metrics, metricsPort],
      sidecarPorts: () => this.ports.map(({ port }) => port).filter((port) => port !== metricsPort),
    };
    if (props.networkPolicy ?? true) this.networkPolicy = new EnvoyNetworkPolicy(this, 'NetworkPolicy', access, own);
    this.contourValues = this.valuesFile('ContourValues', 'contour', 'values that the chart of Contour is installed with', contourValues({
      chart: this.chart,
      access,
      ingressClassName: props.ingressClassName,
      ownNetworkPolicy: this.networkPolicy !== undefined,
      externalDnsHosts: () => (props.externalDns ? [...this.hosts.keys()].sort() : []),
      sidecarAnnotations: this.sidecarAnnotations(metricsPort),
    }));
    this.daprValues = this.valuesFile('DaprValues', 'dapr', 'values that the chart of Dapr\'s control plane is installed with',
      FileContent.yaml({ global: { logAsJson: true } }));
    noteInstallations(this, this.appId, this.namespace, this.chart,
      { contour: this.contourValues.path, dapr: this.daprValues.path }, [this.configuration.reference, this.service.reference]);
    if (props.externalDns) noteExternalDns(this, this.service.reference);

    this.defaultTls = props.tls
      ?? (props.issuer === undefined ? undefined : DaprIngressTls.issuer(ClusterIssuer.fromClusterIssuerName(this, 'Issuer', props.issuer)));
    this.context = {
      scope: this,
      namespace: this.namespace,
      ingressClassName: props.ingressClassName,
      internalPaths: new InternalPaths(this.internalPaths),
      sidecars: { name: this.service.name, httpPort: SIDECAR_PORTS.http, grpcPort: this.grpcPort },
      needGrpc: () => this.openGrpc(),
      admit: (target, reliedOnBy) => this.admit(target, reliedOnBy),
      fail: (problem) => this.fail(problem),
    };
    if (props.grpc) this.openGrpc();
    this.node.addValidation({ validate: () => this.problems().map((problem) => `${this.reference}: ${problem}`) });
  }

  /** How errors refer to the ingress: `DaprIngress/namespace/name`. */
  public get reference(): string {
    return `DaprIngress/${this.namespace}/${this.appId}`;
  }

  /**
   * A host whose requests go to applications. Asked for again without options, it is the same.
   *
   * @param host a DNS name, such as `www.example.com`; `*.example.com` stands for one label
   * @throws if the host is no DNS name or outside of `domains`, or nothing says where its certificate comes from.
   */
  public host(host: string, options?: DaprHostOptions): DaprIngressHost {
    const known = this.hosts.get(host);
    if (known) return options === undefined ? known : this.fail(`host ${host}: it is there already; give its options once`);
    if (!isHostName(host)) this.fail(`a host is a DNS name in lower case, such as "www.example.com" or "*.example.com", got "${host}"`);
    const { domains, externalDns } = this.props;
    if (domains && !domains.some((domain) => host === domain || host.endsWith(`.${domain}`))) {
      this.fail(`host ${host}: unknown; hosts belong to ${domains.join(', ')}; add its domain to \`domains\``);
    }
    const tls = options?.tls ?? this.defaultTls
      ?? this.fail(`host ${host}: it has no certificate; name an \`issuer\`, give \`tls\`, or say DaprIngressTls.none()`);
    const added = DaprIngressHost._of(this.context, host, options?.name ?? host.replace(/^\*/, 'wildcard'), tls);
    this.hosts.set(host, added);
    if (added.certificate && tls._issuer) noteIssuer(this, tls._issuer, host.startsWith('*.'), added.certificate.reference);
    if (!externalDns) noteDnsRecord(this, host, this.chart._envoyService(this.appId), this.namespace, added.proxy.reference);
    return added;
  }

  private sidecarAnnotations(metricsPort: number | undefined): { [key: string]: string } {
    const { grpcPort, internalGrpcPort, maxBodySize, readBufferSize, dualStack, logLevel, resources } = this.props.sidecar ?? {};
    return DaprApp.podAnnotations(this.appId, {
      configurationName: this.configuration.name,
      // Envoy comes by the pod's address; what listens there is closed by the Configuration and the NetworkPolicy.
      listenAddresses: dualStack ? ['[::]', '0.0.0.0'] : ['0.0.0.0'],
      disableBuiltinK8sSecretStore: true,
      enableMetrics: metricsPort !== undefined,
      metricsPort,
      maxBodySize: maxBodySize ?? Size.mebibytes(4),
      readBufferSize: readBufferSize ?? Size.kibibytes(64),
      grpcPort,
      internalGrpcPort,
      logLevel,
      resources,
    });
  }

  private valuesFile(id: string, chart: string, purpose: string, content: FileContent): CompanionFile {
    return new CompanionFile(this, id, { path: `${this.appId}/${chart}-values.yaml`, purpose, content });
  }

  private openGrpc(): void {
    if (this.ports.some(({ name }) => name === 'dapr-grpc')) return;
    if (this.props.grpc === false) this.fail('a gRPC route needs the gRPC port of the sidecars, got grpc: false');
    this.ports.splice(1, 0, { name: 'dapr-grpc', port: this.grpcPort, appProtocol: 'kubernetes.io/h2c' });
  }

  private admit(target: DaprTarget, reliedOnBy: string): void {
    const { _app: app } = target;
    const key = app ?? target._qualified;
    if (this.admitted.has(key)) return;
    this.admitted.add(key);
    if (app && app.internalGrpcPort !== this.internalGrpcPort) {
      this.fail(`its sidecars dial ${target._qualified} on their own internalGrpcPort, ${this.internalGrpcPort}, where ` +
        `${target.appId} listens on ${app.internalGrpcPort}; give both the same`);
    }
    app?.allowInvocationFrom(this.appId, this.namespace, { trustDomain: this.trustDomain });
    if (!app) this.admittedByName.add(target._qualified);
    if (app instanceof DaprApp) for (const path of this.internalPaths) app.denyInternal(path);
    else noteForeignApp(this, target._qualified, target.namespace, `${this.appId}.${this.namespace}`, this.trustDomain, this.internalPaths, reliedOnBy);
  }

  private problems(): string[] {
    const problems = this.hosts.size > 0 ? [] : ['it has no host; call host()'];
    if (this.admittedByName.size === 0) return problems;
    // An application that is built here refuses whom nobody declared, and a name declares nothing.
    const here = this.node.root.node.findAll().filter((each): each is DaprApp => each instanceof DaprApp && each.configuration.node.scope === each)
      .map(({ appId, namespace }) => `${appId}.${namespace}`).filter((app) => this.admittedByName.has(app));
    return [...problems, ...here.map((app) => `application ${app} is built in this app and would refuse the ingress; name it with DaprTarget.of()`)];
  }

  private checkProps(): void {
    const { props } = this;
    if (this.namespace === '') this.fail('its namespace must be known; set `namespace`, or give its chart one');
    const problem = nameProblem(this.namespace, NameSyntax.LABEL);
    if (problem) this.fail(`namespace: ${problem}`);
    checkAppId(this.appId, (wrong) => this.fail(wrong));
    if (props.issuer !== undefined && props.tls) this.fail('`issuer` and `tls` both say where certificates come from; leave one of them out');
    const classProblem = props.ingressClassName === undefined ? undefined : nameProblem(props.ingressClassName, NameSyntax.SUBDOMAIN);
    if (classProblem) this.fail(`ingressClassName: ${classProblem}`);
    for (const domain of props.domains ?? []) {
      if (!isHostName(domain) || domain.startsWith('*.')) this.fail(`domains: a domain is written like "example.com", got "${domain}"`);
    }
    for (const path of this.internalPaths) {
      const wrong = internalPathProblem(path);
      if (wrong) this.fail(`internalPaths: ${wrong}`);
    }
    for (const namespace of props.scrapedFrom ?? []) {
      const wrong = nameProblem(namespace, NameSyntax.LABEL);
      if (wrong) this.fail(`scrapedFrom: ${wrong}`);
    }
    const { metricsPort } = props.sidecar ?? {};
    if (metricsPort !== undefined && (props.scrapedFrom ?? []).length === 0) this.fail('sidecar.metricsPort goes with `scrapedFrom`; without it there are no metrics');
  }

  private fail(problem: string): never {
    throw new Error(`DaprIngress ${this.namespace}/${this.appId}: ${problem}`);
  }
}
