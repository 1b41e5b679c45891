import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, ApiObject } from 'cdk8s';
import { albToIstio, application, contour, daprIngress, yaml } from './scenery';
import { TrafficAssertions } from '../../src/traffic/assertions/traffic-assertions';

const shop = TrafficAssertions.fromObjects(contour);
const cart = { url: 'https://shop.example.com/cart/1' };
const account = { url: 'https://shop.example.com/account' };
const old = { url: 'https://shop.example.com/old/x' };
const card = { url: 'https://shop.example.com/card' };
const refused = { url: 'https://shpo.example.com/' };

const lonely = TrafficAssertions.fromObjects(yaml(`
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: api, namespace: web}
spec:
  virtualhost: {fqdn: api.example.com}
  routes: [{services: [{name: api, port: 80}]}]
`));

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('reaches', () => {
  test('holds for the Service that all of it is delivered to', () => {
    shop.request(account).reaches('Service/team/account');
    shop.request(account).reaches('Service.core/team/account', { port: 80 });
    TrafficAssertions.fromObjects(albToIstio).request({ url: 'https://shop.example.com/api/v1/orders' }).reaches('Service/orders/orders');
    TrafficAssertions.fromObjects(daprIngress).request({ url: 'http://api.example.com/backend/x' }).reaches('DaprApp/apps/orders', { port: 8080 });
  });

  test('says what was expected and what is in one line, and then explains', () => {
    const [first, blank, ...rest] = messageOf(() => shop.request(account).reaches('Service/team/other')).split('\n');
    expect(first).toBe('Expected all of it delivered to Service/team/other, got delivered to Service/team/account:80');
    expect(blank).toBe('');
    expect(rest.join('\n')).toBe(String(shop.request(account).trace));
  });

  test('names the nearest miss of what is not routed', () => {
    const message = messageOf(() => shop.request(card).reaches('Service/web/cart'));
    expect(message).toContain('Expected all of it delivered to Service/web/cart, got answered 404 by a proxy');
    expect(message).toContain('nearest: HTTPProxy/web/shop spec.routes[0] takes prefix /cart, the path is /card');
  });

  test('asks for the port', () => {
    expect(messageOf(() => shop.request(account).reaches('Service/team/account', { port: 81 }))).toContain('Expected all of it delivered to Service/team/account:81, got');
  });

  test('asks for the subset', () => {
    expect(messageOf(() => shop.request(account).reaches('Service/team/account', { subset: 'v2' }))).toContain('Service/team/account subset v2, got');
  });

  test('does not hold for a part of it', () => {
    expect(messageOf(() => shop.request(cart).reaches('Service/web/cart'))).toContain('got 70% delivered to Service/web/cart:80, 30% delivered to Service/web/cart-next:80');
  });

  test('takes a host outside the cluster by its name', () => {
    const outside = TrafficAssertions.fromObjects(application('web', 'shop')).request({ url: 'http://example.org/', from: 'Deployment/web/shop' });
    outside.reaches('example.org').reaches('Host//example.org').reaches('Host/example.org', { port: 80 });
  });
});

describe('doesNotReach', () => {
  test('holds where nothing of it is delivered', () => {
    shop.request(card).doesNotReach('Service/web/cart');
    shop.request(account).doesNotReach('Service/web/cart');
  });

  test('does not hold for a part of it', () => {
    expect(messageOf(() => shop.request(cart).doesNotReach('Service/web/cart-next'))).toContain('Expected none of it delivered to Service/web/cart-next, got 70%');
  });
});

describe('isRedirectedTo', () => {
  test('holds for the target, with its default port or without', () => {
    shop.request(old).isRedirectedTo('https://archive.example.com/old/x').isRedirectedTo('https://archive.example.com:443/old/x', 302);
  });

  test('does not hold for another target, another status, or no redirect', () => {
    expect(messageOf(() => shop.request(old).isRedirectedTo('https://archive.example.com/'))).toContain('Expected all of it redirected to https://archive.example.com/, got redirected with 302 to https://archive.example.com/old/x');
    expect(messageOf(() => shop.request(old).isRedirectedTo('https://archive.example.com/old/x', 301))).toContain('Expected all of it redirected with 301 to');
    expect(messageOf(() => shop.request(account).isRedirectedTo('https://a.example.com/'))).toContain('got delivered to');
  });
});

describe('respondsWith and isRefused', () => {
  test('hold for what a proxy answers and for what nobody takes', () => {
    shop.request(card).respondsWith(404);
    shop.request(refused).isRefused();
  });

  test('do not hold for anything else', () => {
    expect(messageOf(() => shop.request(card).respondsWith(503))).toContain('Expected all of it answered 503 by a proxy, got answered 404 by a proxy');
    expect(messageOf(() => shop.request(card).isRefused())).toContain('Expected all of it refused, got answered 404');
    expect(messageOf(() => shop.request(refused).respondsWith(404))).toContain('got refused');
  });
});

