import { Report } from './conditions-report';
import { Cluster } from '../../cluster';
import { TrafficModelOptions } from '../../options';
import { ReadObject } from '../../read/objects';

/** What reading HTTPProxies takes. */
export interface ContourInput {
  readonly cluster: Cluster;
  readonly options: TrafficModelOptions;
  readonly report: Report;
  /** The proxies that Contour takes, by reference. */
  readonly proxies: ReadonlyMap<string, ReadObject>;
  /** Proxies that some root reaches. */
  readonly reached: Set<string>;
}
