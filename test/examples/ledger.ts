import * as fs from 'fs';
import * as path from 'path';
import { isDeepStrictEqual } from 'util';
import { parseAllDocuments } from 'yaml';

/** A manifest, command or setting of an example's article, and where it went. */
export interface LedgerEntry {
  /** What stands in the article. */
  readonly article: string;
  /** `Kind/namespace/name` of the object that carries it. */
  readonly object?: string;
  /** The path below the folder of companion files that carries it. */
  readonly file?: string;
  /** The field of the object or file, such as `spec.rules[0].host` or `metadata.annotations["dapr.io/app-id"]`. */
  readonly field?: string;
  /** The value that the field must have. */
  readonly value?: unknown;
  /** Why nothing carries it. */
  readonly leftOut?: string;
}

/** What an example wrote, as far as a ledger speaks of it. */
export interface Written {
  readonly objects: any[];
  /** The folders of companion files. */
  readonly folders: string[];
}

/** What is wrong with an entry; undefined if it holds. */
export function entryProblem(entry: LedgerEntry, written: Written): string | undefined {
  const { article, object, file, field, value, leftOut } = entry;
  const unknown = Object.keys(entry).filter((key) => !['article', 'object', 'file', 'field', 'value', 'leftOut'].includes(key));
  if (unknown.length > 0) return `unknown key ${unknown.join(', ')}`;
  if (!article?.trim()) return 'names nothing in the article';
  if ([object, file, leftOut].filter((each) => each !== undefined).length !== 1) return 'needs one of object, file and leftOut';
  if (leftOut !== undefined) return leftOut.trim().length >= 10 ? undefined : 'leftOut gives no reason';

  const candidates = object !== undefined ? written.objects.filter((each) => referenceOf(each) === object) : documentsOf(file!, written.folders);
  if (candidates.length === 0) return `there is no ${object ?? file}${object === undefined ? '' : `; there is ${written.objects.map(referenceOf).join(', ')}`}`;
  if (field === undefined) {
    if (object !== undefined) return 'an object needs a field';
    return value === undefined || candidates.some((text) => typeof text === 'string' && text.includes(String(value))) ? undefined : `${file} does not contain ${value}`;
  }
  const found = candidates.flatMap((candidate) => [...valuesAt(candidate, field)]);
  if (found.length === 0) return `${object ?? file} has no ${field}`;
  if ('value' in entry && !found.some((each) => isDeepStrictEqual(each, value))) {
    return `${object ?? file} ${field} is ${JSON.stringify(found[0])}, not ${JSON.stringify(value)}`;
  }
  return undefined;
}

/** `Kind/namespace/name`, for kinds of the cluster `Kind//name`. */
export function referenceOf(object: any): string {
  return `${object.kind}/${object.metadata?.namespace ?? ''}/${object.metadata?.name}`;
}

/** The values at a path; a key that has dots itself may be written with or without brackets and quotes. */
export function* valuesAt(value: any, field: string): Generator<unknown> {
  if (field === '') {
    if (value !== undefined) yield value;
    return;
  }
  const bracket = /^\.?\[(?:(\d+)|"([^"]*)"|'([^']*)')\]/.exec(field);
  if (bracket) {
    const key = bracket[1] ?? bracket[2] ?? bracket[3];
    if (value !== null && typeof value === 'object' && key in value) yield* valuesAt(value[key], field.slice(bracket[0].length));
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const rest = field.replace(/^\./, '');
  for (const key of Object.keys(value)) {
    if (rest === key || rest.startsWith(`${key}.`) || rest.startsWith(`${key}[`)) yield* valuesAt(value[key], rest.slice(key.length));
  }
}

function documentsOf(file: string, folders: string[]): unknown[] {
  const found = folders.map((folder) => path.join(folder, file)).find((each) => fs.existsSync(each));
  if (!found) return [];
  const text = fs.readFileSync(found, 'utf8');
  return /\.(ya?ml|json)$/.test(file) ? [text, ...parseAllDocuments(text).map((document) => document.toJS())] : [text];
}
