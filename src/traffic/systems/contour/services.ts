import { Report } from './conditions-report';
import { headerPolicyProblem, headerTransforms, hostOf, withGlobal } from './headers';
import { Cluster } from '../../cluster';
import { Destination, Target } from '../../network/action';
import { Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf } from '../../read/objects';

/** The services of a route, as targets. */
export interface RouteServices {
  readonly targets: Target[];
  readonly mirrors: Target[];
  /** Whether the route names services but none of them is there. */
  readonly none: boolean;
}

/** Reads the services of a route or tcpproxy; undefined if one of them makes the route invalid. */
export function readServices(
  services: any, at: Origin, namespace: string, routePolicy: any, cluster: Cluster, options: TrafficModelOptions, report: Report, errorType = 'ServiceError',
): RouteServices | undefined {
  const targets: Target[] = [];
  const mirrors: Target[] = [];
  const list = listOf(services);
  for (const [i, service] of list.entries()) {
    const here = within(at, `services[${i}]`);
    if (!isRecord(service)) continue;
    const fail = (reason: string, message: string) => report({ origin: here, type: errorType, reason, message });
    if (!Number.isInteger(service.port) || service.port < 1 || service.port > 65535) {
      fail('ServicePortInvalid', `service ${service.name}: port must be from 1 to 65535, got ${service.port}`);
      return undefined;
    }
    const unresolved = unresolvedReason(namespace, String(service.name), service.port, cluster, options);
    if (unresolved) {
      report({ origin: here, type: errorType, reason: 'ServiceUnresolvedReference', message: unresolved.why, absent: unresolved.absent });
      continue;
    }
    if (service.protocol !== undefined && !['h2', 'h2c', 'tls'].includes(service.protocol)) {
      fail('UnsupportedProtocol', `service ${service.name}: protocol must be h2, h2c or tls, got ${service.protocol}`);
      return undefined;
    }
    const requestProblem = headerPolicyProblem(service.requestHeadersPolicy, 'service');
    if (requestProblem) {
      fail('RequestHeadersPolicyInvalid', requestProblem);
      return undefined;
    }
    const responseProblem = headerPolicyProblem(service.responseHeadersPolicy, 'response');
    if (responseProblem) {
      fail('ResponseHeadersPolicyInvalid', responseProblem);
      return undefined;
    }
    if (service.mirror === true && mirrors.length > 0) {
      fail('OnlyOneMirror', 'a route has at most one mirror');
      return undefined;
    }
    const names = { namespace, service: String(service.name), port: service.port };
    const tls = speaksTls(service, namespace, cluster);
    const policy = service.mirror === true ? undefined : withGlobal(service.requestHeadersPolicy, options.contour?.requestHeaders);
    const host = hostOf(policy, 'service') ?? hostOf(routePolicy?.policy, 'route');
    const target: Target = {
      origin: here,
      weight: service.mirror === true ? 1 : typeof service.weight === 'number' ? service.weight : 0,
      destination: destination(namespace, service, tls),
      transforms: [
        ...headerTransforms(policy, within(here, 'requestHeadersPolicy'), names),
        ...headerTransforms(routePolicy?.policy, routePolicy?.origin ?? here, names),
        ...(host ? [{ kind: 'setHost' as const, host, origin: hostOf(policy, 'service') ? within(here, 'requestHeadersPolicy') : routePolicy.origin }] : []),
      ],
      policies: tls ? [{ name: 'upstreamTls', value: isRecord(service.validation) ? `verified as ${service.validation.subjectName}` : 'not verified', origin: here }] : [],
    };
    if (service.mirror === true) mirrors.push(target);
    else targets.push(target);
  }
  const total = targets.reduce((sum, target) => sum + target.weight, 0);
  return { targets: total > 0 ? targets : targets.map((target) => ({ ...target, weight: 1 })), mirrors, none: list.length > 0 && targets.length === 0 };
}

function destination(namespace: string, service: Record<string, any>, tls: boolean): Destination {
  return { kind: 'service', namespace, name: service.name, port: service.port, missing: 503, empty: 503, tls };
}

function speaksTls(service: Record<string, any>, namespace: string, cluster: Cluster): boolean {
  if (service.protocol !== undefined) return service.protocol === 'h2' || service.protocol === 'tls';
  const object = cluster.service(namespace, service.name);
  const port = object?.ports.find((each) => each.port === service.port);
  if (port?.appProtocol) return port.appProtocol === 'https';
  return ['h2', 'tls'].some((protocol) => (object?.object.annotations[`projectcontour.io/upstream-protocol.${protocol}`] ?? '')
    .split(',').map((each) => each.trim()).some((each) => each === String(service.port) || (port?.name !== undefined && each === port.name)));
}

/** Why Contour cannot route to a Service port, or undefined. A Service that the input merely lacks counts as there. */
export function unresolvedReason(
  namespace: string, name: string, port: number | string, cluster: Cluster, options: TrafficModelOptions,
): { why: string; absent?: string } | undefined {
  const service = cluster.service(namespace, name);
  const ref = `Service/${namespace}/${name}`;
  if (!service) return options.complete ? { why: `${ref} does not exist`, absent: ref } : undefined;
  if (service.externalName !== undefined) {
    if (!options.contour?.enableExternalNameService) return { why: `${ref} is of type ExternalName, which Contour is not set to route to` };
    if (/^(localhost|localhost\.localdomain|local\.projectcontour\.io)\.?$/i.test(service.externalName) || /^(127|169\.254|0)\./.test(service.externalName)) {
      return { why: `${ref} points at ${service.externalName}, which Contour refuses` };
    }
  }
  const found = service.ports.find((each) => (each.port === port || each.name === port) && each.protocol === 'TCP');
  return found ? undefined : { why: `${ref} has no TCP port ${port}` };
}
