/** What a collector passes on. */
export enum Signal {
  /** The way of single requests. */
  TRACES = 'traces',
  /** Measurements. */
  METRICS = 'metrics',
  /** Log records. */
  LOGS = 'logs',
}
