import { execFileSync, spawn } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { DEPLOYMENT, folderOf, SERVICE } from './folder';
import { TrafficModel } from '../../../src';
import { readSources, sourcesOf } from '../../../src/traffic/read/files';

const NOTES = 'title: notes\n';
const read = (...paths: string[]) => readSources(sourcesOf(paths));
/** `Kind/namespace/name file:line`, the file as seen from its folder. */
const refs = (folder: string, ...paths: string[]) => read(...(paths.length === 0 ? [folder] : paths))
  .objects.map(({ ref, place }) => `${ref} ${path.relative(folder, place.file!)}:${place.line}`);
const delivered = { kind: 'delivered', destination: { kind: 'Service', namespace: 'web', name: 'shop', port: 80 } };
const trace = (model: TrafficModel) => model.trace({ url: 'http://shop.web/', entry: 'Service/web/shop' }).outcomes;

describe('TrafficModel.fromFiles', () => {
  test('reads YAML and JSON, files and folders, with their lines', () => {
    const json = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }] }, undefined, 2);
    const folder = folderOf({ 'a.yaml': `# first\n${SERVICE}---\n---\n${DEPLOYMENT}`, 'sub/sub/b.json': json, 'c.yml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: web }' });
    expect(refs(folder)).toEqual(['Service/web/shop a.yaml:2', 'Deployment/web/shop a.yaml:8', 'Namespace//web c.yml:1', 'ConfigMap/default/a sub/sub/b.json:5']);
    expect(trace(TrafficModel.fromFiles([folder]))).toMatchObject([delivered]);
    expect(trace(TrafficModel.fromFiles([path.join(folder, 'a.yaml')]))).toMatchObject([delivered]);
  });

  test('opens Lists in Lists, and lists of one kind whose items do not name it', () => {
    const folder = folderOf({
      'a.yaml': 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: { name: p }\n',
      'b.yaml': 'apiVersion: v1\nkind: List\n',
      'c.yaml': 'apiVersion: example.com/v1\nkind: AllowList\nmetadata: { name: c }\n',
    });
    expect(refs(folder)).toEqual(['Pod/default/p a.yaml:7', 'AllowList/default/c c.yaml:1']);
  });

  test('an item of a List that is no object', () => {
    const folder = folderOf({ 'a.yaml': 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n- canary\n' });
    expect(() => read(folder)).toThrow(`${folder}/a.yaml:6: an item of the List is no object with apiVersion and kind, but a string`);
  });

  test('a file comes once, however often and by whatever link it is named', () => {
    const folder = folderOf({ 'a.yaml': SERVICE });
    fs.symlinkSync(path.join(folder, 'a.yaml'), path.join(folder, 'b.yaml'));
    fs.symlinkSync(folder, path.join(folder, 'loop'));
    expect(refs(folder, folder, path.join(folder, 'a.yaml'), folder)).toEqual(['Service/web/shop a.yaml:1']);
  });

  test('JSON by its content, whatever its name; flow style is still YAML', () => {
    const folder = folderOf({
      'a.yaml': '{"apiVersion": "v1", "kind": "Pod"}\n{"apiVersion": "v1", "kind": "Job"}',
      'b.yaml': '{apiVersion: v1, kind: Secret}\n---\n{apiVersion: v1, kind: Node}',
    });
    expect(read(folder).objects.map((object) => object.kind)).toEqual(['Pod', 'Job', 'Secret', 'Node']);
  });

  test('UTF-8 with a byte order mark, UTF-16, CRLF', () => {
    const folder = folderOf({
      'a.yaml': `\ufeff${SERVICE.replace(/\n/g, '\r\n')}`,
      'b.yaml': Buffer.from(`\ufeff${DEPLOYMENT}`, 'utf16le'),
      'c.json': '\ufeff{"apiVersion": "v1", "kind": "Pod"}',
    });
    expect(refs(folder)).toEqual(['Service/web/shop a.yaml:1', 'Deployment/web/shop b.yaml:1', 'Pod/default/ c.json:1']);
  });

  test('a pipe can be named', () => {
    const folder = folderOf({ 'a.yaml': SERVICE });
    execFileSync('mkfifo', [path.join(folder, 'pipe')]);
    spawn('cp', [path.join(folder, 'a.yaml'), path.join(folder, 'pipe')]);
    expect(refs(folder, path.join(folder, 'pipe'))).toEqual(['Service/web/shop pipe:1']);
  });

  test('nothing is in empty documents', () => {
    const folder = folderOf({ 'a.yaml': '', 'b.yaml': '# nothing\n---\n---\n', 'c.json': ' \n' });
    expect(read(folder)).toEqual({ objects: [], leftOut: [] });
    expect(read(path.join(folder, 'b.yaml'))).toEqual({ objects: [], leftOut: [] });
  });

  test('the order of named paths and of names in folders is the order of objects', () => {
    const folder = folderOf({ 'b/x.yaml': SERVICE, 'a.yaml': DEPLOYMENT });
    expect(refs(folder)).toEqual(['Deployment/web/shop a.yaml:1', 'Service/web/shop b/x.yaml:1']);
    expect(refs(folder, path.join(folder, 'b'), path.join(folder, 'a.yaml'))).toEqual(['Service/web/shop b/x.yaml:1', 'Deployment/web/shop a.yaml:1']);
  });
});

