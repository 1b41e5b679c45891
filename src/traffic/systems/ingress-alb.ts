import { Action } from '../network/action';
import { Hop, Listener } from '../network/hop';
import { HostTable } from '../network/host-table';
import { SystemInput } from '../network/network';
import { origin, Origin, within } from '../network/origin';
import { behindProxy } from '../network/request';
import { Route, RouteTable } from '../network/route-table';
import { Transform } from '../network/transform';
import { isRecord, listOf } from '../read/objects';
import { annotation } from './alb/annotations';
import { authentication } from './alb/authentication';
import { conflicts } from './alb/conflicts';
import { AlbFault } from './alb/faults';
import { AlbGroup, readGroups } from './alb/groups';
import { isCertified, portsOf } from './alb/listen-ports';
import { optimize } from './alb/optimizer';
import { backendAction, ruleTransforms } from './alb/rule-actions';
import { ruleMatch } from './alb/rule-conditions';

/** A listener of an ALB. */
export interface AlbListener {
  readonly port: number;
  readonly secure: boolean;
  readonly routes: Route[];
  defaultAction?: { readonly action: Action; readonly origin: Origin };
}

/** What the controller builds of a group. */
export interface AlbReading {
  readonly group: AlbGroup;
  readonly listeners: ReadonlyMap<number, AlbListener>;
  /** The port that every HTTP listener redirects to. */
  readonly redirectPort?: number;
  readonly faults: readonly AlbFault[];
  /** By port, what has to be in ACM. */
  readonly discovering: ReadonlyMap<number, string>;
}

/** Ingresses of the AWS Load Balancer Controller: one load balancer a group. */
export function ingressAlb(input: SystemInput): void {
  const { cluster, options, network } = input;
  if (options.aws?.loadBalancerController === false) return;
  for (const group of readGroups(cluster)) {
    let reading: AlbReading | undefined;
    const read = () => (reading ??= readAlb(group, input));
    const here = origin(group.members[0].ingress.ref);
    const hop: Hop = {
      origin: here,
      title: group.explicit ? `ALB of group ${group.name}` : `ALB of ${group.members[0].ingress.ref}`,
      listener: (port) => listenerOf(read(), port),
      ports: () => [...read().listeners.keys()],
      hosts: (port) => hostsOf(read(), port),
    };
    const scheme = group.members.map(({ ingress, params }) => params?.spec.scheme ?? annotation(ingress, 'scheme')).find((each) => each !== undefined);
    group.members.forEach(({ ingress }, i) => network.addEntry({ ref: ingress.ref, hop, outermost: i === 0 && scheme === 'internet-facing' }));
  }
}

/** Reads a group as the controller does: listeners, redirects, and rules in group order, file order and path order. */
export function readAlb(group: AlbGroup, input: SystemInput): AlbReading {
  const faults: AlbFault[] = [];
  const listeners = new Map<number, AlbListener>();
  const redirects = new Map<number, Origin>();
  const discovering = new Map<number, string>();
  let index = 0;
  for (const member of group.members) {
    const { ingress, params } = member;
    const here = origin(ingress.ref);
    const fault = (at: Origin, message: string) => faults.push({ origin: at, message });
    const ports = portsOf(ingress, params);
    if (typeof ports === 'string') {
      fault(within(here, 'metadata.annotations'), ports);
      continue;
    }
    for (const { port, secure } of ports) {
      const listener = listeners.get(port);
      if (listener && listener.secure !== secure) fault(here, `port ${port} is HTTP for one member of the group and HTTPS for another`);
      if (!listener) listeners.set(port, { port, secure, routes: [] });
      if (secure && !isCertified(ingress, params)) discovering.set(port, `a certificate in ACM matches the hosts of ${ingress.ref}, which names none`);
    }
    const redirect = params?.spec.sslRedirectPort ?? annotation(ingress, 'ssl-redirect');
    if (redirect !== undefined) redirects.set(Number(redirect), here);
    for (const { port, secure } of ports) {
      const listener = listeners.get(port)!;
      for (const [i, rule] of listOf(ingress.spec.rules).entries()) {
        if (!isRecord(rule)) continue;
        const host = typeof rule.host === 'string' && rule.host !== '' ? rule.host : undefined;
        for (const { path, at } of sortedPaths(rule, within(here, `spec.rules[${i}]`))) {
          const service = String(path.backend?.service?.name);
          const match = ruleMatch(ingress, host, path, service);
          if (typeof match === 'string') {
            fault(at, match);
            continue;
          }
          const action = backendAction(member, path.backend, at, input);
          if (typeof action === 'string') {
            fault(at, action);
            continue;
          }
          const transforms = ruleTransforms(ingress, service, at);
          if (typeof transforms === 'string') {
            fault(at, transforms);
            continue;
          }
          const authenticated = secure ? authentication(ingress, service, input) : [];
          if (typeof authenticated === 'string') {
            fault(at, authenticated);
            continue;
          }
          listener.routes.push({ origin: at, match, action, transforms, policies: authenticated, rank: { tier: 0, block: 0, index: index++ } });
        }
      }
      if (!isRecord(ingress.spec.defaultBackend)) continue;
      const at = within(here, 'spec.defaultBackend');
      const action = backendAction(member, ingress.spec.defaultBackend, at, input);
      if (typeof action === 'string') fault(at, action);
      else if (listener.defaultAction) fault(at, `two Ingresses of the group have a default backend on port ${port}`);
      else listener.defaultAction = { action, origin: at };
    }
  }
  for (const listener of listeners.values()) optimize(listener);
  faults.push(...conflicts(group));
  const [redirectPort, ...others] = redirects.keys();
  if (others.length > 0) faults.push({ origin: redirects.get(others[0])!, message: `the group redirects to port ${redirectPort} and to ${others.join(', ')}` });
  if (redirectPort !== undefined && !listeners.get(redirectPort)?.secure) {
    faults.push({ origin: redirects.get(redirectPort)!, message: `ssl-redirect names port ${redirectPort}, which is no HTTPS listener of the group` });
  }
  return { group, listeners, redirectPort, faults, discovering };
}

