import { nameProblem, NameSyntax } from '../platform/names';

/** How Contour is installed. */
export interface ContourChartOptions {
  /**
   * The name of the Helm release. Envoy's pods carry it as a label, which everything that means them selects by.
   * @default - the name of the ingress
   */
  readonly release?: string;
  /**
   * The chart's version.
   * @default - '0.7.0' of the project's chart, '21.1.5' of Bitnami's
   */
  readonly version?: string;
}

/** The Helm chart that Contour is installed with. Both name ports, labels and values alike. */
export class ContourChart {
  /** The project's own chart. */
  public static project(options: ContourChartOptions = {}): ContourChart {
    return new ContourChart('project', 'contour --repo https://projectcontour.github.io/helm-charts', options.version ?? '0.7.0', {}, options);
  }

  /**
   * Bitnami's chart, for clusters that have it already. It has had no release since August 2025, and its images have
   * moved: the values name where they are.
   */
  public static bitnami(options: ContourChartOptions = {}): ContourChart {
    return new ContourChart('bitnami', 'contour --repo https://charts.bitnami.com/bitnami', options.version ?? '21.1.5', {
      global: { security: { allowInsecureImages: true } },
      contour: { image: { repository: 'bitnamilegacy/contour' } },
      envoy: { image: { repository: 'bitnamilegacy/envoy' } },
    }, options);
  }

  /** @internal */
  public readonly _values: { global?: object; contour?: object; envoy?: object };
  private readonly source: string;
  private readonly version: string;
  private readonly release?: string;

  private constructor(
    variant: string, source: string, version: string, values: { global?: object; contour?: object; envoy?: object }, options: ContourChartOptions,
  ) {
    const problem = options.release === undefined ? undefined : nameProblem(options.release, NameSyntax.LABEL);
    if (problem) throw new Error(`ContourChart.${variant}: release: ${problem}`);
    if (!/^\d+\.\d+\.\d+\S*$/.test(version)) throw new Error(`ContourChart.${variant}: a version is written as "0.7.0", got "${version}"`);
    this.source = source;
    this.version = version;
    this._values = values;
    this.release = options.release;
  }

  /** @internal */
  public _release(ingress: string): string {
    return this.release ?? ingress;
  }

  /**
   * The Service, of the chart's making, that has Envoy's load balancer.
   * @internal
   */
  public _envoyService(ingress: string): string {
    const release = this._release(ingress);
    return `${release.includes('contour') ? release : `${release}-contour`}-envoy`;
  }

  /** @internal */
  public _install(ingress: string, namespace: string, values: string): string {
    return `helm upgrade --install ${this._release(ingress)} ${this.source} --version ${this.version} ` +
      `--namespace ${namespace} --create-namespace --values ${values}`;
  }
}
