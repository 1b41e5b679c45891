import { Cluster, ClusterService } from '../cluster';
import { Action, Destination } from '../network/action';
import { Chain, Hop, Listener } from '../network/hop';
import { Network, SystemInput } from '../network/network';
import { origin, within } from '../network/origin';
import { TrafficModelOptions } from '../options';
import { targetPort } from './kubernetes';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Services of type LoadBalancer: each is an entry that hands connections to its pods, some ending TLS before. */
export function loadBalancerServices({ cluster, options, network }: SystemInput): void {
  for (const service of cluster.services) {
    if (service.type !== 'LoadBalancer') continue;
    network.addEntry({ ref: service.ref, hop: loadBalancer(service, cluster, network), outermost: !isInternal(service, options) });
  }
}

function loadBalancer(service: ClusterService, cluster: Cluster, network: Network): Hop {
  const here = origin(service.ref);
  const { annotations } = service.object;
  const securePorts = annotations[`${AWS}ssl-cert`] === undefined ? undefined : (annotations[`${AWS}ssl-ports`] ?? '*').split(',').map((each) => each.trim());
  const secureBackend = /^(ssl|https|tls)$/i.test(annotations[`${AWS}backend-protocol`] ?? '');
  const listener = (number: number): Listener | undefined => {
    const port = service.ports.find((each) => each.port === number);
    if (!port) return undefined;
    const at = within(here, `spec.ports[${port.index}]`);
    const ends = securePorts?.some((each) => each === '*' || each === String(number) || each === port.name) ?? false;
    const destination: Destination = {
      kind: 'service', namespace: service.namespace, name: service.name, port: number, missing: 'refuse', empty: 'refuse', tls: ends ? secureBackend : undefined,
    };
    const forward: Action = { kind: 'forward', targets: [{ origin: at, weight: 1, destination, transforms: [] }] };
    const action: Action = annotations[`${AWS}proxy-protocol`] === '*'
      ? { kind: 'assume', assumption: `the pods behind ${service.ref} take connections that begin with the PROXY protocol`, then: forward }
      : forward;
    const handling: Chain['handling'] = { kind: 'tcp', action };
    return { origin: at, chains: ends ? [{ origin: at, tls: 'terminate', handling }] : (['none', 'pass'] as const).map((tls) => ({ origin: at, tls, handling })) };
  };
  // It knows the hosts that what stands behind it knows.
  const hosts = (number: number): string[] => {
    const port = service.ports.find((each) => each.port === number);
    const behind = cluster.behind(service).map((workload) => ({ workload, pod: port && targetPort(port, workload) }))
      .map(({ workload, pod }) => (pod === undefined ? undefined : network.podHop(workload, pod)?.hosts?.(pod)));
    return behind.length === 0 || behind.some((each) => each === undefined) ? ['*'] : behind.flatMap((each) => [...each!]);
  };
  return { origin: here, title: `load balancer of ${service.ref}`, listener, ports: () => service.ports.map((port) => port.port), hosts };
}

/** Whether only the network of the cloud account reaches it. */
export function isInternal(service: ClusterService, options: TrafficModelOptions): boolean {
  const { annotations } = service.object;
  const scheme = annotations[`${AWS}scheme`];
  if (scheme !== undefined) return scheme !== 'internet-facing';
  if (annotations[`${AWS}internal`] !== undefined) return annotations[`${AWS}internal`] !== 'false';
  const loadBalancerClass = service.object.spec.loadBalancerClass;
  const onAws = loadBalancerClass === 'service.k8s.aws/nlb' || Object.keys(annotations).some((key) => key.startsWith(AWS));
  // The AWS Load Balancer Controller makes internal ones unless told otherwise; the cloud's own code public ones.
  if (onAws) return options.aws?.loadBalancerController !== false;
  return annotations['networking.gke.io/load-balancer-type'] === 'Internal' || annotations['cloud.google.com/load-balancer-type'] === 'Internal'
    || annotations['service.beta.kubernetes.io/azure-load-balancer-internal'] === 'true';
}
