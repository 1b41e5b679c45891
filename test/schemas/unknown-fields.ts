import { CompiledSchema } from './published-schemas';

interface Reading { names: Set<string>; all: boolean }

/**
 * The fields of an object that a compiled schema does not know, as JSON pointers.
 *
 * Kubernetes' schemas are open, and compiled ones no longer say which fields they list. But a compiled schema asks an
 * object for each field that it lists, enumerates one whose fields are free, and never looks into one without a schema:
 * what it asked for tells which fields it knows.
 */
export function unknownFields(validate: CompiledSchema, object: unknown): string[] {
  const readings = new Map<object, Reading>();
  validate(watch(object, readings));
  return [...unread(object, '', readings)];
}

function watch(value: any, readings: Map<object, Reading>): any {
  if (typeof value !== 'object' || value === null) return value;
  const reading = readings.get(value) ?? { names: new Set<string>(), all: false };
  readings.set(value, reading);
  return new Proxy(value, {
    get(target, name) {
      if (typeof name === 'string') reading.names.add(name);
      return watch(Reflect.get(target, name), readings);
    },
    ownKeys(target) {
      reading.all = true;
      return Reflect.ownKeys(target);
    },
  });
}

function* unread(value: any, pointer: string, readings: Map<object, Reading>): Generator<string> {
  const reading = typeof value === 'object' && value !== null ? readings.get(value) : undefined;
  if (!reading || (reading.names.size === 0 && !reading.all)) return;
  for (const [name, field] of Object.entries(value)) {
    const known = Array.isArray(value) || reading.all || reading.names.has(name);
    if (known) yield* unread(field, `${pointer}/${name}`, readings);
    else yield `${pointer}/${name}`;
  }
}
