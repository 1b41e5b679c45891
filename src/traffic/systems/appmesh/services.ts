import { listenerPorts, millis, routeMatch, routePart } from './matches';
import { Cluster } from '../../cluster';
import { Action, Destination, Policy, Target } from '../../network/action';
import { Hop } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { origin, Origin, within } from '../../network/origin';
import { Route, RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';
import { clusterServiceOf } from '../kubernetes';
import { awsNameOf, GROUP, referenced } from './membership';

/** Where a VirtualService leads: to a node, or through a router's routes. */
export class VirtualServices {
  private readonly hops = new Map<string, Hop>();

  public constructor(private readonly cluster: Cluster, private readonly options: TrafficModelOptions) {}

  /** The destination of a reference to a VirtualService, at a port if one is named. */
  public destination(reference: any, from: string, port?: number): Destination {
    const name = referenced(reference, from);
    if (!name) return { kind: 'unknown', why: 'the VirtualService is named by ARN only' };
    const service = this.cluster.find(GROUP, 'VirtualService', name.namespace, name.name);
    const ref = `VirtualService/${name.namespace}/${name.name}`;
    if (!service) return this.absent(ref, 404);
    const node = service.spec.provider?.virtualNode;
    const router = service.spec.provider?.virtualRouter;
    if (isRecord(node)) return this.node(node.virtualNodeRef, service.namespace, port);
    if (!isRecord(router)) return { kind: 'answer', failure: 404, why: `${ref} has no provider` };
    const target = referenced(router.virtualRouterRef, service.namespace);
    if (!target) return { kind: 'unknown', why: 'the VirtualRouter is named by ARN only' };
    const object = this.cluster.find(GROUP, 'VirtualRouter', target.namespace, target.name);
    if (!object) return this.absent(`VirtualRouter/${target.namespace}/${target.name}`, 404);
    const ports = listenerPorts(object.spec).map((listener) => listener.port);
    const chosen = port ?? (ports.length === 1 ? ports[0] : undefined);
    return chosen === undefined
      ? { kind: 'unknown', why: `${object.ref} has several listeners and no port is named` }
      : { kind: 'hop', hop: this.router(object), port: chosen };
  }

  /** A VirtualNode as a destination. */
  public node(reference: any, from: string, port?: number): Destination {
    const name = referenced(reference, from);
    if (!name) return { kind: 'unknown', why: 'the VirtualNode is named by ARN only' };
    const node = this.cluster.find(GROUP, 'VirtualNode', name.namespace, name.name);
    const ref = `VirtualNode/${name.namespace}/${name.name}`;
    if (!node) return this.absent(ref, 503);
    const ports = listenerPorts(node.spec).map((listener) => listener.port);
    if (port === undefined && ports.length > 1) return { kind: 'unknown', why: `${ref} has several listeners and no port is named` };
    const target = port ?? ports[0];
    if (target !== undefined && ports.length > 0 && !ports.includes(target)) return { kind: 'answer', failure: 503, why: `${ref} does not listen on port ${target}` };
    const end = { kind: 'VirtualNode', namespace: name.namespace, name: name.name, port: target };
    const hostname = node.spec.serviceDiscovery?.dns?.hostname;
    const service = typeof hostname === 'string' ? clusterServiceOf(hostname, this.options.clusterDomain ?? 'cluster.local') : undefined;
    const found = service && this.cluster.service(service.namespace, service.name);
    if (!service || target === undefined) return { kind: 'end', destination: end };
    const servicePort = found?.ports.find((each) => each.targetPort === target)?.port ?? target;
    return { kind: 'service', ...service, port: servicePort, missing: 503, empty: 503, as: end };
  }

  /** The hop that a VirtualRouter is: part of whatever Envoy asks it. */
  public router(object: ReadObject): Hop {
    let hop = this.hops.get(object.ref);
    if (hop) return hop;
    const here = origin(object.ref);
    hop = {
      origin: here,
      title: `VirtualRouter ${object.namespace}/${object.name}`,
      ports: () => listenerPorts(object.spec).map((listener) => listener.port),
      listener: (port) => {
        const listener = listenerPorts(object.spec).find((each) => each.port === port);
        if (!listener) return undefined;
        const routes = this.routes(object, listener);
        const noRoute = { status: 404, why: 'no route of the VirtualRouter takes the request' };
        const tcp = routes.find((route) => route.tcp);
        if (listener.protocol === 'tcp') {
          const action: Action = tcp?.route.action ?? { kind: 'refuse', why: 'has no TCP route' };
          return { origin: here, chains: (['none', 'pass'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action } })) };
        }
        const hosts = new HostTable({ wildcard: 'any' });
        hosts.add('*', { origin: here, routes: new RouteTable(routes.filter((route) => !route.tcp).map((route) => route.route), false), noRoute });
        return { origin: here, chains: [{ origin: here, tls: 'none', handling: { kind: 'http', http: { hosts, noHost: noRoute } } }] };
      },
    };
    this.hops.set(object.ref, hop);
    return hop;
  }

  private routes(router: ReadObject, listener: { port: number; protocol: string }): { route: Route; tcp: boolean }[] {
    return listOf(router.spec.routes).flatMap((entry, i) => {
      const part = routePart(entry);
      if (!part || part.kind !== listener.protocol) return [];
      const { kind, route } = part;
      if (route.match?.port !== undefined && route.match.port !== listener.port) return [];
      const at = within(origin(router.ref), `spec.routes[${i}]`);
      const result: Route = {
        origin: at,
        name: entry.name,
        match: routeMatch(kind, route.match),
        action: { kind: 'forward', targets: this.targets(router, route, within(at, part.at)) },
        transforms: [],
        policies: policies(route, within(at, part.at), kind),
        rank: { tier: entry.priority ?? 1001, block: i, index: 0 },
      };
      return [{ route: result, tcp: kind === 'tcp' }];
    });
  }

  private targets(router: ReadObject, route: Record<string, any>, at: Origin): Target[] {
    return recordsOf(route.action?.weightedTargets).map((target, i): Target => ({
      origin: within(at, `action.weightedTargets[${i}]`),
      weight: typeof target.weight === 'number' ? target.weight : 0,
      destination: this.node(target.virtualNodeRef, router.namespace, target.port),
      transforms: [],
    }));
  }

  /** The destination for a host that a client of the mesh writes. */
  public byHost(host: string, backends: readonly ReadObject[], port: number): Destination | undefined {
    const service = backends.find((each) => awsNameOf(each).toLowerCase() === host);
    return service && this.destination({ name: service.name, namespace: service.namespace }, service.namespace, port);
  }

  private absent(ref: string, status: number): Destination {
    return { kind: 'answer', failure: status, why: `${ref} does not exist`, assumption: this.options.complete ? undefined : `${ref}, which is not in the input, does not exist` };
  }
}

function policies(route: Record<string, any>, at: Origin, kind: string): Policy[] {
  const result: Policy[] = [];
  const perRequest = millis(route.timeout?.perRequest);
  if (kind !== 'tcp') result.push({ name: 'timeout', value: perRequest ?? '15s (default)', origin: within(at, 'timeout.perRequest') });
  const idle = millis(route.timeout?.idle);
  if (idle) result.push({ name: 'idleTimeout', value: idle, origin: within(at, 'timeout.idle') });
  const retry = route.retryPolicy;
  if (isRecord(retry)) {
    const events = [...listOf(retry.httpRetryEvents), ...listOf(retry.tcpRetryEvents), ...listOf(retry.grpcRetryEvents)].join(', ');
    result.push({ name: 'retries', value: `${retry.maxRetries} of ${millis(retry.perRetryTimeout)} each on ${events}`, origin: within(at, 'retryPolicy') });
  } else if (kind !== 'tcp') {
    result.push({ name: 'retries', value: '2 (default) on 503, connect-failure, refused-stream, reset', origin: at });
  }
  return result;
}
