import { readAuthentication } from './authentication';
import { validRegex } from './conditions';
import { ContourCondition } from './conditions-report';
import { ContourInput } from './contour-input';
import { ProxyRoute, ProxyRoutes } from './httpproxy';
import { readTls } from './root-tls';
import { addressProblem, corsProblem, rateLimitProblem } from './route-problems';
import { readTcp } from './tcp';
import { Action } from '../../network/action';
import { origin, Origin, within } from '../../network/origin';
import { isRecord, listOf, ReadObject } from '../../read/objects';

/** What a root HTTPProxy serves. */
export interface RootProxy {
  readonly object: ReadObject;
  readonly origin: Origin;
  /** Lower-case; may begin with `*.`. */
  readonly fqdn: string;
  readonly routes: readonly ProxyRoute[];
  readonly tls?: { readonly passthrough: boolean; readonly fallback: boolean };
  /** Whether it has a tcpproxy, and what becomes of connections there. */
  readonly tcp?: { readonly action?: Action };
  readonly assumptions: readonly string[];
  /** What is absent from the input, for want of which it serves less. */
  readonly missing: readonly string[];
}

/** A name that is not served because something is absent from the input, which may be in the cluster. */
export interface WithheldHost {
  readonly origin: Origin;
  readonly fqdn: string;
  readonly assumption: string;
  readonly secure: boolean;
}

/** Reads the roots of a Contour's HTTPProxies; what is wrong with any proxy goes to the report. */
export function readRoots(given: ContourInput): { roots: RootProxy[]; withheld: WithheldHost[] } {
  const { report } = given;
  let last: ContourCondition | undefined;
  const input: ContourInput = {
    ...given,
    report: (condition) => {
      last = condition;
      report(condition);
    },
  };
  const reader = new ProxyRoutes(input);
  const proxies = [...input.proxies.values()];
  const owners = new Map<string, ReadObject[]>();
  for (const root of proxies.filter(isRoot)) if (fqdnOf(root) !== '') owners.set(fqdnOf(root), [...(owners.get(fqdnOf(root)) ?? []), root]);
  const roots: RootProxy[] = [];
  const withheld: WithheldHost[] = [];
  for (const root of proxies.filter(isRoot)) {
    const fqdn = fqdnOf(root);
    const rivals = owners.get(fqdn) ?? [];
    if (rivals.length > 1) {
      const message = `fqdn ${fqdn} is used by ${rivals.map((each) => each.ref).join(' and ')}`;
      report({ origin: within(origin(root.ref), 'spec.virtualhost.fqdn'), type: 'VirtualHostError', reason: 'DuplicateVhost', message });
      continue;
    }
    last = undefined;
    const read = readRoot(root, fqdn, reader, input);
    // The condition that refuses a root is the last that was reported of it.
    const { absent } = (last as ContourCondition | undefined) ?? {};
    if (read) {roots.push(read);} else if (absent && !input.options.complete) {
      withheld.push({ origin: origin(root.ref), fqdn, assumption: `${absent}, which is not in the input, does not exist`, secure: isRecord(root.spec.virtualhost.tls) });
    }
  }
  for (const proxy of proxies) {
    if (isRoot(proxy) || input.reached.has(proxy.ref)) continue;
    report({ origin: origin(proxy.ref), type: 'Orphaned', reason: 'Orphaned', message: 'no valid root includes this HTTPProxy' });
  }
  return { roots, withheld };
}

function isRoot(proxy: ReadObject): boolean {
  return isRecord(proxy.spec.virtualhost);
}

function fqdnOf(proxy: ReadObject): string {
  const { fqdn } = proxy.spec.virtualhost;
  return typeof fqdn === 'string' ? fqdn.trim().toLowerCase() : '';
}

