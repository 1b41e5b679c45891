import { TrafficModelOptions } from '../../src/traffic/options';
import { Outcome, Trace, TrafficRequest } from '../../src/traffic/trace';
import { TrafficModel } from '../../src/traffic/traffic-model';

/** An object in few words: `web/shop` is namespace and name, `shop` that of a cluster kind. */
export function object(apiVersion: string, kind: string, name: string, spec: any = {}, metadata: any = {}): any {
  const [space, own] = name.includes('/') ? name.split('/') : [undefined, name];
  return { apiVersion, kind, metadata: { name: own, ...(space ? { namespace: space } : {}), ...metadata }, spec };
}

export function namespace(name: string, labels: Record<string, string> = {}): any {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A Service that selects `app: <name>`; ports are `80`, `80:8080` or `name:80:8080`. */
export function service(name: string, ports: readonly (number | string)[] = [80], spec: any = {}, annotations: any = {}): any {
  const read = ports.map((text, i) => {
    const parts = String(text).split(':');
    const [portName, port, target] = parts.length === 3 ? parts : [`port-${i}`, ...parts];
    return { name: portName, port: Number(port), ...(target === undefined ? {} : { targetPort: /^\d+$/.test(target) ? Number(target) : target }) };
  });
  return object('v1', 'Service', name, { selector: { app: name.split('/')[1] }, ports: read, ...spec }, { annotations });
}

export interface PodOptions {
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
  readonly ports?: readonly any[];
  readonly kind?: string;
  readonly spec?: any;
  readonly podSpec?: any;
}

/** A workload whose pods carry `app: <name>`. */
export function deployment(name: string, options: PodOptions = {}): any {
  const labels = options.labels ?? { app: name.split('/')[1] };
  const ports = (options.ports ?? []).map((port) => (typeof port === 'number' ? { containerPort: port } : port));
  return object('apps/v1', options.kind ?? 'Deployment', name, {
    selector: { matchLabels: labels },
    template: { metadata: { labels, annotations: options.annotations }, spec: { containers: [{ name: 'main', image: 'example.com/app:1', ports }], ...options.podSpec } },
    ...options.spec,
  });
}

/** A Service on port 80 with a Deployment that listens on 8080. */
export function app(name: string, options: PodOptions & { readonly annotated?: any; readonly serviceSpec?: any } = {}): any[] {
  return [service(name, ['http:80:8080'], options.serviceSpec, options.annotated), deployment(name, { ports: [8080], ...options })];
}

/** An HTTPProxy; with a host name it is a root. */
export function httpProxy(name: string, fqdn: string | undefined, spec: any, metadata: any = {}): any {
  return object('projectcontour.io/v1', 'HTTPProxy', name, { ...(fqdn === undefined ? {} : { virtualhost: { fqdn, ...spec.virtualhost } }), ...omit(spec, 'virtualhost') }, metadata);
}

/** A route of an HTTPProxy: `/cart shop:80 70, next:80 30`. */
export function route(text: string, more: any = {}): any {
  const [prefix, ...rest] = text.split(' ');
  const services = rest.join(' ').split(',').map((each) => each.trim()).filter((each) => each !== '').map((each) => {
    const [target, weight] = each.split(' ');
    const [name, port] = target.split(':');
    return { name, port: Number(port ?? 80), ...(weight === undefined ? {} : { weight: Number(weight) }) };
  });
  return { conditions: [{ prefix }], ...(services.length > 0 ? { services } : {}), ...more };
}

function omit(value: any, key: string): any {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

const pem = (label: string) => `-----BEGIN ${label}-----\nQUJD\n-----END ${label}-----\n`;

/** A Secret that holds a certificate and its key. */
export function tlsSecret(name: string, data: any = { 'tls.crt': pem('CERTIFICATE'), 'tls.key': pem('PRIVATE KEY') }, type = 'kubernetes.io/tls'): any {
  const [ns, own] = name.split('/');
  return { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: ns, name: own }, type, stringData: data };
}

export const caData = { 'ca.crt': pem('CERTIFICATE') };

/** What a model of the objects says of a request. */
export function trace(objects: readonly any[], request: TrafficRequest | string, options: TrafficModelOptions = {}): Trace {
  return TrafficModel.fromObjects([...objects], options).trace(typeof request === 'string' ? { url: request } : request);
}

/** The only outcome. */
export function outcome(objects: readonly any[], request: TrafficRequest | string, options: TrafficModelOptions = {}): Outcome {
  const { outcomes } = trace(objects, request, options);
  expect(outcomes).toHaveLength(1);
  return outcomes[0];
}

/** Outcomes in short: `delivered Service/web/shop:80`, `404`, `301 https://…`, `refused`; with the share, and `?` where assumed. */
export function short(objects: readonly any[], request: TrafficRequest | string, options: TrafficModelOptions = {}): string {
  return trace(objects, request, options).outcomes.map((each) => {
    const share = each.share === 1 ? '' : `${Math.round(each.share * 100)}% `;
    return `${share}${ending(each)}${each.certainty === 'assumed' ? ' ?' : ''}`;
  }).sort().join(', ');
}

function ending(each: Outcome): string {
  const to = each.destination;
  switch (each.kind) {
    case 'delivered': return `${to!.kind === 'Service' ? '' : `${to!.kind} `}${to!.namespace ? `${to!.namespace}/` : ''}${to!.name}${to!.port === undefined ? '' : `:${to!.port}`}${each.request!.scheme === 'https' ? ' tls' : ''}`;
    case 'redirected': return `${each.status} ${each.location}`;
    case 'responded': return each.status === undefined ? 'answered' : String(each.status);
    default: return each.kind;
  }
}
