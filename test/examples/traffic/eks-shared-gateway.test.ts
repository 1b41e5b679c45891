import { answers, changed, writtenExample } from './written-example';
import { TrafficModel } from '../../../src';

const { objects } = writtenExample('eks-shared-gateway');
const host = 'api.example.com';

test.each([
  ['/api/v1/orders', 'orders'], ['/api/v1/orders?open=1', 'orders'], ['/api/v1/orders/', 'orders'], ['/api/v1/orders/7/lines', 'orders'],
  ['/api/v1/users', 'users'], ['/api/v1/users/7', 'users'], ['/api/v1/users/../orders', 'orders'],
])('%s belongs to team %s', (path, team) => {
  expect(answers(objects, { url: `https://${host}${path}` }).map((answer) => answer.split(' ')[0])).toEqual([`Service/${team}/${team}:80`]);
});

test('the path arrives as it was sent', () => {
  expect(answers(objects, { url: `https://${host}/api/v1/orders/7?x=1`, method: 'PUT' })).toEqual([`Service/orders/orders:80 PUT http://${host}/api/v1/orders/7?x=1`]);
});

test('all of it is decided by the manifests', () => {
  const [outcome] = TrafficModel.fromObjects(objects).trace({ url: `https://${host}/api/v1/orders` }).outcomes;
  expect([outcome.certainty, outcome.assumptions, outcome.request?.headers['x-forwarded-proto']]).toEqual(['certain', [], 'https']);
});

test.each(['/', '/api/v1', '/api/v1/', '/api/v1/ordersX', '/api/v1/orders-of-others', '/api/v1/Orders', '/api/v1/order', '/api/v2/orders', '/healthz/ready'])('%s is nobody\'s', (path) => {
  expect(answers(objects, { url: `https://${host}${path}` })).toEqual(['responded 404']);
});

test('another host gets nothing', () => {
  expect(answers(objects, { url: 'https://other.example.com/api/v1/orders' })).toEqual(['responded 404']);
});

test('http is redirected', () => {
  expect(answers(objects, { url: `http://${host}/api/v1/orders?x=1` })).toEqual([`redirected 301 https://${host}/api/v1/orders?x=1`]);
});

test.each([8080, 15021, 15090, 8443])('nothing answers on port %d', (port) => {
  expect(answers(objects, { url: `http://${host}:${port}/api/v1/orders` })).toEqual(['refused']);
});

test('the load balancer with its firewall is the only way in', () => {
  const closed = objects.filter(({ kind }) => kind !== 'Ingress');
  for (const scheme of ['http', 'https']) expect(answers(closed, { url: `${scheme}://${host}/api/v1/orders` })).toEqual(['refused']);
});

test.each([
  ['asks a port where no one answers', '8081', 'on port 8081'],
  ['asks the routes for its health', 'traffic-port', 'is answered 404'],
])('a load balancer that %s is said to fail open', (_, port, problem) => {
  const sick = changed(objects, 'Ingress', (object) => { object.metadata.annotations['alb.ingress.kubernetes.io/healthcheck-port'] = port; });
  const [outcome] = TrafficModel.fromObjects(sick).trace({ url: `https://${host}/api/v1/orders` }).outcomes;
  expect([outcome.certainty, outcome.assumptions]).toEqual(['assumed', [expect.stringContaining(problem)]]);
});

test('a load balancer that speaks TLS to the gateway would reach nobody', () => {
  const secured = changed(objects, 'Ingress', (object) => { object.metadata.annotations['alb.ingress.kubernetes.io/backend-protocol'] = 'HTTPS'; });
  expect(answers(secured, { url: `https://${host}/api/v1/orders` })).toEqual(['responded 502']);
});

test('a team that is not let in takes no traffic', () => {
  const orders = objects.find(({ kind, metadata }) => kind === 'VirtualService' && metadata.namespace === 'orders');
  const thief = structuredClone(orders);
  Object.assign(thief.metadata, { namespace: 'thieves', creationTimestamp: '2020-01-01T00:00:00Z' });
  thief.spec.http = [{ route: [{ destination: { host: 'thief', port: { number: 80 } } }] }];
  expect(answers([thief, ...objects], { url: `https://${host}/api/v1/orders` })).toEqual(answers(objects, { url: `https://${host}/api/v1/orders` }));
  expect(answers([thief, ...objects], { url: `https://${host}/` })).toEqual(['responded 404']);
});
