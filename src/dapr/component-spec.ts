import { ComponentParts } from './component-parts';

/**
 * What a component is and does: a binding, a store, … The same spec becomes an object of the cluster with `Component`,
 * and a file beside an explicit sidecar with `DaprSidecar`.
 */
export abstract class ComponentSpec {
  /** The component's type, such as `bindings.cron`. */
  public get type(): string {
    return this._parts().type;
  }

  /** The version of the type. */
  public get version(): string {
    return this._parts().version;
  }

  /** @internal */
  public abstract _parts(): ComponentParts;
}