// Exact first, then prefixes by length, then the rest; else as they stand in the file.
function sortedPaths(rule: Record<string, any>, at: Origin): { path: Record<string, any>; at: Origin }[] {
  const paths = listOf(rule.http?.paths).filter(isRecord).map((path, i) => ({ path, at: within(at, `http.paths[${i}]`) }));
  const rank = (path: Record<string, any>) => (path.pathType === 'Exact' ? 0 : path.pathType === 'Prefix' ? 1 : 2);
  return paths.sort((a, b) => rank(a.path) - rank(b.path)
    || (rank(a.path) === 1 ? String(b.path.path ?? '').length - String(a.path.path ?? '').length : 0));
}

function listenerOf(reading: AlbReading, port: number): Listener | undefined {
  const listener = reading.listeners.get(port);
  const here = origin(reading.group.members[0].ingress.ref);
  if (reading.faults.length > 0) {
    const [first] = reading.faults;
    const why = `the load balancer is not updated (${first.origin.object} ${first.origin.at}: ${first.message}); what it served before goes on`;
    const broken: Action = { kind: 'unknown', why };
    return { origin: here, chains: (['none', 'terminate'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action: broken } })) };
  }
  if (!listener) return undefined;
  const noHost = { status: 404, why: 'no rule takes the request' };
  const hosts = new HostTable({ wildcard: 'any' });
  const redirect = !listener.secure && reading.redirectPort !== undefined;
  const last: Route = {
    origin: listener.defaultAction?.origin ?? here,
    match: { path: { kind: 'any' }, values: [] },
    action: redirect
      ? { kind: 'redirect', status: 301, scheme: 'https', port: reading.redirectPort }
      : listener.defaultAction?.action ?? { kind: 'respond', status: 404, why: 'answers 404' },
    transforms: [],
    policies: [],
    rank: { tier: 1, block: 0, index: 0 },
  };
  // Without a default backend nothing is left for what no rule takes.
  const routes = redirect ? [last] : listener.defaultAction ? [...listener.routes, last] : listener.routes;
  hosts.add('*', { origin: here, routes: new RouteTable(routes), noRoute: noHost });
  const discovered = reading.discovering.get(port);
  return {
    origin: here,
    assumptions: discovered === undefined ? [] : [discovered],
    chains: [{
      origin: here,
      tls: listener.secure ? 'terminate' : 'none',
      handling: { kind: 'http', http: { hosts, noHost, transforms: [forwarded(here, listener.secure, port)] } },
    }],
  };
}

// Behind the load balancer the client's scheme is known by header only.
function forwarded(here: Origin, secure: boolean, port: number): Transform {
  const proto = secure ? 'https' : 'http';
  return {
    origin: here,
    kind: 'custom',
    text: 'adds X-Forwarded headers',
    apply: (request) => behindProxy(request).withHeader('x-forwarded-proto', proto).withHeader('x-forwarded-port', String(port)),
  };
}

function hostsOf(reading: AlbReading, port: number): string[] {
  const listener = reading.listeners.get(port);
  if (!listener) return [];
  if (listener.defaultAction || (!listener.secure && reading.redirectPort !== undefined)) return ['*'];
  return listener.routes.flatMap((route) => route.match.values.find((test) => test.of === 'host')?.values ?? ['*']);
}
