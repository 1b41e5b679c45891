import { Construct } from 'constructs';
import { AccessControl, AccessPolicy } from './access-control';
import { AccessControlList } from './access-control-list';
import { ApiAccess } from './api-access';
import { renderConfiguration } from './configuration-rendering';
import { Tracing } from './tracing';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** What a sidecar measures. */
export interface ConfigurationMetrics {
  /**
   * Whether it measures at all.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Whether HTTP metrics tell paths and methods apart; many paths make many series.
   * @default - as the version of Dapr has it
   */
  readonly increasedCardinality?: boolean;
  /**
   * Patterns of paths, such as `/orders/{id}`, that are counted as one.
   * @default - none
   */
  readonly pathMatching?: string[];
  /**
   * Whether errors are counted by their code.
   * @default false
   */
  readonly recordErrorCodes?: boolean;
}

/** How a sidecar logs the calls of its API. */
export interface ApiLogging {
  /**
   * Whether calls are logged.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Whether paths, which may hold personal data, are replaced by the name of the endpoint.
   * @default false
   */
  readonly obfuscateUrls?: boolean;
  /**
   * Whether health checks are left out.
   * @default false
   */
  readonly omitHealthChecks?: boolean;
}

/** What a Configuration says, wherever it stands: in an object or in a file. */
export interface ConfigurationOptions {
  /**
   * Where traces go.
   * @default - nowhere
   */
  readonly tracing?: Tracing;
  /**
   * Which parts of its own API the sidecar answers.
   * @default - all of them
   */
  readonly api?: ApiAccess;
  /**
   * What the sidecar measures.
   * @default - as Dapr's control plane is set up
   */
  readonly metrics?: ConfigurationMetrics;
  /**
   * How calls of the sidecar's API are logged; the annotation of a pod outranks it.
   * @default - not logged
   */
  readonly apiLogging?: ApiLogging;
}

/** Properties of a Configuration. */
export interface ConfigurationProps extends ResourceProps, ConfigurationOptions {
  /**
   * Which calls from other applications are let through.
   * @default - all, as long as `addPolicy` and `denyPath` are not called
   */
  readonly accessControl?: AccessControl;
}

/** A Configuration, made here or elsewhere. */
export interface IConfiguration extends IResource {}

/** What is known of a Configuration that somebody else writes. */
export interface ConfigurationAttributes {
  /** Its name. */
  readonly configurationName: string;
  /**
   * Its namespace, which is that of the pods it is for.
   * @default - not known
   */
  readonly namespace?: string;
}

class ImportedConfiguration extends Construct implements IConfiguration {
  public readonly name: string;
  public readonly namespace?: string;

  constructor(scope: Construct, id: string, attributes: ConfigurationAttributes) {
    super(scope, id);
    this.name = attributes.configurationName;
    this.namespace = attributes.namespace;
  }
}

/**
 * The settings of Dapr sidecars: tracing, the parts of their API that they answer, and who may call their applications.
 * A pod names it by its annotation `dapr.io/config`; it is looked up in the namespace of the pod.
 *
 * @see https://docs.dapr.io/reference/resource-specs/configuration-schema/
 */
export class Configuration extends Resource implements IConfiguration {
  /** A Configuration that somebody else writes. */
  public static fromConfigurationAttributes(scope: Construct, id: string, attributes: ConfigurationAttributes): IConfiguration {
    return new ImportedConfiguration(scope, id, attributes);
  }

  private readonly options: ConfigurationOptions;
  private accessControl?: AccessControlList;

  /** @throws if a policy, a path or a trust domain is none, or at synthesis if policies contradict internal paths. */
  constructor(scope: Construct, id: string, props: ConfigurationProps = {}) {
    super(scope, id, { apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration' }, props);
    this.options = props;
    if (props.accessControl) this.accessControl = new AccessControlList((problem) => this._fail(problem), props.accessControl);
    this.node.addValidation({
      validate: () => (this.accessControl?.problems() ?? []).map((problem) => `${this.reference}: ${problem}`),
    });
  }

  /** The trust domain of the applications that use this Configuration. */
  public get trustDomain(): string {
    return this.accessControl?.trustDomain ?? 'public';
  }

  /** Lets a caller through. What is added for the same caller later adds to it. Every caller not named is refused. */
  public addPolicy(policy: AccessPolicy): this {
    this.list().add(policy);
    return this;
  }

  /** Closes a path and, with `/**`, all below it to every caller, whatever the policies allow. */
  public denyPath(path: string): this {
    this.list().deny(path);
    return this;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return { spec: renderConfiguration(this.options, this.accessControl) };
  }

  private list(): AccessControlList {
    return this.accessControl ??= new AccessControlList((problem) => this._fail(problem), {});
  }
}
