import { IConstruct } from 'constructs';
import { Feature, FEATURES, TargetSystem } from './target-features';

/** The versions that the manifests are written for. Each is `major.minor`, a patch level may follow. */
export interface TargetVersions {
  /**
   * Kubernetes; 1.27 or later.
   * @default '1.33'
   */
  readonly kubernetes?: string;
  /**
   * Istio; 1.22 or later, the first that serves `networking.istio.io/v1`.
   * @default '1.30'
   */
  readonly istio?: string;
  /**
   * Contour; 1.28 or later.
   * @default '1.33'
   */
  readonly contour?: string;
  /**
   * Dapr; 1.15 or later. Up to 1.11 a request's path outranked the `dapr-app-id` header that a route sets.
   * @default '1.18'
   */
  readonly dapr?: string;
  /**
   * cert-manager; 1.12 or later.
   * @default '1.21'
   */
  readonly certManager?: string;
  /**
   * Gateway API, standard channel; 1.1 or later.
   * @default '1.6'
   */
  readonly gatewayApi?: string;
  /**
   * AWS Load Balancer Controller; 2.5 or later.
   * @default '3.5'
   */
  readonly awsLoadBalancerController?: string;
  /**
   * GKE's control plane; 1.27 or later.
   * @default '1.33'
   */
  readonly gke?: string;
}

/** Default and minimum of every target; docs/compatibility.md shows the same table. */
export const TARGET_RANGES: Readonly<Record<TargetSystem, { title: string; default: string; minimum: string }>> = {
  kubernetes: { title: 'Kubernetes', default: '1.33', minimum: '1.27' },
  istio: { title: 'Istio', default: '1.30', minimum: '1.22' },
  contour: { title: 'Contour', default: '1.33', minimum: '1.28' },
  dapr: { title: 'Dapr', default: '1.18', minimum: '1.15' },
  certManager: { title: 'cert-manager', default: '1.21', minimum: '1.12' },
  gatewayApi: { title: 'Gateway API', default: '1.6', minimum: '1.1' },
  awsLoadBalancerController: { title: 'AWS Load Balancer Controller', default: '3.5', minimum: '2.5' },
  gke: { title: 'GKE', default: '1.33', minimum: '1.27' },
};

const declared = new WeakMap<IConstruct, TargetVersions>();

/**
 * What the clusters run that the manifests are for.
 *
 * Declared once for an app, a chart or a pattern, it holds for everything below. A field that a target lacks is an error
 * when the construct is built, not an object that the cluster refuses or silently prunes.
 */
export class Targets {
  /**
   * Declares the versions for a scope and everything below it. Versions not named are those of the scope above.
   *
   * @throws if a version is no `major.minor`, or older than this library writes for.
   */
  public static on(scope: IConstruct, versions: TargetVersions): Targets {
    for (const [system, version] of Object.entries(versions)) {
      if (version === undefined) continue;
      const range = TARGET_RANGES[system as TargetSystem];
      if (!range) throw new Error(`targets: unknown system "${system}"; known are ${Object.keys(TARGET_RANGES).join(', ')}`);
      if (!/^\d+\.\d+(\.\d+)?$/.test(version)) {
        throw new Error(`targets.${system}: a version is written as "${range.default}", got "${version}"`);
      }
      if (compareVersions(version, range.minimum) < 0) {
        throw new Error(`targets.${system}: ${range.title} ${range.minimum} is the oldest that is written for, got "${version}"`);
      }
    }
    declared.set(scope, { ...declared.get(scope), ...withoutUndefined(versions) });
    return Targets.of(scope);
  }

  /** The versions that hold at a construct. */
  public static of(scope: IConstruct): Targets {
    const versions: Record<string, string> = Object.fromEntries(Object.entries(TARGET_RANGES).map(([system, range]) => [system, range.default]));
    for (const ancestor of scope.node.scopes) Object.assign(versions, declared.get(ancestor));
    return new Targets(versions as unknown as Required<TargetVersions>);
  }

  /** Kubernetes. */
  public readonly kubernetes: string;
  /** Istio. */
  public readonly istio: string;
  /** Contour. */
  public readonly contour: string;
  /** Dapr. */
  public readonly dapr: string;
  /** cert-manager. */
  public readonly certManager: string;
  /** Gateway API. */
  public readonly gatewayApi: string;
  /** AWS Load Balancer Controller. */
  public readonly awsLoadBalancerController: string;
  /** GKE. */
  public readonly gke: string;

  private constructor(versions: Required<TargetVersions>) {
    this.kubernetes = versions.kubernetes;
    this.istio = versions.istio;
    this.contour = versions.contour;
    this.dapr = versions.dapr;
    this.certManager = versions.certManager;
    this.gatewayApi = versions.gatewayApi;
    this.awsLoadBalancerController = versions.awsLoadBalancerController;
    this.gke = versions.gke;
  }

  /**
   * Whether every target has a feature.
   * @internal
   */
  public _has(feature: Feature): boolean {
    const { system, since } = FEATURES[feature];
    return compareVersions(this[system], since) >= 0;
  }
}

/**
 * Throws unless the target at a construct has a feature: `Deployment web/app: native sidecars need Kubernetes 1.29, …`.
 * `who` names the object or part that asks for it.
 */
export function requireFeature(scope: IConstruct, who: string, feature: Feature): void {
  const targets = Targets.of(scope);
  if (targets._has(feature)) return;
  const { system, since, title } = FEATURES[feature];
  throw new Error(
    `${who}: ${title} needs ${TARGET_RANGES[system].title} ${since} or later, the target is ${targets[system]}; ` +
    `leave it out, or raise \`targets.${system}\``,
  );
}

/** Negative, zero or positive, as `a` is older than, the same as or newer than `b`. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function withoutUndefined(versions: TargetVersions): TargetVersions {
  return Object.fromEntries(Object.entries(versions).filter(([, version]) => version !== undefined));
}
