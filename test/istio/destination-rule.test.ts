import { Duration } from 'cdk8s';
import { istio } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const host = 'shop.web.svc.cluster.local';

test('says how a destination is spoken to, and names parts of its pods', () => {
  const scope = chart();
  new istio.DestinationRule(scope, 'Shop', {
    host,
    exportTo: ['*'],
    trafficPolicy: {
      tls: istio.DestinationTls.istioMutual(),
      connectionPool: {
        maxConnections: 100,
        connectTimeout: Duration.seconds(1),
        h2UpgradePolicy: istio.H2UpgradePolicy.UPGRADE,
        maxPendingRequests: 10,
        maxRequests: 20,
        idleTimeout: Duration.minutes(1),
        useClientProtocol: false,
      },
    },
    subsets: [{ name: 'v2', labels: { version: 'v2' }, trafficPolicy: { connectionPool: { useClientProtocol: true } } }, { name: 'v1', labels: { version: 'v1' } }],
  });
  const rule = only(synthesized(scope), 'DestinationRule');
  expect(schemaErrors(rule)).toEqual([]);
  expect(rule.apiVersion).toBe('networking.istio.io/v1');
  expect(rule.spec).toEqual({
    host,
    exportTo: ['*'],
    trafficPolicy: {
      tls: { mode: 'ISTIO_MUTUAL' },
      connectionPool: {
        tcp: { maxConnections: 100, connectTimeout: '1s' },
        http: { h2UpgradePolicy: 'UPGRADE', useClientProtocol: false, http1MaxPendingRequests: 10, http2MaxRequests: 20, idleTimeout: '60s' },
      },
    },
    subsets: [
      { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { connectionPool: { http: { useClientProtocol: true } } } },
      { name: 'v1', labels: { version: 'v1' } },
    ],
  });
});

test.each([
  [istio.DestinationTls.disabled(), { mode: 'DISABLE' }],
  [istio.DestinationTls.simple({ sni: 'a.example.com', caCertificates: '/etc/ssl/ca.pem' }), { mode: 'SIMPLE', sni: 'a.example.com', caCertificates: '/etc/ssl/ca.pem' }],
  [istio.DestinationTls.mutual('client', { subjectAltNames: ['a'] }), { mode: 'MUTUAL', credentialName: 'client', subjectAltNames: ['a'] }],
])('TLS %#', (tls, wire) => {
  const scope = chart();
  new istio.DestinationRule(scope, 'Shop', { host, trafficPolicy: { tls } });
  expect(only(synthesized(scope), 'DestinationRule').spec.trafficPolicy).toEqual({ tls: wire });
});

test('refuses a short host, a subset without a name of its own or labels, and a Secret without a name', () => {
  const create = (props: istio.DestinationRuleProps) => () => new istio.DestinationRule(chart(), 'Shop', props);
  expect(create({ host: 'shop' })).toThrow('DestinationRule web/shop: host "shop" is short');
  expect(create({ host: 'A.b' })).toThrow('got "A.b"');
  expect(create({ host, subsets: [{ name: 'v1', labels: {} }] })).toThrow('subset "v1" needs labels');
  expect(create({ host, subsets: [{ name: 'V1', labels: { a: 'b' } }] })).toThrow('got "V1"');
  expect(create({ host, subsets: [{ name: 'v1', labels: { a: 'b' } }, { name: 'v1', labels: { a: 'c' } }] })).toThrow('subset "v1" is given twice');
  expect(() => istio.DestinationTls.mutual('')).toThrow('DestinationTls.mutual: credentialName: name must not be empty');
});
