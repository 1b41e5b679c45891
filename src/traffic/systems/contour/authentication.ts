import { ContourInput } from './contour-input';
import { isDuration, isTimeout } from './durations';
import { validationProblem } from './services';
import { Policy } from '../../network/action';
import { Origin } from '../../network/origin';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** What a route says of authentication itself. */
export interface RouteAuthentication {
  readonly jwt?: { readonly require?: string; readonly disabled?: boolean };
  readonly authorization?: { readonly disabled?: boolean };
}

type Refuse = (type: string, reason: string, message: string, absent?: string) => 'refused';

/** Checks who may come in by a root that terminates TLS; `refused` where the virtual host serves nothing. */
export function readAuthentication(root: ReadObject, at: Origin, input: ContourInput): 'refused' | undefined {
  const refuse: Refuse = (type, reason, message, absent) => {
    input.report({ origin: at, type, reason, message, absent });
    return 'refused';
  };
  return authorizationProblem(root, input, refuse) ?? jwtProblem(root, input, refuse);
}

function authorizationProblem(root: ReadObject, { cluster }: ContourInput, refuse: Refuse): 'refused' | undefined {
  const { authorization } = root.spec.virtualhost;
  if (!isRecord(authorization) || authorization.authPolicy?.disabled === true || !authorization.extensionRef?.name) return undefined;
  const { apiVersion, namespace, name } = authorization.extensionRef;
  if (apiVersion && apiVersion !== 'projectcontour.io/v1alpha1') return refuse('AuthError', 'AuthBadResourceVersion', `extensionRef is of ${apiVersion}, not of projectcontour.io/v1alpha1`);
  const ref = `ExtensionService/${namespace || root.namespace}/${name}`;
  if (!cluster.find('projectcontour.io', 'ExtensionService', namespace || root.namespace, name)) {
    return refuse('AuthError', 'ExtensionServiceNotFound', `${ref} does not exist`, ref);
  }
  if (!isTimeout(authorization.responseTimeout)) return refuse('AuthError', 'AuthResponseTimeoutInvalid', `responseTimeout ${authorization.responseTimeout} is no duration`);
  return undefined;
}

function jwtProblem(root: ReadObject, input: ContourInput, refuse: Refuse): 'refused' | undefined {
  const no = (reason: string, message: string, absent?: string) => refuse('JWTVerificationError', reason, message, absent);
  const names = new Set<string>();
  let byDefault: string | undefined;
  for (const provider of recordsOf(root.spec.virtualhost.jwtProviders)) {
    if (names.has(provider.name)) return no('DuplicateProviderName', `two JWT providers are named ${provider.name}`);
    names.add(provider.name);
    if (provider.default === true) {
      if (byDefault !== undefined) return no('MultipleDefaultProvidersSpecified', `${byDefault} and ${provider.name} are both the default JWT provider`);
      byDefault = provider.name;
    }
    const { remoteJWKS: remote, localJWKS: local } = provider;
    if (isRecord(remote) && isRecord(local)) return no('JWKSSourceConflict', `JWT provider ${provider.name} has remoteJWKS or localJWKS, not both`);
    if (!isRecord(remote) && !isRecord(local)) return no('JWKSSourceMissing', `JWT provider ${provider.name} has neither remoteJWKS nor localJWKS`);
    const problem = isRecord(remote) ? remoteProblem(remote, root, input, no) : undefined;
    if (problem) return problem;
  }
  return undefined;
}

function remoteProblem(remote: Record<string, any>, root: ReadObject, input: ContourInput, no: (reason: string, message: string, absent?: string) => 'refused'): 'refused' | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(String(remote.uri))?.[1].toLowerCase() ?? '';
  if (scheme !== 'http' && scheme !== 'https') return no('RemoteJWKSSchemeInvalid', `the JWKS URI must begin with http or https, got ${remote.uri}`);
  if (isRecord(remote.validation)) {
    if (scheme === 'http') return no('RemoteJWKSUpstreamValidationInvalid', 'a JWKS at http cannot be validated');
    const untrusted = validationProblem(remote.validation, root.namespace, input);
    if (untrusted) return no(untrusted.reason === 'CACertificateNotDelegated' ? 'RemoteJWKSCACertificateNotDelegated' : 'RemoteJWKSUpstreamValidationInvalid', untrusted.message, untrusted.absent);
  }
  if (remote.timeout && !isDuration(String(remote.timeout))) return no('RemoteJWKSTimeoutInvalid', `JWKS timeout ${remote.timeout} is no duration`);
  if (remote.cacheDuration && !isDuration(String(remote.cacheDuration))) return no('RemoteJWKSCacheDurationInvalid', `JWKS cache duration ${remote.cacheDuration} is no duration`);
  if (remote.dnsLookupFamily && !['auto', 'v4', 'v6', 'all'].includes(remote.dnsLookupFamily)) return no('RemoteJWKSDNSLookupFamilyInvalid', `JWKS DNS lookup family must be auto, v4, v6 or all, got ${remote.dnsLookupFamily}`);
  return undefined;
}

// The name of the JWT provider that a route asks for, its own word before the root's default.
function jwtProviderOf(root: ReadObject, route: RouteAuthentication): string | undefined {
  if (route.jwt?.require) return route.jwt.require;
  if (route.jwt?.disabled) return undefined;
  return recordsOf(root.spec.virtualhost.jwtProviders).find((provider) => provider.default === true)?.name;
}

/** The provider that a route asks for where its root defines others, but not that one. */
export function unknownProvider(root: ReadObject, route: RouteAuthentication): string | undefined {
  const name = jwtProviderOf(root, route);
  const providers = recordsOf(root.spec.virtualhost.jwtProviders);
  return providers.length > 0 && providers.every((provider) => provider.name !== name) ? name : undefined;
}

/** What a client has to show to pass a route of a root that terminates TLS. */
export function authenticationPolicies(root: ReadObject, route: RouteAuthentication, forwards: boolean): Policy[] {
  const host = root.spec.virtualhost;
  const policies: Policy[] = [];
  const add = (value: string, path: string) => policies.push({ name: 'authentication', value, origin: { object: root.ref, at: `spec.virtualhost.${path}` } });
  const client = host.tls?.clientValidation;
  if (isRecord(client)) add(client.optionalClientCertificate === true ? 'client certificate (optional)' : 'client certificate', 'tls.clientValidation');
  const { authorization } = host;
  const configured = isRecord(authorization) && authorization.extensionRef?.name && authorization.authPolicy?.disabled !== true;
  // A host where it is disabled has no filter that a route could switch on.
  if (configured && route.authorization?.disabled !== true) add(`external authorization by ${authorization.extensionRef.name}`, 'authorization');
  const name = forwards ? jwtProviderOf(root, route) : undefined;
  const index = recordsOf(host.jwtProviders).findIndex((provider) => provider.name === name);
  if (index >= 0) add(`JWT of ${listOf(host.jwtProviders)[index].issuer ?? name}`, `jwtProviders[${index}]`);
  return policies;
}
