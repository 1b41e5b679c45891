import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { renderComponent } from './component-rendering';
import { ComponentSpec } from './component-spec';
import { IDaprApp } from './invocable-app';
import { nameProblem, NameSyntax } from '../platform/names';
import { Prerequisites } from '../platform/prerequisites';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** Properties of a Component. */
export interface ComponentProps extends ResourceProps {
  /** What the component is, such as `CronBinding.every(…)`. */
  readonly component: ComponentSpec;
  /**
   * The applications that load the component. Others of the namespace neither use it nor are called by it.
   * @default - all applications of the namespace, unless `scopedAppIds` names some
   */
  readonly scopes?: IDaprApp[];
  /**
   * App ids of applications that load the component, where the application is not at hand.
   * @default - none but those of `scopes`
   */
  readonly scopedAppIds?: string[];
  /**
   * The secret store that keys of Secrets are looked up in.
   * @default - Kubernetes' own: Secrets of the component's namespace
   */
  readonly secretStore?: string;
  /**
   * Whether sidecars start without the component when it cannot be made ready.
   * @default false
   */
  readonly ignoreErrors?: boolean;
  /**
   * How long it may take to make the component ready.
   * @default Duration.seconds(5)
   */
  readonly initTimeout?: Duration;
}

/** A Component, made here or elsewhere. */
export interface IComponent extends IResource {}

/**
 * Something that Dapr applications use or are called by: a binding, a store, a broker.
 *
 * @see https://docs.dapr.io/reference/resource-specs/component-schema/
 */
export class Component extends Resource implements IComponent {
  private readonly props: ComponentProps;
  private readonly scopes: Set<string>;

  /** @throws if an application is of another namespace, or an app id is none. */
  constructor(scope: Construct, id: string, props: ComponentProps) {
    super(scope, id, { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', fields: ['spec', 'auth', 'scopes'] }, props);
    this.props = props;
    this.scopes = new Set();
    for (const app of props.scopes ?? []) this.addScope(app);
    for (const appId of props.scopedAppIds ?? []) this.addScopedAppId(appId);
    if (props.scopes?.length === 0 && this.scopes.size === 0) this._fail('scopes names nobody, which Dapr takes for everybody; leave it out, or leave the component out');
    const { prerequisites = [] } = props.component._parts();
    for (const prerequisite of prerequisites) Prerequisites.of(this).add({ ...prerequisite, reliedOnBy: [this.reference] });
  }

  /** Adds an application to those that load the component. */
  public addScope(app: IDaprApp): this {
    if (app.namespace !== this.namespace) {
      this._fail(`application ${app.appId} lives in namespace "${app.namespace ?? ''}", and a Component is loaded in its own only`);
    }
    return this.addScopedAppId(app.appId);
  }

  /** Adds an application, by its app id, to those that load the component. */
  public addScopedAppId(appId: string): this {
    const problem = nameProblem(appId, NameSyntax.LABEL);
    if (problem) this._fail(`scopes: ${problem}`);
    this.scopes.add(appId);
    return this;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return renderComponent(this.props.component, {
      ignoreErrors: this.props.ignoreErrors,
      initTimeout: this.props.initTimeout && `${this.props.initTimeout.toMilliseconds()}ms`,
      secretStore: this.props.secretStore,
      scopes: this.scopes.size === 0 ? undefined : [...this.scopes].sort(),
    });
  }
}
