import { HttpConnectionPool, RequestConnectionPool, TcpConnectionPool } from './connection-pool';
import { HealthCheckOptions, HttpHealthCheckOptions } from './health-check';
import { renderConnectionPool, renderHealthCheck, renderListenerTimeout, renderOutlierDetection } from './listener-rendering';
import { OutlierDetection } from './outlier-detection';
import { Protocol } from './protocol';
import { RequestTimeout, TcpTimeout } from './timeout';
import { ListenerTls } from './tls';
import { wire } from './wire';
import type { VirtualNodeSpecListeners } from '../../imports/appmesh.k8s.aws';
import { portProblem } from '../platform/ports';

/** What the listeners of a virtual node have in common. */
export interface VirtualNodeListenerOptions {
  /** The port that the application listens on; its Service has the same one. */
  readonly port: number;
  /**
   * TLS at the listener.
   * @default - plain text
   */
  readonly tls?: ListenerTls;
  /**
   * When callers leave out an endpoint that fails.
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;
}

/** An HTTP/1.1 listener of a virtual node. */
export interface HttpVirtualNodeListenerOptions extends VirtualNodeListenerOptions {
  /**
   * How callers find out whether an endpoint is well.
   * @default - they take it for well
   */
  readonly healthCheck?: HttpHealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: HttpConnectionPool;
  /**
   * How long a request may take.
   * @default - 15 seconds, idle 5 minutes
   */
  readonly timeout?: RequestTimeout;
}

/** An HTTP/2 listener of a virtual node. */
export interface Http2VirtualNodeListenerOptions extends VirtualNodeListenerOptions {
  /**
   * How callers find out whether an endpoint is well.
   * @default - they take it for well
   */
  readonly healthCheck?: HttpHealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: RequestConnectionPool;
  /**
   * How long a request may take.
   * @default - 15 seconds, idle 5 minutes
   */
  readonly timeout?: RequestTimeout;
}

/** A gRPC listener of a virtual node. */
export interface GrpcVirtualNodeListenerOptions extends VirtualNodeListenerOptions {
  /**
   * How callers find out whether an endpoint is well, by gRPC's own health service.
   * @default - they take it for well
   */
  readonly healthCheck?: HealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: RequestConnectionPool;
  /**
   * How long a request may take.
   * @default - 15 seconds, idle 5 minutes
   */
  readonly timeout?: RequestTimeout;
}

/** A TCP listener of a virtual node. */
export interface TcpVirtualNodeListenerOptions extends VirtualNodeListenerOptions {
  /**
   * How callers find out whether an endpoint is well: by connecting.
   * @default - they take it for well
   */
  readonly healthCheck?: HealthCheckOptions;
  /**
   * How much the listener takes at once.
   * @default - no limit
   */
  readonly connectionPool?: TcpConnectionPool;
  /**
   * How long a connection may be silent.
   * @default - 5 minutes
   */
  readonly timeout?: TcpTimeout;
}

interface AnyOptions extends VirtualNodeListenerOptions {
  readonly healthCheck?: HttpHealthCheckOptions;
  readonly connectionPool?: { maxConnections?: number; maxPendingRequests?: number; maxRequests?: number };
  readonly timeout?: RequestTimeout;
}

/** A port that a virtual node takes requests on. */
export class VirtualNodeListener {
  /** HTTP/1.1. */
  public static http(options: HttpVirtualNodeListenerOptions): VirtualNodeListener {
    return new VirtualNodeListener(Protocol.HTTP, options);
  }

  /** HTTP/2. */
  public static http2(options: Http2VirtualNodeListenerOptions): VirtualNodeListener {
    return new VirtualNodeListener(Protocol.HTTP2, options);
  }

  /** gRPC. */
  public static grpc(options: GrpcVirtualNodeListenerOptions): VirtualNodeListener {
    return new VirtualNodeListener(Protocol.GRPC, options);
  }

  /** TCP. */
  public static tcp(options: TcpVirtualNodeListenerOptions): VirtualNodeListener {
    return new VirtualNodeListener(Protocol.TCP, options);
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
   * The listener as the wire has it, its health check on its own port.
   * @internal
   */
  public _bind(fail: (problem: string) => never): VirtualNodeSpecListeners {
    const problem = portProblem(this.port, 'listener port');
    if (problem) fail(problem);
    const failHere = (what: string) => fail(`listener ${this.port}: ${what}`);
    const { connectionPool, healthCheck, outlierDetection, timeout, tls } = this.options;
    return {
      portMapping: { port: this.port, protocol: wire(this.protocol) },
      connectionPool: renderConnectionPool(this.protocol, connectionPool, failHere),
      healthCheck: healthCheck && renderHealthCheck(this.port, this.protocol, healthCheck, failHere),
      outlierDetection: renderOutlierDetection(outlierDetection, failHere),
      timeout: renderListenerTimeout(this.protocol, timeout),
      tls: tls?._render(),
    };
  }
}
