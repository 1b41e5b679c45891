import * as fs from 'fs';
import * as path from 'path';
import type { Terminal } from './terminal';
import { FOREIGN_FOLDERS } from '../traffic/read/files';

/** Editors write a file in several steps; this long after the last of them it is read. */
const QUIET_MS = 100;
/** A path that is gone is looked for this often. */
const RETRY_MS = 500;

/** Runs some work whenever something at one of the paths changes, until the user interrupts. */
export async function watch(paths: readonly string[], terminal: Terminal, work: () => Promise<void>): Promise<void> {
  await new Promise<void>((resolve) => new Watch(paths, terminal, work, resolve).wait());
}

class Watch {
  private watchers: fs.FSWatcher[] = [];
  private timer?: NodeJS.Timeout;
  private working = false;
  private stopped = false;
  private seen: string;

  public constructor(
    private readonly paths: readonly string[], terminal: Terminal, private readonly work: () => Promise<void>, private readonly done: () => void,
  ) {
    this.seen = stampOf(paths);
    terminal.onInterrupt(() => {
      this.stopped = true;
      this.disarm();
      if (!this.working) done();
    });
  }

  /** Makes all watchers anew, since what was there may be gone, or there again as another file. */
  public wait(): void {
    this.disarm();
    const missing = this.paths.filter((each) => !statOf(each));
    for (const folder of new Set(this.paths.flatMap(foldersOf))) {
      try {
        const watcher = fs.watch(folder, () => this.later(QUIET_MS));
        watcher.on('error', () => this.later(QUIET_MS));
        this.watchers.push(watcher);
      } catch {
        // It went away since it was listed.
        missing.push(folder);
      }
    }
    if (missing.length > 0) this.later(RETRY_MS);
    // Something may have changed before the watchers stood.
    else if (stampOf(this.paths) !== this.seen) this.later(QUIET_MS);
  }

  private later(delay: number): void {
    if (this.working) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { void this.look(); }, delay);
  }

  private async look(): Promise<void> {
    const now = stampOf(this.paths);
    if (now !== this.seen) {
      this.seen = now;
      this.working = true;
      await this.work();
      this.working = false;
    }
    if (this.stopped) this.done();
    else this.wait();
  }

  private disarm(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.close();
    this.watchers = [];
  }
}

/** What has to be watched: a folder with all its folders; a file's folder, since editors put a new file in its place. */
function foldersOf(target: string): string[] {
  const stat = statOf(target);
  if (!stat) return [];
  return stat.isDirectory() ? [target, ...entriesOf(target).filter((entry) => entry.isDirectory()).flatMap((entry) => foldersOf(path.join(target, entry.name)))]
    : [path.dirname(target)];
}

/** Changes when something at the paths does. */
function stampOf(paths: readonly string[]): string {
  return paths.map((each) => {
    const stat = statOf(each);
    if (!stat) return `${each} is gone`;
    return stat.isDirectory() ? stampOf(entriesOf(each).map((entry) => path.join(each, entry.name))) : `${each} ${stat.ino} ${stat.size} ${stat.mtimeMs}`;
  }).join('\n');
}

function statOf(target: string): fs.Stats | undefined {
  try {
    return fs.statSync(target);
  } catch {
    return undefined;
  }
}

function entriesOf(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => !FOREIGN_FOLDERS.has(entry.name) && !entry.isSymbolicLink());
  } catch {
    return [];
  }
}
