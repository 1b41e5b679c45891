import { answers, changed, writtenExample } from './written-example';
import { TrafficModel } from '../../../src';

const { objects } = writtenExample('appmesh');
const virtual = 'svc-v.mesh-test.svc.cluster.local';
const both = (method: string, path: string) => [1, 2].map((node) => `50% VirtualNode/mesh-test/vnode-${node}:8080 ${method} http://${virtual}${path}`);
const caller = 'Deployment/mesh-test/nginx-x';

describe('from the internet', () => {
  test.each(['/', '/x?y=1', '/deep/er/'])('%s goes to the two nodes, half and half', (path) => {
    expect(answers(objects, { url: `http://anything.example.com${path}` })).toEqual(both('GET', path));
  });

  test('the load balancer leads to the gateway, and that to the router', () => {
    const { outcomes } = TrafficModel.fromObjects(objects).trace({ url: 'http://anything.example.com/', method: 'POST' });
    expect(outcomes.map(({ certainty }) => certainty)).toEqual(['certain', 'certain']);
    const hops = outcomes[0].hops.map(({ object }) => object);
    expect(hops.filter((hop, i) => hop !== hops[i - 1]).slice(0, 3))
      .toEqual(['Service/mesh-test/gateway-v', 'GatewayRoute/mesh-test/gateway-v-route-v', 'VirtualRouter/mesh-test/vrouter-1']);
  });

  test.each(['https://anything.example.com/', 'http://anything.example.com:8088/', 'http://anything.example.com:8080/', 'http://anything.example.com:9901/'])('%s is refused', (url) => {
    expect(answers(objects, { url })).toEqual(['refused']);
  });
});

test('the gateway itself listens on 8088 only', () => {
  expect(answers(objects, { url: 'http://x:8088/', entry: 'VirtualGateway/mesh-test/gateway-v' })).toEqual(both('GET', '/'));
  expect(answers(objects, { url: 'http://x:80/', entry: 'VirtualGateway/mesh-test/gateway-v' })).toEqual(['refused']);
});

describe('inside the mesh', () => {
  test('vnode-x, whose backend it is, gets what the internet gets', () => {
    expect(answers(objects, { url: `http://${virtual}/x`, from: caller })).toEqual(both('GET', '/x'));
  });

  test('without the backend the call goes past the mesh, to all pods alike', () => {
    const from = 'Deployment/mesh-test/nginx-1';
    const trace = TrafficModel.fromObjects(objects).trace({ url: `http://${virtual}/x`, from });
    expect(answers(objects, { url: `http://${virtual}/x`, from })).toEqual([`Service/mesh-test/svc-v:80 GET http://${virtual}/x`]);
    expect(String(trace)).toContain('Mesh//mesh-1 spec.egressFilter: lets it out past the mesh: svc-v.mesh-test.svc.cluster.local is no backend of VirtualNode/mesh-test/vnode-1');
  });

  test('if the mesh let nothing out, it would be answered 404', () => {
    const closed = changed(objects, 'Mesh', (object) => { object.spec.egressFilter.type = 'DROP_ALL'; });
    expect(answers(closed, { url: `http://${virtual}/x`, from: 'Deployment/mesh-test/nginx-1' })).toEqual(['responded 404']);
    expect(answers(closed, { url: `http://${virtual}/x`, from: caller })).toEqual(both('GET', '/x'));
  });
});

test('the route needs the gateway\'s label', () => {
  const unlabelled = changed(objects, 'GatewayRoute', (object) => { object.metadata.labels = {}; });
  expect(answers(unlabelled, { url: 'http://anything.example.com/' })).toEqual(['responded 404']);
});

test('the namespace needs the mesh\'s label', () => {
  const unlabelled = changed(objects, 'Namespace', (object) => { delete object.metadata.labels.mesh; });
  expect(answers(unlabelled, { url: 'http://anything.example.com/' }).join()).not.toMatch(/VirtualNode/);
});
