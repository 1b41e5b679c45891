import { Proxy, ResolvedDestination, toService } from './destinations';
import { RouteContext } from './http-routes';
import { IstioService } from './registry';
import { SidecarScope } from './sidecar-scope';
import { Cluster, Workload } from '../../cluster';
import { RouteTable } from '../../network/route-table';

/** Adds routes that other APIs define for a Service of the mesh. */
export type MeshRoutes = (service: IstioService, port: number, proxy: Proxy) => RouteTable | undefined;

/** A port of a sidecar's outbound side. */
export interface Outbound {
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly scope: SidecarScope;
  readonly context: RouteContext;
  readonly meshRoutes: MeshRoutes;
}

/** Where a Service of type ExternalName leads: to whatever it names. */
export function alias(service: IstioService, { port, proxy, registry }: RouteContext): ResolvedDestination {
  const name = service.service!.externalName!;
  const target = registry.find(name, proxy.namespace);
  return target ? toService(target, port, undefined, proxy, registry) : { destination: { kind: 'end', destination: { kind: 'Host', name, port } }, policies: [], transforms: [] };
}
