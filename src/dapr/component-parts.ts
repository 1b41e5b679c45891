import { SecretKey } from './secret-key';
import { CloudIdentity } from '../platform/cloud-identity';
import { Prerequisite } from '../platform/prerequisites';

/** One field of a component: a value, or the Secret that it stands in. */
export interface ComponentField {
  readonly name: string;
  readonly value?: string;
  readonly secret?: SecretKey;
}

/** What a component is told, as its class knows it. */
export interface ComponentParts {
  /** Type, such as `bindings.cron`. */
  readonly type: string;
  readonly version: string;
  readonly fields: ComponentField[];
  /** The cloud identity that the pods have to act as. */
  readonly identity?: CloudIdentity;
  /** What the identity is for. */
  readonly identityPurpose?: string;
  /** Whether the application is called, and where unless at `/<name of the component>`. */
  readonly input?: { readonly route?: string };
  /** Whether every replica of an application is called, instead of one of them. */
  readonly firesPerReplica?: boolean;
  /** What must exist outside the cluster. */
  readonly prerequisites?: Omit<Prerequisite, 'reliedOnBy'>[];
}
