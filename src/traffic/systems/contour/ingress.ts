import { MergedConditions } from './conditions';
import { ProxyRoute } from './httpproxy';
import { classOf, takes } from './ingress-class';
import { unresolvedReason } from './services';
import { lookUpSecret } from './tls';
import { Cluster } from '../../cluster';
import { origin, Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** The routes that Ingresses add to a virtual host of Contour. */
export interface IngressHost {
  readonly origin: Origin;
  readonly host: string;
  readonly routes: readonly ProxyRoute[];
  readonly tls: boolean;
  /** Whether requests in the clear are sent to https. */
  readonly redirect: boolean;
  readonly assumptions: readonly string[];
}

/** Reads the Ingresses that Contour takes. */
export function readIngresses(cluster: Cluster, options: TrafficModelOptions): IngressHost[] {
  return cluster.all('networking.k8s.io', 'Ingress').filter((ingress) => isContours(ingress, cluster, options)).flatMap((ingress) => read(ingress, cluster, options));
}

// An Ingress without a class is Contour's only where nothing else in the input is its controller.
function isContours(ingress: ReadObject, cluster: Cluster, options: TrafficModelOptions): boolean {
  const name = classOf(ingress);
  const ingressClass = cluster.find('networking.k8s.io', 'IngressClass', '', name);
  if (ingressClass && ingressClass.spec.controller === 'projectcontour.io/ingress-controller') return takes(ingress, options.contour?.ingressClassNames ?? [name, '']);
  if (name === '' && !options.contour?.ingressClassNames) return cluster.all('projectcontour.io', 'HTTPProxy').length > 0;
  return takes(ingress, options.contour?.ingressClassNames);
}

function read(ingress: ReadObject, cluster: Cluster, options: TrafficModelOptions): IngressHost[] {
  const here = origin(ingress.ref);
  const rules = listOf(ingress.spec.rules).filter(isRecord).map((rule, i) => ({ rule, at: within(here, `spec.rules[${i}]`) }));
  if (isRecord(ingress.spec.defaultBackend)) {
    rules.unshift({ rule: { http: { paths: [{ path: '/', pathType: 'Prefix', backend: ingress.spec.defaultBackend }] } }, at: within(here, 'spec.defaultBackend') });
  }
  return rules.map(({ rule, at }) => {
    const host = typeof rule.host === 'string' && rule.host !== '' ? rule.host.toLowerCase() : '*';
    const tls = listOf(ingress.spec.tls).filter(isRecord).find((entry) => listOf(entry.hosts).map((each) => String(each).toLowerCase()).includes(host));
    const secret = tls && typeof tls.secretName === 'string' ? lookUpSecret(tls.secretName, ingress.namespace, cluster, options) : undefined;
    const secured = secret !== undefined && secret.kind !== 'bad';
    return {
      origin: at,
      host,
      routes: listOf(rule.http?.paths).filter(isRecord).flatMap((path, i) => routes(ingress, path, within(at, `http.paths[${i}]`), cluster, options)),
      tls: secured,
      redirect: secured && (ingress.annotations['ingress.kubernetes.io/force-ssl-redirect'] === 'true' || ingress.annotations['kubernetes.io/ingress.allow-http'] === 'false'),
      assumptions: secret?.kind === 'assumed' ? [secret.assumption] : [],
    };
  });
}

function routes(ingress: ReadObject, path: Record<string, any>, at: Origin, cluster: Cluster, options: TrafficModelOptions): ProxyRoute[] {
  const service = path.backend?.service;
  if (!isRecord(service)) return [];
  const port = service.port?.number ?? service.port?.name;
  if (unresolvedReason(ingress.namespace, String(service.name), port, cluster, options)) return [];
  const text = typeof path.path === 'string' && path.path !== '' ? path.path : '/';
  return matches(text, path.pathType).map((match): ProxyRoute => ({
    origin: at,
    conditions: { path: match, headers: [], queries: [] },
    action: {
      kind: 'forward',
      targets: [{
        origin: at,
        weight: 1,
        destination: { kind: 'service', namespace: ingress.namespace, name: service.name, port, missing: 503, empty: 503 },
        transforms: [],
      }],
    },
    policies: [],
    permitInsecure: true,
    filters: {},
  }));
}

// A Prefix counts whole segments; without a path type a path with regex characters is one.
function matches(path: string, pathType: unknown): MergedConditions['path'][] {
  if (pathType === 'Exact') return [{ kind: 'exact', value: path }];
  if (pathType === 'Prefix') {
    if (path === '/') return [{ kind: 'prefix', value: '/' }];
    const bare = path.replace(/\/+$/, '');
    return [{ kind: 'exact', value: bare }, { kind: 'prefix', value: `${bare}/` }];
  }
  return /[\^+*[\]%]/.test(path) ? [{ kind: 'regex', value: path }] : [{ kind: 'prefix', value: path }];
}
