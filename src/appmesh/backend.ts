import { TlsClientPolicy } from './tls';
import { IVirtualService } from './virtual-service';

/** Options of a backend. */
export interface BackendOptions {
  /**
   * TLS towards this backend.
   * @default - that of the node's `backendDefaults`
   */
  readonly tlsClientPolicy?: TlsClientPolicy;
}

/** A virtual service that a node calls. */
export interface Backend extends BackendOptions {
  /** The virtual service. */
  readonly virtualService: IVirtualService;
}

/** What holds for the backends that say nothing of their own. */
export interface BackendDefaults {
  /**
   * TLS towards the backends.
   * @default - plain text
   */
  readonly tlsClientPolicy?: TlsClientPolicy;
}
