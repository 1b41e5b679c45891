import { nameProblem, NameSyntax } from './names';

/** Properties of a Helm chart. */
export interface HelmChartProps {
  /** The address of the repository: `https://…`, or `oci://…` without the chart's name. */
  readonly repository: string;
  /** The chart's name in the repository. */
  readonly chart: string;
  /** The exact version; a range would let the cluster change without a commit. */
  readonly version: string;
  /** The namespace that the release is installed in. */
  readonly namespace: string;
  /**
   * The name of the release; many charts name their objects after it.
   * @default - the chart's name
   */
  readonly releaseName?: string;
  /**
   * The values.
   * @default - the chart's defaults
   */
  readonly values?: { [key: string]: any };
}

/** A Helm chart in one version with its values: what somebody else writes, and how it has to be installed. */
export class HelmChart {
  /** The address of the repository. */
  public readonly repository: string;
  /** The chart's name in the repository. */
  public readonly chart: string;
  /** The exact version. */
  public readonly version: string;
  /** The namespace that the release is installed in. */
  public readonly namespace: string;
  /** The name of the release. */
  public readonly releaseName: string;
  /** The values. */
  public readonly values: { [key: string]: any };

  /** @throws if the address, the version or a name is wrong. */
  constructor(props: HelmChartProps) {
    const who = `HelmChart ${props.chart}`;
    if (!/^(https?|oci):\/\/[^\s/]+(\/\S*)?$/.test(props.repository)) {
      throw new Error(`${who}: a repository is written https://… or oci://…, got "${props.repository}"`);
    }
    if (!/^[a-z0-9]([-._a-z0-9]*[a-z0-9])?$/.test(props.chart)) {
      throw new Error(`${who}: a chart is named by lower-case letters, digits, "-", "_" and ".", got "${props.chart}"`);
    }
    if (!/^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(props.version)) {
      throw new Error(`${who}: version must be exact, such as "1.30.3", got "${props.version}"`);
    }
    this.repository = props.repository.replace(/\/+$/, '');
    this.chart = props.chart;
    this.version = props.version;
    this.namespace = props.namespace;
    this.releaseName = props.releaseName ?? props.chart;
    this.values = props.values ?? {};
    const problem = nameProblem(this.releaseName, NameSyntax.SUBDOMAIN)
      ?? (this.releaseName.length > 53 ? `name must have at most 53 characters, got ${this.releaseName.length} ("${this.releaseName}")` : undefined);
    if (problem) throw new Error(`${who}: release ${problem}`);
    const namespaceProblem = nameProblem(this.namespace, NameSyntax.LABEL);
    if (namespaceProblem) throw new Error(`${who}: namespace: ${namespaceProblem}`);
  }

  /** Whether the chart comes from an OCI registry. */
  public get isOci(): boolean {
    return this.repository.startsWith('oci://');
  }
}
