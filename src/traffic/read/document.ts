/** One document of a file. */
export interface SourceDocument {
  /** What it says; undefined for an empty one. */
  readonly value: any;
  /** The line of the value at a path, such as `['items', 3]`, or of what is nearest to it. */
  readonly lineOf: (path: readonly (string | number)[]) => number;
}

/** Why a text cannot be read, and where. */
export class SyntaxFault extends Error {
  public constructor(public readonly what: string, public readonly line: number) {
    super(what);
  }
}

/** Deeper nesting than this is an attack, not a manifest. */
export const DEEPEST = 500;
