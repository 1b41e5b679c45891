import * as fs from 'fs';
import * as path from 'path';

/**
 * Compares a committed file with what it should be. With `UPDATE_COMMITTED=1` in the environment the file is written instead; look at
 * the difference before you commit it.
 */
export function expectCommitted(file: string, text: string): void {
  if (process.env.UPDATE_COMMITTED === '1') {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const committed = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '(missing: write it with UPDATE_COMMITTED=1 in the environment, and look at what changed)';
  expect(committed).toBe(text);
}
