import * as fc from 'fast-check';
import { Case, SYSTEMS } from './generators';
import { application } from './scenery';
import { Model } from '../../src/traffic/model';
import { compareRoutes } from '../../src/traffic/systems/contour/order';

const RUNS = { numRuns: 120, seed: Number(process.env.TRAFFIC_SEED ?? 20240601) };

const trace = ({ objects, request }: Case) => Model.fromObjects(objects).trace(request);
const plain = (value: any) => JSON.parse(JSON.stringify(value));
const shareSum = (outcomes: readonly { share: number }[]) => outcomes.reduce((sum, outcome) => sum + outcome.share, 0);

// What nothing in the cases can have to do with.
const UNRELATED: any[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'web', name: 'shop.example.com' }, data: { path: '/' } },
  { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { namespace: 'elsewhere', name: 'orphan' }, spec: { routes: [{ services: [{ name: 'red', port: 80 }] }] } },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { namespace: 'elsewhere', name: 'unbound' }, spec: { hosts: ['shop.example.com'], gateways: ['nowhere/none'], http: [{ route: [{ destination: { host: 'red' } }] }] } },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute', metadata: { namespace: 'elsewhere', name: 'unattached' }, spec: { parentRefs: [{ name: 'edge' }], rules: [{ backendRefs: [{ name: 'red', port: 80 }] }] } },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { namespace: 'elsewhere', name: 'of-nginx' }, spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example.com' }] } },
  { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { namespace: 'web', name: 'red' }, spec: {} },
  ...application('elsewhere', 'red'),
];

describe.each(SYSTEMS)('%s', (_name, cases) => {
  test('shares add up to 1, and no outcome has none', () => {
    fc.assert(fc.property(cases, (given) => {
      const { outcomes } = trace(given);
      expect(outcomes.length).toBeGreaterThan(0);
      expect(shareSum(outcomes)).toBeCloseTo(1, 9);
      for (const outcome of outcomes) expect(outcome.share).toBeGreaterThan(0);
    }), RUNS);
  });

  test('the order of the documents changes nothing', () => {
    const shuffled = cases.chain((given) => fc.tuple(fc.constant(given), fc.shuffledSubarray(given.objects, { minLength: given.objects.length })));
    fc.assert(fc.property(shuffled, ([given, objects]) => {
      expect(plain(trace({ ...given, objects }))).toEqual(plain(trace(given)));
    }), RUNS);
  });

  test('an unrelated object changes nothing', () => {
    const grown = fc.tuple(cases, fc.constantFrom(...UNRELATED), fc.boolean());
    fc.assert(fc.property(grown, ([given, object, first]) => {
      const objects = first ? [object, ...given.objects] : [...given.objects, object];
      expect(plain(trace({ ...given, objects }))).toEqual(plain(trace(given)));
    }), RUNS);
  });

  test('asking twice, or after other questions, gives the same answer', () => {
    fc.assert(fc.property(cases, (given) => {
      const model = Model.fromObjects(given.objects);
      const once = plain(model.trace(given.request));
      model.trace({ ...given.request, url: given.request.url.replace('/a', '/other'), headers: {} });
      expect(plain(model.trace(given.request))).toEqual(once);
    }), RUNS);
  });

  test('an answer that is not certain says why, and a certain one assumes nothing', () => {
    fc.assert(fc.property(cases, (given) => {
      for (const outcome of trace(given).outcomes) {
        if (outcome.certainty === 'certain') expect(outcome.assumptions).toEqual([]);
        if (outcome.certainty === 'assumed') expect(outcome.assumptions).not.toEqual([]);
        expect(outcome.kind === 'undetermined').toBe(outcome.certainty === 'undetermined');
        expect(outcome.hops.length).toBeGreaterThan(0);
      }
    }), RUNS);
  });

  test('every sentence is one', () => {
    fc.assert(fc.property(cases, (given) => {
      for (const { hops } of trace(given).outcomes) {
        for (const { object, does } of hops) {
          expect(object).toMatch(/^[A-Za-z]+\/[^/]*\/[^/]+$/);
          expect(does).toMatch(/^\S[^\n]*\S$/);
          expect(does).not.toMatch(/undefined|NaN|\[object/);
        }
      }
    }), RUNS);
  });
});

describe("Contour's order of routes", () => {
  const text = fc.constantFrom('/', '/a', '/ab', '/a/b');
  const headers = fc.array(fc.record({
    name: fc.constantFrom('x', 'y'),
    op: fc.constantFrom('exact' as const, 'regex' as const, 'contains' as const, 'present' as const),
    value: fc.constantFrom('', '1', '2'),
    invert: fc.boolean(),
    ignoreCase: fc.boolean(),
    missingAsEmpty: fc.boolean(),
  }), { maxLength: 3 });
  const queries = fc.array(fc.record({
    name: fc.constantFrom('p', 'q'),
    op: fc.constantFrom('exact' as const, 'prefix' as const, 'suffix' as const, 'regex' as const, 'contains' as const, 'present' as const),
    value: fc.constantFrom('', '1'),
    ignoreCase: fc.boolean(),
  }), { maxLength: 2 });
  const conditions = fc.record({ path: fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const, 'regex' as const), value: text }), headers, queries });

  test('is one: it turns round with its arguments, and what comes first stays first', () => {
    fc.assert(fc.property(conditions, conditions, conditions, (a, b, c) => {
      expect(Math.sign(compareRoutes(a, b))).toBe(-Math.sign(compareRoutes(b, a)) + 0);
      if (compareRoutes(a, b) <= 0 && compareRoutes(b, c) <= 0) expect(compareRoutes(a, c)).toBeLessThanOrEqual(0);
    }), { ...RUNS, numRuns: 3000 });
  });
});

describe('two routes that both take a request', () => {
  // Each alone says where it leads; together the answer is one of the two, or says that nothing decides.
  test.each(SYSTEMS)('of %s go one way or the other, or nobody can tell', (_name, cases) => {
    const routing = ['HTTPProxy', 'Ingress', 'VirtualService', 'HTTPRoute', 'GatewayRoute'];
    fc.assert(fc.property(cases, (given) => {
      const together = trace(given);
      if (together.outcomes.some((outcome) => outcome.kind === 'undetermined' || outcome.certainty === 'assumed')) return;
      const again = trace({ ...given, objects: [...given.objects].reverse() });
      const ends = (of: typeof together) => plain(of.outcomes.map((outcome) => [outcome.share, outcome.destination, outcome.status]));
      expect(ends(again)).toEqual(ends(together));
      expect(given.objects.some((object) => routing.includes(object.kind))).toBe(true);
    }), RUNS);
  });
});
