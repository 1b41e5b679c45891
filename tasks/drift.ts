import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CHECKSUMS, checksums } from './checksums';

/* Fails when a generated file is not what would be generated now; changes nothing. */

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-traffic-drift-'));
const drifted: string[] = [];
try {
  checkImports();
  checkApi();
  checkProjenFiles();
} finally {
  fs.rmSync(scratch, { recursive: true });
}
for (const message of drifted) console.error(message);
if (drifted.length > 0) process.exitCode = 1;
else console.log('API.md, imports/ and the files of projen are up to date');

/** Types cannot be imported anew without a network: that they are what the import task wrote is told by their checksums. */
function checkImports(): void {
  const remedy = 'run "npx projen import"; these files are never edited';
  if (!fs.existsSync(CHECKSUMS)) {
    drifted.push(`${CHECKSUMS}: missing; ${remedy}`);
    return;
  }
  const written = linesByFile(fs.readFileSync(CHECKSUMS, 'utf8'));
  const now = linesByFile(checksums());
  for (const file of new Set([...written.keys(), ...now.keys()])) {
    if (!now.has(file)) drifted.push(`${file}: missing; ${remedy}`);
    else if (!written.has(file)) drifted.push(`${file}: not written by the import task; ${remedy}`);
    else if (now.get(file) !== written.get(file)) drifted.push(`${file}: changed since it was imported; ${remedy}`);
  }
}

function checkApi(): void {
  const remedy = 'run "npx projen compile && npx projen docgen"';
  if (!fs.existsSync('.jsii')) {
    drifted.push('.jsii: missing, so that API.md cannot be compared; run "npx projen compile"');
    return;
  }
  const fresh = path.join(scratch, 'API.md');
  execFileSync('node_modules/.bin/jsii-docgen', ['-o', fresh], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (!fs.existsSync('API.md')) drifted.push(`API.md: missing; ${remedy}`);
  else if (!fs.readFileSync(fresh).equals(fs.readFileSync('API.md'))) drifted.push(`API.md: ${firstDifference('API.md', fresh)}; ${remedy}`);
}

/** Lets projen write the project's files once more, elsewhere. */
function checkProjenFiles(): void {
  const listed = (root: string): string[] => JSON.parse(fs.readFileSync(path.join(root, '.projen/files.json'), 'utf8')).files;
  // projen does not list these two, since npm reads them as well.
  const files = [...listed('.'), 'package.json', '.npmignore'];
  const copy = path.join(scratch, 'project');
  for (const file of [...files, '.projenrc.ts', 'package-lock.json', 'test/tsconfig.json', 'tsconfig.json']) {
    if (!fs.existsSync(file)) continue;
    fs.mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    fs.copyFileSync(file, path.join(copy, file));
  }
  // Without them projen would write samples.
  for (const folder of ['src', 'test']) fs.mkdirSync(path.join(copy, folder), { recursive: true });
  fs.symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'), 'dir');
  execFileSync(path.resolve('node_modules/.bin/tsx'), ['.projenrc.ts'], {
    cwd: copy,
    env: { ...process.env, PROJEN_DISABLE_POST: 'true', CI: 'false' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const now = [...listed(copy), 'package.json', '.npmignore'];
  for (const file of new Set<string>([...files, ...now])) {
    const [old, fresh] = [file, path.join(copy, file)];
    const remedy = 'run "npx projen"; change .projenrc.ts, not the file';
    if (!fs.existsSync(old)) drifted.push(`${file}: missing; ${remedy}`);
    else if (!now.includes(file)) drifted.push(`${file}: no longer written by projen; ${remedy}`);
    else if (!fs.readFileSync(old).equals(fs.readFileSync(fresh))) drifted.push(`${file}: ${firstDifference(old, fresh)}; ${remedy}`);
  }
}

function linesByFile(text: string): Map<string, string> {
  return new Map(text.split('\n').filter(Boolean).map((line) => [line.replace(/^\S+\s+/, ''), line]));
}

function firstDifference(old: string, fresh: string): string {
  const [before, after] = [old, fresh].map((file) => fs.readFileSync(file, 'utf8').split('\n'));
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line < 0 ? before.length : line;
  return `line ${at + 1} is ${JSON.stringify(before[at] ?? '(end)')}, should be ${JSON.stringify(after[at] ?? '(end)')}`;
}
