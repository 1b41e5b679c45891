import { HelmChart } from './helm-chart';
import type { ApplicationSpecSource } from '../../imports/argoproj.io';

/** A folder of manifests in a Git repository. */
export interface GitManifests {
  /** The repository's address: `https://…`, `ssh://…` or `git@host:path`. */
  readonly repository: string;
  /** The folder, such as `dist/shop`. */
  readonly path: string;
  /**
   * The branch, tag or commit.
   * @default 'HEAD'
   */
  readonly revision?: string;
  /**
   * A pattern for the files of the folder that are meant, such as `gateway.k8s.yaml`.
   * @default - all manifests in the folder
   */
  readonly include?: string;
}

/** Where an Argo CD Application takes its manifests from. */
export class ArgoSource {
  /** A Helm chart, rendered by Argo CD with the chart's values. */
  public static helm(chart: HelmChart): ArgoSource {
    return new ArgoSource(chart.namespace, {
      // Argo CD knows OCI registries by their address without the scheme.
      repoUrl: chart.repository.replace(/^oci:\/\//, ''),
      chart: chart.chart,
      targetRevision: chart.version,
      helm: { releaseName: chart.releaseName, valuesObject: Object.keys(chart.values).length > 0 ? chart.values : undefined },
    });
  }

  /**
   * Manifests in a Git repository, such as the ones that `cdk8s synth` writes.
   * @throws if the address or the path is wrong
   */
  public static git(manifests: GitManifests): ArgoSource {
    if (!/^((https?|ssh):\/\/|git@)\S+$/.test(manifests.repository)) {
      throw new Error(`ArgoSource.git: a repository is written https://…, ssh://… or git@host:path, got "${manifests.repository}"`);
    }
    if (manifests.path === '' || manifests.path.startsWith('/') || manifests.path.split('/').includes('..')) {
      throw new Error(`ArgoSource.git: path is a folder of the repository, such as "dist/shop" or ".", got "${manifests.path}"`);
    }
    return new ArgoSource(undefined, {
      repoUrl: manifests.repository,
      path: manifests.path,
      targetRevision: manifests.revision ?? 'HEAD',
      directory: manifests.include === undefined ? undefined : { include: manifests.include },
    });
  }

  private constructor(private readonly namespace: string | undefined, private readonly source: ApplicationSpecSource) {}

  /**
   * The namespace that the source itself asks for.
   * @internal
   */
  public get _namespace(): string | undefined {
    return this.namespace;
  }

  /** @internal */
  public _render(): ApplicationSpecSource {
    return this.source;
  }
}
