import { JsonPatch } from 'cdk8s';
import { contour } from '../../src';
import { chart, only, synthesized } from '../synthesized';

test('lends a Secret to namespaces, each once and in order', () => {
  const scope = chart();
  new contour.TlsCertificateDelegation(scope, 'Wildcard', { delegations: [{ secretName: 'wildcard', targetNamespaces: ['shop', 'blog'] }] })
    .delegate('wildcard', 'shop', 'api');

  expect(synthesized(scope)).toEqual([{
    apiVersion: 'projectcontour.io/v1',
    kind: 'TLSCertificateDelegation',
    metadata: { name: 'wildcard', namespace: 'web' },
    spec: { delegations: [{ secretName: 'wildcard', targetNamespaces: ['api', 'blog', 'shop'] }] },
  }]);
});

test('"*" stands alone', () => {
  const scope = chart();
  const delegation = new contour.TlsCertificateDelegation(scope, 'Wildcard').delegateToAll('wildcard');
  expect(only(synthesized(scope), 'TLSCertificateDelegation').spec.delegations[0].targetNamespaces).toEqual(['*']);
  expect(() => delegation.delegate('wildcard', 'shop')).toThrow('TLSCertificateDelegation web/wildcard: Secret wildcard: is lent to all namespaces already');
  expect(() => delegation.delegate('other', '*')).toThrow('TLSCertificateDelegation web/wildcard: Secret other: "*" is not mixed with namespaces');
});

test('refuses a delegation without a Secret, a namespace or a name', () => {
  const scope = chart();
  const delegation = new contour.TlsCertificateDelegation(scope, 'Wildcard');
  expect(() => delegation.delegate('')).toThrow('TLSCertificateDelegation web/wildcard: Secret name must not be empty');
  expect(() => delegation.delegate('tls')).toThrow('name at least one namespace');
  expect(() => delegation.delegate('tls', 'Shop')).toThrow('got "Shop"');
  expect(() => synthesized(scope)).toThrow('TLSCertificateDelegation/web/wildcard: delegates no Secret');
});

test('a patch in the wire\'s spelling arrives whatever it is', () => {
  const scope = chart();
  const delegation = new contour.TlsCertificateDelegation(scope, 'Wildcard').delegateToAll('wildcard');
  delegation.apiObject.addJsonPatch(JsonPatch.add('/spec/brandNew', { clusterIP: 1 }));
  expect(only(synthesized(scope), 'TLSCertificateDelegation').spec.brandNew).toEqual({ clusterIP: 1 });
});
