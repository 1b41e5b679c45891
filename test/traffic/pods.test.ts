import { yaml } from './scenery';
import { TrafficModel } from '../../src';

/** An application with daprd beside it that its own pod template starts. */
function byHand(args: string[], more: { image?: string; command?: string[]; env?: object[] } = {}): any[] {
  return [{
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'web', name: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'shop' } },
      template: {
        metadata: { labels: { app: 'shop' } },
        spec: { containers: [{ name: 'shop', ports: [{ containerPort: 8080 }] }, { name: 'daprd', image: 'daprio/daprd:1.18.3', args, ...more }] },
      },
    },
  }];
}

const entry = 'Deployment/web/shop';
const flags = ['--app-id=shop', '--app-port', '8080'];
const outcome = (objects: any[], request: object, options = {}) => TrafficModel.fromObjects(objects, options).trace({ url: 'http://localhost:3500/v1.0/state/store/key', ...request }).outcomes[0];

describe('a daprd that the pod template starts', () => {
  test('listens on the pod unless its flags say otherwise', () => {
    expect(outcome(byHand(flags), { entry })).toMatchObject({ kind: 'delivered', destination: { kind: 'DaprApi', namespace: 'web', name: 'shop', port: 3500 } });
    for (const loopback of [['--dapr-listen-addresses=127.0.0.1'], ['-dapr-listen-addresses', '[::1],127.0.0.1']]) {
      expect(outcome(byHand([...flags, ...loopback]), { entry })).toMatchObject({ kind: 'refused' });
      expect(outcome(byHand([...flags, ...loopback]), { from: entry })).toMatchObject({ kind: 'delivered', destination: { kind: 'DaprApi' } });
    }
  });

  test('listens on the ports that it is told', () => {
    const objects = byHand([...flags, '--dapr-http-port=3600', '--dapr-public-port=3700', '--dapr-grpc-port=3800', '--dapr-listen-addresses=127.0.0.1']);
    expect(outcome(objects, { url: 'http://localhost:3600/v1.0/metadata', from: entry })).toMatchObject({ destination: { kind: 'DaprApi', port: 3600 } });
    expect(outcome(objects, { url: 'http://shop:3700/v1.0/metadata', entry })).toMatchObject({ destination: { kind: 'DaprApi', port: 3700 } });
    expect(outcome(objects, { url: 'http://shop:3600/v1.0/metadata', entry })).toMatchObject({ kind: 'refused' });
    expect(outcome(objects, { url: 'grpc://localhost:3800/dapr.proto.runtime.v1.Dapr/GetState', from: entry })).toMatchObject({ destination: { kind: 'DaprApi', port: 3800 } });
  });

  test('calls its own application, and finds others by means that no manifest shows', () => {
    expect(outcome(byHand(flags), { url: 'http://localhost:3500/v1.0/invoke/shop/method/cart', from: entry })).toMatchObject({ destination: { kind: 'DaprApp', name: 'shop', port: 8080 }, request: { path: '/cart' } });
    expect(outcome(byHand(flags), { url: 'http://localhost:3500/v1.0/invoke/other/method/cart', from: entry })).toMatchObject({ kind: 'undetermined' });
  });

  test('may ask for a token, and read its configuration from a file', () => {
    expect(outcome(byHand(flags, { env: [{ name: 'DAPR_API_TOKEN', value: 'x' }] }), { entry })).toMatchObject({ kind: 'responded', status: 401 });
    expect(outcome(byHand([...flags, '--config=/etc/dapr.yaml']), { entry })).toMatchObject({ certainty: 'assumed', assumptions: [expect.stringContaining('/etc/dapr.yaml')] });
  });

  test.each([
    ['another image', { image: 'example.com/proxy:1' }], ['another command', { command: ['/bin/sh'] }],
  ])('is not what %s runs', (_, more) => {
    expect(outcome(byHand(flags, more), { entry })).toMatchObject({ destination: { kind: 'Service' }, certainty: 'assumed' });
  });
});

describe('a pod', () => {
  test('reaches itself by its loopback', () => {
    for (const url of ['http://localhost:8080/', 'http://127.0.0.1:8080/', 'http://[::1]:8080/']) {
      expect(outcome(byHand(flags), { url, from: entry })).toMatchObject({ kind: 'delivered', certainty: 'certain', destination: { namespace: 'web', name: 'shop', port: 8080 } });
    }
  });

  test('is assumed to listen on ports that no container declares', () => {
    expect(outcome(byHand(flags), { url: 'http://shop:8081/', entry })).toMatchObject({ kind: 'delivered', assumptions: ['a container of Deployment/web/shop listens on port 8081, which none declares'] });
    expect(outcome(byHand(flags), { url: 'http://shop:8080/', entry })).toMatchObject({ kind: 'delivered', assumptions: [] });
  });

  const policy = (ingress: string) => yaml(`
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {namespace: web, name: shop}
spec: {podSelector: {matchLabels: {app: shop}}, ingress: ${ingress}}
`);

  test.each([
    ['[]', { kind: 'refused' }],
    ['[{ports: [{port: 9090}]}]', { kind: 'refused' }],
    ['[{ports: [{port: 8080}]}]', { kind: 'delivered', certainty: 'certain' }],
    ['[{from: [{podSelector: {}}]}]', { kind: 'delivered', certainty: 'assumed', assumptions: ['NetworkPolicy/web/shop lets the sender in'] }],
  ])('with the NetworkPolicy %s, entered at its port', (ingress, expected) => {
    expect(outcome([...byHand(flags), ...policy(ingress)], { url: 'http://shop:8080/', entry })).toMatchObject(expected);
  });

  test('is told who a proxy is that sends to it, not who the client is', () => {
    const gateway = yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {namespace: web, name: shop}
spec: {virtualhost: {fqdn: shop.example.com}, routes: [{services: [{name: shop, port: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {namespace: web, name: shop}
spec: {selector: {app: shop}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {namespace: web, name: envoy}
spec:
  selector: {matchLabels: {app.kubernetes.io/component: envoy}}
  template:
    metadata: {labels: {app.kubernetes.io/component: envoy, app.kubernetes.io/name: contour}}
    spec: {containers: [{name: envoy, ports: [{name: http, containerPort: 8080}]}]}
`);
    const through = { url: 'http://shop.example.com:8080/', entry: 'DaemonSet/web/envoy' };
    const fromEnvoy = policy('[{from: [{podSelector: {matchLabels: {app.kubernetes.io/component: envoy}}}]}]');
    const fromOthers = policy('[{from: [{podSelector: {matchLabels: {app: other}}}]}]');
    expect(outcome([...byHand(flags), ...gateway, ...fromEnvoy], through)).toMatchObject({ kind: 'delivered', certainty: 'certain' });
    expect(outcome([...byHand(flags), ...gateway, ...fromOthers], through)).toMatchObject({ kind: 'responded', status: 503 });
  });
});
