import { Duration } from 'cdk8s';

/** How Envoy finds out whether a listener is well. The port and the protocol are the listener's. */
export interface HealthCheckOptions {
  /**
   * The number of good answers in a row that make a listener healthy, 2 to 10.
   * @default 2
   */
  readonly healthyThreshold?: number;
  /**
   * The number of bad answers in a row that make it unhealthy, 2 to 10.
   * @default 2
   */
  readonly unhealthyThreshold?: number;
  /**
   * The time between two checks, 5 seconds to 5 minutes.
   * @default Duration.seconds(5)
   */
  readonly interval?: Duration;
  /**
   * How long an answer may take, 2 to 60 seconds and no longer than the interval.
   * @default Duration.seconds(2)
   */
  readonly timeout?: Duration;
}

/** How Envoy finds out whether an HTTP listener is well. */
export interface HttpHealthCheckOptions extends HealthCheckOptions {
  /**
   * The path that is asked for.
   * @default '/'
   */
  readonly path?: string;
}
