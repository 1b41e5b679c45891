import { listenerMode } from './client-tls';
import { clear } from './gateways';
import { listenerPorts } from './matches';
import { GROUP, meshOf, referenced } from './membership';
import { VirtualServices } from './services';
import { Cluster, Workload } from '../../cluster';
import { Action, Destination } from '../../network/action';
import { Chain, Hop, Listener } from '../../network/hop';
import { origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { TrafficModelOptions } from '../../options';
import { ReadObject, recordsOf } from '../../read/objects';
import { clusterServiceOf } from '../kubernetes';

/** What a pod of a node receives on the ports that its Envoy intercepts, the node's own: other ports are the application's. */
export function inboundHop(node: ReadObject, workload: Workload, port: number): Hop | undefined {
  const index = listenerPorts(node.spec).findIndex((each) => each.port === port);
  if (index < 0) return undefined;
  const here = origin(workload.ref);
  const at = within(origin(node.ref), `spec.listeners[${index}]`);
  const mode = listenerMode(recordsOf(node.spec.listeners)[index]);
  const action: Action = { kind: 'forward', targets: [{ origin: here, weight: 1, destination: { kind: 'through' }, transforms: [clear(at)] }] };
  const chain = (tls: Chain['tls']): Chain => ({ origin: at, tls, handling: { kind: 'tcp', action: tls === 'pass' ? { kind: 'forward', targets: [{ origin: here, weight: 1, destination: { kind: 'through' }, transforms: [] }] } : action } });
  const open = listenerPorts(node.spec)[index].protocol === 'tcp' ? [chain('none'), chain('pass')] : [chain('none')];
  const chains = mode === 'STRICT' ? [chain('terminate')] : mode === 'PERMISSIVE' ? [chain('terminate'), chain('none')] : open;
  return { origin: here, title: `Envoy of ${node.ref}`, listener: (number) => (number === port ? { origin: at, chains } : undefined), ports: () => [port] };
}

/** What a pod of a node sends: to its backends through the mesh, to others as the egress filter says. */
export function outboundHop(node: ReadObject, workload: Workload, cluster: Cluster, options: TrafficModelOptions, services: VirtualServices): Hop {
  const here = origin(node.ref);
  const backends = backendsOf(node, cluster, options);
  const member = meshOf(node, cluster, options);
  const mesh = 'mesh' in member ? member.mesh : undefined;
  const dropAll = mesh?.spec.egressFilter?.type !== 'ALLOW_ALL';
  const choose = (request: Request, port: number): Action => {
    const inMesh = services.byHost(request.hostName, backends, port, workload, node);
    if (inMesh) {
      const transforms = inMesh.tcp ? [] : [clear(here)];
      const then: Action = { kind: 'forward', targets: [{ origin: within(here, 'spec.backends'), weight: 1, destination: inMesh.destination, transforms }] };
      return inMesh.assumptions.reduce<Action>((action, assumption) => ({ kind: 'assume', assumption, then: action }), then);
    }
    if (dropAll && !request.hostName.endsWith('.amazonaws.com')) {
      return { kind: 'respond', status: 404, why: `answers 404: ${request.hostName} is no backend, and the mesh lets nothing else out` };
    }
    const then: Action = {
      kind: 'forward', targets: [{ origin: here, weight: 1, destination: unmeshed(request.hostName, port, workload, cluster, options), transforms: [] }],
    };
    return dropAll || !mesh ? then : {
      kind: 'explain', origin: origin(mesh.ref, 'spec.egressFilter'), does: `lets it out past the mesh: ${request.hostName} is no backend of ${node.ref}`, then,
    };
  };
  const listener = (port: number): Listener => ({
    origin: here,
    chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action: { kind: 'choose', choose: (request) => choose(request, port) } } })),
    assumptions: member.assumption ? [member.assumption] : [],
  });
  return { origin: here, title: `Envoy of ${node.ref}`, listener, ports: () => [] };
}

function unmeshed(host: string, port: number, workload: Workload, cluster: Cluster, options: TrafficModelOptions): Destination {
  const full = clusterServiceOf(host, options.clusterDomain ?? 'cluster.local');
  if (full) return { kind: 'service', ...full, port, missing: 'refuse', empty: 'refuse' };
  const parts = host.replace(/\.svc$/, '').split('.');
  const [name, namespace = workload.namespace] = parts;
  return parts.length <= 2 && cluster.service(namespace, name)
    ? { kind: 'service', namespace, name, port, missing: 'refuse', empty: 'refuse' }
    : { kind: 'end', destination: { kind: 'Host', name: host, port } };
}

function backendsOf(node: ReadObject, cluster: Cluster, options: TrafficModelOptions): ReadObject[] {
  const services: (ReadObject | undefined)[] = recordsOf(node.spec.backends).map((backend) => {
    const name = referenced(backend.virtualService?.virtualServiceRef, node.namespace);
    return name && cluster.find(GROUP, 'VirtualService', name.namespace, name.name);
  });
  if (options.appMesh?.backendGroups) {
    for (const group of recordsOf(node.spec.backendGroups)) {
      const namespace = group.namespace || node.namespace;
      if (group.name === '*') services.push(...cluster.all(GROUP, 'VirtualService').filter((each) => each.namespace === namespace));
      const object = cluster.find(GROUP, 'BackendGroup', namespace, group.name);
      for (const each of recordsOf(object?.spec.virtualservices)) services.push(cluster.find(GROUP, 'VirtualService', each.namespace || namespace, each.name));
    }
  }
  return services.filter((each): each is ReadObject => each !== undefined).sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
}
