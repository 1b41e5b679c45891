import { createHash } from 'crypto';
import { Yaml } from 'cdk8s';
import { renderComponent, secretsOf } from './component-rendering';
import { ComponentSpec } from './component-spec';
import { ConfigurationOptions } from './configuration';
import { renderConfiguration } from './configuration-rendering';
import { LocalSecretStore } from './local-secret-store';
import { SecretKey } from './secret-key';
import { CONFIGURATION_FILE } from './sidecar-container';
import { nameProblem, NameSyntax } from '../platform/names';

/** The files that an explicit sidecar reads in place of objects of the cluster. */
export class SidecarFiles {
  private readonly byName = new Map<string, ComponentSpec>();

  /** `fail` refuses a value in the name of the sidecar. */
  constructor(
    private readonly name: string,
    private readonly secretStore: LocalSecretStore | undefined,
    private readonly configuration: ConfigurationOptions | undefined,
    private readonly fail: (problem: string) => never,
  ) {}

  public get components(): [string, ComponentSpec][] {
    return [...this.byName];
  }

  public get hasConfiguration(): boolean {
    return this.configuration !== undefined;
  }

  public add(name: string, component: ComponentSpec): void {
    const problem = nameProblem(name, NameSyntax.SUBDOMAIN);
    if (problem) this.fail(`component: ${problem}`);
    if (this.byName.has(name) || this.secretStore?.name === name) this.fail(`component ${name} is given twice; give one of them another name`);
    if (`${name}.yaml` === CONFIGURATION_FILE) this.fail(`component ${name} would take the file of the Configuration; give it another name`);
    const [secret] = secretsOf(component);
    if (secret && !this.secretStore) {
      this.fail(`component ${name} refers to key ${secret.key} of Secret ${secret.secretName}, which a sidecar without control plane cannot look up; ` +
        'set `secretStore`, such as LocalSecretStore.environment()');
    }
    this.byName.set(name, component);
  }

  /** The keys of Secrets that the components refer to, each once. */
  public secrets(): SecretKey[] {
    const byVariable = new Map<string, SecretKey>();
    for (const secret of [...this.byName.values()].flatMap(secretsOf)) {
      const variable = this.secretStore!._variable(secret);
      const other = byVariable.get(variable);
      if (other && (other.secretName !== secret.secretName || other.key !== secret.key)) {
        this.fail(`Secrets ${other.secretName} and ${secret.secretName} would both become the variable ${variable}; rename one of their keys`);
      }
      byVariable.set(variable, secret);
    }
    return [...byVariable.values()];
  }

  /** Name to content. */
  public render(): Record<string, string> {
    const { secretStore } = this;
    const files: Record<string, string> = {};
    for (const [name, component] of this.byName) {
      const refers = secretsOf(component).length > 0;
      if (refers) files[`${secretStore!.name}.yaml`] = secretStore!._file();
      files[`${name}.yaml`] = document('Component', name, renderComponent(component, {
        secretStore: refers ? secretStore!.name : undefined,
        reference: (secret) => ({ name: secretStore!._key(secret), key: secretStore!._key(secret) }),
      }));
    }
    if (this.configuration) files[CONFIGURATION_FILE] = document('Configuration', this.name, { spec: renderConfiguration(this.configuration) });
    return Object.fromEntries(Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

/** What changes when, and only when, the files do. */
export function checksum(files: unknown): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
}

function document(kind: string, name: string, fields: Record<string, unknown>): string {
  // Through JSON, since what is undefined would be written as null.
  return Yaml.stringify(JSON.parse(JSON.stringify({ apiVersion: 'dapr.io/v1alpha1', kind, metadata: { name }, ...fields })));
}
