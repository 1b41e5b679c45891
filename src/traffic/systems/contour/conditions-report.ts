import { Origin } from '../../network/origin';

/** A condition that Contour would set on an object: what is wrong, under the name that Contour has for it. */
export interface ContourCondition {
  readonly origin: Origin;
  /** Such as `RouteError`. */
  readonly type: string;
  /** Such as `HeaderMatchConditionsNotValid`. */
  readonly reason: string;
  readonly message: string;
  /** Whether the object is still called valid. */
  readonly warning?: boolean;
  /** What must be absent from the cluster for this to hold; only the whole input can tell. */
  readonly absent?: string;
}

export type Report = (condition: ContourCondition) => void;
