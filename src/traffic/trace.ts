import { Redaction } from './redact';
import { traceText } from './report/trace-text';

/** How sure an answer is. */
export enum Certainty {
  /** The manifests decide it. */
  CERTAIN = 'certain',
  /** It holds under the assumptions that are named. */
  ASSUMED = 'assumed',
  /** The manifests do not decide it. */
  UNDETERMINED = 'undetermined',
}

/** What becomes of a request. */
export enum OutcomeKind {
  /** An application gets it. */
  DELIVERED = 'delivered',
  /** A proxy answers by itself. */
  RESPONDED = 'responded',
  /** A proxy sends the client elsewhere. */
  REDIRECTED = 'redirected',
  /** No listener, TLS refused or connection closed. */
  REFUSED = 'refused',
  /** The manifests do not decide it. */
  UNDETERMINED = 'undetermined',
}

/** A request to follow. */
export interface TrafficRequest {
  /** `https://shop.example.com:8443/cart?x=1`; scheme http (port 80), https (443), grpc (80) or grpcs (443). */
  readonly url: string;
  /**
   * HTTP method.
   * @default - GET; POST for grpc
   */
  readonly method?: string;
  /**
   * Request headers by name; `Host` comes from the url unless it is given here.
   * @default - none
   */
  readonly headers?: { [name: string]: string };
  /**
   * The first hop, such as `Ingress/web/shop`; the url's port is a port of that object.
   * @default - the internet: the outermost load balancers and gateways that listen on the port
   */
  readonly entry?: string;
  /**
   * The workload that sends the request inside the cluster, through its sidecars: `Deployment/web/shop`.
   * @default - the request comes from outside
   */
  readonly from?: string;
  /**
   * The server name of the TLS handshake.
   * @default - the url's host, for https and grpcs
   */
  readonly sni?: string;
  /**
   * The client's address.
   * @default - an unknown one
   */
  readonly sourceIp?: string;
}

/** Where a request ends. */
export interface TrafficDestination {
  /** `Service`, `DaprApp`, `DaprApi` (the sidecar's own API), `VirtualNode` or `Host` (outside the cluster). */
  readonly kind: string;
  /**
   * The namespace.
   * @default - none, for hosts outside the cluster
   */
  readonly namespace?: string;
  /** The name; of a DaprApp its app id, of a Host its host name. */
  readonly name: string;
  /**
   * The port.
   * @default - not known
   */
  readonly port?: number;
  /**
   * The subset of the Service's pods.
   * @default - all pods
   */
  readonly subset?: string;
}

/** The request as the destination receives it. */
export interface DeliveredRequest {
  /** HTTP method. */
  readonly method: string;
  /** `http` or `https`, as the destination is spoken to. */
  readonly scheme: string;
  /** The Host header or `:authority`. */
  readonly host: string;
  /** The path with its query. */
  readonly path: string;
  /** Headers; names lower-case, repeated values joined with `, `. */
  readonly headers: { [name: string]: string };
}

/** Something that applies to the request on its way. */
export interface TrafficPolicy {
  /** `timeout`, `idleTimeout`, `retries`, `upstreamTls`, `authentication` or `responseHeaders`. */
  readonly name: string;
  /** Its value, in words. */
  readonly value: string;
  /** The object that says so. */
  readonly object: string;
  /** The JSON path in the object. */
  readonly at: string;
}

/** One step of the way. */
export interface TrafficHop {
  /** The object that decides. */
  readonly object: string;
  /** The JSON path in the object, such as `spec.routes[0].services[1]`. */
  readonly at: string;
  /** What it does to the request, in a sentence. */
  readonly does: string;
}

/** What becomes of a share of the requests. */
export interface Outcome {
  /** The share of requests, 0 to 1. */
  readonly share: number;
  /** What becomes of them. */
  readonly kind: OutcomeKind;
  /**
   * The HTTP status, where a proxy answers.
   * @default - none: an application or nobody answers
   */
  readonly status?: number;
  /**
   * The whole redirect target.
   * @default - no redirect
   */
  readonly location?: string;
  /**
   * Where it is delivered.
   * @default - it is not
   */
  readonly destination?: TrafficDestination;
  /**
   * The request as the destination receives it.
   * @default - it is not delivered
   */
  readonly request?: DeliveredRequest;
  /** What applies on the way. */
  readonly policies: TrafficPolicy[];
  /** The way, in order. */
  readonly hops: TrafficHop[];
  /** How sure the answer is. */
  readonly certainty: Certainty;
  /** What the answer rests on. */
  readonly assumptions: string[];
}

/** Where a request goes: one outcome per share. */
export class Trace {
  /** The request that was followed. */
  public readonly request: TrafficRequest;
  /** What becomes of it; the shares add up to 1. */
  public readonly outcomes: Outcome[];
  /** Destinations that get a copy. */
  public readonly mirrors: TrafficDestination[];

  /** @internal */
  public constructor(request: TrafficRequest, outcomes: Outcome[], mirrors: TrafficDestination[]) {
    const redaction = new Redaction(request, outcomes);
    this.request = redaction.request();
    this.outcomes = outcomes.map((outcome) => redaction.outcome(outcome));
    this.mirrors = mirrors;
  }

  /** The way, hop by hop, for people. */
  public toString(): string {
    return traceText(this);
  }
}
