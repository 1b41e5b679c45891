import * as path from 'path';
import { App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CompanionFile, FileContent } from './companion-file';

/** Something outside the cluster that the manifests rely on. */
export interface Prerequisite {
  /** What it is: `Static address`, `Certificate`, `WAF ACL`, `IAM role`, `DNS record`, … */
  readonly kind: string;
  /**
   * Its name, ARN or address, as the manifests have it.
   * @default - it has none before it is made
   */
  readonly value?: string;
  /** What it is needed for. */
  readonly purpose: string;
  /** The command that makes it, or shows how it is made. */
  readonly command: string;
  /** References of the objects that rely on it, `Kind/namespace/name`. */
  readonly reliedOnBy: string[];
}

const registries = new WeakMap<App, Prerequisites>();
// Apps of one process that write to the same folder share one list.
const byDirectory = new Map<string, Set<Prerequisites>>();

/**
 * What must exist outside the cluster before the manifests work. The patterns note what they rely on; an app may add
 * its own. `app.synth()` writes `prerequisites.json` and `prerequisites.md` to the folder of the companion files.
 */
export class Prerequisites {
  /** The prerequisites of the app that a construct belongs to. */
  public static of(scope: IConstruct): Prerequisites {
    const app = App.of(scope);
    let registry = registries.get(app);
    if (!registry) registries.set(app, registry = new Prerequisites());
    return registry._attach(app);
  }

  private readonly items: Prerequisite[] = [];
  private attached = false;

  private constructor() {}

  /** Notes something that must exist. The same thing noted twice is listed once, with everything that relies on it. */
  public add(prerequisite: Prerequisite): void {
    this.items.push(prerequisite);
  }

  /** Everything noted so far, in a stable order. */
  public list(): Prerequisite[] {
    return merge(this.items);
  }

  /** @internal */
  public _attach(app: App): this {
    // A tree without an App at its root (as in a unit test of a chart) has nothing to write to.
    if (this.attached || typeof app.synth !== 'function') return this;
    this.attached = true;
    const shared = () => {
      const directory = path.resolve(CompanionFile.directoryOf(app));
      const registriesHere = byDirectory.get(directory) ?? new Set();
      byDirectory.set(directory, registriesHere.add(this));
      return merge([...registriesHere].flatMap((registry) => registry.items));
    };
    new CompanionFile(app, 'prerequisites.json', {
      path: 'prerequisites.json',
      content: FileContent._deferred(() => `${JSON.stringify({ prerequisites: shared() }, undefined, 2)}\n`),
      purpose: 'what must exist outside the cluster, for programs',
    });
    new CompanionFile(app, 'prerequisites.md', {
      path: 'prerequisites.md',
      content: FileContent._deferred(() => toMarkdown(shared())),
      purpose: 'what must exist outside the cluster, for people',
    });
    return this;
  }
}

function merge(items: Iterable<Prerequisite>): Prerequisite[] {
  const merged = new Map<string, { readonly item: Prerequisite; readonly reliedOnBy: Set<string> }>();
  for (const item of items) {
    const key = JSON.stringify([item.kind, item.value, item.purpose, item.command]);
    const known = merged.get(key);
    if (known) for (const reference of item.reliedOnBy) known.reliedOnBy.add(reference);
    else merged.set(key, { item, reliedOnBy: new Set(item.reliedOnBy) });
  }
  return [...merged.entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { item, reliedOnBy }]) => ({ ...item, reliedOnBy: [...reliedOnBy].sort() }));
}

function toMarkdown(items: Prerequisite[]): string {
  const lines = ['# What must exist outside the cluster', ''];
  for (const item of items) {
    lines.push(
      `## ${item.kind}${item.value === undefined ? '' : `: \`${item.value}\``}`, '',
      `It ${item.purpose}.`, '',
      '```', item.command, '```', '',
      `Relied on by ${item.reliedOnBy.map((reference) => `\`${reference}\``).join(', ')}.`, '',
    );
  }
  return lines.join('\n');
}
