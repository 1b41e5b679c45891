import { Workload } from '../cluster';
import { daprd } from './dapr/daprd';
import { DaprWorkload, generatedService, readDaprWorkload } from './dapr/sidecars';
import { Hop } from '../network/hop';
import { SystemInput } from '../network/network';
import { origin } from '../network/origin';

/** Sidecars of Dapr: their own API, and invocation of applications. */
export function dapr({ cluster, options, network }: SystemInput): void {
  const sidecars = new Map<string, DaprWorkload>();
  for (const workload of cluster.workloads) {
    const read = readDaprWorkload(workload, cluster);
    if (!read) continue;
    sidecars.set(workload.ref, read);
    const service = generatedService(read);
    const written = service && cluster.service(service.namespace, service.name);
    // The operator overwrites what somebody wrote under the name, unless that has an address, which cannot be taken away.
    if (service && (!written || written.headless)) cluster.addGenerated(service);
  }
  // Nobody finds a daprd that is started by hand by the names that Dapr's operator gives.
  const apps = new Map<string, DaprWorkload[]>();
  for (const each of sidecars.values()) {
    const key = `${each.workload.namespace}/${each.appId}`;
    if (each.managed) apps.set(key, [...(apps.get(key) ?? []), each]);
  }
  const hops = new Map<string, Hop>();
  const daprdOf = (workload: Workload, port: number, loopback: boolean): Hop | undefined => {
    const sidecar = sidecars.get(workload.ref);
    if (!sidecar || ![sidecar.httpPort, sidecar.publicPort, sidecar.grpcPort].includes(port)) return undefined;
    const key = `${workload.ref} ${loopback}`;
    let hop = hops.get(key);
    if (!hop) hops.set(key, hop = daprd({ sidecar, apps, cluster, options, here: origin(workload.ref, workload.at) }, loopback));
    return hop;
  };
  network.onPods((workload, port) => daprdOf(workload, port, false));
  network.onLoopback((workload, port) => daprdOf(workload, port, true));
}
