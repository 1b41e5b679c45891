import { byCreation } from './registry';
import { Cluster } from '../../cluster';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** What Istio makes of the Ingresses of its class: Gateways and VirtualServices, one of these a host. */
export interface IngressObjects {
  readonly gateways: readonly ReadObject[];
  readonly virtualServices: readonly ReadObject[];
}

/** Reads Ingresses of class `istio`, or of an IngressClass that Istio controls. */
export function readIngresses(cluster: Cluster): IngressObjects {
  const ingresses = cluster.all('networking.k8s.io', 'Ingress').filter((ingress) => isIstios(ingress, cluster)).sort(byCreation);
  const gateways = ingresses.map((ingress) => gatewayOf(ingress));
  const byHost = new Map<string, { ingress: ReadObject; entries: { entry: any; rank: [number, number] }[] }>();
  for (const ingress of ingresses) {
    for (const rule of listOf(ingress.spec.rules).filter(isRecord)) {
      const host = typeof rule.host === 'string' && rule.host !== '' ? rule.host : '*';
      const known = byHost.get(host) ?? { ingress, entries: [] };
      for (const path of recordsOf(rule.http?.paths)) known.entries.push(...entriesOf(path));
      byHost.set(host, known);
    }
    if (isRecord(ingress.spec.defaultBackend)) {
      const known = byHost.get('*') ?? { ingress, entries: [] };
      known.entries.push(...entriesOf({ path: '/', pathType: 'Prefix', backend: ingress.spec.defaultBackend }));
      byHost.set('*', known);
    }
  }
  const names = gateways.map((gateway) => `${gateway.namespace}/${gateway.name}`);
  const virtualServices = [...byHost].map(([host, { ingress, entries }]): ReadObject => ({
    ...ingress,
    spec: { hosts: [host], gateways: names, http: entries.sort((a, b) => a.rank[0] - b.rank[0] || b.rank[1] - a.rank[1]).map((each) => each.entry) },
  }));
  return { gateways, virtualServices };
}

function isIstios(ingress: ReadObject, cluster: Cluster): boolean {
  const byAnnotation = ingress.annotations['kubernetes.io/ingress.class'];
  if (byAnnotation !== undefined) return byAnnotation === 'istio';
  const ingressClass = cluster.find('networking.k8s.io', 'IngressClass', '', String(ingress.spec.ingressClassName ?? ''));
  return ingressClass?.spec.controller === 'istio.io/ingress-controller';
}

function gatewayOf(ingress: ReadObject): ReadObject {
  const tls = recordsOf(ingress.spec.tls);
  return {
    ...ingress,
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        ...tls.map((entry, i) => ({
          port: { number: 443, name: `https-443-${i}`, protocol: 'HTTPS' },
          hosts: listOf(entry.hosts).length > 0 ? entry.hosts : ['*'],
          tls: { mode: 'SIMPLE', credentialName: entry.secretName },
        })),
        { port: { number: 80, name: 'http-80', protocol: 'HTTP' }, hosts: ['*'] },
      ],
    },
  };
}

// Exact paths first, then longer before shorter.
function entriesOf(path: Record<string, any>): { entry: any; rank: [number, number] }[] {
  const service = path.backend?.service;
  if (!isRecord(service)) return [];
  const text = typeof path.path === 'string' && path.path !== '' ? path.path : '/';
  const route = [{ destination: { host: `${service.name}`, port: { number: service.port?.number } } }];
  const match = path.pathType === 'Exact'
    ? [{ uri: { exact: text } }]
    : text === '/' || path.pathType !== 'Prefix'
      ? [text.endsWith('*') ? { uri: { prefix: text.slice(0, -1) } } : path.pathType === 'Prefix' ? { uri: { prefix: text } } : { uri: { exact: text } }]
      : [{ uri: { exact: text.replace(/\/$/, '') } }, { uri: { prefix: `${text.replace(/\/$/, '')}/` } }];
  return [{ entry: { match, route }, rank: [path.pathType === 'Exact' ? 0 : 1, text.length] }];
}
