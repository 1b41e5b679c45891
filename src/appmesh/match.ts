import { checkedPath } from './route-rendering';

/* The matches that gateway routes and router routes share. */

/** The methods that routes tell apart. */
export enum HttpRouteMethod {
  /** CONNECT. */
  CONNECT = 'CONNECT',
  /** DELETE. */
  DELETE = 'DELETE',
  /** GET. */
  GET = 'GET',
  /** HEAD. */
  HEAD = 'HEAD',
  /** OPTIONS. */
  OPTIONS = 'OPTIONS',
  /** PATCH. */
  PATCH = 'PATCH',
  /** POST. */
  POST = 'POST',
  /** PUT. */
  PUT = 'PUT',
  /** TRACE. */
  TRACE = 'TRACE',
}

/** What has to be true of a header of an HTTP request, or of the metadata of a gRPC request. */
export class HeaderMatch {
  /** The value is exactly this. */
  public static valueIs(headerName: string, value: string): HeaderMatch {
    return new HeaderMatch(headerName, false, { exact: value });
  }

  /** The value is not this; a request without the header matches too. */
  public static valueIsNot(headerName: string, value: string): HeaderMatch {
    return new HeaderMatch(headerName, true, { exact: value });
  }

  /** The value begins with this. */
  public static valueStartsWith(headerName: string, prefix: string): HeaderMatch {
    return new HeaderMatch(headerName, false, { prefix });
  }

  /** The value does not begin with this. */
  public static valueDoesNotStartWith(headerName: string, prefix: string): HeaderMatch {
    return new HeaderMatch(headerName, true, { prefix });
  }

  /** The value ends with this. */
  public static valueEndsWith(headerName: string, suffix: string): HeaderMatch {
    return new HeaderMatch(headerName, false, { suffix });
  }

  /** The value does not end with this. */
  public static valueDoesNotEndWith(headerName: string, suffix: string): HeaderMatch {
    return new HeaderMatch(headerName, true, { suffix });
  }

  /** The whole value matches a regular expression. */
  public static valueMatchesRegex(headerName: string, regex: string): HeaderMatch {
    return new HeaderMatch(headerName, false, { regex });
  }

  /** The whole value does not match a regular expression. */
  public static valueDoesNotMatchRegex(headerName: string, regex: string): HeaderMatch {
    return new HeaderMatch(headerName, true, { regex });
  }

  /**
   * The value is a whole number from `start` up to, but not including, `end`.
   * @throws if the range is empty
   */
  public static valueIsInRange(headerName: string, start: number, end: number): HeaderMatch {
    return new HeaderMatch(headerName, false, { range: range('valueIsInRange', start, end) });
  }

  /**
   * The value is no whole number from `start` up to, but not including, `end`.
   * @throws if the range is empty
   */
  public static valueIsNotInRange(headerName: string, start: number, end: number): HeaderMatch {
    return new HeaderMatch(headerName, true, { range: range('valueIsNotInRange', start, end) });
  }

  /** The header is there, whatever its value. */
  public static isPresent(headerName: string): HeaderMatch {
    return new HeaderMatch(headerName, false);
  }

  /** The header is not there. */
  public static isAbsent(headerName: string): HeaderMatch {
    return new HeaderMatch(headerName, true);
  }

  private constructor(private readonly headerName: string, private readonly invert: boolean, private readonly test?: any) {
    if (headerName.length < 1 || headerName.length > 50) throw new Error(`HeaderMatch: a name has 1 to 50 characters, got "${headerName}"`);
  }

  /** @internal */
  public _render(): any {
    return { name: this.headerName, invert: this.invert ? true : undefined, match: this.test };
  }
}

/** What has to be true of a query parameter. */
export class QueryParameterMatch {
  /** The value is exactly this. */
  public static valueIs(parameter: string, value: string): QueryParameterMatch {
    return new QueryParameterMatch(parameter, value);
  }

  /** The parameter is there, whatever its value. */
  public static isPresent(parameter: string): QueryParameterMatch {
    return new QueryParameterMatch(parameter);
  }

  private constructor(private readonly parameter: string, private readonly value?: string) {
    if (parameter === '') throw new Error('QueryParameterMatch: the parameter\'s name must not be empty');
  }

  /** @internal */
  public _render(): any {
    return { name: this.parameter, match: this.value === undefined ? undefined : { exact: this.value } };
  }
}

/** The path that a request has to have at a virtual router, which never rewrites it. */
export class HttpRoutePathMatch {
  /**
   * The path begins with this, byte for byte: `/chapter` matches `/chapter1` too.
   * @throws if it does not begin with a slash, or is reserved
   */
  public static startsWith(prefix: string): HttpRoutePathMatch {
    return new HttpRoutePathMatch({ prefix: checkedPath('HttpRoutePathMatch.startsWith', prefix) });
  }

  /**
   * The path is exactly this.
   * @throws if it does not begin with a slash, or is reserved
   */
  public static exactly(path: string): HttpRoutePathMatch {
    return new HttpRoutePathMatch({ path: { exact: checkedPath('HttpRoutePathMatch.exactly', path) } });
  }

  /**
   * The whole path matches a regular expression.
   * @throws if it is empty
   */
  public static regex(regex: string): HttpRoutePathMatch {
    if (regex === '') throw new Error('HttpRoutePathMatch.regex: the expression must not be empty');
    return new HttpRoutePathMatch({ path: { regex } });
  }

  private constructor(private readonly wire: any) {}

  /** @internal */
  public _render(): any {
    return this.wire;
  }
}

function range(who: string, start: number, end: number): { start: number; end: number } {
  if (!Number.isInteger(start) || !Number.isInteger(end) || end <= start) {
    throw new Error(`HeaderMatch.${who}: start and end are whole numbers and end is greater, got ${start} and ${end}`);
  }
  return { start, end };
}
