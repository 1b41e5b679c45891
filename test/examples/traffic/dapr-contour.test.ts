import { changed, answers, writtenExample } from './written-example';
import { TrafficModel } from '../../../src';
import { envoyOfContour, stranger } from '../../traffic/examples-envoy';

const { objects: written, files } = writtenExample('dapr-contour');
const objects = [...written, ...envoyOfContour(files), stranger('web', 'other'), stranger('elsewhere', 'other'), stranger('kube-system', 'agent')];
const host = 'aggregator.example.com';
const TLS = { 'tls.crt': 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==', 'tls.key': 'UkVEQUNURUQtS0VZ' };
const envoy = 'DaemonSet/ingress-system/ingress-contour-envoy';
const shared = (method: string, path: string) => [`70% DaprApp/web/aggregator:8080 ${method} http://${host}${path}`, `30% DaprApp/web/aggregator-2:8080 ${method} http://${host}${path}`];

describe('from the internet', () => {
  test.each([
    ['/backend', '/'],
    ['/backend?x=1', '/?x=1'],
    ['/backend/', '/'],
    ['/backend/prices/7?x=1', '/prices/7?x=1'],
    ['/backend//prices', '/prices'],
    ['/backend/Internal', '/Internal'],
    ['/backend/.internals', '/.internals'],
  ])('%s reaches both aggregators as %s', (path, received) => {
    expect(answers(objects, { url: `https://${host}${path}` })).toEqual(shared('GET', received));
  });

  test.each(['/', '/backendx', '/Backend', '/backend/../x', '/aggregator', '/v1.0/metadata'])('%s is nobody\'s', (path) => {
    expect(answers(objects, { url: `https://${host}${path}` })).toEqual(['responded 404']);
  });

  test('with the Secret that cert-manager makes, all of it is decided by the manifests', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'ingress-system', name: 'aggregator-tls' }, type: 'kubernetes.io/tls', data: TLS };
    for (const path of ['/backend/x', '/backend/.internal/x', '/backendx', '/backend/foo%2F..%2F.internal/batch']) {
      const { outcomes } = TrafficModel.fromObjects([...objects, secret]).trace({ url: `https://${host}${path}` });
      expect(outcomes.map(({ certainty, assumptions }) => [path, certainty, assumptions])).toEqual(outcomes.map(() => [path, 'certain', []]));
    }
  });

  test('nobody learns or says who calls whom', () => {
    const headers = {
      'dapr-app-id': 'timefeed.web', 'Dapr-Callee-App-Id': 'timefeed', 'dapr-caller-app-id': 'aggregator', 'dapr-caller-namespace': 'web', 'dapr-api-token': 'a-token', 'x-kept': '1',
    };
    const { outcomes } = TrafficModel.fromObjects(objects).trace({ url: `https://${host}/backend/x`, headers });
    expect(outcomes.map(({ destination, request }) => [destination?.name, request?.headers])).toEqual(['aggregator', 'aggregator-2'].map((name) => [name, {
      'x-kept': '1', 'dapr-caller-app-id': 'contour-ingress', 'dapr-caller-namespace': 'ingress-system', 'dapr-callee-app-id': name,
    }]));
  });

  test.each([
    ['GET', '/v1.0/secrets/kubernetes/tls'], ['GET', '/v1.0/secrets/kubernetes/bulk'], ['GET', '/v1.0/state/store/key'], ['POST', '/v1.0/state/store'],
    ['GET', '/v1.0/metadata'], ['PUT', '/v1.0/metadata/key'], ['POST', '/v1.0/shutdown'], ['POST', '/v1.0/publish/pubsub/topic'], ['POST', '/v1.0/bindings/blob'],
    ['POST', '/v1.0/actors/type/id/method/stop'], ['POST', '/v1.0/workflows/dapr/flow/start'], ['POST', '/v1.0-alpha1/jobs/job'], ['GET', '/v1.0/configuration/store'],
    ['POST', '/v1.0-alpha1/lock/store'], ['PUT', '/v1.0-alpha1/crypto/key/decrypt'], ['POST', '/v1.0-alpha2/conversation/llm/converse'],
    ['GET', '/v1.0/invoke/timefeed.web/method/now'],
  ])('%s /backend%s is for the application, not for Dapr', (method, path) => {
    expect(answers(objects, { url: `https://${host}/backend${path}`, method })).toEqual(shared(method, path));
  });

  test.each(['//v1.0//secrets/kubernetes/x', '/a/../v1.0/metadata', '/v1.0/metadata/', '/v1%2E0/metadata'])('nor is GET /backend%s', (path) => {
    for (const answer of answers(objects, { url: `https://${host}/backend${path}` })) expect(answer).toMatch(/DaprApp\/web\/aggregator/);
  });

  test('of Dapr\'s own API no one can close whether it is healthy', () => {
    for (const answer of answers(objects, { url: `https://${host}/backend/v1.0/healthz` })) expect(answer).toMatch('DaprApi/ingress-system/contour-ingress:3500');
  });

  test('without the list of what is allowed the sidecar\'s API would lie open', () => {
    const open = changed(objects, 'Configuration', (object) => delete object.spec.api);
    expect(answers(open, { url: `https://${host}/backend/v1.0/secrets/kubernetes/x` }).join()).toMatch('DaprApi/ingress-system/contour-ingress:3500');
  });

  test.each(['/.internal', '/.internal/batch', '/x/../.internal/batch', '/%2Einternal/batch', '//.internal/batch', '/actors/a/b', '/dapr/config', '/job/nightly'])('/backend%s is closed at Envoy', (path) => {
    expect(answers(objects, { url: `https://${host}/backend${path}`, method: 'POST' })).toEqual(['responded 404']);
  });

  test.each(['/foo%2F..%2F.internal/batch', '/.internal%2Fbatch', '/foo/%2e%2e%2f.internal/batch', '/x%2F..%2Fdapr/config', '/.INTERNAL/batch'])('/backend%s is closed at the applications', (path) => {
    expect(answers(objects, { url: `https://${host}/backend${path}`, method: 'POST' })).toEqual(['70% responded 403', '30% responded 403']);
  });

  test('without their access control an encoded slash would get behind', () => {
    const open = changed(objects, 'Configuration', (object) => delete object.spec.accessControl);
    expect(answers(open, { url: `https://${host}/backend/foo%2F..%2F.internal/batch` })).toEqual(shared('GET', '/.internal/batch'));
  });

  test('http is redirected', () => {
    expect(answers(objects, { url: `http://${host}/backend/x?y=1` })).toEqual([`redirected 301 https://${host}/backend/x?y=1`]);
  });

  test('other hosts are not served', () => {
    expect(answers(objects, { url: 'https://other.example.com/backend' })).toEqual(['refused']);
    expect(answers(objects, { url: 'http://other.example.com/backend' })).toEqual(['responded 404']);
    expect(answers(objects, { url: `https://${host}/backend`, headers: { Host: 'other.example.com' } })).toEqual(['responded 421']);
    expect(answers(objects, { url: `grpcs://${host}/shop.Prices/Get` })).toEqual(['responded 404']);
  });

  test.each([3500, 50001, 9090, 8080, 8002])('nothing answers on port %d', (port) => {
    expect(answers(objects, { url: `http://${host}:${port}/` })).toEqual(['refused']);
  });
});

