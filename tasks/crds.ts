import { parseAllDocuments, stringify } from 'yaml';

/** A CustomResourceDefinition, as far as it is read here. */
export interface Crd {
  readonly apiVersion: string;
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { name: string };
  readonly spec: {
    group: string;
    scope: string;
    names: { kind: string; listKind: string; plural: string; singular: string; shortNames?: string[] };
    versions: { name: string; served: boolean; storage: boolean; schema: { openAPIV3Schema: any } }[];
  };
}

/** The CRDs of a file, of any number of documents, each cut to what types need; `source` names the file in errors. */
export function crdsOf(text: string, source: string): Crd[] {
  const crds: Crd[] = [];
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) throw new Error(`${source}: no YAML: ${document.errors[0].message}`);
    const content = document.toJS();
    for (const object of content?.kind === 'List' ? content.items ?? [] : [content]) {
      if (object?.kind === 'CustomResourceDefinition') crds.push(trimmed(object, source));
    }
  }
  if (crds.length === 0) throw new Error(`${source}: holds no CustomResourceDefinition`);
  return crds;
}

/** A CRD around the schema that a catalogue has of a kind. */
export function crdFromCatalog(text: string, source: string, group: string, kind: string, version: string): Crd {
  let schema;
  try {
    schema = JSON.parse(text);
  } catch (error) {
    throw new Error(`${source}: no JSON: ${(error as Error).message}`);
  }
  if (typeof schema?.properties !== 'object') throw new Error(`${source}: holds no schema of a kind: expected "properties"`);
  const singular = kind.toLowerCase();
  const plural = `${singular.replace(/y$/, 'ie')}s`;
  return trimmed({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }, source);
}

/** The file that `cdk8s import` reads. */
export function toYaml(crds: Crd[]): string {
  return crds.map((crd) => stringify(crd, { aliasDuplicateObjects: false, lineWidth: 0 })).join('---\n');
}

function trimmed(crd: any, source: string): Crd {
  const { group, scope, names, versions } = crd.spec ?? {};
  const who = `${source}: CustomResourceDefinition ${crd.metadata?.name}`;
  if (!group || !names?.kind || !Array.isArray(versions)) throw new Error(`${who}: expected spec.group, spec.names.kind and spec.versions`);
  const served = versions.filter((version) => version.served).sort((a, b) => age(a.name) - age(b.name));
  const newest = served[0];
  if (!newest?.schema?.openAPIV3Schema) throw new Error(`${who}: serves no version with a schema`);
  const { status, ...properties } = newest.schema.openAPIV3Schema.properties ?? {};
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: crd.metadata.name },
    spec: {
      group,
      scope,
      names: {
        kind: names.kind,
        listKind: names.listKind,
        plural: names.plural,
        singular: names.singular,
        ...(names.shortNames && { shortNames: names.shortNames }),
      },
      versions: [{
        name: newest.name,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: withoutProse({ ...newest.schema.openAPIV3Schema, properties }) },
      }],
    },
  };
}

/** v2 before v1 before v1beta2 before v1beta1 before v1alpha1, as Kubernetes orders versions. */
function age(version: string): number {
  const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
  if (major === undefined) return Infinity;
  const maturity = { undefined: 0, beta: 1, alpha: 2 }[String(stage)]!;
  return maturity * 1e6 - Number(major) * 1e3 - Number(minor ?? 0);
}

/** A schema without descriptions, in its own order; a field that is named `description` stays. */
function withoutProse(schema: any): any {
  if (Array.isArray(schema)) return schema.map(withoutProse);
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: any = {};
  for (const key of Object.keys(schema)) {
    if (key === 'description' || key === 'example' || key === 'externalDocs') continue;
    const isFields = key === 'properties';
    result[key] = isFields
      ? Object.fromEntries(Object.entries(schema[key]).map(([name, field]) => [name, withoutProse(field)]))
      : ['enum', 'default', 'required'].includes(key) ? schema[key] : withoutProse(schema[key]);
  }
  return result;
}
