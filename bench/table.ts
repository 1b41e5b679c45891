import { execFileSync } from 'child_process';
import * as path from 'path';
import Table from 'cli-table3';

/** The project. */
export const ROOT = path.resolve(__dirname, '..');

/** What a script of this folder prints, run in a process of its own. */
export function child(script: string, ...args: string[]): string {
  const tsx = path.join(ROOT, 'node_modules/tsx/dist/cli.mjs');
  return execFileSync(process.execPath, [tsx, '--tsconfig', 'test/tsconfig.json', `bench/${script}`, ...args], { cwd: ROOT, encoding: 'utf8' });
}

/** A ratio and whether it is at most what is aimed at. */
export function judged(ratio: number, goal: number): [string, string] {
  return [ratio.toFixed(2), `${ratio <= goal ? 'met' : 'MISSED'}: at most ${goal}`];
}

export function print(head: string[], rows: string[][]): void {
  const table = new Table({ head, style: { head: [], border: [], compact: true }, colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')) });
  table.push(...rows);
  console.log(table.toString());
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
