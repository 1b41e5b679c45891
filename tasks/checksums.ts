import { createHash } from 'crypto';
import * as fs from 'fs';

/** What the import task wrote, in the format of `sha256sum --check`. */
export const CHECKSUMS = 'imports/checksums.sha256';

/** Every file that the import task writes, beside the checksums. */
export function importedFiles(): string[] {
  return [
    ...fs.readdirSync('imports').filter((file) => file.endsWith('.ts')).map((file) => `imports/${file}`),
    ...fs.readdirSync('test/schemas').filter((file) => file.endsWith('.json')).map((file) => `test/schemas/${file}`),
  ].sort();
}

/** The content of the checksum file, as it should be now. */
export function checksums(): string {
  return importedFiles().map((file) => `${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}  ${file}\n`).join('');
}
