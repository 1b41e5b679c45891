import { CommandError } from './command-error';
import { checkShape, Shape } from './shape';
import type { TrafficModelOptions } from '../traffic/options';
import { documentsIn } from '../traffic/read/files';

const HEADERS: Shape = { set: 'map', remove: 'texts' };

/** TrafficModelOptions, key by key. */
export const PROFILE: Required<{ [key in keyof TrafficModelOptions]: Shape }> = {
  complete: 'boolean',
  defaultNamespace: 'text',
  clusterDomain: 'text',
  versions: { kubernetes: 'text', istio: 'text', contour: 'text', dapr: 'text', gatewayApi: 'text', awsLoadBalancerController: 'text' },
  contour: {
    ingressClassNames: 'texts',
    rootNamespaces: 'texts',
    enableExternalNameService: 'boolean',
    disablePermitInsecure: 'boolean',
    fallbackCertificate: 'text',
    requestHeaders: HEADERS,
    responseHeaders: HEADERS,
  },
  istio: { rootNamespace: 'text', scopeGatewayToNamespace: 'boolean', outboundTrafficPolicy: ['ALLOW_ANY', 'REGISTRY_ONLY'], numTrustedProxies: 'count' },
  aws: { loadBalancerController: 'boolean' },
  appMesh: { backendGroups: 'boolean' },
};

/** Reads the cluster profile: TrafficModelOptions in YAML or JSON. */
export function readProfile(file: string): TrafficModelOptions {
  const values = documentsIn(file);
  if (values.length > 1) throw new CommandError(`${file}: a profile is one document, got ${values.length}`);
  const profile = values[0] ?? {};
  checkShape(profile, PROFILE, '', file);
  return profile;
}
