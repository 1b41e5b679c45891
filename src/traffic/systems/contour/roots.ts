import { Report } from './conditions-report';
import { ProxyRoute, ProxyRoutes } from './httpproxy';
import { readServices } from './services';
import { lookUpSecret } from './tls';
import { Cluster } from '../../cluster';
import { Action } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** What a root HTTPProxy serves. */
export interface RootProxy {
  readonly object: ReadObject;
  readonly origin: Origin;
  /** Lower-case; may begin with `*.`. */
  readonly fqdn: string;
  readonly routes: readonly ProxyRoute[];
  readonly tls?: { readonly passthrough: boolean; readonly fallback: boolean };
  readonly tcp?: Action;
  readonly assumptions: readonly string[];
}

/** Reads the roots of a Contour's HTTPProxies; what is wrong with any proxy goes to the report. */
export function readRoots(proxies: readonly ReadObject[], cluster: Cluster, options: TrafficModelOptions, report: Report): RootProxy[] {
  const byRef = new Map(proxies.map((proxy) => [proxy.ref, proxy]));
  const reader = new ProxyRoutes(byRef, cluster, options, report);
  const roots = proxies.filter((proxy) => isRecord(proxy.spec.virtualhost));
  const owners = new Map<string, ReadObject[]>();
  for (const root of roots) {
    const fqdn = fqdnOf(root);
    if (fqdn !== '') owners.set(fqdn, [...(owners.get(fqdn) ?? []), root]);
  }
  const read: RootProxy[] = [];
  for (const root of roots) {
    const fqdn = fqdnOf(root);
    const rivals = owners.get(fqdn) ?? [];
    if (rivals.length > 1) {
      report({
        origin: within(origin(root.ref), 'spec.virtualhost.fqdn'),
        type: 'VirtualHostError',
        reason: 'DuplicateVhost',
        message: `fqdn ${fqdn} is used by ${rivals.map((each) => each.ref).join(' and ')}`,
      });
      continue;
    }
    const result = readRoot(root, fqdn, reader, cluster, options, report);
    if (result) read.push(result);
  }
  for (const proxy of proxies) {
    if (!isRecord(proxy.spec.virtualhost) && !reader.reached.has(proxy.ref)) {
      report({ origin: origin(proxy.ref), type: 'Orphaned', reason: 'Orphaned', message: 'no valid root includes this HTTPProxy' });
    }
  }
  return read;
}

function fqdnOf(proxy: ReadObject): string {
  const { fqdn } = proxy.spec.virtualhost;
  return typeof fqdn === 'string' ? fqdn.trim().toLowerCase() : '';
}

function readRoot(
  root: ReadObject, fqdn: string, reader: ProxyRoutes, cluster: Cluster, options: TrafficModelOptions, report: Report,
): RootProxy | undefined {
  const here = origin(root.ref);
  const host = within(here, 'spec.virtualhost');
  const { spec } = root;
  const refuse = (at: Origin, type: string, reason: string, message: string, absent?: string): undefined => {
    report({ origin: at, type, reason, message, absent });
    return undefined;
  };
  if (fqdn === '') return refuse(host, 'VirtualHostError', 'FQDNNotSpecified', 'fqdn must be given');
  const rootNamespaces = options.contour?.rootNamespaces;
  if (rootNamespaces && rootNamespaces.length > 0 && !rootNamespaces.includes(root.namespace)) {
    return refuse(here, 'RootNamespaceError', 'RootProxyNotAllowedInNamespace', `a root proxy may stand in ${rootNamespaces.join(', ')} only`);
  }
  if (listOf(spec.routes).length === 0 && listOf(spec.includes).length === 0 && !isRecord(spec.tcpproxy)) {
    return refuse(here, 'SpecError', 'NothingDefined', 'has no routes, includes or tcpproxy');
  }
  const tls = isRecord(spec.virtualhost.tls) ? spec.virtualhost.tls : undefined;
  if (listOf(spec.virtualhost.jwtProviders).length > 0 && !(tls?.secretName)) {
    return refuse(within(host, 'jwtProviders'), 'JWTVerificationError', 'JWTVerificationNotPermitted', 'JWT verification needs a virtual host that terminates TLS');
  }
  if (isRecord(spec.virtualhost.authorization) && !(tls?.secretName)) {
    return refuse(within(host, 'authorization'), 'AuthError', 'AuthNotPermitted', 'authorization needs a virtual host that terminates TLS');
  }
  if (listOf(spec.virtualhost.ipAllowPolicy).length > 0 && listOf(spec.virtualhost.ipDenyPolicy).length > 0) {
    return refuse(host, 'IPFilterError', 'IncompatibleIPAddressFilters', 'a virtual host allows or denies addresses, not both');
  }
  const assumptions: string[] = [];
  if (tls) {
    const problem = readTls(root, tls, within(host, 'tls'), cluster, options, report, assumptions);
    if (problem === 'refused') return undefined;
  }
  let tcp: Action | undefined;
  if (isRecord(spec.tcpproxy)) {
    if (!tls) return refuse(within(here, 'spec.tcpproxy'), 'TCPProxyError', 'TLSMustBeConfigured', 'tcpproxy needs virtualhost.tls with passthrough or secretName');
    tcp = readTcp(root, root, cluster, options, report, reader, []);
    if (!tcp) return undefined;
  }
  const routes = reader.of(root);
  const cors = spec.virtualhost.corsPolicy;
  if (isRecord(cors) && (listOf(cors.allowOrigin).length === 0 || listOf(cors.allowMethods).length === 0)) {
    return refuse(within(host, 'corsPolicy'), 'CORSError', 'PolicyDidNotParse', 'allowOrigin and allowMethods must not be empty');
  }
  return {
    object: root,
    origin: here,
    fqdn,
    routes,
    tls: tls && { passthrough: tls.passthrough === true, fallback: tls.enableFallbackCertificate === true },
    tcp,
    assumptions,
  };
}

