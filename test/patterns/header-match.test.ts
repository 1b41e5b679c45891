import { HeaderMatch } from '../../src';

test('names are compared in lower case', () => {
  expect(HeaderMatch.exactly('X-Env', 'A')._name).toBe('x-env');
});

test('refuses names and values that could never match', () => {
  expect(() => HeaderMatch.exactly('', 'a')).toThrow('HeaderMatch: a header\'s name has letters, digits and "-", got ""');
  expect(() => HeaderMatch.isPresent('a b')).toThrow('got "a b"');
  expect(() => HeaderMatch.exactly('env', '')).toThrow('HeaderMatch: header "env" needs a value; use HeaderMatch.isPresent("env") for any');
  expect(() => HeaderMatch.matches('env', '(?!prod).*')).toThrow('HeaderMatch.matches: RE2 has no "(?!", got "(?!prod).*"');
  expect(() => HeaderMatch.exactly('Host', 'a.example.com')).toThrow('told apart by `host` of the route');
});

test.each([
  [HeaderMatch.exactly('env', 'a'), HeaderMatch.exactly('env', 'b'), true],
  [HeaderMatch.exactly('env', 'a'), HeaderMatch.exactly('ENV', 'a'), false],
  [HeaderMatch.exactly('env', 'a'), HeaderMatch.exactly('tier', 'b'), false],
  [HeaderMatch.exactly('env', 'ab'), HeaderMatch.startsWith('env', 'a'), false],
  [HeaderMatch.startsWith('env', 'a'), HeaderMatch.exactly('env', 'b'), true],
  [HeaderMatch.startsWith('env', 'a'), HeaderMatch.startsWith('env', 'ab'), false],
  [HeaderMatch.startsWith('env', 'a'), HeaderMatch.startsWith('env', 'b'), true],
  [HeaderMatch.matches('env', 'a'), HeaderMatch.exactly('env', 'b'), false],
  [HeaderMatch.isPresent('env'), HeaderMatch.exactly('env', 'b'), false],
])('no value satisfies both %#', (a, b, excludes) => {
  expect(a._excludes(b)).toBe(excludes);
});
