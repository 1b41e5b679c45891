import { readElements } from '../../../src/traffic/read/elements';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${base64('canary')}\n-----END RSA PRIVATE KEY-----\n`;
const CERTIFICATE = `-----BEGIN CERTIFICATE-----\n${base64('canary')}\n-----END CERTIFICATE-----\n`;
const secret = (rest: any) => readElements([{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...rest }])[0];
const text = (value: string) => Buffer.from(value, 'base64').toString();

test('of a Secret the keys are kept, and whether they hold certificates or private keys', () => {
  const { raw } = secret({ type: 'kubernetes.io/tls', data: { 'tls.crt': base64(CERTIFICATE + CERTIFICATE), 'tls.key': base64(KEY), 'other': base64('canary'), 'empty': '' } });
  expect(raw.type).toBe('kubernetes.io/tls');
  expect(Object.keys(raw.data)).toEqual(['tls.crt', 'tls.key', 'other', 'empty']);
  expect(text(raw.data['tls.crt']).match(/-----BEGIN CERTIFICATE-----\n.+\n-----END CERTIFICATE-----/g)).toHaveLength(2);
  expect(text(raw.data['tls.key'])).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n.+\n-----END RSA PRIVATE KEY-----\n$/);
  expect(text(raw.data.other)).toBe('(left out)');
  expect(raw.data.empty).toBe('');
});

test('nothing of a value is left', () => {
  const { raw, annotations } = secret({
    data: { 'a': base64('canary'), 'b': 'canary, not base64', 'tls.crt': base64(CERTIFICATE), 'c': { canary: 'canary' }, 'd': ['canary'] },
    stringData: { 'a': 'canary', 'tls.key': KEY, 'b': `canary ${KEY}`, 'c': '-----BEGIN CANARY-----canary' },
    metadata: { name: 's', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"canary"}}', 'a': 'b' } },
  });
  expect(JSON.stringify(raw)).not.toMatch(/canary/i);
  expect(JSON.stringify(raw)).not.toContain(base64('canary'));
  expect(annotations).toEqual({ a: 'b' });
});

test('marks of keys that were taken out stay, and so does what is wrong', () => {
  const { raw } = secret({ data: { 'tls.key': base64('REDACTED-KEY'), 'tls.crt': base64('-----BEGIN CERTIFICATE-----\n%%%\n'), 'number': 7 } });
  expect(text(raw.data['tls.key'])).toBe('REDACTED');
  expect(text(raw.data['tls.crt'])).toBe('-----BEGIN CERTIFICATE-----\n(left out)\n\n');
  expect(raw.data.number).toBe(0);
});

test('other kinds keep their data', () => {
  const [map] = readElements([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'b' } }]);
  expect(map.raw.data).toEqual({ a: 'b' });
});
