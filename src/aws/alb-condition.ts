import { cidrProblem } from './annotation-values';

/**
 * What a request must have, beside host and path, for a rule to apply. All conditions of a rule must hold; one condition
 * holds if any of its values does. In values `*` stands for any characters and `?` for one.
 */
export class AlbCondition {
  /** A header has one of these values; names and values are compared without regard to case. */
  public static header(name: string, ...values: string[]): AlbCondition {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}$/.test(name)) throw new Error(`AlbCondition.header: name must be a header's, at most 40 characters, got "${name}"`);
    return new AlbCondition('header', 'http-header', { httpHeaderConfig: { httpHeaderName: name, values } }, values);
  }

  /** The method is one of these, in upper case. */
  public static method(...values: string[]): AlbCondition {
    for (const method of values) {
      if (!/^[A-Z_-]{1,40}$/.test(method)) throw new Error(`AlbCondition.method: a method is written in upper case, got "${method}"`);
    }
    return new AlbCondition('method', 'http-request-method', { httpRequestMethodConfig: { values } }, values);
  }

  /** A query parameter has this value. */
  public static query(key: string, value: string): AlbCondition {
    return new AlbCondition('query', 'query-string', { queryStringConfig: { values: [{ key, value }] } }, [key, value]);
  }

  /** The peer's address is in one of these CIDR blocks; `X-Forwarded-For` is not looked at. */
  public static sourceIp(...cidrs: string[]): AlbCondition {
    for (const cidr of cidrs) {
      const problem = cidrProblem(cidr);
      if (problem) throw new Error(`AlbCondition.sourceIp: ${problem}`);
    }
    return new AlbCondition('sourceIp', 'source-ip', { sourceIPConfig: { values: cidrs } }, cidrs);
  }

  private readonly field: string;
  private readonly config: { [key: string]: unknown };
  private readonly count: number;

  private constructor(what: string, field: string, config: { [key: string]: unknown }, values: string[]) {
    if (values.length === 0) throw new Error(`AlbCondition.${what}: name at least one value`);
    for (const value of values) {
      if (value === '' || value.length > 128) throw new Error(`AlbCondition.${what}: a value has 1 to 128 characters, got "${value}"`);
    }
    this.field = field;
    this.config = config;
    this.count = field === 'query-string' ? 1 : values.length;
  }

  /**
   * How many of the five values that a rule may have this one takes.
   * @internal
   */
  public get _values(): number {
    return this.count;
  }

  /** @internal */
  public _render(): { [key: string]: unknown } {
    return { field: this.field, ...this.config };
  }
}
