import * as fs from 'fs';
import { CommandError } from './command-error';
import { checkShape, Shape } from './shape';
import type { TrafficRequest } from '../traffic/trace';

/** TrafficRequest, key by key. */
const REQUEST: Required<{ [key in keyof TrafficRequest]: Shape }> = {
  url: 'text', method: 'text', headers: 'map', entry: 'text', from: 'text', sni: 'text', sourceIp: 'text',
};

/** A request and where it stands. */
export interface AskedRequest {
  readonly request: TrafficRequest;
  /** `requests.jsonl:12`; undefined for the one of the command line. */
  readonly where?: string;
}

/** The requests of a file, one JSON object a line, as they are read. Empty lines are nothing. */
export async function* readRequests(file: string, stdin: AsyncIterable<Uint8Array | string>): AsyncGenerator<AskedRequest> {
  const name = file === '-' ? 'standard input' : file;
  let line = 0;
  try {
    for await (const text of linesOf(file === '-' ? stdin : fs.createReadStream(file))) {
      line++;
      if (text.trim() === '') continue;
      const where = `${name}:${line}`;
      yield { request: parse(text, where), where };
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new CommandError(`${name}: cannot be read: ${code === 'ENOENT' ? 'no such file' : code}`);
  }
}

function parse(text: string, where: string): TrafficRequest {
  let request: any;
  try {
    request = JSON.parse(text);
  } catch {
    // Its message quotes the line, which may hold a token.
    throw new CommandError(`${where}: is no JSON: a line is a request like {"url": "https://shop.example.com/"}`);
  }
  checkShape(request, REQUEST, '', where);
  if (request.url === undefined) throw new CommandError(`${where}: url is missing`);
  return request;
}

async function* linesOf(chunks: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/** The headers of `-H 'name: value'`; a name that comes again adds to its value. */
export function headersOf(given: readonly string[]): { [name: string]: string } | undefined {
  if (given.length === 0) return undefined;
  const headers: { [name: string]: string } = {};
  const names = new Map<string, string>();
  for (const header of given) {
    const match = /^(:?[!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:(.*)$/s.exec(header);
    if (!match) throw new CommandError(`-H must be written like 'name: value', got ${JSON.stringify(header.split(/[:=\s]/)[0])} without a name and a colon`);
    const value = match[2].trim();
    const name = names.get(match[1].toLowerCase()) ?? match[1];
    names.set(match[1].toLowerCase(), name);
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
