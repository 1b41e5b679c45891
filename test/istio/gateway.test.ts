import { JsonPatch } from 'cdk8s';
import { istio } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

const selector = { istio: 'edge' };

test('opens ports for hosts, and says the TLS mode of each server', () => {
  const scope = chart();
  new istio.Gateway(scope, 'Edge', {
    selector,
    servers: [
      istio.GatewayServer.httpsRedirect({ hosts: ['shop.example.com'] }),
      istio.GatewayServer.https({ hosts: ['shop.example.com'], credentialName: 'shop', minimumVersion: istio.TlsVersion.V1_3 }),
      istio.GatewayServer.mutualHttps({ hosts: ['web/api.example.com'], credentialName: 'api', portName: 'https-api' }),
      istio.GatewayServer.tlsPassthrough({ port: 8443, hosts: ['db.example.com'] }),
      istio.GatewayServer.istioMutual({ port: 15443 }),
      istio.GatewayServer.http({ port: 8080 }),
    ],
  });

  const gateway = only(synthesized(scope), 'Gateway');
  expect(schemaErrors(gateway)).toEqual([]);
  expect(gateway).toEqual({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'edge', namespace: 'web' },
    spec: {
      selector,
      servers: [
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['shop.example.com'], tls: { httpsRedirect: true } },
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: ['shop.example.com'],
          tls: { mode: 'SIMPLE', credentialName: 'shop', minProtocolVersion: 'TLSV1_3' },
        },
        { port: { number: 443, name: 'https-api', protocol: 'HTTPS' }, hosts: ['web/api.example.com'], tls: { mode: 'MUTUAL', credentialName: 'api' } },
        { port: { number: 8443, name: 'tls-8443', protocol: 'TLS' }, hosts: ['db.example.com'], tls: { mode: 'PASSTHROUGH' } },
        { port: { number: 15443, name: 'https-15443', protocol: 'HTTPS' }, hosts: ['*'], tls: { mode: 'ISTIO_MUTUAL' } },
        { port: { number: 8080, name: 'http-8080', protocol: 'HTTP' }, hosts: ['*'] },
      ],
    },
  });
});

test('virtual services refer to it by namespace and name', () => {
  expect(new istio.Gateway(chart(), 'Edge', { selector }).gatewayName).toBe('web/edge');
  expect(() => new istio.Gateway(chart({}), 'Edge', { selector }).gatewayName).toThrow('has no namespace to be referred to by');
});

test('refuses what Istio drops or ignores', () => {
  const { http, https } = istio.GatewayServer;
  const gateway = new istio.Gateway(chart(), 'Edge', { selector, servers: [https({ credentialName: 'shop', hosts: ['a.example.com'] })] });
  expect(() => gateway.addServer(http({ port: 443 }))).toThrow('Gateway web/edge: port 443 has a plain HTTP server and one with TLS');
  expect(() => gateway.addServer(https({ credentialName: 'b', hosts: ['b.example.com'] }))).toThrow('two servers on port 443 are named "https"');
  expect(() => gateway.addServer(https({ credentialName: 'b', hosts: ['a.example.com'], portName: 'b' }))).toThrow('host "a.example.com" is served twice on port 443');
  expect(() => gateway.addServer(http({ port: 80, portName: 'https' }))).toThrow('ports 443 and 80 are both named "https"');
  expect(() => gateway.addServer(http())).not.toThrow();
});

test('refuses an empty selector, a wrong port, name, host or Secret', () => {
  const { http, https } = istio.GatewayServer;
  expect(() => new istio.Gateway(chart(), 'Edge', { selector: {} })).toThrow('Gateway web/edge: the selector must name labels');
  expect(() => http({ port: 70000 })).toThrow('GatewayServer 70000/HTTP: port must be a whole number from 1 to 65535, got 70000');
  expect(() => http({ portName: 'Web' })).toThrow('got "Web"');
  expect(() => http({ hosts: [] })).toThrow('hosts must name at least one');
  expect(() => http({ hosts: ['*shop.example.com'] })).toThrow('got "*shop.example.com"');
  expect(() => http({ hosts: ['Shop/shop.example.com'] })).toThrow('before "/" stands a namespace');
  expect(() => http({ hosts: ['./shop.example.com', '*/b.example.com'] })).not.toThrow();
  expect(() => https({ credentialName: '' })).toThrow('GatewayServer.https: credentialName: name must not be empty');
  const scope = chart();
  new istio.Gateway(scope, 'Edge', { selector });
  expect(() => synthesized(scope)).toThrow('Gateway/web/edge: opens no port');
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  const gateway = new istio.Gateway(scope, 'Edge', { selector, servers: [istio.GatewayServer.http()] });
  gateway.apiObject.addJsonPatch(JsonPatch.add('/spec/servers/0/brandNew', true));
  expect(only(synthesized(scope), 'Gateway').spec.servers[0].brandNew).toBe(true);
});
