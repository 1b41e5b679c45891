import { fullHost, intersect, serverHosts } from './hosts';
import { gatewayName } from './http-routes';
import { byCreation, exported } from './registry';
import { BoundServer } from './servers';
import { Cluster, Workload } from '../../cluster';
import { TrafficModelOptions } from '../../options';
import { listOf, ReadObject } from '../../read/objects';

/** Which VirtualServices gateway pods see through a Gateway, and for which hosts. */
export class Binding {
  private readonly byGateway = new Map<string, ReadObject[]>();
  private readonly tiers = new Map<string, number>();

  public constructor(workload: Workload, cluster: Cluster, private readonly options: TrafficModelOptions, more: readonly ReadObject[]) {
    const tier = (service: ReadObject) => {
      const exportTo = listOf(service.spec.exportTo).map(String);
      if (exportTo.length === 0 || exportTo.includes('*')) return 2;
      return exportTo.includes('.') && service.namespace === workload.namespace ? 0 : 1;
    };
    for (const service of [...cluster.all('networking.istio.io', 'VirtualService'), ...more]) {
      if (listOf(service.spec.hosts).length === 0 || !exported(service, workload.namespace)) continue;
      this.tiers.set(service.ref, tier(service));
      for (const name of new Set(listOf(service.spec.gateways).map((each) => gatewayName(String(each), service.namespace)))) {
        this.byGateway.set(name, [...(this.byGateway.get(name) ?? []), service]);
      }
    }
    for (const list of this.byGateway.values()) list.sort((a, b) => this.tier(a) - this.tier(b) || byCreation(a, b));
  }

  /** The VirtualServices that name a gateway and that its pods see: private ones first, then by age. */
  public virtualServices(gateway: ReadObject): readonly ReadObject[] {
    return this.byGateway.get(`${gateway.namespace}/${gateway.name}`) ?? [];
  }

  /** Private ones come before those for some namespaces, and these before public ones, whatever their age. */
  public tier(service: ReadObject): number {
    return this.tiers.get(service.ref) ?? 2;
  }

  /** The hosts that a server and a VirtualService have in common. */
  public shared(bound: BoundServer, service: ReadObject): string[] {
    const domain = this.options.clusterDomain ?? 'cluster.local';
    const allowed = serverHosts(listOf(bound.server.hosts).map(String), bound.gateway.namespace, service.namespace);
    return intersect(allowed, listOf(service.spec.hosts).map((host) => fullHost(String(host), service.namespace, domain)));
  }
}
