import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { generated } from './load-on-first-use';
import { Resource, ResourceProps } from './resource';
import type { HelmRepositorySpec } from '../../imports/source.toolkit.fluxcd.io';

/** Properties of a HelmRepository. */
export interface FluxHelmRepositoryProps extends ResourceProps {
  /** The address: `https://…` or `oci://…`. */
  readonly url: string;
  /**
   * How often the repository's index is read.
   * @default - every hour
   */
  readonly interval?: Duration;
}

/**
 * A repository that Flux takes Helm charts from.
 * @see https://fluxcd.io/flux/components/source/helmrepositories/
 */
export class FluxHelmRepository extends Resource {
  /** The address. */
  public readonly url: string;
  private readonly interval: Duration;

  /** @throws if the address is neither https:// nor oci://. */
  constructor(scope: Construct, id: string, props: FluxHelmRepositoryProps) {
    super(scope, id, { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'HelmRepository' }, props);
    if (!/^(https?|oci):\/\/[^\s/]+(\/\S*)?$/.test(props.url)) this._fail(`url is written https://… or oci://…, got "${props.url}"`);
    this.url = props.url.replace(/\/+$/, '');
    this.interval = props.interval ?? Duration.hours(1);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const fluxSource = generated.fluxSource;
    const spec: HelmRepositorySpec = {
      url: this.url,
      interval: `${this.interval.toSeconds()}s`,
      type: this.url.startsWith('oci://') ? fluxSource.HelmRepositorySpecType.OCI : undefined,
    };
    return { spec: fluxSource.toJson_HelmRepositorySpec(spec) };
  }
}
