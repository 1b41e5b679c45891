import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { FluxHelmRepository } from './flux-helm-repository';
import { HelmChart } from './helm-chart';
import { generated } from './load-on-first-use';
import { IResource, Resource, ResourceProps } from './resource';
import type { HelmReleaseSpec } from '../../imports/helm.toolkit.fluxcd.io';

/** Properties of a HelmRelease. */
export interface FluxHelmReleaseProps extends ResourceProps {
  /** The chart, its version, its values and the namespace that it is installed in. */
  readonly chart: HelmChart;
  /** The HelmRepository that the chart is taken from, made here or elsewhere. */
  readonly repository: IResource;
  /**
   * The HelmReleases that must be ready before this one is installed or upgraded.
   * @default - none
   */
  readonly dependsOn?: IResource[];
  /**
   * How often the release is compared with what it should be.
   * @default - every 10 minutes
   */
  readonly interval?: Duration;
  /**
   * How long an installation or upgrade may take.
   * @default - 5 minutes
   */
  readonly timeout?: Duration;
  /**
   * How often a failed installation or upgrade is tried again; -1 is for ever.
   * @default 3
   */
  readonly retries?: number;
  /**
   * Whether the namespace is made if it is missing.
   * @default false
   */
  readonly createNamespace?: boolean;
  /**
   * Whether upgrades also replace the custom resource definitions that the chart carries; Helm itself never does.
   * @default true
   */
  readonly upgradeCrds?: boolean;
}

/**
 * A Helm chart that Flux installs and keeps.
 * @see https://fluxcd.io/flux/components/helm/helmreleases/
 */
export class FluxHelmRelease extends Resource {
  /** The chart. */
  public readonly chart: HelmChart;
  private readonly props: FluxHelmReleaseProps;

  /** @throws if the repository has another address than the chart's, a release depends on itself, or a number is out of range. */
  constructor(scope: Construct, id: string, props: FluxHelmReleaseProps) {
    super(scope, id, { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease' }, props);
    this.props = props;
    this.chart = props.chart;
    const { repository, retries } = props;
    if (repository instanceof FluxHelmRepository && repository.url !== props.chart.repository) {
      this._fail(`the chart ${props.chart.chart} is in ${props.chart.repository}, the ${repository.reference} is ${repository.url}`);
    }
    if (retries !== undefined && (!Number.isInteger(retries) || retries < -1)) {
      this._fail(`retries must be a whole number, -1 or more, got ${retries}`);
    }
    for (const other of props.dependsOn ?? []) {
      if (other.name === this.name && (other.namespace ?? this.namespace) === this.namespace) this._fail('a release cannot depend on itself');
    }
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { chart, repository, dependsOn = [], interval, timeout, retries = 3, createNamespace, upgradeCrds = true } = this.props;
    const flux = generated.fluxHelm;
    const spec: HelmReleaseSpec = {
      interval: `${(interval ?? Duration.minutes(10)).toSeconds()}s`,
      timeout: timeout && `${timeout.toSeconds()}s`,
      releaseName: chart.releaseName,
      targetNamespace: chart.namespace,
      // Helm keeps its records beside the release, as `helm install` does.
      storageNamespace: chart.namespace,
      chart: {
        spec: {
          chart: chart.chart,
          version: chart.version,
          sourceRef: {
            kind: flux.HelmReleaseSpecChartSpecSourceRefKind.HELM_REPOSITORY,
            name: repository.name,
            namespace: repository.namespace === this.namespace ? undefined : repository.namespace,
          },
        },
      },
      dependsOn: dependsOn.length === 0 ? undefined : dependsOn.map(({ name, namespace }) => ({
        name,
        namespace: namespace === this.namespace ? undefined : namespace,
      })),
      install: {
        createNamespace,
        crds: flux.HelmReleaseSpecInstallCrds.CREATE_REPLACE,
        remediation: { retries },
      },
      upgrade: {
        crds: upgradeCrds ? flux.HelmReleaseSpecUpgradeCrds.CREATE_REPLACE : flux.HelmReleaseSpecUpgradeCrds.SKIP,
        remediation: { retries },
      },
      values: Object.keys(chart.values).length > 0 ? chart.values : undefined,
    };
    return { spec: flux.toJson_HelmReleaseSpec(spec) };
  }
}
