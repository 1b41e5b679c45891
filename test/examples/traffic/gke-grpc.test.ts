import { answers, changed, writtenExample } from './written-example';
import { TrafficModel } from '../../../src';

const { objects } = writtenExample('gke-grpc');
const host = 'asm-advent2021-frontend.endpoints.acme-dev-123456.cloud.goog';
const call = `grpcs://${host}/echo.EchoService/Call`;

test.each(['env1', 'env2'])('a call that says %s gets there', (env) => {
  expect(answers(objects, { url: call, headers: { env } })).toEqual([`Service/${env}/app-service:50051 POST http://${host}/echo.EchoService/Call`]);
  expect(answers(objects, { url: call, headers: { Env: env } })).toHaveLength(1);
});

test('all of it is decided by the manifests', () => {
  const [outcome] = TrafficModel.fromObjects(objects).trace({ url: call, headers: { env: 'env1' } }).outcomes;
  expect([outcome.certainty, outcome.assumptions]).toEqual(['certain', []]);
  expect(outcome.hops.map(({ object }) => object)).toEqual(expect.arrayContaining(['Ingress/edge/edge', 'Service/edge/edge', 'Gateway/edge/edge']));
});

test('streams may last an hour, and the way to the gateway is TLS', () => {
  const [{ policies }] = TrafficModel.fromObjects(objects).trace({ url: call, headers: { env: 'env1' } }).outcomes;
  expect(policies).toEqual(expect.arrayContaining([
    expect.objectContaining({ name: 'timeout', value: expect.stringContaining('3600s'), object: 'BackendConfig/edge/edge' }),
    expect.objectContaining({ name: 'upstreamTls', object: 'Service/edge/edge' }),
  ]));
});

test.each<Record<string, string>>([{}, { env: '' }, { env: 'env3' }, { env: 'env11' }, { env: 'ENV1' }, { env: 'env1,env2' }, { environment: 'env1' }])('a call with %j is answered 404, on purpose', (headers) => {
  const trace = TrafficModel.fromObjects(objects).trace({ url: call, headers });
  expect(trace.outcomes).toMatchObject([{ kind: 'responded', status: 404 }]);
  expect(trace.outcomes[0].hops.at(-1)!.object).toBe(`VirtualService/edge/edge-${host}`);
});

test('http is redirected', () => {
  expect(answers(objects, { url: `http://${host}/echo.EchoService/Call?x=1`, headers: { env: 'env1' } })).toEqual([`redirected 301 https://${host}/echo.EchoService/Call?x=1`]);
});

test('another host gets nothing, whatever the environment', () => {
  expect(answers(objects, { url: 'https://other.example.com/', headers: { env: 'env1' } })).toEqual(['responded 404']);
  expect(answers(objects, { url: call, headers: { env: 'env1', Host: 'other.example.com' } })).toEqual(['responded 404']);
});

test.each([8443, 15021, 15090, 50051, 8080])('nothing answers on port %d', (port) => {
  expect(answers(objects, { url: `https://${host}:${port}/`, headers: { env: 'env1' } })).toEqual(['refused']);
});

test.each([
  ['is asked at a port where no one answers', 'BackendConfig', (object: any) => { object.spec.healthCheck.port = 8081; }],
  ['is asked for a path that it does not have', 'BackendConfig', (object: any) => { object.spec.healthCheck.requestPath = '/'; }],
])('a gateway that %s gets no call', (_, kind, change) => {
  expect(answers(changed(objects, kind, change), { url: call, headers: { env: 'env1' } })).toEqual(['responded 502']);
});

test('plain HTTP to the gateway would be no answer', () => {
  const plain = changed(objects, 'Service', (object) => delete object.metadata.annotations?.['cloud.google.com/app-protocols']);
  expect(answers(plain, { url: call, headers: { env: 'env1' } })[0]).not.toMatch(/^Service/);
});

test('a namespace that is not let in takes no traffic', () => {
  const thief = changed(objects, 'VirtualService', (object) => { object.metadata.namespace = 'env3'; });
  expect(answers([...objects.filter(({ kind }) => kind !== 'VirtualService'), ...thief.filter(({ kind }) => kind === 'VirtualService').slice(0, 1)], { url: call, headers: { env: 'env1' } }))
    .toEqual(['responded 404']);
});
