import { createRequire } from 'module';
import * as yaml from 'js-yaml';
import { MODEL_CASES, ModelCase } from './model-cases';
import type { TrafficModel as Model } from '../src/traffic/traffic-model';

/*
 * One measurement of the traffic model in a process of its own, after a warm-up of the same kind.
 *
 *   model-child.ts CASE ROUTES HOSTS TRACES
 */

const [name, ...numbers] = process.argv.slice(2);
const [routes, hosts, traces] = numbers.map(Number);
const { TrafficModel } = createRequire(__filename)('../lib/src/traffic/traffic-model') as { TrafficModel: typeof Model };
const WARM = { routes: 1000, hosts: 50, traces: 5000 };

const measured = MODEL_CASES[name];
measure(measured, WARM.routes, WARM.hosts, WARM.traces);
console.log(JSON.stringify({ ...measure(measured, routes, hosts, traces), megabytes: process.resourceUsage().maxRSS / 1024 }));

function measure({ manifests, request }: ModelCase, routeCount: number, hostCount: number, traceCount: number) {
  const text = manifests(routeCount, hostCount).map((each) => yaml.dump(each)).join('---\n');
  const requests = Array.from({ length: routeCount }, (_, i) => request(i, hostCount));
  let started = process.cpuUsage();
  const objects = yaml.loadAll(text);
  const parsing = milliseconds(started);

  started = process.cpuUsage();
  const model = TrafficModel.fromObjects(objects);
  const [first] = model.trace(requests[0]).outcomes;
  const building = milliseconds(started);
  if (first.destination?.name !== 'shop-0') throw new Error(`bench/model-child.ts: ${name}: a request went astray: ${model.trace(requests[0])}`);

  started = process.cpuUsage();
  for (let i = 0; i < traceCount; i += 1) model.trace(requests[(i * 7919) % routeCount]);
  return { parsing, building, trace: milliseconds(started) / traceCount };
}

/** Processor time, not the clock's: what else the machine does is no part of it. */
function milliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}
