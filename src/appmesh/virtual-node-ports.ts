import { Pods, selects } from './pods';
import { PortMapping } from './protocol';
import { ObservedService, ObservedServicePort } from '../platform/observed';

/**
 * Whether a node's listeners, its Service and its containers agree. Callers connect to the listener's port at the Service's
 * address, and the pods' Envoy takes only that port in: Service port, target port and listener port are one number.
 */
export function nodePortProblems(reference: string, mappings: PortMapping[], pods: Pods, service: ObservedService | undefined): string[] {
  const problems: string[] = [];
  const containerPorts = containerPortsOf(pods);
  if (service && mappings.length > 0) {
    const ports = service.ports;
    for (const { port } of mappings) {
      const found = ports.find((each) => each.port === port);
      if (!found) {
        problems.push(`${reference}: listens on ${port}, but ${service.reference} has the ports ${listOf(ports)}; callers connect to ${port} at its address`);
      } else {
        const target = targetOf(found, containerPorts);
        if (target !== undefined && target !== port) {
          problems.push(`${reference}: listens on ${port}, but ${service.reference} leads its port ${port} to ${target} of the pods, past their Envoy; ` +
            'make targetPort and listener the same');
        }
      }
    }
    const selector = service.selector;
    const sure = pods.labels === undefined || selects(selector, pods.workload?.podLabels ?? {}) ||
      Object.entries(pods.labels).every(([key, value]) => selector[key] === value);
    if (Object.keys(selector).length > 0 && !sure) {
      problems.push(`${reference}: is found through ${service.reference}, which selects ${labelsOf(selector)}, other pods than the node's (${labelsOf(pods.labels!)})`);
    }
  }
  const numbers = [...containerPorts.values()];
  if (numbers.length > 0) {
    for (const { port } of mappings) {
      if (!numbers.includes(port)) {
        problems.push(`${reference}: listens on ${port}, but the containers of ${pods.workload!.reference} declare ${numbers.join(', ')}`);
      }
    }
  }
  return problems;
}

/** The ports that a workload's containers declare, by name; those without one by number. */
export function containerPortsOf(pods: Pods): Map<string, number> {
  const ports = new Map<string, number>();
  for (const container of pods.workload?.podSpec.containers ?? []) {
    for (const port of container.ports ?? []) ports.set(port.name ?? String(port.containerPort), port.containerPort);
  }
  return ports;
}

function targetOf(port: ObservedServicePort, containerPorts: Map<string, number>): number | undefined {
  if (port.targetPort === undefined) return port.port;
  return typeof port.targetPort === 'number' ? port.targetPort : containerPorts.get(port.targetPort);
}

function listOf(ports: ObservedServicePort[]): string {
  return ports.map(({ port }) => port).join(', ') || 'none';
}

function labelsOf(labels: Record<string, string>): string {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(', ');
}
