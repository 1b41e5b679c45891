import { Construct } from 'constructs';
import { googleNameProblem } from './google-names';
import { ImportedObject } from './imported';
import type { FrontendConfigSpec } from '../../imports/networking.gke.io';
import { generated } from '../platform/load-on-first-use';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** The answer that redirects to HTTPS. */
export enum RedirectCode {
  /** 301 */
  MOVED_PERMANENTLY = 'MOVED_PERMANENTLY_DEFAULT',
  /** 302 */
  FOUND = 'FOUND',
  /** 307, keeps the method. */
  TEMPORARY_REDIRECT = 'TEMPORARY_REDIRECT',
  /** 308, keeps the method. */
  PERMANENT_REDIRECT = 'PERMANENT_REDIRECT',
}

/** Properties of a FrontendConfig. */
export interface FrontendConfigProps extends ResourceProps {
  /**
   * Whether HTTP requests are redirected to HTTPS. The Ingress must have a certificate and allow HTTP, and be external.
   * @default false
   */
  readonly redirectToHttps?: boolean;
  /**
   * The answer that redirects.
   * @default RedirectCode.MOVED_PERMANENTLY
   */
  readonly redirectCode?: RedirectCode;
  /**
   * The name of a policy in Google Cloud that TLS versions and ciphers are taken from.
   * @default - Google's, which takes TLS 1.0 and later
   */
  readonly sslPolicy?: string;
}

/** The client side of load balancers, made here or elsewhere. */
export interface IFrontendConfig extends IResource {}

/**
 * The client side of a GKE Ingress: redirect to HTTPS and TLS policy. Ingresses of its namespace refer to it.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration
 */
export class FrontendConfig extends Resource implements IFrontendConfig {
  /** A FrontendConfig of the chart's namespace that exists already. */
  public static fromFrontendConfigName(scope: Construct, id: string, frontendConfigName: string): IFrontendConfig {
    return new ImportedObject(scope, id, 'FrontendConfig', frontendConfigName);
  }

  /** Whether HTTP requests are redirected. */
  public readonly redirectsToHttps: boolean;
  private readonly props: FrontendConfigProps;

  /** @throws if there is nothing in it, or the policy has no valid name. */
  constructor(scope: Construct, id: string, props: FrontendConfigProps) {
    super(scope, id, { apiVersion: 'networking.gke.io/v1beta1', kind: 'FrontendConfig' }, props);
    this.props = props;
    this.redirectsToHttps = props.redirectToHttps ?? false;
    if (!this.redirectsToHttps && props.sslPolicy === undefined) this._fail('says nothing; set redirectToHttps or sslPolicy, or leave it out');
    if (props.redirectCode !== undefined && !this.redirectsToHttps) this._fail('redirectCode goes with redirectToHttps');
    const problem = props.sslPolicy === undefined ? undefined : googleNameProblem(props.sslPolicy);
    if (problem) this._fail(`sslPolicy: ${problem}`);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: FrontendConfigSpec = {
      sslPolicy: this.props.sslPolicy,
      redirectToHttps: this.redirectsToHttps
        ? { enabled: true, responseCodeName: this.props.redirectCode ?? RedirectCode.MOVED_PERMANENTLY }
        : undefined,
    };
    return { spec: generated.gkeNetworking.toJson_FrontendConfigSpec(spec) };
  }
}
