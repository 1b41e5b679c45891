import { ComponentField, ComponentParts } from './component-parts';
import { ComponentSpec } from './component-spec';
import { SecretKey } from './secret-key';
import { CloudIdentity, CloudProvider } from '../platform/cloud-identity';

/** Who may read a blob container without signing in. */
export enum PublicAccessLevel {
  /** Nobody. */
  NONE = 'none',
  /** Anybody who knows a blob's name. */
  BLOB = 'blob',
  /** Anybody, the list of blobs too. */
  CONTAINER = 'container',
}

/** What every way of signing in has in common. */
export interface AzureBlobStorageOptions {
  /** The blob container, 3 to 63 lower-case letters, digits and single hyphens. */
  readonly container: string;
  /**
   * The address of the service, for other clouds than Azure's public one and for emulators.
   * @default - the account's address in Azure's public cloud
   */
  readonly endpoint?: string;
  /**
   * Who may read the container without signing in, if the binding has to create it.
   * @default PublicAccessLevel.NONE
   */
  readonly publicAccessLevel?: PublicAccessLevel;
  /**
   * Whether contents arrive Base64 encoded and are decoded before they are stored.
   * @default false
   */
  readonly decodeBase64?: boolean;
  /**
   * How often a failed call is tried again.
   * @default 3
   */
  readonly retryCount?: number;
  /**
   * Whether the binding leaves a container that does not exist uncreated.
   * @default false
   */
  readonly disableEntityManagement?: boolean;
}

/** Options of signing in with a managed identity. */
export interface AzureBlobStorageIdentityOptions extends AzureBlobStorageOptions {
  /** The storage account. */
  readonly account: string;
  /**
   * The identity, `CloudIdentity.azure(…)`.
   * @default - the one that the pods have from elsewhere
   */
  readonly identity?: CloudIdentity;
}

/** Options of signing in with the key of a storage account. */
export interface AzureBlobStorageKeyOptions extends AzureBlobStorageOptions {
  /** The storage account. */
  readonly account: string;
  /** The account's key, in a Secret. */
  readonly accountKey: SecretKey;
}

/** Options of signing in with a connection string. */
export interface AzureBlobStorageConnectionOptions extends AzureBlobStorageOptions {
  /** The connection string, in a Secret. */
  readonly connectionString: SecretKey;
}

/**
 * Stores and fetches blobs of Azure Storage.
 *
 * @see https://docs.dapr.io/reference/components-reference/supported-bindings/blobstorage/
 */
export class AzureBlobStorageBinding extends ComponentSpec {
  /**
   * Signs in with a managed identity, without any secret.
   * @throws if the account, the container or an option is none, or the identity is of another cloud
   */
  public static managedIdentity(options: AzureBlobStorageIdentityOptions): AzureBlobStorageBinding {
    const { account, identity } = options;
    if (identity !== undefined && identity.provider !== CloudProvider.AZURE) {
      throw new Error(`AzureBlobStorageBinding.managedIdentity: container ${options.container}: the identity must be CloudIdentity.azure(…), got one of ${identity.provider}`);
    }
    checkAccount('managedIdentity', account);
    return new AzureBlobStorageBinding('managedIdentity', options, account, [
      { name: 'accountName', value: account },
      { name: 'azureClientId', value: identity?.subject },
    ], identity);
  }

  /**
   * Signs in with the storage account's key.
   * @throws if the account, the container or an option is none
   */
  public static accountKey(options: AzureBlobStorageKeyOptions): AzureBlobStorageBinding {
    checkAccount('accountKey', options.account);
    checkSecret('accountKey', options.accountKey);
    return new AzureBlobStorageBinding('accountKey', options, options.account, [
      { name: 'accountName', value: options.account },
      { name: 'accountKey', secret: options.accountKey },
    ]);
  }

  /**
   * Signs in with a connection string.
   * @throws if the container or an option is none
   */
  public static connectionString(options: AzureBlobStorageConnectionOptions): AzureBlobStorageBinding {
    checkSecret('connectionString', options.connectionString);
    return new AzureBlobStorageBinding('connectionString', options, undefined, [
      { name: 'connectionString', secret: options.connectionString },
    ]);
  }

  private readonly parts: ComponentParts;

  private constructor(
    factory: string, options: AzureBlobStorageOptions, account: string | undefined, signIn: ComponentField[], identity?: CloudIdentity,
  ) {
    super();
    const { container, endpoint, retryCount } = options;
    const fail = (problem: string) => { throw new Error(`AzureBlobStorageBinding.${factory}: ${problem}`); };
    if (!/^(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/.test(container)) {
      fail(`container must be 3 to 63 lower-case letters, digits and single hyphens, got "${container}"`);
    }
    if (endpoint !== undefined && !/^https?:\/\/\S+$/.test(endpoint)) fail(`endpoint must be a URL, got "${endpoint}"`);
    if (retryCount !== undefined && !(Number.isInteger(retryCount) && retryCount >= 0)) fail(`retryCount must be a whole number from 0, got ${retryCount}`);
    const text = (value: unknown) => (value === undefined ? undefined : String(value));
    this.parts = {
      type: 'bindings.azure.blobstorage',
      version: 'v1',
      identity,
      identityPurpose: `read and write blobs of ${account ?? container}`,
      prerequisites: account === undefined ? [] : prerequisites(account, container, identity),
      fields: [
        // Without it Dapr asks the application whether it wants to be called by the binding.
        { name: 'direction', value: 'output' },
        ...signIn,
        { name: 'containerName', value: container },
        { name: 'endpoint', value: endpoint },
        { name: 'publicAccessLevel', value: options.publicAccessLevel },
        { name: 'decodeBase64', value: text(options.decodeBase64) },
        { name: 'retryCount', value: text(retryCount) },
        { name: 'disableEntityManagement', value: text(options.disableEntityManagement) },
      ],
    };
  }

  /** @internal */
  public _parts(): ComponentParts {
    return this.parts;
  }
}

function checkAccount(factory: string, account: string): void {
  if (!/^[a-z0-9]{3,24}$/.test(account)) {
    throw new Error(`AzureBlobStorageBinding.${factory}: account must be 3 to 24 lower-case letters and digits, got "${account}"`);
  }
}

// Callers from other languages, and from JavaScript, may pass the value itself.
function checkSecret(factory: string, secret: SecretKey): void {
  if (!(secret instanceof SecretKey)) {
    throw new Error(`AzureBlobStorageBinding.${factory}: ${factory} must be a SecretKey, so that no manifest holds the value; see SecretKey.of()`);
  }
}

function prerequisites(account: string, container: string, identity: CloudIdentity | undefined) {
  return [
    {
      kind: 'Blob container',
      value: `${account}/${container}`,
      purpose: 'holds the blobs that the binding stores',
      command: `az storage container create --auth-mode login --account-name ${account} --name ${container}`,
    },
    ...(identity === undefined ? [] : [{
      kind: 'Role assignment',
      value: identity.subject,
      purpose: `lets the identity read and write blobs of storage account ${account}`,
      command: `az role assignment create --role "Storage Blob Data Contributor" --assignee ${identity.subject} ` +
        `--scope "$(az storage account show --name ${account} --query id --output tsv)"`,
    }]),
  ];
}
