import { DaprIngressTls } from './dapr-ingress-tls';

/** Options of a host. */
export interface DaprHostOptions {
  /**
   * The name of the HTTPProxy and the Certificate; the Secret's is this followed by `-tls`.
   * @default - the host, with `wildcard` for `*`
   */
  readonly name?: string;
  /**
   * Where the certificate comes from.
   * @default - as the ingress says
   */
  readonly tls?: DaprIngressTls;
}
