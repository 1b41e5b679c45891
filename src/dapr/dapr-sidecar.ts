import { Construct, IConstruct } from 'constructs';
import { AppCaller } from './app-caller';
import { checkAppId } from './app-id';
import { ComponentSpec } from './component-spec';
import { ConfigurationOptions } from './configuration';
import { ExplicitSidecarOptions } from './explicit-sidecar-options';
import { LocalSecretStore } from './local-secret-store';
import { severalReplicas } from './replicas';
import {
  appVariables, DEFAULT_APP_ID, DEFAULT_APP_PORT, imageOf, RESOURCES_VOLUME,
  SIDECAR_CONTAINER, sidecarContainer,
} from './sidecar-container';
import { checksum, SidecarFiles } from './sidecar-files';
import { SidecarConfigMap, SidecarNetworkPolicy, SidecarServiceAccount } from './sidecar-objects';
import { checkSidecarOptions } from './sidecar-option-checks';
import { sidecarPorts } from './sidecar-ports';
import { CloudIdentity } from '../platform/cloud-identity';
import { amend, apiObjectOf, mergePodMetadata, podTemplateOf } from '../platform/manifest';
import { nameFromId, nameProblem, NameSyntax } from '../platform/names';
import { ObservedWorkload } from '../platform/observed';
import { portProblem } from '../platform/ports';
import { Prerequisites } from '../platform/prerequisites';
import { Resource } from '../platform/resource';
import { requireFeature, Targets } from '../platform/targets';

/** Properties of an explicit sidecar. */
export interface DaprSidecarProps extends ExplicitSidecarOptions, ConfigurationOptions {
  /** The workload, of any cdk8s library: a Deployment, a StatefulSet, a Job, a raw object, … */
  readonly workload: IConstruct;
  /**
   * What the names of the sidecar's own objects begin with.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * What the application uses and is called by, each under its name.
   * @default - nothing yet; add it with `addComponent`
   */
  readonly components?: { [name: string]: ComponentSpec };
  /**
   * Where keys of Secrets are looked up that components refer to.
   * @default - nowhere: such components are refused
   */
  readonly secretStore?: LocalSecretStore;
  /**
   * The cloud identity that the pods act as.
   * @default - that of the components, which have at most one
   */
  readonly identity?: CloudIdentity;
  /**
   * The ServiceAccount of the pods, of any cdk8s library.
   * @default - one of the sidecar's own if there is an identity; the workload's as it is otherwise
   */
  readonly serviceAccount?: IConstruct;
  /**
   * Whether the sidecar starts before and ends after the application, as a native sidecar. An ordinary container starts
   * at the same time as the application, which then has to wait for the sidecar itself.
   * @default true
   */
  readonly nativeSidecar?: boolean;
  /**
   * Whether a cron binding may call every replica of a workload that has more than one.
   * @default false
   */
  readonly allowCronPerReplica?: boolean;
  /**
   * Who may reach the ports of the application. They reach the routes that bindings call, too, unless a proxy in
   * between lets only other paths through.
   * @default - anyone; nobody if there is an input binding
   */
  readonly callers?: AppCaller[];
  /**
   * Whether a NetworkPolicy closes the sidecar's ports, and the application's to all but `callers`.
   * @default true
   */
  readonly networkPolicy?: boolean;
}

/**
 * A Dapr sidecar that stands in the pod explicitly, without Dapr's control plane: what "self-hosted" means in Kubernetes.
 *
 * Such a sidecar reads no objects of the cluster. Its components are files in a ConfigMap, and a change of them rolls the
 * pods. The application's containers start once the sidecar can be called, and nobody else can call it.
 *
 * @see https://docs.dapr.io/operations/hosting/self-hosted/
 */
export class DaprSidecar extends Construct {
  /** The app id. */
  public readonly appId: string;
  /** The port that the application listens on. */
  public readonly appPort: number;
  /** The ConfigMap with the files. */
  public readonly configMap: Resource;
  /** The NetworkPolicy; undefined if there is to be none. */
  public readonly networkPolicy?: Resource;
  private readonly props: DaprSidecarProps;
  private readonly name: string;
  private readonly workload: ObservedWorkload;
  private readonly files: SidecarFiles;
  private identity?: CloudIdentity;
  private serviceAccountName?: string;

