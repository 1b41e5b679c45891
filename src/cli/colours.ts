import { createColors } from 'picocolors';
import type { Terminal } from './terminal';

/** Whether a terminal listens that shows colours. */
export function wantsColours({ stdout, env }: Terminal): boolean {
  return stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** Colours a trace's text: what was asked, what becomes of it, and what is not certain. */
export function colourTrace(text: string): string {
  const c = createColors(true);
  return text.split('\n').map((line, i) => {
    if (/^\s*assuming /i.test(line)) return c.yellow(line);
    if (/^\s/.test(line)) return line.replace(/^(\s*\d+\.\s)(\S+)/, (_all, number, object) => `${c.dim(number)}${c.bold(object)}`);
    const said = line
      .replace(/delivered to \S+/, (words) => c.green(words))
      .replace(/redirected with .*$/, (words) => c.cyan(words))
      .replace(/answered( \d+)? by a proxy|refused/, (words) => c.red(words))
      .replace(/undetermined/, (words) => c.yellow(words));
    return i === 0 ? c.bold(said) : said;
  }).join('\n');
}
