import { annotation } from './annotations';
import type { AlbFault } from './faults';
import { AlbGroup, AlbMember } from './groups';
import { origin, within } from '../../network/origin';

/** Settings of the load balancer on which all members of a group that make them have to agree, and where the class makes them. */
const COMMON: readonly (readonly [string, ((spec: any) => any)?])[] = [
  ['load-balancer-name', (spec) => spec.loadBalancerName], ['scheme', (spec) => spec.scheme], ['ip-address-type', (spec) => spec.ipAddressType],
  ['subnets', (spec) => spec.subnets?.ids], ['security-groups'], ['customer-owned-ipv4-pool'], ['ipam-ipv4-pool-id', (spec) => spec.ipamConfiguration?.ipv4IPAMPoolId],
  ['manage-backend-security-group-rules'], ['wafv2-acl-arn', (spec) => spec.wafv2AclArn], ['wafv2-acl-name', (spec) => spec.wafv2AclName], ['waf-acl-id'], ['shield-advanced-protection'],
  ['minimum-load-balancer-capacity'],
];
const WITHOUT_ORDER = ['subnets'];

/** Settings that members of a group contradict each other in; any keeps the whole group from being built. */
export function conflicts(group: AlbGroup): AlbFault[] {
  return COMMON.flatMap(([key, ofClass]): AlbFault[] => {
    const values = new Map<string, AlbMember>();
    for (const member of group.members) {
      const value = (member.params && ofClass?.(member.params.spec)) ?? annotation(member.ingress, key);
      if (value === undefined) continue;
      const list = (Array.isArray(value) ? value.map(String) : String(value).split(',')).map((each) => each.trim());
      const text = (WITHOUT_ORDER.includes(key) ? list.sort() : list).join(',');
      if (!values.has(text)) values.set(text, member);
    }
    const [first, second] = values.keys();
    if (second === undefined) return [];
    const { ingress } = values.get(second)!;
    return [{ origin: within(origin(ingress.ref), 'metadata.annotations'), message: `${key} is ${second}, and ${first} for ${values.get(first)!.ingress.ref} of the same group` }];
  });
}
