import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import * as ts from 'typescript';
import { TrafficModel } from '../../src';
import { filesBelow, objectsIn } from '../../tasks/examples';
import { expectCommitted } from '../committed';
import { schemaErrors } from '../schema-validation';

const ROOT = path.resolve(__dirname, '../..');
const page = path.join(ROOT, 'README.md');
const readme = fs.readFileSync(page, 'utf8');
const snippet = /```ts[^\n]*\n([^]*?)```/.exec(readme)![1];
const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'readme-'));
let documents: { kind: string; text: string }[];
let objects: any[];

beforeAll(() => {
  process.env.CDK8S_OUTDIR = outdir;
  const script = ts.transpile(snippet, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 });
  new Function('require', 'exports', script)(require, {});
  const files = filesBelow(outdir).map((file) => path.join(outdir, file));
  objects = files.flatMap(objectsIn);
  documents = files.flatMap((file) => fs.readFileSync(file, 'utf8').split(/^---\n/m)).map((text) => ({ kind: /^kind: (\w+)$/m.exec(text)![1], text }));
});
afterAll(() => {
  delete process.env.CDK8S_OUTDIR;
  fs.rmSync(outdir, { recursive: true });
  fs.rmSync(`${outdir}.files`, { recursive: true, force: true });
});

test('the YAML in the README is what its code becomes', () => {
  const shown: string[] = [];
  const text = fs.readFileSync(page, 'utf8').replace(/(<!-- yaml ([\w ]+) -->\n)[^]*?(<!-- \/yaml -->)/g, (_, start, kinds, end) => {
    const yaml = (kinds as string).split(' ').flatMap((kind) => documents.filter((document) => document.kind === kind)).map((document) => document.text);
    shown.push(...yaml);
    return `${start}\n\`\`\`yaml\n${yaml.join('---\n')}\`\`\`\n\n${end}`;
  });
  expect(shown.sort()).toEqual(documents.map((document) => document.text).sort());
  expectCommitted(page, text);
});

test('the traces in the README are those of its code', () => {
  const model = TrafficModel.fromObjects(objects);
  const text = fs.readFileSync(page, 'utf8').replace(/(<!-- trace (\S+) -->\n)[^]*?(<!-- \/trace -->)/g, (_, start, url, end) => `${start}\n\`\`\`text\n${model.trace({ url })}\n\`\`\`\n\n${end}`);
  expect(text).toContain('is delivered to');
  expectCommitted(page, text);
});

test('its code has fifteen lines, and its objects are valid', () => {
  expect(snippet.trimEnd().split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(15);
  expect(objects.flatMap(schemaErrors)).toEqual([]);
});

test('links lead to files that exist', () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...filesBelow(path.join(ROOT, 'docs')).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)];
  const broken = pages.flatMap((file) => {
    const text = fs.readFileSync(path.join(ROOT, file), 'utf8').replace(/```[^]*?```/g, '');
    return [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
      .filter(([, target]) => !fs.existsSync(path.resolve(ROOT, path.dirname(file), target)))
      .map(([, target]) => `${file}: ${target}`);
  });
  expect(broken).toEqual([]);
});
