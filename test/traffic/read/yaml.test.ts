import { SyntaxFault } from '../../../src/traffic/read/document';
import { readYaml } from '../../../src/traffic/read/yaml';

const values = (text: string) => [...readYaml(text)].map((document) => document.value);

function fault(text: string): string {
  try {
    values(text);
  } catch (error) {
    if (error instanceof SyntaxFault) return `${error.line}: ${error.what}`;
    throw error;
  }
  return 'none';
}

describe('plain scalars, as kubectl reads them', () => {
  test.each<[string, any]>([
    ['yes', true], ['No', false], ['on', true], ['OFF', false], ['y', true], ['n', false], ['true', true], ['False', false],
    ['0755', 493], ['0o755', 493], ['0x1F', 31], ['-0b11', -3], ['1_000', 1000], ['-12', -12], ['08', 8], ['0', 0],
    ['1.5', 1.5], ['.5', 0.5], ['1e3', 1000], ['-.inf', -Infinity],
    ['~', null], ['null', null], ['', null],
    ['22:22', '22:22'], ['2026-01-02', '2026-01-02'], ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'], ['1.2.3', '1.2.3'], ['0o8', '0o8'], ['yEs', 'yEs'],
    ['"yes"', 'yes'], ["'0755'", '0755'], ['!!str 80', '80'],
  ])('%s', (text, value) => {
    expect(values(`a: ${text}`)).toEqual([{ a: value }]);
  });

  test('keys are text', () => {
    expect(values('80: a\n0x10: b\non: c')).toEqual([{ 80: 'a', 16: 'b', true: 'c' }]);
  });
});

describe('documents', () => {
  test('follow each other; empty ones hold nothing', () => {
    expect(values('a: 1\n---\n# nothing\n---\nb: 2\n...\n').filter((value) => value !== null && value !== undefined)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test('CRLF and directives', () => {
    expect(values('%YAML 1.1\r\n---\r\na:\r\n  b: |\r\n    x\r\n    y\r\n')).toEqual([{ a: { b: 'x\ny\n' } }]);
  });

  test('lines of values, by path', () => {
    const [, second] = [...readYaml('a: 1\n---\nitems:\n- x\n-\n  b: 1\n')];
    expect([second.lineOf([]), second.lineOf(['items']), second.lineOf(['items', 1]), second.lineOf(['items', 7])]).toEqual([3, 4, 6, 4]);
  });

  test('are read one by one', () => {
    const documents = readYaml('a: 1\n---\nb: [');
    expect(documents.next().value?.value).toEqual({ a: 1 });
  });
});

describe('anchors', () => {
  test('stand for what they mark, with merge keys', () => {
    expect(values('a: &a { x: 1, z: 2 }\nb: { <<: *a, z: 3 }\nc: *a\nd: { <<: [{ z: 0 }, *a] }')).toEqual([{
      a: { x: 1, z: 2 }, b: { x: 1, z: 3 }, c: { x: 1, z: 2 }, d: { x: 1, z: 0 },
    }]);
  });

  test('may be used often', () => {
    expect(values(`a: &a { x: 1 }\nb:\n${'- *a\n'.repeat(5000)}`)[0].b).toHaveLength(5000);
  });

  test('a quoted << is a key', () => {
    expect(values('"<<": 1')).toEqual([{ '<<': 1 }]);
  });

  test('merging what is no map', () => {
    expect(fault('a: 1\nb:\n  <<: text')).toBe('3: the merge key << takes a map or a list of maps');
  });

  test('that are missing or lead in a circle', () => {
    expect(fault('a: 1\nb: *a')).toBe('2: alias *a has no anchor before it');
    expect(fault('a: &a\n  b: *a')).toBe('2: alias *a stands inside what it means');
  });

  test.each(['[*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]', '{ <<: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a] }'])('billions of laughs in %s', (bomb) => {
    const lines = Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} ${bomb.replace(/\*a/g, `*a${i}`)}`);
    expect(fault(`a0: &a0 { x: 1 }\n${lines.join('\n')}`)).toContain('grows to more than 2000000 values by its aliases');
  });
});

describe('faults', () => {
  test('a key that is there twice, with the line of the second', () => {
    expect(fault('a:\n  b: 1\n  c: 2\n  b: 3')).toBe('4: key "b" is there twice');
    expect(fault('80: 1\n"80": 2')).toBe('2: key "80" is there twice');
    expect(fault('a: { b: 1 }\nc: { b: 1 }')).toBe('none');
  });

  test('syntax, with its line', () => {
    expect(fault('a: 1\nb: [1, 2\nc: 3\n')).toMatch(/^[23]: is no YAML: /);
    expect(fault('a:\n\t- b')).toMatch(/^2: is no YAML: /);
  });

  test('never quote the text', () => {
    for (const text of ['a: "canary\\q"', 'a: |canary\n  b', '@canary', 'a: [canary', 'a: canary: canary', '}canary', 'a: "canary" canary', '? [canary]\n: 1']) {
      expect(fault(text)).not.toBe('none');
      expect(fault(text)).not.toContain('canary');
    }
  });

  test('templates are told to be rendered', () => {
    expect(fault('{{- if .Values.on }}\na: 1\n{{- end }}')).toContain('it looks like a template: render it first, as with `helm template`');
    expect(fault('a: 1\nname: {{ .Values.name }}')).toBe('2: a key must be text, not a map; it looks like a template: render it first, as with `helm template`');
    expect(fault('a: "{{ .Values.name }}"')).toBe('none');
  });

  test('keys without text', () => {
    expect(fault('a: 1\n: 2')).toBe('2: a key is empty');
  });

  test('depth', () => {
    expect(fault('['.repeat(100_000))).toContain('is nested deeper than 500 levels');
    expect(fault(`a: ${'['.repeat(600)}${']'.repeat(600)}`)).toBe('1: is nested deeper than 500 levels');
    expect(fault(`a: ${'['.repeat(400)}${']'.repeat(400)}`)).toBe('none');
  });

  test('a document too large for memory is refused before it is read', () => {
    expect(fault(`a: 1\n---\nb:\n${'- xxxxxxxx\n'.repeat(2_400_000)}`)).toBe('2: holds a YAML document of more than 24 MiB: write it as JSON (kubectl get -o json), or as several documents');
  });

  test('a wide map takes no time per pair', () => {
    expect(Object.keys(values(Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n'))[0])).toHaveLength(30_000);
  });
});