  /**
   * @throws if an option is none, a component cannot work here, or at synthesis if the pods do not fit: no container has
   * the app port, ports are taken, a cron binding would fire on several replicas
   */
  constructor(scope: Construct, id: string, props: DaprSidecarProps) {
    super(scope, id);
    this.props = props;
    this.name = props.name ?? nameFromId(id);
    this.appId = props.appId ?? DEFAULT_APP_ID;
    this.appPort = props.appPort ?? DEFAULT_APP_PORT;
    this.workload = new ObservedWorkload(props.workload, `DaprSidecar ${this.name}`);
    this.checkOptions();
    if (props.nativeSidecar ?? true) requireFeature(this, this.reference, 'native-sidecar');
    const { tracing, api, metrics, apiLogging } = props;
    const configured = [tracing, api, metrics, apiLogging].some((option) => option !== undefined);
    const configuration = configured ? { tracing, api, metrics, apiLogging } : undefined;
    this.files = new SidecarFiles(this.name, props.secretStore, configuration, (problem) => this.fail(problem));

    const { namespace } = this.workload;
    this.configMap = new SidecarConfigMap(this, 'Files', { name: `${this.name}-components`, namespace }, () => this.files.render());
    if (props.networkPolicy ?? true) {
      this.networkPolicy = new SidecarNetworkPolicy(this, 'NetworkPolicy', { name: this.name, namespace }, () => ({
        podLabels: this.podLabels,
        appPorts: this.appPorts(),
        metricsPort: props.enableMetrics === false ? undefined : sidecarPorts(props).metricsPort,
        callers: props.callers ?? (this.internalRoutes.length > 0 ? [] : [AppCaller.anyone()]),
      }));
    }
    if (props.serviceAccount) this.serviceAccountName = apiObjectOf(props.serviceAccount, this.reference, 'a ServiceAccount').name;
    if (props.identity) this.actAs(props.identity, 'act as the sidecar\'s cloud identity');
    for (const [name, component] of Object.entries(props.components ?? {})) this.addComponent(name, component);
    amend(this.workload.apiObject, (manifest) => this.inject(podTemplateOf(manifest)));
    this.node.addValidation({ validate: () => this.problems().map((problem) => `${this.reference}: ${problem}`) });
  }

  /** How errors refer to the sidecar: `DaprSidecar/namespace/name`. */
  public get reference(): string {
    return `DaprSidecar/${this.workload.namespace ?? ''}/${this.name}`;
  }

  /** The paths on which bindings call the application. Whoever reaches its port can call them too. */
  public get internalRoutes(): string[] {
    return this.files.components.flatMap(([name, component]) => {
      const { input } = component._parts();
      return input ? [input.route ?? `/${name}`] : [];
    }).sort();
  }

  /**
   * Adds something that the application uses or is called by.
   *
   * @throws if the name is none or taken, or the component refers to a Secret and there is no local secret store
   */
  public addComponent(name: string, component: ComponentSpec): this {
    this.files.add(name, component);
    const { identity, identityPurpose, prerequisites = [] } = component._parts();
    if (identity) this.actAs(identity, identityPurpose ?? `use component ${name}`);
    for (const prerequisite of prerequisites) Prerequisites.of(this).add({ ...prerequisite, reliedOnBy: [this.configMap.reference] });
    return this;
  }

  private get podLabels(): Record<string, string> {
    return { 'cdk8s-traffic.dev/dapr-sidecar': this.name };
  }

