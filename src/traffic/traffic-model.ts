import type { App } from 'cdk8s';
import { appReader, core, fileReader } from './load-on-first-use';
import type { Model } from './model';
import { TrafficModelOptions } from './options';
import { Trace, TrafficRequest } from './trace';

/**
 * Says, with no cluster at hand, where requests go, from manifests that anybody wrote.
 */
export class TrafficModel {
  /**
   * Reads objects: the result of parsing YAML, of a synthesis, or of `kubectl get -o json`. Lists are opened.
   *
   * @param objects the objects; they are not changed
   * @param options what manifests cannot say
   * @throws for an element that is no object with apiVersion and kind.
   */
  public static fromObjects(objects: any[], options: TrafficModelOptions = {}): TrafficModel {
    return new TrafficModel(core().Model.fromObjects(objects, options), []);
  }

  /**
   * Reads files and folders: YAML and JSON, many documents in a file, Lists opened. YAML is read as kubectl reads it.
   *
   * A file that is named must hold nothing but Kubernetes objects; in a folder (read with all its folders) a file that holds
   * none is left out.
   *
   * @param paths files and folders
   * @param options what manifests cannot say
   * @throws for a file that cannot be read or parsed, with its line.
   */
  public static fromFiles(paths: string[], options: TrafficModelOptions = {}): TrafficModel {
    return TrafficModel._fromSources(fileReader().sourcesOf(paths), options);
  }

  /**
   * Reads what a cdk8s app would synthesize. Nothing is written and no validation runs.
   *
   * @param app the app, complete
   * @param options what manifests cannot say
   * @throws for an object that cannot be rendered, with the path of its construct.
   */
  public static fromApp(app: App, options: TrafficModelOptions = {}): TrafficModel {
    return new TrafficModel(new (core().Model)(appReader().readApp(app, options.defaultNamespace), options), []);
  }

  /** @internal */
  public static _fromSources(sources: Iterable<import('./read/files').Source>, options: TrafficModelOptions): TrafficModel {
    const { objects, leftOut } = fileReader().readSources(sources, options.defaultNamespace);
    return new TrafficModel(new (core().Model)(objects, options), leftOut);
  }

  readonly #model: Model;
  readonly #leftOut: readonly string[];

  private constructor(model: Model, leftOut: readonly string[]) {
    this.#model = model;
    this.#leftOut = leftOut;
  }

  /** Files in folders that were not read, since they hold no Kubernetes objects. */
  public get leftOut(): string[] {
    return [...this.#leftOut];
  }

  /**
   * Follows a request.
   *
   * @param request the request
   * @throws if the url is none, or the entry or sender is not in the input.
   */
  public trace(request: TrafficRequest): Trace {
    return this.#model.trace(request);
  }
}
