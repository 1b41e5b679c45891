import { TrafficDestination } from '../trace';
import type { Hop } from './hop';
import { Origin } from './origin';
import { Request } from './request';
import { Transform } from './transform';

/** A policy that applies on the way. */
export interface Policy {
  readonly name: 'timeout' | 'idleTimeout' | 'retries' | 'upstreamTls' | 'authentication' | 'responseHeaders';
  readonly value: string;
  readonly origin: Origin;
}

/** What a proxy answers when a destination is not there; `refuse` closes the connection. */
export type Failure = number | 'refuse';

/** A destination in somebody's terms, before anybody has looked whether it exists. */
export type Destination =
  | {
    readonly kind: 'service';
    readonly namespace: string;
    readonly name: string;
    readonly port: number | string;
    readonly subset?: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
    /** The answer for a Service or port that does not exist. */
    readonly missing: Failure;
    /** The answer for a Service without ready pods. */
    readonly empty: Failure;
    /** The answer where the connection to the pods is refused; else that for no pods. */
    readonly refused?: Failure;
    /** Whether the proxy speaks TLS to it. */
    readonly tls?: boolean;
    readonly sni?: string;
    /** How the end is named where it is not the Service. */
    readonly as?: TrafficDestination;
    /** Whether the proxy goes to the pods itself; otherwise by the Service's address, which a sidecar of the sender may see. */
    readonly viaAddress?: boolean;
  }
  /** The end of the way: an application, or what lies outside the cluster. */
  | { readonly kind: 'end'; readonly destination: TrafficDestination; readonly assumption?: string }
  /** The Service by which the request came to these pods. */
  | { readonly kind: 'through' }
  | { readonly kind: 'hop'; readonly hop: Hop; readonly port: number }
  | { readonly kind: 'answer'; readonly failure: Failure; readonly why: string; readonly assumption?: string }
  /** An answer in the place of a destination. */
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'unknown'; readonly why: string };

/** A destination with its share and what is done to requests that go there. */
export interface Target {
  readonly origin: Origin;
  readonly weight: number;
  readonly destination: Destination;
  readonly transforms: readonly Transform[];
  readonly policies?: readonly Policy[];
}

/** How a redirect changes the request's URL. What is not given stays. */
export interface Redirect {
  readonly status: number;
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: number | 'keep' | 'drop';
  readonly path?: Transform;
  readonly query?: string;
}

/** What a route does with a request. */
export type Action =
  | { readonly kind: 'forward'; readonly targets: readonly Target[]; readonly mirrors?: readonly Target[] }
  | ({ readonly kind: 'redirect' } & Redirect)
  | { readonly kind: 'respond'; readonly status?: number; readonly why: string }
  | { readonly kind: 'refuse'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string }
  /** The action holds under an assumption. */
  | { readonly kind: 'assume'; readonly assumption: string; readonly then: Action }
  /** The action, with a step of the way that says why. */
  | { readonly kind: 'explain'; readonly origin: Origin; readonly does: string; readonly then: Action }
  /** The action depends on the request in a way that only its system knows. */
  | { readonly kind: 'choose'; readonly choose: (request: Request) => Action };
