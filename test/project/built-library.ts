import * as fs from 'fs';
import * as path from 'path';

export const ROOT = path.resolve(__dirname, '../..');

/** Throws unless the library is compiled: these tests are about what users install, not about the sources. */
export function assertBuilt(): void {
  for (const file of ['.jsii', 'lib/src/index.js']) {
    if (!fs.existsSync(path.join(ROOT, file))) throw new Error(`${file} is missing; run "npx projen compile" first`);
  }
}
