import { platform } from '../../examples/eks-shared-gateway/platform';
import { orders } from '../../examples/eks-shared-gateway/team-orders';
import { users } from '../../examples/eks-shared-gateway/team-users';
import { only, synthesized } from '../synthesized';

const site = {
  certificate: 'arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555',
  webAcl: 'arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/web/11111111-2222-3333-4444-555555555555',
  repository: 'https://git.example.org/clusters.git',
  gateway: { name: 'front-door', namespace: 'edge', hosts: ['shop.example.org'], allowedNamespaces: ['orders', 'users'] },
};

const apps = { platform: platform(site), orders: orders(site.gateway), users: users(site.gateway) };
const written: Record<string, any[]> = Object.fromEntries(Object.values(apps).flatMap((app) => app.charts)
  .map((chart) => [chart.node.id, synthesized(chart)]));
const all = Object.values(written).flat();
const teams = ['orders', 'users'];

function named(kind: string, namespace: string, name: string): any {
  const found = all.filter((object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name);
  expect([kind, namespace, name, found.length]).toEqual([kind, namespace, name, 1]);
  return found[0];
}

test('three apps write five files, by owner', () => {
  expect(Object.values(apps).map((app) => app.charts.map((chart) => chart.node.id).sort()))
    .toEqual([['cluster', 'gateway', 'platform'], ['team-orders'], ['team-users']]);
});

test('every namespace that something stands in is made, and lets Istio complete its pods', () => {
  const made = written.cluster.map(({ metadata }) => metadata.name);
  const needed = new Set(all.filter(({ kind, metadata }) => kind !== 'Application' && metadata.namespace).map(({ metadata }) => metadata.namespace));
  expect(made.sort()).toEqual([...needed].sort());
  for (const { kind, metadata } of written.cluster) expect([kind, metadata.labels]).toEqual(['Namespace', { 'istio-injection': 'enabled' }]);
});

test.each(teams)('team %s stays in its namespace and builds nothing of the gateway', (team) => {
  expect(written[`team-${team}`].map(({ kind, metadata }) => `${metadata.namespace}/${kind}`).sort())
    .toEqual([`${team}/Deployment`, `${team}/Service`, `${team}/VirtualService`]);
});

test.each(teams)('A12, A3: the VirtualService of team %s is taken by the Gateway, and reaches pods', (team) => {
  const { spec } = only(written[`team-${team}`], 'VirtualService');
  expect(spec.gateways).toHaveLength(1);
  const [namespace, name] = spec.gateways[0].split('/');
  const gateway = named('Gateway', namespace, name);
  for (const host of spec.hosts) expect(gateway.spec.servers.flatMap((server: any) => server.hosts)).toContain(`${team}/${host}`);

  const [route, ...others] = spec.http;
  expect(others).toEqual([]);
  expect(route.match).toEqual([{ uri: { exact: `/api/v1/${team}` } }, { uri: { prefix: `/api/v1/${team}/` } }]);
  const { host, port } = route.route[0].destination;
  const [serviceName, serviceNamespace] = host.split('.');
  const service = named('Service', serviceNamespace, serviceName);
  const servicePort = service.spec.ports.find((each: any) => each.port === port.number);
  const deployment = only(written[`team-${team}`], 'Deployment');
  expect(deployment.spec.template.metadata.labels).toMatchObject(service.spec.selector);
  expect(deployment.spec.selector.matchLabels).toEqual(service.spec.selector);
  expect(deployment.spec.template.spec.containers[0].ports.map((each: any) => each.name)).toContain(servicePort.targetPort);
});

test('A10, S22: no path of one team covers a path of another', () => {
  const prefixes = teams.flatMap((team) => only(written[`team-${team}`], 'VirtualService').spec.http
    .flatMap((route: any) => route.match.map((match: any) => match.uri.prefix ?? match.uri.exact)));
  for (const one of prefixes) {
    expect(prefixes.filter((other) => other !== one && one.endsWith('/') && other.startsWith(one))).toEqual([]);
  }
});

test('A1, A4, S19: the load balancer reaches the gateway\'s pods, and asks the pods\' own status port', () => {
  const ingress = only(written.gateway, 'Ingress');
  const { name, port } = ingress.spec.rules[0].http.paths[0].backend.service;
  const service = named('Service', ingress.metadata.namespace, name);
  const pods = only(written.gateway, 'Deployment').spec.template;
  const ports = pods.spec.containers[0].ports.map((each: any) => each.containerPort);
  const { targetPort } = service.spec.ports.find((each: any) => each.port === port.number);
  expect(ports).toContain(targetPort);
  expect(ports).toContain(Number(ingress.metadata.annotations['alb.ingress.kubernetes.io/healthcheck-port']));
  expect(ingress.metadata.annotations['alb.ingress.kubernetes.io/target-type']).toBe('ip');
  const gateway = only(written.gateway, 'Gateway');
  expect(gateway.spec.servers.map((server: any) => server.port.number)).toEqual([port.number]);
  expect(pods.metadata.labels).toMatchObject(gateway.spec.selector);
  expect(pods.metadata.labels).toMatchObject(service.spec.selector);
});

test('S16, S17, S20: one load balancer, with a firewall, and port 80 leads to 443', () => {
  expect(all.filter(({ kind }) => kind === 'Ingress')).toHaveLength(1);
  expect(all.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.type)).toEqual(['ClusterIP', 'ClusterIP', 'ClusterIP']);
  expect(only(written.gateway, 'Ingress').metadata.annotations).toMatchObject({
    'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
    'alb.ingress.kubernetes.io/ssl-redirect': '443',
    'alb.ingress.kubernetes.io/wafv2-acl-arn': site.webAcl,
    'alb.ingress.kubernetes.io/certificate-arn': site.certificate,
  });
});

test('S26, A13: the gateway is synced after istiod, from the file that it is written to', () => {
  const waves = written.platform.map(({ metadata }) => [metadata.name, metadata.annotations['argocd.argoproj.io/sync-wave']]);
  expect(waves).toEqual([['istio-base', '0'], ['istiod', '1'], ['istio-gateway', '2']]);
  const { source } = only(written.platform, 'Application', 'istio-gateway').spec;
  expect(Object.keys(written).map((chart) => `${chart}.k8s.yaml`)).toContain(source.directory.include);
  expect(source.repoURL).toBe(site.repository);
});

test('what is said once changes everywhere', () => {
  const text = JSON.stringify(all);
  expect(text).not.toMatch(/istio-ingress|api\.example\.com|ap-northeast-1/);
  expect(text).toContain('edge/front-door');
});
