/** Says what is wrong with a path, or undefined if nothing is. */
export function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return `a path begins with "/", got "${path}"`;
  if (/[?#\s]/.test(path)) return `a path holds no "?", "#" or space, got "${path}"`;
  if (path.includes('//')) return `a path with "//" never fits, since slashes are merged first, got "${path}"`;
  return undefined;
}

/** Refuses what RE2, unlike other engines, does not know; `who` says whose pattern it is. */
export function checkPattern(who: string, pattern: string): void {
  if (pattern === '') throw new Error(`${who}: a pattern must not be empty`);
  if (/\(\?(=|!|<=|<!|>)/.test(pattern) || /\\[1-9]/.test(pattern)) {
    throw new Error(`${who}: RE2 knows no look-around and no back reference, got "${pattern}"`);
  }
}

/** A text as a regular expression that fits nothing else. */
export function quotePattern(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** A path without the slash at its end; `/` stays. */
export function withoutEndSlash(path: string): string {
  return path === '/' ? path : path.replace(/\/$/, '');
}

/** A path with a slash at its end. */
export function withEndSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
