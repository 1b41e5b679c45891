import { Construct } from 'constructs';
import { Delivery, DeliveryStep } from './istio-installation-delivery';
import { IstioGatewaySource } from './istio-installation-gateway';
import { MeshInjection } from '../istio/mesh-injection';
import { ArgoIgnoredDifference } from '../platform/argo-application';
import { HelmChart } from '../platform/helm-chart';
import { nameProblem, NameSyntax } from '../platform/names';
import { IResource } from '../platform/resource';
import { ServiceType } from '../platform/service';
import { compareVersions, Targets } from '../platform/targets';

/** Properties of an installation of Istio. */
export interface IstioInstallationProps {
  /** Who installs the parts, in order. */
  readonly delivery: Delivery;
  /**
   * What installs the gateway, after istiod.
   * @default - nothing: the gateway is delivered with the manifests of its own
   */
  readonly gateway?: IstioGatewaySource;
  /**
   * The exact version of Istio, of the line that `targets.istio` names.
   * @default - `targets.istio` where it has a patch level, 1.30.3 for 1.30
   */
  readonly version?: string;
  /**
   * The revision of istiod, for upgrades beside each other.
   * @default - none: there is one istiod
   */
  readonly revision?: string;
  /**
   * The namespace of istiod.
   * @default 'istio-system'
   */
  readonly namespace?: string;
  /**
   * Whether every proxy writes a line per request to its output.
   * @default true
   */
  readonly accessLog?: boolean;
  /**
   * The number of proxies before the gateways whose `X-Forwarded-*` headers are believed: 1 behind an ALB. With the
   * default, rules about client addresses see the load balancer, and `httpsRedirect` behind one that terminates TLS loops.
   * @default - Istio's: none, or what each gateway says of itself
   */
  readonly trustedProxies?: number;
  /**
   * Further fields of the mesh configuration; they win over what is derived.
   * @default - none
   */
  readonly meshConfig?: { [key: string]: any };
  /**
   * Further values of the `istiod` chart; they win over what is derived.
   * @default - none
   */
  readonly istiodValues?: { [key: string]: any };
  /**
   * Further values of the `base` chart; they win over what is derived.
   * @default - none
   */
  readonly baseValues?: { [key: string]: any };
  /**
   * The repository of the charts, such as a mirror.
   * @default 'https://istio-release.storage.googleapis.com/charts'
   */
  readonly repository?: string;
}

const NEWEST_PATCH: Record<string, string> = { '1.30': '1.30.3' };

// istiod fills in the certificate, and makes validation binding once it serves; a sync must not undo it.
const WEBHOOKS: ArgoIgnoredDifference[] = [
  {
    group: 'admissionregistration.k8s.io',
    kind: 'MutatingWebhookConfiguration',
    jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle'],
  },
  {
    group: 'admissionregistration.k8s.io',
    kind: 'ValidatingWebhookConfiguration',
    jqPathExpressions: ['.webhooks[]?.clientConfig.caBundle', '.webhooks[]?.failurePolicy'],
  },
];

/**
 * Istio in a cluster: its definitions, istiod, and a gateway, each after the one before it. A gateway's pods are completed
 * by istiod's webhook, so one that comes too early never starts.
 *
 * @see https://istio.io/latest/docs/setup/install/helm/
 */
export class IstioInstallation extends Construct {
  /** The exact version of Istio. */
  public readonly version: string;
  /** The namespace of istiod. */
  public readonly namespace: string;
  /** How namespaces join this mesh; give it to a `MeshNamespace`. */
  public readonly injection: MeshInjection;
  /** The labels that the gateway's pods carry, where the chart installs it. */
  public readonly gatewaySelector?: { [key: string]: string };
  /** The Applications or HelmReleases, in order. */
  public readonly steps: IResource[];

