import { HttpConnectionPool, RequestConnectionPool } from './connection-pool';
import { HealthCheckOptions, HttpHealthCheckOptions } from './health-check';
import { renderConnectionPool, renderHealthCheck } from './listener-rendering';
import { Protocol } from './protocol';
import { ListenerTls } from './tls';
import { wire } from './wire';
import type { VirtualGatewaySpecListeners } from '../../imports/appmesh.k8s.aws';
import { portProblem } from '../platform/ports';

/** What the listeners of a virtual gateway have in common. */
export interface VirtualGatewayListenerOptions {
  /** The port that the gateway's Envoy listens on; the container and the Service have the same one. */
  readonly port: number;
  /**
   * TLS at the listener.
   * @default - plain text
   */
  readonly tls?: ListenerTls;
}

/** An HTTP/1.1 listener of a virtual gateway. */
export interface HttpVirtualGatewayListenerOptions extends VirtualGatewayListenerOptions {
  /**
   * How the gateway is found to be well.
   * @default - none
   */
  readonly healthCheck?: HttpHealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: HttpConnectionPool;
}

/** An HTTP/2 listener of a virtual gateway. */
export interface Http2VirtualGatewayListenerOptions extends VirtualGatewayListenerOptions {
  /**
   * How the gateway is found to be well.
   * @default - none
   */
  readonly healthCheck?: HttpHealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: RequestConnectionPool;
}

/** A gRPC listener of a virtual gateway. */
export interface GrpcVirtualGatewayListenerOptions extends VirtualGatewayListenerOptions {
  /**
   * How the gateway is found to be well.
   * @default - none
   */
  readonly healthCheck?: HealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: RequestConnectionPool;
}

interface AnyOptions extends VirtualGatewayListenerOptions {
  readonly healthCheck?: HttpHealthCheckOptions;
  readonly connectionPool?: { maxConnections?: number; maxPendingRequests?: number; maxRequests?: number };
}

/** A port that a virtual gateway takes requests on. Gateways know no plain TCP. */
export class VirtualGatewayListener {
  /** HTTP/1.1. */
  public static http(options: HttpVirtualGatewayListenerOptions): VirtualGatewayListener {
    return new VirtualGatewayListener(Protocol.HTTP, options);
  }

  /** HTTP/2. */
  public static http2(options: Http2VirtualGatewayListenerOptions): VirtualGatewayListener {
    return new VirtualGatewayListener(Protocol.HTTP2, options);
  }

  /** gRPC. */
  public static grpc(options: GrpcVirtualGatewayListenerOptions): VirtualGatewayListener {
    return new VirtualGatewayListener(Protocol.GRPC, options);
  }

  /** The port. */
  public readonly port: number;

  private constructor(
    /** The protocol. */
    public readonly protocol: Protocol,
    private readonly options: AnyOptions,
  ) {
    this.port = options.port;
  }

  /**
   * Whether clients have to speak TLS.
   * @internal
   */
  public get _encrypts(): boolean {
    return this.options.tls?._strict ?? false;
  }

  /**
   * The listener as the wire has it, its health check on its own port.
   * @internal
   */
  public _bind(fail: (problem: string) => never): VirtualGatewaySpecListeners {
    const problem = portProblem(this.port, 'listener port');
    if (problem) fail(problem);
    const failHere = (what: string) => fail(`listener ${this.port}: ${what}`);
    const { connectionPool, healthCheck, tls } = this.options;
    return {
      portMapping: { port: this.port, protocol: wire(this.protocol) },
      connectionPool: renderConnectionPool(this.protocol, connectionPool, failHere),
      healthCheck: healthCheck && renderHealthCheck(this.port, this.protocol, healthCheck, failHere),
      tls: tls?._render(),
    };
  }
}
