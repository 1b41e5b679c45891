import { Construct } from 'constructs';
import { AppCaller } from './app-caller';
import { NameSyntax } from '../platform/names';
import { Resource, ResourceProps } from '../platform/resource';

/* The objects that an explicit sidecar needs beside the workload. What they hold is known at synthesis only. */

/** The files of a sidecar. */
export class SidecarConfigMap extends Resource {
  constructor(scope: Construct, id: string, props: ResourceProps, private readonly files: () => Record<string, string>) {
    super(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', fields: ['data'] }, props);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return { data: this.files() };
  }
}

/** The account that the pods act as. */
export class SidecarServiceAccount extends Resource {
  constructor(scope: Construct, id: string, props: ResourceProps) {
    super(scope, id, { apiVersion: 'v1', kind: 'ServiceAccount', fields: ['automountServiceAccountToken'] }, props);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    return { automountServiceAccountToken: false };
  }
}

/** What decides who reaches the pods. */
export interface ReachableAt {
  readonly podLabels: Record<string, string>;
  /** Ports of the application's own containers. */
  readonly appPorts: { port: number; protocol: string }[];
  readonly metricsPort?: number;
  readonly callers: AppCaller[];
}

/** Opens the application's ports to its callers, metrics to the cluster, and nothing else of the pod. */
export class SidecarNetworkPolicy extends Resource {
  constructor(scope: Construct, id: string, props: ResourceProps, private readonly reachable: () => ReachableAt) {
    super(scope, id, { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', nameSyntax: NameSyntax.SUBDOMAIN }, props);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { podLabels, appPorts, metricsPort, callers } = this.reachable();
    const peers = callers.map((caller) => caller._peer());
    return {
      spec: {
        podSelector: { matchLabels: podLabels },
        policyTypes: ['Ingress'],
        ingress: [
          ...(callers.length === 0 || appPorts.length === 0 ? [] : [{ from: peers.includes(undefined) ? undefined : peers, ports: appPorts }]),
          ...(metricsPort === undefined ? [] : [{ from: [{ namespaceSelector: {} }], ports: [{ port: metricsPort, protocol: 'TCP' }] }]),
        ],
      },
    };
  }
}
