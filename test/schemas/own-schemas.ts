import * as fs from 'fs';
import * as path from 'path';
import Ajv, { ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

/*
 * Schemas of the kinds that nobody publishes a package for: test/schemas/<group>.json, written by the import task from
 * the CRDs, one kind a line.
 */

const ajv = addFormats(new Ajv({ allErrors: true, strict: false }));
const compiled = new Map<string, ValidateFunction | undefined>();

/** The compiled schema of a kind from test/schemas/, or undefined. */
export function ownSchema(apiVersion: string, kind: string): ValidateFunction | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!compiled.has(key)) {
    const file = path.join(__dirname, `${apiVersion.replace(/\/.*/, '')}.json`);
    const schema = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8'))[key] : undefined;
    compiled.set(key, schema && ajv.compile(schema));
  }
  return compiled.get(key);
}

/**
 * A CRD's schema as plain JSON Schema: closed wherever it lists its fields, without what only a cluster needs.
 * `metadata` is checked apart, and manifests have no `status`.
 */
export function schemaFromCrd(structural: any): object {
  const { status, ...properties } = structural.properties ?? {};
  const root = convert({ ...structural, 'properties': { ...properties, apiVersion: { type: 'string' }, kind: { type: 'string' } }, 'x-kubernetes-preserve-unknown-fields': false });
  return { ...root, properties: { ...root.properties, metadata: {} }, required: [...new Set(['apiVersion', 'kind', 'metadata', ...(structural.required ?? [])])] };
}

const KEPT = [
  'enum', 'format', 'maxItems', 'maxLength', 'maxProperties', 'maximum', 'exclusiveMaximum', 'minItems', 'minLength', 'minProperties',
  'minimum', 'exclusiveMinimum', 'multipleOf', 'pattern', 'required', 'type', 'uniqueItems',
];

function convert(schema: any): any {
  if (typeof schema !== 'object' || schema === null) return schema;
  const result: any = {};
  for (const key of KEPT) if (schema[key] !== undefined) result[key] = schema[key];
  if (schema['x-kubernetes-int-or-string']) result.type = ['integer', 'string'];
  if (schema.nullable && result.type) result.type = [...[result.type].flat(), 'null'];
  for (const key of ['allOf', 'anyOf', 'oneOf']) {
    // Kubernetes writes int-or-string twice: as a mark, and as anyOf.
    if (schema[key] && !(key === 'anyOf' && schema['x-kubernetes-int-or-string'])) result[key] = schema[key].map(convert);
  }
  if (schema.not) result.not = convert(schema.not);
  if (schema.items) result.items = convert(schema.items);
  if (schema.properties) {
    result.properties = Object.fromEntries(Object.entries(schema.properties).map(([name, field]) => [name, convert(field)]));
    // Alternatives inside anyOf and the like list some fields again, without a type: those say nothing about the others.
    if (schema.type === 'object' && !schema['x-kubernetes-preserve-unknown-fields'] && schema.additionalProperties === undefined) {
      result.additionalProperties = false;
    }
  }
  if (schema.additionalProperties !== undefined) result.additionalProperties = convert(schema.additionalProperties);
  return result;
}
