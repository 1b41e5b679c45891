import { referenceOf } from './ledger';

const SELECTORS = ['selector', 'podSelector', 'namespaceSelector', 'workloadSelector', 'scaleTargetRef', 'targetRef', 'targetRefs'];

/** The names, namespaces and selectors of objects, as the text that is committed. */
export function inventoryOf(objects: any[]): string {
  const entries = objects
    .map((object) => [`${object.apiVersion.replace(/\/?v\d\w*$/, '')} ${referenceOf(object)}`.trim(), Object.fromEntries(selectorsIn(object))] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = entries.map(([object, selectors]) => `  ${JSON.stringify(object)}: ${JSON.stringify(selectors)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}

function* selectorsIn(value: any, at = ''): Generator<[string, unknown]> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, field] of Object.entries(value)) {
    const path = Array.isArray(value) ? `${at}[${key}]` : at ? `${at}.${key}` : key;
    if (SELECTORS.includes(key)) yield [path, sorted(field)];
    else yield* selectorsIn(field, path);
  }
}

function sorted(value: any): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
