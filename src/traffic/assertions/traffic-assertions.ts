import type { App } from 'cdk8s';
import { TrafficModelOptions } from '../options';
import { TrafficRequest } from '../trace';
import { TrafficModel } from '../traffic-model';
import { RequestAssertions } from './request-assertions';

/**
 * Assertions about traffic, for tests of cdk8s apps and of manifests that anybody wrote:
 * `TrafficAssertions.fromApp(app).request({ url: 'https://shop.example.com/' }).reaches('Service/web/shop')`.
 *
 * A failed assertion throws an error that says in its first line what was expected and what is, and then explains the
 * way of the request hop by hop.
 */
export class TrafficAssertions {
  /** Asserts about what a cdk8s app would synthesize. */
  public static fromApp(app: App, options: TrafficModelOptions = {}): TrafficAssertions {
    return new TrafficAssertions(TrafficModel.fromApp(app, options));
  }

  /**
   * Asserts about objects: the result of parsing YAML, or of `Testing.synth`.
   *
   * @throws for an element that is no object with apiVersion and kind
   */
  public static fromObjects(objects: any[], options: TrafficModelOptions = {}): TrafficAssertions {
    return new TrafficAssertions(TrafficModel.fromObjects(objects, options));
  }

  /**
   * Asserts about files and folders of YAML and JSON.
   *
   * @throws for a file that cannot be read
   */
  public static fromFiles(paths: string[], options: TrafficModelOptions = {}): TrafficAssertions {
    return new TrafficAssertions(TrafficModel.fromFiles(paths, options));
  }

  /** The model that answers. */
  public readonly model: TrafficModel;

  private constructor(model: TrafficModel) {
    this.model = model;
  }

  /**
   * Follows a request, to assert what becomes of it.
   *
   * @throws if the url is none, or the entry or sender is not in the input
   */
  public request(request: TrafficRequest): RequestAssertions {
    return new RequestAssertions(this.model.trace(request));
  }
}
