import { annotationsOf, checkRange, cidrProblem, Fail, listValue, mapValue } from './annotation-values';
import { NlbScheme, NlbSettings, NlbTargetType } from './nlb-settings';

/** The class by which the AWS Load Balancer Controller, and no other, takes a Service. */
export const NLB_CLASS = 'service.k8s.aws/nlb';

const PREFIX = 'service.beta.kubernetes.io';

/** What is asked over HTTP to find out whether a target can serve. */
export interface NlbHealthCheck {
  /** The port of the targets. */
  readonly port: number;
  readonly path: string;
}

/**
 * The annotations of a Service that gets a Network Load Balancer of the AWS Load Balancer Controller. Scheme and target
 * type are always said: what they are when left out depends on who takes the Service.
 */
export function networkLoadBalancerAnnotations(settings: NlbSettings, check: NlbHealthCheck | undefined, fail: Fail): { [key: string]: string } {
  const scheme = settings.scheme ?? NlbScheme.INTERNAL;
  const targetType = settings.targetType ?? NlbTargetType.IP;
  checkSettings(settings, scheme, fail);
  return annotationsOf(PREFIX, {
    'aws-load-balancer-scheme': scheme,
    'aws-load-balancer-nlb-target-type': targetType,
    'aws-load-balancer-name': settings.loadBalancerName,
    'aws-load-balancer-subnets': listValue('subnets', settings.subnets, fail),
    'aws-load-balancer-eip-allocations': listValue('eipAllocations', settings.eipAllocations, fail),
    'aws-load-balancer-security-groups': listValue('securityGroups', settings.securityGroups, fail),
    // The controller stops opening the pods' security groups as soon as the load balancer has groups of its own.
    'aws-load-balancer-manage-backend-security-group-rules': settings.securityGroups && 'true',
    'load-balancer-source-ranges': listValue('sourceRanges', settings.sourceRanges, fail),
    'aws-load-balancer-attributes': mapValue('load balancer attributes', {
      ...settings.loadBalancerAttributes,
      ...(settings.crossZone !== undefined && { 'load_balancing.cross_zone.enabled': String(settings.crossZone) }),
    }, fail),
    'aws-load-balancer-target-group-attributes': mapValue('target group attributes', {
      ...settings.targetGroupAttributes,
      ...(settings.preserveClientIp !== undefined && { 'preserve_client_ip.enabled': String(settings.preserveClientIp) }),
      ...(settings.deregistrationDelay && { 'deregistration_delay.timeout_seconds': String(settings.deregistrationDelay.toSeconds()) }),
    }, fail),
    'aws-load-balancer-additional-resource-tags': mapValue('tags', settings.tags, fail),
    'aws-load-balancer-healthcheck-protocol': check && 'HTTP',
    'aws-load-balancer-healthcheck-port': check?.port.toString(),
    'aws-load-balancer-healthcheck-path': check?.path,
  });
}

function checkSettings(settings: NlbSettings, scheme: NlbScheme, fail: Fail): void {
  const { loadBalancerName: name, eipAllocations, subnets } = settings;
  if (name !== undefined && !/^(?!internal-)(?=.{1,32}$)[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(name)) {
    fail(`loadBalancerName must be at most 32 letters, digits and "-", not beginning with "internal-", got "${name}"`);
  }
  if (eipAllocations && scheme !== NlbScheme.INTERNET_FACING) fail('eipAllocations go with NlbScheme.INTERNET_FACING; the load balancer is internal');
  if (eipAllocations && subnets && eipAllocations.length !== subnets.length) {
    fail(`eipAllocations: one for each subnet, got ${eipAllocations.length} for ${subnets.length} subnets`);
  }
  if (settings.sourceRanges && settings.securityGroups) {
    fail('sourceRanges have no effect with securityGroups; open the security groups instead, or leave securityGroups out');
  }
  for (const cidr of settings.sourceRanges ?? []) {
    const problem = cidrProblem(cidr);
    if (problem) fail(`sourceRanges: ${problem}`);
  }
  checkRange('deregistrationDelay in seconds', settings.deregistrationDelay?.toSeconds(), 0, 3600, fail);
}
