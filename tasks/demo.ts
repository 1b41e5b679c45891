import * as fs from 'fs';
import * as path from 'path';
import Table from 'cli-table3';
import { allExamples, Example, manifestFiles, objectsIn, synthesize } from './examples';

/* npm run demo: synthesizes every example into dist/ and prints what was written. */

const WIDTH = Math.min(Math.max(process.stdout.columns ?? 120, 80), 160);

async function main(names: string[]): Promise<void> {
  const started = Date.now();
  const examples = allExamples().filter((example) => names.length === 0 || names.includes(example.name));
  if (examples.length === 0) throw new Error(`no such example: ${names.join(', ')}; there are ${allExamples().map(({ name }) => name).join(', ')}`);

  // Two at a time: each is mostly one process that loads TypeScript.
  const waiting = [...examples];
  const failures: string[] = [];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await synthesize(next).catch((error: Error) => failures.push(error.message));
    }
  };
  await Promise.all([work(), work()]);
  if (failures.length > 0) throw new Error(failures.join('\n\n'));

  let objects = 0;
  for (const example of examples) objects += print(example);
  console.log(`${examples.length} examples, ${objects} objects, in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Prints a table of an example's objects and other files; returns the number of objects. */
function print(example: Example): number {
  const rows: { file: string; kind: string; names: string[] }[] = [];
  for (const file of manifestFiles(example.output)) {
    const byKind = new Map<string, string[]>();
    for (const { kind, metadata } of objectsIn(path.join(example.output, file))) {
      byKind.set(kind, [...byKind.get(kind) ?? [], `${metadata.namespace ? `${metadata.namespace}/` : ''}${metadata.name}`]);
    }
    [...byKind].forEach(([kind, names], index) => rows.push({ file: index === 0 ? file : '', kind, names }));
  }
  const objects = rows.reduce((sum, { names }) => sum + names.length, 0);
  const [first, second] = [rows.map(({ file }) => file), rows.map(({ kind }) => kind)].map(longest);
  const table = new Table({
    style: { head: [], border: [], compact: true },
    head: ['manifest', 'kind', '#', 'objects'],
    colAligns: ['left', 'left', 'right', 'left'],
  });
  for (const { file, kind, names } of rows) table.push([file, kind, names.length, wrapped(names, WIDTH - first - second - 17)]);
  const companions = companionFiles(example.output);
  console.log(`${example.name}: ${objects} objects in ${path.relative('.', example.output)}/`);
  console.log(table.toString());
  if (companions.length > 0) {
    console.log(`  beside them, in ${path.relative('.', example.output)}.files/`);
    const width = longest(companions.map((file) => file.path));
    for (const file of companions) console.log(`    ${file.path.padEnd(width)}  ${file.purpose}`);
  }
  console.log();
  return objects;
}

function companionFiles(output: string): { path: string; purpose: string }[] {
  const index = `${output}.files/index.json`;
  return fs.existsSync(index) ? JSON.parse(fs.readFileSync(index, 'utf8')).files : [];
}

function longest(texts: string[]): number {
  return Math.max(...texts.map((text) => text.length));
}

/** Names in lines that are as long as they may be; a name alone may be longer. */
function wrapped(names: string[], width: number): string {
  const lines = [''];
  for (const [index, name] of names.entries()) {
    const word = index < names.length - 1 ? `${name}, ` : name;
    if (lines.at(-1) !== '' && lines.at(-1)!.length + word.trimEnd().length > width) lines.push('');
    lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
