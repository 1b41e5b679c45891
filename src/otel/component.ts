/** The names of the ports that endpoints are made of. */
export const OTLP_GRPC = 'otlp-grpc';
export const OTLP_HTTP = 'otlp-http';
export const ZIPKIN = 'zipkin';

/** Says what is wrong with the id of a collector's component, or undefined if nothing is. */
export function componentProblem(id: string): string | undefined {
  if (/^[a-zA-Z][0-9a-zA-Z_]{0,62}(\/[^\s/]+)?$/.test(id)) return undefined;
  return `a component is written type or type/name, such as "otlp" or "otlp/backup", got "${id}"`;
}
