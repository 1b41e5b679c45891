import { Cluster, labelSelectorMatches, Workload } from '../../cluster';
import { TrafficModelOptions } from '../../options';
import { ReadObject } from '../../read/objects';

export const GROUP = 'appmesh.k8s.aws';

/** The mesh of a namespace's objects, or why there is none: then the API server refuses them. */
export type Membership = { readonly mesh: ReadObject; readonly assumption?: string } | { readonly problem: string; readonly assumption?: string };

/** Meshes take objects by the labels of their namespace, when they are created; exactly one has to. */
export function meshOf(object: ReadObject, cluster: Cluster, options: TrafficModelOptions): Membership {
  const joined = object.spec.meshRef?.name;
  const named = typeof joined === 'string' ? cluster.find(GROUP, 'Mesh', '', joined) : undefined;
  if (named) return { mesh: named };
  const { namespace } = object;
  const labels = cluster.namespaceLabels(namespace);
  const found = cluster.all(GROUP, 'Mesh').filter((mesh) => labelSelectorMatches(mesh.spec.namespaceSelector, labels ?? { 'kubernetes.io/metadata.name': namespace }));
  const guess = labels === undefined ? `Namespace/${namespace}, which is not in the input, has no labels of its own` : undefined;
  if (found.length === 1) return { mesh: found[0], assumption: options.complete ? undefined : guess };
  const problem = found.length === 0 ? `no mesh takes namespace ${namespace}` : `${found.map((each) => each.ref).join(' and ')} both take namespace ${namespace}`;
  const absent = guess ?? 'no Mesh but those in the input takes it';
  return { problem: `${object.ref} is refused: ${problem}`, assumption: options.complete || found.length > 1 ? undefined : `${absent}` };
}

/** The gateways that take a route, by the labels of its namespace and its own; exactly one is needed. */
export function gatewaysOf(route: ReadObject, cluster: Cluster): ReadObject[] {
  const joined = route.spec.virtualGatewayRef?.name;
  const named = typeof joined === 'string' ? cluster.find(GROUP, 'VirtualGateway', route.spec.virtualGatewayRef.namespace || route.namespace, joined) : undefined;
  if (named) return [named];
  const labels = cluster.namespaceLabels(route.namespace) ?? { 'kubernetes.io/metadata.name': route.namespace };
  return cluster.all(GROUP, 'VirtualGateway').filter((gateway) => labelSelectorMatches(gateway.spec.namespaceSelector, labels)
    && (gateway.spec.gatewayRouteSelector === undefined || labelSelectorMatches(gateway.spec.gatewayRouteSelector, route.labels)));
}

/** The VirtualNodes or VirtualGateways that select a workload's pods. */
export function selecting(kind: 'VirtualNode' | 'VirtualGateway', workload: Workload, cluster: Cluster): ReadObject[] {
  return cluster.all(GROUP, kind)
    .filter((object) => object.namespace === workload.namespace && labelSelectorMatches(object.spec.podSelector, workload.podLabels));
}

/** What the injector does with the pods of a workload: it puts an Envoy beside them, lets them be, or refuses them. */
export type Injection = { readonly kind: 'node' | 'gateway'; readonly by: ReadObject } | { readonly kind: 'none' } | { readonly kind: 'refused'; readonly why: string };

export function injectionOf(workload: Workload, cluster: Cluster): Injection {
  const key = 'appmesh.k8s.aws/sidecarInjectorWebhook';
  const onNamespace = cluster.namespaceLabels(workload.namespace)?.[key];
  if (onNamespace !== 'enabled' && onNamespace !== 'disabled') return { kind: 'none' };
  const mode = workload.podAnnotations[key] ?? onNamespace;
  if (mode === 'disabled') return { kind: 'none' };
  const [nodes, gateways] = [selecting('VirtualNode', workload, cluster), selecting('VirtualGateway', workload, cluster)];
  const all = [...nodes, ...gateways];
  if (all.length > 1) return { kind: 'refused', why: `the pods are refused: ${all.map((each) => each.ref).join(' and ')} both select them` };
  if (all.length === 0) return mode === 'enabled' ? { kind: 'refused', why: 'the pods are refused: no VirtualNode or VirtualGateway selects them, and injection is enabled' } : { kind: 'none' };
  return { kind: nodes.length > 0 ? 'node' : 'gateway', by: all[0] };
}

/** What a reference names; its namespace is that of the object that refers. */
export function referenced(reference: any, from: string): { namespace: string; name: string } | undefined {
  return reference?.name ? { namespace: reference.namespace || from, name: reference.name } : undefined;
}

/** The host that clients call a VirtualService by. */
export function awsNameOf(service: ReadObject): string {
  return service.spec.awsName ?? `${service.name}.${service.namespace}`;
}
