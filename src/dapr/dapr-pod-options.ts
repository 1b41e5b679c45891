import { LogLevel, SidecarOptions, SidecarResources } from './sidecar-options';

/** What can be told to a sidecar that Dapr injects. */
export interface DaprPodOptions extends SidecarOptions {
  /**
   * The port that the application listens on. The sidecar is not ready before something listens there.
   * @default - none: the application only calls others
   */
  readonly appPort?: number;
  /**
   * How much the sidecar logs.
   * @default LogLevel.INFO
   */
  readonly logLevel?: LogLevel;
  /**
   * Addresses that the sidecar's API listens on, IPv6 in brackets. Whoever reaches them may use the API, so anything
   * but the default belongs with an `api` that allows little.
   * @default - the pod's loopback only: `[::1]` and `127.0.0.1`
   */
  readonly listenAddresses?: string[];
  /**
   * Whether the sidecar does without the secret store that reads every Secret its ServiceAccount may read. With it, and
   * without a mounted token, the sidecar ends as soon as it starts. Secrets of Components are not affected.
   * @default true
   */
  readonly disableBuiltinK8sSecretStore?: boolean;
  /**
   * Whether the sidecar starts before and ends after the application, as a native sidecar. Needs Dapr 1.18 and
   * Kubernetes 1.29.
   * @default false
   */
  readonly nativeSidecar?: boolean;
  /**
   * CPU and memory of the sidecar.
   * @default - as Dapr's control plane is set up
   */
  readonly resources?: SidecarResources;
  /**
   * Annotations `dapr.io/…` that this library has no word for.
   * @default - none
   */
  readonly annotations?: { [key: string]: string };
}
