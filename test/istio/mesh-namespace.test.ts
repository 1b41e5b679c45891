import { istio } from '../../src';
import { chart, only, synthesized } from '../synthesized';

const { MeshInjection } = istio;

test.each([
  ['default', undefined, { 'istio-injection': 'enabled' }],
  ['revision', MeshInjection.revision('asm-managed'), { 'istio.io/rev': 'asm-managed' }],
  ['ambient', MeshInjection.ambient(), { 'istio.io/dataplane-mode': 'ambient' }],
  ['waypoint', MeshInjection.ambient('waypoint'), { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'waypoint' }],
  ['none', MeshInjection.none(), { 'istio-injection': 'disabled' }],
])('one way into the mesh: %s', (_name, injection, labels) => {
  const scope = chart({});
  new istio.MeshNamespace(scope, 'Shop', { injection, labels: { team: 'shop' } }).addLabel('tier', 'gold');
  expect(only(synthesized(scope), 'Namespace').metadata).toEqual({ name: 'shop', labels: { ...labels, team: 'shop', tier: 'gold' } });
});

test('refuses a second way', () => {
  const scope = chart({});
  expect(() => new istio.MeshNamespace(scope, 'Shop', { labels: { 'istio.io/rev': 'x' } })).toThrow('Namespace /shop: label "istio.io/rev" follows from `injection`');
  expect(() => new istio.MeshNamespace(scope, 'Blog').addLabel('istio-injection', 'disabled')).toThrow('label "istio-injection" follows from `injection`');
  expect(() => MeshInjection.revision('')).toThrow('MeshInjection.revision: name must not be empty');
  expect(() => MeshInjection.ambient('A')).toThrow('got "A"');
});
