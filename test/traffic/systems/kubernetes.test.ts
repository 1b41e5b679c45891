import { app, deployment, namespace, object, outcome, service, short, trace } from '../traffic-fixtures';

const COMPLETE = { complete: true };
const to = (name: string, port = 80) => ({ url: `http://any:${port}/x`, entry: `Service/web/${name}` });
const curl = deployment('web/curl');
const from = (url: string) => ({ url, from: 'Deployment/web/curl' });

describe('Services', () => {
  test.each([
    ['target port by number', [service('web/a', ['80:8080']), deployment('web/a')], 80, 'web/a:80'], ['by name', [service('web/a', ['80:http']), deployment('web/a', { ports: [{ name: 'http', containerPort: 8080 }] })], 80, 'web/a:80'],
    ['a name that no container has', [service('web/a', ['80:htpp']), deployment('web/a', { ports: [{ name: 'http', containerPort: 8080 }] })], 80, 'refused'], ['a port that it has not', [service('web/a', ['80:8080']), deployment('web/a')], 81, 'refused'],
    ['no pods', [service('web/a')], 80, 'refused'], ['pods of another namespace', [service('web/a'), deployment('other/a')], 80, 'refused'], ['pods with other labels', [service('web/a', [80], { selector: { app: 'a', tier: 'x' } }), deployment('web/a')], 80, 'refused'],
    ['no selector', [service('web/a', [80], { selector: undefined })], 80, 'web/a:80 ?'], ['no pod runs', [service('web/a'), deployment('web/a', { spec: { replicas: 0 } })], 80, 'refused ?'],
  ])('%s', (_, objects, port, expected) => expect(short(objects, to('a', port), COMPLETE)).toBe(expected));
  test('what the input lacks is assumed', () => {
    expect(outcome([service('web/a')], to('a'))).toMatchObject({ kind: 'delivered', certainty: 'assumed', assumptions: ['Service/web/a has ready pods'] });
  });
  test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'])('pods of a %s', (kind) => expect(short([service('web/a'), deployment('web/a', { kind })], to('a'), COMPLETE)).toBe('web/a:80'));
  test('pods of other kinds', () => {
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main' }] } };
    for (const each of [object('v1', 'ReplicationController', 'web/a', { template }), object('batch/v1', 'Job', 'web/a', { template }), object('batch/v1', 'CronJob', 'web/a', { jobTemplate: { spec: { template } } }),
      object('argoproj.io/v1alpha1', 'Rollout', 'web/a', { template }), object('v1', 'Pod', 'web/a', template.spec, { labels: { app: 'a' } })]) {
      expect(short([service('web/a'), each], to('a'), COMPLETE)).toBe('web/a:80');
    }
  });
  test('pods that a controller made are its own', () => {
    const owner = { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'a-5f', controller: true }] };
    const made = object('v1', 'Pod', 'web/a-5f-x', { containers: [{ name: 'main' }] }, { labels: { app: 'a' }, ...owner });
    const found = trace([service('web/a'), deployment('web/a'), made], to('a'), COMPLETE);
    expect(found.outcomes).toHaveLength(1);
    expect(found.outcomes[0]).toMatchObject({ kind: 'delivered', certainty: 'certain' });
  });
  test('several workloads behind one', () => {
    expect(short([service('web/a', [80], { selector: { tier: 'x' } }), deployment('web/a', { labels: { tier: 'x', v: '1' } }), deployment('web/b', { labels: { tier: 'x', v: '2' } })], to('a'), COMPLETE)).toBe('web/a:80');
    const named = [service('web/a', ['80:http'], { selector: { tier: 'x' } }), deployment('web/a', { labels: { tier: 'x' }, ports: [{ name: 'http', containerPort: 8080 }] }), deployment('web/b', { labels: { tier: 'x' } })];
    expect(short(named, to('a'), COMPLETE)).toBe('web/a:80');
  });
  test('several that treat a request differently leave it open', () => {
    const dapr = { 'dapr.io/enabled': 'true', 'dapr.io/app-id': 'x', 'dapr.io/sidecar-listen-addresses': '0.0.0.0' };
    const objects = [service('web/a', ['80:3500'], { selector: { tier: 'x' } }), deployment('web/a', { labels: { tier: 'x', v: '1' }, annotations: dapr }), deployment('web/b', { labels: { tier: 'x', v: '2' } })];
    expect(trace(objects, to('a'), COMPLETE).outcomes[0]).toMatchObject({ kind: 'undetermined' });
  });
});

describe('ExternalName', () => {
  const external = (name: string, externalName: string) => object('v1', 'Service', `web/${name}`, { type: 'ExternalName', externalName });
  test.each([
    ['outside', [external('out', 'api.example.org')], 'Host api.example.org:80'], ['inside', [external('out', 'a.web.svc.cluster.local'), ...app('web/a')], 'web/a:80'],
    ['inside, to nothing', [external('out', 'gone.web.svc.cluster.local')], 'refused'], ['inside, to a port that is not there', [external('out', 'a.web.svc.cluster.local'), service('web/a', [81]), deployment('web/a')], 'refused'],
    ['round in a circle', [external('out', 'out.web.svc.cluster.local')], 'refused'],
  ])('%s', (_, objects, expected) => expect(short([...objects, curl], from('http://out/'), COMPLETE)).toBe(expected));
});

