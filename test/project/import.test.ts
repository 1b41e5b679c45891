import { createServer } from 'http';
import { AddressInfo } from 'net';
import { parseAllDocuments, stringify } from 'yaml';
import { crdFromCatalog, crdsOf, toYaml } from '../../tasks/crds';
import { download, raised } from '../../tasks/sources';

const version = (name: string, properties: object = {}, served = true) => ({
  name, served, storage: false, schema: { openAPIV3Schema: { type: 'object', description: 'prose', properties } },
});
const crd = (kind: string, ...versions: object[]) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${kind.toLowerCase()}s.example.com`, annotations: { generated: 'yes' } },
  spec: { group: 'example.com', scope: 'Namespaced', names: { kind, plural: `${kind.toLowerCase()}s`, categories: ['all'] }, versions },
});

describe('the CRDs of a file', () => {
  test('of several documents, among other objects and in a List', () => {
    const list = { apiVersion: 'v1', kind: 'List', items: [crd('C', version('v1'))] };
    const text = [crd('A', version('v1')), { kind: 'ConfigMap' }, null, crd('B', version('v1')), list].map((document) => stringify(document)).join('---\n');
    expect(crdsOf(text, 'file').map((each) => each.spec.names.kind)).toEqual(['A', 'B', 'C']);
  });

  test.each([
    [['v1alpha1', 'v1beta1', 'v1', 'v1beta2'], 'v1'],
    [['v1', 'v2beta1'], 'v1'],
    [['v1', 'v2'], 'v2'],
    [['v1alpha3', 'v1beta1', 'v1beta2'], 'v1beta2'],
  ])('of the versions %j the newest is kept: %s', (names, newest) => {
    const [{ spec }] = crdsOf(stringify(crd('A', ...names.map((name) => version(name)))), 'file');
    expect(spec.versions.map(({ name }) => name)).toEqual([newest]);
  });

  test('a version that is not served is not kept', () => {
    expect(crdsOf(stringify(crd('A', version('v2', {}, false), version('v1'))), 'file')[0].spec.versions[0].name).toBe('v1');
  });

  test('prose and status go; a field that is named description stays', () => {
    const properties = { spec: { type: 'object', description: 'prose', properties: { description: { type: 'string', description: 'prose' } } }, status: {} };
    const [each] = crdsOf(stringify(crd('A', version('v1', properties))), 'file');
    expect(each.spec.versions[0].schema.openAPIV3Schema).toEqual({
      type: 'object', properties: { spec: { type: 'object', properties: { description: { type: 'string' } } } },
    });
    expect(each.metadata).toEqual({ name: 'as.example.com' });
  });

  test('written and read again they are the same', () => {
    const crds = crdsOf(stringify(crd('A', version('v1', { spec: { type: 'string' } }))), 'file');
    expect(crdsOf(toYaml(crds), 'file')).toEqual(crds);
    expect(parseAllDocuments(toYaml([...crds, ...crds]))).toHaveLength(2);
  });

  test.each([
    ['none', 'kind: ConfigMap', 'x.yaml: holds no CustomResourceDefinition'],
    ['no YAML', 'a: [', 'x.yaml: no YAML'],
    ['none that is served', stringify(crd('A', version('v1', {}, false))), 'x.yaml: CustomResourceDefinition as.example.com: serves no version with a schema'],
    ['half of one', 'kind: CustomResourceDefinition\nmetadata: { name: b }', 'x.yaml: CustomResourceDefinition b: expected spec.group'],
  ])('a file with %s is refused', (_, text, message) => {
    expect(() => crdsOf(text, 'x.yaml')).toThrow(message);
  });
});

test('a schema of a catalogue becomes a CRD, and what is none is refused', () => {
  const made = crdFromCatalog('{ "properties": { "spec": { "type": "object" } } }', 'url', 'example.com', 'Policy', 'v1');
  expect(made.metadata.name).toBe('policies.example.com');
  expect(made.spec.versions[0]).toEqual({ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { properties: { spec: { type: 'object' } } } } });
  expect(() => crdFromCatalog('404', 'url', 'example.com', 'Policy', 'v1')).toThrow('url: holds no schema of a kind');
  expect(() => crdFromCatalog('<html>', 'url', 'example.com', 'Policy', 'v1')).toThrow('url: no JSON');
});

test('a release is raised where it is pinned, and nothing else changes', () => {
  const sources = '# why\nsources:\n  - name: istio\n    # a note\n    release: 1.30.3\n  - name: dapr\n    release: 1.30.3\n';
  expect(raised(sources, ['istio@1.31.0'])).toBe(sources.replace('1.30.3', '1.31.0'));
  expect(() => raised(sources, ['linkerd@2'])).toThrow('has no source "linkerd"; it has istio, dapr');
});

describe('a download', () => {
  const files: Record<string, string> = {
    '/v1/all.yaml': [crd('A', version('v1')), crd('B', version('v1'))].map((document) => stringify(document)).join('---\n'),
    '/v1/example.com/thing_v2.json': '{ "properties": {} }',
  };
  const server = createServer((request, response) => {
    response.writeHead(files[request.url!] ? 200 : 404).end(files[request.url!]);
  });
  let host: string;
  beforeAll((done) => { server.listen(0, '127.0.0.1', () => { host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; done(); }); });
  afterAll((done) => { server.close(done); });
  const source = (overrides: object) => ({ name: 'example', release: 'v1', kinds: { 'example.com': ['A'] }, ...overrides });

  test('takes the kinds that are named, from files and from a catalogue', async () => {
    const crds = await download([
      source({ urls: [`${host}/{release}/all.yaml`] }),
      source({ catalog: `${host}/{release}/{group}/{kind}_{version}.json`, kinds: { 'example.com': ['Thing/v2'] } }),
    ]);
    expect(crds.map(({ spec }) => `${spec.names.kind} ${spec.versions[0].name}`)).toEqual(['A v1', 'Thing v2']);
  });

  test('says what failed', async () => {
    await expect(download([source({ release: 'v9', urls: [`${host}/{release}/all.yaml`] })])).rejects.toThrow('/v9/all.yaml: download failed: 404 Not Found; is "v9" a release of example');
    await expect(download([source({ urls: ['http://127.0.0.1:1/x'] })])).rejects.toThrow('http://127.0.0.1:1/x: download failed');
    await expect(download([source({ urls: [`${host}/v1/all.yaml`], kinds: { 'example.com': ['Z'] } })])).rejects.toThrow('example v1: has no Z of example.com any more');
  });
});
