import { ApiObject } from 'cdk8s';
import { GceProtocol } from './gce-protocol';

/** What a Service tells the controller of GKE Ingresses about one of its ports. */
export interface PortAnnotation {
  readonly portName: string;
  readonly protocol: GceProtocol;
  readonly backendConfig?: string;
}

/**
 * The annotations of a Service behind a GKE Ingress. Pods are reached directly, which a Service of type ClusterIP needs;
 * protocols are keyed by the port's name, since the controller looks for nothing else.
 */
export function ingressServiceAnnotations(ports: PortAnnotation[]): { [key: string]: string } {
  const protocols = ports.filter(({ protocol }) => protocol !== GceProtocol.HTTP).map(({ portName, protocol }) => [portName, protocol]);
  const configs = ports.flatMap(({ portName, backendConfig }) => (backendConfig === undefined ? [] : [[portName, backendConfig]]));
  return {
    'cloud.google.com/neg': JSON.stringify({ ingress: true }),
    ...(protocols.length > 0 && { 'cloud.google.com/app-protocols': JSON.stringify(Object.fromEntries(protocols)) }),
    ...(configs.length > 0 && { 'cloud.google.com/backend-config': JSON.stringify({ ports: Object.fromEntries(configs) }) }),
  };
}

const annotated = new WeakMap<ApiObject, Map<string, PortAnnotation>>();

/** Adds what one port needs to a Service; throws if it was told something else before. */
export function annotateService(service: ApiObject, port: PortAnnotation, fail: (problem: string) => never): void {
  let ports = annotated.get(service);
  if (!ports) annotated.set(service, ports = new Map());
  const before = ports.get(port.portName);
  if (before && (before.protocol !== port.protocol || before.backendConfig !== port.backendConfig)) {
    fail(`Service port "${port.portName}" speaks ${before.protocol} with BackendConfig ${before.backendConfig ?? 'none'} for another rule already; a port has one protocol and one BackendConfig`);
  }
  ports.set(port.portName, port);
  for (const [key, value] of Object.entries(ingressServiceAnnotations([...ports.values()]))) service.metadata.addAnnotation(key, value);
}
