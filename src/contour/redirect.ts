import { pathProblem } from './path-syntax';
import { RouteMatch } from './route-options';

/** The path that a redirect leads to. */
export class RedirectPath {
  /** This path, whatever was asked for. */
  public static exactly(path: string): RedirectPath {
    return new RedirectPath('exactly', path);
  }

  /** The path that was asked for, with this in place of what the route matches. */
  public static replacePrefix(prefix: string): RedirectPath {
    return new RedirectPath('replacePrefix', prefix);
  }

  /** @internal */
  public readonly _kind: 'exactly' | 'replacePrefix';
  /** @internal */
  public readonly _value: string;

  private constructor(kind: 'exactly' | 'replacePrefix', value: string) {
    const problem = pathProblem(value);
    if (problem) throw new Error(`RedirectPath.${kind}: ${problem}`);
    this._kind = kind;
    this._value = value;
  }
}

/** How clients keep a redirect in mind. */
export enum RedirectStatus {
  /** For good; POST may become GET. */
  MOVED_PERMANENTLY = 301,
  /** For now; POST may become GET. */
  FOUND = 302,
  /** For now; whatever it was becomes GET. */
  SEE_OTHER = 303,
  /** For now; the method stays. */
  TEMPORARY = 307,
  /** For good; the method stays. */
  PERMANENT = 308,
}

/** Options of a route that sends clients elsewhere. */
export interface RedirectRouteOptions extends RouteMatch {
  /**
   * `http` or `https`.
   * @default - as the client came
   */
  readonly scheme?: string;
  /**
   * The host.
   * @default - the one asked for
   */
  readonly host?: string;
  /**
   * The port.
   * @default - the scheme's own
   */
  readonly port?: number;
  /**
   * The path.
   * @default - the one asked for
   */
  readonly to?: RedirectPath;
  /**
   * How clients keep it in mind.
   * @default RedirectStatus.FOUND
   */
  readonly status?: RedirectStatus;
}
