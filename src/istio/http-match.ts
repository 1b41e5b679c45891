import { StringMatch } from './string-match';

/** Conditions of a route that must all hold. */
export interface HttpMatch {
  /**
   * The path without its query.
   * @default - any path
   */
  readonly uri?: StringMatch;
  /**
   * Whether the path is compared without regard to case; a regular expression is not affected.
   * @default false
   */
  readonly ignoreUriCase?: boolean;
  /**
   * Headers by name; a missing header matches nothing.
   * @default - any headers
   */
  readonly headers?: { [name: string]: StringMatch };
  /**
   * Headers that must not match. A missing header counts as the empty text.
   * @default - none
   */
  readonly withoutHeaders?: { [name: string]: StringMatch };
  /**
   * Query parameters by name; the first value counts.
   * @default - any query
   */
  readonly queryParams?: { [name: string]: StringMatch };
  /**
   * The method, in capitals.
   * @default - any method
   */
  readonly method?: StringMatch;
  /**
   * The host as the client wrote it, with the port if it named one.
   * @default - any of the virtual service's hosts
   */
  readonly authority?: StringMatch;
  /**
   * `http` or `https`.
   * @default - both
   */
  readonly scheme?: StringMatch;
  /**
   * The number of the Gateway's server, or in the mesh the port of the Service that is called.
   * @default - any port
   */
  readonly port?: number;
  /**
   * Names of gateways, out of those of the virtual service, that the conditions hold for.
   * @default - all of them
   */
  readonly gateways?: string[];
  /**
   * Labels of the calling pods; for a gateway those of the gateway's pods.
   * @default - any caller
   */
  readonly sourceLabels?: { [key: string]: string };
  /**
   * The namespace of the calling pods.
   * @default - any namespace
   */
  readonly sourceNamespace?: string;
}
