import { Cluster, ClusterService, ClusterServicePort } from '../../cluster';
import { Action, Policy } from '../../network/action';
import { SystemInput } from '../../network/network';
import { Origin } from '../../network/origin';
import { Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject } from '../../read/objects';
import { HealthCheck, healthProblem } from '../health-check';
import { servicePort } from '../kubernetes';

const PROTOCOLS = ['HTTP', 'HTTPS', 'HTTP2'];

/** What a backend of a GCE Ingress becomes; a string says why the whole Ingress is not synced. */
export function gceBackend(ingress: ReadObject, backend: any, at: Origin, input: SystemInput): { action: Action; policies: Policy[] } | string {
  const { cluster, options } = input;
  if (!isRecord(backend?.service)) return isRecord(backend?.resource) ? 'a backend must be a Service, got a resource' : 'a backend must name a Service';
  const name = String(backend.service.name);
  const ref = `Service/${ingress.namespace}/${name}`;
  const wanted = backend.service.port?.name ?? backend.service.port?.number;
  const service = cluster.service(ingress.namespace, name);
  const base = { kind: 'service' as const, namespace: ingress.namespace, name, port: wanted, missing: 502, empty: 502 };
  if (!service) {
    if (options.complete) return `${ref} does not exist`;
    return { action: { kind: 'forward', targets: [{ origin: at, weight: 1, destination: base, transforms: [] }] }, policies: [] };
  }
  const port = servicePort(service, wanted);
  if (!port) return `${ref} has no port ${wanted}`;
  const problem = reachProblem(service);
  if (problem) return problem;
  const protocol = appProtocol(service, port);
  if (protocol instanceof Error) return `${ref}: ${protocol.message}`;
  const named = backendConfig(service, port, cluster, options);
  if (named instanceof Error) return `${ref}: ${named.message}`;
  const { config, lacking } = named;
  const policies: Policy[] = [];
  if (protocol !== 'HTTP') policies.push({ name: 'upstreamTls', value: `${protocol}, not verified`, origin: { object: service.ref, at: 'metadata.annotations' } });
  if (config) {
    policies.push({ name: 'timeout', value: `${config.spec.timeoutSec ?? 30}s`, origin: { object: config.ref, at: 'spec.timeoutSec' } });
    if (config.spec.iap?.enabled === true) policies.push({ name: 'authentication', value: 'Identity-Aware Proxy', origin: { object: config.ref, at: 'spec.iap' } });
  } else {
    policies.push({ name: 'timeout', value: '30s', origin: at });
  }
  const forward: Action = {
    kind: 'forward',
    targets: [{ origin: at, weight: 1, destination: { ...base, port: port.port, tls: protocol !== 'HTTP' }, transforms: requestHeaders(config) }],
  };
  if (lacking) return { action: { kind: 'assume', assumption: `${lacking} exists, and its health check finds the backends healthy`, then: forward }, policies };
  const check = healthCheck(ingress, service, protocol, config);
  return {
    action: {
      kind: 'choose',
      // Backends that fail their health check get no traffic.
      choose: () => {
        const failing = check && healthProblem(service, port, check, cluster, input.network, input.services);
        return failing ? { kind: 'respond', status: 502, why: `answers 502: the health check fails on every backend (${failing})` } : forward;
      },
    },
    policies,
  };
}

// `Name:Value`, with variables in braces that only the load balancer can fill.
function requestHeaders(config: ReadObject | undefined): Transform[] {
  return listOf(config?.spec.customRequestHeaders?.headers).map(String).filter((each) => each.includes(':')).map((each): Transform => {
    const colon = each.indexOf(':');
    const value = each.slice(colon + 1).trim().split(/(\{[a-z_]+\})/).filter((part) => part !== '').map((part) => (part.startsWith('{') ? { unknown: part.slice(1, -1) } : part));
    return { origin: { object: config!.ref, at: 'spec.customRequestHeaders' }, kind: 'setHeader', name: each.slice(0, colon).trim(), value };
  });
}

// The port of a check is a container's with NEGs, a node's without them.
function healthCheck(ingress: ReadObject, service: ClusterService, protocol: string, config: ReadObject | undefined): HealthCheck | undefined {
  const own = isRecord(config?.spec.healthCheck);
  const check = own ? config!.spec.healthCheck : {};
  const transparent = json(service.object.annotations['networking.gke.io/transparent-health-checker']);
  // A checker on the node answers in the place of the pods.
  if (!own && isRecord(transparent) && transparent.enabled === true) return undefined;
  const neg = json(service.object.annotations['cloud.google.com/neg']);
  const native = (isRecord(neg) && neg.ingress === true) || ['gce-internal', 'gce-regional-external'].includes(ingress.annotations['kubernetes.io/ingress.class']);
  if (check.port !== undefined && !native) return undefined;
  const type = String(check.type ?? protocol);
  return { port: check.port, path: String(check.requestPath ?? '/'), tls: type !== 'HTTP', healthy: (status) => status === 200 };
}

function reachProblem(service: ClusterService): string | undefined {
  if (service.type === 'ExternalName') return `${service.ref} is of type ExternalName, which no load balancer can reach`;
  const neg = json(service.object.annotations['cloud.google.com/neg']);
  if (neg instanceof Error || (neg !== undefined && !isRecord(neg))) return `${service.ref}: annotation cloud.google.com/neg is no JSON object`;
  if (service.type === 'NodePort' || service.type === 'LoadBalancer') return undefined;
  if (neg?.ingress === true) return undefined;
  return `${service.ref} is of type ${service.type} without cloud.google.com/neg {"ingress": true}`;
}

/** The protocol of a Service port, by the port's name. */
export function appProtocol(service: ClusterService, port: ClusterServicePort): string | Error {
  const { annotations } = service.object;
  const text = annotations['service.alpha.kubernetes.io/app-protocols'] ?? annotations['cloud.google.com/app-protocols'];
  const map = json(text);
  if (map === undefined) return 'HTTP';
  if (map instanceof Error || !isRecord(map)) return new Error('annotation cloud.google.com/app-protocols is no JSON object');
  const bad = Object.values(map).find((value) => !PROTOCOLS.includes(value as string));
  if (bad !== undefined) return new Error(`app protocol must be ${PROTOCOLS.join(', ')}, got ${JSON.stringify(bad)}`);
  return port.name !== undefined && typeof map[port.name] === 'string' ? map[port.name] : 'HTTP';
}

function backendConfig(
  service: ClusterService, port: ClusterServicePort, cluster: Cluster, options: TrafficModelOptions,
): { config?: ReadObject; lacking?: string } | Error {
  const { annotations } = service.object;
  const map = json(annotations['cloud.google.com/backend-config'] ?? annotations['beta.cloud.google.com/backend-config']);
  if (map === undefined) return {};
  if (map instanceof Error || !isRecord(map)) return new Error('annotation cloud.google.com/backend-config is no JSON object');
  const name = map.ports?.[port.name ?? ''] ?? map.ports?.[String(port.port)] ?? map.default;
  if (name === undefined) return isRecord(map.ports) || map.default !== undefined ? {} : new Error('annotation cloud.google.com/backend-config names no BackendConfig');
  const found = cluster.find('cloud.google.com', 'BackendConfig', service.namespace, String(name));
  if (found) return { config: found };
  const lacking = `BackendConfig/${service.namespace}/${name}`;
  return options.complete ? new Error(`${lacking} does not exist`) : { lacking };
}

function json(text: string | undefined): any {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
