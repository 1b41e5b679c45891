import { ClusterService, ClusterServicePort } from '../../cluster';
import { Action, Target } from '../../network/action';
import { SystemInput } from '../../network/network';
import { Origin } from '../../network/origin';
import { Request } from '../../network/request';
import { Transform } from '../../network/transform';
import { isRecord, ReadObject, recordsOf } from '../../read/objects';
import { healthProblem } from '../health-check';
import { servicePort } from '../kubernetes';
import { annotation, jsonAnnotation } from './annotations';
import { AlbMember } from './groups';

/** What a backend of an Ingress becomes; a string says why the whole group cannot be built. */
export function backendAction(member: AlbMember, backend: any, at: Origin, input: SystemInput): Action | string {
  const service = backend?.service;
  if (!isRecord(service)) return 'a backend must name a Service';
  const name = String(service.name);
  if (service.port?.name === 'use-annotation') return annotated(member, name, at, input);
  return forward(member, [{ name, port: service.port?.number ?? service.port?.name, weight: 1 }], at, input);
}

function annotated(member: AlbMember, name: string, at: Origin, input: SystemInput): Action | string {
  const { ingress } = member;
  const action = jsonAnnotation(ingress, `actions.${name}`);
  if (action instanceof Error) return `annotation actions.${name} is no JSON`;
  if (action === undefined) return { kind: 'respond', status: 503, why: `answers 503: there is no annotation actions.${name}` };
  switch (action.type) {
    case 'fixed-response': {
      const status = Number(action.fixedresponseconfig?.statuscode);
      return status ? { kind: 'respond', status, why: `answers ${status} by itself` } : `actions.${name}: fixedResponseConfig.statusCode is missing`;
    }
    case 'redirect': return redirect(action.redirectconfig ?? {}, name, at);
    case 'forward': {
      if (action.targetgrouparn || action.targetgroupname) return outside(action.targetgrouparn ?? action.targetgroupname);
      const groups = recordsOf(action.forwardconfig?.targetgroups);
      if (groups.length === 0) return `actions.${name}: forwardConfig.targetGroups is missing`;
      if (groups.length > 1 && groups.some((group) => group.weight === undefined)) return `actions.${name}: with several target groups each needs a weight`;
      if (groups.every((group) => group.targetgrouparn || group.targetgroupname)) return outside(groups[0].targetgrouparn ?? groups[0].targetgroupname);
      return forward(member, groups.map((group) => ({
        name: String(group.servicename), port: group.serviceport, weight: Number(group.weight ?? 1), arn: group.targetgrouparn ?? group.targetgroupname,
      })), at, input);
    }
    default: return `actions.${name}: type must be fixed-response, redirect or forward, got ${action.type}`;
  }
}

function outside(targetGroup: string): Action {
  return { kind: 'unknown', why: `target group ${targetGroup} is made elsewhere` };
}

function redirect(config: Record<string, any>, name: string, at: Origin): Action | string {
  const status = /^HTTP_(30[12])$/.exec(String(config.statuscode))?.[1];
  if (!status) return `actions.${name}: redirectConfig.statusCode must be HTTP_301 or HTTP_302, got ${config.statuscode}`;
  const { protocol, port, host, path, query } = config;
  const to = (request?: Request): Action => ({
    kind: 'redirect',
    status: Number(status),
    scheme: protocol === undefined || protocol === '#{protocol}' ? undefined : String(protocol).toLowerCase(),
    host: host === undefined || host === '#{host}' ? undefined : filled(String(host), request),
    port: port === undefined || port === '#{port}' ? 'keep' : Number(port),
    path: path === undefined || path === '/#{path}' ? undefined : { origin: at, kind: 'replacePath', path: filled(String(path), request) },
    query: query === undefined || query === '#{query}' ? undefined : filled(String(query), request),
  });
  const open = [host, path, query].some((each) => typeof each === 'string' && each.includes('#{') && !['#{host}', '/#{path}', '#{query}'].includes(each));
  return open ? { kind: 'choose', choose: to } : to();
}