// 'refused' where the virtual host serves nothing.
function readTls(
  root: ReadObject, tls: Record<string, any>, at: Origin, cluster: Cluster, options: TrafficModelOptions, report: Report, assumptions: string[],
): 'refused' | undefined {
  const refuse = (reason: string, message: string, absent?: string): 'refused' => {
    report({ origin: at, type: 'TLSError', reason, message, absent });
    return 'refused';
  };
  const secretName = typeof tls.secretName === 'string' ? tls.secretName : '';
  if (tls.passthrough === true && tls.enableFallbackCertificate === true) {
    report({ origin: at, type: 'TLSError', reason: 'TLSIncompatibleFeatures', message: 'passthrough and enableFallbackCertificate exclude each other' });
  }
  if ((tls.passthrough === true) === (secretName !== '')) {
    return refuse('TLSConfigNotValid', 'exactly one of secretName and passthrough must be given');
  }
  if (tls.passthrough === true && isRecord(tls.clientValidation)) return refuse('TLSIncompatibleFeatures', 'passthrough and clientValidation exclude each other');
  if (secretName === '') return undefined;
  const verdict = lookUpSecret(secretName, root.namespace, cluster, options);
  if (verdict.kind === 'bad') return refuse(verdict.reason, verdict.message, verdict.absent);
  if (verdict.kind === 'assumed') assumptions.push(verdict.assumption);
  const { minimumProtocolVersion: min = '1.2', maximumProtocolVersion: max = '1.3' } = tls;
  if (min === '1.3' && max === '1.2') return refuse('TLSConfigNotValid', 'the minimum TLS version is above the maximum');
  if (tls.enableFallbackCertificate === true) {
    if (isRecord(tls.clientValidation)) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and clientValidation exclude each other');
    if (isRecord(root.spec.virtualhost.authorization)) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and authorization exclude each other');
    if (listOf(root.spec.virtualhost.jwtProviders).length > 0) return refuse('TLSIncompatibleFeatures', 'enableFallbackCertificate and JWT verification exclude each other');
    const fallback = options.contour?.fallbackCertificate;
    if (!fallback) return refuse('FallbackNotPresent', 'Contour has no fallback certificate');
    const found = lookUpSecret(fallback, fallback.split('/')[0], cluster, options);
    if (found.kind === 'bad') return refuse('FallbackNotValid', found.message, found.absent);
  }
  const ca = tls.clientValidation?.caSecret;
  if (isRecord(tls.clientValidation) && !ca && tls.clientValidation.skipClientCertValidation !== true) {
    return refuse('ClientValidationInvalid', 'clientValidation needs caSecret, or skipClientCertValidation');
  }
  if (typeof ca === 'string') {
    const [namespace, name] = ca.includes('/') ? ca.split('/') : [root.namespace, ca];
    const secret = cluster.find('', 'Secret', namespace, name);
    if (!secret && options.complete) return refuse('ClientValidationInvalid', `Secret/${namespace}/${name} does not exist`, `Secret/${namespace}/${name}`);
  }
  return undefined;
}

function readTcp(
  root: ReadObject, proxy: ReadObject, cluster: Cluster, options: TrafficModelOptions, report: Report, reader: ProxyRoutes, visited: readonly string[],
): Action | undefined {
  const tcp = proxy.spec.tcpproxy;
  const at = within(origin(proxy.ref), 'spec.tcpproxy');
  const refuse = (type: string, reason: string, message: string, absent?: string): undefined => {
    report({ origin: at, type, reason, message, absent });
    return undefined;
  };
  if (!isRecord(tcp)) return refuse('TCPProxyError', 'NothingDefined', 'has no tcpproxy');
  const include = isRecord(tcp.include) ? tcp.include : isRecord(tcp.includes) ? tcp.includes : undefined;
  const services = listOf(tcp.services);
  if (services.length > 0 && include) return refuse('TCPProxyError', 'NoServicesAndInclude', 'tcpproxy has services or an include, not both');
  if (services.length > 0) {
    const read = readServices(services, at, proxy.namespace, undefined, cluster, options, report, 'TCPProxyError');
    if (!read || read.none || read.targets.length < services.length) return undefined;
    return { kind: 'forward', targets: read.targets.map((target) => ({ ...target, destination: passThrough(target.destination) })) };
  }
  if (!include) return refuse('TCPProxyError', 'NothingDefined', 'tcpproxy has neither services nor an include');
  const ref = `HTTPProxy/${include.namespace ?? proxy.namespace}/${include.name}`;
  const child = cluster.find('projectcontour.io', 'HTTPProxy', include.namespace ?? proxy.namespace, include.name);
  if (!child) return refuse('TCPProxyIncludeError', 'IncludeNotFound', `${ref} does not exist`, ref);
  if (isRecord(child.spec.virtualhost)) return refuse('TCPProxyIncludeError', 'RootIncludesRoot', `${ref} is a root itself`);
  if ([...visited, proxy.ref].includes(child.ref)) return refuse('TCPProxyIncludeError', 'IncludeCreatesCycle', `includes itself by way of ${ref}`);
  reader.reached.add(child.ref);
  return readTcp(root, child, cluster, options, report, reader, [...visited, proxy.ref]);
}

// The bytes go on as they are: TLS stays with the client's own where it is passed through.
function passThrough<T extends { kind: string }>(destination: T): T {
  return { ...destination, tls: undefined };
}
