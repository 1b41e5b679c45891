import { Cluster } from '../cluster';
import { Action, Redirect } from '../network/action';
import { Hop, Listener } from '../network/hop';
import { HostTable } from '../network/host-table';
import { PathTest } from '../network/match';
import { SystemInput } from '../network/network';
import { origin, Origin, within } from '../network/origin';
import { behindProxy } from '../network/request';
import { Route, RouteTable } from '../network/route-table';
import { Transform } from '../network/transform';
import { isRecord, listOf, ReadObject } from '../read/objects';
import { gceBackend } from './gce/backends';

/** Something that keeps an Ingress from being synced; its load balancer stays as it was. */
export interface GceFault {
  readonly origin: Origin;
  readonly message: string;
}

/** What GKE makes of an Ingress. */
export interface GceReading {
  readonly ingress: ReadObject;
  /** The paths of each host, longest first. */
  readonly hosts: ReadonlyMap<string, readonly Route[]>;
  /** Absent where there is no default backend: the load balancer answers 404. */
  readonly defaultRoute?: Route;
  readonly http: boolean;
  readonly https: boolean;
  readonly redirect?: Redirect & { readonly origin: Origin };
  readonly faults: readonly GceFault[];
}

const CLASSES = ['gce', 'gce-internal', 'gce-regional-external'];

/** Whether GKE handles an Ingress: by annotation, or where no class is named at all. */
export function isGce(ingress: ReadObject, cluster: Cluster): boolean {
  const byAnnotation = ingress.annotations['kubernetes.io/ingress.class'];
  if (byAnnotation !== undefined && byAnnotation !== '') return CLASSES.includes(byAnnotation);
  if (ingress.spec.ingressClassName !== undefined) return false;
  // Without a class it is GKE's only on GKE: some object of its APIs has to say so.
  return cluster.objects.some((object) => object.group === 'networking.gke.io' || object.group === 'cloud.google.com')
    || cluster.services.some((service) => Object.keys(service.object.annotations).some((key) => key.startsWith('cloud.google.com/')));
}

/** Ingresses of Google Kubernetes Engine: one load balancer each. */
export function ingressGce(input: SystemInput): void {
  const { cluster, network } = input;
  for (const ingress of cluster.all('networking.k8s.io', 'Ingress')) {
    if (!isGce(ingress, cluster)) continue;
    let reading: GceReading | undefined;
    const read = () => (reading ??= readGce(ingress, input));
    const here = origin(ingress.ref);
    const hop: Hop = {
      origin: here,
      title: `Google load balancer of ${ingress.ref}`,
      listener: (port) => listenerOf(read(), port),
      ports: () => [...(read().http ? [80] : []), ...(read().https ? [443] : [])],
      hosts: () => ['*'],
    };
    network.addEntry({ ref: ingress.ref, hop, outermost: ingress.annotations['kubernetes.io/ingress.class'] !== 'gce-internal' });
  }
}

/** Reads an Ingress into a URL map. */
export function readGce(ingress: ReadObject, input: SystemInput): GceReading {
  const { cluster, options } = input;
  const here = origin(ingress.ref);
  const faults: GceFault[] = [];
  const backend = (value: any, at: Origin): { action: Action; policies: Route['policies'] } => {
    const read = gceBackend(ingress, value, at, input);
    if (typeof read !== 'string') return read;
    faults.push({ origin: at, message: read });
    return { action: { kind: 'unknown', why: read }, policies: [] };
  };
  const hosts = new Map<string, readonly Route[]>();
  for (const [i, rule] of listOf(ingress.spec.rules).entries()) {
    if (!isRecord(rule) || !isRecord(rule.http)) continue;
    const host = typeof rule.host === 'string' && rule.host !== '' ? rule.host.toLowerCase() : '*';
    const paths = new Map<string, Route>();
    for (const [j, path] of listOf(rule.http.paths).entries()) {
      if (!isRecord(path)) continue;
      const at = within(here, `spec.rules[${i}].http.paths[${j}]`);
      const expanded = expandPath(path);
      if (typeof expanded === 'string') {
        faults.push({ origin: at, message: expanded });
        continue;
      }
      const { action, policies } = backend(path.backend, at);
      for (const pattern of expanded) {
        // The longest pattern wins, wherever it stands.
        const rank = { tier: -precision(pattern), block: 0, index: 0 };
        paths.set(pattern, { origin: at, match: { path: pathTest(pattern), values: [] }, action, transforms: [], policies, rank });
      }
    }
    // A later rule for the same host takes the place of the earlier.
    hosts.set(host, [...paths.values()]);
  }
  const defaultAt = within(here, 'spec.defaultBackend');
  const fallback = isRecord(ingress.spec.defaultBackend)
    ? backend(ingress.spec.defaultBackend, defaultAt)
    : undefined;
  const defaultRoute: Route | undefined = fallback && { origin: defaultAt, match: { path: { kind: 'any' }, values: [] }, transforms: [], rank: { tier: 1, block: 0, index: 0 }, ...fallback };

  for (const [i, tls] of listOf(ingress.spec.tls).entries()) {
    if (!isRecord(tls) || !tls.secretName) faults.push({ origin: within(here, `spec.tls[${i}]`), message: 'a tls entry needs a secretName' });
    else if (options.complete && !cluster.find('', 'Secret', ingress.namespace, tls.secretName)) faults.push({ origin: within(here, `spec.tls[${i}]`), message: `Secret/${ingress.namespace}/${tls.secretName} does not exist` });
  }
  const certified = listOf(ingress.spec.tls).length > 0
    || ['ingress.gcp.kubernetes.io/pre-shared-cert', 'networking.gke.io/managed-certificates'].some((key) => (ingress.annotations[key] ?? '').trim() !== '');
  const http = !/^(0|f|F|false|FALSE|False)$/.test(ingress.annotations['kubernetes.io/ingress.allow-http'] ?? 'true');
  if (!http && !certified) faults.push({ origin: within(here, 'metadata.annotations'), message: 'HTTP is off and there is no certificate: no frontend is left' });
  return { ingress, hosts, defaultRoute, http, https: certified, redirect: redirectOf(ingress, cluster), faults };
}

