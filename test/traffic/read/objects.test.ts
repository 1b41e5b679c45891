import { DEPLOYMENT, SERVICE } from './folder';
import { TrafficModel } from '../../../src';
import { Model } from '../../../src/traffic/model';
import { readElements } from '../../../src/traffic/read/elements';
import { readYaml } from '../../../src/traffic/read/yaml';

const yaml = (...texts: string[]) => texts.flatMap((text) => [...readYaml(text)].map((document) => document.value));
const refs = (...objects: any[]) => readElements(objects).map((object) => object.ref);
const outcomes = (objects: any[], entry = 'Service/web/shop', port = 80) => TrafficModel.fromObjects(objects, { complete: true }).trace({ url: `http://shop.web:${port}/`, entry }).outcomes;
const delivered = { kind: 'delivered', certainty: 'certain', destination: { kind: 'Service', namespace: 'web', name: 'shop' } };

describe('TrafficModel.fromObjects', () => {
  test.each([
    [undefined, 'element 1 is no object with apiVersion and kind, but nothing'],
    [null, 'element 1 is no object with apiVersion and kind, but nothing'],
    ['canary', 'element 1 is no object with apiVersion and kind, but a string'],
    [[], 'element 1 is no object with apiVersion and kind, but a list'],
    [{ data: { password: 'canary' } }, 'element 1 is no object with apiVersion and kind, but an object without apiVersion and kind'],
    [{ apiVersion: 'v1', kind: 7 }, 'element 1 is no object with apiVersion and kind, but an object without kind'],
    [{ apiVersion: 'v1', kind: 'List', items: ['canary'] }, 'element 1.items[0] is no object with apiVersion and kind, but a string'],
  ])('throws for %j, and does not quote it', (element, message) => {
    expect(() => TrafficModel.fromObjects([...yaml(SERVICE), element])).toThrow(message);
    expect(() => TrafficModel.fromObjects([...yaml(SERVICE), element])).not.toThrow('canary');
  });

  test('throws for a List that holds itself', () => {
    const list: any = { apiVersion: 'v1', kind: 'List', items: [] };
    list.items.push(list);
    expect(() => TrafficModel.fromObjects([list])).toThrow('is a List in too many Lists');
  });

  test('throws for nothing else', () => {
    const wrong = [null, 7, 'x', [], {}, [null], [7], { x: null }];
    for (const kind of ['Service', 'Deployment', 'Pod', 'Secret', 'Namespace', 'List', 'PodList', 'CustomResourceDefinition']) {
      for (const value of wrong) {
        const objects = [
          { apiVersion: 'v1', kind, metadata: value }, { apiVersion: 'v1', kind, spec: value, data: value, stringData: value, items: [] },
          { apiVersion: 'v1', kind, metadata: { name: value, namespace: value, labels: value, annotations: value, ownerReferences: value, creationTimestamp: value } },
        ];
        expect(() => TrafficModel.fromObjects(objects).trace({ url: 'http://a/' })).not.toThrow();
      }
    }
  });

  test('does not change what it is given', () => {
    const objects = yaml(SERVICE, DEPLOYMENT, 'apiVersion: v1\nkind: Secret\nmetadata: { name: s }\ndata: { a: YQ== }');
    const before = JSON.stringify(objects);
    outcomes(objects);
    expect(JSON.stringify(objects)).toBe(before);
  });

  test('opens Lists', () => {
    expect(outcomes([{ apiVersion: 'v1', kind: 'List', items: yaml(SERVICE, DEPLOYMENT) }])).toMatchObject([delivered]);
  });

  test('the model as JSON says nothing', () => {
    expect(JSON.stringify(TrafficModel.fromObjects(yaml(SERVICE)))).toBe('{}');
  });
});