function readRoot(root: ReadObject, fqdn: string, reader: ProxyRoutes, input: ContourInput): RootProxy | undefined {
  const here = origin(root.ref);
  const at = within(here, 'spec.virtualhost');
  const { spec } = root;
  const host = spec.virtualhost;
  const tls = isRecord(host.tls) ? host.tls : undefined;
  const assumptions: string[] = [];
  const refuse = (where: Origin, type: string, reason: string, message: string): undefined => {
    input.report({ origin: where, type, reason, message });
    return undefined;
  };
  const early = rootProblem(root, fqdn, tls, input);
  if (early) return refuse(within(here, early.at), early.type, early.reason, early.message);
  if (tls) {
    if (readTls(root, tls, within(at, 'tls'), input, assumptions) === 'refused') return undefined;
    if (tls.passthrough !== true && readAuthentication(root, at, input) === 'refused') return undefined;
  }
  let tcp: RootProxy['tcp'];
  if (isRecord(spec.tcpproxy)) {
    if (!tls) return refuse(within(here, 'spec.tcpproxy'), 'TCPProxyError', 'TLSMustBeConfigured', 'tcpproxy needs virtualhost.tls with passthrough or secretName');
    const read = readTcp(root, tls.passthrough === true, input);
    if (read === 'refused') return undefined;
    tcp = read;
  }
  const { routes, missing } = reader.of(root);
  const cors = corsProblem(host.corsPolicy, validRegex);
  if (cors) return refuse(within(at, 'corsPolicy'), 'CORSError', 'PolicyDidNotParse', cors);
  const rateLimit = rateLimitProblem(host.rateLimitPolicy);
  if (rateLimit) return refuse(within(at, 'rateLimitPolicy'), 'VirtualHostError', 'RateLimitPolicyNotValid', rateLimit);
  const addresses = addressProblem(host);
  if (addresses) {
    refuse(at, addresses.type, addresses.reason, addresses.message);
    return refuse(at, 'IPFilterError', 'IPFilterPolicyNotValid', addresses.message);
  }
  return {
    object: root,
    origin: here,
    fqdn,
    routes,
    tls: tls && { passthrough: tls.passthrough === true, fallback: tls.passthrough !== true && tls.enableFallbackCertificate === true },
    tcp,
    assumptions,
    missing,
  };
}

// What ends the reading of a root before anything of it is looked at.
function rootProblem(
  root: ReadObject, fqdn: string, tls: Record<string, any> | undefined, { options }: ContourInput,
): { at: string; type: string; reason: string; message: string } | undefined {
  const { spec } = root;
  const host = spec.virtualhost;
  const rootNamespaces = options.contour?.rootNamespaces ?? [];
  if (fqdn === '') return { at: 'spec.virtualhost', type: 'VirtualHostError', reason: 'FQDNNotSpecified', message: 'fqdn must be given' };
  if (rootNamespaces.length > 0 && !rootNamespaces.includes(root.namespace)) {
    return { at: '', type: 'RootNamespaceError', reason: 'RootProxyNotAllowedInNamespace', message: `a root proxy may stand in ${rootNamespaces.join(', ')} only` };
  }
  if (listOf(spec.routes).length === 0 && listOf(spec.includes).length === 0 && !isRecord(spec.tcpproxy)) {
    return { at: '', type: 'SpecError', reason: 'NothingDefined', message: 'has no routes, includes or tcpproxy' };
  }
  if (listOf(host.jwtProviders).length > 0 && !tls?.secretName) {
    return { at: 'spec.virtualhost.jwtProviders', type: 'JWTVerificationError', reason: 'JWTVerificationNotPermitted', message: 'JWT verification needs a virtual host that terminates TLS' };
  }
  if (!tls && isRecord(host.authorization) && host.authorization.extensionRef?.name) {
    return { at: 'spec.virtualhost.authorization', type: 'AuthError', reason: 'AuthNotPermitted', message: 'authorization needs a virtual host that terminates TLS' };
  }
  if (listOf(host.ipAllowPolicy).length > 0 && listOf(host.ipDenyPolicy).length > 0) {
    return { at: 'spec.virtualhost', type: 'IPFilterError', reason: 'IncompatibleIPAddressFilters', message: 'a virtual host allows or denies addresses, not both' };
  }
  return undefined;
}
