import { Cluster, Workload } from '../cluster';
import { Action, Policy } from '../network/action';
import { Chain, Hop, Listener } from '../network/hop';
import { SystemInput } from '../network/network';
import { Origin, origin } from '../network/origin';
import { TrafficModelOptions } from '../options';
import { isRecord, ReadObject, recordsOf } from '../read/objects';
import { GatewayListener, granted, GROUP, listenersOf } from './gateway-api/attachment';
import { httpHandling } from './gateway-api/http-listeners';
import { layer4 } from './gateway-api/layer4';
import { clusterServiceOf, targetPort } from './kubernetes';

/** Gateways of the Gateway API with the routes that attach to them. */
export function gatewayApi({ cluster, options, network }: SystemInput): void {
  const hops = new Map<string, Hop>();
  for (const gateway of cluster.all(GROUP, 'Gateway')) {
    const hop = gatewayHop(gateway, cluster, options);
    hops.set(`${gateway.namespace}/${gateway.name}`, hop);
    const waypoint = gateway.spec.gatewayClassName === 'istio-waypoint';
    network.addEntry({ ref: gateway.ref, hop, outermost: !waypoint && gateway.annotations['networking.istio.io/service-type'] !== 'ClusterIP' });
    if (gateway.spec.gatewayClassName === 'istio') {
      const name = gateway.annotations['gateway.istio.io/name-override'] ?? `${gateway.name}-istio`;
      network.onService((namespace, service) => (namespace === gateway.namespace && service === name ? hop : undefined));
    }
  }
  network.onPods((workload, port) => {
    const name = workload.podLabels['gateway.networking.k8s.io/gateway-name'];
    return name === undefined ? placed(workload, port) : hops.get(`${workload.namespace}/${name}`);
  });

  // A Gateway whose address is the name of a Service is served by the pods behind it, on the ports that it targets.
  const byService = new Map<string, Hop>();
  for (const gateway of cluster.all(GROUP, 'Gateway')) {
    for (const address of recordsOf(gateway.spec.addresses)) {
      const service = address.type === 'Hostname' ? clusterServiceOf(String(address.value ?? ''), options.clusterDomain ?? 'cluster.local') : undefined;
      if (service?.namespace === gateway.namespace) byService.set(`${service.namespace}/${service.name}`, hops.get(`${gateway.namespace}/${gateway.name}`)!);
    }
  }
  function placed(workload: Workload, port: number): Hop | undefined {
    if (byService.size === 0) return undefined;
    for (const service of cluster.servicesOf(workload)) {
      const hop = byService.get(`${service.namespace}/${service.name}`);
      const own = hop && service.ports.find((each) => targetPort(each, workload) === port && hop.listener(each.port) !== undefined);
      if (hop && own) return { ...hop, ports: () => [port], listener: () => hop.listener(own.port), hosts: () => hop.hosts!(own.port) };
    }
    return undefined;
  }
}

function gatewayHop(gateway: ReadObject, cluster: Cluster, options: TrafficModelOptions): Hop {
  const here = origin(gateway.ref);
  let read: readonly GatewayListener[] | undefined;
  const listeners = () => (read ??= listenersOf(gateway, cluster));
  const built = new Map<number, Listener | undefined>();
  return {
    origin: here,
    title: `Gateway ${gateway.namespace}/${gateway.name}`,
    ports: () => [...new Set(listeners().map((each) => each.port))],
    hosts: (port) => listeners().filter((each) => each.port === port).map((each) => each.hostname ?? '*'),
    listener: (port) => {
      if (!built.has(port)) built.set(port, buildListener(listeners().filter((each) => each.port === port), cluster, options, here));
      return built.get(port);
    },
  };
}

function buildListener(listeners: readonly GatewayListener[], cluster: Cluster, options: TrafficModelOptions, here: Origin): Listener | undefined {
  const chains: Chain[] = [];
  const clear = listeners.filter((each) => each.protocol === 'HTTP');
  if (clear.length > 0) chains.push({ origin: clear[0].at, tls: 'none', handling: { kind: 'http', http: httpHandling(clear, clear, cluster, options) } });
  const secure = listeners.filter((each) => each.protocol === 'HTTPS');
  for (const listener of listeners) {
    const serverNames = listener.hostname === undefined ? undefined : [listener.hostname];
    if (listener.protocol === 'HTTPS') {
      const problem = certificateProblem(listener, cluster, options);
      const action: Action | undefined = problem && { kind: 'refuse', why: `closes the connection: ${problem.why}` };
      chains.push({
        origin: listener.at,
        serverNames,
        tls: 'terminate',
        handling: action
          ? { kind: 'tcp', action: problem?.assumption ? { kind: 'assume', assumption: problem.assumption, then: action } : action }
          : { kind: 'http', policies: clientCertificate(listener), http: httpHandling([listener], secure, cluster, options) },
      });
    } else if (listener.protocol === 'TLS' || listener.protocol === 'TCP') {
      chains.push(...layer4(listener, cluster, options));
    }
  }
  return chains.length === 0 ? undefined : { origin: here, chains };
}

// A Secret of another namespace has to be granted, as Services are.
function certificateProblem(listener: GatewayListener, cluster: Cluster, options: TrafficModelOptions): { why: string; assumption?: string } | undefined {
  const references = recordsOf(listener.spec.tls?.certificateRefs);
  const problems = references.map((reference) => {
    if ((reference.kind ?? 'Secret') !== 'Secret' || (reference.group ?? '') !== '') return undefined;
    const namespace = reference.namespace ?? listener.owner.namespace;
    const from = { group: listener.owner.group, kind: listener.owner.kind, namespace: listener.owner.namespace };
    const secret = `Secret/${namespace}/${reference.name}`;
    if (!granted(from, { group: '', kind: 'Secret', namespace, name: String(reference.name) }, cluster)) {
      const why = `no ReferenceGrant of namespace ${namespace} lets ${listener.owner.ref} refer to ${secret}`;
      const open = !options.complete && cluster.all(GROUP, 'ReferenceGrant').every((grant) => grant.namespace !== namespace);
      return { why, assumption: open ? `${why} beside the input` : undefined };
    }
    return options.complete && !cluster.find('', 'Secret', namespace, String(reference.name)) ? { why: `${secret} does not exist` } : undefined;
  });
  return problems.length > 0 && problems.every((problem) => problem !== undefined) ? problems[0] : undefined;
}

function clientCertificate(listener: GatewayListener): Policy[] {
  const { frontend } = listener.gateway.spec.tls ?? {};
  const own = recordsOf(frontend?.perPort).find((each) => each.port === listener.port)?.tls ?? frontend?.default;
  return isRecord(own?.validation) && own!.validation.mode !== 'AllowInsecureFallback'
    ? [{ name: 'authentication', value: 'client certificate', origin: { object: listener.gateway.ref, at: 'spec.tls.frontend' } }]
    : [];
}
