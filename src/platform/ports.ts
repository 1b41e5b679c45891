/** Says what is wrong with a port number, or undefined if nothing is. */
export function portProblem(port: number, what = 'port'): string | undefined {
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return undefined;
  return `${what} must be a whole number from 1 to 65535, got ${port}`;
}
