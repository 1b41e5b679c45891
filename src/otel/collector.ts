import { createHash } from 'crypto';
import { ApiObject, Chart, Size, Yaml } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { collectorConfig, HEALTH_PORT } from './collector-config';
import { OTLP_GRPC, OTLP_HTTP, ZIPKIN } from './component';
import { Exporter, SecretKey } from './exporter';
import { Receiver, ReceiverPort } from './receiver';
import { Signal } from './signal';
import { CloudIdentity } from '../platform/cloud-identity';
import { cdk8sPlus } from '../platform/load-on-first-use';
import { amend, keepPatches, mergePodMetadata } from '../platform/manifest';
import { claimIdentity, nameFromId, nameProblem, NameSyntax } from '../platform/names';
import { Prerequisites } from '../platform/prerequisites';
import { Service } from '../platform/service';

/** Properties of a collector. */
export interface CollectorProps {
  /** Where telemetry goes, at least one. */
  readonly exporters: Exporter[];
  /**
   * How telemetry arrives.
   * @default - OTLP on 4317 (gRPC) and 4318 (HTTP), Zipkin on 9411
   */
  readonly receivers?: Receiver[];
  /**
   * The signals that have a pipeline.
   * @default - every signal that a receiver and an exporter have in common
   */
  readonly signals?: Signal[];
  /**
   * The name of the Deployment, the Service and all else, and the first word of the endpoints.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace.
   * @default - the chart's namespace
   */
  readonly namespace?: string;
  /**
   * The collector's image. It holds the components that receivers and exporters name.
   * @default 'otel/opentelemetry-collector-contrib:0.157.0'
   */
  readonly image?: string;
  /**
   * The number of pods. Traces may be spread over any number.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * The memory of a pod, requested and not exceeded: from 80 % of it on, the collector refuses what arrives.
   * @default - 256 MiB
   */
  readonly memory?: Size;
  /**
   * The part of a processor that a pod requests, in thousandths; there is no limit.
   * @default 100
   */
  readonly cpuMillis?: number;
  /**
   * The cloud identity that the pods act as.
   * @default - none
   */
  readonly identity?: CloudIdentity;
}

/**
 * An OpenTelemetry Collector of the cluster's own: applications and sidecars send to it, it sends on.
 *
 * It is a Deployment with its configuration in a ConfigMap (a change rolls the pods), a ServiceAccount without token and
 * a Service.
 *
 * @see https://opentelemetry.io/docs/collector/
 */
export class Collector extends Construct {
  /** The name of the Deployment, the Service and all else. */
  public readonly name: string;
  /** The namespace; undefined where the chart has none. */
  public readonly namespace?: string;
  /** The Service that telemetry is sent to. */
  public readonly service: Service;
  /** The Deployment. */
  public readonly deployment: IConstruct;
  /** The ConfigMap with the configuration, in `config.yaml`. */
  public readonly configMap: IConstruct;
  /** The ServiceAccount of the pods. */
  public readonly serviceAccount: IConstruct;
  private readonly ports: ReceiverPort[];

