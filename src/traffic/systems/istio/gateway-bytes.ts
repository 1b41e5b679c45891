import { Binding } from './binding';
import { Proxy, resolveDestination, toService } from './destinations';
import { bareHost, hostWithin } from './hosts';
import { gatewayName } from './http-routes';
import { Registry } from './registry';
import { BoundServer, passesThrough } from './servers';
import { Action } from '../../network/action';
import { Chain } from '../../network/hop';
import { origin, Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** The parts of gateway pods that hand bytes on without reading HTTP: TCP, TLS that ends here, TLS that passes through. */
export class GatewayBytes {
  public constructor(
    private readonly binding: Binding,
    private readonly proxy: Proxy,
    private readonly registry: Registry,
    private readonly options: TrafficModelOptions,
  ) {}

  /** The chains of a server; `taken` holds the server names of the port that have a chain already. */
  public chains(bound: BoundServer, serverNames: readonly string[] | undefined, taken: Set<string>): Chain[] {
    // Bytes in the clear may well be a TLS of the client's own.
    if (!isRecord(bound.server.tls)) return this.tcp(bound, 'none', undefined).flatMap((chain) => [chain, { ...chain, tls: 'pass' as const }]);
    if (!passesThrough(bound.server)) return this.tcp(bound, 'terminate', serverNames);
    return bound.server.tls.mode === 'AUTO_PASSTHROUGH' ? this.automatic(bound) : this.passthrough(bound, taken);
  }

  // A rule whose server names are taken, be it one of them, is left out.
  private passthrough(bound: BoundServer, taken: Set<string>): Chain[] {
    const chains: Chain[] = [];
    for (const service of this.binding.virtualServices(bound.gateway)) {
      if (this.binding.shared(bound, service).length === 0) continue;
      for (const [i, entry] of listOf(service.spec.tls).entries()) {
        if (!isRecord(entry) || recordsOf(entry.route).length === 0) continue;
        const at = within(origin(service.ref), `spec.tls[${i}]`);
        for (const match of recordsOf(entry.match)) {
          const names = listOf(match.sniHosts).map(String);
          if (!this.applies(match, bound, service) || names.length === 0 || names.some((name) => taken.has(name))) continue;
          names.forEach((name) => taken.add(name));
          chains.push({ origin: at, serverNames: names.includes('*') ? undefined : names, tls: 'pass', handling: { kind: 'tcp', action: this.action(service, entry, at, bound, false) } });
        }
      }
    }
    return chains;
  }

  // Every service of the mesh under the name that sidecars of other clusters put in their handshake.
  private automatic(bound: BoundServer): Chain[] {
    const hosts = listOf(bound.server.hosts).map((host) => bareHost(String(host)));
    return this.registry.services.filter((service) => service.service !== undefined && hosts.some((host) => hostWithin(service.host, host)))
      .flatMap((service) => service.ports.map((port): Chain => {
        const { destination } = toService(service, port.number, undefined, this.proxy, this.registry);
        const plain = destination.kind === 'service' ? { ...destination, tls: undefined, missing: 'refuse' as const, empty: 'refuse' as const } : destination;
        const forward: Action = { kind: 'forward', targets: [{ origin: bound.at, weight: 1, destination: plain, transforms: [] }] };
        return {
          origin: bound.at,
          serverNames: [`outbound_.${port.number}_._.${service.host}`],
          tls: 'pass',
          handling: { kind: 'tcp', action: { kind: 'assume', assumption: 'the client speaks the mutual TLS of the mesh', then: forward } },
        };
      }));
  }

  // The first rule that fits is the only one that counts.
  private tcp(bound: BoundServer, tls: 'none' | 'terminate', serverNames: readonly string[] | undefined): Chain[] {
    for (const service of this.binding.virtualServices(bound.gateway)) {
      if (this.binding.shared(bound, service).length === 0) continue;
      const blocks = fromTlsRoute(service) ? ['tcp', 'tls'] : ['tcp'];
      for (const block of blocks) {
        for (const [i, entry] of listOf(service.spec[block]).entries()) {
          if (!isRecord(entry) || recordsOf(entry.route).length === 0) continue;
          const matches = recordsOf(entry.match);
          if (matches.length > 0 && !matches.some((match) => this.applies(match, bound, service))) continue;
          const at = within(origin(service.ref), `spec.${block}[${i}]`);
          return [{ origin: at, serverNames, tls, handling: { kind: 'tcp', action: this.action(service, entry, at, bound, tls === 'terminate') } }];
        }
      }
    }
    return [];
  }

  private applies(match: Record<string, any>, bound: BoundServer, service: ReadObject): boolean {
    if (match.port !== undefined && match.port !== bound.server.port.number) return false;
    const gateways = listOf(match.gateways).map(String);
    return gateways.length === 0 || gateways.some((name) => gatewayName(name, service.namespace) === `${bound.gateway.namespace}/${bound.gateway.name}`);
  }

  private action(service: ReadObject, entry: Record<string, any>, at: Origin, bound: BoundServer, ended: boolean): Action {
    const destinations = recordsOf(entry.route);
    return {
      kind: 'forward',
      targets: destinations.map((destination, i) => {
        const here = within(at, `route[${i}]`);
        const { number } = bound.server.port;
        const { destination: to, policies } = resolveDestination(destination.destination, service.namespace, number, this.proxy, this.registry, this.options);
        return { origin: here, weight: destinations.length === 1 ? 1 : destination.weight ?? 0, destination: closing(to, ended), transforms: [], policies };
      }),
    };
  }
}

// Bytes go on as they came, without the TLS that ended here, in TLS anew where a DestinationRule says so; what fails closes the connection.
function closing<T extends ReturnType<typeof resolveDestination>['destination']>(to: T, ended: boolean): T {
  if (to.kind === 'service') return { ...to, tls: to.tls ? true : ended ? false : undefined, missing: 'refuse', empty: 'refuse' };
  return to.kind === 'answer' ? { ...to, failure: 'refuse' } : to;
}

// What Istio makes of a TLSRoute keeps its rules under tls, wherever TLS ends.
function fromTlsRoute(service: ReadObject): boolean {
  return service.annotations['internal.istio.io/route-semantics'] === 'gateway' || (service.annotations['internal.istio.io/parents'] ?? '').startsWith('TLSRoute/');
}
