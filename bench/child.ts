import * as fs from 'fs';
import { createRequire } from 'module';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart } from 'cdk8s';
import { CASES } from './cases';
import type * as library from '../src';

/*
 * One measurement in a process of its own: builds and synthesizes a system once to warm up, then again with a clock.
 *
 *   child.ts library CASE WARM ROUTES     with the library
 *   child.ts plain WARM-FILE FILE         the same manifests as ApiObjects
 *   child.ts manifests CASE ROUTES FILE   writes these manifests down
 */

// The compiled library: what users load.
const compiled = (): typeof library => createRequire(__filename)('../lib/src');

let runs = 0;
const [mode, ...args] = process.argv.slice(2);
const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-traffic-bench-'));
try {
  switch (mode) {
    case 'library': report(measure(withLibrary(args[0], Number(args[1])), withLibrary(args[0], Number(args[2])))); break;
    case 'plain': report(measure(withPlainObjects(args[0]), withPlainObjects(args[1]))); break;
    case 'manifests': {
      const app = new App({ outdir });
      CASES[args[0]](app, Number(args[1]), compiled());
      fs.writeFileSync(args[2], JSON.stringify(app.charts.map((chart) => ({ id: chart.node.id, objects: chart.toJson() }))));
      break;
    }
    default: throw new Error(`bench/child.ts: unknown mode ${mode}`);
  }
} finally {
  fs.rmSync(outdir, { recursive: true });
}

function withLibrary(name: string, routes: number): (app: App) => void {
  const lib = compiled();
  return (app) => CASES[name](app, routes, lib);
}

function withPlainObjects(file: string): (app: App) => void {
  const charts: { id: string; objects: any[] }[] = JSON.parse(fs.readFileSync(file, 'utf8'));
  return (app) => {
    for (const { id, objects } of charts) {
      const chart = new Chart(app, id);
      objects.forEach((object, index) => new ApiObject(chart, `object-${index}`, object));
    }
  };
}

function measure(warmUp: (app: App) => void, build: (app: App) => void): { milliseconds: number; megabytes: number } {
  for (let round = 0; round < 3; round += 1) run(warmUp);
  const milliseconds = run(build);
  return { milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 };
}

/** Processor time, not the clock's: what else the machine does is no part of it. */
function run(build: (app: App) => void): number {
  // Apps of one process that share a folder share its companion files, too.
  const own = path.join(outdir, String(runs++));
  const started = process.cpuUsage();
  const app = new App({ outdir: own });
  build(app);
  app.synth();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

function report(result: object): void {
  console.log(JSON.stringify(result));
}
