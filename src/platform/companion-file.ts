import * as fs from 'fs';
import * as path from 'path';
import { App, Yaml } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';

/** What stands in a companion file. */
export class FileContent {
  /** A YAML document. */
  public static yaml(value: any): FileContent {
    return FileContent._deferred(() => Yaml.stringify(value));
  }

  /** A JSON document, indented by two spaces. */
  public static json(value: any): FileContent {
    return FileContent._deferred(() => `${JSON.stringify(value, undefined, 2)}\n`);
  }

  /** Text as it is. */
  public static text(text: string): FileContent {
    return FileContent._deferred(() => text);
  }

  /**
   * Content that is known at synthesis only.
   * @internal
   */
  public static _deferred(render: () => string): FileContent {
    return new FileContent(render);
  }

  private constructor(private readonly render: () => string) {}

  /** @internal */
  public _render(): string {
    return this.render();
  }
}

/** Properties of a companion file. */
export interface CompanionFileProps {
  /** The path below `<outdir>.files/`, such as `contour/values.yaml`. */
  readonly path: string;
  /** What stands in it. */
  readonly content: FileContent;
  /** What the file is for, in a line; it is listed in `<outdir>.files/index.json`. */
  readonly purpose: string;
}

const INDEX = 'index.json';
const COMPANION_FILE = Symbol.for('cdk8s-traffic.CompanionFile');
const writing = new WeakSet<App>();

/**
 * A file that belongs to the manifests and is none: Helm values, an IAM policy, a DNS document.
 *
 * `app.synth()` writes it to the folder `<outdir>.files/` beside the manifests, so that `kubectl apply -f <outdir>`
 * never meets it. Files of an earlier synthesis that are no longer made are removed.
 */
export class CompanionFile extends Construct {
  /** The folder that the companion files of an app are written to. */
  public static directoryOf(scope: IConstruct): string {
    return `${App.of(scope).outdir.replace(/[\\/]+$/, '')}.files`;
  }

  /** The path below the folder. */
  public readonly path: string;
  /** What the file is for. */
  public readonly purpose: string;
  private readonly content: FileContent;

  /** @throws if the path is empty, absolute, leads out of the folder, or is taken by another file. */
  constructor(scope: Construct, id: string, props: CompanionFileProps) {
    super(scope, id);
    const parts = props.path.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..') || props.path.includes('\\') || props.path === INDEX) {
      throw new Error(`CompanionFile ${this.node.path}: path must be relative and below the folder, such as "contour/values.yaml", got "${props.path}"`);
    }
    this.path = props.path;
    this.purpose = props.purpose;
    this.content = props.content;
    Object.defineProperty(this, COMPANION_FILE, { value: true });
    writeAtSynth(App.of(this));
  }

  /** The file's content. */
  public render(): string {
    return this.content._render();
  }
}

/** The companion files below a construct, by path. */
export function companionFilesOf(scope: IConstruct): CompanionFile[] {
  return scope.node.findAll()
    .filter((construct): construct is CompanionFile => COMPANION_FILE in construct)
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

// cdk8s has no hook at the end of a synthesis, so the app's own `synth` is followed by the writing of the files.
function writeAtSynth(app: App): void {
  if (writing.has(app) || typeof app.synth !== 'function') return;
  writing.add(app);
  const synth = app.synth.bind(app);
  app.synth = () => {
    const files = companionFilesOf(app);
    const byPath = new Map<string, CompanionFile>();
    for (const file of files) {
      const other = byPath.get(file.path);
      if (other) throw new Error(`CompanionFile ${file.node.path}: ${other.node.path} writes "${file.path}" too; give one of them another path`);
      byPath.set(file.path, file);
    }
    const contents = files.map((file) => ({ path: file.path, purpose: file.purpose, text: file.render() }));
    synth();
    writeFiles(CompanionFile.directoryOf(app), contents);
  };
}

interface Written { readonly path: string; readonly purpose: string; readonly text: string }

// Several apps of one process may share an output folder (a platform's and its teams'): their files stand side by side.
const written = new Map<string, Map<string, Written>>();

function writeFiles(directory: string, contents: Written[]): void {
  const absolute = path.resolve(directory);
  const index = path.join(absolute, INDEX);
  let all = written.get(absolute);
  if (!all) {
    written.set(absolute, all = new Map());
    if (fs.existsSync(index)) {
      for (const stale of JSON.parse(fs.readFileSync(index, 'utf8')).files) fs.rmSync(path.join(absolute, stale.path), { force: true });
    }
  }
  for (const file of contents) {
    all.set(file.path, file);
    fs.mkdirSync(path.dirname(path.join(absolute, file.path)), { recursive: true });
    fs.writeFileSync(path.join(absolute, file.path), file.text);
  }
  const files = [...all.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path: file, purpose }) => ({ path: file, purpose }));
  fs.mkdirSync(absolute, { recursive: true });
  fs.writeFileSync(index, `${JSON.stringify({ files }, undefined, 2)}\n`);
}
