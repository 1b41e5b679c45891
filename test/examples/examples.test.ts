import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { allExamples, Example, filesBelow, manifestFiles, objectsIn, synthesize } from '../../tasks/examples';
import { expectCommitted } from '../committed';
import { schemaErrors } from '../schema-validation';
import { inventoryOf } from './inventory';
import { entryProblem, LedgerEntry, referenceOf } from './ledger';

const ROOT = path.resolve(__dirname, '../..');
const ARTICLES = ['appmesh', 'dapr-contour', 'dapr-sidecar', 'eks-shared-gateway', 'gke-grpc'];

// A scenario may be made of several apps, as when two teams bring their own.
const scenarios = new Map<string, Example[]>();
for (const example of allExamples()) {
  const scenario = example.name.split('/')[0];
  scenarios.set(scenario, [...scenarios.get(scenario) ?? [], example]);
}

test('every article has its example', () => {
  expect([...scenarios.keys()]).toEqual(expect.arrayContaining(ARTICLES));
});

describe.each([...scenarios])('examples/%s', (scenario, apps) => {
  const folder = path.join(ROOT, 'examples', scenario);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), `${scenario}-`));
  const outputs = apps.map((_, index) => path.join(scratch, 'first', String(index)));
  const again = apps.map((_, index) => path.join(scratch, 'second', String(index)));
  const manifests: { name: string; text: string }[] = [];
  let objects: any[] = [];

  beforeAll(async () => {
    for (const [index, app] of apps.entries()) {
      // Another time zone and language, so that nothing of the machine shows.
      await Promise.all([synthesize(app, outputs[index]), synthesize(app, again[index], { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' })]);
    }
    for (const output of outputs) {
      for (const file of manifestFiles(output)) {
        manifests.push({ name: file, text: fs.readFileSync(path.join(output, file), 'utf8') });
        objects.push(...objectsIn(path.join(output, file)));
      }
    }
  });
  afterAll(() => fs.rmSync(scratch, { recursive: true }));

  test('gives the same bytes twice', () => {
    for (const [index, output] of outputs.entries()) {
      for (const suffix of ['', '.files']) {
        const files = filesBelow(output + suffix);
        expect(filesBelow(again[index] + suffix)).toEqual(files);
        for (const file of files) {
          expect(fs.readFileSync(path.join(again[index] + suffix, file), 'utf8')).toBe(fs.readFileSync(path.join(output + suffix, file), 'utf8'));
        }
      }
    }
  });

  test('every object is valid by the schema of its kind', () => {
    expect(objects.flatMap(schemaErrors)).toEqual([]);
  });

  test('no object is written twice', () => {
    const seen = objects.map((object) => `${object.apiVersion} ${referenceOf(object)}`);
    expect(seen.filter((reference, index) => seen.indexOf(reference) !== index)).toEqual([]);
  });

  test('the ledger holds', () => {
    const ledger: LedgerEntry[] = JSON.parse(fs.readFileSync(path.join(folder, 'ledger.json'), 'utf8'));
    expect(ledger.length).toBeGreaterThan(0);
    const written = { objects, folders: outputs.map((output) => `${output}.files`) };
    expect(ledger.flatMap((entry, index) => {
      const problem = entryProblem(entry, written);
      return problem ? [`entry ${index} (${entry.article}): ${problem}`] : [];
    })).toEqual([]);
  });

  test('the README shows every entry of the ledger', () => {
    const readme = fs.readFileSync(path.join(folder, 'README.md'), 'utf8');
    const ledger: LedgerEntry[] = JSON.parse(fs.readFileSync(path.join(folder, 'ledger.json'), 'utf8'));
    expect(ledger.map(({ article }) => article).filter((article) => !plain(readme).includes(plain(article)))).toEqual([]);
  });

  test('is readable in a minute: at most 80 lines of TypeScript', () => {
    const lines = filesBelow(folder).filter((file) => file.endsWith('.ts'))
      .map((file) => ({ file, lines: fs.readFileSync(path.join(folder, file), 'utf8').trimEnd().split('\n') }));
    expect(lines.reduce((total, file) => total + file.lines.length, 0)).toBeLessThanOrEqual(80);
    expect(lines.flatMap(({ file, lines: text }) => text.filter((line) => line.length > 160).map(() => file))).toEqual([]);
  });

  test('nothing is left to fill in', () => {
    // The collector reads its own environment as ${env:NAME}, which is how a secret reaches it.
    const placeholder = /\$\{(?!env:\w+\})[^}]*\}?|\b(?:TODO|FIXME|CHANGE_?ME|REPLACE_?ME)\b|<[A-Za-z][\w -]*>|\bundefined\b|\bNaN\b|\[object Object\]|\$\{Token/i;
    const found = manifests.flatMap(({ name, text }) => text.split('\n')
      .flatMap((line, index) => placeholder.test(line) ? [`${name}:${index + 1}: ${line.trim()}`] : []));
    expect(found).toEqual([]);
  });

  test('names, namespaces and selectors are those of the committed inventory', () => {
    expectCommitted(path.join(__dirname, 'inventory', `${scenario}.json`), inventoryOf(objects));
  });

  test('manifests and other files stand apart', () => {
    for (const output of outputs) {
      expect(filesBelow(output).filter((file) => !file.endsWith('.yaml'))).toEqual([]);
      for (const file of filesBelow(`${output}.files`).filter((each) => /\.ya?ml$/.test(each))) {
        const isManifest = objectsIn(path.join(`${output}.files`, file)).some((document) => document.apiVersion && document.kind);
        expect([file, isManifest]).toEqual([file, false]);
      }
    }
    for (const object of objects) {
      expect(object).toEqual(expect.objectContaining({ apiVersion: expect.any(String), kind: expect.any(String) }));
      expect(object.metadata?.name).toEqual(expect.any(String));
    }
  });

  test('the index lists the other files, and the prerequisites say what relies on them', () => {
    const references = objects.map(referenceOf);
    for (const output of outputs) {
      const files = filesBelow(`${output}.files`);
      if (files.length === 0) continue;
      const index = JSON.parse(fs.readFileSync(`${output}.files/index.json`, 'utf8')).files;
      expect(index.map((file: any) => file.path).sort()).toEqual(files.filter((file) => file !== 'index.json'));
      if (!files.includes('prerequisites.json')) continue;
      expect(files).toContain('prerequisites.md');
      const { prerequisites } = JSON.parse(fs.readFileSync(`${output}.files/prerequisites.json`, 'utf8'));
      for (const prerequisite of prerequisites) {
        expect(prerequisite).toEqual(expect.objectContaining({ kind: expect.stringMatching(/./), purpose: expect.stringMatching(/./), command: expect.stringMatching(/./) }));
        expect(prerequisite.reliedOnBy.length).toBeGreaterThan(0);
        expect(prerequisite.reliedOnBy.filter((reference: string) => !references.includes(reference))).toEqual([]);
      }
    }
  });
});

/** Text without the marks of a table or of code. */
function plain(markdown: string): string {
  return markdown.replace(/[`*\\|]/g, '').replace(/\s+/g, ' ');
}