function expandPath(path: Record<string, any>): string[] | string {
  const text = typeof path.path === 'string' ? path.path : '';
  switch (path.pathType) {
    case 'Exact': return text === '' || text.includes('*') ? `path ${JSON.stringify(text)}: Exact needs a path without *` : [text];
    case 'Prefix': {
      if (text.includes('*')) return `path ${text}: Prefix takes no *`;
      const bare = text.replace(/\/+$/, '');
      return bare === '' ? ['/*'] : [bare, `${bare}/*`];
    }
    case undefined:
    case 'ImplementationSpecific': return text === '' ? ['/*'] : patternProblem(text) ?? [text];
    default: return `pathType must be Exact, Prefix or ImplementationSpecific, got ${path.pathType}`;
  }
}

// The load balancer itself knows * only at the end, behind a slash.
function patternProblem(pattern: string): string | undefined {
  return !pattern.startsWith('/') || /[?#]/.test(pattern) || /\*/.test(pattern.replace(/\/\*$/, '')) ? `path ${pattern}: expected a path that begins with /, with * only at the end behind a /` : undefined;
}

// The longer text before the *; a path without one before the same with it.
function precision(pattern: string): number {
  return pattern.endsWith('/*') ? 2 * (pattern.length - 1) : 2 * pattern.length + 1;
}

function pathTest(pattern: string): PathTest {
  return pattern.endsWith('/*') ? { kind: 'prefix', prefix: pattern.slice(0, -1) } : { kind: 'exact', path: pattern };
}

function redirectOf(ingress: ReadObject, cluster: Cluster): GceReading['redirect'] {
  const name = ingress.annotations['networking.gke.io/v1beta1.FrontendConfig'];
  const config = name === undefined ? undefined : cluster.find('networking.gke.io', 'FrontendConfig', ingress.namespace, name);
  const redirect = config?.spec.redirectToHttps;
  if (!config || redirect?.enabled !== true || ingress.annotations['kubernetes.io/ingress.class'] === 'gce-internal') return undefined;
  const codes: Record<string, number> = { MOVED_PERMANENTLY_DEFAULT: 301, FOUND: 302, TEMPORARY_REDIRECT: 307, PERMANENT_REDIRECT: 308 };
  return { status: codes[redirect.responseCodeName ?? 'MOVED_PERMANENTLY_DEFAULT'] ?? 301, scheme: 'https', port: 'drop', origin: { object: config.ref, at: 'spec.redirectToHttps' } };
}

function listenerOf(reading: GceReading, port: number): Listener | undefined {
  const here = origin(reading.ingress.ref);
  if (reading.faults.length > 0) {
    const [first] = reading.faults;
    const broken: Action = { kind: 'unknown', why: `the Ingress is not synced (${first.origin.at}: ${first.message}); what its load balancer served before goes on` };
    return { origin: here, chains: (['none', 'terminate'] as const).map((tls) => ({ origin: here, tls, handling: { kind: 'tcp', action: broken } })) };
  }
  if (!(port === 80 && reading.http) && !(port === 443 && reading.https)) return undefined;
  const secure = port === 443;
  const noHost = { status: 404, why: 'no rule takes the request and there is no default backend' };
  const hosts = new HostTable({ wildcard: 'any' });
  const requireTls = reading.redirect;
  const add = (host: string, routes: readonly Route[]) => {
    hosts.add(host, { origin: here, routes: new RouteTable(reading.defaultRoute ? [...routes, reading.defaultRoute] : routes), noRoute: noHost, requireTls });
  };
  for (const [host, routes] of reading.hosts) add(host, routes);
  add('*', []);
  const transforms: Transform[] = [{
    origin: here,
    kind: 'custom',
    text: 'adds X-Forwarded-Proto and Via',
    apply: (request) => behindProxy(request).withHeader('x-forwarded-proto', secure ? 'https' : 'http').addHeader('via', '1.1 google'),
  }];
  return { origin: here, chains: [{ origin: here, tls: secure ? 'terminate' : 'none', handling: { kind: 'http', http: { hosts, noHost, transforms } } }] };
}

