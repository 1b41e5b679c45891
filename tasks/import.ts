import { execFile } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { promisify } from 'util';
import { parse } from 'yaml';
import { CHECKSUMS, checksums } from './checksums';
import { Crd, crdsOf, toYaml } from './crds';
import { download, raised, SOURCES } from './sources';
import { newerFields } from '../test/schemas/newer-fields';
import { schemaFromCrd } from '../test/schemas/own-schemas';
import { publishedSchemaFile } from '../test/schemas/published-schemas';

/*
 * npx projen import                    the releases pinned in imports/sources.yaml
 * npx projen import istio@1.31.0 …     raises releases there first
 * npx projen import FOLDER             the CRD files of a folder
 *
 * Writes imports/<group>.ts, the schemas in test/schemas/ that nobody publishes a package for, and the checksums of both.
 */

const NEWER_FIELDS = 'test/schemas/newer-fields.json';

async function main(args: string[]): Promise<void> {
  if (args.some((arg) => arg.startsWith('-'))) throw new Error('usage: npx projen import [FOLDER | NAME@RELEASE ...]');
  const raises = args.filter((arg) => /^[\w-]+@[\w.-]+$/.test(arg));
  if (args.length > 1 && raises.length !== args.length) throw new Error(`usage: npx projen import [FOLDER | NAME@RELEASE ...], got ${args.join(' ')}`);

  const fromFolder = args.length === 1 && raises.length === 0;
  const sources = fromFolder ? '' : raised(fs.readFileSync(SOURCES, 'utf8'), raises);
  const crds = fromFolder ? readFolder(args[0]) : await download(parse(sources).sources);
  const groups = new Map<string, Crd[]>();
  for (const crd of crds) groups.set(crd.spec.group, [...groups.get(crd.spec.group) ?? [], crd]);

  await writeTypes(groups);
  writeSchemas(groups);
  if (raises.length > 0) fs.writeFileSync(SOURCES, sources);
  fs.writeFileSync(CHECKSUMS, checksums());
  for (const [group, members] of groups) console.log(`imports/${group}.ts  ${members.map((crd) => `${crd.spec.names.kind} ${crd.spec.versions[0].name}`).join(', ')}`);
}

function readFolder(folder: string): Crd[] {
  if (!fs.existsSync(folder) || !fs.statSync(folder).isDirectory()) throw new Error(`${folder}: no such folder; name one that holds CRD files`);
  const files = fs.readdirSync(folder).filter((file) => /\.ya?ml$/.test(file)).sort();
  if (files.length === 0) throw new Error(`${folder}: holds no .yaml file`);
  return files.flatMap((file) => crdsOf(fs.readFileSync(path.join(folder, file), 'utf8'), path.join(folder, file)));
}

/** Types are moved into place when all of them are made, so that a failure changes nothing. */
async function writeTypes(groups: Map<string, Crd[]>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-traffic-import-'));
  const cdk8s = path.resolve('node_modules/cdk8s-cli/bin/cdk8s');
  try {
    const waiting = [...groups];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [group, crds] = next;
        const file = path.join(folder, `${group}.yaml`);
        fs.writeFileSync(file, toYaml(crds));
        await promisify(execFile)(process.execPath, [cdk8s, 'import', file, '--no-save', '--check-upgrade=false', '--language', 'typescript', '--output', path.join(folder, 'imports')])
          .catch((error) => { throw new Error(`cdk8s import of ${group} failed:\n${error.stderr}`); });
        if (!fs.existsSync(path.join(folder, 'imports', `${group}.ts`))) throw new Error(`cdk8s import of ${group} wrote no ${group}.ts`);
      }
    };
    await Promise.all([work(), work()]);
    for (const group of groups.keys()) fs.copyFileSync(path.join(folder, 'imports', `${group}.ts`), `imports/${group}.ts`);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

function writeSchemas(groups: Map<string, Crd[]>): void {
  const newer: Record<string, string[]> = fs.existsSync(NEWER_FIELDS) ? JSON.parse(fs.readFileSync(NEWER_FIELDS, 'utf8')) : {};
  for (const [group, crds] of groups) {
    const own: Record<string, object> = {};
    for (const key of Object.keys(newer)) if (key.startsWith(`${group}/`)) delete newer[key];
    for (const crd of crds) {
      const [{ name: version, schema: { openAPIV3Schema: schema } }] = crd.spec.versions;
      const [apiVersion, kind] = [`${group}/${version}`, crd.spec.names.kind];
      const fields = newerFields(apiVersion, kind, schema);
      if (!publishedSchemaFile(apiVersion, kind)) own[`${apiVersion} ${kind}`] = schemaFromCrd(schema);
      if (fields.length > 0) newer[`${apiVersion} ${kind}`] = fields;
    }
    const file = `test/schemas/${group}.json`;
    if (Object.keys(own).length > 0) fs.writeFileSync(file, oneALine(own));
    else fs.rmSync(file, { force: true });
  }
  fs.writeFileSync(NEWER_FIELDS, oneALine(newer));
}

function oneALine(record: Record<string, unknown>): string {
  const lines = Object.keys(record).sort().map((key) => `  ${JSON.stringify(key)}: ${JSON.stringify(record[key])}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
