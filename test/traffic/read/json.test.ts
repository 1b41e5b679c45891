import { assert, jsonValue, property } from 'fast-check';
import { SyntaxFault } from '../../../src/traffic/read/document';
import { readJson } from '../../../src/traffic/read/json';

const values = (text: string) => readJson(text).map((document) => document.value);

function fault(text: string): string {
  try {
    values(text);
  } catch (error) {
    if (error instanceof SyntaxFault) return `${error.line}: ${error.what}`;
    throw error;
  }
  return 'none';
}

test('reads what JSON.parse reads', () => {
  assert(property(jsonValue(), (value) => {
    const text = JSON.stringify(value);
    expect(values(text)).toEqual([JSON.parse(text)]);
    expect(values(JSON.stringify(value, undefined, 2))).toEqual([JSON.parse(text)]);
  }));
});

test('documents follow each other', () => {
  expect(values('{"a":1}{"b":[]}\n  {}\n')).toEqual([{ a: 1 }, { b: [] }, {}]);
  expect(values('  \n')).toEqual([]);
});

test('lines of values, by path', () => {
  const [first, second] = readJson('{"a": {}}\n{\n  "items": [\n    {},\n    {"x": 1}\n  ]\n}');
  expect([first.lineOf(['a']), second.lineOf([]), second.lineOf(['items', 1]), second.lineOf(['items', 1, 'x']), second.lineOf(['items', 9])]).toEqual([1, 2, 5, 5, 3]);
});

test.each([
  ['{"a": 1,\n "a": 2}', '2: key "a" is there twice'],
  ['{"a": 1,\n}', '2: is no JSON: a key in double quotes is expected'],
  ['[1 2]', '1: is no JSON: , is expected'],
  ['{"a"', '1: is no JSON: : is expected, but it ends'],
  ['{"a": ', '1: is no JSON: it ends too early'],
  ['[tru]', '1: is no JSON: a value is expected'],
  ['["a\n"]', '1: is no JSON: a text does not end on its line'],
  ['["\\q"]', '1: is no JSON: invalid escape in a text'],
  ['[01]', '1: is no JSON: , is expected'],
  ['['.repeat(100_000), '1: is nested deeper than 500 levels'],
])('%#: a fault with its line', (text, expected) => {
  expect(fault(text)).toBe(expected);
});

test('keys of objects are only keys', () => {
  const [value] = values('{"__proto__": {"x": 1}}');
  expect(Object.keys(value)).toEqual(['__proto__']);
  expect(value.x).toBeUndefined();
});

test('faults never quote the text', () => {
  for (const text of ['{"a": canary}', '{"a": "canary\n"}', '["canary" canary]', '{canary}']) expect(fault(text)).not.toContain('canary');
});
