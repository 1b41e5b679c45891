import { colourTrace, wantsColours } from './colours';
import { CommandError } from './command-error';
import { readProfile } from './profile';
import { AskedRequest, readRequests } from './requests';
import { Printer, Terminal } from './terminal';
import type { TrafficModelOptions } from '../traffic/options';
import { Source, sourcesOf } from '../traffic/read/files';
import type { Trace } from '../traffic/trace';
import { TrafficModel } from '../traffic/traffic-model';

/** What the command was given. */
export interface TraceArguments {
  readonly paths: readonly string[];
  /** The request of the command line; else they are in `requests`. */
  readonly request?: AskedRequest;
  readonly requests?: string;
  readonly json: boolean;
  readonly profile?: string;
  readonly complete: boolean;
}

/** Traces once; 0 if every outcome of every request is delivered or redirected, else 1. */
export async function trace(args: TraceArguments, terminal: Terminal, printer: Printer): Promise<number> {
  const options: TrafficModelOptions = args.profile === undefined ? {} : readProfile(args.profile);
  const model = await readModel(args.paths, args.complete ? { ...options, complete: true } : options, terminal, printer);
  const asked = args.requests === undefined ? [args.request!] : readRequests(args.requests, terminal.stdin);
  const colours = !args.json && wantsColours(terminal);
  let good = true;
  let first = true;
  for await (const { request, where } of asked) {
    const answer = follow(model, request, where);
    good &&= answer.outcomes.every(({ kind }) => kind === 'delivered' || kind === 'redirected');
    if (args.json) {
      await printer.print(args.requests === undefined ? JSON.stringify(answer, undefined, 2) : JSON.stringify(answer));
    } else {
      await printer.print(`${first ? '' : '\n'}${colours ? colourTrace(answer.toString()) : answer.toString()}`);
    }
    first = false;
    if (printer.closed) break;
  }
  return good ? 0 : 1;
}

function follow(model: TrafficModel, request: AskedRequest['request'], where: string | undefined): Trace {
  try {
    return model.trace(request);
  } catch (error) {
    throw new CommandError(`${where === undefined ? '' : `${where}: `}${(error as Error).message}`);
  }
}

async function readModel(paths: readonly string[], options: TrafficModelOptions, terminal: Terminal, printer: Printer): Promise<TrafficModel> {
  const input = paths.includes('-') ? [await stdinSource(terminal)] : [];
  const files = sourcesOf(paths.filter((path) => path !== '-'));
  const model = TrafficModel._fromSources([...input, ...files], options);
  for (const file of model.leftOut) printer.warn(`${file}: not Kubernetes, left out`);
  return model;
}

async function stdinSource(terminal: Terminal): Promise<Source> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of terminal.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return { file: 'standard input', bytes: () => Buffer.concat(chunks), named: true };
}
