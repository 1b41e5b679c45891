import * as fc from 'fast-check';
import { application, SCENES, yaml } from './scenery';
import { Model } from '../../src/traffic/model';

const DOCUMENTED = /^(element \S+ (is no object|is a List)|objects must be a list|url must be written like|url: port must be|entry .* is not in the input|from .* is not in the input)/;

const RUNS = { numRuns: 400, seed: Number(process.env.TRAFFIC_SEED ?? 20240602) };

const JUNK: any[] = [
  null, undefined, 0, -1, 1e308, Number.NaN, 65536, -0.5, true, false, '', ' ', 'x', '*', '*.', '/', '//', '(((', '(a+)+$', '%', '%REQ(', '\u0000', 'a/b/c', '__proto__', 'constructor',
  [], {}, [null], [1], ['a'], [[]], [{}], { name: 1 }, { a: { b: 1 } }, 'x'.repeat(5000), new Date(0),
];

function places(value: any, found: { holder: any; key: string | number }[] = []): { holder: any; key: string | number }[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value, key });
    places(value[key], found);
  }
  return found;
}

// Kind, apiVersion and the list itself stay: without them there is no object to be malformed.
function spoil(objects: any[], wounds: readonly { at: number; junk: any; remove: boolean }[]): any[] {
  const spoiled = structuredClone(objects);
  for (const { at, junk, remove } of wounds) {
    const all = places(spoiled).filter(({ holder, key }) => holder !== spoiled && !(spoiled.includes(holder) && (key === 'kind' || key === 'apiVersion')));
    if (all.length === 0) continue;
    const { holder, key } = all[at % all.length];
    if (remove) delete holder[key];
    else holder[key] = structuredClone(junk);
  }
  return spoiled;
}

const wound = fc.record({ at: fc.nat(100_000), junk: fc.constantFrom(...JUNK), remove: fc.boolean() });
const wounds = fc.array(wound, { minLength: 1, maxLength: 8 });

function answer(objects: any[], request: any, options = {}): void {
  try {
    const trace = Model.fromObjects(objects, options).trace(request);
    expect(trace.outcomes.reduce((sum, outcome) => sum + outcome.share, 0)).toBeCloseTo(1, 6);
    expect(typeof String(trace)).toBe('string');
    JSON.stringify(trace);
  } catch (error) {
    if (!DOCUMENTED.test((error as Error).message)) throw error;
  }
}

describe('objects that nobody has validated', () => {
  test.each(SCENES.map((scene) => [scene.name, scene] as const))('of %s end in an answer or a documented error', (_name, scene) => {
    const requests = fc.constantFrom(...scene.requests);
    fc.assert(fc.property(wounds, requests, fc.boolean(), (given, request, complete) => answer(spoil(scene.objects, given), request, { complete })), RUNS);
  });

  test('whatever stands in the place of spec and metadata', () => {
    const kinds = [...new Map(SCENES.flatMap((scene) => scene.objects).map((object) => [object.kind, object])).values()];
    for (const object of kinds) {
      for (const junk of JUNK) {
        for (const key of ['spec', 'metadata', 'status']) answer([{ ...object, [key]: junk }], { url: 'http://shop.example.com/' });
      }
    }
  });

  test('that refer to themselves', () => {
    const labels: any = { app: 'cart' };
    labels.self = labels;
    const [service, deployment] = application('web', 'cart');
    service.spec.selector = labels;
    deployment.spec.template.metadata.labels = labels;
    const spec: any = { virtualhost: { fqdn: 'shop.example.com' }, routes: [{ services: [{ name: 'cart', port: 80 }] }] };
    spec.routes[0].conditions = [spec];
    spec.includes = [spec];
    answer([service, deployment, { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'web', name: 'shop' }, spec }], { url: 'http://shop.example.com/' });
  });

  test('with keys that objects have by nature', () => {
    const objects = structuredClone(SCENES[0].objects);
    for (const object of objects) object.metadata.labels = { ['constructor']: 'x', ['__proto__']: 'y', toString: 'z' };
    answer([...objects, ...yaml('{apiVersion: v1, kind: constructor, metadata: {name: __proto__, namespace: toString}}')], { url: 'https://shop.example.com/cart', headers: { constructor: '1', toString: '2' } });
  });
});

describe('requests that make no sense', () => {
  const request = fc.record({
    url: fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom('http://', 'https://[::1]/', 'http://[', 'grpc://a/b.C/d', 'http://a:0/', 'http://a:99999/', 'http://%/%%%', 'http://a/..%2f..')),
    method: fc.option(fc.string(), { nil: undefined }),
    headers: fc.option(fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 }), { nil: undefined }),
    entry: fc.option(fc.oneof(fc.string(), fc.constantFrom('IngressClass//contour', 'Service/web/cart', 'Deployment/web/cart', 'a/b', '///')), { nil: undefined }),
    from: fc.option(fc.oneof(fc.string(), fc.constant('Deployment/web/cart')), { nil: undefined }),
    sni: fc.option(fc.string(), { nil: undefined }),
    sourceIp: fc.option(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), { nil: undefined }),
  });

  test('end in an answer or a documented error', () => {
    const scenes = fc.constantFrom(...SCENES);
    fc.assert(fc.property(scenes, request, (scene, asked) => answer(scene.objects, asked)), { ...RUNS, numRuns: 1500 });
  });
});

