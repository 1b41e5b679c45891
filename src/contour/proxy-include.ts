import { HeaderCondition } from './header-condition';
import { QueryCondition } from './query-condition';
import { IResource } from '../platform/resource';

/** An HTTPProxy, made here or elsewhere. */
export interface IHttpProxy extends IResource {}

/** What is known of an HTTPProxy that somebody else writes. */
export interface HttpProxyAttributes {
  /** Its name. */
  readonly proxyName: string;
  /** Its namespace. */
  readonly namespace: string;
}

/** Which requests an included proxy gets. All conditions have to hold. */
export interface IncludeOptions {
  /**
   * Text that the path begins with; the paths of the included proxy come after it. `/shop` fits `/shopping` too.
   * @default - none: every path
   */
  readonly prefix?: string;
  /**
   * What headers have to be.
   * @default - any
   */
  readonly headers?: HeaderCondition[];
  /**
   * What parameters of the query have to be.
   * @default - any
   */
  readonly query?: QueryCondition[];
}
