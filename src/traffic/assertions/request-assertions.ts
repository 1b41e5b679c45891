import { destinationText, outcomeText, percentText } from '../report/trace-text';
import { Certainty, Outcome, OutcomeKind, Trace, TrafficDestination } from '../trace';

/** What a destination must be beside its reference. */
export interface ReachesOptions {
  /**
   * The port of the Service, or of the application.
   * @default - any
   */
  readonly port?: number;
  /**
   * The subset of the Service's pods.
   * @default - any, or none
   */
  readonly subset?: string;
}

/** What a destination must receive. */
export interface ReceivedRequest {
  /**
   * The path with its query.
   * @default - any
   */
  readonly path?: string;
  /**
   * The Host header or `:authority`.
   * @default - any
   */
  readonly host?: string;
  /**
   * HTTP method.
   * @default - any
   */
  readonly method?: string;
  /**
   * Headers that must be there with these values; names without regard to case.
   * @default - any
   */
  readonly headers?: { [name: string]: string };
  /**
   * Headers that must not be there.
   * @default - none
   */
  readonly absentHeaders?: string[];
}

/**
 * What becomes of one request, to be held against what should. Each assertion returns this object, so that several can
 * follow each other, and throws an error that says what was expected, what is, and how it comes about.
 */
export class RequestAssertions {
  /** Where the request goes. */
  public readonly trace: Trace;

  /** @internal */
  public constructor(trace: Trace) {
    this.trace = trace;
  }

  /**
   * All of it is delivered to an object.
   *
   * @param reference `Service/web/shop`, `DaprApp/web/orders`, `VirtualNode/web/shop`, or a host outside the cluster.
   * @throws if some of it is not
   */
  public reaches(reference: string, options: ReachesOptions = {}): RequestAssertions {
    const wanted = `${reference}${options.port === undefined ? '' : `:${options.port}`}${options.subset === undefined ? '' : ` subset ${options.subset}`}`;
    return this.hold(this.trace.outcomes.every((outcome) => isAt(outcome, reference, options)), `all of it delivered to ${wanted}`);
  }

  /**
   * None of it is delivered to an object, and certainly so.
   *
   * @param reference such as `Service/web/admin` or `DaprApi/web/orders`
   * @throws if some of it is, or may be
   */
  public doesNotReach(reference: string): RequestAssertions {
    const open = this.trace.outcomes.some((outcome) => outcome.kind === OutcomeKind.UNDETERMINED);
    return this.hold(!open && !this.trace.outcomes.some((outcome) => isAt(outcome, reference, {})), `none of it delivered to ${reference}`);
  }

  /**
   * All of it is redirected to a URL.
   *
   * @throws if some of it is not
   */
  public isRedirectedTo(url: string, status?: number): RequestAssertions {
    const wanted = normalUrl(url);
    const met = this.trace.outcomes.every((outcome) => outcome.kind === OutcomeKind.REDIRECTED && normalUrl(outcome.location ?? '') === wanted
      && (status === undefined || outcome.status === status));
    return this.hold(met, `all of it redirected${status === undefined ? '' : ` with ${status}`} to ${url}`);
  }

  /**
   * A proxy answers all of it with a status.
   *
   * @throws if some of it is answered otherwise, or not by a proxy
   */
  public respondsWith(status: number): RequestAssertions {
    const met = this.trace.outcomes.every((outcome) => outcome.kind === OutcomeKind.RESPONDED && outcome.status === status);
    return this.hold(met, `all of it answered ${status} by a proxy`);
  }

  /**
   * Nobody takes it: no listener, TLS refused, or the connection closed.
   *
   * @throws if some of it is taken
   */
  public isRefused(): RequestAssertions {
    return this.hold(this.trace.outcomes.every((outcome) => outcome.kind === OutcomeKind.REFUSED), 'all of it refused');
  }

  /**
   * It is divided among these destinations, and nothing goes elsewhere.
   *
   * @param shares by reference, such as `{ 'Service/web/a': 0.7, 'Service/web/b': 0.3 }`; off by at most 0.005
   * @throws if it is divided otherwise
   */
  public splits(shares: { [reference: string]: number }): RequestAssertions {
    const wanted = Object.entries(shares).filter(([, share]) => share > 0);
    const known = (outcome: Outcome) => wanted.some(([reference]) => isAt(outcome, reference, {}));
    const shareOf = (reference: string) => this.trace.outcomes.reduce((sum, outcome) => (isAt(outcome, reference, {}) ? sum + outcome.share : sum), 0);
    const met = this.trace.outcomes.every(known) && wanted.every(([reference, share]) => Math.abs(shareOf(reference) - share) <= 0.005);
    return this.hold(met, wanted.map(([reference, share]) => `${percentText(share)} delivered to ${reference}`).join(', '));
  }

