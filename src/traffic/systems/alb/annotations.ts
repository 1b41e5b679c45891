import { isRecord, ReadObject } from '../../read/objects';

const PREFIX = 'alb.ingress.kubernetes.io/';

/** The value of an ALB annotation. */
export function annotation(object: ReadObject, key: string): string | undefined {
  return object.annotations[PREFIX + key];
}

/** `a, b` as a list. */
export function listAnnotation(object: ReadObject, key: string): string[] {
  return (annotation(object, key) ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
}

/** A JSON annotation, its keys without regard to case, as the controller decodes them; an Error where it is no JSON. */
export function jsonAnnotation(object: ReadObject, key: string): any {
  const text = annotation(object, key);
  if (text === undefined) return undefined;
  try {
    return caseless(JSON.parse(text));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

// Lower-case keys all the way down.
function caseless(value: any): any {
  if (Array.isArray(value)) return value.map(caseless);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toLowerCase(), caseless(each)]));
}
