import { Cluster, labelSelectorMatches, Workload } from '../../cluster';
import { ReadObject } from '../../read/objects';

export const GROUP = 'appmesh.k8s.aws';

/** The meshes whose selector takes a namespace's labels; exactly one is needed. */
export function meshesOf(namespace: string, cluster: Cluster): ReadObject[] {
  const labels = cluster.namespaceLabels(namespace);
  return labels === undefined ? [] : cluster.all(GROUP, 'Mesh').filter((mesh) => labelSelectorMatches(mesh.spec.namespaceSelector, labels));
}

/** The gateways that take a route, by the labels of its namespace and its own; exactly one is needed. */
export function gatewaysOf(route: ReadObject, cluster: Cluster): ReadObject[] {
  const labels = cluster.namespaceLabels(route.namespace) ?? {};
  return cluster.all(GROUP, 'VirtualGateway').filter((gateway) => labelSelectorMatches(gateway.spec.namespaceSelector, labels)
    && (gateway.spec.gatewayRouteSelector === undefined || labelSelectorMatches(gateway.spec.gatewayRouteSelector, route.labels)));
}

/** The VirtualNodes or VirtualGateways that select a workload's pods. */
export function selecting(kind: 'VirtualNode' | 'VirtualGateway', workload: Workload, cluster: Cluster): ReadObject[] {
  return cluster.all(GROUP, kind).filter((object) => object.namespace === workload.namespace && labelSelectorMatches(object.spec.podSelector, workload.podLabels));
}

/** Whether the injector puts an Envoy beside the pods of a workload. */
export function isInjected(workload: Workload, cluster: Cluster): boolean {
  const key = 'appmesh.k8s.aws/sidecarInjectorWebhook';
  const onNamespace = cluster.namespaceLabels(workload.namespace)?.[key];
  if (onNamespace !== 'enabled' && onNamespace !== 'disabled') return false;
  return (workload.podAnnotations[key] ?? onNamespace) === 'enabled';
}

/** What a reference names; its namespace is that of the object that refers. */
export function referenced(reference: any, from: string): { namespace: string; name: string } | undefined {
  return reference?.name ? { namespace: reference.namespace || from, name: reference.name } : undefined;
}

/** The host that clients call a VirtualService by. */
export function awsNameOf(service: ReadObject): string {
  return service.spec.awsName ?? `${service.name}.${service.namespace}`;
}
