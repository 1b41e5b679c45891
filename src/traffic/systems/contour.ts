import { Workload } from '../cluster';
import { contourIngresses } from './contour/ingress';
import { classOf } from './contour/ingress-class';
import { contourListeners, ContourListeners } from './contour/listeners';
import { Hop } from '../network/hop';
import { SystemInput } from '../network/network';
import { origin } from '../network/origin';
import { recordsOf } from '../read/objects';

export { type ContourReading, readContour } from './contour/listeners';
export { normalPath } from './contour/paths';

/** Contour's Envoy as an entry: port 80 in the clear, port 443 by TLS server name. */
export function contour({ cluster, options, network }: SystemInput): void {
  const name = options.contour?.ingressClassNames?.[0] ?? 'contour';
  const ref = `IngressClass//${name}`;
  const here = origin(ref);
  let built: ContourListeners | undefined;
  const listeners = () => (built ??= contourListeners(here, cluster, options));
  const hop: Hop = {
    origin: here,
    title: `Envoy of IngressClass ${name}`,
    listener: (port) => (port === 80 ? listeners().http : port === 443 ? listeners().https : undefined),
    ports: () => [80, 443],
    hosts: () => listeners().hosts,
  };
  const ingresses = contourIngresses({ cluster, options });
  const used = cluster.all('projectcontour.io', 'HTTPProxy').length > 0 || ingresses.some((ingress) => classOf(ingress) !== '');
  const envoys = cluster.workloads.filter(isEnvoyOfContour);
  network.addEntry({ ref, hop, outermost: used && envoys.length === 0 });
  for (const ingress of ingresses) network.addEntry({ ref: ingress.ref, hop, outermost: false });
  network.onPods((workload, port) => {
    if (!envoys.includes(workload)) return undefined;
    const named = workload.ports.find((each) => each.number === port)?.name;
    const listens = named === 'http' || port === 8080 ? 80 : named === 'https' || port === 8443 ? 443 : undefined;
    return listens === undefined ? undefined : {
      ...hop,
      origin: origin(workload.ref),
      ports: () => [port],
      listener: (number) => (number === port ? hop.listener(listens) : undefined),
      hosts: () => hop.hosts!(listens),
    };
  });
}

// The Envoys of Contour's charts, and of its plain manifests.
function isEnvoyOfContour(workload: Workload): boolean {
  const labels = workload.podLabels;
  if (labels['app.kubernetes.io/component'] === 'envoy' && (labels['app.kubernetes.io/name'] ?? '').includes('contour')) return true;
  return labels.app === 'envoy' && recordsOf(workload.podSpec.containers).some((container) => container.name === 'shutdown-manager');
}
