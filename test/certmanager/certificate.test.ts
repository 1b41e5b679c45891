import { Duration, JsonPatch } from 'cdk8s';
import { certmanager } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

function selfSigned(scope = chart()) {
  return { scope, issuer: new certmanager.Issuer(scope, 'Self', { config: certmanager.IssuerConfig.selfSigned() }) };
}

test('asks an issuer for a certificate for its hosts and keeps it in a Secret of its own name', () => {
  const { scope, issuer } = selfSigned();
  const certificate = new certmanager.Certificate(scope, 'Shop', { hosts: ['shop.example.com', '*.shop.example.com'], issuer });

  expect(certificate.secretName).toBe('shop');
  expect(only(synthesized(scope), 'Certificate')).toEqual({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'shop', namespace: 'web' },
    spec: {
      secretName: 'shop',
      issuerRef: { group: 'cert-manager.io', kind: 'Issuer', name: 'self' },
      dnsNames: ['shop.example.com', '*.shop.example.com'],
      privateKey: { rotationPolicy: 'Always' },
    },
  });
});

test('every setting arrives, durations as Go writes them', () => {
  const { scope, issuer } = selfSigned();
  new certmanager.Certificate(scope, 'Authority', {
    hosts: ['ca.internal'],
    issuer,
    secretName: 'authority-key',
    commonName: 'ca.internal',
    duration: Duration.days(365),
    renewBefore: Duration.minutes(90),
    privateKeyAlgorithm: certmanager.PrivateKeyAlgorithm.ECDSA,
    isCa: true,
  });
  const object = only(synthesized(scope), 'Certificate');
  expect(object.spec).toMatchObject({
    secretName: 'authority-key',
    commonName: 'ca.internal',
    isCA: true,
    duration: '8760h',
    renewBefore: '90m',
    privateKey: { algorithm: 'ECDSA', rotationPolicy: 'Always' },
  });
  expect(schemaErrors(object)).toEqual([]);
});

test('a certificate without a host is an error', () => {
  const { scope, issuer } = selfSigned();
  expect(() => new certmanager.Certificate(scope, 'None', { hosts: [], issuer })).toThrow('Certificate web/none: a certificate is for at least one host, got none');
});

test.each([
  ['Shop.example.com'], ['shop_1.example.com'], [''], ['a.*.example.com'], ['https://shop.example.com'],
])('refuses the host "%s"', (host) => {
  const { scope, issuer } = selfSigned();
  expect(() => new certmanager.Certificate(scope, 'Bad', { hosts: [host], issuer })).toThrow(`Certificate web/bad: a host is a DNS name in lower case, such as "www.example.com" or "*.example.com", got "${host}"`);
});

test('refuses a host given twice, a common name that is no host or too long, and a bad Secret name', () => {
  const { scope, issuer } = selfSigned();
  const long = `${'a'.repeat(60)}.example.com`;
  const make = (id: string, props: Partial<certmanager.CertificateProps>) => () => new certmanager.Certificate(scope, id, { hosts: ['a.example.com'], issuer, ...props });
  expect(make('Twice', { hosts: ['a.example.com', 'a.example.com'] })).toThrow('host "a.example.com" is given twice');
  expect(make('Other', { commonName: 'b.example.com' })).toThrow('commonName must be one of the hosts a.example.com, got "b.example.com"');
  expect(make('Long', { hosts: [long], commonName: long })).toThrow('commonName must have at most 64 characters, got 72');
  expect(make('Secret', { secretName: 'My_Secret' })).toThrow('Certificate web/secret: Secret name must be');
});

test('an Issuer serves its own namespace only, a ClusterIssuer all', () => {
  const scope = chart();
  const issuer = certmanager.Issuer.fromIssuerName(scope, 'Theirs', 'theirs', 'other');
  expect(() => new certmanager.Certificate(scope, 'A', { hosts: ['a.example.com'], issuer }))
    .toThrow('Certificate web/a: Issuer other/theirs issues to its own namespace only; use a ClusterIssuer, or an Issuer in web');
  new certmanager.Certificate(scope, 'B', { hosts: ['b.example.com'], issuer: certmanager.ClusterIssuer.fromClusterIssuerName(scope, 'Prod', 'letsencrypt-prod') });
  expect(only(synthesized(scope), 'Certificate', 'b').spec.issuerRef).toEqual({ group: 'cert-manager.io', kind: 'ClusterIssuer', name: 'letsencrypt-prod' });
  expect(() => certmanager.ClusterIssuer.fromClusterIssuerName(scope, 'Bad', '')).toThrow('ClusterIssuer /: name must not be empty');
});

test('a wildcard needs an issuer that proves by DNS', () => {
  const scope = chart();
  const byHttp = new certmanager.ClusterIssuer(scope, 'Http', { config: certmanager.IssuerConfig.acme({ solvers: [certmanager.AcmeSolver.http01()] }) });
  const byDns = new certmanager.ClusterIssuer(scope, 'Dns', {
    config: certmanager.IssuerConfig.acme({ solvers: [certmanager.AcmeSolver.http01(), certmanager.AcmeSolver.route53({ dnsZones: ['example.com'] })] }),
  });
  expect(() => new certmanager.Certificate(scope, 'A', { hosts: ['*.example.com'], issuer: byHttp }))
    .toThrow('Certificate web/a: ClusterIssuer http proves names by HTTP, which cannot prove "*.example.com"; give it a DNS solver');
  expect(() => new certmanager.Certificate(scope, 'B', { hosts: ['*.example.com'], issuer: byDns })).not.toThrow();
  expect(() => new certmanager.Certificate(scope, 'C', { hosts: ['www.example.com'], issuer: byHttp })).not.toThrow();
});

test('durations keep to cert-manager\'s limits', () => {
  const { scope, issuer } = selfSigned();
  const make = (id: string, duration?: Duration, renewBefore?: Duration) => () => new certmanager.Certificate(scope, id, { hosts: ['a.example.com'], issuer, duration, renewBefore });
  expect(make('A', Duration.minutes(59))).toThrow('Certificate web/a: duration must be at least 1 hour, got 3540 seconds');
  expect(make('B', undefined, Duration.minutes(4))).toThrow('renewBefore must be at least 5 minutes, got 240 seconds');
  expect(make('C', Duration.hours(2), Duration.hours(2))).toThrow('renewBefore must be less than the duration of 7200 seconds, got 7200 seconds');
  expect(make('D', Duration.hours(2), Duration.seconds(301))).not.toThrow();
  expect(only(synthesized(scope), 'Certificate', 'd').spec).toMatchObject({ duration: '2h', renewBefore: '301s' });
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const { scope, issuer } = selfSigned();
  const certificate = new certmanager.Certificate(scope, 'Shop', { hosts: ['shop.example.com'], issuer });
  certificate.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { isCA: 1 }));
  expect(only(synthesized(scope), 'Certificate').spec.brandNew).toEqual({ isCA: 1 });
});
