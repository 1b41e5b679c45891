import { Duration } from 'cdk8s';

/** How long Envoy waits. */
export class ProxyTimeout {
  /**
   * So long, and no longer.
   * @throws if the duration is zero, which would mean Envoy's own default and not zero.
   */
  public static after(duration: Duration): ProxyTimeout {
    const milliseconds = duration.toMilliseconds();
    if (milliseconds <= 0) throw new Error(`ProxyTimeout.after: a timeout is longer than nothing, got ${milliseconds} ms; use ProxyTimeout.never()`);
    return new ProxyTimeout(milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`);
  }

  /** For ever: for streams and long polling. */
  public static never(): ProxyTimeout {
    return new ProxyTimeout('infinity');
  }

  private constructor(private readonly wire: string) {}

  /** @internal */
  public _render(): string {
    return this.wire;
  }
}
