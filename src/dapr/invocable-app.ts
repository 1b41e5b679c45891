import { IConstruct } from 'constructs';
import { Operation } from './operation';

/** What a caller may do with the application it calls. */
export interface InvocationOptions {
  /**
   * What is called.
   * @default - everything but the callee's internal paths
   */
  readonly operations?: Operation[];
  /**
   * The trust domain of a caller that is named by its app id.
   * @default - the caller's own; 'public' where only its app id is known
   */
  readonly trustDomain?: string;
}

/** An application that others invoke by its app id, made here or elsewhere. */
export interface IDaprApp extends IConstruct {
  /** The app id. */
  readonly appId: string;
  /** The namespace; undefined where the chart has none. */
  readonly namespace?: string;
  /** The trust domain that the application's own Configuration puts it in. */
  readonly trustDomain: string;
  /** The port that its sidecar talks to other sidecars on, and expects them on. */
  readonly internalGrpcPort: number;
  /** Lets another application invoke this one. Where this one is built elsewhere, its owner has to say so there. */
  allowInvocationFrom(appId: string, namespace: string, options?: InvocationOptions): void;
}

/** What is known of an application that somebody else builds. */
export interface DaprAppAttributes {
  /** Its app id. */
  readonly appId: string;
  /** Its namespace. */
  readonly namespace: string;
  /**
   * The trust domain in its Configuration.
   * @default 'public'
   */
  readonly trustDomain?: string;
  /**
   * The port of its sidecar for other sidecars.
   * @default 50002
   */
  readonly internalGrpcPort?: number;
}
