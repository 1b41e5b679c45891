import { Construct } from 'constructs';
import { InternalPaths } from './dapr-ingress-internal-paths';
import { DaprTarget } from './dapr-target';

/** What a host needs of its ingress. */
export interface HostContext {
  readonly scope: Construct;
  readonly namespace: string;
  readonly ingressClassName?: string;
  readonly internalPaths: InternalPaths;
  /** The Service of Envoy's sidecars and its ports. */
  readonly sidecars: { readonly name: string; readonly httpPort: number; readonly grpcPort: number };
  /** Opens the sidecars' gRPC port. */
  needGrpc(): void;
  /** Lets the ingress into an application. */
  admit(target: DaprTarget, reliedOnBy: string): void;
  fail(problem: string): never;
}
