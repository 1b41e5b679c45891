import { Operation } from './operation';

/** What happens to a call. */
export enum AccessAction {
  /** It reaches the application. */
  ALLOW = 'allow',
  /** The application's sidecar refuses it. */
  DENY = 'deny',
}

/** Who may call an application, and for what. */
export interface AccessPolicy {
  /** The caller's app id. */
  readonly appId: string;
  /** The caller's namespace. */
  readonly namespace: string;
  /**
   * The trust domain in the caller's own Configuration.
   * @default 'public'
   */
  readonly trustDomain?: string;
  /**
   * What it may call.
   * @default - everything but the internal paths
   */
  readonly operations?: Operation[];
}

/** Which calls from other applications an application's sidecar lets through. */
export interface AccessControl {
  /**
   * What happens to a caller that no policy names.
   * @default AccessAction.DENY
   */
  readonly defaultAction?: AccessAction;
  /**
   * The trust domain of the application itself, which the policies of those it calls have to name.
   * @default 'public'
   */
  readonly trustDomain?: string;
  /**
   * The callers.
   * @default - none yet; add them with `addPolicy`
   */
  readonly policies?: AccessPolicy[];
  /**
   * Paths that no caller reaches, whatever the policies allow.
   * @default - those that Dapr itself calls the application on: `/dapr/**`, `/job/**` and `/actors/**`
   */
  readonly internalPaths?: string[];
}
