import * as fs from 'fs';
import { createRequire } from 'module';
import * as path from 'path';

/*
 * Rewrites the compiled entry point so that each export loads its module when it is first asked for. The source cannot say
 * so: jsii reads plain `export` statements. Names and types stay as they are.
 */

const entry = path.resolve(__dirname, '../lib/src/index.js');
const root = path.dirname(entry);
const load = createRequire(entry);
const exported = load(entry) as Record<string, unknown>;

/** The module that brings a value: of those that have it, the one that was loaded first, since the others pass it on. */
function moduleOf(name: string): { file: string; whole: boolean } {
  const loaded = Object.values(load.cache).filter((module) => module && module.filename !== entry && module.filename.startsWith(root + path.sep));
  for (const module of loaded) {
    if (module!.exports === exported[name] || isNamespaceOf(exported[name], module!.exports)) return { file: module!.filename, whole: true };
  }
  const owners = loaded.filter((module) => Object.hasOwn(module!.exports, name) && module!.exports[name] === exported[name]);
  const own = owners.filter((module) => path.basename(module!.filename) !== 'index.js');
  if (own.length === 0) throw new Error(`lib/src/index.js exports ${name}, but no module of it was found`);
  return { file: own[0]!.filename, whole: false };
}

// TypeScript copies a module's exports into an object of its own for `export * as`.
function isNamespaceOf(value: unknown, exports: Record<string, unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const names = Object.keys(exports).filter((name) => name !== '__esModule');
  return names.length > 0 && names.every((name) => (value as Record<string, unknown>)[name] === exports[name])
    && Object.keys(value).filter((name) => name !== 'default').length === names.length;
}

if (!fs.readFileSync(entry, 'utf8').includes('// lazy')) {
  const names = Object.keys(exported).filter((name) => name !== '__esModule').sort();
  const lines = names.map((name) => {
    const { file, whole } = moduleOf(name);
    const request = `./${path.relative(root, file).split(path.sep).join('/').replace(/\.js$/, '')}`;
    return `lazy('${name}', () => require('${request}')${whole ? '' : `.${name}`});`;
  });
  fs.writeFileSync(entry, [
    '"use strict";',
    '// lazy: written by tasks/lazy-exports.ts',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'function lazy(name, load) {',
    '  Object.defineProperty(exports, name, {',
    '    enumerable: true, configurable: true,',
    '    get() { const value = load(); Object.defineProperty(exports, name, { enumerable: true, configurable: true, value }); return value; },',
    '  });',
    '}',
    ...lines,
    '// For loaders that read names without running the file.',
    `0 && (module.exports = { ${names.join(', ')} });`,
    '',
  ].join('\n'));
  console.log(`lib/src/index.js: ${names.length} exports load when first used`);
}
