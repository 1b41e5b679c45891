import { istio } from '../../src';
import { schemaErrors } from '../schema-validation';
import { chart, only, synthesized } from '../synthesized';

test('turns access logs on, of some requests, and off', () => {
  const scope = chart();
  new istio.Telemetry(scope, 'Logs', {
    selector: { istio: 'edge' },
    accessLogs: [{ filter: 'response.code >= 400' }, { providers: ['otel'], enabled: false }],
  });
  const telemetry = only(synthesized(scope), 'Telemetry');
  expect(schemaErrors(telemetry)).toEqual([]);
  expect(telemetry).toEqual({
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { name: 'logs', namespace: 'web' },
    spec: {
      selector: { matchLabels: { istio: 'edge' } },
      accessLogging: [
        { providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 400' } },
        { providers: [{ name: 'otel' }], disabled: true },
      ],
    },
  });
});

test('refuses to say nothing', () => {
  expect(() => new istio.Telemetry(chart(), 'Logs', { accessLogs: [] })).toThrow('Telemetry web/logs: needs at least one access log');
});