function filled(text: string, request: Request | undefined): string {
  if (!request) return text;
  const values: Record<string, string> = { host: request.hostName, path: request.path.replace(/^\//, ''), query: request.query ?? '', port: String(request.port), protocol: request.tls ? 'HTTPS' : 'HTTP' };
  return text.replace(/#\{(host|path|query|port|protocol)\}/g, (_, name: string) => values[name]);
}

function forward(
  { ingress, params }: AlbMember, services: readonly { name: string; port: any; weight: number; arn?: string }[], at: Origin, input: SystemInput,
): Action | string {
  const { cluster } = input;
  const targets: Target[] = [];
  const checks: (() => string | undefined)[] = [];
  for (const { name, port, weight, arn } of services) {
    if (arn) {
      targets.push({ origin: at, weight, destination: { kind: 'unknown', why: `target group ${arn} is made elsewhere` }, transforms: [] });
      continue;
    }
    const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
    const service = cluster.service(ingress.namespace, name);
    if (service && !servicePort(service, number)) return `Service/${ingress.namespace}/${name} has no port ${port}`;
    const targetType = params?.spec.targetType ?? service?.object.annotations['alb.ingress.kubernetes.io/target-type'] ?? annotation(ingress, 'target-type') ?? 'instance';
    if (service && targetType === 'instance' && !['NodePort', 'LoadBalancer'].includes(service.type)) {
      return `Service/${ingress.namespace}/${name} is of type ${service.type}; target-type instance needs NodePort or LoadBalancer`;
    }
    const protocol = service?.object.annotations['alb.ingress.kubernetes.io/backend-protocol'] ?? annotation(ingress, 'backend-protocol') ?? 'HTTP';
    const found = service && servicePort(service, number);
    if (service && found) checks.push(() => unhealthy(ingress, service, found, targetType, input));
    targets.push({
      origin: at,
      weight,
      // Targets are reached without a server name.
      destination: { kind: 'service', namespace: ingress.namespace, name, port: number, missing: 503, empty: 503, refused: 502, tls: protocol === 'HTTPS' },
      transforms: [],
      policies: protocol === 'HTTPS' ? [{ name: 'upstreamTls', value: 'not verified', origin: at }] : [],
    });
  }
  return {
    kind: 'choose',
    // With every target out of service the load balancer sends to all of them.
    choose: () => checks.map((check) => check()).filter((problem) => problem !== undefined).reduce<Action>((then, problem) => ({
      kind: 'assume', assumption: `the load balancer fails open: its health check fails on every target (${problem})`, then,
    }), { kind: 'forward', targets }),
  };
}

function unhealthy(ingress: ReadObject, service: ClusterService, port: ClusterServicePort, targetType: string, input: SystemInput): string | undefined {
  const setting = (key: string) => service.object.annotations[`alb.ingress.kubernetes.io/${key}`] ?? annotation(ingress, key);
  const wanted = setting('healthcheck-port') ?? 'traffic-port';
  // Node ports say nothing about the port of the pods.
  if (targetType === 'instance' && wanted !== 'traffic-port') return undefined;
  const named = wanted === 'traffic-port' || /^\d+$/.test(wanted) ? undefined : servicePort(service, wanted);
  const number = /^\d+$/.test(wanted) ? Number(wanted) : typeof named?.targetPort === 'number' ? named.targetPort : named?.port;
  const codes = setting('success-codes') ?? '200';
  const healthy = (status: number) => codes.split(',').some((range) => {
    const [low, high = low] = range.trim().split('-').map(Number);
    return status >= low && status <= high;
  });
  if ((setting('backend-protocol-version') ?? 'HTTP1') === 'GRPC') return undefined;
  const check = { port: number, path: setting('healthcheck-path') ?? '/', tls: (setting('healthcheck-protocol') ?? 'HTTP') === 'HTTPS', healthy };
  return healthProblem(service, port, check, input.cluster, input.network, input.services);
}

/** `transforms.<service>`: rewrites of path and Host; a string says what is wrong with them. */
export function ruleTransforms(ingress: ReadObject, serviceName: string, at: Origin): Transform[] | string {
  const transforms = jsonAnnotation(ingress, `transforms.${serviceName}`);
  if (transforms === undefined) return [];
  if (!Array.isArray(transforms)) return `annotation transforms.${serviceName} is no JSON list`;
  return recordsOf(transforms).flatMap((transform): Transform[] => {
    const of = transform.type === 'host-header-rewrite' ? 'host' as const : 'path' as const;
    const config = of === 'host' ? transform.hostheaderrewriteconfig : transform.urlrewriteconfig;
    return recordsOf(config?.rewrites).map((rewrite): Transform => ({
      origin: at, kind: 'replaceRegex', regex: String(rewrite.regex), substitution: String(rewrite.replace).replace(/\$(\d)/g, '\\$1'), of,
    }));
  });
}
