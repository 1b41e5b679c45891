import { TrafficModelOptions } from '../../../src/traffic/options';
import { Outcome, Trace, TrafficRequest } from '../../../src/traffic/trace';
import { TrafficModel } from '../../../src/traffic/traffic-model';

/** An object in few words: `web/shop` is namespace and name. */
export function object(apiVersion: string, kind: string, name: string, spec: any, metadata: any = {}): any {
  const [namespace, own] = name.includes('/') ? name.split('/') : [undefined, name];
  return { apiVersion, kind, metadata: { name: own, ...(namespace ? { namespace } : {}), ...metadata }, spec };
}

export const namespace = (name: string, labels: Record<string, string> = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
export const injected = (name: string) => namespace(name, { 'istio-injection': 'enabled' });

/** A Service and the Deployment behind it; ports are numbers, or name and number. */
export function app(name: string, ports: Record<string, number> | number = 80, extra: any = {}): any[] {
  const named = typeof ports === 'number' ? { http: ports } : ports;
  const own = name.split('/')[1];
  return [
    object('v1', 'Service', name, { selector: { app: own }, ports: Object.entries(named).map(([portName, port]) => ({ name: portName, port, targetPort: 8000 + port % 1000 })), ...extra.service }, extra.metadata),
    object('apps/v1', 'Deployment', name, {
      selector: { matchLabels: { app: own } },
      template: { metadata: { labels: { app: own, ...extra.labels } }, spec: { containers: [{ name: 'app', image: 'app', ports: Object.values(named).map((port) => ({ containerPort: 8000 + port % 1000 })) }], ...extra.pod } },
    }),
  ];
}

/** The pods of an Istio gateway, with the Service that leads to them. */
export function gatewayPods(
  ports: Record<string, [number, number]> = { http2: [80, 8080], https: [443, 8443] }, service: any = {}, annotations: any = {},
): any[] {
  return [
    object('apps/v1', 'Deployment', 'edge/gateway', {
      selector: { matchLabels: { istio: 'ingressgateway' } },
      template: {
        metadata: { labels: { istio: 'ingressgateway' }, annotations: { 'inject.istio.io/templates': 'gateway', ...annotations } },
        spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    }),
    object('v1', 'Service', 'edge/gateway', {
      selector: { istio: 'ingressgateway' }, ports: Object.entries(ports).map(([name, [port, targetPort]]) => ({ name, port, targetPort })), ...service.spec,
    }, service.metadata),
  ];
}

export const NETWORKING = 'networking.istio.io/v1';

export function gateway(name: string, servers: any[], metadata: any = {}): any {
  return object(NETWORKING, 'Gateway', name, { selector: { istio: 'ingressgateway' }, servers }, metadata);
}

/** A server of a Gateway: `80 HTTP a.example.com b.example.com`. */
export function server(text: string, tls?: any): any {
  const [number, protocol, ...hosts] = text.split(' ');
  return { port: { number: Number(number), name: `${protocol.toLowerCase()}-${number}-${hosts[0]}`, protocol }, hosts, ...(tls ? { tls } : {}) };
}

export function virtualService(name: string, hosts: string[], spec: any, metadata: any = {}): any {
  return object(NETWORKING, 'VirtualService', name, { hosts, ...spec }, metadata);
}

/** An http entry that leads to a host. */
export function to(host: string, match?: any[], more: any = {}): any {
  return { ...(match ? { match } : {}), route: [{ destination: { host } }], ...more };
}

export function trace(objects: any[], request: string | TrafficRequest, options: TrafficModelOptions = {}): Trace {
  return TrafficModel.fromObjects(objects, options).trace(typeof request === 'string' ? { url: request } : request);
}

/** What becomes of a request, in a line per outcome: `delivered Service/web/shop:80`, `responded 404 (assumed)`. */
export function answers(objects: any[], request: string | TrafficRequest, options: TrafficModelOptions = {}): string[] {
  return trace(objects, request, options).outcomes.map(line);
}

export function answer(objects: any[], request: string | TrafficRequest, options: TrafficModelOptions = {}): string {
  return answers(objects, request, options).join(' + ');
}

function line(outcome: Outcome): string {
  const { destination } = outcome;
  const where = destination
    ? [destination.kind, destination.namespace, destination.name].filter((each) => each !== undefined).join('/') + (destination.port ? `:${destination.port}` : '') + (destination.subset ? ` ${destination.subset}` : '')
    : outcome.location ?? '';
  return [
    outcome.kind, outcome.status, where, outcome.share === 1 ? '' : `${Number((outcome.share * 100).toFixed(1))}%`,
    outcome.certainty === 'certain' || outcome.kind === 'undetermined' ? '' : `(${outcome.certainty})`,
  ].filter((part) => part !== '' && part !== undefined).join(' ');
}

/** The only outcome of a request. */
export function only(objects: any[], request: string | TrafficRequest, options: TrafficModelOptions = {}): Outcome {
  const { outcomes } = trace(objects, request, options);
  expect(outcomes).toHaveLength(1);
  return outcomes[0];
}