describe('between applications', () => {
  test.each(['aggregator', 'aggregator-2'])('%s invokes timefeed, in either way', (name) => {
    const from = `Deployment/web/${name}`;
    expect(answers(objects, { url: 'http://localhost:3500/v1.0/invoke/timefeed/method/now', from })).toEqual(['DaprApp/web/timefeed:8080 GET http://localhost:3500/now']);
    expect(answers(objects, { url: 'http://127.0.0.1:3500/now', from, headers: { 'dapr-app-id': 'timefeed' } })).toEqual(['DaprApp/web/timefeed:8080 GET http://127.0.0.1:3500/now']);
    expect(answers(objects, { url: 'grpc://localhost:50001/time.Feed/Now', from, headers: { 'dapr-app-id': 'timefeed' } })).toEqual(['DaprApp/web/timefeed:8080 POST http://localhost:50001/time.Feed/Now']);
  });

  test.each([
    [envoy, 'timefeed.web'], ['Deployment/web/timefeed', 'aggregator'], ['Deployment/web/aggregator', 'aggregator-2'], ['Deployment/web/aggregator-2', 'aggregator'],
  ])('%s may not invoke %s', (from, app) => {
    expect(answers(objects, { url: `http://localhost:3500/v1.0/invoke/${app}/method/now`, from })).toEqual(['responded 403']);
  });

  test('the ingress is nothing to invoke', () => {
    expect(answers(objects, { url: 'http://localhost:3500/v1.0/invoke/contour-ingress.ingress-system/method/x', from: 'Deployment/web/aggregator' })).toEqual(['responded 500']);
  });
});

describe('from other pods', () => {
  const others = ['Deployment/web/timefeed', 'Deployment/web/other', 'Deployment/elsewhere/other'];

  test.each(others)('%s cannot use the identity of the ingress', (from) => {
    for (const port of [3500, 50001]) {
      expect(answers(objects, { url: `http://contour-ingress-headless.ingress-system:${port}/x`, headers: { 'dapr-app-id': 'aggregator.web' }, from })).toEqual(['refused']);
    }
  });

  test('without the NetworkPolicy they could', () => {
    const open = objects.filter(({ kind }) => kind !== 'NetworkPolicy');
    expect(answers(open, { url: 'http://contour-ingress-headless.ingress-system:3500/x', headers: { 'dapr-app-id': 'aggregator.web' }, from: others[1] }))
      .toEqual(['DaprApp/web/aggregator:8080 GET http://contour-ingress-headless.ingress-system:3500/x']);
  });

  test.each(others)('%s reaches no sidecar of an application', (from) => {
    for (const app of ['aggregator', 'aggregator-2', 'timefeed']) {
      expect(answers(objects, { url: `http://${app}-dapr.web/v1.0/metadata`, from })).toEqual(['refused']);
    }
  });

  test('metrics are open to the agent\'s namespace only', () => {
    const url = 'http://contour-ingress-headless.ingress-system:9090/metrics';
    expect(answers(objects, { url, from: 'Deployment/kube-system/agent' })).toEqual([`Service/ingress-system/contour-ingress-headless:9090 GET ${url}`]);
    for (const from of others) expect(answers(objects, { url, from })).toEqual(['refused']);
  });
});
