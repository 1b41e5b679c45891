import { Workload } from '../cluster';
import { gatewayHop, routesByGateway } from './appmesh/gateways';
import { listenerPorts } from './appmesh/matches';
import { GROUP, Injection, injectionOf, selecting } from './appmesh/membership';
import { VirtualServices } from './appmesh/services';
import { inboundHop, outboundHop } from './appmesh/sidecars';
import { Hop } from '../network/hop';
import { SystemInput } from '../network/network';
import { origin } from '../network/origin';
import { ReadObject } from '../read/objects';

/** App Mesh: virtual gateways with their routes, and the Envoys beside the pods of virtual nodes. */
export function appMesh({ cluster, options, network }: SystemInput): void {
  if (cluster.all(GROUP, 'VirtualGateway').length + cluster.all(GROUP, 'VirtualNode').length === 0) return;
  const services = new VirtualServices(cluster, options);
  const routes = routesByGateway(cluster, options);
  const gateways = new Map<string, Hop>();
  for (const gateway of cluster.all(GROUP, 'VirtualGateway')) {
    const hop = gatewayHop(gateway, routes.get(gateway.ref) ?? [], cluster, options, services);
    gateways.set(gateway.ref, hop);
    network.addEntry({ ref: gateway.ref, hop, outermost: false });
  }
  const injections = new Map<string, Injection>();
  const injection = (workload: Workload): Injection => {
    let found = injections.get(workload.ref);
    if (!found) injections.set(workload.ref, found = injectionOf(workload, cluster));
    return found;
  };
  network.onPods((workload, port) => {
    const found = injection(workload);
    switch (found.kind) {
      case 'none': return selectedGateway(workload, port);
      case 'refused': return refusedPods(workload, found.why);
      case 'gateway': return gatewayPods(found.by, workload, port);
      case 'node': return inboundHop(found.by, workload, port);
    }
  });
  const outbound = new Map<string, Hop>();
  network.onOutbound((workload) => {
    const found = injection(workload);
    if (found.kind !== 'node') return undefined;
    let hop = outbound.get(workload.ref);
    if (!hop) outbound.set(workload.ref, hop = outboundHop(found.by, workload, cluster, options, services));
    return hop;
  });

  // An Envoy that a pod template brings itself needs no injector to be a gateway's.
  function selectedGateway(workload: Workload, port: number): Hop | undefined {
    const [gateway] = selecting('VirtualGateway', workload, cluster);
    return gateway && gatewayPods(gateway, workload, port);
  }

  // What no container declares is no port of the Envoy either.
  function gatewayPods(gateway: ReadObject, workload: Workload, port: number): Hop | undefined {
    if (listenerPorts(gateway.spec).some((listener) => listener.port === port)) return gateways.get(gateway.ref);
    if (workload.ports.some((declared) => declared.number === port)) return undefined;
    return refusedPods(workload, `nothing listens on port ${port}: ${gateway.ref} has no such listener, and no container declares it`);
  }
}

function refusedPods(workload: Workload, why: string): Hop {
  const here = origin(workload.ref);
  const listener = () => ({ origin: here, chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp' as const, action: { kind: 'refuse' as const, why } } })) });
  return { origin: here, title: `pods of ${workload.ref}`, listener, ports: () => [] };
}
