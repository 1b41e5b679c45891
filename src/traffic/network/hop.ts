import { Action, Policy } from './action';
import { HostTable } from './host-table';
import { Origin } from './origin';
import { Request, Source } from './request';
import { Transform } from './transform';

/** What a filter says of a request: nothing, an answer, or that nobody can tell. */
export type FilterVerdict =
  | undefined
  | { readonly answer: { readonly status: number; readonly why: string }; readonly origin: Origin }
  | { readonly refuse: string; readonly origin: Origin }
  | { readonly unknown: string; readonly origin: Origin }
  | { readonly policy: Policy };

/** Authorization and the like: asked before routes are. */
export interface Filter {
  readonly check: (request: Request) => FilterVerdict;
}

/** How HTTP is handled once the connection stands. */
export interface HttpHandling {
  readonly hosts: HostTable;
  /** The answer for a host that nobody serves. */
  readonly noHost: { readonly status: number; readonly why: string };
  /** Changes before anything is matched: path normalisation. */
  readonly normalize?: (request: Request) => Request;
  readonly filters?: readonly Filter[];
  /** A Host that differs from the server name of the TLS handshake is answered 421. */
  readonly hostMustBeSni?: boolean;
  /** Changes made to whatever is forwarded, after the route's own. */
  readonly transforms?: readonly Transform[];
}

/** What happens to a connection: HTTP is handled, or its bytes go on as they are. */
export type Handling =
  | { readonly kind: 'http'; readonly http: HttpHandling; readonly policies?: readonly Policy[] }
  | {
    readonly kind: 'tcp';
    readonly action: Action;
    readonly filters?: readonly Filter[];
    /** Whether filters answer in HTTP; else they close the connection. */
    readonly answers?: boolean;
    readonly policies?: readonly Policy[];
  };

/** A way to handle connections of a listener, chosen by the server name of the TLS handshake. */
export interface Chain {
  readonly origin: Origin;
  /** Server names, `*.example.com` among them; undefined takes any and none. */
  readonly serverNames?: readonly string[];
  /** Whether TLS ends here, passes through, or is not spoken. */
  readonly tls: 'terminate' | 'pass' | 'none';
  readonly handling: Handling;
}

/** A port of a hop. */
export interface Listener {
  readonly origin: Origin;
  readonly chains: readonly Chain[];
  /** What the listener rests on that the manifests do not say. */
  readonly assumptions?: readonly string[];
}

/** Something that receives requests and decides what becomes of them: a load balancer, gateway pods, a sidecar, daprd. */
export interface Hop {
  readonly origin: Origin;
  /** What it is, for texts: `Envoy of IngressClass contour`. */
  readonly title: string;
  /** The listener on a port; undefined refuses the connection. */
  readonly listener: (port: number) => Listener | undefined;
  /** The ports that it listens on. */
  readonly ports: () => readonly number[];
  /** The host names that it knows on a port; `*` for all. */
  readonly hosts?: (port: number) => readonly string[];
  /** Who sends what it forwards, where it stands on pods. */
  readonly sender?: Source;
}
