import { TrafficDestination } from '../trace';
import { Action, Destination, Failure, Redirect, Target } from './action';
import { chainTableOf } from './chain-table';
import { changeText, differenceText, hostNamesText, nearestText, portsText, serverNamesText } from './explain';
import { Chain, Hop, HttpHandling, Listener } from './hop';
import { matchText } from './match';
import { Origin } from './origin';
import { alike, assume, End, note, Passage, under } from './passage';
import { Request, Source, withoutPort } from './request';
import { Choice, Route } from './route-table';
import { applyTransform, Transform } from './transform';

/** Where a Service's requests arrive: at its pods, one way or several. */
export type Arrival =
  | { readonly kind: 'deliver'; readonly destination: TrafficDestination; readonly assumption?: string }
  | { readonly kind: 'hops'; readonly through: TrafficDestination; readonly origin: Origin; readonly ways: readonly { readonly hop?: Hop; readonly port: number; readonly pods: string }[]; readonly assumption?: string }
  | { readonly kind: 'fail'; readonly failure: Failure; readonly why: string; readonly origin: Origin; readonly assumption?: string };

/** Knows Services, selectors and workloads. */
export interface ServiceResolver {
  readonly resolve: (destination: Destination & { readonly kind: 'service' }, source: Source) => Arrival;
}

// More hops than any sane way has: beyond it, requests go round in circles.
const MOST_STEPS = 40;
// Ways that part and part again grow without measure; so many are no answer to anybody.
const MOST_ARRIVALS = 2_000;

/** Follows requests from hop to hop until an application, an answer or the end of the cluster. */
export class Walk {
  public readonly mirrors: TrafficDestination[] = [];
  private arrivals = 0;

  public constructor(private readonly resolver: ServiceResolver) {}

  /** A request arrives at a port of a hop. */
  public arrive(passage: Passage, hop: Hop, port: number): End[] {
    if (passage.steps >= MOST_STEPS || ++this.arrivals > MOST_ARRIVALS) return [undetermined(passage, hop.origin, 'the request goes round in circles')];
    const arrived: Passage = { ...passage, sender: hop.sender, steps: passage.steps + 1, request: passage.request.with({ port }) };
    const listener = listenerOf(hop, port);
    if (!listener) return [{ kind: 'refused', passage: note(arrived, hop.origin, `has no listener on port ${port}${portsText(hop)}`) }];
    const assumed = listener.assumptions ? assume(arrived, ...listener.assumptions) : arrived;
    const chain = chooseChain(listener.chains, assumed.request);
    if (typeof chain === 'string') return [{ kind: 'refused', passage: note(assumed, listener.origin, chain) }];

    const secured = chain.tls === 'terminate' ? `ends TLS${assumed.request.sni ? ` for ${assumed.request.sni}` : ''} on port ${port}` : undefined;
    let inside = under(secured ? note(assumed, chain.origin, secured) : assumed, chain.handling.policies);
    if (chain.handling.kind === 'tcp') {
      for (const filter of chain.handling.filters ?? []) {
        const verdict = filter.check(inside.request);
        if (!verdict) continue;
        if ('answer' in verdict) {
          const answered = note(inside, verdict.origin, verdict.answer.why);
          return [chain.handling.answers ? { kind: 'responded', status: verdict.answer.status, passage: answered } : { kind: 'refused', passage: answered }];
        }
        if ('refuse' in verdict) return [{ kind: 'refused', passage: note(inside, verdict.origin, verdict.refuse) }];
        if ('unknown' in verdict) return [undetermined(inside, verdict.origin, verdict.unknown)];
        inside = under(inside, [verdict.policy]);
      }
      return this.act(inside, chain.origin, chain.handling.action, []);
    }
    return this.handle(inside, chain, chain.handling.http);
  }