describe('identity', () => {
  test('objects of namespaced kinds are in the default namespace, those of the cluster in none', () => {
    const objects = [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', namespace: 'x' } }];
    expect(refs(...objects)).toEqual(['Service/default/s', 'Namespace//n']);
    expect(readElements(objects, 'team').map((object) => object.ref)).toEqual(['Service/team/s', 'Namespace//n']);
    const bare = yaml(SERVICE.replace(', namespace: web', ''), DEPLOYMENT.replace(', namespace: web', ''));
    expect(TrafficModel.fromObjects(bare, { defaultNamespace: 'team' }).trace({ url: 'http://s/', entry: 'Service/team/shop' }).outcomes).toMatchObject([{ kind: 'delivered' }]);
  });

  test('a CustomResourceDefinition says whether its kind belongs to the cluster', () => {
    const definition = (scope: string) => ({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'd' }, spec: { group: 'a.b', scope, names: { kind: 'K' } } });
    const object = { apiVersion: 'a.b/v1', kind: 'K', metadata: { name: 'k' } };
    expect(refs(object, definition('Cluster'))[0]).toBe('K//k');
    expect(refs(object, definition('Namespaced'))[0]).toBe('K/default/k');
  });

  test('of two objects the last counts, whatever their versions, and the first is remembered', () => {
    const [first] = yaml(SERVICE.replace('8080', '9090'));
    const [last] = yaml(SERVICE);
    const model = Model.fromObjects([first, ...yaml(DEPLOYMENT), last], { complete: true });
    expect(model.trace({ url: 'http://s/', entry: 'Service/web/shop' }).outcomes).toMatchObject([delivered]);
    expect(model.replaced.map((object) => object.raw)).toEqual([first]);
    expect(Model.fromObjects(yaml(SERVICE, DEPLOYMENT)).replaced).toEqual([]);
  });

  test('objects whose names the API server makes up are all there', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' } };
    expect(Model.fromObjects([job, job]).replaced).toEqual([]);
  });

  test('creationTimestamp is read as text and as a date', () => {
    const created = (creationTimestamp: any) => readElements([{ apiVersion: 'v1', kind: 'Pod', metadata: { creationTimestamp } }])[0].created;
    expect([created('2026-01-02T03:04:05Z'), created(new Date(5)), created('yesterday'), created(null)]).toEqual([Date.UTC(2026, 0, 2, 3, 4, 5), 5, undefined, undefined]);
  });
});

describe('what a live cluster adds', () => {
  const owned = (apiVersion: string, kind: string, name: string, owner: [string, string, string], labels: any = {}) => ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'web', labels, ownerReferences: [{ apiVersion: owner[0], kind: owner[1], name: owner[2], uid: 'u', controller: true }] },
  });
  const template = yaml(DEPLOYMENT)[0].spec.template;
  const labels = { 'app': 'shop', 'pod-template-hash': '5d4f' };
  const replicaSet = { ...owned('apps/v1', 'ReplicaSet', 'shop-5d4f', ['apps/v1', 'Deployment', 'shop'], labels), spec: { template: { ...template, metadata: { labels } } } };
  const pod = (name: string) => ({ ...owned('v1', 'Pod', `shop-5d4f-${name}`, ['apps/v1', 'ReplicaSet', 'shop-5d4f'], labels), spec: template.spec, status: { podIP: '10.0.0.1' } });
  const workloads = (...objects: any[]) => outcomes([...yaml(SERVICE), ...objects]);

  test('generated objects are not counted twice, with whichever of their owners', () => {
    for (const objects of [[...yaml(DEPLOYMENT), replicaSet, pod('a'), pod('b')], [...yaml(DEPLOYMENT), pod('a'), pod('b')], [replicaSet, pod('a'), pod('b')], [pod('a'), pod('b')]]) {
      expect(workloads(...objects)).toMatchObject([delivered]);
      expect(workloads(...objects.reverse())).toMatchObject([delivered]);
      expect(outcomes([...yaml(SERVICE), ...objects], 'Pod/web/shop-5d4f-b', 8080)).toMatchObject([{ kind: 'delivered', certainty: 'certain' }]);
    }
  });

  test('a pod of the input can be entered, one that is not cannot', () => {
    expect(() => outcomes([...yaml(SERVICE, DEPLOYMENT), replicaSet, pod('a')], 'Pod/web/shop-5d4f-z')).toThrow('entry Pod/web/shop-5d4f-z is not in the input');
  });

  test('pods that something else made count for themselves', () => {
    const made = owned('v1', 'Pod', 'shop-node', ['v1', 'Node', 'node'], { app: 'shop' });
    expect(workloads({ ...made, spec: template.spec })).toMatchObject([delivered]);
    const operated = owned('apps/v1', 'Deployment', 'shop', ['example.com/v1', 'Shop', 'shop']);
    expect(workloads({ ...operated, spec: yaml(DEPLOYMENT)[0].spec })).toMatchObject([delivered]);
  });

  test('owners in a circle are no end', () => {
    const a = owned('apps/v1', 'ReplicaSet', 'a', ['apps/v1', 'ReplicaSet', 'b']);
    const b = owned('apps/v1', 'ReplicaSet', 'b', ['apps/v1', 'ReplicaSet', 'a']);
    expect(() => outcomes([a, b], 'ReplicaSet/web/a')).toThrow('is not in the input');
  });

  test('endpoints, status and managedFields change nothing', () => {
    const [service] = yaml(SERVICE);
    const live = {
      ...service,
      metadata: { ...service.metadata, uid: 'u', resourceVersion: '1', managedFields: [{ manager: 'kubectl' }] },
      status: { loadBalancer: { ingress: [{ ip: '1.2.3.4' }] } },
    };
    const slice = owned('discovery.k8s.io/v1', 'EndpointSlice', 'shop-x', ['v1', 'Service', 'shop'], { 'kubernetes.io/service-name': 'shop' });
    expect(outcomes([live, slice, ...yaml(DEPLOYMENT)])).toEqual(workloads(...yaml(DEPLOYMENT)));
  });
});