  /** @throws if the version is not exact or of another line than the target, or a name or number is wrong. */
  constructor(scope: Construct, id: string, props: IstioInstallationProps) {
    super(scope, id);
    this.namespace = props.namespace ?? 'istio-system';
    this.version = this.exactVersion(props.version);
    const { revision } = props;
    const problem = revision === undefined ? undefined : nameProblem(revision, NameSyntax.LABEL);
    if (problem) this.fail(`revision: ${problem}; dots of a version are written as "-"`);
    if (props.trustedProxies !== undefined && (!Number.isInteger(props.trustedProxies) || props.trustedProxies < 0)) {
      this.fail(`trustedProxies must be a whole number, 0 or more, got ${props.trustedProxies}`);
    }
    const gateway = props.gateway?._chart;
    if (gateway?.namespace === this.namespace) this.fail(`a gateway lives in a namespace of its own, got istiod's "${gateway.namespace}"`);
    this.injection = revision === undefined ? MeshInjection.defaultRevision() : MeshInjection.revision(revision);
    this.gatewaySelector = props.gateway?.selector;

    const chart = (name: string, namespace: string, values: Record<string, any>, releaseName: string) => new HelmChart({
      repository: props.repository ?? 'https://istio-release.storage.googleapis.com/charts',
      chart: name,
      version: this.version,
      namespace,
      values,
      releaseName,
    });
    const istiod = revision === undefined ? 'istiod' : `istiod-${revision}`;
    const steps: DeliveryStep[] = [
      {
        id: 'Base',
        name: 'istio-base',
        source: { chart: chart('base', this.namespace, merged({ defaultRevision: revision }, props.baseValues), 'istio-base') },
        largeCrds: true,
        ignoredDifferences: WEBHOOKS,
      },
      {
        id: 'Istiod',
        name: istiod,
        source: { chart: chart('istiod', this.namespace, istiodValues(props), istiod) },
        usesCrds: true,
        ignoredDifferences: WEBHOOKS,
      },
    ];
    if (gateway) {
      const values = merged({
        revision,
        service: { type: gateway.serviceType ?? ServiceType.CLUSTER_IP },
        autoscaling: { enabled: true, minReplicas: gateway.minReplicas, maxReplicas: gateway.maxReplicas },
      }, gateway.values);
      const source = { chart: chart('gateway', gateway.namespace, values, gateway.releaseName) };
      steps.push({ id: 'Gateway', name: gateway.releaseName, source, usesCrds: true });
    } else if (props.gateway?._git) {
      steps.push({ id: 'Gateway', name: 'istio-gateway', source: { git: props.gateway._git }, usesCrds: true });
    }
    this.steps = props.delivery._deliver(this, steps, `IstioInstallation ${this.node.path}`);
  }

  private exactVersion(given?: string): string {
    const target = Targets.of(this).istio;
    const line = target.split('.').slice(0, 2).join('.');
    const version = given ?? (target === line ? NEWEST_PATCH[line] : target);
    if (version === undefined) this.fail(`which ${line} is to be installed is not known; set \`version\`, such as "${line}.1"`);
    if (!/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version)) this.fail(`version must be exact, such as "${line}.1", got "${version}"`);
    if (compareVersions(version.split('.').slice(0, 2).join('.'), line) !== 0) {
      this.fail(`version ${version} is not of the line ${line} that the manifests are written for; change it, or \`targets.istio\``);
    }
    return version;
  }

  private fail(problem: string): never {
    throw new Error(`IstioInstallation ${this.node.path}: ${problem}`);
  }
}

function istiodValues(props: IstioInstallationProps): Record<string, any> {
  const meshConfig = merged({
    accessLogFile: props.accessLog ?? true ? '/dev/stdout' : undefined,
    defaultConfig: props.trustedProxies === undefined ? undefined : { gatewayTopology: { numTrustedProxies: props.trustedProxies } },
  }, props.meshConfig);
  return merged({
    revision: props.revision,
    meshConfig: Object.keys(meshConfig).length > 0 ? meshConfig : undefined,
  }, props.istiodValues);
}

// Objects are merged, all else replaces; what is undefined is left out.
function merged(base: Record<string, any>, over: Record<string, any> = {}): Record<string, any> {
  const result: Record<string, any> = {};
  for (const [key, value] of [...Object.entries(base), ...Object.entries(over)]) {
    if (value !== undefined) result[key] = isRecord(result[key]) && isRecord(value) ? merged(result[key], value) : value;
  }
  return result;
}

function isRecord(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
