import { checkPattern, pathProblem } from './path-syntax';

/**
 * Which paths a route is for. The query is not part of the path; Envoy has made `//` one slash before it compares.
 *
 * Of the routes that fit a request an exact path wins over a regular expression, that over a prefix, and the longer
 * prefix over the shorter.
 *
 * @see https://projectcontour.io/docs/main/config/request-routing/#conditions
 */
export class PathCondition {
  /**
   * The path itself and everything below it: `/shop` and `/shop/cart`, but not `/shopping`. Written as two routes.
   * @throws if the path does not begin with `/`, or ends with one.
   */
  public static under(path: string): PathCondition {
    checkPath('under', path);
    if (path !== '/' && path.endsWith('/')) throw new Error(`PathCondition.under: the path is written without a slash at its end, got "${path}"`);
    return new PathCondition('under', path);
  }

  /**
   * Every path that begins with this text, words that merely begin like it among them: `/shop` fits `/shopping` too.
   * @throws if the text does not begin with `/`.
   */
  public static prefix(path: string): PathCondition {
    checkPath('prefix', path);
    return new PathCondition('prefix', path);
  }

  /**
   * Exactly this path.
   * @throws if the path does not begin with `/`.
   */
  public static exactly(path: string): PathCondition {
    checkPath('exactly', path);
    return new PathCondition('exact', path);
  }

  /**
   * Paths that a regular expression (RE2) fits from beginning to end.
   * @throws if the pattern does not begin with `/`, or uses what RE2 does not know.
   */
  public static regex(pattern: string): PathCondition {
    if (!pattern.startsWith('/')) throw new Error(`PathCondition.regex: a pattern begins with "/", got "${pattern}"`);
    checkPattern('PathCondition.regex', pattern);
    return new PathCondition('regex', pattern);
  }

  /** @internal */
  public readonly _kind: 'prefix' | 'under' | 'exact' | 'regex';
  /** @internal */
  public readonly _value: string;

  private constructor(kind: 'prefix' | 'under' | 'exact' | 'regex', value: string) {
    this._kind = kind;
    this._value = value;
  }
}

function checkPath(variant: string, path: string): void {
  const problem = pathProblem(path);
  if (problem) throw new Error(`PathCondition.${variant}: ${problem}`);
}
