import { checkPattern } from './path-syntax';
import type { HttpProxySpecRoutesConditionsQueryParameter } from '../../imports/projectcontour.io';

/** How a query parameter's value is compared. */
export interface QueryTextOptions {
  /**
   * Whether upper and lower case are the same.
   * @default false
   */
  readonly ignoreCase?: boolean;
}

/**
 * What a parameter of the query has to be for a route; of a parameter given twice the first counts.
 * @see https://projectcontour.io/docs/main/config/request-routing/#query-parameter-conditions
 */
export class QueryCondition {
  /** The parameter is there, whatever its value. */
  public static isPresent(name: string): QueryCondition {
    return new QueryCondition('isPresent', { name, present: true });
  }

  /** The parameter's value is exactly this. */
  public static exactly(name: string, value: string, options: QueryTextOptions = {}): QueryCondition {
    return new QueryCondition('exactly', { name, exact: text('exactly', value), ignoreCase: options.ignoreCase });
  }

  /** The parameter's value begins with this text. */
  public static startsWith(name: string, value: string, options: QueryTextOptions = {}): QueryCondition {
    return new QueryCondition('startsWith', { name, prefix: text('startsWith', value), ignoreCase: options.ignoreCase });
  }

  /** The parameter's value ends with this text. */
  public static endsWith(name: string, value: string, options: QueryTextOptions = {}): QueryCondition {
    return new QueryCondition('endsWith', { name, suffix: text('endsWith', value), ignoreCase: options.ignoreCase });
  }

  /** The parameter's value holds this text. */
  public static contains(name: string, value: string, options: QueryTextOptions = {}): QueryCondition {
    return new QueryCondition('contains', { name, contains: text('contains', value), ignoreCase: options.ignoreCase });
  }

  /** A regular expression (RE2) fits the parameter's whole value. */
  public static matches(name: string, pattern: string): QueryCondition {
    checkPattern('QueryCondition.matches', pattern);
    return new QueryCondition('matches', { name, regex: pattern });
  }

  private constructor(variant: string, private readonly wire: HttpProxySpecRoutesConditionsQueryParameter) {
    if (wire.name === '') throw new Error(`QueryCondition.${variant}: the parameter's name must not be empty`);
  }

  /** @internal */
  public _render(): HttpProxySpecRoutesConditionsQueryParameter {
    return this.wire;
  }
}

function text(variant: string, value: string): string {
  if (value === '') throw new Error(`QueryCondition.${variant}: the value must not be empty; use isPresent()`);
  return value;
}