describe('names, for a pod without a sidecar', () => {
  test.each([
    ['http://a/', 'web/a:80'], ['http://a.web/', 'web/a:80'], ['http://a.web.svc/', 'web/a:80'], ['http://a.web.svc.cluster.local/', 'web/a:80'], ['http://a.web.svc.cluster.local./', 'web/a:80'], ['http://A.web.svc.cluster.local/', 'web/a:80'],
    ['http://gone/', 'refused'], ['http://gone.web.svc/', 'refused'], ['http://a.web.svc.other/', 'Host a.web.svc.other:80'], ['http://example.org/', 'Host example.org:80'], ['https://a/', 'refused'],
  ])('%s', (url, expected) => expect(short([...app('web/a'), curl], from(url), COMPLETE)).toBe(expected));
  test('the cluster\'s own domain', () => expect(short([...app('web/a'), curl], from('http://a.web.svc.corp.test/'), { ...COMPLETE, clusterDomain: 'corp.test' })).toBe('web/a:80'));
  test('a headless Service changes no port', () => {
    const objects = [service('web/a', ['80:8080'], { clusterIP: 'None' }), deployment('web/a', { kind: 'StatefulSet', ports: [8080] }), curl];
    expect(short(objects, from('http://a:8080/'), COMPLETE)).toBe('web/a:80');
    expect(short(objects, from('http://a/'), COMPLETE)).toBe('refused');
    expect(short(objects, from('http://a-0.a.web.svc.cluster.local:8080/'), COMPLETE)).toBe('web/a:80');
    expect(short([service('web/a', ['80:8080'], { clusterIP: 'None' }), curl], from('http://a/'))).toBe('web/a:80 ?');
  });
  test('who is not in the input', () => {
    expect(() => trace([curl], { url: 'http://a/', from: 'Deployment/web/curly' })).toThrow('Deployment/web/curly');
    expect(() => trace([curl], { url: 'http://a/', entry: 'Service/web/curl' })).toThrow('did you mean Deployment/web/curl');
  });
});

describe('NetworkPolicies', () => {
  const policy = (spec: any, name = 'web/p') => object('networking.k8s.io/v1', 'NetworkPolicy', name, { podSelector: { matchLabels: { app: 'a' } }, ...spec });
  const spaces = [namespace('web', { team: 'shop' }), namespace('edge', { team: 'edge' })];
  const senders = [curl, deployment('edge/proxy')];
  const ask = (spec: any, sender = 'Deployment/web/curl') => short([...spaces, ...senders, service('web/a', ['80:8080']), deployment('web/a', { ports: [{ name: 'web', containerPort: 8080 }] }), policy(spec)], { url: 'http://a.web/', from: sender }, COMPLETE);
  const edge = 'Deployment/edge/proxy';
  test.each([
    ['nobody', { policyTypes: ['Ingress'] }, undefined, 'refused'], ['egress alone', { policyTypes: ['Egress'] }, undefined, 'web/a:80'], ['other pods', { podSelector: { matchLabels: { app: 'b' } } }, undefined, 'web/a:80'], ['all pods of the namespace', { podSelector: {} }, undefined, 'refused'],
    ['everybody', { ingress: [{}] }, undefined, 'web/a:80'], ['the port', { ingress: [{ ports: [{ port: 8080 }] }] }, undefined, 'web/a:80'], ['another port', { ingress: [{ ports: [{ port: 80 }] }] }, undefined, 'refused'], ['a port by name', { ingress: [{ ports: [{ port: 'web' }] }] }, undefined, 'web/a:80'],
    ['a range', { ingress: [{ ports: [{ port: 8000, endPort: 9000 }] }] }, undefined, 'web/a:80'], ['UDP', { ingress: [{ ports: [{ protocol: 'UDP', port: 8080 }] }] }, undefined, 'refused'], ['any port', { ingress: [{ ports: [{ protocol: 'TCP' }] }] }, undefined, 'web/a:80'],
    ['pods of the namespace', { ingress: [{ from: [{ podSelector: {} }] }] }, undefined, 'web/a:80'], ['not those of others', { ingress: [{ from: [{ podSelector: {} }] }] }, edge, 'refused'],
    ['a namespace', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'edge' } } }] }] }, edge, 'web/a:80'], ['a namespace by name', { ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'edge' } } }] }] }, edge, 'web/a:80'],
    ['pods of a namespace', { ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'proxy' } } }] }] }, edge, 'web/a:80'], ['other pods of it', { ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'x' } } }] }] }, edge, 'refused'],
    ['addresses', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }, undefined, 'web/a:80 ?'],
  ])('%s', (_, spec, sender, expected) => expect(ask(spec, sender)).toBe(expected));
  test('of a client outside, by its address', () => {
    const objects = [service('web/a'), deployment('web/a'), policy({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }] })];
    expect(short(objects, { ...to('a'), sourceIp: '10.0.0.1' }, COMPLETE)).toBe('web/a:80');
    expect(short(objects, { ...to('a'), sourceIp: '10.1.0.1' }, COMPLETE)).toBe('refused');
    expect(outcome(objects, to('a'), COMPLETE).assumptions).toEqual(['NetworkPolicy/web/p lets the sender in']);
  });
  test('two policies open what either opens; which pods are closed is chance', () => {
    const objects = [curl, service('web/a', [80], { selector: { tier: 'x' } }), deployment('web/a', { labels: { tier: 'x', app: 'a' } }), deployment('web/b', { labels: { tier: 'x', app: 'b' } }), policy({})];
    expect(trace(objects, from('http://a/'), COMPLETE).outcomes[0].kind).toBe('undetermined');
    expect(short([...objects, policy({ ingress: [{}] }, 'web/q')], from('http://a/'), COMPLETE)).toBe('web/a:80');
  });
});