describe('splits', () => {
  test('holds for the shares, whatever their order', () => {
    shop.request(cart).splits({ 'Service/web/cart-next': 0.3, 'Service/web/cart': 0.7 });
    shop.request(account).splits({ 'Service/team/account': 1, 'Service/web/cart': 0 });
  });

  test('does not hold for other shares, or where something goes elsewhere', () => {
    expect(messageOf(() => shop.request(cart).splits({ 'Service/web/cart': 0.6, 'Service/web/cart-next': 0.4 })))
      .toContain('Expected 60% delivered to Service/web/cart, 40% delivered to Service/web/cart-next, got 70% delivered to Service/web/cart:80, 30%');
    expect(messageOf(() => shop.request(cart).splits({ 'Service/web/cart': 0.7 }))).toContain('Expected 70% delivered to Service/web/cart, got');
    expect(messageOf(() => shop.request(card).splits({ 'Service/web/cart': 1 }))).toContain('got answered 404');
  });
});

describe('mirrorsTo', () => {
  test('holds for a destination of copies', () => {
    shop.request(account).mirrorsTo('Service/team/audit');
  });

  test('does not hold for another, or for none', () => {
    expect(messageOf(() => shop.request(account).mirrorsTo('Service/team/account'))).toContain('Expected a copy of it sent to Service/team/account, got copies go to Service/team/audit:80');
    expect(messageOf(() => shop.request(cart).mirrorsTo('Service/team/audit'))).toContain('got no copy goes anywhere');
  });
});

describe('arrivesAs', () => {
  test('holds for path, host, method and headers', () => {
    shop.request({ ...cart, method: 'PUT', headers: { 'X-Debug': '1' } })
      .arrivesAs({ path: '/basket/1', host: 'shop.example.com', method: 'PUT', headers: { 'X-Env': 'prod' }, absentHeaders: ['X-Debug'] });
  });

  test('says what arrives instead', () => {
    expect(messageOf(() => shop.request(account).arrivesAs({ path: '/', headers: { 'X-Env': 'prod' } })))
      .toContain('Expected it delivered with path /, header X-Env: prod, got path /account at Service/team/account:80, no header X-Env at Service/team/account:80');
    expect(messageOf(() => shop.request({ ...account, headers: { 'X-Debug': '1' } }).arrivesAs({ absentHeaders: ['x-debug'] }))).toContain('got header x-debug: 1 at');
    expect(messageOf(() => shop.request(card).arrivesAs({ path: '/' }))).toContain('got answered 404');
  });
});

describe('isCertain', () => {
  test('holds for what the manifests decide', () => {
    shop.request(cart).isCertain();
  });

  test('names what is assumed', () => {
    expect(messageOf(() => lonely.request({ url: 'http://api.example.com/' }).reaches('Service/web/api').isCertain()))
      .toContain('Expected a certain answer, got assumed that Service/web/api exists and has ready pods');
  });
});

describe('TrafficAssertions', () => {
  test('chains', () => {
    const assertions = shop.request(account);
    expect(assertions.reaches('Service/team/account').mirrorsTo('Service/team/audit').isCertain()).toBe(assertions);
  });

  test('reads an app', () => {
    const app = new App();
    const chart = new Chart(app, 'web', { namespace: 'web' });
    new ApiObject(chart, 'proxy', { apiVersion: 'projectcontour.io/v1', kind: 'HTTPProxy', metadata: { name: 'api' }, spec: { virtualhost: { fqdn: 'api.example.com' }, routes: [{ services: [{ name: 'api', port: 80 }] }] } });
    TrafficAssertions.fromApp(app).request({ url: 'http://api.example.com/' }).reaches('Service/web/api');
    TrafficAssertions.fromApp(app, { complete: true }).request({ url: 'http://api.example.com/' }).respondsWith(503);
  });

  test('reads files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'traffic-')), 'all.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: contour }));
    TrafficAssertions.fromFiles([file]).request(account).reaches('Service/team/account');
  });

  test('takes options', () => {
    TrafficAssertions.fromObjects(contour, { contour: { ingressClassNames: ['other'] } }).request(account).isRefused();
  });

  test('says so when the request cannot be asked', () => {
    expect(() => shop.request({ url: 'shop.example.com' })).toThrow('url must be written like');
    expect(() => shop.request({ url: 'http://a.example.com/', entry: 'Ingress/web/shop' })).toThrow('entry Ingress/web/shop is not in the input');
  });
});
