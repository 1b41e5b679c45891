import { annotation } from './annotations';
import { Cluster, labelSelectorMatches } from '../../cluster';
import { ReadObject } from '../../read/objects';

/** The Ingresses that share a load balancer, in the controller's order. */
export interface AlbGroup {
  /** The group's name; of an Ingress on its own, `namespace/name`. */
  readonly name: string;
  readonly explicit: boolean;
  readonly members: readonly AlbMember[];
}

/** An Ingress with the parameters of its class. */
export interface AlbMember {
  readonly ingress: ReadObject;
  readonly order: number;
  readonly params?: ReadObject;
}

/** The IngressClass of an Ingress that the AWS Load Balancer Controller takes; undefined if it is somebody else's. */
export function albClass(ingress: ReadObject, cluster: Cluster): { ingressClass?: ReadObject } | undefined {
  const byAnnotation = ingress.annotations['kubernetes.io/ingress.class'];
  if (byAnnotation !== undefined) return byAnnotation === 'alb' ? {} : undefined;
  const name = ingress.spec.ingressClassName;
  const classes = cluster.all('networking.k8s.io', 'IngressClass');
  if (typeof name === 'string') {
    const ingressClass = classes.find((each) => each.name === name);
    // A class that the input lacks is taken by its usual name.
    if (!ingressClass) return name === 'alb' ? {} : undefined;
    return ingressClass.spec.controller === 'ingress.k8s.aws/alb' ? { ingressClass } : undefined;
  }
  const standard = classes.find((each) => each.annotations['ingressclass.kubernetes.io/is-default-class'] === 'true');
  return standard?.spec.controller === 'ingress.k8s.aws/alb' ? { ingressClass: standard } : undefined;
}

/** All ALB groups, by the reference of each member. */
export function readGroups(cluster: Cluster): AlbGroup[] {
  const groups = new Map<string, { explicit: boolean; members: AlbMember[] }>();
  for (const ingress of cluster.all('networking.k8s.io', 'Ingress')) {
    const found = albClass(ingress, cluster);
    if (!found) continue;
    const params = paramsOf(found.ingressClass, cluster);
    if (params?.spec.namespaceSelector && !labelSelectorMatches(params.spec.namespaceSelector, cluster.namespaceLabels(ingress.namespace) ?? {})) continue;
    const explicit = params?.spec.group?.name ?? annotation(ingress, 'group.name');
    const name = explicit ?? `${ingress.namespace}/${ingress.name}`;
    const order = Number(annotation(ingress, 'group.order') ?? 0);
    const group = groups.get(name) ?? { explicit: explicit !== undefined, members: [] };
    group.members.push({ ingress, order: Number.isInteger(order) ? order : 0, params });
    groups.set(name, group);
  }
  return [...groups].map(([name, group]) => ({ name, explicit: group.explicit, members: group.members.sort(byOrder) }));
}

function paramsOf(ingressClass: ReadObject | undefined, cluster: Cluster): ReadObject | undefined {
  const reference = ingressClass?.spec.parameters;
  return reference?.kind === 'IngressClassParams' ? cluster.find('elbv2.k8s.aws', 'IngressClassParams', '', reference.name) : undefined;
}

function byOrder(a: AlbMember, b: AlbMember): number {
  const names = [a, b].map(({ ingress }) => `${ingress.namespace}/${ingress.name}`);
  return a.order - b.order || (names[0] < names[1] ? -1 : 1);
}
