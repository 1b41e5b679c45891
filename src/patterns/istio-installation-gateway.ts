import { GitManifests } from '../platform/argo-source';
import { ServiceType } from '../platform/service';

/** Options of a gateway that Istio's `gateway` chart installs. */
export interface IstioGatewayChartOptions {
  /** The name of the release, the Deployment and the Service; the selector follows from it. */
  readonly releaseName: string;
  /** The namespace; another one than istiod's. */
  readonly namespace: string;
  /**
   * How the Service is reached. A load balancer that registers pods needs no more than the default.
   * @default ServiceType.CLUSTER_IP
   */
  readonly serviceType?: ServiceType;
  /**
   * The fewest pods.
   * @default 2
   */
  readonly minReplicas?: number;
  /**
   * The most pods.
   * @default 4
   */
  readonly maxReplicas?: number;
  /**
   * Further values of the chart; they win over what is derived.
   * @default - none
   */
  readonly values?: { [key: string]: any };
}

/** What installs the gateway, after istiod. */
export class IstioGatewaySource {
  /**
   * Istio's `gateway` chart.
   * @throws if the numbers of pods are out of range
   */
  public static helmChart(options: IstioGatewayChartOptions): IstioGatewaySource {
    const [min, max] = [options.minReplicas ?? 2, options.maxReplicas ?? Math.max(4, options.minReplicas ?? 0)];
    if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min) {
      throw new Error(`IstioGatewaySource ${options.releaseName}: replicas run from minReplicas (1 or more) to maxReplicas, got ${min} to ${max}`);
    }
    return new IstioGatewaySource({ ...options, minReplicas: min, maxReplicas: max });
  }

  /** Manifests in a Git folder, such as the ones that an `IstioSharedGateway` of this app becomes. */
  public static manifests(git: GitManifests): IstioGatewaySource {
    return new IstioGatewaySource(undefined, git);
  }

  /**
   * The labels that the gateway's pods carry, for the `selector` of Gateways; undefined for manifests, which say it themselves.
   * The chart labels `istio: <release without "istio-">`.
   */
  public readonly selector?: { [key: string]: string };

  private constructor(
    private readonly chart?: IstioGatewayChartOptions,
    private readonly git?: GitManifests,
  ) {
    this.selector = chart && { istio: chart.releaseName.replace(/^istio-/, '') };
  }

  /** @internal */
  public get _chart(): IstioGatewayChartOptions | undefined {
    return this.chart;
  }

  /** @internal */
  public get _git(): GitManifests | undefined {
    return this.git;
  }
}
