import { checkedPath } from './route-rendering';
import { isHostName } from '../platform/names';

/** What becomes of the prefix that a gateway route matched. */
export class PrefixRewrite {
  /** It is replaced by `/`: `/chapter/page` at the prefix `/chapter` arrives as `/page`. App Mesh's own default. */
  public static strip(): PrefixRewrite {
    return new PrefixRewrite(undefined);
  }

  /** It stays: the application serves the whole path. */
  public static keep(): PrefixRewrite {
    return new PrefixRewrite({ defaultPrefix: 'DISABLED' });
  }

  /**
   * It is replaced by another; the matched prefix has to end with a slash too.
   * @throws if it does not begin and end with a slash
   */
  public static to(prefix: string): PrefixRewrite {
    if (!prefix.startsWith('/') || !prefix.endsWith('/')) throw new Error(`PrefixRewrite.to: a prefix begins and ends with "/", got "${prefix}"`);
    return new PrefixRewrite({ value: prefix });
  }

  private constructor(private readonly wire: any) {}

  /** @internal */
  public _render(): any {
    return this.wire;
  }
}

/** The path that a request has to have at a gateway, and the path that it arrives with. */
export class GatewayRoutePathMatch {
  /**
   * The path begins with this, byte for byte: `/chapter` matches `/chapter1` too.
   *
   * @param rewrite what becomes of the prefix; unless told it is stripped
   * @throws if it does not begin with a slash, or is reserved
   */
  public static startsWith(prefix: string, rewrite: PrefixRewrite = PrefixRewrite.strip()): GatewayRoutePathMatch {
    checkedPath('GatewayRoutePathMatch.startsWith', prefix);
    const wire = rewrite._render();
    if (wire?.value !== undefined && !prefix.endsWith('/')) {
      throw new Error(`GatewayRoutePathMatch.startsWith: a prefix that is replaced by "${wire.value}" has to end with "/" too, got "${prefix}"`);
    }
    return new GatewayRoutePathMatch({ prefix }, wire && { prefix: wire });
  }

  /**
   * The path is exactly this.
   *
   * @param rewriteTo the path that it arrives with; unless told it stays
   * @throws if one of them does not begin with a slash, or is reserved
   */
  public static exactly(path: string, rewriteTo?: string): GatewayRoutePathMatch {
    return new GatewayRoutePathMatch({ path: { exact: checkedPath('GatewayRoutePathMatch.exactly', path) } }, exactRewrite('exactly', rewriteTo));
  }

  /**
   * The whole path matches a regular expression.
   *
   * @param rewriteTo the path that it arrives with; unless told it stays
   * @throws if the expression is empty, or the rewrite does not begin with a slash
   */
  public static regex(regex: string, rewriteTo?: string): GatewayRoutePathMatch {
    if (regex === '') throw new Error('GatewayRoutePathMatch.regex: the expression must not be empty');
    return new GatewayRoutePathMatch({ path: { regex } }, exactRewrite('regex', rewriteTo));
  }

  private constructor(private readonly match: any, private readonly rewrite: any) {}

  /** @internal */
  public _renderMatch(): any {
    return this.match;
  }

  /** @internal */
  public _renderRewrite(): any {
    return this.rewrite;
  }
}

/** The host that a request has to be for, as it stands in its Host header, port included. */
export class GatewayRouteHostnameMatch {
  /**
   * The host is exactly this.
   * @throws if it is no host name
   */
  public static exactly(host: string): GatewayRouteHostnameMatch {
    if (!isHostName(host) || host.startsWith('*')) throw new Error(`GatewayRouteHostnameMatch.exactly: expected a host name, got "${host}"`);
    return new GatewayRouteHostnameMatch({ exact: host });
  }

  /**
   * The host ends with this, such as `.example.com`.
   * @throws if it is no end of a host name
   */
  public static endsWith(suffix: string): GatewayRouteHostnameMatch {
    if (!isHostName(suffix.replace(/^\./, '')) || suffix.startsWith('*')) {
      throw new Error(`GatewayRouteHostnameMatch.endsWith: expected the end of a host name such as ".example.com", got "${suffix}"`);
    }
    return new GatewayRouteHostnameMatch({ suffix });
  }

  private constructor(private readonly wire: any) {}

  /** @internal */
  public _render(): any {
    return this.wire;
  }
}

function exactRewrite(who: string, rewriteTo: string | undefined): any {
  if (rewriteTo === undefined) return undefined;
  return { path: { exact: checkedPath(`GatewayRoutePathMatch.${who}`, rewriteTo) } };
}
