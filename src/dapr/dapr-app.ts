import { Construct, IConstruct } from 'constructs';
import { DEFAULT_TRUST_DOMAIN } from './access-control-list';
import { checkAppId } from './app-id';
import { AppService } from './app-service';
import { Configuration, ConfigurationOptions, IConfiguration } from './configuration';
import { DaprPodOptions } from './dapr-pod-options';
import { DaprServiceSource } from './dapr-service-source';
import { ImportedDaprApp } from './imported-app';
import { DaprAppAttributes, IDaprApp, InvocationOptions } from './invocable-app';
import { sidecarAnnotations } from './sidecar-annotations';
import { checkSidecarOptions } from './sidecar-option-checks';
import { SIDECAR_PORTS } from './sidecar-ports';
import { amend, mergePodMetadata, podTemplateOf } from '../platform/manifest';
import { nameFromId } from '../platform/names';
import { ObservedWorkload } from '../platform/observed';
import { portProblem } from '../platform/ports';
import { requireFeature } from '../platform/targets';

/** Properties of a Dapr application. */
export interface DaprAppProps extends DaprPodOptions, ConfigurationOptions {
  /** The workload, of any cdk8s library: a Deployment, a StatefulSet, a DaemonSet, a raw object, … */
  readonly workload: IConstruct;
  /**
   * The name that others invoke it by: a DNS label of at most 58 characters, one workload's alone in its namespace.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly appId?: string;
  /**
   * Paths that no other application reaches, such as the routes of input bindings and subscriptions.
   * @default - those that Dapr itself calls the application on: `/dapr/**`, `/job/**` and `/actors/**`
   */
  readonly internalPaths?: string[];
  /**
   * The trust domain of the application.
   * @default 'public'
   */
  readonly trustDomain?: string;
  /**
   * A Configuration to use as it is, in the application's namespace. Who may invoke the application is then said there.
   * @default - one of the application's own, named after its app id, which lets nobody in who is not declared
   */
  readonly configuration?: IConfiguration;
  /**
   * Who makes the Service `<app-id>-dapr` that other sidecars find the application by.
   * @default - Dapr's operator for a Deployment or StatefulSet; for other kinds it has to be said once somebody invokes it
   */
  readonly serviceSource?: DaprServiceSource;
}

/** Options of the annotations for a pod that no cdk8s library builds. */
export interface PodAnnotationOptions extends DaprPodOptions {
  /**
   * The Configuration's name.
   * @default - none
   */
  readonly configurationName?: string;
}

/**
 * Makes a workload a Dapr application: its pods get a sidecar, through which it calls others and others call it.
 *
 * It is closed by default: its own Configuration refuses every caller that nobody declared with `invokes` or
 * `allowInvocationFrom`, and the paths that are meant for Dapr alone are closed to declared callers too.
 *
 * @see https://docs.dapr.io/reference/arguments-annotations-overview/
 */
export class DaprApp extends Construct implements IDaprApp {
  /** An application that somebody else builds. What invokes it is let in by its owner. */
  public static fromAppId(scope: Construct, id: string, attributes: DaprAppAttributes): IDaprApp {
    return new ImportedDaprApp(scope, id, attributes);
  }

  /** The annotations of a pod that a Helm chart or somebody else's manifest builds. */
  public static podAnnotations(appId: string, options: PodAnnotationOptions = {}): { [key: string]: string } {
    checkAppId(appId, (problem) => { throw new Error(`DaprApp.podAnnotations: ${problem}`); });
    checkPodOptions(options, (problem) => { throw new Error(`DaprApp.podAnnotations: app ${appId}: ${problem}`); });
    return sidecarAnnotations(appId, options.configurationName, options);
  }

  public readonly appId: string;
  public readonly namespace?: string;
  public readonly trustDomain: string;
  public readonly internalGrpcPort: number;
  /** The port that the application listens on; undefined if it only calls others. */
  public readonly appPort?: number;
  /** The Configuration of the application's sidecars. */
  public readonly configuration: IConfiguration;
  private readonly props: DaprAppProps;
  private readonly workload: ObservedWorkload;
  private readonly service: AppService;
  private readonly ownConfiguration?: Configuration;
  private readonly callers = new Set<string>();

