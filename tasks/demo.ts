import * as fs from 'fs';
import * as path from 'path';
import { Outcome, OutcomeKind, Trace, TrafficModel } from 'cdk8s-traffic';
import Table from 'cli-table3';
import { allExamples, Example, manifestFiles, objectsIn, synthesize } from './examples';
import { PROMISES, TrafficPromise } from './promises';
import { envoyOfContour } from '../test/traffic/examples-envoy';

/* npm run demo: synthesizes every example into dist/, prints what was written, and traces what each promises through it. */

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
  let traced = 0;
  const broken: string[] = [];
  for (const example of examples) {
    objects += print(example);
    const promises = PROMISES[example.name] ?? [];
    traced += promises.length;
    broken.push(...follow(example, promises));
  }
  if (broken.length > 0) throw new Error(`these requests do not end as their example says:\n\n${broken.join('\n\n')}`);
  console.log(`${examples.length} examples, ${objects} objects, ${traced} requests traced, in ${((Date.now() - started) / 1000).toFixed(1)} s`);
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

/** Traces what an example promises, the first in full; returns the explanations of what ends elsewhere. */
function follow(example: Example, promises: readonly TrafficPromise[]): string[] {
  const written = manifestFiles(example.output).flatMap((file) => objectsIn(path.join(example.output, file)));
  // Contour's Envoy comes from a chart, with the values that stand beside the manifests.
  const fromCharts = written.some(({ kind }) => kind === 'HTTPProxy') ? envoyOfContour(`${example.output}.files`) : [];
  const model = TrafficModel.fromObjects([...written, ...fromCharts]);
  const traces = promises.map(({ request, ends }) => ({ ends, trace: model.trace(request) }));
  for (const [index, { trace }] of traces.entries()) {
    const text = index === 0 ? String(trace) : summary(trace);
    console.log(text.replace(/^(?=.)/gm, '  '));
    if (index === 0) console.log();
  }
  if (traces.length > 0) console.log();
  return traces.filter(({ trace, ends }) => trace.outcomes.map(end).join() !== ends.join())
    .map(({ trace, ends }) => `${example.name}: expected ${ends.join(', ')}\n${trace}`);
}

function summary(trace: Trace): string {
  const { request, outcomes } = trace;
  const said = Object.entries(request.headers ?? {}).map(([name, value]) => ` ${name}: ${value}`).join();
  return `${request.url}${said}${request.from ? ` from ${request.from}` : ''} ─▶ ${outcomes.map(end).join(', ')}`;
}

/** Where a share of the requests ends, as promises say it. */
function end({ share, kind, status, location, destination }: Outcome): string {
  const part = share === 1 ? '' : `${Number((share * 100).toFixed(2))}% `;
  if (kind === OutcomeKind.REDIRECTED) return `${part}${location}`;
  if (!destination) return `${part}${kind}${status === undefined ? '' : ` ${status}`}`;
  return `${part}${destination.kind}/${destination.namespace ?? ''}/${destination.name}:${destination.port}`;
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
