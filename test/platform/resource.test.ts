import { JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { NameSyntax, platform, Resource, ResourceKind, ResourceProps } from '../../src';
import { chart, only, synthesized } from '../synthesized';

class Thing extends Resource {
  public size = 1;

  constructor(scope: Construct, id: string, props?: ResourceProps, kind: Partial<ResourceKind> = {}) {
    super(scope, id, { apiVersion: 'example.com/v1', kind: 'Thing', ...kind }, props);
  }

  public _render() {
    return { spec: { size: this.size }, data: { size: `${this.size}` } };
  }

  public refuse(): never {
    return this._fail('size must be 1, got 2');
  }
}

const CLUSTER = { clusterScoped: true };

test('takes its name from the id and its namespace from the chart, without a hash', () => {
  const scope = chart();
  const thing = new Thing(scope, 'MyThing');
  expect([thing.name, thing.namespace, thing.kind, thing.reference]).toEqual(['my-thing', 'web', 'Thing', 'Thing/web/my-thing']);
  expect(synthesized(scope)).toEqual([{
    apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'my-thing', namespace: 'web' }, spec: { size: 1 },
  }]);
});

test('what is said wins: name, namespace, labels over the chart\'s, annotations', () => {
  const scope = chart({ namespace: 'web', labels: { team: 'shop', tier: 'edge' } });
  new Thing(scope, 'MyThing', { name: 'other', namespace: 'ops', labels: { tier: 'inner' }, annotations: { note: 'x' } });
  expect(synthesized(scope)[0].metadata).toEqual({
    name: 'other', namespace: 'ops', labels: { team: 'shop', tier: 'inner' }, annotations: { note: 'x' },
  });
});

test('a chart without namespace leaves it out', () => {
  const scope = chart({});
  const thing = new Thing(scope, 'MyThing');
  expect([thing.namespace, thing.reference]).toEqual([undefined, 'Thing//my-thing']);
  expect(synthesized(scope)[0].metadata).toEqual({ name: 'my-thing' });
});

test('a kind of the cluster has no namespace, whatever the chart has', () => {
  const scope = chart();
  const thing = new Thing(scope, 'MyThing', {}, CLUSTER);
  expect([thing.namespace, thing.reference]).toEqual([undefined, 'Thing//my-thing']);
  expect(synthesized(scope)[0].metadata).toEqual({ name: 'my-thing' });
  expect(() => new Thing(scope, 'Other', { namespace: 'web' }, CLUSTER))
    .toThrow('Thing /other: Thing belongs to the cluster and takes no namespace, got "web"');
});

test('is rendered at synthesis, not before, and only in its own fields', () => {
  const scope = chart();
  const thing = new Thing(scope, 'MyThing', {}, { fields: ['data'] });
  thing.size = 7;
  expect(synthesized(scope)).toEqual([{
    apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'my-thing', namespace: 'web' }, data: { size: '7' },
  }]);
});

test('a patch arrives whatever it is, spelled as the wire spells it', () => {
  const scope = chart();
  new Thing(scope, 'MyThing').apiObject.addJsonPatch(
    JsonPatch.add('/spec/brandNew', { clusterIP: null }),
    JsonPatch.replace('/spec/size', 9),
    JsonPatch.add('/status', {}),
  );
  expect(synthesized(scope)[0]).toMatchObject({ spec: { brandNew: { clusterIP: null }, size: 9 }, status: {} });
});

test('the same object twice is refused, across charts and versions of an API, and other objects are not', () => {
  const scope = chart();
  new Thing(scope, 'MyThing');
  expect(() => new Thing(scope, 'Second', { name: 'my-thing' }))
    .toThrow('Thing/web/my-thing: test/Second and test/MyThing are the same object; give one of them another `name` or `namespace`');
  expect(() => new Thing(scope, 'Beta', { name: 'my-thing' }, { apiVersion: 'example.com/v1beta1' })).toThrow('are the same object');
  expect(() => new Thing(scope, 'Elsewhere', { name: 'my-thing', namespace: 'ops' })).not.toThrow();
  expect(() => new Thing(scope, 'Foreign', { name: 'my-thing' }, { apiVersion: 'example.org/v1' })).not.toThrow();
  expect(() => new Thing(scope, 'Kind', { name: 'my-thing' }, { kind: 'Other' })).not.toThrow();
});

test('refuses names that the API server would refuse', () => {
  const scope = chart();
  expect(() => new Thing(scope, 'Empty', { name: '' })).toThrow('Thing web/: name must not be empty');
  expect(() => new Thing(scope, 'Upper', { name: 'service-A' })).toThrow('Thing web/service-A: name must be lower-case letters');
  expect(() => new Thing(scope, 'my_thing')).toThrow('got "my_thing"; set `name`, or give the construct another id');
  expect(() => new Thing(scope, 'Dots', { name: 'a.b' }, { nameSyntax: NameSyntax.LABEL })).toThrow('got "a.b"');
  expect(() => new Thing(scope, 'DotsFine', { name: 'a.b' })).not.toThrow();
  expect(() => new Thing(scope, 'Namespace', { namespace: 'service-A' })).toThrow('Thing service-A/namespace: namespace must be lower-case letters');
  expect(() => new Thing(scope, 'Nowhere', { namespace: '' })).toThrow('Thing /nowhere: namespace must not be empty');
});

test('an error names kind, namespace and name', () => {
  expect(() => new Thing(chart(), 'MyThing').refuse()).toThrow('Thing web/my-thing: size must be 1, got 2');
});

test('is found by what takes constructs of other libraries', () => {
  const scope = chart();
  const service = new platform.Service(scope, 'Shop', { ports: [{ name: 'http', port: 80 }] });
  expect(only(synthesized(scope), 'Service').metadata.name).toBe(service.apiObject.name);
});
