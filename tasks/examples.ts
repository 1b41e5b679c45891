import { execFile } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { promisify } from 'util';
import { parse, parseAllDocuments } from 'yaml';

/** An app under examples/: a folder with a cdk8s.yaml. */
export interface Example {
  /** Its path below examples/, such as `dapr-contour`. */
  readonly name: string;
  /** The folder of its cdk8s.yaml. */
  readonly folder: string;
  /** Where its cdk8s.yaml says the manifests go. */
  readonly output: string;
}

const ROOT = path.resolve(__dirname, '..');

/** Every example, in the order of its name. */
export function allExamples(): Example[] {
  const root = path.join(ROOT, 'examples');
  return fs.readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'cdk8s.yaml' && !file.includes('node_modules'))
    .map((file) => {
      const folder = path.join(root, path.dirname(file));
      const { output } = parse(fs.readFileSync(path.join(root, file), 'utf8'));
      if (typeof output !== 'string') throw new Error(`examples/${file}: expected "output", the folder for the manifests`);
      return { name: path.dirname(file).replace(/\\/g, '/'), folder, output: path.resolve(folder, output) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Synthesizes an example with the cdk8s command, to its own folder or another; what was there before is removed. */
export async function synthesize(example: Example, output = example.output, env: Record<string, string> = {}): Promise<void> {
  for (const folder of [output, `${output}.files`]) fs.rmSync(folder, { recursive: true, force: true });
  const cdk8s = path.join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s');
  const args = [cdk8s, 'synth', '--check-upgrade=false', '--output', path.relative(example.folder, output)];
  await promisify(execFile)(process.execPath, args, { cwd: example.folder, env: { ...process.env, NO_COLOR: '1', ...env } }).catch((error) => {
    throw new Error(`examples/${example.name}: cdk8s synth failed\n${error.stderr}${error.stdout}`);
  });
  if (manifestFiles(output).length === 0) throw new Error(`examples/${example.name}: cdk8s synth wrote no manifest to ${output}`);
}

/** The manifests in a folder, as paths below it. */
export function manifestFiles(output: string): string[] {
  return filesBelow(output).filter((file) => file.endsWith('.yaml'));
}

/** The objects of a manifest. */
export function objectsIn(file: string): any[] {
  return parseAllDocuments(fs.readFileSync(file, 'utf8')).map((document) => document.toJS()).filter((object) => object !== null);
}

/** Every file below a folder, as paths below it in a stable order; none if there is no such folder. */
export function filesBelow(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => fs.statSync(path.join(folder, file)).isFile())
    .map((file) => file.replace(/\\/g, '/'))
    .sort();
}
