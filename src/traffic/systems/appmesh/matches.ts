import { Match, PathTest, ValueTest } from '../../network/match';
import { isRecord, recordsOf } from '../../read/objects';

/** The kinds of route of a GatewayRoute or VirtualRouter, by the protocol of the listeners that they fit. */
export type RouteKind = 'http' | 'http2' | 'grpc' | 'tcp';

/** The route part of a spec. */
export function routePart(spec: any): { kind: RouteKind; route: Record<string, any>; at: string } | undefined {
  for (const kind of ['grpc', 'http2', 'http', 'tcp'] as const) {
    const at = `${kind}Route`;
    if (isRecord(spec?.[at])) return { kind, route: spec[at], at };
  }
  return undefined;
}

/** What a route asks of a request. */
export function routeMatch(kind: RouteKind, match: any): Match {
  if (!isRecord(match) || kind === 'tcp') return { path: { kind: 'any' }, values: [] };
  const values: ValueTest[] = [
    ...recordsOf(kind === 'grpc' ? match.metadata : match.headers).map(valueTest),
    ...recordsOf(match.queryParameters).map((query): ValueTest => (
      query.match?.exact === undefined ? { of: 'query', name: query.name, op: 'present' } : { of: 'query', name: query.name, op: 'exact', value: query.match.exact })),
  ];
  if (match.method) values.push({ of: 'method', op: 'exact', value: match.method });
  if (match.scheme) values.push({ of: 'scheme', op: 'exact', value: match.scheme });
  // The Host header counts as it is sent, with its port.
  if (match.hostname?.exact) values.push({ of: 'authority', op: 'exact', value: match.hostname.exact });
  if (match.hostname?.suffix) values.push({ of: 'authority', op: 'suffix', value: match.hostname.suffix });
  return { path: pathOf(kind, match), values };
}

function pathOf(kind: RouteKind, match: Record<string, any>): PathTest {
  if (kind === 'grpc') {
    if (!match.serviceName) return { kind: 'any' };
    return match.methodName ? { kind: 'exact', path: `/${match.serviceName}/${match.methodName}` } : { kind: 'prefix', prefix: `/${match.serviceName}/` };
  }
  if (match.path?.exact) return { kind: 'exact', path: match.path.exact };
  if (match.path?.regex) return { kind: 'regex', regex: match.path.regex };
  return match.prefix ? { kind: 'prefix', prefix: match.prefix } : { kind: 'any' };
}

function valueTest(header: Record<string, any>): ValueTest {
  const base = { of: 'header' as const, name: header.name, invert: header.invert === true };
  const match = header.match;
  if (!isRecord(match)) return { ...base, op: 'present' };
  // A missing header fails the test, which invert then turns round.
  const missing = base.invert;
  if (match.exact !== undefined) return { ...base, op: 'exact', value: match.exact, missing };
  if (match.prefix !== undefined) return { ...base, op: 'prefix', value: match.prefix, missing };
  if (match.suffix !== undefined) return { ...base, op: 'suffix', value: match.suffix, missing };
  if (match.regex !== undefined) return { ...base, op: 'regex', value: match.regex, missing };
  if (isRecord(match.range)) return { ...base, op: 'range', start: match.range.start, end: match.range.end, missing };
  return { ...base, op: 'present' };
}

/** The length by which routes of one priority are ordered, that of the prefix; a path has none, and nothing says where it stands. */
export function specificity(match: any): number | undefined {
  if (match?.path) return undefined;
  return typeof match?.prefix === 'string' ? match.prefix.length : 0;
}

/** The ports of the listeners of an object. */
export function listenerPorts(spec: any): { port: number; protocol: string }[] {
  return recordsOf(spec?.listeners).map((listener) => ({ port: listener.portMapping?.port, protocol: String(listener.portMapping?.protocol ?? 'http') }));
}

export function millis(duration: any): string | undefined {
  return isRecord(duration) ? `${duration.value}${duration.unit}` : undefined;
}

