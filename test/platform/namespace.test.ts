import { platform } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, synthesized } from '../synthesized';

test('is an object of the cluster, with the chart\'s labels and its own', () => {
  const scope = chart({ namespace: 'web', labels: { team: 'shop' } });
  const namespace = new platform.Namespace(scope, 'OrdersEnv1', { labels: { 'istio.io/rev': 'asm' }, annotations: { note: 'x' } });
  namespace.addLabel('mesh', 'main');
  expect(namespace.namespace).toBeUndefined();
  expect(namespace.reference).toBe('Namespace//orders-env1');
  const objects = synthesized(scope);
  expect(objects).toEqual([{
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'orders-env1', labels: { 'team': 'shop', 'istio.io/rev': 'asm', 'mesh': 'main' }, annotations: { note: 'x' } },
  }]);
  expect(objects.flatMap(schemaErrors)).toEqual([]);
});

test('S15, A11: refuses a name that is no DNS label', () => {
  expect(() => new platform.Namespace(chart(), 'A', { name: 'service-A' })).toThrow('Namespace /service-A: name must be lower-case letters, digits and "-"');
  expect(() => new platform.Namespace(chart(), 'B', { name: 'service.a' })).toThrow('got "service.a"');
  expect(() => new platform.Namespace(chart(), 'C', { name: 'a'.repeat(64) })).toThrow('at most 63 characters');
  expect(() => new platform.Namespace(chart(), 'D', { name: 'service-a' })).not.toThrow();
});

test('refuses the same namespace twice', () => {
  const scope = chart();
  new platform.Namespace(scope, 'Shop');
  expect(() => new platform.Namespace(scope, 'Again', { name: 'shop' })).toThrow('Namespace//shop: test/Again and test/Shop are the same object');
});
