import { ContourInput } from './contour-input';
import { headerPolicyProblem, headerTransforms, hostOf, responsePolicies, withGlobal } from './headers';
import { cookieProblem, RouteProblem, slowStartProblem } from './route-problems';
import { lookUpCa } from './tls';
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

/** A fault, and what is absent from the cluster if it is one. */
type Fault = RouteProblem & { readonly absent?: string };

/** Reads the services of a route; undefined if one of them makes the route invalid. */
export function readServices(route: Record<string, any>, at: Origin, namespace: string, input: ContourInput): RouteServices | undefined {
  const { cluster, options, report } = input;
  const targets: Target[] = [];
  const mirrors: Target[] = [];
  const list = listOf(route.services).filter(isRecord);
  for (const [i, service] of list.entries()) {
    const here = within(at, `services[${i}]`);
    const badPort = !Number.isInteger(service.port) || service.port < 1 || service.port > 65535;
    const unresolved = badPort ? undefined : unresolvedReason(namespace, String(service.name), service.port, cluster, options);
    if (unresolved) {
      report({ origin: here, type: 'ServiceError', reason: 'ServiceUnresolvedReference', message: unresolved.why, absent: unresolved.absent });
      continue;
    }
    const fault = badPort
      ? serviceFault('ServicePortInvalid', `service ${service.name}: port must be from 1 to 65535, got ${service.port}`)
      : serviceProblem(service, route, namespace, input) ?? (service.mirror === true && mirrors.length > 0 ? serviceFault('OnlyOneMirror', 'a route has at most one mirror') : undefined);
    if (fault) {
      report({ origin: here, ...fault });
      return undefined;
    }
    const target = readTarget(service, route, here, within(at, 'requestHeadersPolicy'), namespace, input);
    if (service.mirror === true) mirrors.push(target);
    else targets.push(target);
  }
  const total = targets.reduce((sum, target) => sum + target.weight, 0);
  return { targets: total > 0 ? targets : targets.map((target) => ({ ...target, weight: 1 })), mirrors, none: list.length > 0 && targets.length === 0 };
}

function serviceFault(reason: string, message: string): Fault {
  return { type: 'ServiceError', reason, message };
}

function serviceProblem(service: Record<string, any>, route: Record<string, any>, namespace: string, input: ContourInput): Fault | undefined {
  if (service.protocol !== undefined && !['h2', 'h2c', 'tls'].includes(service.protocol)) {
    return serviceFault('UnsupportedProtocol', `service ${service.name}: protocol must be h2, h2c or tls, got ${service.protocol}`);
  }
  const untrusted = speaksTls(service, namespace, input.cluster) ? validationProblem(service.validation, namespace, input) : undefined;
  if (untrusted) return untrusted;
  const requestProblem = headerPolicyProblem(service.requestHeadersPolicy, 'service');
  if (requestProblem) return serviceFault('RequestHeadersPolicyInvalid', requestProblem);
  const responseProblem = headerPolicyProblem(service.responseHeadersPolicy, 'response');
  if (responseProblem) return serviceFault('ResponseHeadersPolicyInvalid', responseProblem);
  const cookies = cookieProblem(service.cookieRewritePolicies);
  if (cookies) return { type: 'RouteError', reason: 'CookieRewritePoliciesInvalid', message: cookies };
  const slowStart = slowStartProblem(service.slowStartPolicy, route.loadBalancerPolicy?.strategy);
  return slowStart ? serviceFault('SlowStartInvalid', slowStart) : undefined;
}

