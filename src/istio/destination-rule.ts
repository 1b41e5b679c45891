import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { DestinationTls } from './destination-tls';
import { durationText } from './durations';
import { hostProblem } from './hosts';
import type { DestinationRuleSpec, DestinationRuleSpecTrafficPolicy, DestinationRuleSpecTrafficPolicyConnectionPoolHttp } from '../../imports/networking.istio.io';
import { generated } from '../platform/load-on-first-use';
import { nameProblem, NameSyntax } from '../platform/names';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** Whether HTTP/1.1 becomes HTTP/2 on the way to the destination. */
export enum H2UpgradePolicy {
  /** Always. */
  UPGRADE = 'UPGRADE',
  /** Never. */
  DO_NOT_UPGRADE = 'DO_NOT_UPGRADE',
}

/** Connections to a destination. */
export interface ConnectionPool {
  /**
   * The most TCP connections.
   * @default - no limit
   */
  readonly maxConnections?: number;
  /**
   * How long connecting may take.
   * @default - 10 seconds
   */
  readonly connectTimeout?: Duration;
  /**
   * Whether HTTP/1.1 becomes HTTP/2.
   * @default - as the mesh says, which is not
   */
  readonly h2UpgradePolicy?: H2UpgradePolicy;
  /**
   * Whether the destination gets the protocol that the client spoke; it goes before `h2UpgradePolicy`.
   * @default false
   */
  readonly useClientProtocol?: boolean;
  /**
   * The most requests that wait for a connection.
   * @default - 1024
   */
  readonly maxPendingRequests?: number;
  /**
   * The most requests at a time.
   * @default - 1024
   */
  readonly maxRequests?: number;
  /**
   * How long a connection without requests stays.
   * @default - 1 hour
   */
  readonly idleTimeout?: Duration;
}

/** How a destination is spoken to. */
export interface TrafficPolicy {
  /**
   * TLS.
   * @default - the mesh's mutual TLS where the destination has a proxy, plain text elsewhere
   */
  readonly tls?: DestinationTls;
  /**
   * Connections.
   * @default - Istio's limits
   */
  readonly connectionPool?: ConnectionPool;
}

/** Some of a destination's pods. */
export interface Subset {
  /** The name that routes refer to. */
  readonly name: string;
  /** The labels of the pods, beside those of the Service's selector. */
  readonly labels: { [key: string]: string };
  /**
   * What differs for these pods.
   * @default - nothing
   */
  readonly trafficPolicy?: TrafficPolicy;
}

/** Properties of a DestinationRule. */
export interface DestinationRuleProps extends ResourceProps {
  /** The destination: a Service's full name `<service>.<namespace>.svc.cluster.local`, or a host of a ServiceEntry. */
  readonly host: string;
  /**
   * How it is spoken to.
   * @default - as Istio does without a rule
   */
  readonly trafficPolicy?: TrafficPolicy;
  /**
   * Parts of its pods that routes may refer to.
   * @default - none
   */
  readonly subsets?: Subset[];
  /**
   * The namespaces whose proxies see the rule: names, `.` for the own one, `*` for all.
   * @default - all namespaces, unless the mesh says otherwise
   */
  readonly exportTo?: string[];
}

/** A DestinationRule, made here or elsewhere. */
export interface IDestinationRule extends IResource {}

/**
 * How a destination is spoken to, once a route has chosen it.
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/
 */
export class DestinationRule extends Resource implements IDestinationRule {
  private readonly props: DestinationRuleProps;

  /** @throws if the host has no dot, or a subset has no name of its own or no labels. */
  constructor(scope: Construct, id: string, props: DestinationRuleProps) {
    super(scope, id, { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' }, props);
    this.props = props;
    const problem = hostProblem(props.host);
    if (problem) this._fail(problem);
    if (!props.host.includes('.')) {
      this._fail(`host "${props.host}" is short, and means another Service in every namespace; write ${props.host}.<namespace>.svc.cluster.local`);
    }
    const seen = new Set<string>();
    for (const { name, labels } of props.subsets ?? []) {
      const wrong = nameProblem(name, NameSyntax.LABEL);
      if (wrong) this._fail(`subset ${wrong}`);
      if (seen.has(name)) this._fail(`subset "${name}" is given twice`);
      seen.add(name);
      if (Object.keys(labels).length === 0) this._fail(`subset "${name}" needs labels; without them it is all pods`);
    }
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { host, trafficPolicy, subsets, exportTo } = this.props;
    const spec: DestinationRuleSpec = {
      host,
      exportTo,
      trafficPolicy: renderPolicy(trafficPolicy),
      // The schema gives subsets the same policy under another name.
      subsets: subsets?.map((subset) => ({ name: subset.name, labels: subset.labels, trafficPolicy: renderPolicy(subset.trafficPolicy) as any })),
    };
    return { spec: generated.istioNetworking.toJson_DestinationRuleSpec(spec) };
  }
}

function renderPolicy(policy: TrafficPolicy | undefined): DestinationRuleSpecTrafficPolicy | undefined {
  return policy && { tls: policy.tls?._render(), connectionPool: renderPool(policy.connectionPool) };
}

function renderPool(pool: ConnectionPool | undefined): DestinationRuleSpecTrafficPolicy['connectionPool'] {
  if (!pool) return undefined;
  const tcp = { maxConnections: pool.maxConnections, connectTimeout: durationText(pool.connectTimeout) };
  const http = {
    h2UpgradePolicy: pool.h2UpgradePolicy as unknown as DestinationRuleSpecTrafficPolicyConnectionPoolHttp['h2UpgradePolicy'],
    useClientProtocol: pool.useClientProtocol,
    http1MaxPendingRequests: pool.maxPendingRequests,
    http2MaxRequests: pool.maxRequests,
    idleTimeout: durationText(pool.idleTimeout),
  };
  return { tcp: someOf(tcp), http: someOf(http) };
}

function someOf<T extends object>(fields: T): T | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}
