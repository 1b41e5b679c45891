import { Construct } from 'constructs';
import type { PeerAuthenticationSpec, PeerAuthenticationSpecMtls, PeerAuthenticationSpecPortLevelMtls } from '../../imports/security.istio.io';
import { generated } from '../platform/load-on-first-use';
import { portProblem } from '../platform/ports';
import { Resource, ResourceProps } from '../platform/resource';

/** Whether pods demand the mesh's mutual TLS of their callers. */
export enum MtlsMode {
  /** Plain text is refused. */
  STRICT = 'STRICT',
  /** Both are taken. */
  PERMISSIVE = 'PERMISSIVE',
  /** Plain text only. */
  DISABLE = 'DISABLE',
}

/** Properties of a PeerAuthentication. */
export interface PeerAuthenticationProps extends ResourceProps {
  /** What the pods demand. */
  readonly mode: MtlsMode;
  /**
   * The labels of the pods.
   * @default - all pods of the namespace; in Istio's root namespace, of the mesh
   */
  readonly selector?: { [key: string]: string };
  /**
   * What single ports of the pods demand instead; it takes a selector.
   * @default - every port as `mode` says
   */
  readonly portLevelModes?: { [port: string]: MtlsMode };
}

/**
 * Whether pods take plain text or the mesh's mutual TLS only.
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 */
export class PeerAuthentication extends Resource {
  private readonly props: PeerAuthenticationProps;

  /** @throws if a port is out of range, or ports are named without a selector, which Istio ignores. */
  constructor(scope: Construct, id: string, props: PeerAuthenticationProps) {
    super(scope, id, { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' }, props);
    this.props = props;
    if (props.selector && Object.keys(props.selector).length === 0) this._fail('the selector must name labels; leave it out for the whole namespace');
    for (const port of Object.keys(props.portLevelModes ?? {})) {
      const problem = portProblem(Number(port));
      if (problem) this._fail(problem);
      if (!props.selector) this._fail('modes of single ports are ignored without a selector; set `selector`');
    }
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { mode, selector, portLevelModes } = this.props;
    const spec: PeerAuthenticationSpec = {
      selector: selector && { matchLabels: selector },
      mtls: { mode: mode as unknown as PeerAuthenticationSpecMtls['mode'] },
      portLevelMtls: portLevelModes && Object.fromEntries(
        Object.entries(portLevelModes).map(([port, each]) => [port, { mode: each as unknown as PeerAuthenticationSpecPortLevelMtls['mode'] }]),
      ),
    };
    return { spec: generated.istioSecurity.toJson_PeerAuthenticationSpec(spec) };
  }
}