  /**
   * A copy of it goes to an object.
   *
   * @throws if none does
   */
  public mirrorsTo(reference: string): RequestAssertions {
    const got = this.trace.mirrors.length === 0 ? 'no copy goes anywhere' : `copies go to ${this.trace.mirrors.map(destinationText).join(', ')}`;
    return this.hold(this.trace.mirrors.some((mirror) => isDestination(mirror, reference)), `a copy of it sent to ${reference}`, got);
  }

  /**
   * Wherever it is delivered, it arrives like this.
   *
   * @throws if it is delivered nowhere, or arrives otherwise
   */
  public arrivesAs(request: ReceivedRequest): RequestAssertions {
    const delivered = this.trace.outcomes.filter((outcome) => outcome.request !== undefined);
    const wrong = delivered.flatMap((outcome) => differences(outcome, request));
    const got = delivered.length === 0 ? undefined : wrong.map((each) => each.got).join(', ');
    const wanted = [
      ...(request.method === undefined ? [] : [`method ${request.method}`]), ...(request.host === undefined ? [] : [`host ${request.host}`]),
      ...(request.path === undefined ? [] : [`path ${request.path}`]), ...Object.entries(request.headers ?? {}).map(([name, value]) => `header ${name}: ${value}`),
      ...(request.absentHeaders ?? []).map((name) => `no header ${name}`),
    ].join(', ');
    return this.hold(delivered.length > 0 && wrong.length === 0, `it delivered with ${wanted}`, got);
  }

  /**
   * The manifests decide all of it: nothing is assumed, nothing undetermined.
   *
   * @throws if something is
   */
  public isCertain(): RequestAssertions {
    const doubts = this.trace.outcomes.filter((outcome) => outcome.certainty !== Certainty.CERTAIN);
    const got = doubts.map((outcome) => (outcome.assumptions.length > 0 ? `assumed that ${outcome.assumptions.join(', and that ')}` : 'undetermined')).join('; ');
    return this.hold(doubts.length === 0, 'a certain answer', got);
  }

  private hold(met: boolean, expected: string, got = outcomesText(this.trace)): RequestAssertions {
    if (met) return this;
    throw new Error(`Expected ${expected}, got ${got}\n\n${this.trace}`);
  }
}

function outcomesText(trace: Trace): string {
  const { outcomes } = trace;
  return outcomes.length === 1 ? outcomeText(outcomes[0]) : outcomes.map((outcome) => `${percentText(outcome.share)} ${outcomeText(outcome)}`).join(', ');
}

function isAt(outcome: Outcome, reference: string, options: ReachesOptions): boolean {
  const { destination } = outcome;
  return destination !== undefined && isDestination(destination, reference)
    && (options.port === undefined || destination.port === options.port) && (options.subset === undefined || destination.subset === options.subset);
}

// `Service/web/shop` with or without a group; hosts as `Host//example.com`, `Host/example.com` or by their name alone.
function isDestination(destination: TrafficDestination, reference: string): boolean {
  const { kind, namespace = '', name } = destination;
  const plain = reference.replace(/^([^/.]+)\.[^/]*\//, '$1/');
  return plain === `${kind}/${namespace}/${name}` || (kind === 'Host' && [name, `Host/${name}`].includes(reference));
}

// A default port says nothing, nor does an empty path.
function normalUrl(url: string): string {
  return url.replace(/^(http:\/\/[^/?#]*?):80(?=[/?#]|$)/i, '$1').replace(/^(https:\/\/[^/?#]*?):443(?=[/?#]|$)/i, '$1').replace(/^([a-z]+:\/\/[^/?#]+)$/i, '$1/');
}

function differences(outcome: Outcome, wanted: ReceivedRequest): { got: string }[] {
  const { method, host, path, headers } = outcome.request!;
  const found: string[] = [];
  if (wanted.method !== undefined && wanted.method !== method) found.push(`method ${method}`);
  if (wanted.host !== undefined && wanted.host !== host) found.push(`host ${host}`);
  if (wanted.path !== undefined && wanted.path !== path) found.push(`path ${path}`);
  for (const [name, value] of Object.entries(wanted.headers ?? {})) {
    const actual = headers[name.toLowerCase()];
    if (actual !== value) found.push(actual === undefined ? `no header ${name}` : `header ${name}: ${actual}`);
  }
  for (const name of wanted.absentHeaders ?? []) if (headers[name.toLowerCase()] !== undefined) found.push(`header ${name}: ${headers[name.toLowerCase()]}`);
  return found.map((got) => ({ got: `${got} at ${destinationText(outcome.destination!)}` }));
}