  /**
   * @throws if the app id is none or taken, an option is none, or at synthesis if the pods do not have the app port, or
   * somebody invokes an application that cannot be invoked.
   */
  constructor(scope: Construct, id: string, props: DaprAppProps) {
    super(scope, id);
    this.props = props;
    this.appId = props.appId ?? nameFromId(id);
    this.workload = new ObservedWorkload(props.workload, `DaprApp ${this.appId}`);
    this.namespace = this.workload.namespace;
    this.appPort = props.appPort;
    this.internalGrpcPort = props.internalGrpcPort ?? SIDECAR_PORTS.internalGrpc;
    checkAppId(this.appId, (problem) => this.fail(problem));
    checkPodOptions(props, (problem) => this.fail(problem));
    if (props.nativeSidecar) {
      requireFeature(this, this.reference, 'dapr-native-sidecar');
      requireFeature(this, this.reference, 'native-sidecar');
    }
    register(this, this.appId, this.workload, this.reference);

    if (props.configuration) {
      this.checkForeignConfiguration(props.configuration);
      this.configuration = props.configuration;
    } else {
      this.configuration = this.ownConfiguration = new Configuration(this, 'Configuration', {
        name: this.appId,
        namespace: this.namespace,
        tracing: props.tracing,
        api: props.api,
        metrics: props.metrics,
        apiLogging: props.apiLogging,
        accessControl: { trustDomain: props.trustDomain, internalPaths: props.internalPaths },
      });
    }
    this.trustDomain = this.configuration instanceof Configuration ? this.configuration.trustDomain : props.trustDomain ?? DEFAULT_TRUST_DOMAIN;
    this.service = new AppService(this, this.workload, props, (problem) => this.fail(problem));

    const annotations = sidecarAnnotations(this.appId, this.configuration.name, props);
    amend(this.workload.apiObject, (manifest) => this.annotate(podTemplateOf(manifest), annotations));
    this.node.addValidation({ validate: () => this.problems().map((problem) => `${this.reference}: ${problem}`) });
  }

  /** How errors refer to the application: `DaprApp/namespace/app-id`. */
  public get reference(): string {
    return `DaprApp/${this.namespace ?? ''}/${this.appId}`;
  }

  /**
   * Declares that this application invokes another, which lets it in.
   *
   * @throws if a namespace is not known, or their sidecars expect each other on different ports
   */
  public invokes(callee: IDaprApp, options: InvocationOptions = {}): this {
    if (this.namespace === undefined) this.fail('its namespace must be known to be let in elsewhere; give its chart a namespace');
    if (callee.internalGrpcPort !== this.internalGrpcPort) {
      this.fail(`it dials ${callee.appId} on the internalGrpcPort it has itself, ${this.internalGrpcPort}, where ` +
        `${callee.appId} listens on ${callee.internalGrpcPort}; give both the same`);
    }
    callee.allowInvocationFrom(this.appId, this.namespace, { trustDomain: this.trustDomain, ...options });
    return this;
  }

  /**
   * Lets an application invoke this one, by its app id; it may live in another cdk8s app.
   *
   * @throws if the application uses a Configuration that is not its own
   */
  public allowInvocationFrom(appId: string, namespace: string, options: InvocationOptions = {}): void {
    if (!this.ownConfiguration) {
      this.fail(`who may invoke it is said in Configuration ${this.configuration.name}; call addPolicy() there, or leave \`configuration\` out`);
    }
    this.ownConfiguration.addPolicy({ appId, namespace, trustDomain: options.trustDomain, operations: options.operations });
    this.callers.add(`${appId}.${namespace}`);
    this.service.need();
  }

  /**
   * Closes a path to every other application, whatever they are let in for; with `/**` at its end, all below it.
   *
   * @throws if the application uses a Configuration that is not its own
   */
  public denyInternal(path: string): this {
    if (!this.ownConfiguration) {
      this.fail(`its internal paths are said in Configuration ${this.configuration.name}; call denyPath() there, or leave \`configuration\` out`);
    }
    this.ownConfiguration.denyPath(path);
    return this;
  }

