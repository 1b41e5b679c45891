import newerFields from './schemas/newer-fields.json';
import { ownSchema } from './schemas/own-schemas';
import { CompiledSchema, metadataSchema, publishedSchema } from './schemas/published-schemas';
import { unknownFields } from './schemas/unknown-fields';

/** Objects that list some of their fields and take any other, as no compiled schema tells. */
const OPEN: Record<string, string[]> = { 'opentelemetry.io/v1beta1 OpenTelemetryCollector': ['/spec/config'] };

/**
 * What is wrong with a synthesized object according to the schema of its kind, unknown fields included; empty if it is
 * valid. The validator is ajv; the schemas are those that the @kubernetes-models packages publish, and for the other
 * kinds those in test/schemas/. A kind without a schema is an error.
 */
export function schemaErrors(object: any): string[] {
  const { apiVersion, kind, metadata } = object ?? {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [`no Kubernetes object: apiVersion is ${JSON.stringify(apiVersion)}, kind ${JSON.stringify(kind)}`];
  const who = `${kind}/${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;

  const problems = [];
  if (typeof metadata?.name !== 'string') problems.push('/metadata/name: must be a string');
  const published = publishedSchema(apiVersion, kind);
  const own = published ? undefined : ownSchema(apiVersion, kind);
  if (published) {
    problems.push(...violations(published, object));
    problems.push(...unknownFields(published, object).filter((pointer) => !isKnown(`${apiVersion} ${kind}`, pointer)).map((pointer) => `${pointer}: unknown field`));
  } else if (own) {
    problems.push(...violations(own as CompiledSchema, object));
    problems.push(...violations(metadataSchema(), metadata).map((problem) => `/metadata${problem}`));
    problems.push(...unknownFields(metadataSchema(), metadata).map((pointer) => `/metadata${pointer}: unknown field`));
  } else {
    problems.push(`no schema for ${apiVersion} ${kind}: add its CRD to imports/sources.yaml and run "npx projen import"`);
  }
  return problems.map((problem) => `${who}: ${problem}`);
}

function violations(validate: CompiledSchema, data: unknown): string[] {
  if (validate(data)) return [];
  return (validate.errors ?? []).map(({ instancePath, keyword, params }) => keyword === 'additionalProperties'
    ? `${instancePath}/${(params as any).additionalProperty}: unknown field`
    : `${instancePath || '/'}: ${keyword} ${JSON.stringify(params)}`);
}

function isKnown(kind: string, pointer: string): boolean {
  return OPEN[kind]?.some((parent) => pointer.startsWith(`${parent}/`))
    || (newerFields as Record<string, string[]>)[kind]?.includes(pointer.replace(/\/\d+(?=\/|$)/g, '/*'));
}
