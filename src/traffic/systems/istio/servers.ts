import { Cluster, hasLabels, Workload } from '../../cluster';
import { origin, Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject } from '../../read/objects';
import { targetPort } from '../kubernetes';
import { byCreation, creationDecides } from './registry';

/** A server of a Gateway on the port of the pods that it binds. */
export interface BoundServer {
  readonly gateway: ReadObject;
  readonly server: Record<string, any>;
  readonly at: Origin;
  readonly podPort: number;
}

/** The Services that a Gateway names itself, as those have that Istio makes from other APIs. */
const SERVICES = 'internal.istio.io/gateway-service';
const NO_TRANSLATION = 'experimental.istio.io/disable-gateway-port-translation';

/** The Gateways that configure the pods of a workload, older ones first. */
export function gatewaysOf(workload: Workload, cluster: Cluster, options: TrafficModelOptions, more: readonly ReadObject[] = []): ReadObject[] {
  return [...cluster.all('networking.istio.io', 'Gateway'), ...more]
    .filter((gateway) => !options.istio?.scopeGatewayToNamespace || gateway.namespace === workload.namespace)
    .filter((gateway) => {
      if (gateway.annotations[SERVICES] !== undefined) return namedServices(gateway, workload, cluster).length > 0;
      return !isRecord(gateway.spec.selector) || hasLabels(workload.podLabels, gateway.spec.selector as Record<string, string>);
    })
    .sort(byCreation);
}

function namedServices(gateway: ReadObject, workload: Workload, cluster: Cluster) {
  const names = gateway.annotations[SERVICES].split(',').map((each) => each.trim().split('.')[0]);
  return cluster.servicesOf(workload).filter((service) => service.namespace === gateway.namespace && names.includes(service.name));
}

/** Every server with the port that it binds: a Service's port is translated to what it targets, the first that has it decides. */
export function boundServers(workload: Workload, gateways: readonly ReadObject[], cluster: Cluster): BoundServer[] {
  const translating = cluster.servicesOf(workload).filter((service) => service.object.labels[NO_TRANSLATION] === undefined);
  return gateways.flatMap((gateway) => listOf(gateway.spec.servers).filter(isRecord).flatMap((server, i): BoundServer[] => {
    const number = server.port?.number;
    if (typeof number !== 'number' || isLocal(server.bind)) return [];
    const named = gateway.annotations[SERVICES] !== undefined;
    const services = named ? namedServices(gateway, workload, cluster) : translating;
    const targets = services.flatMap((service) => service.ports).filter((port) => port.port === number).map((port) => targetPort(port, workload) ?? number);
    // A Gateway that names its Services listens on their ports only; another takes the number as it is.
    const ports = named ? [...new Set(targets)] : [targets[0] ?? number];
    const at = within(origin(gateway.ref), `spec.servers[${i}]`);
    return ports.map((podPort) => ({ gateway, server, at, podPort }));
  }));
}

// What binds the loopback or a socket is not reached from outside the pod.
function isLocal(bind: any): boolean {
  return typeof bind === 'string' && /^(127\.|::1$|unix:)/.test(bind);
}

const HTTP = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY'];

/** What a server does with connections: `http`, `https` (TLS ends here), or `tcp`. */
export function serverClass(server: Record<string, any>): 'http' | 'https' | 'tcp' {
  const protocol = String(server.port?.protocol ?? '').toUpperCase();
  if (HTTP.includes(protocol)) return 'http';
  return protocol === 'HTTPS' && isRecord(server.tls) && !passesThrough(server) ? 'https' : 'tcp';
}

export function passesThrough(server: Record<string, any>): boolean {
  return isRecord(server.tls) && ['PASSTHROUGH', 'AUTO_PASSTHROUGH', undefined].includes(server.tls.mode);
}

/** The hosts of a server with the namespaces in full: `./host` names the Gateway's own, `*` in front any. */
export function plainHosts(bound: BoundServer): string[] {
  const hosts = listOf(bound.server.hosts).map(String);
  if (hosts.includes('*/*')) return ['*'];
  return hosts.map((host) => (host.startsWith('./') ? `${bound.gateway.namespace}/${host.slice(2)}` : host.replace(/^\*\//, '')));
}

/** The servers of one port that remain once those that contradict an earlier one are gone. */
export interface Merged {
  readonly kind: 'http' | 'tls' | 'tcp';
  readonly servers: readonly BoundServer[];
  readonly assumptions: readonly string[];
}

/** Servers of one port in the order of their Gateways: of two with a tls block and one host the later is dropped, and what speaks another protocol than the first. */
export function mergeServers(servers: readonly BoundServer[]): Merged | undefined {
  const assumptions = new Set<string>();
  const dropped = (later: BoundServer, earlier: BoundServer) => {
    if (creationDecides(earlier.gateway, later.gateway)) return;
    assumptions.add(`${earlier.gateway.ref} and ${later.gateway.ref} are created at the same time, so that their names decide which of them has port ${later.podPort}`);
  };
  const holders = new Map<string, BoundServer>();
  const kept: BoundServer[] = [];
  for (const each of servers) {
    if (isRecord(each.server.tls)) {
      const hosts = plainHosts(each);
      const holder = hosts.map((host) => holders.get(host)).find((one) => one !== undefined);
      if (holder) {
        dropped(each, holder);
        continue;
      }
      hosts.forEach((host) => holders.set(host, each));
    }
    const [first] = kept;
    if (first && !mergeable(first.server, each.server)) dropped(each, first);
    else kept.push(each);
  }
  return kept.length === 0 ? undefined : { kind: portKind(kept[0].server), servers: kept, assumptions: [...assumptions] };
}

function portKind(server: Record<string, any>): Merged['kind'] {
  if (serverClass(server) === 'http') return 'http';
  return isRecord(server.tls) ? 'tls' : 'tcp';
}

// HTTP in the clear goes with HTTP in the clear, TLS with TLS, and bytes in the clear with nothing.
function mergeable(first: Record<string, any>, later: Record<string, any>): boolean {
  return portKind(first) !== 'tcp' && portKind(first) === portKind(later);
}
