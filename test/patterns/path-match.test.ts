import { PathMatch } from '../../src';

test('refuses paths that could never match', () => {
  expect(() => PathMatch.prefix('api')).toThrow('PathMatch.prefix: a path begins with "/", got "api"');
  expect(() => PathMatch.prefix('')).toThrow('PathMatch.prefix: a path begins with "/", got ""');
  expect(() => PathMatch.prefix('/api/*')).toThrow('PathMatch.prefix: a prefix covers everything below it and takes no "*", got "/api/*"');
  expect(() => PathMatch.prefix('/a//b')).toThrow('an empty segment ("//") is no part of a prefix');
  expect(() => PathMatch.exactly('/api?x=1')).toThrow('PathMatch.exactly: a path has no "?"');
  expect(() => PathMatch.exactly('api')).toThrow('a path begins with "/"');
  expect(() => PathMatch.exactly('/a*b')).not.toThrow();
});

test('refuses what RE2 does not know', () => {
  expect(() => PathMatch.regex('')).toThrow('PathMatch.regex: the expression must not be empty');
  expect(() => PathMatch.regex('/(?!admin).*')).toThrow('PathMatch.regex: RE2 has no "(?!"');
  expect(() => PathMatch.regex('/(?<=a)b')).toThrow('RE2 has no "(?<="');
  expect(() => PathMatch.regex('/(a)\\1')).toThrow('RE2 has no "\\1"');
  expect(() => PathMatch.regex('/(?i)api/(?P<id>[0-9]+)\\\\1')).not.toThrow();
});

test('a gRPC service and method are paths', () => {
  expect(PathMatch.grpc('echo.EchoService')).toEqual(PathMatch.prefix('/echo.EchoService'));
  expect(PathMatch.grpc('echo.EchoService', 'Call')).toEqual(PathMatch.exactly('/echo.EchoService/Call'));
  expect(() => PathMatch.grpc('/echo.EchoService')).toThrow('a service is named "package.Service", got "/echo.EchoService"');
  expect(() => PathMatch.grpc('echo.EchoService', 'a/b')).toThrow('a method is named "Method", got "a/b"');
});

test.each([
  ['/api/v[0-9]+/.*', '/api/v'], ['^/api/ab*', '/api/a'], ['/a|/b', ''], ['.*', ''], ['/api', '/api'], ['/a{2}', '/'],
])('every path that %s matches begins with "%s"', (expression, literal) => {
  expect(PathMatch.regex(expression)._literal).toBe(literal);
});
