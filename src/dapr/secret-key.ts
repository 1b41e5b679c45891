import { nameProblem, NameSyntax } from '../platform/names';

/**
 * A value that stands in a Secret, referred to by name: nothing in a manifest ever holds the value itself.
 */
export class SecretKey {
  /**
   * One key of a Secret.
   *
   * @param secretName the Secret, in the namespace of the object that refers to it
   * @param key the key within it
   * @throws if one of them is empty or no valid name
   */
  public static of(secretName: string, key: string): SecretKey {
    const problem = nameProblem(secretName, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`SecretKey.of: Secret ${problem}`);
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key)) {
      throw new Error(`SecretKey.of: the key of Secret ${secretName} must be letters, digits, "-", "_" and ".", got "${key}"`);
    }
    return new SecretKey(secretName, key);
  }

  /** The Secret's name. */
  public readonly secretName: string;
  /** The key within the Secret. */
  public readonly key: string;

  private constructor(secretName: string, key: string) {
    this.secretName = secretName;
    this.key = key;
  }

  /** @internal */
  public _render(): { name: string; key: string } {
    return { name: this.secretName, key: this.key };
  }
}
