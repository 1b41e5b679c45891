import { Duration, JsonPatch } from 'cdk8s';
import { istio } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const { HttpRoute, StringMatch } = istio;
const destinations = [{ host: 'shop.web.svc.cluster.local', port: 80 }];

test('forwards, redirects and answers, in the order of the routes', () => {
  const scope = chart();
  new istio.VirtualService(scope, 'Shop', {
    hosts: ['shop.example.com'],
    gateways: ['edge/edge', 'mesh'],
    exportTo: ['edge', '.'],
    http: [
      HttpRoute.forward({
        name: 'api',
        matches: [{
          uri: StringMatch.startsWith('/api/'),
          ignoreUriCase: true,
          headers: { env: StringMatch.exactly('prod'), token: StringMatch.isPresent() },
          withoutHeaders: { debug: StringMatch.isPresent() },
          queryParams: { v: StringMatch.matches('[0-9]+') },
          method: StringMatch.exactly('GET'),
          authority: StringMatch.startsWith('shop.'),
          scheme: StringMatch.exactly('https'),
          port: 443,
          gateways: ['edge/edge'],
        }, { sourceLabels: { app: 'x' }, sourceNamespace: 'y' }],
        requestHeaders: { overwrite: { 'x-a': '1' }, append: { 'x-b': '2' }, remove: ['x-c'] },
        responseHeaders: { remove: ['server'] },
        destinations: [{ ...destinations[0]!, weight: 70 }, { host: 'shop.web.svc.cluster.local', subset: 'v2', weight: 30 }],
        rewriteUri: '/',
        rewriteAuthority: 'shop.internal',
        timeout: Duration.millis(1500),
        retries: { attempts: 3, perTryTimeout: Duration.seconds(2), retryOn: '5xx' },
      }),
      HttpRoute.redirect({ name: 'old', matches: [{ uri: StringMatch.exactly('/old') }], authority: 'new.example.com', uri: '/', scheme: 'https', port: 443, code: 308 }),
    ],
  }).addRoute(HttpRoute.respond({ status: 404, body: 'nothing here' }));

  const service = only(synthesized(scope), 'VirtualService');
  expect(schemaErrors(service)).toEqual([]);
  expect(service).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'shop', namespace: 'web' },
    spec: {
      hosts: ['shop.example.com'],
      gateways: ['edge/edge', 'mesh'],
      exportTo: ['edge', '.'],
      http: [
        {
          name: 'api',
          match: [{
            uri: { prefix: '/api/' },
            ignoreUriCase: true,
            headers: { env: { exact: 'prod' }, token: {} },
            withoutHeaders: { debug: {} },
            queryParams: { v: { regex: '[0-9]+' } },
            method: { exact: 'GET' },
            authority: { prefix: 'shop.' },
            scheme: { exact: 'https' },
            port: 443,
            gateways: ['edge/edge'],
          }, { sourceLabels: { app: 'x' }, sourceNamespace: 'y' }],
          headers: { request: { set: { 'x-a': '1' }, add: { 'x-b': '2' }, remove: ['x-c'] }, response: { remove: ['server'] } },
          route: [
            { destination: { host: 'shop.web.svc.cluster.local', port: { number: 80 } }, weight: 70 },
            { destination: { host: 'shop.web.svc.cluster.local', subset: 'v2' }, weight: 30 },
          ],
          rewrite: { uri: '/', authority: 'shop.internal' },
          timeout: '1500ms',
          retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' },
        },
        { name: 'old', match: [{ uri: { exact: '/old' } }], redirect: { authority: 'new.example.com', uri: '/', scheme: 'https', port: 443, redirectCode: 308 } },
        { directResponse: { status: 404, body: { string: 'nothing here' } } },
      ],
    },
  });
});

test('a delegate has neither hosts nor gateways', () => {
  const scope = chart();
  new istio.VirtualService(scope, 'Part', { hosts: [], http: [HttpRoute.forward({ destinations })] });
  expect(only(synthesized(scope), 'VirtualService').spec).toEqual({ http: [{ route: [{ destination: { host: 'shop.web.svc.cluster.local', port: { number: 80 } } }] }] });
  expect(() => new istio.VirtualService(scope, 'Other', { hosts: [], gateways: ['edge/edge'] })).toThrow('a delegate has neither hosts nor gateways');
});

