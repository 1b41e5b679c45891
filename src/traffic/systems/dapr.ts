import { Cluster, ClusterService, Workload } from '../cluster';
import { Action, Destination } from '../network/action';
import { Filter, Handling, Hop, Listener } from '../network/hop';
import { HostTable } from '../network/host-table';
import { SystemInput } from '../network/network';
import { origin, Origin, within } from '../network/origin';
import { Request } from '../network/request';
import { RouteTable } from '../network/route-table';
import { Transform } from '../network/transform';
import { TrafficModelOptions } from '../options';
import { ReadObject } from '../read/objects';
import { admits } from './dapr/access-control';
import { grpcGroup, servesGrpc, servesHttp } from './dapr/api-lists';
import { HTTP_ENDPOINTS, HttpEndpoint } from './dapr/http-endpoints';
import { cleanPath, invocationOf, normalMethod } from './dapr/invocation';

const HTTP_PORT = 3500;
const PUBLIC_PORT = 3501;

/** An application with a Dapr sidecar. */
export interface DaprWorkload {
  readonly workload: Workload;
  readonly appId: string;
  readonly appPort?: number;
  readonly grpcPort: number;
  readonly listensOnPods: boolean;
  /** The name that it gives for its Configuration. */
  readonly configName?: string;
  readonly configuration?: ReadObject;
  readonly apiToken: boolean;
}

/** Sidecars of Dapr: their own API, and invocation of applications. */
export function dapr({ cluster, options, network }: SystemInput): void {
  const sidecars = new Map<string, DaprWorkload>();
  for (const workload of cluster.workloads) {
    const read = readDaprWorkload(workload, cluster);
    if (!read) continue;
    sidecars.set(workload.ref, read);
    const service = generatedService(read);
    if (service && !cluster.service(service.namespace, service.name)) cluster.addGenerated(service);
  }
  const apps = new Map([...sidecars.values()].map((each) => [`${each.workload.namespace}/${each.appId}`, each]));
  const hops = new Map<string, Hop>();
  network.onPods((workload, port) => {
    const sidecar = sidecars.get(workload.ref);
    if (!sidecar || ![HTTP_PORT, PUBLIC_PORT, sidecar.grpcPort].includes(port)) return undefined;
    let hop = hops.get(workload.ref);
    if (!hop) hops.set(workload.ref, hop = daprd(sidecar, apps, cluster, options));
    return hop;
  });
}

const TRUE = /^(y|yes|true|t|on|1)$/i;

/** Reads what the injector reads from the pod template; undefined for pods without a sidecar. */
export function readDaprWorkload(workload: Workload, cluster: Cluster): DaprWorkload | undefined {
  const annotation = (key: string) => workload.podAnnotations[`dapr.io/${key}`];
  if (!TRUE.test(annotation('enabled') ?? '')) return undefined;
  const configName = annotation('config');
  const number = (key: string) => (/^\d+$/.test(annotation(key) ?? '') ? Number(annotation(key)) : undefined);
  const addresses = (annotation('sidecar-listen-addresses') ?? '[::1],127.0.0.1').split(',').map((each) => each.trim());
  return {
    workload,
    appId: annotation('app-id') || workload.name,
    appPort: number('app-port') || undefined,
    grpcPort: number('grpc-port') ?? 50001,
    listensOnPods: addresses.some((address) => !/^(127\.|\[?::1\]?$|localhost$)/.test(address)),
    configName,
    configuration: configName === undefined ? undefined : cluster.find('dapr.io', 'Configuration', workload.namespace, configName),
    apiToken: annotation('api-token-secret') !== undefined,
  };
}

// The operator makes it for workloads that it watches, whatever the application's port.
function generatedService({ workload, appId, grpcPort }: DaprWorkload): ClusterService | undefined {
  if (!['Deployment', 'StatefulSet'].includes(workload.kind) || !/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(appId) || appId.length > 58) return undefined;
  const selector = workload.object.spec.selector?.matchLabels ?? workload.podLabels;
  const ports = [['dapr-http', 80, HTTP_PORT], ['dapr-grpc', grpcPort, grpcPort], ['dapr-internal', 50002, 50002], ['dapr-metrics', 9090, 9090]] as const;
  const name = `${appId}-dapr`;
  return {
    object: { ...workload.object, kind: 'Service', group: '', name, ref: `Service/${workload.namespace}/${name}`, annotations: {} },
    ref: `Service/${workload.namespace}/${name}`,
    namespace: workload.namespace,
    name,
    type: 'ClusterIP',
    headless: true,
    ports: ports.map(([port, number, targetPort], index) => ({ name: port, port: number, targetPort, protocol: 'TCP', index })),
    selector,
  };
}