  private checkForeignConfiguration(configuration: IConfiguration): void {
    const { tracing, api, metrics, apiLogging, internalPaths } = this.props;
    for (const [what, value] of Object.entries({ tracing, api, metrics, apiLogging, internalPaths })) {
      if (value !== undefined) this.fail(`${what} is said in Configuration ${configuration.name}; leave \`${what}\` or \`configuration\` out`);
    }
    if (configuration.namespace !== undefined && configuration.namespace !== this.namespace) {
      this.fail(`Configuration ${configuration.name} must be in its own namespace, got "${configuration.namespace}"`);
    }
    const stated = configuration instanceof Configuration ? configuration.trustDomain : this.props.trustDomain;
    if (this.props.trustDomain !== undefined && this.props.trustDomain !== stated) {
      this.fail(`trustDomain must be that of Configuration ${configuration.name}, "${stated}", got "${this.props.trustDomain}"`);
    }
  }

  private annotate(template: any, annotations: Record<string, string>): void {
    if (!template) return;
    const present = template.metadata?.annotations ?? {};
    for (const [key, value] of Object.entries(annotations)) {
      if (present[key] !== undefined && String(present[key]) !== value) {
        this.fail(`${this.workload.reference} has the pod annotation ${key}: "${present[key]}" already, where "${value}" was to stand; remove it there`);
      }
    }
    mergePodMetadata(template, { annotations, labels: this.service.podLabels });
  }

  private problems(): string[] {
    const problems: string[] = [];
    const podSpec = this.workload.podSpec;
    const { appPort } = this;
    if (appPort !== undefined) {
      const ports = [...(podSpec.containers ?? []), ...(podSpec.initContainers ?? [])]
        .flatMap((container: any) => container.ports ?? []).map((port: any) => port.containerPort);
      if (!ports.includes(appPort)) {
        problems.push(
          `no container of ${this.workload.reference} has port ${appPort}, and the sidecar is not ready before something listens there; ` +
          (ports.length === 0 ? 'declare the port on its container, or leave `appPort` out' : `its ports are ${ports.join(', ')}`));
      }
    } else if (this.callers.size > 0) {
      problems.push(`${[...this.callers].sort().join(', ')} cannot invoke it without an app port; set \`appPort\``);
    }
    const addresses = this.props.listenAddresses ?? [];
    if (podSpec.hostNetwork && addresses.some((address) => address === '0.0.0.0' || address === '[::]')) {
      problems.push(`${this.workload.reference} is on the node's network, where listening on ${addresses.join(',')} opens the sidecar's API to everybody who reaches the node`);
    }
    if (this.props.disableBuiltinK8sSecretStore === false && podSpec.automountServiceAccountToken === false) {
      problems.push(`the built-in secret store needs the ServiceAccount's token, which ${this.workload.reference} does not mount; leave \`disableBuiltinK8sSecretStore\` out`);
    }
    return [...problems, ...this.service.problems()];
  }

  private fail(problem: string): never {
    throw new Error(`DaprApp ${this.namespace ?? ''}/${this.appId}: ${problem}`);
  }
}

function checkPodOptions(options: DaprPodOptions, fail: (problem: string) => never): void {
  checkSidecarOptions(options, fail);
  const problem = options.appPort === undefined ? undefined : portProblem(options.appPort, 'appPort');
  if (problem) fail(problem);
  if (options.appPort === undefined && options.appHealthCheck) fail('appHealthCheck needs an `appPort` to ask on');
  for (const address of options.listenAddresses ?? []) {
    if (!/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\])$/.test(address)) {
      fail(`listenAddresses: an address is written as "0.0.0.0" or "[::]", got "${address}"`);
    }
  }
  for (const key of Object.keys(options.annotations ?? {})) {
    if (!key.startsWith('dapr.io/')) fail(`annotations: the key must begin with "dapr.io/", got "${key}"`);
  }
}

const appsOf = new WeakMap<IConstruct, Map<unknown, string>>();

// Two workloads with one app id fight over its Service, and two apps over one workload's annotations.
function register(app: DaprApp, appId: string, workload: ObservedWorkload, reference: string): void {
  const root = app.node.root;
  let known = appsOf.get(root);
  if (!known) appsOf.set(root, known = new Map());
  const key = `${app.namespace ?? ''}/${appId}`;
  const where = `${workload.reference} (${app.node.path})`;
  if (known.has(key)) throw new Error(`${reference}: the app id is that of ${known.get(key)} already; give ${where} another \`appId\``);
  if (known.has(workload.apiObject)) throw new Error(`${reference}: ${workload.reference} is ${known.get(workload.apiObject)} already; it has one app id`);
  known.set(key, where);
  known.set(workload.apiObject, reference);
}
