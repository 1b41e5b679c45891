import { MergedConditions, validRegex } from './conditions';
import { ContourInput } from './contour-input';
import { timeoutOr } from './durations';
import { ProxyRoute } from './httpproxy';
import { classOf, takes } from './ingress-class';
import { DEFAULT_TIMEOUT } from './route-policies';
import { speaksTls, unresolvedReason } from './services';
import { lookUpSecret } from './tls';
import { Cluster } from '../../cluster';
import { Policy } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** The routes that an Ingress adds to a virtual host of Contour. */
export interface IngressHost {
  readonly origin: Origin;
  readonly host: string;
  readonly routes: readonly ProxyRoute[];
  /** Whether requests in the clear are served, one way or another. */
  readonly clear: boolean;
  /** Whether requests in the clear are sent to https. */
  readonly upgrade: boolean;
}

/** A name for which some Ingress brings a certificate. */
export interface IngressCertificate {
  readonly origin: Origin;
  readonly host: string;
  readonly assumptions: readonly string[];
  /** What is absent from the input, without which there is no TLS. */
  readonly absent?: string;
}

type Input = Pick<ContourInput, 'cluster' | 'options'>;

/** The Ingresses that Contour takes. */
export function contourIngresses({ cluster, options }: Input): ReadObject[] {
  return cluster.all('networking.k8s.io', 'Ingress').filter((ingress) => isContours(ingress, cluster, options));
}

// A class in the input says whose it is; without a class an Ingress may be given one when it is created.
function isContours(ingress: ReadObject, cluster: Cluster, options: TrafficModelOptions): boolean {
  const classes = cluster.all('networking.k8s.io', 'IngressClass');
  const byDefault = classes.find((each) => each.annotations['ingressclass.kubernetes.io/is-default-class'] === 'true');
  const name = classOf(ingress) || byDefault?.name || '';
  const names = options.contour?.ingressClassNames ?? [];
  if (names.length > 0) return names.includes(name);
  const owner = classes.find((each) => each.name === name)?.spec.controller;
  if (typeof owner === 'string') return owner.startsWith('projectcontour.io/');
  return takes(ingress, []);
}

/** The hosts of the Ingresses, in order; of equal routes the later counts. */
export function readIngresses(ingresses: readonly ReadObject[], input: Input): IngressHost[] {
  return ingresses.flatMap((ingress) => {
    const rules = listOf(ingress.spec.rules).filter(isRecord).map((rule, i) => ({ rule, at: within(origin(ingress.ref), `spec.rules[${i}]`) }));
    if (isRecord(ingress.spec.defaultBackend)) {
      rules.unshift({ rule: { http: { paths: [{ backend: ingress.spec.defaultBackend }] } }, at: within(origin(ingress.ref), 'spec.defaultBackend') });
    }
    const upgrade = ingress.annotations['ingress.kubernetes.io/force-ssl-redirect'] === 'true';
    return rules.map(({ rule, at }) => ({
      origin: at,
      host: typeof rule.host === 'string' && rule.host !== '' ? rule.host.toLowerCase() : '*',
      routes: routes(ingress, rule, at, input),
      clear: upgrade || ingress.annotations['kubernetes.io/ingress.allow-http'] !== 'false',
      upgrade,
    }));
  });
}

/** The names for which any of the Ingresses brings a certificate: its own rules need not name them. */
export function ingressCertificates(ingresses: readonly ReadObject[], input: Input): IngressCertificate[] {
  return ingresses.flatMap((ingress) => listOf(ingress.spec.tls).filter(isRecord).flatMap((entry, i) => {
    const at = within(origin(ingress.ref), `spec.tls[${i}]`);
    const namespace = ingress.annotations['projectcontour.io/tls-cert-namespace'];
    const name = String(entry.secretName ?? '');
    const verdict = lookUpSecret(namespace && !name.includes('/') ? `${namespace}/${name}` : name, ingress.namespace, input);
    if (verdict.kind === 'bad' && (verdict.absent === undefined || input.options.complete)) return [];
    return listOf(entry.hosts).map((host) => ({
      origin: at,
      host: String(host).toLowerCase(),
      assumptions: verdict.kind === 'assumed' ? [verdict.assumption] : [],
      absent: verdict.kind === 'bad' ? verdict.absent : undefined,
    }));
  }));
}

function routes(ingress: ReadObject, rule: Record<string, any>, at: Origin, { cluster, options }: Input): ProxyRoute[] {
  const read: ProxyRoute[] = [];
  for (const [i, path] of recordsOf(rule.http?.paths).entries()) {
    const here = at.at === 'spec.defaultBackend' ? at : within(at, `http.paths[${i}]`);
    const service = path.backend?.service;
    const port = service?.port?.name || service?.port?.number;
    if (!isRecord(service) || unresolvedReason(ingress.namespace, String(service.name), port, cluster, options)) continue;
    const conditions = pathCondition(typeof path.path === 'string' && path.path !== '' ? path.path : '/', path.pathType);
    // A path that is no regular expression ends the rule.
    if (!conditions) return read;
    const tls = speaksTls({ name: service.name, port }, ingress.namespace, cluster);
    read.push({
      origin: here,
      conditions: { path: conditions, headers: [], queries: [] },
      action: {
        kind: 'forward',
        targets: [{
          origin: here,
          weight: 1,
          destination: { kind: 'service', namespace: ingress.namespace, name: service.name, port, missing: 503, empty: 503, tls },
          transforms: [],
          policies: tls ? [{ name: 'upstreamTls', value: 'not verified', origin: here }] : [],
        }],
      },
      policies: policies(ingress),
      permitInsecure: true,
      authentication: {},
    });
  }
  return read;
}

// A Prefix counts whole segments; without a path type a path with regex characters is one.
function pathCondition(path: string, pathType: unknown): MergedConditions['path'] | undefined {
  if (pathType === 'Exact') return { kind: 'exact', value: path };
  if (pathType === 'Prefix') return path === '/' ? { kind: 'prefix', value: '/' } : { kind: 'prefix', value: path.replace(/\/+$/, ''), segments: true };
  if (!/[\^+*[\]%]/.test(path)) return { kind: 'prefix', value: path };
  return validRegex(path) ? { kind: 'regex', value: path } : undefined;
}

function policies(ingress: ReadObject): Policy[] {
  const annotation = (key: string): string | undefined => ingress.annotations[`projectcontour.io/${key}`];
  const at = within(origin(ingress.ref), 'metadata.annotations');
  const read: Policy[] = [{ name: 'timeout', value: timeoutOr(annotation('response-timeout'), DEFAULT_TIMEOUT), origin: at }];
  const on = annotation('retry-on');
  if (on) read.push({ name: 'retries', value: `${annotation('num-retries') ?? 1}${annotation('per-try-timeout') ? ` of ${annotation('per-try-timeout')} each` : ''} on ${on}`, origin: at });
  return read;
}
