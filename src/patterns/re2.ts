/** What an expression has that RE2, which proxies match with, does not know; undefined if there is nothing. */
export function unknownToRe2(expression: string): string | undefined {
  return /\(\?<?[=!]|(?<!\\)(?:\\\\)*\\[1-9]/.exec(expression)?.[0];
}
