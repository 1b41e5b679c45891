import { Duration } from 'cdk8s';
import type { BackendConfigSpecCdn } from '../../imports/cloud.google.com';

/** Which responses Cloud CDN keeps. */
export enum CdnCacheMode {
  /** Those that say so. */
  USE_ORIGIN_HEADERS = 'USE_ORIGIN_HEADERS',
  /** All, even private ones. */
  FORCE_CACHE_ALL = 'FORCE_CACHE_ALL',
  /** Those that say so, and static content that says nothing. */
  CACHE_ALL_STATIC = 'CACHE_ALL_STATIC',
}

/** What Cloud CDN keeps and how long. */
export interface BackendCdn {
  /**
   * Which responses are kept.
   * @default - Google's, CACHE_ALL_STATIC
   */
  readonly cacheMode?: CdnCacheMode;
  /**
   * How long clients may keep a response.
   * @default - Google's
   */
  readonly clientTtl?: Duration;
  /**
   * How long a response is kept that does not say it itself.
   * @default - Google's
   */
  readonly defaultTtl?: Duration;
  /**
   * How long a response is kept at most.
   * @default - Google's
   */
  readonly maxTtl?: Duration;
  /**
   * How long a response that is too old is served while a new one is fetched.
   * @default - Google's
   */
  readonly serveWhileStale?: Duration;
  /**
   * Whether equal requests that come together go to the backend once.
   * @default - Google's, true
   */
  readonly requestCoalescing?: boolean;
  /**
   * Whether errors and redirects are kept, too.
   * @default - Google's
   */
  readonly negativeCaching?: boolean;
  /**
   * Requests with one of these headers go to the backend.
   * @default - none
   */
  readonly bypassHeaders?: string[];
  /**
   * Query parameters that make a difference; an empty list says that none does.
   * @default - all
   */
  readonly queryParameters?: string[];
}

export function renderCdn(cdn: BackendCdn): BackendConfigSpecCdn {
  return {
    enabled: true,
    cacheMode: cdn.cacheMode,
    clientTtl: cdn.clientTtl?.toSeconds(),
    defaultTtl: cdn.defaultTtl?.toSeconds(),
    maxTtl: cdn.maxTtl?.toSeconds(),
    serveWhileStale: cdn.serveWhileStale?.toSeconds(),
    requestCoalescing: cdn.requestCoalescing,
    negativeCaching: cdn.negativeCaching,
    bypassCacheOnRequestHeaders: cdn.bypassHeaders?.map((headerName) => ({ headerName })),
    cachePolicy: cdn.queryParameters && {
      includeHost: true,
      includeProtocol: true,
      includeQueryString: cdn.queryParameters.length > 0,
      queryStringWhitelist: cdn.queryParameters.length > 0 ? cdn.queryParameters : undefined,
    },
  };
}