  /** A request goes to a destination. */
  public go(passage: Passage, from: Origin, destination: Destination): End[] {
    switch (destination.kind) {
      case 'end': {
        const known = destination.assumption ? assume(passage, destination.assumption) : passage;
        return [{ kind: 'delivered', passage: known, destination: destination.destination, scheme: scheme(passage.request) }];
      }
      case 'through': return [{
        kind: 'delivered',
        passage,
        scheme: scheme(passage.request),
        destination: passage.through ?? { kind: 'Service', name: from.object.split('/')[2], namespace: from.object.split('/')[1], port: passage.request.port },
      }];
      case 'hop': return this.arrive(passage, destination.hop, destination.port);
      case 'unknown': return [undetermined(passage, from, destination.why)];
      case 'action': return this.act(passage, from, destination.action, []);
      case 'answer': return [fail(destination.assumption ? assume(passage, destination.assumption) : passage, from, destination.failure, destination.why)];
      case 'service': return this.enterService(passage, destination);
    }
  }

  /** Several possible ways: if they end alike there is one answer, else nothing decides. */
  public either(passage: Passage, from: Origin, ways: readonly (() => End[])[], why: string, assumption?: string): End[] {
    const ends = ways.map((way) => way());
    if (ends.length === 1 && assumption === undefined) return ends[0];
    if (ends.slice(1).every((other) => other.length === ends[0].length && other.every((end, i) => alike(end, ends[0][i])))) {
      return assumption ? ends[0].map((end) => ({ ...end, passage: assume(end.passage, assumption) })) : ends[0];
    }
    return [undetermined(passage, from, `${why}: ${differenceText(ends)}`)];
  }

  private enterService(passage: Passage, destination: Destination & { kind: 'service' }): End[] {
    const secured = destination.tls === undefined
      ? passage
      : { ...passage, request: passage.request.with({ tls: destination.tls, sni: destination.tls ? destination.sni : undefined }) };
    const arrival = this.resolver.resolve(destination, secured.request.source);
    switch (arrival.kind) {
      case 'fail': return [fail(arrival.assumption ? assume(secured, arrival.assumption) : secured, arrival.origin, arrival.failure, arrival.why)];
      case 'deliver': {
        const known = arrival.assumption ? assume(secured, arrival.assumption) : secured;
        return [{ kind: 'delivered', passage: known, destination: destination.as ?? arrival.destination, scheme: scheme(secured.request) }];
      }
      case 'hops': {
        const through = destination.as ?? arrival.through;
        const entered: Passage = { ...(arrival.assumption ? assume(secured, arrival.assumption) : secured), through };
        const take = (way: (typeof arrival.ways)[number]): End[] => {
          if (!way.hop) return [{ kind: 'delivered', passage: entered, destination: through, scheme: scheme(entered.request) }];
          const sent = note(entered, arrival.origin, `sends it to port ${way.port} of ${way.pods}`);
          return this.arrive(sent, way.hop, way.port).map((end) => refusedUpstream(end, destination, arrival.origin));
        };
        if (arrival.ways.length === 1) return take(arrival.ways[0]);
        return this.either(entered, arrival.origin, arrival.ways.map((way) => () => take(way)),
          `its pods (${arrival.ways.map((way) => way.pods).join(', ')}) do different things with the request`);
      }
    }
  }

