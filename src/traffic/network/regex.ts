import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS | Error>();

/** A regular expression in RE2's syntax, or what is wrong with it. */
export function compileRegex(pattern: string): RE2JS | Error {
  let regex = compiled.get(pattern);
  if (regex === undefined) {
    try {
      regex = RE2JS.compile(pattern);
    } catch (error) {
      regex = error as Error;
    }
    if (compiled.size > 10_000) compiled.clear();
    compiled.set(pattern, regex);
  }
  return regex;
}

/** Whether the whole text matches; a pattern that does not compile matches nothing. */
export function fullMatch(pattern: string, text: string): boolean {
  const regex = compileRegex(pattern);
  return !(regex instanceof Error) && regex.matches(text);
}

/** Whether some part of the text matches. */
export function partialMatch(pattern: string, text: string): boolean {
  const regex = compileRegex(pattern);
  return !(regex instanceof Error) && regex.matcher(text).find();
}

/** Replaces every match; `\1` refers to groups, as RE2 writes it. */
export function replaceAll(pattern: string, text: string, substitution: string): string {
  const regex = compileRegex(pattern);
  if (regex instanceof Error) return text;
  // RE2's \1 is $1 here, and its own $ is a plain character.
  const replacement = substitution.replace(/\$/g, '\\$').replace(/\\(\d)/g, '$$$1');
  return regex.matcher(text).replaceAll(replacement);
}