function daprd(sidecar: DaprWorkload, apps: ReadonlyMap<string, DaprWorkload>, cluster: Cluster, options: TrafficModelOptions): Hop {
  const here = origin(sidecar.workload.ref, sidecar.workload.at);
  const listener = (port: number): Listener | undefined => {
    if (port !== PUBLIC_PORT && !sidecar.listensOnPods) return undefined;
    const choose = port === PUBLIC_PORT
      ? () => publicApi(sidecar)
      : port === HTTP_PORT
        ? (request: Request) => httpApi(request, sidecar, apps, cluster, options, here)
        : (request: Request) => grpcApi(request, sidecar, apps, cluster, options, here);
    return { origin: here, chains: [{ origin: here, tls: 'none', handling: handling(here, choose, sidecar, port) }] };
  };
  return { origin: here, title: `daprd of ${sidecar.appId}`, listener, ports: () => [HTTP_PORT, PUBLIC_PORT, sidecar.grpcPort] };
}

function handling(here: Origin, choose: (request: Request) => Action, sidecar: DaprWorkload, port: number): Handling {
  const hosts = new HostTable({ wildcard: 'any' });
  const noRoute = { status: 404, why: 'daprd knows no such path' };
  hosts.add('*', {
    origin: here,
    noRoute,
    routes: new RouteTable([{
      origin: here, match: { path: { kind: 'any' }, values: [] }, action: { kind: 'choose', choose }, transforms: [], policies: [], rank: { tier: 0, block: 0, index: 0 },
    }]),
  });
  const token: Filter = {
    check: (request) => {
      if (!sidecar.apiToken || port === PUBLIC_PORT || /^\/v1\.0\/healthz(\/outbound)?$/.test(request.path)) return undefined;
      const at = within(here, 'metadata.annotations');
      if (request.header('dapr-api-token') === undefined) return { answer: { status: 401, why: 'answers 401: daprd asks for dapr-api-token' }, origin: at };
      return { policy: { name: 'authentication', value: 'dapr-api-token', origin: at } };
    },
  };
  return { kind: 'http', http: { hosts, noHost: noRoute, filters: [token] } };
}

function publicApi(sidecar: DaprWorkload): Action {
  return deliver({ kind: 'end', destination: { kind: 'DaprApi', namespace: sidecar.workload.namespace, name: sidecar.appId, port: PUBLIC_PORT } }, origin(sidecar.workload.ref));
}

// The fixed routes of the API come first; what none of them takes is an invocation.
function httpApi(request: Request, sidecar: DaprWorkload, apps: ReadonlyMap<string, DaprWorkload>, cluster: Cluster, options: TrafficModelOptions, here: Origin): Action {
  const path = cleanPath(request.path);
  const endpoint = HTTP_ENDPOINTS.find((each) => endpointMatches(each, path, request.method) && servesHttp(sidecar.configuration, each));
  const missing = sidecar.configName !== undefined && !sidecar.configuration
    ? [`Configuration/${sidecar.workload.namespace}/${sidecar.configName}, which is not in the input, leaves daprd's API as it comes`]
    : [];
  if (endpoint && endpoint.group !== 'invoke') {
    const api: Action = deliver({
      kind: 'end',
      destination: { kind: 'DaprApi', namespace: sidecar.workload.namespace, name: sidecar.appId, port: HTTP_PORT },
    }, within(here, `api ${endpoint.name}`));
    return assuming(api, missing);
  }
  const invoke = HTTP_ENDPOINTS.find((each) => each.group === 'invoke')!;
  if (!servesHttp(sidecar.configuration, invoke)) {
    const known = HTTP_ENDPOINTS.some((each) => endpointMatches({ ...each, methods: [] }, path, request.method) && servesHttp(sidecar.configuration, each));
    if (known) return { kind: 'respond', status: 405, why: `answers 405: the API has this path, but not for ${request.method}` };
    return { kind: 'respond', status: 404, why: 'answers 404: the invoke API is closed, and no other API has this path' };
  }
  const invocation = invocationOf(request);
  if (!invocation) return { kind: 'respond', status: 404, why: 'answers 404: the request names no application (dapr-app-id)' };
  return invocationAction(invocation.target, invocation.method, request, sidecar, apps, cluster, options, here, false);
}

