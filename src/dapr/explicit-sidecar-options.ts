import { LogLevel, SidecarOptions, SidecarResources } from './sidecar-options';

/** What can be told to a sidecar that stands in the pod explicitly. */
export interface ExplicitSidecarOptions extends SidecarOptions {
  /**
   * The app id.
   * @default 'main'
   */
  readonly appId?: string;
  /**
   * The port that the application listens on.
   * @default 9000
   */
  readonly appPort?: number;
  /**
   * How much the sidecar logs.
   * @default LogLevel.DEBUG
   */
  readonly logLevel?: LogLevel;
  /**
   * The sidecar's image.
   * @default - `docker.io/daprio/daprd` in the newest known release of the target version of Dapr
   */
  readonly image?: string;
  /**
   * Where the files of components are mounted, read-only.
   * @default '/etc/dapr/resources'
   */
  readonly resourcesPath?: string;
  /**
   * Port of the sidecar's HTTP API.
   * @default 3500
   */
  readonly httpPort?: number;
  /**
   * Port on which the sidecar tells the kubelet how it is. It answers health checks and metadata, nothing else.
   * @default 3501
   */
  readonly publicPort?: number;
  /**
   * Addresses that the sidecar's API listens on, IPv6 in brackets. Whoever reaches them may use the API.
   * @default - the pod's loopback only: `[::1]` and `127.0.0.1`
   */
  readonly listenAddresses?: string[];
  /**
   * CPU and memory of the sidecar.
   * @default - 100m of CPU and 250Mi of memory are set aside; there is no limit
   */
  readonly resources?: SidecarResources;
  /**
   * Address of Dapr's placement service, which actors and workflows need.
   * @default - none: there are no actors and workflows
   */
  readonly placementHostAddress?: string;
  /**
   * Address of Dapr's scheduler service, which jobs, actor reminders and workflows need.
   * @default - none: there are no jobs and reminders
   */
  readonly schedulerHostAddress?: string;
  /**
   * Flags of daprd that this library has no word for, such as `--enable-profiling`.
   * @default - none
   */
  readonly extraFlags?: string[];
}
