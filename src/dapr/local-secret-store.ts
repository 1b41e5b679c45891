import { Yaml } from 'cdk8s';
import { SecretKey } from './secret-key';
import { nameProblem, NameSyntax } from '../platform/names';

/** Where an explicit sidecar finds the keys of Secrets: it has no operator that would look them up in the cluster. */
export class LocalSecretStore {
  /**
   * The sidecar's own environment: each key that a component refers to becomes a variable that Kubernetes fills from
   * the Secret, and no other variable can be read. What the store holds the application can read too.
   *
   * @param name the store's name
   * @see https://docs.dapr.io/reference/components-reference/supported-secret-stores/envvar-secret-store/
   */
  public static environment(name: string = 'environment'): LocalSecretStore {
    const problem = nameProblem(name, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`LocalSecretStore.environment: ${problem}`);
    return new LocalSecretStore(name);
  }

  /** The store's name. */
  public readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /**
   * The variable that a key becomes. The store refuses to read variables that begin with `DAPR_`.
   * @internal
   */
  public _variable(secret: SecretKey): string {
    return `${PREFIX}${this._key(secret)}`;
  }

  /** @internal */
  public _key(secret: SecretKey): string {
    return `${secret.secretName}__${secret.key}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
  }

  /** @internal */
  public _file(): string {
    return Yaml.stringify({
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: this.name },
      spec: { type: 'secretstores.local.env', version: 'v1', metadata: [{ name: 'prefix', value: PREFIX }] },
    });
  }
}

const PREFIX = 'SECRET_';
