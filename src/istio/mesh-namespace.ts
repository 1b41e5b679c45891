import { Construct } from 'constructs';
import { MeshInjection } from './mesh-injection';
import { Namespace, NamespaceProps } from '../platform/namespace';

/** Properties of a namespace in the mesh. */
export interface MeshNamespaceProps extends NamespaceProps {
  /**
   * How its pods join the mesh.
   * @default MeshInjection.defaultRevision()
   */
  readonly injection?: MeshInjection;
}

const INJECTION_LABELS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode', 'istio.io/use-waypoint'];

/**
 * A namespace whose pods are part of the mesh.
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
 */
export class MeshNamespace extends Namespace {
  /** @throws if the name is no DNS label, or a label contradicts `injection`: of two Istio follows one and ignores the other. */
  constructor(scope: Construct, id: string, props: MeshNamespaceProps = {}) {
    const injection = props.injection ?? MeshInjection.defaultRevision();
    super(scope, id, { ...props, labels: { ...props.labels, ...injection._labels } });
    Object.keys(props.labels ?? {}).forEach((key) => this.refuseInjectionLabel(key));
  }

  /** @throws if the label is one by which Istio injects; `injection` decides that. */
  public addLabel(key: string, value: string): void {
    this.refuseInjectionLabel(key);
    super.addLabel(key, value);
  }

  private refuseInjectionLabel(key: string): void {
    if (INJECTION_LABELS.includes(key)) this._fail(`label "${key}" follows from \`injection\`; set it there`);
  }
}