describe('what is no Kubernetes object', () => {
  test('is left out in a folder, and listed', () => {
    const folder = folderOf({ 'a.yaml': SERVICE, 'values.yaml': NOTES, 'sub/list.json': '[1]', 'README.md': '# {{', '.git/config': 'x', 'node_modules/a/b.yaml': SERVICE });
    const model = TrafficModel.fromFiles([folder]);
    expect(model.leftOut).toEqual(['.git/', 'README.md', 'node_modules/', 'sub/list.json', 'values.yaml'].map((name) => path.join(folder, name)));
  });

  test('is an error in a file that was named', () => {
    const folder = folderOf({ 'values.yaml': `${NOTES}---\n${SERVICE}`, 'list.json': '[1]' });
    expect(() => TrafficModel.fromFiles([path.join(folder, 'values.yaml')]))
      .toThrow(`${folder}/values.yaml:1: is no Kubernetes object but an object without apiVersion and kind: a Kubernetes object has apiVersion and kind`);
    expect(() => TrafficModel.fromFiles([path.join(folder, 'list.json')])).toThrow(`${folder}/list.json:1: is no Kubernetes object but a list`);
  });

  test('is an error beside Kubernetes objects, in a folder too', () => {
    for (const content of [`${SERVICE}---\n${NOTES}`, `${NOTES}---\n${SERVICE}`]) {
      const folder = folderOf({ 'a.yaml': content });
      const line = content.startsWith('title') ? 1 : 6;
      expect(() => TrafficModel.fromFiles([folder])).toThrow(`${folder}/a.yaml:${line}: is no Kubernetes object but an object without apiVersion and kind: other documents of the file are Kubernetes objects`);
    }
  });

  test.each([['apiVersion: v1', 'kind'], ['kind: Pod', 'apiVersion'], ['apiVersion: 1\nkind: Pod', 'apiVersion'], ['apiVersion: v1\nkind: ""', 'kind']])('%j', (content, missing) => {
    const folder = folderOf({ 'a.yaml': content });
    expect(() => TrafficModel.fromFiles([path.join(folder, 'a.yaml')])).toThrow(`is no Kubernetes object but an object without ${missing}`);
  });
});

describe('what cannot be read', () => {
  test('a path that is not there', () => {
    expect(() => TrafficModel.fromFiles(['no/such.yaml'])).toThrow('no/such.yaml: cannot be read: no such file or folder');
  });

  test('a link that leads nowhere', () => {
    const folder = folderOf({});
    fs.symlinkSync('gone.yaml', path.join(folder, 'a.yaml'));
    expect(() => TrafficModel.fromFiles([folder])).toThrow(`${folder}/a.yaml: cannot be read: no such file or folder`);
  });

  test('syntax, in a folder too, with its line', () => {
    const folder = folderOf({ 'a.yaml': 'apiVersion: v1\nkind: Pod\nkind: Pod\n' });
    expect(() => TrafficModel.fromFiles([folder])).toThrow(`${folder}/a.yaml:3: key "kind" is there twice`);
    expect(() => TrafficModel.fromFiles([path.join(folder, 'a.yaml')])).toThrow(`${folder}/a.yaml:3: key "kind" is there twice`);
  });

  test('a JSON file is JSON', () => {
    const folder = folderOf({ 'a.json': '{\n  // a comment\n}' });
    expect(() => TrafficModel.fromFiles([folder])).toThrow(`${folder}/a.json:2: is no JSON: a key in double quotes is expected`);
  });

  test.each([['\n\0'], [Buffer.from([0x61, 0x0a, 0xc3, 0x28])]])('bytes that are no text', (content) => {
    const folder = folderOf({ 'a.yaml': content });
    expect(() => TrafficModel.fromFiles([folder])).toThrow(`${folder}/a.yaml:2: is no text in UTF-8`);
  });

  test('the error has a name of its own', () => {
    expect(() => TrafficModel.fromFiles(['no/such.yaml'])).toThrow(expect.objectContaining({ name: 'TrafficInputError', file: 'no/such.yaml' }));
  });
});

test('a large JSON file is read in one go', () => {
  const items = Array.from({ length: 150_000 }, (_, i) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `c${i}` } }));
  const folder = folderOf({ 'a.json': JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  expect(read(folder).objects).toHaveLength(150_000);
});