function grpcApi(request: Request, sidecar: DaprWorkload, apps: ReadonlyMap<string, DaprWorkload>, cluster: Cluster, options: TrafficModelOptions, here: Origin): Action {
  const api = /^\/dapr\.proto\.runtime\.[^/]*\/(.*)$/.exec(request.path);
  if (api) {
    if (!servesGrpc(sidecar.configuration, grpcGroup(api[1]))) return { kind: 'respond', why: 'answers Unimplemented: this API is closed' };
    return deliver({ kind: 'end', destination: { kind: 'DaprApi', namespace: sidecar.workload.namespace, name: sidecar.appId, port: sidecar.grpcPort } }, here);
  }
  const target = request.header('dapr-callee-app-id') ?? request.header('dapr-app-id');
  if (!target) return { kind: 'respond', why: 'answers an error: the request names no application (dapr-app-id)' };
  return invocationAction(target, request.path.replace(/^\//, ''), request, sidecar, apps, cluster, options, here, true);
}

function invocationAction(
  target: string, rawMethod: string, request: Request, sidecar: DaprWorkload, apps: ReadonlyMap<string, DaprWorkload>, cluster: Cluster,
  options: TrafficModelOptions, here: Origin, grpc: boolean,
): Action {
  const method = normalMethod(rawMethod);
  if (method === undefined) return { kind: 'respond', status: 400, why: 'answers 400: the method holds # or ? or a control character' };
  const { namespace: ownNamespace } = sidecar.workload;
  const endpoint = cluster.find('dapr.io', 'HTTPEndpoint', ownNamespace, target);
  if (endpoint) return external(String(endpoint.spec.baseUrl ?? ''), method, here);
  if (/^https?:\/\//.test(target)) return external(target, method, here);
  const parts = target.split('.');
  if (parts.length > 2) return { kind: 'respond', status: 500, why: `answers 500: ${target} is no application id` };
  const [appId, namespace = ownNamespace] = parts;
  const callee = apps.get(`${namespace}/${appId}`);
  const transforms: Transform[] = [{
    origin: here,
    kind: 'custom',
    text: `invokes ${appId} in namespace ${namespace}`,
    apply: (current) => current.with({ path: `/${method}`, tls: false }).withoutHeader('dapr-app-id').withHeader('dapr-caller-app-id', sidecar.appId)
      .withHeader('dapr-caller-namespace', ownNamespace).withHeader('dapr-callee-app-id', appId),
  }];
  const destination: Destination = { kind: 'end', destination: { kind: 'DaprApp', namespace, name: appId, port: callee?.appPort } };
  const self = appId === sidecar.appId && namespace === ownNamespace;
  if (!callee && !self) {
    if (options.complete) return { kind: 'respond', status: 500, why: `answers 500: no workload of namespace ${namespace} has dapr.io/app-id ${appId}` };
    return deliver({ ...destination, assumption: `an application ${appId} runs with Dapr in namespace ${namespace}` }, here, transforms);
  }
  const app = callee ?? sidecar;
  if (app.appPort === undefined) {
    return { kind: 'respond', status: 500, why: `answers 500: ${app.workload.ref} has no dapr.io/app-port to be called on` };
  }
  const assumptions: string[] = [];
  if (!self && !['Deployment', 'StatefulSet'].includes(app.workload.kind) && !cluster.service(namespace, `${appId}-dapr`)) {
    if (options.complete) return { kind: 'respond', status: 500, why: `answers 500: there is no Service ${appId}-dapr, which Dapr makes for Deployments and StatefulSets only` };
    assumptions.push(`Service/${namespace}/${appId}-dapr exists`);
  }
  if (!self) {
    const call = { appId: sidecar.appId, namespace: ownNamespace, trustDomain: trustDomainOf(sidecar), method: `/${method}`, verb: request.method, grpc };
    if (!admits(app.configuration, call)) {
      return { kind: 'respond', status: 403, why: `answers 403: access control of ${appId} (Configuration/${namespace}/${app.configName}) lets ${sidecar.appId} not call /${method}` };
    }
    if (app.configName !== undefined && !app.configuration) assumptions.push(`Configuration/${namespace}/${app.configName}, which is not in the input, lets ${sidecar.appId} in`);
  }
  return assuming(deliver(destination, here, transforms), assumptions);
}

function trustDomainOf(sidecar: DaprWorkload): string {
  return sidecar.configuration?.spec.accessControl?.trustDomain || 'public';
}

function external(base: string, method: string, here: Origin): Action {
  const match = /^(https?):\/\/([^/?#]*)([^?#]*)/.exec(base);
  if (!match) return { kind: 'respond', status: 500, why: 'answers 500: baseUrl is no URL' };
  const [, scheme, given, path] = match;
  // User and password are nobody's business but the callee's.
  const authority = given.replace(/^[^@]*@/, '');
  const port = /:(\d+)$/.exec(authority);
  const name = authority.replace(/:\d+$/, '');
  const transforms: Transform[] = [{
    origin: here,
    kind: 'custom',
    text: `calls ${scheme}://${authority}`,
    apply: (request) => request.with({ host: authority, path: `${path.replace(/\/$/, '')}/${method}`, tls: scheme === 'https' }).withoutHeader('dapr-app-id'),
  }];
  return deliver({ kind: 'end', destination: { kind: 'Host', name, port: port ? Number(port[1]) : scheme === 'https' ? 443 : 80 } }, here, transforms);
}

function deliver(destination: Destination, at: Origin, transforms: readonly Transform[] = []): Action {
  return { kind: 'forward', targets: [{ origin: at, weight: 1, destination, transforms }] };
}

function assuming(action: Action, assumptions: readonly string[]): Action {
  return assumptions.reduce<Action>((then, assumption) => ({ kind: 'assume', assumption, then }), action);
}

function endpointMatches(endpoint: HttpEndpoint, path: string, method: string): boolean {
  if (endpoint.methods.length > 0 && !endpoint.methods.includes(method.toUpperCase())) return false;
  const pattern = `${endpoint.version}/${endpoint.route}`.split('/');
  const parts = path.replace(/^\//, '').replace(/\/$/, '').split('/');
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '*') return true;
    if (i >= parts.length) return false;
    if (pattern[i].startsWith('{') ? parts[i] === '' : pattern[i] !== parts[i]) return false;
  }
  return parts.length === pattern.length;
}

