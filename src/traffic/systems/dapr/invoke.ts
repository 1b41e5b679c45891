import { accessControlProblem, admits, controlsAccess } from './access-control';
import { normalMethod } from './invocation';
import { DaprWorkload } from './sidecars';
import { Cluster } from '../../cluster';
import { Action, Destination } from '../../network/action';
import { Origin } from '../../network/origin';
import { Request } from '../../network/request';
import { Transform } from '../../network/transform';
import { TrafficModelOptions } from '../../options';
import { listOf, ReadObject, recordsOf } from '../../read/objects';

/** A sidecar, and what it finds in the cluster. */
export interface Daprd {
  readonly sidecar: DaprWorkload;
  /** The applications by `namespace/app-id`; several workloads may share one by mistake. */
  readonly apps: ReadonlyMap<string, readonly DaprWorkload[]>;
  readonly cluster: Cluster;
  readonly options: TrafficModelOptions;
  readonly here: Origin;
}

// What daprd keeps to itself of a connection: an upgrade does not go through.
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/** What becomes of an invocation of `app`, `app.namespace`, an HTTPEndpoint or a URL. */
export function invoke(target: string, rawMethod: string, request: Request, input: Daprd, grpc: boolean): Action {
  const { sidecar, cluster, options, here } = input;
  const method = normalMethod(rawMethod);
  if (method === undefined) return failure(grpc, 400, 'the method holds # or ? or a control character');
  const ownNamespace = sidecar.workload.namespace;
  const endpoint = cluster.find('dapr.io', 'HTTPEndpoint', ownNamespace, target);
  if (endpoint && isInScope(endpoint, sidecar)) return external(String(endpoint.spec.baseUrl ?? ''), method, input, endpoint);
  if (/^https?:\/\//.test(target)) return external(target, method, input);
  const parts = target.split('.');
  if (parts.length > 2) return failure(grpc, 500, `${target} is no application id`);
  const [appId, namespace = ownNamespace] = parts;
  const self = appId === sidecar.appId && namespace === ownNamespace;
  if (!self && !sidecar.managed) return { kind: 'unknown', why: `nothing in the manifests says how a daprd that is started by hand finds ${appId}` };
  const callees = self ? [sidecar] : input.apps.get(`${namespace}/${appId}`) ?? [];
  if (callees.length === 0) {
    if (options.complete) return failure(grpc, 500, `no workload of namespace ${namespace} has dapr.io/app-id ${appId}`);
    const destination: Destination = { kind: 'end', destination: { kind: 'DaprApp', namespace, name: appId }, assumption: `an application ${appId} runs with Dapr in namespace ${namespace}` };
    return deliver(destination, here, [toApplication(method, appId, namespace, input)]);
  }
  const answers = callees.map((callee) => (self ? local(callee, method, input, grpc) : remote(callee, method, request, input, grpc)));
  if (answers.slice(1).some((answer) => JSON.stringify(answer) !== JSON.stringify(answers[0]))) {
    return { kind: 'unknown', why: `${callees.map((callee) => callee.workload.ref).join(' and ')} share app id ${appId}, and treat the call differently` };
  }
  return answers[0];
}

function local(callee: DaprWorkload, method: string, input: Daprd, grpc: boolean): Action {
  if (callee.appPort === undefined) return failure(grpc, 500, `${callee.workload.ref} has no dapr.io/app-port to be called on`);
  return toCallee(callee, method, input);
}

function remote(callee: DaprWorkload, method: string, request: Request, input: Daprd, grpc: boolean): Action {
  const { sidecar, cluster, options } = input;
  const { appId } = callee;
  const { namespace } = callee.workload;
  const assumptions: string[] = [];
  const service = cluster.service(namespace, `${appId}-dapr`);
  if (!service) {
    if (options.complete) return failure(grpc, 500, `there is no Service ${appId}-dapr, which Dapr makes for Deployments and StatefulSets only`);
    assumptions.push(`Service/${namespace}/${appId}-dapr exists`);
  } else if (!service.headless && service.ports.every((port) => port.port !== sidecar.internalPort)) {
    return failure(grpc, 500, `${service.ref} has no port ${sidecar.internalPort}, on which ${sidecar.appId} calls other sidecars`);
  }
  if (callee.internalPort !== sidecar.internalPort) {
    return failure(grpc, 500, `${sidecar.appId} calls port ${sidecar.internalPort} of other sidecars, that of ${appId} listens on ${callee.internalPort}`);
  }
  const configuration = `Configuration/${namespace}/${callee.configName}`;
  if (callee.configName !== undefined && !callee.configuration) {
    if (options.complete) return failure(grpc, 500, `daprd of ${appId} does not start: ${configuration} does not exist`);
    assumptions.push(`${configuration}, which is not in the input, lets ${sidecar.appId} in`);
  }
  const broken = accessControlProblem(callee.configuration);
  if (broken) return failure(grpc, 500, `daprd of ${appId} does not start: ${configuration}: ${broken}`);
  if (callee.appPort === undefined) return failure(grpc, 500, `${callee.workload.ref} has no dapr.io/app-port to be called on`);
  if (controlsAccess(callee.configuration) && sidecar.configName !== undefined && !sidecar.configuration) {
    assumptions.push(`Configuration/${sidecar.workload.namespace}/${sidecar.configName}, which is not in the input, leaves ${sidecar.appId} in trust domain public`);
  }
  const admitted = admits(callee.configuration, {
    appId: sidecar.appId,
    namespace: sidecar.workload.namespace,
    trustDomain: sidecar.configuration?.spec.accessControl?.trustDomain || 'public',
    method: `/${method}`,
    verb: request.method,
    grpc: grpc || /^grpcs?$/i.test(callee.appProtocol),
  });
  const answer = admitted ? toCallee(callee, method, input) : failure(grpc, 403, `access control of ${appId} (${configuration}) lets ${sidecar.appId} not call /${method}`);
  return assuming(answer, assumptions);
}

function toCallee(callee: DaprWorkload, method: string, input: Daprd): Action {
  const { namespace } = callee.workload;
  const transforms = [toApplication(method, callee.appId, namespace, input)];
  if (callee.appToken) transforms.push({ origin: { object: callee.workload.ref, at: callee.workload.at }, kind: 'setHeader', name: 'dapr-api-token', value: [{ unknown: 'from a Secret' }] });
  return deliver({ kind: 'end', destination: { kind: 'DaprApp', namespace, name: callee.appId, port: callee.appPort } }, input.here, transforms);
}

// What the application receives.
function toApplication(method: string, appId: string, namespace: string, { sidecar, here }: Daprd): Transform {
  const left = ['dapr-app-id', ...HOP_BY_HOP, ...(sidecar.apiToken ? ['dapr-api-token'] : [])];
  return {
    origin: here,
    kind: 'custom',
    text: `invokes ${appId} in namespace ${namespace}`,
    apply: (current) => left.reduce((request, name) => request.withoutHeader(name), current.with({ path: `/${method}`, tls: false }))
      .withHeader('dapr-caller-app-id', sidecar.appId).withHeader('dapr-caller-namespace', sidecar.workload.namespace).withHeader('dapr-callee-app-id', appId),
  };
}

// An object that names applications is there for them alone.
function isInScope(object: ReadObject, sidecar: DaprWorkload): boolean {
  const scopes = listOf(object.raw.scopes);
  return scopes.length === 0 || scopes.includes(sidecar.appId);
}

function external(base: string, method: string, { sidecar, here }: Daprd, endpoint?: ReadObject): Action {
  const match = /^(https?):\/\/([^/?#]*)([^?#]*)/.exec(base);
  if (!match) return failure(false, 500, 'baseUrl is no URL');
  const [, scheme, given, path] = match;
  // User and password are nobody's business but the callee's.
  const authority = given.replace(/^[^@]*@/, '');
  const port = /:(\d+)$/.exec(authority);
  const name = authority.replace(/:\d+$/, '');
  const transforms: Transform[] = [{
    origin: here,
    kind: 'custom',
    text: `calls ${scheme}://${authority}`,
    apply: (request) => ['dapr-app-id', ...(sidecar.apiToken ? ['dapr-api-token'] : [])].reduce((current, header) => current.withoutHeader(header), request)
      .with({ host: authority, path: `${path.replace(/\/$/, '')}/${method}`, tls: scheme === 'https' }),
  }];
  recordsOf(endpoint?.spec.headers).forEach((header, i) => transforms.push({
    origin: { object: endpoint!.ref, at: `spec.headers[${i}]` },
    kind: 'setHeader',
    name: String(header.name),
    value: [typeof header.value === 'string' ? header.value : { unknown: 'from a Secret' }],
  }));
  return deliver({ kind: 'end', destination: { kind: 'Host', name, port: port ? Number(port[1]) : scheme === 'https' ? 443 : 80 } }, here, transforms);
}

/** An error that daprd answers; that of a gRPC call has no HTTP status. */
export function failure(grpc: boolean, status: number, why: string): Action {
  return grpc ? { kind: 'respond', why: `answers an error: ${why}` } : { kind: 'respond', status, why: `answers ${status}: ${why}` };
}

export function deliver(destination: Destination, at: Origin, transforms: readonly Transform[] = []): Action {
  return { kind: 'forward', targets: [{ origin: at, weight: 1, destination, transforms }] };
}

export function assuming(action: Action, assumptions: readonly string[]): Action {
  return assumptions.reduce<Action>((then, assumption) => ({ kind: 'assume', assumption, then }), action);
}
