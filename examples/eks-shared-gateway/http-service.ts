import { Chart, Size } from 'cdk8s';
import { Cpu, Deployment, LabelSelector, Probe } from 'cdk8s-plus-27';
import { platform } from 'cdk8s-traffic';

/** How the teams run an HTTP service: two pods, probed and unprivileged, reached on port 80. */
export function httpService(team: Chart, name: string): platform.Service {
  const labels = { app: name };
  const pods = new Deployment(team, 'Deployment', { metadata: { name }, replicas: 2, select: false, podMetadata: { labels } });
  pods.select(LabelSelector.of({ labels }));
  pods.addContainer({
    name,
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.53',
    args: ['netexec', '--http-port=8080', '--udp-port=-1'],
    ports: [{ name: 'http', number: 8080 }],
    readiness: Probe.fromHttpGet('/healthz', { port: 8080 }),
    liveness: Probe.fromHttpGet('/healthz', { port: 8080 }),
    resources: { cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) } },
    securityContext: { user: 65534 },
  });
  return new platform.Service(team, 'Service', { name, selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http', appProtocol: 'http' }] });
}
