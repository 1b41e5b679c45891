import { publishedSchema } from './published-schemas';
import { unknownFields } from './unknown-fields';

/**
 * The fields of a CRD's schema that the published schema of its kind does not know, as JSON pointers with `*` for any
 * index: the imported release may be newer than the package.
 */
export function newerFields(apiVersion: string, kind: string, structural: any): string[] {
  const published = publishedSchema(apiVersion, kind);
  if (!published) return [];
  const { status, ...properties } = structural.properties;
  const full = { ...example({ ...structural, properties }), apiVersion, kind, metadata: { name: 'example' } };
  return unknownFields(published, full)
    .filter((pointer) => !pointer.endsWith(`/${ANY}`))
    .map((pointer) => pointer.replace(/\/0(?=\/|$)/g, '/*'));
}

const ANY = 'any';

/** An object with every field that a schema lists. */
function example(schema: any): any {
  if (schema?.properties) return Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, example(field)]));
  if (schema?.items) return [example(schema.items)];
  if (typeof schema?.additionalProperties === 'object') return { [ANY]: example(schema.additionalProperties) };
  if (schema?.enum) return schema.enum[0];
  switch (schema?.type) {
    case 'object': return { [ANY]: true };
    case 'array': return [];
    case 'boolean': return true;
    case 'string': return 'text';
    default: return 1;
  }
}
