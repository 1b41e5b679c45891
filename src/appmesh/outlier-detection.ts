import { Duration } from 'cdk8s';

/** When callers leave out an endpoint that fails. With DNS discovery of type LOADBALANCER there is one endpoint and nothing to leave out. */
export interface OutlierDetection {
  /** The number of server errors in a row, at least 1. */
  readonly maxServerErrors: number;
  /** The time between two looks. */
  readonly interval: Duration;
  /** How long an endpoint is left out the first time. */
  readonly baseEjectionDuration: Duration;
  /** How many of the endpoints may be left out at once, 0 to 100 percent. */
  readonly maxEjectionPercent: number;
}
