import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { apiObjectOf, podTemplateOf, referenceOf } from './manifest';

/* What objects of other libraries say about themselves: read when asked, since they may still change until synthesis. */

/** A port of a Service. */
export interface ObservedServicePort {
  readonly port: number;
  readonly name?: string;
  readonly targetPort?: number | string;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Rollout'];

/** A Service that any library built. */
export class ObservedService {
  private readonly object: ApiObject;

  constructor(construct: IConstruct, who: string) {
    this.object = apiObjectOf(construct, who, 'a Service');
    if (this.object.kind !== 'Service') throw new Error(`${who}: expected a Service, got ${referenceOf(this.object)}`);
  }

  public get name(): string { return this.object.name; }
  public get namespace(): string | undefined { return this.object.metadata.namespace; }
  public get reference(): string { return referenceOf(this.object); }
  public get ports(): ObservedServicePort[] { return this.object.toJson().spec?.ports ?? []; }
  public get selector(): Record<string, string> { return this.object.toJson().spec?.selector ?? {}; }
  /** `ClusterIP` unless the manifest says otherwise. */
  public get type(): string { return this.object.toJson().spec?.type ?? 'ClusterIP'; }
  public get headless(): boolean { return this.object.toJson().spec?.clusterIP === 'None'; }
}

/** A workload that any library built: a Deployment, a StatefulSet, a DaemonSet, a Job, a CronJob, a ReplicaSet, a Rollout or a Pod. */
export class ObservedWorkload {
  public readonly apiObject: ApiObject;

  constructor(construct: IConstruct, who: string) {
    this.apiObject = apiObjectOf(construct, who, `a workload (${WORKLOADS.join(', ')})`);
    if (!WORKLOADS.includes(this.apiObject.kind)) {
      throw new Error(`${who}: expected a workload (${WORKLOADS.join(', ')}), got ${referenceOf(this.apiObject)}`);
    }
  }

  public get kind(): string { return this.apiObject.kind; }
  public get name(): string { return this.apiObject.name; }
  public get namespace(): string | undefined { return this.apiObject.metadata.namespace; }
  public get reference(): string { return referenceOf(this.apiObject); }
  /** The manifest as it stands, amendments included. */
  public get manifest(): any { return this.apiObject.toJson(); }
  public get podLabels(): Record<string, string> { return podTemplateOf(this.manifest)?.metadata?.labels ?? {}; }
  public get podAnnotations(): Record<string, string> { return podTemplateOf(this.manifest)?.metadata?.annotations ?? {}; }
  public get podSpec(): any { return (this.kind === 'Pod' ? this.manifest.spec : podTemplateOf(this.manifest)?.spec) ?? {}; }
  /** The labels that the workload selects its pods by; a Pod's are its own. */
  public get matchLabels(): Record<string, string> { return this.manifest.spec?.selector?.matchLabels ?? this.podLabels; }
  /** The number of replicas that the manifest fixes. */
  public get replicas(): number | undefined { return this.manifest.spec?.replicas; }
}
