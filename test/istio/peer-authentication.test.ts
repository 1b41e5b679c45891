import { istio } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

test('demands mutual TLS of callers, of single ports otherwise', () => {
  const scope = chart();
  new istio.PeerAuthentication(scope, 'Strict', {
    mode: istio.MtlsMode.STRICT, selector: { app: 'shop' }, portLevelModes: { 9090: istio.MtlsMode.PERMISSIVE },
  });
  const policy = only(synthesized(scope), 'PeerAuthentication');
  expect(schemaErrors(policy)).toEqual([]);
  expect(policy.spec).toEqual({ selector: { matchLabels: { app: 'shop' } }, mtls: { mode: 'STRICT' }, portLevelMtls: { 9090: { mode: 'PERMISSIVE' } } });
});

test('holds for the whole namespace without a selector', () => {
  const scope = chart();
  new istio.PeerAuthentication(scope, 'Strict', { mode: istio.MtlsMode.DISABLE });
  expect(only(synthesized(scope), 'PeerAuthentication').spec).toEqual({ mtls: { mode: 'DISABLE' } });
});

test('refuses what Istio ignores', () => {
  const create = (props: Omit<istio.PeerAuthenticationProps, 'mode'>) => () => new istio.PeerAuthentication(chart(), 'Strict', { mode: istio.MtlsMode.STRICT, ...props });
  expect(create({ selector: {} })).toThrow('the selector must name labels');
  expect(create({ portLevelModes: { 80: istio.MtlsMode.DISABLE } })).toThrow('ignored without a selector');
  expect(create({ selector: { a: 'b' }, portLevelModes: { http: istio.MtlsMode.DISABLE } })).toThrow('port must be a whole number');
});
