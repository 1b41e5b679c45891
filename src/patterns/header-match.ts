import { unknownToRe2 } from './re2';

/** A header that requests must have. A request without it does not match. */
export class HeaderMatch {
  /** The header has this value. */
  public static exactly(name: string, value: string): HeaderMatch {
    return new HeaderMatch(name, 'exact', value);
  }

  /** The header's value begins with a text. */
  public static startsWith(name: string, text: string): HeaderMatch {
    return new HeaderMatch(name, 'prefix', text);
  }

  /**
   * An RE2 expression matches the header's whole value.
   * @throws if the expression has what RE2 does not know: looking ahead or behind, and references back.
   */
  public static matches(name: string, expression: string): HeaderMatch {
    const unknown = unknownToRe2(expression);
    if (unknown !== undefined) throw new Error(`HeaderMatch.matches: RE2 has no "${unknown}", got "${expression}"`);
    return new HeaderMatch(name, 'regex', expression);
  }

  /** The header is there, whatever its value. */
  public static isPresent(name: string): HeaderMatch {
    return new HeaderMatch(name, 'present', '');
  }

  /**
   * The header, in lower case.
   * @internal
   */
  public readonly _name: string;

  private constructor(
    name: string,
    /** @internal */
    public readonly _kind: 'exact' | 'prefix' | 'regex' | 'present',
    /** @internal */
    public readonly _value: string,
  ) {
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name)) throw new Error(`HeaderMatch: a header's name has letters, digits and "-", got "${name}"`);
    if (_kind !== 'present' && _value === '') {
      throw new Error(`HeaderMatch: header "${name}" needs a value; use HeaderMatch.isPresent("${name}") for any`);
    }
    this._name = name.toLowerCase();
    if (this._name === 'host') throw new Error('HeaderMatch: requests are told apart by `host` of the route, not by the header "host"');
  }

  /**
   * Whether no value can satisfy both.
   * @internal
   */
  public _excludes(other: HeaderMatch): boolean {
    if (this._name !== other._name) return false;
    if (this._kind === 'prefix' && other._kind === 'exact') return other._excludes(this);
    if (this._kind === 'exact' && other._kind === 'exact') return this._value !== other._value;
    if (this._kind === 'exact' && other._kind === 'prefix') return !this._value.startsWith(other._value);
    if (this._kind === 'prefix' && other._kind === 'prefix') return !this._value.startsWith(other._value) && !other._value.startsWith(this._value);
    return false;
  }
}
