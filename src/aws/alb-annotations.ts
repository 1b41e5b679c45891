import { AlbBackendProtocol, AlbHealthCheck, AlbIpAddressType, AlbProtocolVersion, AlbScheme, AlbSettings, AlbTargetType } from './alb-settings';
import { annotationsOf, checkRange, cidrProblem, Fail, listValue, mapValue } from './annotation-values';
import { certificateArnProblem, regionOfArn, webAclArnProblem } from './arns';
import { portProblem } from '../platform/ports';

/** The prefix of the controller's annotations on an Ingress. */
export const ALB_PREFIX = 'alb.ingress.kubernetes.io';

export const HTTP_PORT = 80;
export const HTTPS_PORT = 443;
const MODERN_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';

/** What an Ingress listens on. */
export interface AlbListeners {
  readonly certificates: string[];
  readonly http: boolean;
  readonly https: boolean;
  readonly redirect: boolean;
}

/** Annotations of the load balancer and its listeners: all members of a group that have them must agree. */
export function loadBalancerAnnotations(settings: AlbSettings, listeners: AlbListeners, fail: Fail): { [key: string]: string } {
  checkLoadBalancer(settings, listeners, fail);
  const attributes = {
    ...settings.loadBalancerAttributes,
    ...(settings.idleTimeout && { 'idle_timeout.timeout_seconds': String(settings.idleTimeout.toSeconds()) }),
    ...(settings.deletionProtection !== undefined && { 'deletion_protection.enabled': String(settings.deletionProtection) }),
    ...(settings.accessLogs && {
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': settings.accessLogs.bucket,
      ...(settings.accessLogs.prefix && { 'access_logs.s3.prefix': settings.accessLogs.prefix }),
    }),
  };
  const ownGroups = settings.securityGroups !== undefined;
  return annotationsOf(ALB_PREFIX, {
    'load-balancer-name': settings.loadBalancerName,
    'scheme': settings.scheme ?? AlbScheme.INTERNAL,
    'ip-address-type': settings.ipAddressType === AlbIpAddressType.IPV4 ? undefined : settings.ipAddressType,
    'subnets': listValue('subnets', settings.subnets, fail),
    'security-groups': listValue('securityGroups', settings.securityGroups, fail),
    // The controller stops opening the pods' security groups as soon as the load balancer has groups of its own.
    'manage-backend-security-group-rules': settings.manageBackendSecurityGroupRules?.toString() ?? (ownGroups ? 'true' : undefined),
    'inbound-cidrs': listValue('inboundCidrs', settings.inboundCidrs, fail),
    'load-balancer-attributes': mapValue('load balancer attributes', attributes, fail),
    'tags': mapValue('tags', settings.tags, fail),
    'ssl-policy': listeners.https ? settings.sslPolicy ?? MODERN_POLICY : undefined,
    // One port for the whole group, and only together with a listener for it.
    'ssl-redirect': listeners.redirect ? String(HTTPS_PORT) : undefined,
    'wafv2-acl-arn': settings.webAcl,
    'shield-advanced-protection': settings.shieldAdvanced?.toString(),
  });
}