describe('an answer takes bounded time', () => {
  // The processor's time, so that what else runs on the machine does not count.
  function within(milliseconds: number, act: () => void): void {
    const before = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(milliseconds);
  }
  const proxy = (name: string, spec: any) => ({ apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'web', name }, spec });
  const root = (spec: any) => proxy('root', { virtualhost: { fqdn: 'shop.example.com' }, ...spec });

  test.each(['(a+)+$', '(a|aa)+$', '(.*)*x', '(a*)*b', `${'(a?)'.repeat(200)}${'a'.repeat(200)}`, '(x+x+)+y', '((a{1,50}){1,50}){1,50}', '[a-z]*'.repeat(50)])('under the regular expression %s', (regex) => {
    const objects = [root({ routes: [{ conditions: [{ regex: `/${regex}` }, { header: { name: 'x-long', regex } }], services: [{ name: 'cart', port: 80 }] }] }), ...application('web', 'cart')];
    within(2000, () => answer(objects, { url: `http://shop.example.com/${'a'.repeat(3000)}!`, headers: { 'x-long': `${'a'.repeat(3000)}!` } }));
  });

  test('under path templates of an AuthorizationPolicy', () => {
    const objects = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', labels: { 'istio-injection': 'enabled' } } }, ...application('web', 'cart'),
      { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { namespace: 'web', name: 'templates' }, spec: { rules: [{ to: [{ operation: { paths: [`${'/{**}'.repeat(30)}/end`, `${'/{*}'.repeat(30)}x`] } }] }] } },
    ];
    within(2000, () => answer(objects, { url: `http://cart.web${'/a'.repeat(3000)}`, entry: 'Service/web/cart' }));
  });

  test('where every proxy includes every other', () => {
    const names = Array.from({ length: 14 }, (_, i) => `p${i}`);
    const includes = (own: string) => names.filter((name) => name !== own).map((name, i) => ({ name, conditions: [{ prefix: `/${i}` }] }));
    const objects = [root({ includes: includes('root') }), ...names.map((name) => proxy(name, { includes: includes(name), routes: [{ services: [{ name: 'cart', port: 80 }] }] }))];
    within(3000, () => answer(objects, { url: 'http://shop.example.com/1/2/3' }));
  });

  test('where includes double at every level', () => {
    const objects = [root({ includes: [{ name: 'p0' }] }), ...Array.from({ length: 40 }, (_, i) => proxy(`p${i}`, {
      includes: i === 39 ? [] : [{ name: `p${i + 1}`, conditions: [{ prefix: '/a' }] }, { name: `p${i + 1}`, conditions: [{ prefix: '/b' }] }],
      routes: [{ services: [{ name: 'cart', port: 80 }] }],
    }))];
    within(3000, () => answer(objects, { url: 'http://shop.example.com/a/b' }));
  });

  test('where includes go very deep', () => {
    const objects = [root({ includes: [{ name: 'p0' }] }), ...Array.from({ length: 3000 }, (_, i) => proxy(`p${i}`, { includes: [{ name: `p${i + 1}` }], routes: [{ conditions: [{ prefix: `/${i}` }], services: [{ name: 'cart', port: 80 }] }] }))];
    within(5000, () => answer(objects, { url: 'http://shop.example.com/2999' }));
  });

  test('where requests go round in circles', () => {
    const objects = yaml(`
apiVersion: v1
kind: Service
metadata: {name: edge, namespace: web}
spec: {selector: {istio: edge}, ports: [{port: 80, targetPort: 80}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: edge, namespace: web}
spec: {template: {metadata: {labels: {istio: edge}, annotations: {inject.istio.io/templates: gateway}}, spec: {containers: [{name: istio-proxy, image: auto}]}}}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: web}
spec: {selector: {istio: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: circle, namespace: web}
spec:
  hosts: ["*"]
  gateways: [edge]
  http:
    - mirrors: [{destination: {host: edge, port: {number: 80}}}, {destination: {host: edge, port: {number: 80}}}]
      route: [{destination: {host: edge, port: {number: 80}}, weight: 50}, {destination: {host: edge, port: {number: 80}}, weight: 50}]
`);
    within(3000, () => {
      const { outcomes } = Model.fromObjects(objects).trace({ url: 'http://shop.example.com/', entry: 'Service/web/edge' });
      expect(outcomes).toHaveLength(1);
      expect(outcomes[0].kind).toBe('undetermined');
      expect(outcomes[0].share).toBeCloseTo(1, 9);
      expect(outcomes[0].hops.at(-1)?.does).toBe('the request goes round in circles');
    });
  });

  test('for a miss among ten thousand routes', () => {
    const objects = [root({ routes: Array.from({ length: 10_000 }, (_, i) => ({ conditions: [{ prefix: `/path-${i}` }], services: [{ name: 'cart', port: 80 }] })) }), ...application('web', 'cart')];
    const model = Model.fromObjects(objects);
    expect(String(model.trace({ url: 'http://shop.example.com/path_9876' }))).toMatch(/nearest: HTTPProxy\/web\/root spec\.routes\[\d+\] takes prefix \/path-\d+, the path is \/path_9876/);
    expect(String(model.trace({ url: 'http://shop.example.com/path-987' }))).toContain('is delivered to');
    within(3000, () => {
      for (let i = 0; i < 2000; i++) model.trace({ url: `http://shop.example.com/none-${i}` });
    });
  });

  test('for a long url with many headers', () => {
    const headers = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`x-${i}`, 'v'.repeat(100)]));
    within(3000, () => answer(SCENES[0].objects, { url: `https://shop.example.com/cart${'/../a'.repeat(20_000)}?${'a=b&'.repeat(20_000)}`, headers }));
  });
});
