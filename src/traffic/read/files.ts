import * as fs from 'fs';
import * as path from 'path';
import { SourceDocument, SyntaxFault } from './document';
import { Manifest, nameOf, openLists, readManifests } from './elements';
import { InputError } from './input-error';
import { readJson } from './json';
import { isManifest, ReadObject } from './objects';
import { readYaml } from './yaml';

/** A text to read, or the name of something in a folder that nobody takes for a manifest. */
export type Source =
  | { readonly file: string; readonly bytes: () => Uint8Array; readonly named: boolean }
  | { readonly leftOut: string };

/** What was read. */
export interface ReadFiles {
  readonly objects: ReadObject[];
  readonly leftOut: string[];
}

const MANIFEST = /\.(ya?ml|json)$/i;
/** Folders of other tools, with too many files to list each. */
export const FOREIGN_FOLDERS: ReadonlySet<string> = new Set(['.git', 'node_modules']);

/** The files of paths, folders with all their folders, each file once, in order of their names. */
export function* sourcesOf(paths: readonly string[]): Generator<Source> {
  const seen = new Set<string>();
  for (const each of paths) {
    const stat = attempt(each, () => fs.statSync(each));
    if (stat.isDirectory()) yield* folderSources(each, seen);
    // A pipe, as the shell makes of <(…), has no name that could come twice.
    else if (!stat.isFile() || isNew(each, seen)) yield { file: each, bytes: () => attempt(each, () => fs.readFileSync(each)), named: true };
  }
}

function* folderSources(folder: string, seen: Set<string>): Generator<Source> {
  if (!isNew(folder, seen)) return;
  const names = attempt(folder, () => fs.readdirSync(folder)).sort();
  for (const name of names) {
    const file = path.join(folder, name);
    const stat = attempt(file, () => fs.statSync(file));
    if (stat.isDirectory()) {
      if (FOREIGN_FOLDERS.has(name)) yield { leftOut: `${file}${path.sep}` };
      else yield* folderSources(file, seen);
    } else if (!stat.isFile() || !MANIFEST.test(name)) {
      yield { leftOut: file };
    } else if (isNew(file, seen)) {
      yield { file, bytes: () => attempt(file, () => fs.readFileSync(file)), named: false };
    }
  }
}

function isNew(file: string, seen: Set<string>): boolean {
  const real = attempt(file, () => fs.realpathSync(file));
  if (seen.has(real)) return false;
  seen.add(real);
  return true;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ELOOP: 'symbolic links in a circle',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
};

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new InputError(`cannot be read: ${REASONS[code ?? ''] ?? message}`, file);
  }
}

/** Reads sources; throws for the first that cannot be used. */
export function readSources(sources: Iterable<Source>, defaultNamespace?: string): ReadFiles {
  const manifests: Manifest[] = [];
  const leftOut: string[] = [];
  for (const source of sources) {
    if ('leftOut' in source) {
      leftOut.push(source.leftOut);
      continue;
    }
    const found = readSource(source.file, source.bytes(), source.named);
    if (found) for (const manifest of found) manifests.push(manifest);
    else leftOut.push(source.file);
  }
  return { objects: readManifests(manifests, defaultNamespace), leftOut };
}

/** The manifests of a file; undefined for a file of a folder that holds something else. */
function readSource(file: string, bytes: Uint8Array, named: boolean): Manifest[] | undefined {
  try {
    const manifests: Manifest[] = [];
    let stranger: { what: string; line: number } | undefined;
    let kubernetes = false;
    for (const document of documentsOf(file, textOf(bytes))) {
      if (document.value === undefined || document.value === null) continue;
      if (isManifest(document.value)) {
        kubernetes = true;
        const opened = openLists(document.value, (at) => ({ file, line: document.lineOf(at) }), (what, at) => {
          throw new SyntaxFault(`an item of the List ${what}`, document.lineOf(at));
        });
        for (const manifest of opened) manifests.push(manifest);
      } else {
        stranger ??= { what: nameOf(document.value), line: document.lineOf([]) };
      }
      if (stranger && (named || kubernetes)) {
        const rest = named ? 'a Kubernetes object has apiVersion and kind' : 'other documents of the file are Kubernetes objects';
        throw new SyntaxFault(`is no Kubernetes object but ${stranger.what}: ${rest}`, stranger.line);
      }
    }
    return stranger ? undefined : manifests;
  } catch (error) {
    if (error instanceof SyntaxFault) throw new InputError(error.what, file, error.line);
    throw error;
  }
}

function documentsOf(file: string, text: string): Iterable<SourceDocument> {
  if (/\.json$/i.test(file)) return readJson(text);
  // Whatever its name, text that begins like JSON most often is; a template or YAML's flow style begins so too.
  if (/^\s*[{[]/.test(text)) {
    try {
      return readJson(text);
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
    }
  }
  return readYaml(text);
}

function textOf(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(bytes);
  const wrong = ['\0', '\ufffd'].map((mark) => text.indexOf(mark)).filter((at) => at >= 0);
  if (wrong.length > 0) throw new SyntaxFault('is no text in UTF-8', text.slice(0, Math.min(...wrong)).split('\n').length);
  return text;
}

/** What the documents of a file say that is no manifest; empty ones are nothing. */
export function documentsIn(file: string): any[] {
  const bytes = attempt(file, () => fs.readFileSync(file));
  try {
    return [...documentsOf(file, textOf(bytes))].map((document) => document.value).filter((value) => value !== undefined && value !== null);
  } catch (error) {
    if (error instanceof SyntaxFault) throw new InputError(error.what, file, error.line);
    throw error;
  }
}
