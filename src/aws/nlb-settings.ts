import { Duration } from 'cdk8s';

/** From where a Network Load Balancer is reached. A change makes a new load balancer with a new DNS name. */
export enum NlbScheme {
  /** From the VPC only. */
  INTERNAL = 'internal',
  /** From the internet. */
  INTERNET_FACING = 'internet-facing',
}

/** What a Network Load Balancer sends connections to. */
export enum NlbTargetType {
  /** The pods themselves. */
  IP = 'ip',
  /** A port of every node, and from there to a pod. */
  INSTANCE = 'instance',
}

/** What can be set on a Network Load Balancer by the Service that it belongs to. */
export interface NlbSettings {
  /**
   * From where the load balancer is reached.
   * @default NlbScheme.INTERNAL
   */
  readonly scheme?: NlbScheme;
  /**
   * What connections are sent to.
   * @default NlbTargetType.IP
   */
  readonly targetType?: NlbTargetType;
  /**
   * The load balancer's name, at most 32 characters.
   * @default - made by the controller
   */
  readonly loadBalancerName?: string;
  /**
   * Subnets by id or by the value of their Name tag.
   * @default - those tagged `kubernetes.io/role/elb` or `kubernetes.io/role/internal-elb`
   */
  readonly subnets?: string[];
  /**
   * Elastic IPs by allocation id, one per subnet; for an internet-facing load balancer only.
   * @default - addresses that AWS picks
   */
  readonly eipAllocations?: string[];
  /**
   * Security groups of the load balancer.
   * @default - one that the controller makes and keeps
   */
  readonly securityGroups?: string[];
  /**
   * Who may reach the load balancer. Not together with `securityGroups`, which would make it ineffective.
   * @default - everybody
   */
  readonly sourceRanges?: string[];
  /**
   * Whether connections go to targets in all zones.
   * @default - false, as AWS has it
   */
  readonly crossZone?: boolean;
  /**
   * How long a target that goes away still serves its connections, at most an hour.
   * @default - 300 seconds, as AWS has it
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Whether targets see the client's address. A pod that keeps it cannot call itself through the load balancer.
   * @default - as AWS has it: kept with instance targets, not with IP targets
   */
  readonly preserveClientIp?: boolean;
  /**
   * Further attributes of the load balancer, such as `deletion_protection.enabled`.
   * @default - none
   */
  readonly loadBalancerAttributes?: { [key: string]: string };
  /**
   * Further attributes of the target groups.
   * @default - none
   */
  readonly targetGroupAttributes?: { [key: string]: string };
  /**
   * Tags of everything that is made in AWS.
   * @default - none but those of the controller
   */
  readonly tags?: { [key: string]: string };
}
