import { Workload } from '../cluster';
import { Hop } from '../network/hop';
import { SystemInput } from '../network/network';
import { origin } from '../network/origin';
import { authorization, isStrict } from './istio/authorization';
import { GatewayPods } from './istio/gateway';
import { readIngresses } from './istio/ingress';
import { MeshRoutes } from './istio/outbound';
import { hasSidecar, isGatewayPod, Registry } from './istio/registry';
import { gatewaysOf } from './istio/servers';
import { sidecarOutbound } from './istio/sidecar';

/** Istio: gateway pods with the Gateways that configure them, and sidecars on both ends of a request. */
export function istio({ cluster, options, network }: SystemInput, meshRoutes: MeshRoutes = () => undefined): void {
  const registry = new Registry(cluster, options);
  const ingresses = readIngresses(cluster, options);
  const gateways = new Map<string, Hop | undefined>();
  const gatewayHop = (workload: Workload): Hop | undefined => {
    if (!gateways.has(workload.ref)) {
      const configuring = isGatewayPod(workload) ? gatewaysOf(workload, cluster, options, ingresses.gateways) : [];
      const pods = new GatewayPods(workload, cluster, options, registry, configuring, ingresses);
      const here = origin(workload.ref);
      gateways.set(workload.ref, configuring.length === 0 && !isGatewayPod(workload) ? undefined : {
        origin: here,
        title: `Istio gateway ${workload.ref}`,
        listener: (port) => pods.listener(port),
        ports: () => pods.ports(),
        hosts: (port) => pods.hosts(port),
      });
    }
    return gateways.get(workload.ref);
  };
  network.onPods((workload, port) => (port === 15021 ? undefined : gatewayHop(workload)));
  const inbound = new Map<string, Hop | undefined>();
  network.onPods((workload, port) => {
    if (!hasSidecar(workload, cluster)) return undefined;
    const key = `${workload.ref}:${port}`;
    if (!inbound.has(key)) inbound.set(key, inboundHop(workload, port));
    return inbound.get(key);
  });
  const outbound = new Map<string, Hop>();
  network.onOutbound((workload) => {
    if (!hasSidecar(workload, cluster)) return undefined;
    let hop = outbound.get(workload.ref);
    if (!hop) outbound.set(workload.ref, hop = sidecarOutbound(workload, cluster, options, registry, meshRoutes));
    return hop;
  });

  function inMesh(ref: string | undefined): boolean {
    const sender = ref === undefined ? undefined : cluster.workload(ref);
    return sender !== undefined && (isGatewayPod(sender) || hasSidecar(sender, cluster));
  }

  function inboundHop(workload: Workload, port: number): Hop | undefined {
    const peer = isStrict(workload, port, cluster, options);
    const filters = authorization(workload, port, cluster, options);
    if (filters.length === 0 && !peer.strict) return undefined;
    const here = origin(workload.ref);
    const plaintext = { refuse: `closes the connection: ${peer.by?.ref} asks for mutual TLS, and the sender is not in the mesh`, origin: origin(peer.by?.ref ?? workload.ref, 'spec.mtls') };
    if (peer.strict) filters.unshift({ check: (request) => (inMesh(request.source.workload) ? undefined : plaintext) });
    const action = { kind: 'forward', targets: [{ origin: here, weight: 1, destination: { kind: 'through' }, transforms: [] }] } as const;
    return {
      origin: here,
      title: `sidecar of ${workload.ref}`,
      ports: () => [port],
      listener: () => ({
        origin: here,
        chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', filters, answers: true, action } })),
      }),
    };
  }
}