/** Annotations by which an Ingress takes part in a group and its ports. */
export function membershipAnnotations(settings: AlbSettings, listeners: AlbListeners, fail: Fail): { [key: string]: string } {
  if (settings.groupName !== undefined && !/^(?=.{1,63}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(settings.groupName)) {
    fail(`groupName must be at most 63 lower-case letters, digits, "-" and ".", got "${settings.groupName}"`);
  }
  if (settings.groupOrder !== undefined && settings.groupName === undefined) fail('groupOrder goes with groupName; give the group a name');
  checkRange('groupOrder', settings.groupOrder, -1000, 1000, fail);
  for (const arn of listeners.certificates) {
    const problem = certificateArnProblem(arn);
    if (problem) fail(problem);
  }
  const ports = [...(listeners.http ? [{ HTTP: HTTP_PORT }] : []), ...(listeners.https ? [{ HTTPS: HTTPS_PORT }] : [])];
  return annotationsOf(ALB_PREFIX, {
    'group.name': settings.groupName,
    'group.order': settings.groupOrder?.toString(),
    'listen-ports': JSON.stringify(ports),
    'certificate-arn': listeners.certificates.length > 0 ? listValue('certificates', listeners.certificates, fail) : undefined,
  });
}

/** Annotations of the target groups: each Ingress has its own. */
export function targetAnnotations(
  settings: AlbSettings, version: AlbProtocolVersion | undefined, check: AlbHealthCheck | undefined, fail: Fail,
): { [key: string]: string } {
  checkRange('deregistrationDelay', settings.deregistrationDelay?.toSeconds(), 0, 3600, fail);
  const attributes = {
    ...settings.targetGroupAttributes,
    ...(settings.deregistrationDelay && { 'deregistration_delay.timeout_seconds': String(settings.deregistrationDelay.toSeconds()) }),
  };
  if (check) checkHealthCheck(check, version, fail);
  return annotationsOf(ALB_PREFIX, {
    'target-type': settings.targetType ?? AlbTargetType.IP,
    'backend-protocol': settings.backendProtocol ?? AlbBackendProtocol.HTTP,
    'backend-protocol-version': version === AlbProtocolVersion.HTTP1 ? undefined : version,
    'target-group-attributes': mapValue('target group attributes', attributes, fail),
    'healthcheck-path': check?.path,
    'healthcheck-port': check?.port?.toString(),
    'healthcheck-protocol': check?.protocol,
    'healthcheck-interval-seconds': check?.interval?.toSeconds().toString(),
    'healthcheck-timeout-seconds': check?.timeout?.toSeconds().toString(),
    'healthy-threshold-count': check?.healthyThreshold?.toString(),
    'unhealthy-threshold-count': check?.unhealthyThreshold?.toString(),
    'success-codes': check?.successCodes,
  });
}

function checkLoadBalancer(settings: AlbSettings, listeners: AlbListeners, fail: Fail): void {
  const { loadBalancerName: name, webAcl, sslPolicy, inboundCidrs } = settings;
  if (name !== undefined && !/^(?!internal-)(?=.{1,32}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(name)) {
    fail(`loadBalancerName must be at most 32 letters, digits and "-", not beginning with "internal-", got "${name}"`);
  }
  if (webAcl !== undefined) {
    const problem = webAclArnProblem(webAcl);
    if (problem) fail(problem);
    const elsewhere = listeners.certificates.find((arn) => regionOfArn(arn) !== undefined && regionOfArn(arn) !== regionOfArn(webAcl));
    if (elsewhere) fail(`web ACL and certificate must be of one region, got ${regionOfArn(webAcl)} and ${regionOfArn(elsewhere)}`);
  }
  if (sslPolicy !== undefined && !/^ELBSecurityPolicy-[A-Za-z0-9-]+$/.test(sslPolicy)) {
    fail(`sslPolicy is the name of a policy, such as "${MODERN_POLICY}", got "${sslPolicy}"`);
  }
  if (inboundCidrs !== undefined && settings.securityGroups !== undefined) {
    fail('inboundCidrs have no effect with securityGroups; open the security groups instead, or leave securityGroups out');
  }
  for (const cidr of inboundCidrs ?? []) {
    const problem = cidrProblem(cidr);
    if (problem) fail(`inboundCidrs: ${problem}`);
  }
  checkRange('idleTimeout in seconds', settings.idleTimeout?.toSeconds(), 1, 4000, fail);
  if (settings.accessLogs?.bucket === '') fail('accessLogs: bucket must not be empty');
}

function checkHealthCheck(check: AlbHealthCheck, version: AlbProtocolVersion | undefined, fail: Fail): void {
  if (typeof check.port === 'number') {
    const problem = portProblem(check.port, 'health check port');
    if (problem) fail(problem);
  }
  if (check.path !== undefined && !check.path.startsWith('/')) fail(`health check path must begin with "/", got "${check.path}"`);
  checkRange('health check interval in seconds', check.interval?.toSeconds(), 5, 300, fail);
  checkRange('health check timeout in seconds', check.timeout?.toSeconds(), 2, 120, fail);
  checkRange('healthyThreshold', check.healthyThreshold, 2, 10, fail);
  checkRange('unhealthyThreshold', check.unhealthyThreshold, 2, 10, fail);
  const [interval, timeout] = [check.interval?.toSeconds() ?? 15, check.timeout?.toSeconds() ?? 5];
  if (timeout >= interval) fail(`health check timeout must be shorter than the interval, got ${timeout} s and ${interval} s`);
  if (version === AlbProtocolVersion.GRPC && check.successCodes !== undefined && /[1-9]\d\d/.test(check.successCodes)) {
    fail(`a gRPC target group answers with codes from 0 to 99, got successCodes "${check.successCodes}"`);
  }
}
