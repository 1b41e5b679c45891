import { MODEL_CASES } from './model-cases';
import { child, judged, median, print } from './table';

const [SMALL, LARGE] = [{ routes: 100, hosts: 5 }, { routes: 10_000, hosts: 500 }];
const TRACES = 50_000;
const MOST_MICROSECONDS = 20;

/** Measures the traffic model: building it against parsing its YAML, and following requests. */
export function benchModel(rounds: number): void {
  for (const name of Object.keys(MODEL_CASES)) {
    const [small, large] = [SMALL, LARGE].map(({ routes, hosts }) => measured(name, routes, hosts, rounds));
    console.log(`\ntraffic model, ${LARGE.routes} routes of ${name} over ${LARGE.hosts} hosts, median of ${rounds}`);
    print(['', '', 'ratio', 'goal'], [
      ['parsing its YAML with js-yaml', `${large.parsing.toFixed(0)} ms`, '', ''],
      ['building it, first trace included', `${large.building.toFixed(0)} ms`, ...judged(large.building / large.parsing, 1)],
      ['traces', `${Math.round(1000 / large.trace)} a second`, ...judged((large.trace * 1000) / MOST_MICROSECONDS, 1)],
      [`a trace, against one of ${SMALL.routes} routes`, `${(large.trace * 1000).toFixed(1)} to ${(small.trace * 1000).toFixed(1)} µs`, ...judged(large.trace / small.trace, 3)],
      ['peak memory', `${large.megabytes.toFixed(0)} MB`, '', ''],
    ]);
  }
}

interface Measured { readonly parsing: number; readonly building: number; readonly trace: number; readonly megabytes: number }

function measured(name: string, routes: number, hosts: number, rounds: number): Measured {
  const results: Measured[] = Array.from({ length: rounds }, () => JSON.parse(child('model-child.ts', name, String(routes), String(hosts), String(TRACES))));
  const middle = (of: keyof Measured) => median(results.map((result) => result[of]));
  return { parsing: middle('parsing'), building: middle('building'), trace: middle('trace'), megabytes: middle('megabytes') };
}
