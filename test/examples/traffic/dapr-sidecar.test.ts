import { answers, changed, writtenExample } from './written-example';
import { TrafficModel } from '../../../src';
import { stranger } from '../../traffic/examples-envoy';

const { objects: written } = writtenExample('dapr-sidecar');
const objects = [...written, stranger('projectcontour', 'proxy'), stranger('batch', 'other'), stranger('elsewhere', 'other')];
const proxy = 'Deployment/projectcontour/proxy';
const main = 'Deployment/batch/main';
const others = ['Deployment/batch/other', 'Deployment/elsewhere/other'];

test('the front proxy reaches the application', () => {
  const [outcome] = TrafficModel.fromObjects(objects).trace({ url: 'http://main.batch:9000/batchstatus', from: proxy }).outcomes;
  expect(outcome).toMatchObject({ kind: 'delivered', certainty: 'certain', destination: { kind: 'Service', namespace: 'batch', name: 'main', port: 9000 }, request: { path: '/batchstatus' } });
});

test.each(others)('%s reaches nothing of it', (from) => {
  for (const path of ['/batchstatus', '/.internal/batch', '/']) {
    expect(answers(objects, { url: `http://main.batch.svc.cluster.local:9000${path}`, method: 'POST', from })).toEqual(['refused']);
  }
});

test('without the NetworkPolicy everybody could start a batch', () => {
  const open = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
  const url = 'http://main.batch.svc.cluster.local:9000/.internal/batch';
  for (const from of others) expect(answers(open, { url, method: 'POST', from })).toEqual([`Service/batch/main:9000 POST ${url}`]);
});

test.each([80, 443, 9000, 3500, 3501, 50001])('nothing answers from the internet on port %d', (port) => {
  expect(answers(objects, { url: `http://main.example.com:${port}/.internal/batch` })).toEqual(['refused']);
});

describe('the sidecar\'s API', () => {
  test('serves the application', () => {
    expect(answers(objects, { url: 'http://localhost:3500/v1.0/bindings/blob', method: 'POST', from: main })).toEqual(['DaprApi/batch/main:3500 POST http://localhost:3500/v1.0/bindings/blob']);
  });

  test.each([3500, 50001, 50002, 3501])('is on no port of the pod (%d)', (port) => {
    for (const from of [proxy, ...others]) expect(answers(objects, { url: `http://main.batch:${port}/v1.0/bindings/blob`, method: 'POST', from })).toEqual(['refused']);
    expect(answers(objects, { url: `http://main:${port}/v1.0/metadata`, entry: main })).toEqual(['refused']);
  });

  test('would be open on all addresses, were it not for its listen addresses and the NetworkPolicy', () => {
    const everywhere = changed(objects.filter(({ kind }) => kind !== 'NetworkPolicy'), 'Deployment', ({ spec }) => {
      const daprd = spec.template.spec.initContainers?.[0];
      if (daprd) daprd.args = daprd.args.filter((arg: string) => !arg.startsWith('--dapr-listen-addresses'));
    });
    const request = { url: 'http://main:3500/v1.0/bindings/blob', method: 'POST', entry: main };
    expect(answers(everywhere, request)).toEqual(['DaprApi/batch/main:3500 POST http://main:3500/v1.0/bindings/blob']);
    expect(answers(objects.filter(({ kind }) => kind !== 'NetworkPolicy'), request)).toEqual(['refused']);
  });

  test('tells the kubelet and others nothing but health and metadata', () => {
    const open = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
    expect(answers(open, { url: 'http://main:3501/v1.0/healthz/outbound', entry: main })).toEqual(['DaprApi/batch/main:3501 GET http://main:3501/v1.0/healthz/outbound']);
  });

  test('metrics are open to the cluster', () => {
    const [outcome] = TrafficModel.fromObjects(objects).trace({ url: 'http://main:9090/metrics', entry: main }).outcomes;
    expect([outcome.kind, outcome.certainty]).toEqual(['delivered', 'assumed']);
  });
});
