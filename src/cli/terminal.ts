/** What a command writes to, as far as it needs it. */
export interface Output {
  readonly isTTY?: boolean;
  write(text: string): boolean;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown;
}

/** Everything outside that a command touches, so that tests can hold it in their hands. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: { readonly [name: string]: string | undefined };
  /** Called when the user ends a command that runs on. */
  onInterrupt(listener: () => void): void;
}

/** Writes to a terminal at its pace, and stops when nobody listens any more. */
export class Printer {
  /** Whether the reader has gone, as `head` does. */
  public closed = false;

  public constructor(private readonly terminal: Terminal) {
    terminal.stdout.on('drain', () => this.resume());
    terminal.stdout.on('close', () => this.resume());
    terminal.stdout.on('error', (error) => this.onError(error));
    terminal.stderr.on('error', (error) => this.onError(error));
  }

  public async print(text: string): Promise<void> {
    if (this.closed || this.terminal.stdout.write(`${text}\n`)) return;
    await new Promise<void>((resume) => { this.resume = resume; });
  }

  public warn(text: string): void {
    if (!this.closed) this.terminal.stderr.write(`${text}\n`);
  }

  private resume: () => void = () => {};

  private onError(error: NodeJS.ErrnoException): void {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    this.closed = true;
    this.resume();
  }
}