  private checkOptions(): void {
    const { props } = this;
    const problem = nameProblem(this.name, NameSyntax.LABEL) ?? portProblem(this.appPort, 'appPort') ??
      portProblem(sidecarPorts(props).httpPort, 'httpPort') ?? portProblem(sidecarPorts(props).publicPort, 'publicPort');
    if (problem) this.fail(problem);
    checkAppId(this.appId, (wrong) => this.fail(wrong));
    checkSidecarOptions(props, (wrong) => this.fail(wrong));
    const taken = new Map<number, string>([[this.appPort, 'appPort']]);
    for (const [what, port] of Object.entries(sidecarPorts(props))) {
      if (taken.has(port)) this.fail(`${what} and ${taken.get(port)} are both ${port}; give one of them another port`);
      taken.set(port, what);
    }
    if (props.resourcesPath !== undefined && !/^(\/[^/,\s]+)+$/.test(props.resourcesPath)) {
      this.fail(`resourcesPath must be an absolute path without a slash at its end, got "${props.resourcesPath}"`);
    }
    for (const address of props.listenAddresses ?? []) {
      if (!/^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\])$/.test(address)) this.fail(`listenAddresses: an address is written as "127.0.0.1" or "[::1]", got "${address}"`);
    }
    for (const flag of props.extraFlags ?? []) {
      if (!/^--[a-z]/.test(flag)) this.fail(`extraFlags: a flag begins with "--", got "${flag}"`);
    }
  }

  // A ServiceAccount, and so a pod, has one identity.
  private actAs(identity: CloudIdentity, purpose: string): void {
    if (this.identity && (this.identity.provider !== identity.provider || this.identity.subject !== identity.subject)) {
      this.fail(`pods act as one identity, got ${this.identity.subject} and ${identity.subject}; use one for all components`);
    }
    const { serviceAccount } = this.props;
    if (!this.identity) {
      const account = serviceAccount ?? new SidecarServiceAccount(this, 'ServiceAccount', { name: this.name, namespace: this.workload.namespace });
      this.serviceAccountName = apiObjectOf(account, this.reference, 'a ServiceAccount').name;
      identity.applyTo(account, purpose);
    }
    this.identity = identity;
  }

  private inject(template: any): void {
    if (!template) return;
    const { spec } = template;
    const containers: any[] = spec.containers ?? [];
    if ([...containers, ...spec.initContainers ?? []].some((container) => container.name === SIDECAR_CONTAINER)) {
      this.fail(`${this.workload.reference} has a container ${SIDECAR_CONTAINER} already; a pod has one sidecar`);
    }
    for (const container of containers) {
      for (const variable of appVariables(this.props)) {
        const present = (container.env ?? []).find((other: any) => other.name === variable.name);
        if (!present) {(container.env ??= []).push(variable);} else if (JSON.stringify(present) !== JSON.stringify(variable)) {
          this.fail(`container ${container.name} of ${this.workload.reference} sets ${variable.name} itself; leave it to the sidecar`);
        }
      }
    }
    const native = this.props.nativeSidecar ?? true;
    const container = sidecarContainer(this.props, {
      image: imageOf(Targets.of(this).dapr),
      native,
      hasConfiguration: this.files.hasConfiguration,
      secrets: this.files.secrets(),
      secretStore: this.props.secretStore,
    });
    if (native) (spec.initContainers ??= []).push(container);
    else containers.push(container);
    (spec.volumes ??= []).push({ name: RESOURCES_VOLUME, configMap: { name: this.configMap.name } });
    if (this.serviceAccountName !== undefined) {
      if (spec.serviceAccountName !== undefined && spec.serviceAccountName !== this.serviceAccountName) {
        this.fail(`${this.workload.reference} has the ServiceAccount ${spec.serviceAccountName} already; pass it as \`serviceAccount\``);
      }
      spec.serviceAccountName = this.serviceAccountName;
    }
    mergePodMetadata(template, {
      labels: { ...this.podLabels, ...this.identity?.podLabels },
      annotations: { 'checksum/dapr-components': checksum(this.configMap.apiObject.toJson().data) },
    });
  }

  private appPorts(): { port: number; protocol: string }[] {
    const { containers = [] } = this.workload.podSpec;
    return containers.filter((container: any) => container.name !== SIDECAR_CONTAINER)
      .flatMap((container: any) => container.ports ?? [])
      .map((port: any) => ({ port: port.containerPort, protocol: port.protocol ?? 'TCP' }));
  }

  private problems(): string[] {
    const problems: string[] = [];
    const ports = this.appPorts().map(({ port }) => port);
    if (!ports.includes(this.appPort)) {
      problems.push(`no container of ${this.workload.reference} has the app port ${this.appPort}; ${ports.length === 0 ? 'declare it on its container' : `its ports are ${ports.join(', ')}`}`);
    }
    for (const [what, port] of Object.entries(sidecarPorts(this.props))) {
      if (ports.includes(port)) problems.push(`${what} ${port} is a port of the application too; give the sidecar another one`);
    }
    if (/^(y|yes|true|t|on|1)$/i.test(this.workload.podAnnotations['dapr.io/enabled'] ?? '')) {
      problems.push(`${this.workload.reference} asks Dapr to inject a sidecar too; remove the annotation dapr.io/enabled, or this one`);
    }
    return [...problems, ...this.cronProblems()];
  }

  private cronProblems(): string[] {
    const [cron] = this.files.components.find(([, component]) => component._parts().firesPerReplica) ?? [];
    const several = cron === undefined || this.props.allowCronPerReplica ? undefined : severalReplicas(this.props.workload, this.workload);
    return several === undefined ? [] : [
      `component ${cron} fires once per replica, and ${this.workload.reference} ${several}; keep one replica, or set \`allowCronPerReplica\``,
    ];
  }

  private fail(problem: string): never {
    throw new Error(`DaprSidecar ${this.workload.namespace ?? ''}/${this.name}: ${problem}`);
  }
}
