import { checkPattern } from './path-syntax';
import type { HttpProxySpecRoutesConditionsHeader } from '../../imports/projectcontour.io';

/** How a header's value is compared. */
export interface HeaderTextOptions {
  /**
   * Whether upper and lower case are the same.
   * @default false
   */
  readonly ignoreCase?: boolean;
}

/** How a header's value is compared where the route is for other values. */
export interface HeaderOtherTextOptions extends HeaderTextOptions {
  /**
   * Whether a request without the header fits, too.
   * @default false - the header must be there, with another value
   */
  readonly fitsMissing?: boolean;
}

/**
 * What a request's header has to be for a route.
 * @see https://projectcontour.io/docs/main/config/request-routing/#header-conditions
 */
export class HeaderCondition {
  /** The header is there, whatever its value. */
  public static isPresent(name: string): HeaderCondition {
    return new HeaderCondition('isPresent', { name, present: true });
  }

  /** The header is not there. */
  public static isAbsent(name: string): HeaderCondition {
    return new HeaderCondition('isAbsent', { name, notpresent: true });
  }

  /** The header's value is exactly this. */
  public static exactly(name: string, value: string, options: HeaderTextOptions = {}): HeaderCondition {
    return new HeaderCondition('exactly', { name, exact: text('exactly', value), ignoreCase: options.ignoreCase });
  }

  /** The header's value is another. */
  public static isNot(name: string, value: string, options: HeaderOtherTextOptions = {}): HeaderCondition {
    return new HeaderCondition('isNot', {
      name, notexact: text('isNot', value), ignoreCase: options.ignoreCase, treatMissingAsEmpty: options.fitsMissing,
    });
  }

  /** The header's value holds this text. */
  public static contains(name: string, value: string, options: HeaderTextOptions = {}): HeaderCondition {
    return new HeaderCondition('contains', { name, contains: text('contains', value), ignoreCase: options.ignoreCase });
  }

  /** The header's value does not hold this text. */
  public static doesNotContain(name: string, value: string, options: HeaderOtherTextOptions = {}): HeaderCondition {
    return new HeaderCondition('doesNotContain', {
      name, notcontains: text('doesNotContain', value), ignoreCase: options.ignoreCase, treatMissingAsEmpty: options.fitsMissing,
    });
  }

  /** A regular expression (RE2) fits the header's whole value. */
  public static matches(name: string, pattern: string): HeaderCondition {
    checkPattern('HeaderCondition.matches', pattern);
    return new HeaderCondition('matches', { name, regex: pattern });
  }

  /** The request's method is this one, such as `GET`. */
  public static methodIs(method: string): HeaderCondition {
    if (!/^[A-Z]+$/.test(method)) throw new Error(`HeaderCondition.methodIs: a method is written in upper case, such as "GET", got "${method}"`);
    return new HeaderCondition('methodIs', { name: ':method', exact: method });
  }

  private constructor(variant: string, private readonly wire: HttpProxySpecRoutesConditionsHeader) {
    if (!/^:?[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(wire.name)) {
      throw new Error(`HeaderCondition.${variant}: a header's name is a word such as "x-tenant", got "${wire.name}"`);
    }
  }

  /** @internal */
  public _render(): HttpProxySpecRoutesConditionsHeader {
    return this.wire;
  }
}

function text(variant: string, value: string): string {
  // An empty text counts as not given, and the condition as not written.
  if (value === '') throw new Error(`HeaderCondition.${variant}: the value must not be empty; use isPresent() or isAbsent()`);
  return value;
}
