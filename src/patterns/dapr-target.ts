import { checkAppId } from '../dapr/app-id';
import { IDaprApp } from '../dapr/invocable-app';
import { nameProblem, NameSyntax } from '../platform/names';

/** A Dapr application that receives requests. */
export class DaprTarget {
  /**
   * An application of this app, or one that `DaprApp.fromAppId` knows. One of this app lets the ingress in by itself.
   * @throws if its namespace is not known.
   */
  public static of(app: IDaprApp): DaprTarget {
    if (app.namespace === undefined) throw new Error(`DaprTarget ${app.appId}: its namespace must be known; give its workload or chart a namespace`);
    return new DaprTarget(app.appId, app.namespace, app);
  }

  /**
   * An application by its app id. Its owner lets the ingress in; the prerequisites say so.
   *
   * @param appId the app id, without the namespace
   * @param namespace the namespace that the application runs in
   * @throws if the app id has dots or is no DNS label, or the namespace is none.
   */
  public static app(appId: string, namespace: string): DaprTarget {
    const fail = (problem: string): never => { throw new Error(`DaprTarget.app: ${problem}`); };
    checkAppId(appId, fail);
    const problem = nameProblem(namespace, NameSyntax.LABEL);
    if (problem) fail(`app ${appId}: namespace: ${problem}`);
    return new DaprTarget(appId, namespace);
  }

  /** The app id. */
  public readonly appId: string;
  /** The application's namespace. */
  public readonly namespace: string;
  /** @internal */
  public readonly _app?: IDaprApp;
  /** @internal */
  public readonly _weight?: number;

  private constructor(appId: string, namespace: string, app?: IDaprApp, weight?: number) {
    this.appId = appId;
    this.namespace = namespace;
    this._app = app;
    this._weight = weight;
  }

  /**
   * The same application with a share of the requests: the weight in relation to the sum of all weights of the route. 0: none.
   * @throws if the weight is negative or no whole number.
   */
  public weight(weight: number): DaprTarget {
    if (!Number.isInteger(weight) || weight < 0) throw new Error(`DaprTarget ${this._qualified}: weight must be a whole number, 0 or more, got ${weight}`);
    return new DaprTarget(this.appId, this.namespace, this._app, weight);
  }

  /**
   * The application as the header `dapr-app-id` names it: `app.namespace`. Without the namespace it would be looked for
   * beside the ingress.
   * @internal
   */
  public get _qualified(): string {
    return `${this.appId}.${this.namespace}`;
  }
}
