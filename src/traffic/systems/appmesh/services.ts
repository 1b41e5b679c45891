import { listenerPorts, millis, routeMatch, routePart } from './matches';
import { Cluster, ClusterServicePort, Workload } from '../../cluster';
import { Action, Destination, Policy, Target } from '../../network/action';
import { Hop } from '../../network/hop';
import { HostTable } from '../../network/host-table';
import { origin, Origin, within } from '../../network/origin';
import { Route, RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';
import { clusterServiceOf, targetPort } from '../kubernetes';
import { insistsOnTls, listenerMode, MeshClient, speaksTlsTo } from './client-tls';
import { awsNameOf, GROUP, meshOf, referenced } from './membership';

/** Where a VirtualService leads: to a node, or through a router's routes. */
export class VirtualServices {
  private readonly hops = new Map<string, Hop>();

  public constructor(private readonly cluster: Cluster, private readonly options: TrafficModelOptions) {}

  /** The destination of a reference to a VirtualService, at a port if one is named. */
  public destination(reference: any, from: string, port: number | undefined, client: MeshClient): Destination {
    const name = referenced(reference, from);
    if (!name) return { kind: 'unknown', why: 'the VirtualService is named by ARN only' };
    const service = this.cluster.find(GROUP, 'VirtualService', name.namespace, name.name);
    const ref = `VirtualService/${name.namespace}/${name.name}`;
    if (!service) return this.absent(ref, 404);
    const refused = this.refused(service, 404);
    if (refused) return refused;
    const node = service.spec.provider?.virtualNode;
    const router = service.spec.provider?.virtualRouter;
    if (isRecord(node)) return this.node(node.virtualNodeRef, service.namespace, port, client);
    if (!isRecord(router)) return { kind: 'answer', failure: 404, why: `${ref} has no provider` };
    const target = referenced(router.virtualRouterRef, service.namespace);
    if (!target) return { kind: 'unknown', why: 'the VirtualRouter is named by ARN only' };
    const object = this.cluster.find(GROUP, 'VirtualRouter', target.namespace, target.name);
    if (!object) return this.absent(`VirtualRouter/${target.namespace}/${target.name}`, 404);
    const ports = listenerPorts(object.spec).map((listener) => listener.port);
    const chosen = port ?? (ports.length === 1 ? ports[0] : undefined);
    return this.refused(object, 404) ?? (chosen === undefined
      ? { kind: 'unknown', why: `${object.ref} has several listeners and no port is named` }
      : { kind: 'hop', hop: this.router(object, client), port: chosen });
  }

  /** A VirtualNode as a destination. */
  public node(reference: any, from: string, port: number | undefined, client: MeshClient): Destination {
    const name = referenced(reference, from);
    if (!name) return { kind: 'unknown', why: 'the VirtualNode is named by ARN only' };
    const node = this.cluster.find(GROUP, 'VirtualNode', name.namespace, name.name);
    const ref = `VirtualNode/${name.namespace}/${name.name}`;
    if (!node) return this.absent(ref, 503);
    const refused = this.refused(node, 503);
    if (refused) return refused;
    const ports = listenerPorts(node.spec).map((listener) => listener.port);
    if (port === undefined && ports.length > 1) return { kind: 'unknown', why: `${ref} has several listeners and no port is named` };
    const target = port ?? ports[0];
    if (target !== undefined && ports.length > 0 && !ports.includes(target)) return { kind: 'answer', failure: 503, why: `${ref} does not listen on port ${target}` };
    const mode = listenerMode(recordsOf(node.spec.listeners)[ports.indexOf(target)]);
    if (mode === 'DISABLED' && insistsOnTls(client, target)) {
      return { kind: 'answer', failure: 503, why: `${client.object.ref} insists on TLS, and ${ref} has none on port ${target}` };
    }
    return this.pods(node, target, speaksTlsTo(mode, client), mode);
  }

  private pods(node: ReadObject, target: number | undefined, tls: boolean, mode: string): Destination {
    const end = { kind: 'VirtualNode', namespace: node.namespace, name: node.name, port: target };
    const hostname = node.spec.serviceDiscovery?.dns?.hostname;
    const name = typeof hostname === 'string' ? clusterServiceOf(hostname, this.options.clusterDomain ?? 'cluster.local') : undefined;
    if (!name || target === undefined) return { kind: 'end', destination: end };
    const service = this.cluster.service(name.namespace, name.name);
    const workloads = service ? this.cluster.behind(service) : [];
    const leads = (port: ClusterServicePort) => (workloads.length > 0
      ? workloads.some((workload) => targetPort(port, workload) === target)
      : (port.targetPort ?? port.port) === target);
    const port = service?.ports.find(leads)?.port;
    if (service && port === undefined && workloads.length > 0 && !service.headless) {
      return { kind: 'answer', failure: 503, why: `no port of ${service.ref} leads to port ${target}, on which VirtualNode/${node.namespace}/${node.name} listens` };
    }
    // Pods without an Envoy take the bytes as they are: TLS is the Envoys' affair.
    return { kind: 'service', ...name, port: port ?? target, missing: 503, empty: 503, tls: mode === 'DISABLED' ? undefined : tls, as: end };
  }

  /** The hop that a VirtualRouter is: part of whatever Envoy asks it. */
  public router(object: ReadObject, client: MeshClient): Hop {
    const key = `${object.ref} ${client.object.ref} ${client.backend ?? ''}`;
    let hop = this.hops.get(key);
    if (hop) return hop;
    const here = origin(object.ref);
    hop = {
      origin: here,
      title: `VirtualRouter ${object.namespace}/${object.name}`,
      ports: () => listenerPorts(object.spec).map((listener) => listener.port),
      listener: (port) => {
        const listener = listenerPorts(object.spec).find((each) => each.port === port);
        if (!listener) return undefined;
        const routes = this.routes(object, listener, client);
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
    this.hops.set(key, hop);
    return hop;
  }

  private routes(router: ReadObject, listener: { port: number; protocol: string }, client: MeshClient): { route: Route; tcp: boolean }[] {
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
        action: this.split(router, route, within(at, part.at), listener, client),
        transforms: [],
        policies: policies(route, within(at, part.at), kind),
        rank: { tier: entry.priority ?? 1001, block: i, index: 0 },
      };
      return [{ route: result, tcp: kind === 'tcp' }];
    });
  }

  // Targets that do not fit the router's listener are left out in silence.
  private split(router: ReadObject, route: Record<string, any>, at: Origin, listener: { port: number; protocol: string }, client: MeshClient): Action {
    const all = recordsOf(route.action?.weightedTargets).map((target, i) => ({ target, at: within(at, `action.weightedTargets[${i}]`) }));
    const fitting = all.filter(({ target }) => this.fits(target, router, listener));
    const targets = fitting.map(({ target, at: here }): Target => ({
      origin: here,
      weight: typeof target.weight === 'number' ? target.weight : 0,
      destination: this.node(target.virtualNodeRef, router.namespace, target.port ?? listener.port, client),
      transforms: [],
    }));
    const left = all.filter((each) => !fitting.includes(each)).map(({ target }) => target.virtualNodeRef?.name);
    const then: Action = targets.some((target) => target.weight > 0)
      ? { kind: 'forward', targets }
      : listener.protocol === 'tcp' ? { kind: 'refuse', why: 'no target gets anything' } : { kind: 'respond', status: 503, why: 'answers 503: no target gets anything' };
    return left.length === 0 ? then : { kind: 'assume', assumption: `App Mesh leaves out ${left.join(', ')}, whose listeners differ from that of ${router.ref}`, then };
  }

  private fits(target: Record<string, any>, router: ReadObject, listener: { port: number; protocol: string }): boolean {
    const name = referenced(target.virtualNodeRef, router.namespace);
    const node = name && this.cluster.find(GROUP, 'VirtualNode', name.namespace, name.name);
    // What is not there is answered by itself.
    if (!node) return true;
    return listenerPorts(node.spec).some((each) => each.protocol === listener.protocol && each.port === (target.port ?? listener.port));
  }

  /** The destination for a host that a client of the mesh writes. */
  public byHost(
    host: string, backends: readonly ReadObject[], port: number, workload: Workload, node: ReadObject,
  ): { destination: Destination; tcp: boolean; assumptions: string[] } | undefined {
    const domain = this.options.clusterDomain ?? 'cluster.local';
    const named = backends.find((each) => awsNameOf(each).toLowerCase() === host);
    // Whether a name by default stands for the whole one too is not agreed on.
    const service = named ?? backends.find((each) => each.spec.awsName === undefined && `${awsNameOf(each)}.svc.${domain}`.toLowerCase() === host);
    if (!service) return undefined;
    const assumptions = named ? [] : [`${service.ref}, which has no awsName, is called by ${host} too`];
    const listeners = this.listenersOf(service);
    const tcp = listeners?.find((each) => each.port === port)?.protocol === 'tcp';
    if (listeners && listeners.length > 0 && listeners.every((each) => each.port !== port)) {
      const destination: Destination = { kind: 'answer', failure: 'refuse', why: `${service.ref} has no listener on port ${port}` };
      return { destination, tcp, assumptions };
    }
    const rivals = tcp ? backends.filter((each) => each !== service && this.listenersOf(each)?.some((listener) => listener.port === port && listener.protocol === 'tcp')) : [];
    if (rivals.length > 0) return { destination: { kind: 'unknown', why: `${[service, ...rivals].map((each) => each.ref).join(' and ')} are both TCP on port ${port}` }, tcp, assumptions };
    const dns = this.resolution(host, workload);
    if (dns === 'fails') return { destination: { kind: 'answer', failure: 'refuse', why: `the name ${host} resolves to nothing: there is no such Service` }, tcp, assumptions };
    if (dns !== 'resolves') assumptions.push(dns);
    const client = { object: node, backend: service.name };
    const destination = this.destination({ name: service.name, namespace: service.namespace }, service.namespace, port, client);
    return { destination, tcp, assumptions };
  }

  // The Envoy sees a connection only if the client's own look-up of the name ends well.
  private resolution(host: string, workload: Workload): string {
    const full = clusterServiceOf(host, this.options.clusterDomain ?? 'cluster.local');
    const parts = host.replace(/\.svc$/, '').split('.');
    const [name, namespace] = full ? [full.name, full.namespace] : [parts[0], parts[1] ?? workload.namespace];
    if (!full && parts.length > 2) return `the name ${host} resolves`;
    if (this.cluster.service(namespace, name)) return 'resolves';
    return this.options.complete ? 'fails' : `Service/${namespace}/${name} exists, so that the name ${host} resolves`;
  }

  private listenersOf(service: ReadObject): { port: number; protocol: string }[] | undefined {
    const { virtualNode, virtualRouter } = service.spec.provider ?? {};
    const name = referenced(virtualNode?.virtualNodeRef ?? virtualRouter?.virtualRouterRef, service.namespace);
    const object = name && this.cluster.find(GROUP, isRecord(virtualNode) ? 'VirtualNode' : 'VirtualRouter', name.namespace, name.name);
    return object && listenerPorts(object.spec);
  }

  // An object that no mesh takes was never created.
  private refused(object: ReadObject, status: number): Destination | undefined {
    const member = meshOf(object, this.cluster, this.options);
    return 'problem' in member ? { kind: 'answer', failure: status, why: member.problem, assumption: member.assumption } : undefined;
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
