import * as fs from 'fs';
import * as path from 'path';
import yargs from 'yargs';
import { CommandError } from './command-error';
import { didYouMean } from './did-you-mean';
import { headersOf } from './requests';
import { Printer, Terminal } from './terminal';
import { trace, TraceArguments } from './trace-command';
import { watch } from './watch';

// yargs takes a lone dash for an option without a name.
const DASH = '\u0000-';

/** Runs the command; the number is its exit status. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const printer = new Printer(terminal);
  try {
    return await dispatch(args, terminal, printer);
  } catch (error) {
    printer.warn(errorLine(error));
    return 2;
  }
}

function errorLine(error: unknown): string {
  const { message, name } = error as Error;
  // Errors that the language itself throws are ours.
  const whose = /^(Type|Range|Reference|Syntax)Error$/.test(name) ? 'internal error, please report it: ' : '';
  return `cdk8s-traffic: ${whose}${message.replace(/\s*\n\s*/g, ' ')}`;
}

async function dispatch(args: readonly string[], terminal: Terminal, printer: Printer): Promise<number> {
  let status: Promise<number> | undefined;
  const words = args.map((word) => (word === '-' ? DASH : word));
  const parser = yargs(words)
    .scriptName('cdk8s-traffic')
    .locale('en')
    .usage('$0 COMMAND\n\nSays, with no cluster at hand, where requests go, from Kubernetes manifests.')
    .command('trace <paths..>', 'Follow requests hop by hop', traceOptions, (argv) => { status = traceWith(undashed(argv), terminal, printer); })
    .demandCommand(1, 'a command is missing: see cdk8s-traffic --help')
    .strict()
    .version(version())
    .help()
    .alias('h', 'help')
    .wrap(100)
    .exitProcess(false)
    .fail((message, error) => { throw error ?? new CommandError(usageText(message.replaceAll(DASH, '-'), args)); });
  let output = '';
  await parser.parseAsync(words, {}, (_error: unknown, _argv: unknown, text: string) => { output = text; });
  if (output !== '') await printer.print(output);
  return status ?? 0;
}

function traceOptions(argv: yargs.Argv) {
  return argv
    .usage('$0 trace PATH... --url URL [options]\n$0 trace PATH... --requests FILE [options]\n\nFollow requests hop by hop.')
    .positional('paths', { type: 'string', array: true, demandOption: true, describe: 'Files and folders of manifests, YAML or JSON; - is standard input' })
    .options({
      'url': { type: 'string', requiresArg: true, describe: 'Where the request goes: https://shop.example.com/cart (http, https, grpc, grpcs)' },
      'X': { alias: 'method', type: 'string', requiresArg: true, describe: 'Method; GET, or POST for grpc, when absent' },
      'H': { alias: 'header', type: 'string', requiresArg: true, describe: 'Header \'name: value\'; may be repeated' },
      'entry': { type: 'string', requiresArg: true, describe: 'The first hop, as Kind/namespace/name; the internet when absent' },
      'from': { type: 'string', requiresArg: true, describe: 'The workload in the cluster that sends it, as Kind/namespace/name' },
      'sni': { type: 'string', requiresArg: true, describe: 'Server name of the TLS handshake; the url\'s host when absent' },
      'source-ip': { type: 'string', requiresArg: true, describe: 'The client\'s address' },
      'requests': { type: 'string', requiresArg: true, describe: 'File with a request as JSON on each line; - is standard input' },
      'format': { choices: ['text', 'json'] as const, default: 'text' as const, requiresArg: true, describe: 'Form of the answer' },
      'profile': { type: 'string', requiresArg: true, describe: 'The cluster, as YAML or JSON of TrafficModelOptions' },
      'complete': { type: 'boolean', default: false, describe: 'The manifests are everything that the cluster holds' },
      'watch': { type: 'boolean', default: false, describe: 'Trace again whenever a file changes' },
    })
    .epilogue('Exit status: 0 every outcome is delivered or redirected; 1 another outcome; 2 input that cannot be used.');
}

// yargs names neither the command nor what may have been meant.
function usageText(message: string, args: readonly string[]): string {
  const unknown = /^Unknown (?:argument|command)s?: ([^,]*)/.exec(message)?.[1];
  if (unknown !== undefined) {
    if (!COMMANDS.includes(args[0])) return `unknown command ${unknown}${didYouMean(unknown, COMMANDS)}`;
    return `unknown option ${dashed(unknown)}${didYouMean(unknown, OPTIONS, dashed)}`;
  }
  if (message.startsWith('Not enough non-option')) return `${args[0]} needs the PATH of manifests`;
  return message.replace(/\s*\n\s*/g, ' ');
}

const COMMANDS = ['trace'];
const OPTIONS = ['url', 'method', 'header', 'entry', 'from', 'sni', 'source-ip', 'requests', 'format', 'profile', 'complete', 'watch', 'help', 'version'];
const REQUEST_OPTIONS = ['url', 'X', 'H', 'entry', 'from', 'sni', 'source-ip'];
const SINGLE_OPTIONS = [...REQUEST_OPTIONS.filter((name) => name !== 'H'), 'requests', 'format', 'profile'];

async function traceWith(argv: any, terminal: Terminal, printer: Printer): Promise<number> {
  for (const name of SINGLE_OPTIONS) {
    if (Array.isArray(argv[name])) throw new CommandError(`${dashed(name)} may be given once`);
  }
  const given = REQUEST_OPTIONS.filter((name) => argv[name] !== undefined);
  if (argv.requests !== undefined && given.length > 0) throw new CommandError(`${dashed(given[0])} and --requests exclude each other: write it into the file`);
  if (argv.requests === undefined && argv.url === undefined) throw new CommandError('trace needs --url or --requests');
  const paths: string[] = argv.paths;
  if (argv.requests === '-' && paths.includes('-')) throw new CommandError('standard input holds manifests or requests, not both');
  const args: TraceArguments = {
    paths,
    request: argv.url === undefined ? undefined : {
      request: withoutUndefined({
        url: argv.url,
        method: argv.X,
        headers: headersOf(argv.H === undefined ? [] : [argv.H].flat()),
        entry: argv.entry,
        from: argv.from,
        sni: argv.sni,
        sourceIp: argv['source-ip'],
      }),
    },
    requests: argv.requests,
    json: argv.format === 'json',
    profile: argv.profile,
    complete: argv.complete === true,
  };
  return argv.watch ? watching(args, terminal, printer) : trace(args, terminal, printer);
}

async function watching(args: TraceArguments, terminal: Terminal, printer: Printer): Promise<number> {
  if (args.paths.includes('-') || args.requests === '-') throw new CommandError('standard input cannot be watched');
  let status = 0;
  const once = async () => {
    try {
      status = await trace(args, terminal, printer);
    } catch (error) {
      status = 2;
      printer.warn(errorLine(error));
    }
  };
  await once();
  const files = [...args.paths, args.requests, args.profile].filter((file): file is string => file !== undefined);
  printer.warn('watching for changes; Ctrl+C ends it');
  await watch(files, terminal, async () => {
    if (!args.json) await printer.print(`\n${'-'.repeat(72)}\n`);
    await once();
  });
  return status;
}

function undashed(argv: { readonly [name: string]: any }): { readonly [name: string]: any } {
  const restore = (value: any): any => (Array.isArray(value) ? value.map(restore) : value === DASH ? '-' : value);
  return Object.fromEntries(Object.entries(argv).map(([name, value]) => [name, restore(value)]));
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`;
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

// The package's own version, from its sources as from its compiled form.
function version(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, 'utf8')).version;
    if (folder === path.dirname(folder)) return 'unknown';
  }
}
