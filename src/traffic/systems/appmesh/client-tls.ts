import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** How an Envoy of the mesh speaks to others: whether it insists on TLS. */
export interface MeshClient {
  /** The VirtualGateway or VirtualNode. */
  readonly object: ReadObject;
  /** The name of the backend whose own policy counts, if any. */
  readonly backend?: string;
}

/** The TLS of a listener of a node or gateway. */
export function listenerMode(listener: any): 'STRICT' | 'PERMISSIVE' | 'DISABLED' {
  const mode = isRecord(listener?.tls) ? listener.tls.mode : undefined;
  return mode === 'STRICT' || mode === 'PERMISSIVE' ? mode : 'DISABLED';
}

/** Whether a client insists on TLS at a port: its policy for the backend, else that for all. */
export function insistsOnTls(client: MeshClient | undefined, port: number | undefined): boolean {
  const policy = policyOf(client);
  if (!policy || policy.enforce === false) return false;
  const ports = listOf(policy.ports);
  return ports.length === 0 || port === undefined || ports.includes(port);
}

/** Whether an Envoy of the mesh speaks TLS to a listener: wherever the listener asks, or both can. */
export function speaksTlsTo(mode: 'STRICT' | 'PERMISSIVE' | 'DISABLED', client: MeshClient | undefined): boolean {
  return mode === 'STRICT' || (mode === 'PERMISSIVE' && policyOf(client) !== undefined);
}

function policyOf(client: MeshClient | undefined): Record<string, any> | undefined {
  if (!client) return undefined;
  const own = recordsOf(client.object.spec.backends).map((each) => each.virtualService)
    .find((service) => service?.virtualServiceRef?.name === client.backend && isRecord(service?.clientPolicy?.tls));
  const policy = own?.clientPolicy.tls ?? client.object.spec.backendDefaults?.clientPolicy?.tls;
  return isRecord(policy) ? policy : undefined;
}
