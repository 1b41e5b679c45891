import { Protocol } from './protocol';
import { portProblem } from '../platform/ports';

/** A port that a virtual router is reached on: the one that clients use. */
export class VirtualRouterListener {
  /** HTTP/1.1. */
  public static http(port: number): VirtualRouterListener {
    return new VirtualRouterListener(port, Protocol.HTTP);
  }

  /** HTTP/2. */
  public static http2(port: number): VirtualRouterListener {
    return new VirtualRouterListener(port, Protocol.HTTP2);
  }

  /** gRPC. */
  public static grpc(port: number): VirtualRouterListener {
    return new VirtualRouterListener(port, Protocol.GRPC);
  }

  /** TCP. */
  public static tcp(port: number): VirtualRouterListener {
    return new VirtualRouterListener(port, Protocol.TCP);
  }

  private constructor(
    /** The port. */
    public readonly port: number,
    /** The protocol. */
    public readonly protocol: Protocol,
  ) {
    const problem = portProblem(port);
    if (problem) throw new Error(`VirtualRouterListener.${protocol}: ${problem}`);
  }
}
