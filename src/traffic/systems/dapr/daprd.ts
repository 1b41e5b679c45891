import { accessControlProblem } from './access-control';
import { servesGrpc, servesHttp } from './api-lists';
import { HTTP_ENDPOINTS, HttpEndpoint } from './http-endpoints';
import { cleanPath, invocationOf } from './invocation';
import { assuming, Daprd, deliver, failure, invoke } from './invoke';
import { DaprWorkload } from './sidecars';
import { Action, Destination } from '../../network/action';
import { Filter, Handling, Hop, Listener } from '../../network/hop';
import { Origin, within } from '../../network/origin';
import { Request } from '../../network/request';
import { TrafficModelOptions } from '../../options';

/** A sidecar as what stands on a pod, or on its loopback. */
export function daprd(input: Daprd, loopback: boolean): Hop {
  const { sidecar, here, options } = input;
  const ports = loopback || sidecar.listensOnPods ? [sidecar.httpPort, sidecar.grpcPort] : [];
  if (sidecar.publicPort !== undefined) ports.push(sidecar.publicPort);
  const missing = sidecar.configName !== undefined && !sidecar.configuration
    ? [`${sidecar.managed ? `Configuration/${sidecar.workload.namespace}/${sidecar.configName}` : `the file ${sidecar.configName}`}, which is not in the input, leaves daprd's API as it comes`]
    : [];
  const broken = startProblem(sidecar, options);
  const listener = (port: number): Listener | undefined => {
    if (!ports.includes(port)) return undefined;
    if (broken) return { origin: here, chains: [{ origin: here, tls: 'none', handling: { kind: 'tcp', action: { kind: 'refuse', why: `daprd does not start: ${broken}` } } }] };
    const choose = port === sidecar.publicPort
      ? (request: Request) => publicApi(request, input, port)
      : port === sidecar.httpPort
        ? (request: Request) => assuming(httpApi(request, input), missing)
        : (request: Request) => assuming(grpcApi(request, input), missing);
    return { origin: here, chains: [{ origin: here, tls: 'none', handling: handling(here, choose, sidecar, port) }] };
  };
  return { origin: here, title: `daprd of ${sidecar.appId}`, listener, ports: () => ports };
}

/** What keeps a sidecar from starting, or undefined. */
export function startProblem(sidecar: DaprWorkload, options: TrafficModelOptions): string | undefined {
  const name = `Configuration/${sidecar.workload.namespace}/${sidecar.configName}`;
  if (sidecar.managed && sidecar.configName !== undefined && !sidecar.configuration && options.complete) return `${name} does not exist`;
  const problem = accessControlProblem(sidecar.configuration);
  return problem && `${name}: ${problem}`;
}

function handling(here: Origin, choose: (request: Request) => Action, sidecar: DaprWorkload, port: number): Handling {
  const at = within(here, 'metadata.annotations');
  const token: Filter = {
    check: (request) => {
      if (!sidecar.apiToken || port === sidecar.publicPort) return undefined;
      if (port === sidecar.httpPort && request.method === 'GET' && /^\/v1\.0\/healthz(\/outbound)?$/.test(request.path)) return undefined;
      if (request.header('dapr-api-token') !== undefined) return { policy: { name: 'authentication', value: 'dapr-api-token', origin: at } };
      // Refused calls of the gRPC port have no status, see below.
      return port === sidecar.grpcPort ? undefined : { answer: { status: 401, why: 'answers 401: daprd asks for dapr-api-token' }, origin: at };
    },
  };
  return { kind: 'tcp', action: { kind: 'choose', choose }, filters: [token], answers: true };
}

function ownApi({ sidecar, here }: Daprd, port: number, name: string): Action {
  const destination: Destination = { kind: 'end', destination: { kind: 'DaprApi', namespace: sidecar.workload.namespace, name: sidecar.appId, port } };
  return { kind: 'explain', origin: here, does: `daprd's own API takes it (${name})`, then: deliver(destination, here) };
}

// Health and metadata alone, for probes; it asks for no token.
function publicApi(request: Request, input: Daprd, port: number): Action {
  const path = cleanPath(request.path);
  const endpoint = HTTP_ENDPOINTS.find((each) => (each.group === 'healthz' || each.name === 'GetMetadata') && endpointMatches(each, path, request.method));
  return endpoint ? ownApi(input, port, endpoint.name) : { kind: 'respond', status: 404, why: `answers 404: port ${port} serves health and metadata only` };
}

// The fixed routes of the API come first; what none of them takes is an invocation.
function httpApi(request: Request, input: Daprd): Action {
  const { configuration, httpPort } = input.sidecar;
  const path = cleanPath(request.path);
  const endpoint = HTTP_ENDPOINTS.find((each) => endpointMatches(each, path, request.method) && servesHttp(configuration, each));
  if (endpoint && endpoint.group !== 'invoke') return ownApi(input, httpPort, endpoint.name);
  const fallback = HTTP_ENDPOINTS.find((each) => each.group === 'invoke')!;
  if (!servesHttp(configuration, fallback)) {
    const known = HTTP_ENDPOINTS.some((each) => endpointMatches({ ...each, methods: [] }, path, request.method) && servesHttp(configuration, each));
    if (known) return { kind: 'respond', status: 405, why: `answers 405: the API has this path, but not for ${request.method}` };
    return { kind: 'respond', status: 404, why: 'answers 404: the invoke API is closed, and no other API has this path' };
  }
  const invocation = invocationOf(request);
  if (!invocation) return { kind: 'respond', status: 404, why: 'answers 404: the request names no application (dapr-app-id)' };
  return invoke(invocation.target, invocation.method, request, input, false);
}

function grpcApi(request: Request, input: Daprd): Action {
  const { sidecar } = input;
  if (!request.grpc) return { kind: 'refuse', why: `port ${sidecar.grpcPort} speaks gRPC only` };
  if (sidecar.apiToken && request.header('dapr-api-token') === undefined) return failure(true, 401, 'daprd asks for dapr-api-token');
  const api = /^\/dapr\.proto\.runtime\.[^/]*\/(.*)$/.exec(request.path);
  if (api) return servesGrpc(sidecar.configuration, api[1]) ? ownApi(input, sidecar.grpcPort, api[1]) : failure(true, 404, 'Unimplemented: this API is closed');
  const target = request.header('dapr-callee-app-id') ?? request.header('dapr-app-id');
  if (!target) return failure(true, 404, 'the request names no application (dapr-app-id)');
  return invoke(target, request.path.replace(/^\//, ''), request, input, true);
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