  /**
   * @throws if no exporter is given, a pipeline lacks its receiver or its exporter, a receiver or exporter is in no
   * pipeline, or two receivers want one port.
   */
  constructor(scope: Construct, id: string, props: CollectorProps) {
    super(scope, id);
    this.name = props.name ?? nameFromId(id);
    this.namespace = props.namespace ?? Chart.of(this).namespace;
    const problem = nameProblem(this.name, NameSyntax.SERVICE);
    if (problem) this.fail(problem);
    if (props.replicas !== undefined && (!Number.isInteger(props.replicas) || props.replicas < 0)) {
      this.fail(`replicas must be a whole number, 0 or more, got ${props.replicas}`);
    }
    if (props.cpuMillis !== undefined && !(props.cpuMillis > 0)) this.fail(`cpuMillis must be more than 0, got ${props.cpuMillis}`);
    if (props.image !== undefined && !/^\S+(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/.test(props.image)) {
      this.fail(`image must be pinned by a tag or a digest, got "${props.image}"`);
    }
    const receivers = props.receivers ?? [Receiver.otlp(), Receiver.zipkin()];
    const { config, problem: mistake } = collectorConfig(receivers, props.exporters, props.signals);
    if (mistake) this.fail(mistake);
    this.ports = receivers.flatMap((receiver) => receiver.ports);
    const taken = new Map([[HEALTH_PORT, 'health_check']]);
    for (const { port, name } of this.ports) {
      const other = taken.get(port);
      if (other) this.fail(`port ${port} is wanted by ${other} and ${name}; give one of them another port`);
      taken.set(port, name);
    }
    for (const kind of ['apps/Deployment', 'v1/ConfigMap', 'v1/ServiceAccount']) {
      claimIdentity(this, `${kind}/${this.namespace ?? ''}/${this.name}`, `${kind.split('/')[1]}/${this.namespace ?? ''}/${this.name}`);
    }

    const kplus = cdk8sPlus();
    const metadata = { name: this.name, namespace: this.namespace };
    const serviceAccount = new kplus.ServiceAccount(this, 'ServiceAccount', { metadata });
    this.serviceAccount = serviceAccount;
    keepPatches(serviceAccount);
    props.identity?.applyTo(serviceAccount, 'send telemetry');

    const configMap = new kplus.ConfigMap(this, 'Config', { metadata, data: { 'config.yaml': Yaml.stringify(config) } });
    this.configMap = configMap;
    const configObject = keepPatches(configMap);

    const selector = { app: this.name };
    const environment = this.environment(props.exporters);
    const health = () => kplus.Probe.fromHttpGet('/', { port: HEALTH_PORT });
    const memory = props.memory ?? Size.mebibytes(256);
    const deployment = new kplus.Deployment(this, 'Deployment', {
      metadata,
      replicas: props.replicas ?? 1,
      select: false,
      podMetadata: { labels: { ...selector, ...props.identity?.podLabels } },
      serviceAccount,
      securityContext: { ensureNonRoot: true, user: 10001, group: 10001 },
      containers: [{
        name: 'collector',
        image: props.image ?? 'otel/opentelemetry-collector-contrib:0.157.0',
        imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
        args: [`--config=${CONFIG_FOLDER}/config.yaml`],
        ports: [...this.ports.map(({ name, port }) => ({ name, number: port })), { name: 'health', number: HEALTH_PORT }],
        envVariables: Object.fromEntries(Object.entries(environment).map(([variable, secret]) => [variable, kplus.EnvValue.fromSecretValue({
          secret: kplus.Secret.fromSecretName(this, `Secret-${variable}`, secret.secretName),
          key: secret.key,
        })])),
        volumeMounts: [{ path: CONFIG_FOLDER, readOnly: true, volume: kplus.Volume.fromConfigMap(this, 'ConfigVolume', configMap, { name: 'config' }) }],
        liveness: health(),
        readiness: health(),
        resources: {
          cpu: { request: kplus.Cpu.millis(props.cpuMillis ?? 100) },
          memory: { request: memory, limit: memory },
        },
        securityContext: { ensureNonRoot: true, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
      }],
    });
    deployment.select(kplus.LabelSelector.of({ labels: selector }));
    this.deployment = deployment;
    amend(keepPatches(deployment), (manifest) => completeDeployment(manifest, configObject));

    this.service = new Service(this, 'Service', {
      name: this.name,
      namespace: this.namespace,
      selector,
      ports: this.ports.map(({ name, port, appProtocol }) => ({ name, port, targetPort: name, appProtocol })),
    });
  }

  /**
   * The URL for Zipkin spans, such as Dapr's `tracing.zipkin.endpointAddress`.
   * @throws if the collector has no Zipkin receiver, or no namespace.
   */
  public get zipkinEndpoint(): string {
    return `http://${this.address(ZIPKIN, 'Receiver.zipkin()')}/api/v2/spans`;
  }

  /**
   * `host:port` for OTLP over gRPC, such as Dapr's `tracing.otel.endpointAddress`; it is without TLS (`isSecure: false`).
   * @throws if the collector has no OTLP receiver, or no namespace.
   */
  public get otlpGrpcEndpoint(): string {
    return this.address(OTLP_GRPC, 'Receiver.otlp()');
  }

  /**
   * The base URL for OTLP over HTTP.
   * @throws if the collector has no OTLP receiver, or no namespace.
   */
  public get otlpHttpEndpoint(): string {
    return `http://${this.address(OTLP_HTTP, 'Receiver.otlp()')}`;
  }

  private address(portName: string, receiver: string): string {
    const port = this.ports.find(({ name }) => name === portName);
    if (!port) this.fail(`receives nothing on a port "${portName}"; add ${receiver} to \`receivers\``);
    if (this.namespace === undefined) this.fail('its address is not known without a namespace; set `namespace`');
    return `${this.name}.${this.namespace}.svc.cluster.local:${port.port}`;
  }

  private environment(exporters: Exporter[]): Record<string, SecretKey> {
    const environment: Record<string, SecretKey> = {};
    for (const exporter of exporters) {
      for (const [variable, secret] of Object.entries(exporter.environment)) {
        const other = environment[variable];
        if (other && (other.secretName !== secret.secretName || other.key !== secret.key)) {
          this.fail(`exporters want ${variable} from ${other.secretName}/${other.key} and from ${secret.secretName}/${secret.key}; one collector can give it one value`);
        }
        environment[variable] = secret;
        Prerequisites.of(this).add({
          kind: 'Secret',
          value: `${this.namespace ?? 'default'}/${secret.secretName}`,
          purpose: `holds the value of ${variable} for the exporter ${exporter.componentId}`,
          command: `kubectl create secret generic ${secret.secretName} --namespace ${this.namespace ?? 'default'} --from-file=${secret.key}=<file with the value>`,
          reliedOnBy: [`Deployment/${this.namespace ?? ''}/${this.name}`],
        });
      }
    }
    return environment;
  }

  private fail(problem: string): never {
    throw new Error(`Collector ${this.namespace ?? ''}/${this.name}: ${problem}`);
  }
}

const CONFIG_FOLDER = '/etc/otelcol-contrib';

// What cdk8s-plus has no word for, and what it adds without being asked.
function completeDeployment(manifest: any, config: ApiObject): void {
  const template = manifest.spec.template;
  delete template.metadata.labels['cdk8s.io/metadata.addr'];
  const hash = createHash('sha256').update(JSON.stringify(config.toJson().data)).digest('hex');
  mergePodMetadata(template, { annotations: { 'checksum/config': hash } });
  template.spec.securityContext.seccompProfile = { type: 'RuntimeDefault' };
  for (const container of template.spec.containers) container.securityContext.capabilities = { drop: ['ALL'] };
}
