import { application, contour, daprIngress, yaml } from './scenery';
import { RequestAssertions } from '../../src/traffic/assertions/request-assertions';
import { Model } from '../../src/traffic/model';
import { TrafficRequest } from '../../src/traffic/trace';

const CANARY = 'c4n4ry-in-the-mine';
const encoded = Buffer.from(CANARY).toString('base64');

const secrets: any[] = [
  { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name: 'opaque', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': CANARY } }, data: { token: encoded }, stringData: { password: CANARY } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name: 'broken-tls' }, type: 'kubernetes.io/tls', data: { 'tls.crt': encoded, 'tls.key': encoded } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'web', name: 'docker' }, type: 'kubernetes.io/dockerconfigjson', data: { '.dockerconfigjson': encoded } },
];

const proxy = yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: leaky, namespace: web}
spec:
  virtualhost: {fqdn: leaky.example.com}
  routes:
    - conditions: [{prefix: /set}]
      requestHeadersPolicy: {set: [{name: Authorization, value: Bearer ${CANARY}}, {name: X-Copy, value: "%REQ(authorization)%"}, {name: X-Cookie, value: "sent %REQ(cookie)% on"}]}
      services: [{name: leaky, port: 80}]
    - conditions: [{prefix: /remove}]
      requestHeadersPolicy: {remove: [Authorization, Cookie]}
      services: [{name: leaky, port: 80}]
    - conditions: [{prefix: /match}, {header: {name: Authorization, exact: Bearer ${CANARY}}}]
      services: [{name: leaky, port: 80}]
    - conditions: [{prefix: /match}, {header: {name: Cookie, contains: ${CANARY}}}]
      services: [{name: leaky, port: 80}]
    - conditions: [{prefix: /away}]
      requestRedirectPolicy: {scheme: https}
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: secure, namespace: web}
spec:
  virtualhost: {fqdn: secure.example.com, tls: {secretName: broken-tls}}
  routes: [{services: [{name: leaky, port: 80}]}]
---
apiVersion: dapr.io/v1alpha1
kind: HTTPEndpoint
metadata: {name: billing, namespace: ingress}
spec:
  baseUrl: https://user:${CANARY}@billing.example.com/v1
  headers: [{name: Authorization, value: Bearer ${CANARY}}]
`);

const objects = [
  ...secrets, ...proxy, ...contour, ...daprIngress, ...application('web', 'leaky'),
  { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'web', name: 'pod' }, spec: { containers: [{ name: 'main', env: [{ name: 'TOKEN', value: CANARY }], args: [`--token=${CANARY}`] }] } },
];

const credentials = {
  'Authorization': `Bearer ${CANARY}`, 'Proxy-Authorization': `Basic ${CANARY}`, 'Cookie': `session=${CANARY}`, 'dapr-api-token': CANARY, 'X-Api-Key': CANARY,
};

const requests: TrafficRequest[] = [
  ...['/set', '/remove', '/match', '/match/other', '/away', '/nowhere'].map((path) => ({ url: `http://leaky.example.com${path}`, headers: credentials })),
  { url: 'http://leaky.example.com/match' },
  { url: `http://leaky.example.com/set?access_token=${CANARY}&x=1` },
  { url: `http://leaky.example.com/away?access_token=${CANARY}` },
  { url: `http://user:${CANARY}@leaky.example.com/set` },
  { url: 'https://secure.example.com/', headers: credentials },
  { url: 'https://shop.example.com/cart', headers: credentials },
  { url: 'http://api.example.com/backend/v1', headers: credentials },
  { url: 'http://billing.example.com:3500/list', entry: 'Deployment/ingress/dapr-ingress', headers: { ...credentials, 'dapr-app-id': 'billing' } },
];

function outputsOf(request: TrafficRequest): string[] {
  const trace = Model.fromObjects(objects).trace(request);
  const outputs = [JSON.stringify(trace), String(trace)];
  try {
    new RequestAssertions(trace).reaches('Service/no/where');
  } catch (error) {
    outputs.push(String(error));
  }
  try {
    new RequestAssertions(trace).arrivesAs({ path: '/no', headers: { 'x-copy': 'no', 'authorization': 'no' } });
  } catch (error) {
    outputs.push(String(error));
  }
  return outputs;
}

describe('credentials', () => {
  test.each(requests.map((request) => [request.url.replaceAll(CANARY, '…'), request] as const))('are in no output about %s', (_url, request) => {
    for (const output of outputsOf(request)) {
      expect(output).not.toContain(CANARY);
      expect(output).not.toContain(encoded);
    }
  });

  test('are shown as what they are: left out', () => {
    const trace = Model.fromObjects(objects).trace({ url: 'http://leaky.example.com/set', headers: credentials });
    expect(trace.request.headers).toMatchObject({ 'Authorization': '<redacted>', 'Cookie': '<redacted>', 'dapr-api-token': '<redacted>' });
    expect(trace.outcomes[0].request?.headers).toMatchObject({ 'authorization': '<redacted>', 'x-copy': '<redacted>', 'x-cookie': 'sent <redacted> on', 'dapr-api-token': '<redacted>' });
  });

  test('still decide where a request goes', () => {
    const model = Model.fromObjects(objects);
    expect(model.trace({ url: 'http://leaky.example.com/match', headers: credentials }).outcomes[0].kind).toBe('delivered');
    expect(model.trace({ url: 'http://leaky.example.com/match', headers: { Authorization: 'Bearer other' } }).outcomes[0].status).toBe(404);
  });

  test('leave other headers and queries as they are', () => {
    const [outcome] = Model.fromObjects(objects).trace({ url: 'http://leaky.example.com/remove?page=2&token_type=x', headers: { ...credentials, 'X-Page': 'two' } }).outcomes;
    expect(outcome.request).toMatchObject({ path: '/remove?page=2&token_type=x', headers: { 'x-page': 'two' } });
  });
});

describe('errors', () => {
  const messageOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return String((error as Error).stack);
    }
    throw new Error('nothing was thrown');
  };

  test.each([
    ['an element that is none', () => Model.fromObjects([{ kind: 'Secret', data: { token: encoded }, stringData: { [CANARY]: CANARY } }])],
    ['a text among the objects', () => Model.fromObjects([CANARY])],
    ['a list in a list', () => Model.fromObjects([{ apiVersion: 'v1', kind: 'List', items: [{ kind: 'Secret', stringData: { token: CANARY } }] }])],
    ['a url that is none', () => Model.fromObjects([]).trace({ url: `ftp://user:${CANARY}@example.com/` })],
    ['a url with a bad port', () => Model.fromObjects([]).trace({ url: `http://user:${CANARY}@example.com:99999/?access_token=${CANARY}` })],
    ['an entry that is not there', () => Model.fromObjects(objects).trace({ url: 'http://a.example.com/', entry: 'Ingress/no/where', headers: credentials })],
  ])('about %s say nothing of what it holds', (_name, act) => {
    expect(messageOf(act)).not.toContain(CANARY);
    expect(messageOf(act)).not.toContain(encoded);
  });
});
