import { Duration } from 'cdk8s';
import { ComponentParts } from './component-parts';
import { ComponentSpec } from './component-spec';

/** Options of a cron binding. */
export interface CronBindingOptions {
  /**
   * The path of the application that is called, with POST.
   * @default - `/` and the component's name
   */
  readonly route?: string;
}

/**
 * Calls the application on a schedule. Every replica of the application is called: the binding knows nothing of others.
 *
 * @see https://docs.dapr.io/reference/components-reference/supported-bindings/cron/
 */
export class CronBinding extends ComponentSpec {
  /**
   * Again and again, the first time one interval after the start.
   * @throws if the interval is not of whole seconds, or the route is no path
   */
  public static every(interval: Duration, options: CronBindingOptions = {}): CronBinding {
    const milliseconds = interval.toMilliseconds();
    if (milliseconds < 1000 || milliseconds % 1000 !== 0) {
      throw new Error(`CronBinding.every: the interval must be of whole seconds, got ${milliseconds} ms`);
    }
    return new CronBinding('every', `@every ${milliseconds / 1000}s`, options);
  }

  /**
   * At the times of a cron expression, in UTC unless it begins with `CRON_TZ=<zone> `.
   *
   * @param expression five fields (minute, hour, day, month, weekday), six with seconds in front, or `@hourly`, `@daily`, …
   * @throws if the expression is none, or the route is no path
   */
  public static schedule(expression: string, options: CronBindingOptions = {}): CronBinding {
    const problem = scheduleProblem(expression);
    if (problem) throw new Error(`CronBinding.schedule: ${problem}`);
    return new CronBinding('schedule', expression, options);
  }

  private readonly parts: ComponentParts;

  private constructor(factory: string, schedule: string, options: CronBindingOptions) {
    const { route } = options;
    if (route !== undefined && !/^\/[^\s?#]*$/.test(route)) {
      throw new Error(`CronBinding.${factory}: route must be a path that begins with "/", got "${route}"`);
    }
    super();
    this.parts = {
      type: 'bindings.cron',
      version: 'v1',
      input: { route },
      firesPerReplica: true,
      fields: [
        { name: 'schedule', value: schedule },
        // Without it Dapr asks the application whether it wants to be called, and takes the binding for an output too.
        { name: 'direction', value: 'input' },
        { name: 'route', value: route },
      ],
    };
  }

  /** @internal */
  public _parts(): ComponentParts {
    return this.parts;
  }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: { name: string; from: number; to: number; words?: string[] }[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of week', from: 0, to: 6, words: WEEKDAYS },
];

function scheduleProblem(expression: string): string | undefined {
  const schedule = expression.replace(/^(CRON_TZ|TZ)=\S+ +/, '').trim();
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(schedule)) return undefined;
  if (/^@every (\d+(\.\d+)?(h|m|s))+$/.test(schedule)) return undefined;
  const parts = schedule.split(/\s+/);
  if (schedule.startsWith('@') || parts.length < 5 || parts.length > 6) {
    return `the schedule must have five fields, six with seconds in front, or be "@every <duration>", "@hourly", "@daily", …, got "${expression}"`;
  }
  const fields = FIELDS.slice(6 - parts.length);
  for (const [index, part] of parts.entries()) {
    const { name, from, to, words } = fields[index];
    for (const range of part.split(',')) {
      const [, low, high, step] = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(range) ?? [];
      const bounds = [low, high].filter((bound) => bound !== undefined && bound !== '*' && bound !== '?')
        .map((bound) => (/^\d+$/.test(bound) ? Number(bound) : words?.includes(bound.toLowerCase()) ? words.indexOf(bound.toLowerCase()) + from : NaN));
      if (low === undefined || step === '0' || bounds.some((bound) => !(bound >= from && bound <= to)) || bounds[0] > bounds[1]) {
        return `the ${name} must be from ${from} to ${to}, got "${range}" in "${expression}"`;
      }
    }
  }
  return undefined;
}
