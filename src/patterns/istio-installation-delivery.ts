import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ArgoApplication, ArgoIgnoredDifference, ArgoRetry } from '../platform/argo-application';
import { ArgoApplicationHealth } from '../platform/argo-application-health';
import { ArgoSource, GitManifests } from '../platform/argo-source';
import { FluxHelmRelease } from '../platform/flux-helm-release';
import { FluxHelmRepository } from '../platform/flux-helm-repository';
import { HelmChart } from '../platform/helm-chart';
import { IResource } from '../platform/resource';

/** Options of a delivery by Argo CD. */
export interface ArgoCdDeliveryOptions {
  /**
   * The namespace of the Applications.
   * @default 'argocd'
   */
  readonly namespace?: string;
  /**
   * The project of the Applications.
   * @default 'default'
   */
  readonly project?: string;
  /**
   * The cluster's API server.
   * @default 'https://kubernetes.default.svc'
   */
  readonly server?: string;
  /**
   * How a failed sync is tried again.
   * @default - 10 times, after 10 seconds at first and every 3 minutes in the end
   */
  readonly retry?: ArgoRetry;
  /**
   * The sync wave of the first Application; the others follow.
   * @default 0
   */
  readonly firstWave?: number;
}

/** Options of a delivery by Flux. */
export interface FluxDeliveryOptions {
  /**
   * The namespace of the HelmRepository and the HelmReleases.
   * @default 'flux-system'
   */
  readonly namespace?: string;
  /**
   * How often releases are compared with what they should be.
   * @default - every 10 minutes
   */
  readonly interval?: Duration;
  /**
   * How often a failed installation or upgrade is tried again; -1 is for ever.
   * @default 3
   */
  readonly retries?: number;
}

/** One thing to install, after all before it. */
export interface DeliveryStep {
  readonly id: string;
  readonly name: string;
  readonly source: { readonly chart: HelmChart } | { readonly git: GitManifests };
  /** Whether it brings definitions that are too large for client-side apply. */
  readonly largeCrds?: boolean;
  /** Whether it holds objects whose definitions an earlier step brings. */
  readonly usesCrds?: boolean;
  readonly ignoredDifferences?: ArgoIgnoredDifference[];
}

/** Who installs the parts of a system in the cluster, one after the other. */
export class Delivery {
  /**
   * Argo CD: an Application for each part, ordered by sync waves, for an Application above them that syncs the manifests
   * they stand in. What lets waves wait is written to the companion file `argocd/argocd-cm.patch.yaml`.
   */
  public static argoCd(options: ArgoCdDeliveryOptions = {}): Delivery {
    return new Delivery((scope, steps) => {
      const applications = steps.map((step, index) => new ArgoApplication(scope, step.id, {
        name: step.name,
        namespace: options.namespace,
        project: options.project,
        server: options.server,
        source: 'chart' in step.source ? ArgoSource.helm(step.source.chart) : ArgoSource.git(step.source.git),
        syncWave: (options.firstWave ?? 0) + index,
        retry: { limit: 10, pause: Duration.seconds(10), ...options.retry },
        createNamespace: 'chart' in step.source,
        serverSideApply: step.largeCrds,
        skipDryRunOnMissingResource: step.usesCrds,
        ignoreDifferences: step.ignoredDifferences,
      }));
      ArgoApplicationHealth.requireFor(scope, applications.map(({ reference }) => reference), options.namespace);
      return applications;
    });
  }

  /**
   * Flux: a HelmRelease for each part, which depends on the one before it.
   */
  public static flux(options: FluxDeliveryOptions = {}): Delivery {
    return new Delivery((scope, steps, who) => {
      const namespace = options.namespace ?? 'flux-system';
      let repository: FluxHelmRepository | undefined;
      const releases: FluxHelmRelease[] = [];
      for (const step of steps) {
        if ('git' in step.source) {
          throw new Error(
            `${who}: Flux orders HelmReleases among themselves, and "${step.name}" is a folder in Git; ` +
            'take IstioGatewaySource.helmChart, or leave `gateway` out and give the folder a Kustomization of its own',
          );
        }
        const { chart } = step.source;
        repository ??= new FluxHelmRepository(scope, 'Repository', { name: 'istio', namespace, url: chart.repository });
        releases.push(new FluxHelmRelease(scope, step.id, {
          name: step.name,
          namespace,
          chart,
          repository,
          dependsOn: releases.slice(-1),
          createNamespace: true,
          interval: options.interval,
          retries: options.retries,
        }));
      }
      return releases;
    });
  }

  private constructor(private readonly deliver: (scope: Construct, steps: DeliveryStep[], who: string) => IResource[]) {}

  /** @internal */
  public _deliver(scope: Construct, steps: DeliveryStep[], who: string): IResource[] {
    return this.deliver(scope, steps, who);
  }
}
