/** How a text, such as a path or a header's value, is matched. */
export class StringMatch {
  /** The whole text equals the value. */
  public static exactly(value: string): StringMatch {
    return new StringMatch({ exact: value });
  }

  /** The text begins with the value, byte for byte: a path prefix `/foo` also matches `/foobar`. */
  public static startsWith(value: string): StringMatch {
    return new StringMatch({ prefix: value });
  }

  /**
   * The whole text matches an RE2 expression.
   * @throws if the expression is empty.
   */
  public static matches(regex: string): StringMatch {
    if (regex === '') throw new Error('StringMatch.matches: the expression must not be empty; use isPresent() for any value');
    return new StringMatch({ regex });
  }

  /** The header or query parameter is there, whatever its value. It makes no sense for a path, method or host. */
  public static isPresent(): StringMatch {
    return new StringMatch({});
  }

  private constructor(private readonly match: { exact?: string; prefix?: string; regex?: string }) {}

  /** @internal */
  public _render(): { exact?: string; prefix?: string; regex?: string } {
    return this.match;
  }

  /** @internal */
  public get _isPresence(): boolean {
    return Object.keys(this.match).length === 0;
  }
}
