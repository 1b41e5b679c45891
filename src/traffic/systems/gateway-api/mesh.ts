import { GROUP } from './attachment';
import { routeTable } from './rules';
import { Cluster } from '../../cluster';
import { RouteTable } from '../../network/route-table';
import { TrafficModelOptions } from '../../options';
import { ReadObject, recordsOf } from '../../read/objects';
import { Proxy } from '../istio/destinations';
import { MeshRoutes } from '../istio/outbound';
import { IstioService } from '../istio/registry';

/**
 * Routes whose parent is a Service: those of the client's namespace before those of the Service's, and none of a third
 * namespace.
 */
export function meshRoutes(cluster: Cluster, options: TrafficModelOptions): MeshRoutes {
  const byService = new Map<string, { route: ReadObject; port?: number }[]>();
  for (const kind of ['HTTPRoute', 'GRPCRoute']) {
    for (const route of cluster.all(GROUP, kind)) {
      for (const parent of recordsOf(route.spec.parentRefs)) {
        if (parent.kind !== 'Service' || (parent.group ?? GROUP) !== '') continue;
        const key = `${parent.namespace ?? route.namespace}/${parent.name}`;
        byService.set(key, [...(byService.get(key) ?? []), { route, port: parent.port }]);
      }
    }
  }
  return (service: IstioService, port: number, proxy: Proxy): RouteTable | undefined => {
    if (!service.service) return undefined;
    const found = (byService.get(`${service.namespace}/${service.service.name}`) ?? []).filter((each) => each.port === undefined || each.port === port);
    const of = (namespace: string) => found.filter((each) => each.route.namespace === namespace).map((each) => each.route);
    const consumer = proxy.namespace === service.namespace ? [] : of(proxy.namespace);
    const chosen = consumer.length > 0 ? consumer : of(service.namespace);
    return chosen.length > 0 ? routeTable(chosen, port, cluster, options) : undefined;
  };
}
