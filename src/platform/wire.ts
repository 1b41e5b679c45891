/** Fields without those that are not given: cdk8s walks over every key, undefined ones too, and there may be thousands. */
export function given<T extends object>(fields: T): T {
  const kept: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) kept[key] = value;
  return kept as T;
}