  private handle(passage: Passage, chain: Chain, http: HttpHandling): End[] {
    const request = http.normalize ? http.normalize(passage.request) : passage.request;
    let current: Passage = request === passage.request ? passage : { ...passage, request };
    if (http.hostMustBeSni && request.tls && chain.serverNames && request.hostName !== (request.sni ?? '').toLowerCase()) {
      return [{ kind: 'responded', status: 421, passage: note(current, chain.origin, `answers 421: Host ${request.host} is not the TLS server name ${request.sni ?? '(none)'}`) }];
    }
    const unsure: { origin: Origin; why: string }[] = [];
    for (const filter of http.filters ?? []) {
      const verdict = filter.check(current.request);
      if (!verdict) continue;
      if ('answer' in verdict) {
        return [{ kind: 'responded', status: verdict.answer.status, passage: note(current, verdict.origin, verdict.answer.why) }];
      }
      if ('refuse' in verdict) return [{ kind: 'refused', passage: note(current, verdict.origin, verdict.refuse) }];
      if ('unknown' in verdict) unsure.push({ origin: verdict.origin, why: verdict.unknown });
      else current = under(current, [verdict.policy]);
    }
    if (unsure.length > 0) return [undetermined(current, unsure[0].origin, unsure[0].why)];
    const hosts = http.hosts.find(request.hostName);
    for (const host of hosts) {
      const insecure = host.requireTls && (request.forwardedProto ?? scheme(request)) === 'http';
      if (insecure) return [redirect(current, host.requireTls!.origin, host.requireTls!)];
    }
    if (hosts.length === 0) {
      return [{ kind: 'responded', status: http.noHost.status, passage: note(current, chain.origin, `answers ${http.noHost.status}: ${http.noHost.why}${hostNamesText(http.hosts, current.request.hostName)}`) }];
    }
    for (const host of hosts) {
      const choice = host.routes.choose(current.request);
      if (choice.kind === 'none') continue;
      return this.follow(current, choice, http, host.noRoute, host.origin);
    }
    const last = hosts[hosts.length - 1];
    return [{ kind: 'responded', status: last.noRoute.status, passage: note(current, last.origin, `answers ${last.noRoute.status}: ${last.noRoute.why}${nearestText(hosts, http.hosts, current.request)}`) }];
  }

  private follow(passage: Passage, choice: Choice, http: HttpHandling, noRoute: { status: number; why: string }, host: Origin): End[] {
    switch (choice.kind) {
      case 'none': return [{ kind: 'responded', status: noRoute.status, passage: note(passage, host, `answers ${noRoute.status}: ${noRoute.why}`) }];
      case 'route': return this.take(choice.assumption ? assume(passage, choice.assumption) : passage, choice.route, http);
      case 'tie': {
        const names = choice.routes.map((route) => `${route.origin.object} ${route.origin.at}`).join(' and ');
        return this.either(passage, choice.routes[0].origin, choice.routes.map((route) => () => this.take(passage, route, http)),
          `nothing in the manifests decides which of ${names} comes first`);
      }
      case 'unknown':
        return this.either(passage, choice.route.origin, [
          () => this.take(passage, choice.route, http),
          () => this.follow(passage, choice.otherwise, http, noRoute, host),
        ], choice.why);
    }
  }

  private take(passage: Passage, route: Route, http: HttpHandling): End[] {
    const taken = assume(under(note(passage, route.origin, `takes it (${matchText(route.match)})`), route.policies), ...(route.assumptions ?? []));
    return this.act(taken, route.origin, route.action, route.transforms, http.transforms);
  }

  private act(passage: Passage, from: Origin, action: Action, transforms: readonly Transform[], last: readonly Transform[] = []): End[] {
    switch (action.kind) {
      case 'choose': return this.act(passage, from, action.choose(passage.request), transforms, last);
      case 'assume': return this.act(assume(passage, action.assumption), from, action.then, transforms, last);
      case 'explain': return this.act(note(passage, action.origin, action.does), from, action.then, transforms, last);
      case 'unknown': return [undetermined(passage, from, action.why)];
      case 'refuse': return [{ kind: 'refused', passage: note(passage, from, action.why) }];
      case 'respond': return [{ kind: 'responded', status: action.status, passage: note(passage, from, action.why) }];
      case 'redirect': return [redirect(passage, from, action)];
      case 'forward': {
        const changed = apply(sentOn(passage), transforms);
        for (const mirror of action.mirrors ?? []) this.mirror(changed, mirror, last);
        const targets = action.targets.filter(hasWeight);
        if (targets.length === 0) return [undetermined(passage, from, 'no target has a weight')];
        const total = targets.length === 1 ? targets[0].weight : targets.reduce((sum, target) => sum + target.weight, 0);
        const ends: End[] = [];
        for (const target of targets) {
          const share = target.weight / total;
          const weighted = under(share === 1 ? changed : { ...changed, share: changed.share * share }, target.policies);
          const said = share < 1 ? note(weighted, target.origin, `gets ${Number((share * 100).toFixed(2))}% of it`) : weighted;
          for (const end of this.go(apply(apply(said, target.transforms), last), target.origin, target.destination)) ends.push(end);
        }
        return ends;
      }
    }
  }

