import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { ArgoSource } from './argo-source';
import { generated } from './load-on-first-use';
import { nameProblem, NameSyntax } from './names';
import { Resource } from './resource';
import type { ApplicationSpec } from '../../imports/argoproj.io';

/** How a failed sync is tried again. */
export interface ArgoRetry {
  /**
   * How often; -1 is for ever.
   * @default 5
   */
  readonly limit?: number;
  /**
   * The pause before the first repetition.
   * @default - 5 seconds
   */
  readonly pause?: Duration;
  /**
   * How much longer each further pause is.
   * @default 2
   */
  readonly factor?: number;
  /**
   * The longest pause.
   * @default - 3 minutes
   */
  readonly longestPause?: Duration;
}

/** Differences between manifest and cluster that Argo CD overlooks. */
export interface ArgoIgnoredDifference {
  /**
   * The API group of the objects.
   * @default - the core group
   */
  readonly group?: string;
  /** The kind of the objects. */
  readonly kind: string;
  /**
   * The object's name.
   * @default - all objects of the kind
   */
  readonly name?: string;
  /**
   * The object's namespace.
   * @default - any
   */
  readonly namespace?: string;
  /**
   * The fields, as JSON pointers.
   * @default - none
   */
  readonly jsonPointers?: string[];
  /**
   * The fields, as jq paths.
   * @default - none
   */
  readonly jqPathExpressions?: string[];
}

/** Properties of an Application. */
export interface ArgoApplicationProps {
  /** Where the manifests come from. */
  readonly source: ArgoSource;
  /**
   * The object's name.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace of the Application object; Argo CD overlooks Applications elsewhere unless it is told of them.
   * @default 'argocd'
   */
  readonly namespace?: string;
  /**
   * Labels of the object.
   * @default - the chart's labels only
   */
  readonly labels?: { [key: string]: string };
  /**
   * Annotations of the object.
   * @default - the sync wave, if there is one
   */
  readonly annotations?: { [key: string]: string };
  /**
   * The project that decides what the Application may touch.
   * @default 'default'
   */
  readonly project?: string;
  /**
   * The cluster's API server.
   * @default 'https://kubernetes.default.svc'
   */
  readonly server?: string;
  /**
   * The namespace of manifests that name none.
   * @default - the Helm chart's; manifests from Git name their own
   */
  readonly destinationNamespace?: string;
  /**
   * Whether Argo CD syncs by itself, undoes changes made by hand, and deletes what is gone from the source.
   * @default true
   */
  readonly automated?: boolean;
  /**
   * How a failed sync is tried again.
   * @default - 5 times, with growing pauses
   */
  readonly retry?: ArgoRetry;
  /**
   * Whether the destination namespace is made if it is missing.
   * @default false
   */
  readonly createNamespace?: boolean;
  /**
   * Whether the API server merges the manifests; needed where one is too large for the annotation that `kubectl apply` keeps.
   * @default false
   */
  readonly serverSideApply?: boolean;
  /**
   * Whether objects whose kind the cluster does not know yet are no error before the sync: their definition comes with it.
   * @default false
   */
  readonly skipDryRunOnMissingResource?: boolean;
  /**
   * What the cluster changes by itself, and a sync leaves as it is.
   * @default - nothing
   */
  readonly ignoreDifferences?: ArgoIgnoredDifference[];
  /**
   * The Application's place among its siblings in the Application above: lower waves first. Waves order Applications
   * only if Argo CD judges an Application's health; see `ArgoApplicationHealth`.
   * @default - 0
   */
  readonly syncWave?: number;
}

/**
 * An Application of Argo CD: manifests from a Helm chart or a Git folder, kept in sync with a cluster.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/application.yaml
 */
export class ArgoApplication extends Resource {
  private readonly props: ArgoApplicationProps;

  /** @throws if a number is out of range, or a difference names no field. */
  constructor(scope: Construct, id: string, props: ArgoApplicationProps) {
    super(scope, id, { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' }, {
      name: props.name,
      namespace: props.namespace ?? 'argocd',
      labels: props.labels,
      annotations: props.annotations,
    });
    this.props = props;
    if (props.syncWave !== undefined) {
      if (!Number.isInteger(props.syncWave)) this._fail(`syncWave must be a whole number, got ${props.syncWave}`);
      this.apiObject.metadata.addAnnotation('argocd.argoproj.io/sync-wave', String(props.syncWave));
    }
    const { limit, factor } = props.retry ?? {};
    if (limit !== undefined && (!Number.isInteger(limit) || limit < -1)) this._fail(`retry.limit must be a whole number, -1 or more, got ${limit}`);
    if (factor !== undefined && (!Number.isInteger(factor) || factor < 1)) this._fail(`retry.factor must be a whole number, 1 or more, got ${factor}`);
    const problem = props.destinationNamespace === undefined ? undefined : nameProblem(props.destinationNamespace, NameSyntax.LABEL);
    if (problem) this._fail(`destinationNamespace: ${problem}`);
    if (props.createNamespace && this.destinationNamespace === undefined) {
      this._fail('createNamespace needs a namespace to make; set `destinationNamespace`');
    }
    for (const difference of props.ignoreDifferences ?? []) {
      if ((difference.jsonPointers ?? []).length + (difference.jqPathExpressions ?? []).length === 0) {
        this._fail(`ignoreDifferences: ${difference.kind} names no field; set \`jsonPointers\` or \`jqPathExpressions\``);
      }
    }
  }

  /** The namespace of manifests that name none. */
  public get destinationNamespace(): string | undefined {
    return this.props.destinationNamespace ?? this.props.source._namespace;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { props } = this;
    const ignored = (props.ignoreDifferences ?? []).length > 0;
    const spec: ApplicationSpec = {
      project: props.project ?? 'default',
      destination: { server: props.server ?? 'https://kubernetes.default.svc', namespace: this.destinationNamespace },
      source: props.source._render(),
      ignoreDifferences: ignored ? props.ignoreDifferences : undefined,
      syncPolicy: {
        automated: props.automated ?? true ? { prune: true, selfHeal: true } : undefined,
        retry: {
          limit: props.retry?.limit ?? 5,
          backoff: {
            duration: wireDuration(props.retry?.pause ?? Duration.seconds(5)),
            factor: props.retry?.factor ?? 2,
            maxDuration: wireDuration(props.retry?.longestPause ?? Duration.minutes(3)),
          },
        },
        syncOptions: syncOptions({
          CreateNamespace: props.createNamespace,
          ServerSideApply: props.serverSideApply,
          SkipDryRunOnMissingResource: props.skipDryRunOnMissingResource,
          // Without it a sync that something else causes would still write the overlooked fields.
          RespectIgnoreDifferences: ignored,
        }),
      },
    };
    return { spec: generated.argo.toJson_ApplicationSpec(spec) };
  }
}

function syncOptions(options: Record<string, boolean | undefined>): string[] | undefined {
  const names = Object.keys(options).filter((name) => options[name]);
  return names.length > 0 ? names.map((name) => `${name}=true`) : undefined;
}

function wireDuration(duration: Duration): string {
  return `${duration.toSeconds()}s`;
}
