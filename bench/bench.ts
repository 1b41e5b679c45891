import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { CASES } from './cases';
import { benchModel } from './model';
import { child as run, judged, median, print, ROOT } from './table';

/*
 * npm run bench [ROUNDS]: measures the compiled library in processes of their own, and prints medians and ratios.
 * Milliseconds are the processor's, so that what else the machine does changes them little.
 */

const ROUNDS = Number(process.argv[2] ?? 5);
const SIZES = [100, 1000, 5000];
const WARM = 200;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-traffic-bench-'));

if (!fs.existsSync(path.join(ROOT, 'lib/src/index.js'))) throw new Error('lib/ is missing; run "npx projen compile" first');
try {
  benchLoading();
  for (const name of Object.keys(CASES)) benchSynthesis(name);
  benchModel(ROUNDS);
} finally {
  fs.rmSync(scratch, { recursive: true });
}

function benchLoading(): void {
  const rounds = ROUNDS * 5;
  const modules = { 'cdk8s': 'cdk8s', 'cdk8s-traffic': './lib/src' };
  const times = new Map<string, number[]>(Object.keys(modules).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // In turns, so that what else the machine does falls on both.
    for (const [name, module] of Object.entries(modules)) {
      const script = `const c = process.cpuUsage(); require(${JSON.stringify(module)}); const { user, system } = process.cpuUsage(c); console.log((user + system) / 1000)`;
      times.get(name)!.push(Number(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' })));
    }
  }
  const [alone, with_] = [...times.values()].map(median);
  console.log(`\nrequire, median of ${rounds}`);
  print(['', 'ms', 'ratio', 'goal'], [
    ['cdk8s', alone.toFixed(1), '', ''],
    ['cdk8s-traffic (loads cdk8s)', with_.toFixed(1), ...judged(with_ / alone, 1.3)],
  ]);
}

function benchSynthesis(name: string): void {
  const rows: string[][] = [];
  const library: number[] = [];
  const manifestsOf = (size: number): string => {
    const file = path.join(scratch, `${name}-${size}.json`);
    child('manifests', name, String(size), file);
    return file;
  };
  const warm = manifestsOf(WARM);
  for (const size of SIZES) {
    const manifests = manifestsOf(size);
    const [ours, theirs]: { milliseconds: number; megabytes: number }[][] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(JSON.parse(child('library', name, String(WARM), String(size))));
      theirs.push(JSON.parse(child('plain', warm, manifests)));
    }
    const [time, plainTime] = [ours, theirs].map((results) => median(results.map((result) => result.milliseconds)));
    const [memory, plainMemory] = [ours, theirs].map((results) => median(results.map((result) => result.megabytes)));
    const objects = JSON.parse(fs.readFileSync(manifests, 'utf8')).reduce((sum: number, chart: any) => sum + chart.objects.length, 0);
    library.push(time);
    rows.push([`${size}`, `${objects}`, plainTime.toFixed(0), time.toFixed(0), ...judged(time / plainTime, 1.25), (time / size).toFixed(2), plainMemory.toFixed(0), memory.toFixed(0)]);
  }
  console.log(`\n${name}: building and synthesizing, median of ${ROUNDS}`);
  print(['routes', 'objects', 'plain ms', 'ms', 'ratio', 'goal', 'ms a route', 'plain peak MB', 'peak MB'], rows);
  const growth = Math.log(library[2] / library[1]) / Math.log(SIZES[2] / SIZES[1]);
  console.log(`growth from ${SIZES[1]} to ${SIZES[2]} routes: n^${growth.toFixed(2)} (1 is linear)`);
}

function child(...args: string[]): string {
  return run('child.ts', ...args);
}
