import { Chart, Testing } from 'cdk8s';
import { claimIdentity, isHostName, nameFromId, nameProblem, NameSyntax } from '../../src/platform/names';

test.each([
  ['orders', 'orders'],
  ['Orders', 'orders'],
  ['OrdersApi', 'orders-api'],
  ['ordersV2', 'orders-v2'],
  ['DaprIngress', 'dapr-ingress'],
  ['HTTPProxy', 'http-proxy'],
  ['MyHTTPProxy', 'my-http-proxy'],
  ['S3Bucket', 's3-bucket'],
  ['already-fine.example', 'already-fine.example'],
])('the id %s becomes the name %s', (id, name) => {
  expect(nameFromId(id)).toBe(name);
});

describe('a name', () => {
  const right: [NameSyntax, string[]][] = [
    [NameSyntax.SUBDOMAIN, ['a', '1', 'a-b', 'a.b', 'a.1-b', 'a'.repeat(253)]],
    [NameSyntax.LABEL, ['a', '1', 'a-b', '1a', 'a'.repeat(63)]],
    [NameSyntax.SERVICE, ['a', 'a1', 'a-b', 'a'.repeat(63)]],
  ];
  const wrong: [NameSyntax, string[]][] = [
    [NameSyntax.SUBDOMAIN, ['A', 'a_b', '-a', 'a-', '.a', 'a.', 'a..b', 'a.-b', 'a b', 'ä', 'a/b', 'a\n']],
    [NameSyntax.LABEL, ['A', 'a.b', '-a', 'a-', 'a_b', 'service-A']],
    [NameSyntax.SERVICE, ['1a', 'a.b', 'A', '-a', 'a-']],
  ];

  test.each(right)('of syntax %s may be any of these', (syntax, names) => {
    for (const name of names) expect([name, nameProblem(name, syntax)]).toEqual([name, undefined]);
  });

  test.each(wrong)('of syntax %s may be none of these', (syntax, names) => {
    for (const name of names) expect(nameProblem(name, syntax)).toContain(`got "${name}"`);
  });

  test('is neither empty nor too long', () => {
    expect(nameProblem('', NameSyntax.LABEL)).toBe('name must not be empty');
    expect(nameProblem('a'.repeat(64), NameSyntax.LABEL)).toBe(`name must have at most 63 characters, got 64 ("${'a'.repeat(64)}")`);
    expect(nameProblem('a'.repeat(254), NameSyntax.SUBDOMAIN)).toContain('at most 253 characters, got 254');
    expect(nameProblem('a'.repeat(64), NameSyntax.SERVICE)).toContain('at most 63 characters');
  });
});

test.each(['a', 'localhost', 'shop.example.com', '*.example.com', '1.example.com', 'xn--bcher-kva.example'])('%s is a host', (host) => {
  expect(isHostName(host)).toBe(true);
});

test.each(['', '*', '*.', 'a.*.com', '*a.com', 'Shop.example.com', 'shop_1.example.com', '.a', 'a.', 'a..b', 'a:80', 'http://a', `${'a'.repeat(64)}.com`])(
  '"%s" is no host', (host) => {
    expect(isHostName(host)).toBe(false);
  });

test('an identity is taken once per app', () => {
  const [app, other] = [Testing.app(), Testing.app()];
  const [first, second, third] = [new Chart(app, 'first'), new Chart(app, 'second'), new Chart(other, 'third')];
  claimIdentity(first, 'x/Kind/ns/name', 'Kind/ns/name');
  expect(() => claimIdentity(second, 'x/Kind/ns/name', 'Kind/ns/name')).toThrow('Kind/ns/name: second and first are the same object');
  expect(() => claimIdentity(second, 'x/Kind/ns/other', 'Kind/ns/other')).not.toThrow();
  expect(() => claimIdentity(third, 'x/Kind/ns/name', 'Kind/ns/name')).not.toThrow();
});
