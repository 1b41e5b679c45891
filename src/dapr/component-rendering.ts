import { ComponentSpec } from './component-spec';
import { SecretKey } from './secret-key';
import type { ComponentSpecMetadata } from '../../imports/dapr.io';
import { generated } from '../platform/load-on-first-use';

/** What is said about a component beside its spec. */
export interface ComponentSurroundings {
  readonly ignoreErrors?: boolean;
  readonly initTimeout?: string;
  readonly secretStore?: string;
  readonly scopes?: string[];
  /** How the keys of Secrets are referred to; as they are unless told. */
  readonly reference?: (secret: SecretKey) => { name: string; key: string };
}

/** The fields of a Component beside its metadata, for the object and for the file of a self-hosted sidecar alike. */
export function renderComponent(component: ComponentSpec, around: ComponentSurroundings): { [field: string]: unknown } {
  const { type, version, fields } = component._parts();
  const metadata = fields.filter((field) => field.value !== undefined || field.secret !== undefined).map((field): ComponentSpecMetadata => ({
    name: field.name,
    value: field.value,
    secretKeyRef: field.secret && (around.reference?.(field.secret) ?? field.secret._render()),
  }));
  return {
    spec: generated.dapr.toJson_ComponentSpec({ type, version, ignoreErrors: around.ignoreErrors, initTimeout: around.initTimeout, metadata }),
    auth: around.secretStore === undefined ? undefined : { secretStore: around.secretStore },
    scopes: around.scopes,
  };
}

/** The keys of Secrets that a component refers to. */
export function secretsOf(component: ComponentSpec): SecretKey[] {
  return component._parts().fields.flatMap((field) => field.secret ?? []);
}
