/** Says what is wrong with the path of an operation, or undefined if nothing is. */
export function operationProblem(path: string): string | undefined {
  // Dapr's own matching ignores a wildcard that stands before another segment.
  if (/^\/$|^(\/[^/*?#\s]+)*\/\*\*?$|^(\/[^/*?#\s]+)+$/.test(path)) return undefined;
  return `the path must begin with "/", must not end with one, and may have "*" or "**" as its last segment only, got "${path}"`;
}
