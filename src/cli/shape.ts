import { CommandError } from './command-error';
import { didYouMean } from './did-you-mean';

/** What a value must look like. A shape in a list stands for each of its values, `map` for text by name. */
export type Shape = 'text' | 'boolean' | 'count' | 'texts' | 'map' | readonly string[] | { readonly [key: string]: Shape };

const TEXTS: Readonly<Record<string, string>> = {
  text: 'text', boolean: 'true or false', count: 'a whole number', texts: 'a list of text', map: 'names with text',
};

/** Throws for a value that has not its shape, and for keys that nobody knows. */
export function checkShape(value: any, shape: Shape, at: string, where: string): void {
  const fail = (must: string): never => { throw new CommandError(`${where}: ${at === '' ? 'it' : at} must be ${must}, got ${kindOf(value)}`); };
  if (Array.isArray(shape)) {
    if (!shape.includes(value)) fail(shape.join(' or '));
  } else if (typeof shape === 'string') {
    if (!holds(value, shape)) fail(TEXTS[shape]);
  } else {
    if (!isRecord(value)) fail('an object');
    for (const [key, each] of Object.entries(value)) {
      const path = at === '' ? key : `${at}.${key}`;
      const known = Object.keys(shape);
      if (!known.includes(key)) throw new CommandError(`${where}: unknown key ${path}${didYouMean(key, known)}`);
      if (each !== undefined) checkShape(each, (shape as { readonly [key: string]: Shape })[key], path, where);
    }
  }
}

function holds(value: any, shape: string): boolean {
  switch (shape) {
    case 'text': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'count': return Number.isInteger(value) && value >= 0;
    case 'texts': return Array.isArray(value) && value.every((each) => typeof each === 'string');
    default: return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
  }
}

function isRecord(value: any): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Never the value itself: it may be a token.
function kindOf(value: any): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'text' : typeof value === 'object' ? 'an object' : `${typeof value} ${value}`;
}