function readTarget(
  service: Record<string, any>, route: Record<string, any>, here: Origin, routeOrigin: Origin, namespace: string, { cluster, options }: ContourInput,
): Target {
  const names = { namespace, service: String(service.name), port: service.port };
  const tls = speaksTls(service, namespace, cluster);
  const routePolicy = route.requestHeadersPolicy;
  // Of a mirror only the cluster reaches Envoy, not its header policy.
  const policy = service.mirror === true ? undefined : withGlobal(service.requestHeadersPolicy, options.contour?.requestHeaders);
  const responsePolicy = withGlobal(service.responseHeadersPolicy, options.contour?.responseHeaders);
  const own = hostOf(policy, 'service');
  const host = own ?? hostOf(routePolicy, 'route');
  return {
    origin: here,
    weight: service.mirror === true ? 1 : typeof service.weight === 'number' ? service.weight : 0,
    destination: destination(namespace, service, tls),
    transforms: policy === undefined && routePolicy === undefined ? [] : [
      ...headerTransforms(policy, within(here, 'requestHeadersPolicy'), names),
      ...headerTransforms(routePolicy, routeOrigin, names),
      ...(host ? [{ kind: 'setHost' as const, host, origin: own ? within(here, 'requestHeadersPolicy') : routeOrigin }] : []),
    ],
    policies: !tls && responsePolicy === undefined ? [] : [
      ...(tls ? [{ name: 'upstreamTls' as const, value: isRecord(service.validation) ? `verified as ${service.validation.subjectName}` : 'not verified', origin: here }] : []),
      ...responsePolicies(responsePolicy, within(here, 'responseHeadersPolicy')),
    ],
  };
}

function destination(namespace: string, service: Record<string, any>, tls: boolean): Destination {
  return { kind: 'service', namespace, name: service.name, port: service.port, missing: 503, empty: 503, tls };
}

/** Whether Envoy speaks TLS to a service: as the route says, else as the Service's port or annotation does. */
export function speaksTls(service: Record<string, any>, namespace: string, cluster: Cluster): boolean {
  if (service.protocol !== undefined) return service.protocol === 'h2' || service.protocol === 'tls';
  const object = cluster.service(namespace, service.name);
  const port = object?.ports.find((each) => each.port === service.port || each.name === service.port);
  if (port?.appProtocol) return port.appProtocol === 'https';
  if (!object || Object.keys(object.object.annotations).length === 0) return false;
  const annotated = (protocol: string) => (object?.object.annotations[`projectcontour.io/upstream-protocol.${protocol}`] ?? '')
    .split(',').map((each) => each.trim()).some((each) => each !== '' && (each === String(port?.port ?? service.port) || each === port?.name));
  // Of several annotations for a port the last counts.
  return annotated('tls') || (annotated('h2') && !annotated('h2c'));
}

/** What is wrong with the CA by which a TLS upstream is verified. */
export function validationProblem(
  validation: any, namespace: string, input: Pick<ContourInput, 'cluster'>,
): Fault | undefined {
  if (!isRecord(validation)) return undefined;
  const bad = (message: string, absent?: string) => ({ type: 'ServiceError', reason: 'TLSUpstreamValidation', message, absent });
  const verdict = lookUpCa(String(validation.caSecret ?? ''), 'ca.crt', namespace, input);
  if (verdict.kind === 'bad') {
    return verdict.reason === 'DelegationNotPermitted' ? { type: 'TLSError', reason: 'CACertificateNotDelegated', message: verdict.message, absent: verdict.absent } : bad(verdict.message, verdict.absent);
  }
  if (!validation.subjectName) return bad('validation needs a subjectName');
  const names = listOf(validation.subjectNames);
  return names.length > 0 && names[0] !== validation.subjectName ? bad('the first of subjectNames must be subjectName') : undefined;
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
    if (isLocal(service.externalName)) {
      return { why: `${ref} points at ${service.externalName}, which Contour refuses` };
    }
  }
  const found = service.ports.find((each) => (each.port === port || each.name === port) && each.protocol === 'TCP');
  return found ? undefined : { why: `${ref} has no TCP port ${port}` };
}

// Names and addresses of the proxy itself, and those that mean no particular host.
function isLocal(name: string): boolean {
  return /^(localhost|localhost\.localdomain|local\.projectcontour\.io)\.?$/i.test(name) || /^(127\.|169\.254\.|0\.0\.0\.0$)/.test(name)
    || /^(::|::1|fe[89ab][0-9a-f]:.*|ff0[12]:.*)$/i.test(name) || /^224\.0\.0\./.test(name);
}
