/** How a path of an Ingress is compared. */
export enum GcePathType {
  /** Whole segments from the beginning. */
  PREFIX = 'Prefix',
  /** The whole path. */
  EXACT = 'Exact',
  /** The pattern of the URL map as it is: `/` is the root alone, `/*` is everything, `/v1/*` is not `/v1`. */
  PATTERN = 'ImplementationSpecific',
}