  private mirror(passage: Passage, target: Target, last: readonly Transform[]): void {
    const ends = this.go(apply(apply(passage, target.transforms), last), target.origin, target.destination);
    for (const end of ends) if (end.kind === 'delivered') this.mirrors.push({ ...end.destination });
  }
}

function chooseChain(chains: readonly Chain[], request: Request): Chain | string {
  const table = chainTableOf(chains);
  if (!request.tls) return table.clear ?? `speaks TLS only on port ${request.port}, the request comes in the clear`;
  if (table.secure.length === 0) return `speaks no TLS on port ${request.port}, the request comes with it`;
  const name = request.sni?.toLowerCase();
  return table.find(name) ?? `closes the connection: no certificate for server name ${name ?? '(none)'}${serverNamesText(table.secure, name)}`;
}

const listeners = new WeakMap<Hop, Map<number, Listener>>();

// What a hop listens with is the same for every request.
function listenerOf(hop: Hop, port: number): Listener | undefined {
  let known = listeners.get(hop);
  if (!known) listeners.set(hop, known = new Map());
  let listener = known.get(port);
  if (!listener) {
    listener = hop.listener(port);
    if (listener) known.set(port, listener);
  }
  return listener;
}

function hasWeight(target: Target): boolean {
  return Number.isFinite(target.weight) && target.weight > 0;
}

function apply(passage: Passage, transforms: readonly Transform[]): Passage {
  let current = passage;
  for (const transform of transforms) {
    const request = applyTransform(transform, current.request);
    if (request === current.request) continue;
    const changed = changeText(transform, current.request, request);
    current = changed === undefined ? { ...current, request } : note({ ...current, request }, transform.origin, changed);
  }
  return current;
}

function sentOn(passage: Passage): Passage {
  const { request, sender } = passage;
  return sender ? { ...passage, request: request.with({ source: { ...request.source, ...sender } }) } : passage;
}

function redirect(passage: Passage, from: Origin, to: Redirect): End {
  const { request } = passage;
  const current = request.forwardedProto ?? scheme(request);
  const target = to.scheme ?? current;
  const port = /:(\d+)$/.exec(request.host)?.[1];
  // A port that was the old scheme's default is not carried over to the new one.
  const kept = to.scheme !== undefined && to.scheme !== current && (port === '80' || port === '443') ? undefined : port;
  const chosen = to.port === undefined || to.port === 'keep' ? (to.host === undefined ? kept : undefined) : to.port === 'drop' ? undefined : String(to.port);
  const suffix = chosen === undefined || (target === 'http' && chosen === '80') || (target === 'https' && chosen === '443') ? '' : `:${chosen}`;
  const changed = to.path ? applyTransform(to.path, request) : request;
  const query = to.query === undefined ? changed.query : to.query === '' ? undefined : to.query;
  const location = `${target}://${to.host ?? withoutPort(request.host)}${suffix}${changed.path}${query === undefined ? '' : `?${query}`}`;
  return { kind: 'redirected', status: to.status, location, passage: note(passage, from, `redirects with ${to.status} to ${location}`) };
}

// A proxy whose upstream closes the connection answers by itself.
function refusedUpstream(end: End, destination: { empty: Failure; refused?: Failure }, from: Origin): End {
  const failure = destination.refused ?? destination.empty;
  return end.kind === 'refused' && failure !== 'refuse' ? fail(end.passage, from, failure, 'the connection is refused') : end;
}

function fail(passage: Passage, from: Origin, failure: Failure, why: string): End {
  return failure === 'refuse'
    ? { kind: 'refused', passage: note(passage, from, why) }
    : { kind: 'responded', status: failure, passage: note(passage, from, `${why}: the proxy answers ${failure}`) };
}

function undetermined(passage: Passage, from: Origin, why: string): End {
  return { kind: 'undetermined', why, passage: note(passage, from, why) };
}

function scheme(request: Request): 'http' | 'https' {
  return request.tls ? 'https' : 'http';
}

/** A passage at its beginning. */
export function begin(request: Request): Passage {
  return { request, share: 1, hops: [], policies: [], assumptions: [], steps: 0 };
}

