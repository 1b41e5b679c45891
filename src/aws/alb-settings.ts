import { Duration } from 'cdk8s';

/** From where an Application Load Balancer is reached. A change makes a new load balancer with a new DNS name. */
export enum AlbScheme {
  /** From the VPC only. */
  INTERNAL = 'internal',
  /** From the internet. */
  INTERNET_FACING = 'internet-facing',
}

/** What an Application Load Balancer sends requests to. */
export enum AlbTargetType {
  /** The pods themselves. Any type of Service will do. */
  IP = 'ip',
  /** A port of every node, and from there to a pod. The Service has to be of type NodePort or LoadBalancer. */
  INSTANCE = 'instance',
}

/** The addresses of an Application Load Balancer. */
export enum AlbIpAddressType {
  /** IPv4 only. */
  IPV4 = 'ipv4',
  /** IPv4 and IPv6. */
  DUALSTACK = 'dualstack',
  /** IPv6 for the internet, private IPv4 addresses inside. */
  DUALSTACK_WITHOUT_PUBLIC_IPV4 = 'dualstack-without-public-ipv4',
}

/** Whether the targets are spoken to in the clear. */
export enum AlbBackendProtocol {
  /** In the clear. */
  HTTP = 'HTTP',
  /** Over TLS; the target's certificate is not verified and no server name is sent. */
  HTTPS = 'HTTPS',
}

/** Which HTTP the targets are spoken to. The load balancer answers 464 to requests that do not go with it. */
export enum AlbProtocolVersion {
  /** HTTP/1.1, for all requests but gRPC. */
  HTTP1 = 'HTTP1',
  /** HTTP/2, for requests that come as HTTP/2 and for gRPC. */
  HTTP2 = 'HTTP2',
  /** gRPC only; the health check is a gRPC call too. */
  GRPC = 'GRPC',
}

/** Where an Application Load Balancer writes what it served. */
export interface AlbAccessLogs {
  /** The S3 bucket; its policy has to let Elastic Load Balancing write. */
  readonly bucket: string;
  /**
   * The folder in the bucket.
   * @default - the bucket's root
   */
  readonly prefix?: string;
}

/** What can be set on an Application Load Balancer and its target groups, apart from listeners and rules. */
export interface AlbSettings {
  /**
   * From where the load balancer is reached.
   * @default AlbScheme.INTERNAL
   */
  readonly scheme?: AlbScheme;
  /**
   * Ingresses with the same group name, in any namespace, share one load balancer. Their load balancer settings must agree.
   * @default - no group: the load balancer serves this Ingress only
   */
  readonly groupName?: string;
  /**
   * The place of the Ingress's rules in its group, from -1000 to 1000; lower ones come first.
   * @default - 0; among equals the namespace and name decide
   */
  readonly groupOrder?: number;
  /**
   * The load balancer's name, at most 32 characters.
   * @default - made by the controller
   */
  readonly loadBalancerName?: string;
  /**
   * The ARN of a regional WAFv2 web ACL that every request has to pass.
   * @default - no firewall
   */
  readonly webAcl?: string;
  /**
   * Whether Shield Advanced protects the load balancer; the account needs a subscription.
   * @default - as the account has it
   */
  readonly shieldAdvanced?: boolean;
  /**
   * The policy that TLS versions and ciphers are taken from.
   * @default 'ELBSecurityPolicy-TLS13-1-2-2021-06'
   */
  readonly sslPolicy?: string;
  /**
   * What requests are sent to.
   * @default AlbTargetType.IP
   */
  readonly targetType?: AlbTargetType;
  /**
   * Whether the targets are spoken to in the clear.
   * @default AlbBackendProtocol.HTTP
   */
  readonly backendProtocol?: AlbBackendProtocol;
  /**
   * Subnets by id or by the value of their Name tag.
   * @default - those tagged `kubernetes.io/role/elb` or `kubernetes.io/role/internal-elb`
   */
  readonly subnets?: string[];
  /**
   * Security groups of the load balancer, by id or by the value of their Name tag. The order matters within a group.
   * @default - one that the controller makes and keeps
   */
  readonly securityGroups?: string[];
  /**
   * Whether the controller opens the pods' security groups for the load balancer.
   * @default - true, also with `securityGroups`: closed pods would fail every health check
   */
  readonly manageBackendSecurityGroupRules?: boolean;
  /**
   * Who may reach the load balancer. Not together with `securityGroups`, which would make it ineffective.
   * @default - everybody
   */
  readonly inboundCidrs?: string[];
  /**
   * The addresses of the load balancer.
   * @default AlbIpAddressType.IPV4
   */
  readonly ipAddressType?: AlbIpAddressType;
  /**
   * How long a connection may stay silent, from 1 second to 4000.
   * @default - 60 seconds, as AWS has it
   */
  readonly idleTimeout?: Duration;
  /**
   * How long a target that goes away still serves its running requests, at most an hour.
   * @default - 300 seconds, as AWS has it
   */
  readonly deregistrationDelay?: Duration;
  /**
   * Where access logs go.
   * @default - nowhere
   */
  readonly accessLogs?: AlbAccessLogs;
  /**
   * Whether the load balancer refuses to be deleted.
   * @default - false
   */
  readonly deletionProtection?: boolean;
  /**
   * Further attributes of the load balancer, such as `routing.http.drop_invalid_header_fields.enabled`.
   * @default - none
   */
  readonly loadBalancerAttributes?: { [key: string]: string };
  /**
   * Further attributes of the target groups, such as `stickiness.enabled`.
   * @default - none
   */
  readonly targetGroupAttributes?: { [key: string]: string };
  /**
   * Tags of everything that is made in AWS.
   * @default - none but those of the controller
   */
  readonly tags?: { [key: string]: string };
}

/** How an Application Load Balancer finds out whether a target can serve. */
export interface AlbHealthCheck {
  /**
   * The path that is asked for.
   * @default '/'
   */
  readonly path?: string;
  /**
   * The port that is asked: a number of the pods (of the nodes with instance targets), or the name of a port of the Service.
   * @default - the port that serves
   */
  readonly port?: any;
  /**
   * Whether it is asked in the clear.
   * @default - the controller's, HTTP
   */
  readonly protocol?: AlbBackendProtocol;
  /**
   * The time between two checks; longer than `timeout`.
   * @default - 15 seconds
   */
  readonly interval?: Duration;
  /**
   * How long an answer may take.
   * @default - 5 seconds
   */
  readonly timeout?: Duration;
  /**
   * Good answers until a target is used again, 2 to 10.
   * @default - 2
   */
  readonly healthyThreshold?: number;
  /**
   * Bad answers until a target is left out, 2 to 10.
   * @default - 2
   */
  readonly unhealthyThreshold?: number;
  /**
   * Good answers, such as `200` or `200-299`; codes of gRPC with a gRPC target group.
   * @default - 200, with gRPC 12
   */
  readonly successCodes?: string;
}
