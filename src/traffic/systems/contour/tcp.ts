import { ContourInput } from './contour-input';
import { speaksTls, unresolvedReason, validationProblem } from './services';
import { Action, Target } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** What becomes of connections of a tcpproxy: an action, nothing, or the virtual host is not served at all. */
export type TcpReading = { readonly action?: Action } | 'refused';

/** Follows a tcpproxy to its services, along its includes. */
export function readTcp(root: ReadObject, passthrough: boolean, input: ContourInput): TcpReading {
  return read(root, passthrough, input, []);
}

function read(proxy: ReadObject, passthrough: boolean, input: ContourInput, visited: readonly string[]): TcpReading {
  const tcp = proxy.spec.tcpproxy;
  // An included proxy without a tcpproxy ends the way: nobody serves the connection, and nobody complains.
  if (!isRecord(tcp)) return {};
  const at = within(origin(proxy.ref), 'spec.tcpproxy');
  const refuse = (type: string, reason: string, message: string, absent?: string): 'refused' => {
    input.report({ origin: at, type, reason, message, absent });
    return 'refused';
  };
  const include = isRecord(tcp.include) ? tcp.include : isRecord(tcp.includes) ? tcp.includes : undefined;
  const services = listOf(tcp.services).filter(isRecord);
  if (services.length > 0 && include) return refuse('TCPProxyError', 'NoServicesAndInclude', 'tcpproxy has services or an include, not both');
  if (services.length > 0) return readTargets(services, proxy, at, passthrough, input, refuse);
  if (!include) return refuse('TCPProxyError', 'NothingDefined', 'tcpproxy has neither services nor an include');
  const ref = `HTTPProxy/${include.namespace || proxy.namespace}/${include.name}`;
  const child = input.proxies.get(ref);
  if (!child) return refuse('TCPProxyIncludeError', 'IncludeNotFound', `${ref} does not exist`, ref);
  if (isRecord(child.spec.virtualhost)) return refuse('TCPProxyIncludeError', 'RootIncludesRoot', `${ref} is a root itself`);
  input.reached.add(child.ref);
  if ([...visited, proxy.ref].includes(child.ref)) return refuse('TCPProxyIncludeError', 'IncludeCreatesCycle', `includes itself by way of ${ref}`);
  return read(child, passthrough, input, [...visited, proxy.ref]);
}

function readTargets(
  services: readonly Record<string, any>[], proxy: ReadObject, at: Origin, passthrough: boolean, input: ContourInput,
  refuse: (type: string, reason: string, message: string, absent?: string) => 'refused',
): TcpReading {
  const targets: Target[] = [];
  for (const [i, service] of services.entries()) {
    const unresolved = unresolvedReason(proxy.namespace, String(service.name), service.port, input.cluster, input.options);
    if (unresolved) return refuse('TCPProxyError', 'ServiceUnresolvedReference', unresolved.why, unresolved.absent);
    if (service.protocol !== undefined && !['h2', 'h2c', 'tls'].includes(service.protocol)) {
      return refuse('ServiceError', 'UnsupportedProtocol', `service ${service.name}: protocol must be h2, h2c or tls, got ${service.protocol}`);
    }
    const tls = speaksTls(service, proxy.namespace, input.cluster);
    const untrusted = tls ? validationProblem(service.validation, proxy.namespace, input) : undefined;
    if (untrusted) return refuse(untrusted.type, untrusted.reason, untrusted.message, untrusted.absent);
    targets.push({
      origin: within(at, `services[${i}]`),
      weight: typeof service.weight === 'number' ? service.weight : 0,
      // Where TLS is passed through, the client's own goes on to the service.
      destination: { kind: 'service', namespace: proxy.namespace, name: String(service.name), port: service.port, missing: 'refuse', empty: 'refuse', tls: passthrough ? undefined : tls },
      transforms: [],
    });
  }
  const weighted = targets.some((target) => target.weight > 0);
  return { action: { kind: 'forward', targets: weighted ? targets : targets.map((target) => ({ ...target, weight: 1 })) } };
}
