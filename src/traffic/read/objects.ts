import { withoutSecrets } from './secrets';

/** Where an object was read from. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly constructPath?: string;
}

/** An object as somebody wrote it, with its identity read once. */
export interface ReadObject {
  readonly raw: any;
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Empty for kinds of the cluster. */
  readonly namespace: string;
  readonly name: string;
  /** `Kind/namespace/name`. */
  readonly ref: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: any;
  /** Milliseconds; undefined where the manifest does not say. */
  readonly created?: number;
  readonly place: Place;
}

/** Kinds that belong to the cluster, of the groups that are read here. */
const CLUSTER_KINDS: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume'],
  'networking.k8s.io': ['IngressClass'],
  'gateway.networking.k8s.io': ['GatewayClass'],
  'appmesh.k8s.aws': ['Mesh'],
  'elbv2.k8s.aws': ['IngressClassParams'],
  'cert-manager.io': ['ClusterIssuer'],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding',
  ],
  'storage.k8s.io': ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment'],
  'scheduling.k8s.io': ['PriorityClass'],
  'mesh.cloud.google.com': ['ControlPlaneRevision'],
};

/** Whether kinds belong to the cluster, by `group/Kind`, as the definitions in the input say. */
export type Scopes = ReadonlyMap<string, boolean>;

export function isClusterKind(group: string, kind: string, scopes?: Scopes): boolean {
  return (Object.hasOwn(CLUSTER_KINDS, group) ? CLUSTER_KINDS[group].includes(kind) : undefined) ?? scopes?.get(`${group}/${kind}`) ?? false;
}

/** What CustomResourceDefinitions say of their kinds. */
export function scopesOf(manifests: readonly any[]): Scopes {
  const scopes = new Map<string, boolean>();
  for (const { kind, spec } of manifests) {
    if (kind === 'CustomResourceDefinition' && isRecord(spec) && isRecord(spec.names)) scopes.set(`${spec.group}/${spec.names.kind}`, spec.scope === 'Cluster');
  }
  return scopes;
}

/** Whether a value is an object with apiVersion and kind, which is all that reading asks. */
export function isManifest(value: any): boolean {
  return isRecord(value) && typeof value.apiVersion === 'string' && value.apiVersion !== '' && typeof value.kind === 'string' && value.kind !== '';
}

export function isRecord(value: any): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the identity of a manifest. Wrong shapes inside it are left for the rules to find. */
export function readObject(given: any, defaultNamespace: string, place: Place, scopes?: Scopes): ReadObject {
  const slash = given.apiVersion.indexOf('/');
  const group = slash < 0 ? '' : given.apiVersion.slice(0, slash);
  const raw = group === '' && given.kind === 'Secret' ? withoutSecrets(given) : given;
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  const name = typeof metadata.name === 'string' ? metadata.name : typeof metadata.generateName === 'string' ? metadata.generateName : '';
  const written = typeof metadata.namespace === 'string' && metadata.namespace !== '' ? metadata.namespace : defaultNamespace;
  const namespace = isClusterKind(group, raw.kind, scopes) ? '' : written;
  const created = typeof metadata.creationTimestamp === 'string' || metadata.creationTimestamp instanceof Date
    ? new Date(metadata.creationTimestamp).getTime()
    : NaN;
  return {
    raw,
    apiVersion: raw.apiVersion,
    group,
    version: raw.apiVersion.slice(slash + 1),
    kind: raw.kind,
    namespace,
    name,
    ref: `${raw.kind}/${namespace}/${name}`,
    labels: stringsOf(metadata.labels),
    annotations: stringsOf(metadata.annotations),
    spec: isRecord(raw.spec) ? raw.spec : {},
    created: Number.isNaN(created) ? undefined : created,
    place,
  };
}

/** Of objects with one identity the last counts; it takes the place of the first. */
export function lastOfEach(objects: readonly ReadObject[]): { readonly last: ReadObject[]; readonly replaced: ReadObject[] } {
  const byIdentity = new Map<string, ReadObject>();
  const replaced: ReadObject[] = [];
  for (const object of objects) {
    // Without a name it has no identity yet: the API server makes one up, or refuses it.
    const identity = object.name === '' || isGenerated(object) ? `unnamed ${byIdentity.size}` : `${object.group}/${object.ref}`;
    const before = byIdentity.get(identity);
    if (before) replaced.push(before);
    byIdentity.set(identity, object);
  }
  return { last: [...byIdentity.values()], replaced };
}

function isGenerated(object: ReadObject): boolean {
  return typeof object.raw.metadata?.name !== 'string' && typeof object.raw.metadata?.generateName === 'string';
}

function stringsOf(value: any): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** A list where one is due; anything else counts as empty. */
export function listOf(value: any): any[] {
  return Array.isArray(value) ? value.filter((item) => item !== null && item !== undefined) : [];
}

/** A list of objects where one is due. */
export function recordsOf(value: any): Record<string, any>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
