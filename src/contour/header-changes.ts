/** What happens to the headers of a request or a response. Of each, removing comes before setting. */
export interface HeaderChanges {
  /**
   * Headers and their values; a value that is there already is replaced. On requests `Host` changes the host.
   * @default - none
   */
  readonly set?: { [name: string]: string };
  /**
   * Headers that are taken away.
   * @default - none
   */
  readonly remove?: string[];
}
