import { originOf, resolveDestination, toService } from './destinations';
import { fullHost, hostWithin, mostSpecific } from './hosts';
import { alias, Outbound } from './outbound';
import { IstioService } from './registry';
import { aliases, hasAddress } from './sidecar-scope';
import { Action, Destination } from '../../network/action';
import { origin } from '../../network/origin';
import { Request } from '../../network/request';
import { isRecord, listOf, recordsOf } from '../../read/objects';

function serviceByAddress(request: Request, services: readonly IstioService[], namespace: string): IstioService | undefined {
  const names = (service: IstioService) => aliases(service, namespace);
  return services.find((service) => names(service).includes(request.hostName))
    ?? mostSpecific(request.hostName, services.flatMap((service) => names(service).filter((name) => name.startsWith('*')).map((name) => ({ service, name }))), (each) => each.name)?.service;
}

/** TLS that the client speaks itself: by server name, or by the address of the service. */
export function tlsAction(request: Request, services: readonly IstioService[], outbound: Outbound): Action {
  const { context, scope, workload } = outbound;
  const { port, proxy, registry, options } = context;
  const domain = options.clusterDomain ?? 'cluster.local';
  const name = request.sni ?? request.hostName;
  for (const object of scope.virtualServices) {
    const hosts = listOf(object.spec.hosts).map((host) => fullHost(String(host), object.namespace, domain));
    for (const [i, entry] of listOf(object.spec.tls).entries()) {
      for (const match of recordsOf(entry?.match)) {
        if (match.port !== undefined && match.port !== port) continue;
        if (isRecord(match.sourceLabels) && !Object.entries(match.sourceLabels).every(([key, value]) => proxy.labels[key] === value)) continue;
        if (!listOf(match.sniHosts).some((host) => hostWithin(name, String(host))) || !hosts.some((host) => hostWithin(name, host))) continue;
        const at = { object: object.ref, at: `spec.tls[${i}]` };
        const routes = recordsOf(entry.route);
        if (routes.length === 0) continue;
        return {
          kind: 'forward',
          targets: routes.map((route) => ({
            origin: at,
            weight: routes.length === 1 ? 1 : route.weight ?? 0,
            transforms: [],
            destination: raw(resolveDestination(route.destination, object.namespace, port, proxy, registry, options).destination),
          })),
        };
      }
    }
  }
  const service = serviceByAddress(request, services, workload.namespace);
  if (!service) return elsewhere(request, services, outbound);
  const target = service.service?.externalName === undefined ? toService(service, port, undefined, proxy, registry) : alias(service, context);
  return { kind: 'forward', targets: [{ origin: originOf(service), weight: 1, destination: raw(target.destination), transforms: [] }] };
}

// The client's own TLS goes through as it is; what fails closes the connection.
function raw(destination: Destination): Destination {
  if (destination.kind === 'service') return { ...destination, tls: undefined, missing: 'refuse', empty: 'refuse' };
  return destination.kind === 'answer' ? { ...destination, failure: 'refuse' } : destination;
}

/** Where a request goes that no virtual host takes: to a service by its address, else where the client's DNS leads, or nowhere. */
export function elsewhere(request: Request, services: readonly IstioService[], outbound: Outbound): Action {
  const { context, scope, workload, cluster } = outbound;
  const { port, proxy, registry, options } = context;
  const here = origin(workload.ref);
  const domain = options.clusterDomain ?? 'cluster.local';
  const service = serviceByAddress(request, services, workload.namespace);
  if (service) {
    const { destination } = toService(service, port, undefined, proxy, registry);
    return { kind: 'forward', targets: [{ origin: here, weight: 1, destination, transforms: [] }] };
  }
  const protocolOf = (each: IstioService) => each.ports.find((one) => one.number === port)?.protocol;
  // Without an address of its own, a service of bytes takes every connection to its port.
  const catching = services.find((each) => !hasAddress(each) && each.service?.externalName === undefined
    && (protocolOf(each) === 'tcp' || (protocolOf(each) === undefined && request.tls)));
  if (catching) {
    const { destination } = toService(catching, port, undefined, proxy, registry);
    return {
      kind: 'assume',
      assumption: `sidecars give ${originOf(catching).object} no address of its own, so that it takes every connection to port ${port}`,
      then: { kind: 'forward', targets: [{ origin: originOf(catching), weight: 1, destination: raw(destination), transforms: [] }] },
    };
  }
  if (scope.mode === 'REGISTRY_ONLY') {
    const readsHttp = services.some((each) => protocolOf(each) === 'http' || (protocolOf(each) === undefined && !hasAddress(each)));
    const answer: Action = { kind: 'respond', status: 502, why: `answers 502: ${request.hostName} is not in the registry` };
    const refuse: Action = { kind: 'refuse', why: `closes the connection: ${request.hostName} is not in the registry` };
    if (request.tls) return refuse;
    if (readsHttp) return answer;
    // Only where some service has HTTP on the port does the sidecar read requests to it.
    if (services.length > 0 || options.complete || !scope.open) return refuse;
    return { kind: 'assume', assumption: `some service of the mesh has HTTP on port ${port}`, then: answer };
  }
  const parts = request.hostName.replace(`.svc.${domain}`, '').replace(/\.svc$/, '').split('.');
  const [name, namespace = workload.namespace] = parts;
  const inside = parts.length <= 2 && (cluster.service(namespace, name) !== undefined || request.hostName.endsWith(`.svc.${domain}`));
  const destination: Destination = inside
    ? { kind: 'service', namespace, name, port, missing: 'refuse', empty: 'refuse' }
    : { kind: 'end', destination: { kind: 'Host', name: request.hostName, port } };
  return { kind: 'forward', targets: [{ origin: here, weight: 1, destination, transforms: [] }] };
}
