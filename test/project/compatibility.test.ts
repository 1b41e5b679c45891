import * as fs from 'fs';
import * as path from 'path';
import { FEATURES } from '../../src/platform/target-features';
import { TARGET_RANGES, TargetVersions } from '../../src/platform/targets';
import { expectCommitted } from '../committed';

const page = path.resolve(__dirname, '../../docs/compatibility.md');

test('docs/compatibility.md shows the targets and features of the code', () => {
  const targets = Object.entries(TARGET_RANGES).map(([key, range]) => [range.title, `\`${key}\``, range.minimum, range.default]);
  const features = Object.values(FEATURES).map(({ title, system, since }) => [title, `${TARGET_RANGES[system].title} ${since}`]).sort(([a], [b]) => (a < b ? -1 : 1));

  const text = [
    ['targets', table(['target', '`targets` key', 'oldest', 'default'], targets)],
    ['features', table(['what', 'needs'], features)],
  ].reduce((markdown, [name, rows]) => between(markdown, name, rows), fs.readFileSync(page, 'utf8'));
  expectCommitted(page, text);
});

test('the doc comment of each target names its default and its minimum', () => {
  const source = fs.readFileSync(path.resolve(__dirname, '../../src/platform/targets.ts'), 'utf8');
  for (const [key, range] of Object.entries(TARGET_RANGES)) {
    const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\s+readonly ${key satisfies string as keyof TargetVersions}\\?:`).exec(source)?.[1];
    expect(comment).toContain(`@default '${range.default}'`);
    expect(comment).toContain(`${range.minimum} or later`);
  }
});

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function between(markdown: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const [from, to] = [markdown.indexOf(start), markdown.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page}: expected the marks ${start.trim()} and ${end.trim()}`);
  return markdown.slice(0, from + start.length) + content + markdown.slice(to);
}
