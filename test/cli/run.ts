import { EventEmitter } from 'events';
import { run } from '../../src/cli/command';
import { Output, Terminal } from '../../src/cli/terminal';

/** An output that remembers. */
export class Captured extends EventEmitter implements Output {
  public text = '';

  public constructor(public readonly isTTY: boolean, private readonly full = false) {
    super();
  }

  public write(text: string): boolean {
    this.text += text;
    if (this.full) setImmediate(() => this.emit('drain'));
    this.emit('text');
    return !this.full;
  }

  /** Waits until some text is there, from what was written since the last time. */
  public async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await new Promise((resume) => this.once('text', resume));
    this.text = '';
  }
}

export interface Given {
  readonly stdin?: string;
  readonly tty?: boolean;
  readonly full?: boolean;
  readonly env?: { [name: string]: string };
}

/** The command, running. */
export class Running implements Terminal {
  public readonly stdin: AsyncIterable<string>;
  public readonly stdout: Captured;
  public readonly stderr = new Captured(false);
  public readonly env: { [name: string]: string };
  public readonly status: Promise<number>;
  private readonly listeners: (() => void)[] = [];

  public constructor(args: string[], given: Given = {}) {
    this.stdin = (async function* () { yield given.stdin ?? ''; })();
    this.stdout = new Captured(given.tty ?? false, given.full);
    this.env = given.env ?? {};
    this.status = run(args, this);
  }

  public onInterrupt(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** What Ctrl+C does. */
  public interrupt(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Runs the command to its end. */
export async function command(args: string[], given: Given = {}): Promise<{ status: number; stdout: string; stderr: string }> {
  const running = new Running(args, given);
  const status = await running.status;
  return { status, stdout: running.stdout.text, stderr: running.stderr.text };
}
