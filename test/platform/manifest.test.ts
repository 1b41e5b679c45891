import { ApiObject, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { amend, apiObjectOf, findApiObject, keepPatches, mergePodMetadata, podTemplateOf, referenceOf, sortKeys } from '../../src/platform/manifest';
import { chart, only, synthesized } from '../synthesized';

const container = { image: 'nginx:1', port: 80 };

test('finds the object behind a construct of any library, and says who looked for it in vain', () => {
  const scope = chart();
  const deployment = new kplus.Deployment(scope, 'Shop', { containers: [container] });
  const plain = new ApiObject(scope, 'Plain', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'plain' } });
  expect(findApiObject(deployment)).toBe(ApiObject.of(deployment));
  expect(apiObjectOf(plain, 'x', 'y')).toBe(plain);
  const empty = new Construct(scope, 'Empty');
  expect(findApiObject(empty)).toBeUndefined();
  expect(() => apiObjectOf(empty, 'DaprIngress web/edge', 'a Service'))
    .toThrow('DaprIngress web/edge: expected a Service, got the construct "test/Empty", which has no API object of its own');
  expect(referenceOf(plain)).toBe('ConfigMap/web/plain');
});

test('amendments change the finished manifest, in order, and once each time', () => {
  const scope = chart();
  const object = ApiObject.of(new kplus.Deployment(scope, 'Shop', { metadata: { name: 'shop' }, containers: [container] }));
  amend(object, (manifest) => { manifest.spec.brandNew = ['a']; });
  amend(object, (manifest) => { manifest.spec.brandNew.push('b'); });
  expect(object.toJson().spec.brandNew).toEqual(['a', 'b']);
  expect(object.toJson().spec.brandNew).toEqual(['a', 'b']);
  expect(only(synthesized(scope), 'Deployment').spec.brandNew).toEqual(['a', 'b']);
});

test('an amendment of one object leaves others as they are', () => {
  const scope = chart();
  const [one, two] = ['one', 'two'].map((name) => ApiObject.of(new kplus.Deployment(scope, name, { metadata: { name }, containers: [container] })));
  amend(one, (manifest) => { manifest.spec.replicas = 7; });
  expect(one.toJson().spec.replicas).toBe(7);
  expect(two.toJson().spec.replicas).toBe(2);
});

test('patches of unknown fields are lost by cdk8s-plus, and arrive where they are kept', () => {
  const scope = chart();
  const [lost, kept] = ['lost', 'kept'].map((name) => new kplus.Deployment(scope, name, { metadata: { name }, containers: [container] }));
  const patch = JsonPatch.add('/spec/template/spec/brandNew', { clusterIP: 1 });
  keepPatches(kept);
  for (const each of [lost, kept]) ApiObject.of(each).addJsonPatch(patch);
  expect(only(synthesized(scope), 'Deployment', 'lost').spec.template.spec.brandNew).toBeUndefined();
  expect(only(synthesized(scope), 'Deployment', 'kept').spec.template.spec.brandNew).toEqual({ clusterIP: 1 });
});

test('patches come after all amendments, whichever was written first', () => {
  const scope = chart();
  const deployment = new kplus.Deployment(scope, 'Shop', { metadata: { name: 'shop' }, containers: [container] });
  const object = keepPatches(deployment);
  object.addJsonPatch(JsonPatch.replace('/spec/replicas', 9), JsonPatch.add('/spec/x', 1));
  amend(object, (manifest) => { manifest.spec.replicas = 7; });
  expect(object.toJson().spec).toMatchObject({ replicas: 9, x: 1 });
  expect(object.toJson().spec).toMatchObject({ replicas: 9, x: 1 });
});

test('patches that were there before are kept too', () => {
  const scope = chart();
  const deployment = new kplus.Deployment(scope, 'Shop', { metadata: { name: 'shop' }, containers: [container] });
  ApiObject.of(deployment).addJsonPatch(JsonPatch.replace('/spec/replicas', 9));
  expect(keepPatches(deployment).toJson().spec.replicas).toBe(9);
});

test.each([
  ['Deployment', { spec: { template: 'T' } }, 'T'],
  ['StatefulSet', { spec: { template: 'T' } }, 'T'],
  ['Job', { spec: { template: 'T' } }, 'T'],
  ['CronJob', { spec: { jobTemplate: { spec: { template: 'T' } } } }, 'T'],
  ['CronJob', {}, undefined],
  ['ConfigMap', {}, undefined],
])('the pod template of a %s', (kind, manifest, template) => {
  expect(podTemplateOf({ kind, ...manifest })).toEqual(template);
});

test('a Pod is its own template, and nothing has none', () => {
  const pod = { kind: 'Pod', metadata: {}, spec: {} };
  expect(podTemplateOf(pod)).toBe(pod);
  expect(podTemplateOf(undefined)).toBeUndefined();
});

test('pod metadata is merged in order, and an empty addition leaves no trace', () => {
  const template: any = {};
  mergePodMetadata(template, { labels: {}, annotations: undefined });
  expect(template).toEqual({ metadata: {} });
  mergePodMetadata(template, { labels: { b: '1' }, annotations: { z: '1' } });
  mergePodMetadata(template, { labels: { a: '2', b: '3' } });
  expect(template).toEqual({ metadata: { labels: { a: '2', b: '3' }, annotations: { z: '1' } } });
  expect(Object.keys(template.metadata.labels)).toEqual(['a', 'b']);
});

test('keys are in order', () => {
  expect(Object.keys(sortKeys({ b: 1, a: 2, B: 3 }))).toEqual(['B', 'a', 'b']);
});