test('refuses hosts and gateways that Istio would ignore', () => {
  const create = (hosts: string[], gateways?: string[]) => () => new istio.VirtualService(chart(), 'Shop', { hosts, gateways });
  expect(create(['Shop.example.com'], ['edge/edge'])).toThrow('VirtualService web/shop: a host is a DNS name in lower case');
  expect(create([''], ['edge/edge'])).toThrow('a host must not be empty');
  expect(create(['*.example.com', 'a.b.example.com'], ['edge/edge'])).toThrow('hosts "*.example.com" and "a.b.example.com" cover each other');
  expect(create(['*.example.com', 'example.com'], ['edge/edge'])).not.toThrow();
  expect(create(['a.example.com'], ['edge'])).toThrow('a gateway is named "namespace/name"');
  expect(create(['a.example.com'], [])).toThrow('gateways must name at least one');
  expect(create(['shop'], ['edge/edge'])).toThrow('host "shop" has no dot');
  expect(create(['shop'])).not.toThrow();
  expect(create(['*'])).toThrow('host "*" is not possible in the mesh');
  expect(create(['*'], ['edge/edge'])).not.toThrow();
  const scope = chart();
  new istio.VirtualService(scope, 'Empty', { hosts: ['shop'] });
  expect(() => synthesized(scope)).toThrow('VirtualService/web/empty: has no route');
});

test('refuses routes that cannot be', () => {
  const forward = (...each: istio.HttpDestination[]) => () => HttpRoute.forward({ name: 'api', destinations: each });
  const [one] = destinations as [istio.HttpDestination];
  expect(forward()).toThrow('HttpRoute api: needs at least one destination');
  expect(forward({ host: '' })).toThrow('a destination needs a host');
  expect(forward({ host: 'a', port: 0 })).toThrow('destination a: port must be a whole number from 1 to 65535, got 0');
  expect(forward({ ...one, weight: -1 })).toThrow('weight must be a whole number of 0 or more, got -1');
  expect(forward({ ...one, weight: 1 }, one)).toThrow('of several destinations each needs a weight');
  expect(forward({ ...one, weight: 0 }, { ...one, weight: 0 })).toThrow('the weights must not sum to 0');
  expect(() => HttpRoute.forward({ destinations, retries: { attempts: -1 } })).toThrow('retries.attempts must be a whole number of 0 or more, got -1');
  expect(() => HttpRoute.forward({ destinations, matches: [{ uri: StringMatch.startsWith('api') }] })).toThrow('a path begins with "/", got "api"');
  expect(() => HttpRoute.forward({ destinations, matches: [{ method: StringMatch.isPresent() }] })).toThrow('method is always present');
  expect(() => HttpRoute.redirect({})).toThrow('a redirect needs an authority, uri, scheme or port');
  expect(() => HttpRoute.redirect({ uri: '/', code: 200 })).toThrow('a redirect\'s code is 301, 302, 303, 307 or 308, got 200');
  expect(() => HttpRoute.redirect({ uri: 'x' })).toThrow('a redirect\'s uri begins with "/", got "x"');
  expect(() => HttpRoute.redirect({ scheme: 'ftp' })).toThrow('a redirect\'s scheme is http or https, got "ftp"');
  expect(() => HttpRoute.redirect({ port: 70000 })).toThrow('got 70000');
  expect(() => HttpRoute.respond({ status: 99 })).toThrow('a status is a whole number from 200 to 599, got 99');
  expect(() => StringMatch.matches('')).toThrow('the expression must not be empty');
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  const service = new istio.VirtualService(scope, 'Shop', { hosts: ['shop'], http: [HttpRoute.forward({ destinations })] });
  service.apiObject.addJsonPatch(JsonPatch.add('/spec/http/0/brandNew', 1));
  expect(only(synthesized(scope), 'VirtualService').spec.http[0].brandNew).toBe(1);
});
