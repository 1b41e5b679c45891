import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import * as kplus33 from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { platform } from '../../src';
import { amend } from '../../src/platform/manifest';
import { ObservedService, ObservedWorkload } from '../../src/platform/observed';
import { chart } from '../synthesized';

const WHO = 'DaprIngress web/edge';
const metadata = { name: 'shop' };
const template = { metadata: { labels: { app: 'shop' }, annotations: { note: 'x' } }, spec: { containers: [] } };

test.each([
  ['cdk8s-plus-27', (scope: Construct) => new kplus.Deployment(scope, 'Shop', {
    metadata, replicas: 3, select: false, podMetadata: { labels: { app: 'shop' } }, containers: [{ image: 'nginx:1', port: 8080 }],
  })],
  ['cdk8s-plus-33', (scope: Construct) => new kplus33.Deployment(scope, 'Shop', {
    metadata, replicas: 3, select: false, podMetadata: { labels: { app: 'shop' } }, containers: [{ image: 'nginx:1', port: 8080 }],
  })],
])('reads a Deployment of %s', (_, build) => {
  const workload = new ObservedWorkload(build(chart()), WHO);
  expect([workload.kind, workload.name, workload.namespace, workload.reference, workload.replicas])
    .toEqual(['Deployment', 'shop', 'web', 'Deployment/web/shop', 3]);
  expect(workload.podLabels).toMatchObject({ app: 'shop' });
  expect(workload.podSpec.containers[0].ports[0].containerPort).toBe(8080);
});

test.each([
  ['Deployment', { spec: { selector: { matchLabels: { a: 'b' } }, template } }, { a: 'b' }],
  ['StatefulSet', { spec: { template } }, { app: 'shop' }],
  ['CronJob', { spec: { jobTemplate: { spec: { template } } } }, { app: 'shop' }],
  ['Rollout', { spec: { template } }, { app: 'shop' }],
])('reads a plain %s', (kind, manifest, matchLabels) => {
  const workload = new ObservedWorkload(new ApiObject(chart(), 'Shop', { apiVersion: 'x/v1', kind, metadata, ...manifest }), WHO);
  expect(workload.podLabels).toEqual({ app: 'shop' });
  expect(workload.podAnnotations).toEqual({ note: 'x' });
  expect(workload.podSpec).toEqual({ containers: [] });
  expect(workload.matchLabels).toEqual(matchLabels);
  expect(workload.replicas).toBeUndefined();
});

test('reads a Pod, whose labels are its own', () => {
  const pod = new ApiObject(chart(), 'Shop', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop', labels: { app: 'shop' } }, spec: { containers: [{ name: 'x' }] } });
  const workload = new ObservedWorkload(pod, WHO);
  expect(workload.podLabels).toEqual({ app: 'shop' });
  expect(workload.matchLabels).toEqual({ app: 'shop' });
  expect(workload.podSpec).toEqual({ containers: [{ name: 'x' }] });
});

test('a workload that says little has empty labels, not an error', () => {
  const workload = new ObservedWorkload(new ApiObject(chart(), 'Shop', { apiVersion: 'apps/v1', kind: 'Deployment', metadata }), WHO);
  expect([workload.podLabels, workload.podAnnotations, workload.podSpec, workload.matchLabels]).toEqual([{}, {}, {}, {}]);
});

test('what changes until synthesis is seen', () => {
  const scope = chart();
  const workload = new ObservedWorkload(new ApiObject(scope, 'Shop', { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { template } }), WHO);
  amend(workload.apiObject, (manifest) => { manifest.spec.template.metadata.labels.late = 'yes'; });
  expect(workload.podLabels).toEqual({ app: 'shop', late: 'yes' });
});

test.each([
  ['cdk8s-plus-27', (scope: Construct) => new kplus.Service(scope, 'Shop', { metadata, ports: [{ name: 'http', port: 80, targetPort: 8080 }] })],
  ['this library', (scope: Construct) => new platform.Service(scope, 'Shop', { ports: [{ name: 'http', port: 80, targetPort: 8080 }] })],
])('reads a Service of %s', (_, build) => {
  const service = new ObservedService(build(chart()), WHO);
  expect([service.name, service.namespace, service.reference]).toEqual(['shop', 'web', 'Service/web/shop']);
  expect(service.ports).toEqual([expect.objectContaining({ name: 'http', port: 80, targetPort: 8080 })]);
});

test('reads the selector of a Service, and none where there is none', () => {
  const scope = chart();
  const plain = new ApiObject(scope, 'Plain', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain' } });
  expect([new ObservedService(plain, WHO).selector, new ObservedService(plain, WHO).ports]).toEqual([{}, []]);
  const selecting = new platform.Service(scope, 'Shop', { ports: [{ name: 'http', port: 80 }], selector: { app: 'shop' } });
  expect(new ObservedService(selecting, WHO).selector).toEqual({ app: 'shop' });
});

test('refuses what is something else', () => {
  const scope = chart();
  const service = new platform.Service(scope, 'Shop', { ports: [{ name: 'http', port: 80 }] });
  expect(() => new ObservedWorkload(service, WHO)).toThrow('DaprIngress web/edge: expected a workload (Deployment, StatefulSet, ');
  expect(() => new ObservedWorkload(service, WHO)).toThrow('got Service/web/shop');
  const deployment = new kplus.Deployment(scope, 'App', { metadata: { name: 'app' }, containers: [{ image: 'nginx:1', port: 80 }] });
  expect(() => new ObservedService(deployment, WHO)).toThrow('DaprIngress web/edge: expected a Service, got Deployment/web/app');
  const empty = new Construct(scope, 'Empty');
  expect(() => new ObservedService(empty, WHO)).toThrow('which has no API object of its own');
  expect(() => new ObservedWorkload(empty, WHO)).toThrow('which has no API object of its own');
});
