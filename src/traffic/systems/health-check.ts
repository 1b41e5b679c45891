import { Cluster, ClusterService, ClusterServicePort } from '../cluster';
import { targetPort } from './kubernetes';
import { Network } from '../network/network';
import { Request } from '../network/request';
import { begin, ServiceResolver, Walk } from '../network/walk';

/** How a load balancer asks whether a target is healthy. */
export interface HealthCheck {
  /** The port of the pods; undefined for that of the traffic. */
  readonly port?: number;
  readonly path: string;
  readonly tls: boolean;
  /** Whether a status is a healthy one. */
  readonly healthy: (status: number) => boolean;
}

/**
 * What proxies on the pods answer to a health check, where it is known that it fails: `GET / on port 8080 is answered
 * 404`. Pods without a proxy may answer anything, so nothing is said of them.
 */
export function healthProblem(
  service: ClusterService, port: ClusterServicePort, check: HealthCheck, cluster: Cluster, network: Network, resolver: ServiceResolver,
): string | undefined {
  const problems = cluster.behind(service).map((workload): string | undefined => {
    const traffic = targetPort(port, workload);
    const probed = check.port ?? traffic;
    if (probed === undefined || traffic === undefined) return undefined;
    // The status port of Istio's gateways answers readiness in the clear, and only that.
    if (probed === 15021) return check.path === '/healthz/ready' && !check.tls ? undefined : `port 15021 answers /healthz/ready over HTTP only, the check asks ${check.path}`;
    const hop = network.podHop(workload, probed);
    if (!hop) return network.podHop(workload, traffic) && !workload.ports.some((each) => each.number === probed) ? `nothing on ${workload.ref} listens on port ${probed}` : undefined;
    const request = new Request({ method: 'GET', host: '10.0.0.1', port: probed, path: check.path, headers: [], tls: check.tls, source: {}, grpc: false });
    const [end] = new Walk(resolver).arrive(begin(request), hop, probed);
    const asked = `GET ${check.path} on port ${probed} of ${workload.ref}`;
    switch (end.kind) {
      case 'refused': return `${asked} is refused`;
      case 'responded':
      case 'redirected': return end.status === undefined || check.healthy(end.status) ? undefined : `${asked} is answered ${end.status}`;
      default: return undefined;
    }
  });
  return problems.length > 0 && problems.every((problem) => problem !== undefined) ? problems[0] : undefined;
}
