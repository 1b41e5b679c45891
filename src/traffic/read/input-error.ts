/** Input that cannot be used. The message names the file and the line, and holds nothing of what the input says. */
export class InputError extends Error {
  public constructor(public readonly what: string, public readonly file?: string, public readonly line?: number) {
    super(`${file === undefined ? '' : `${file}:${line === undefined ? '' : `${line}:`} `}${what}`);
    this.name = 'TrafficInputError';
  }
}
