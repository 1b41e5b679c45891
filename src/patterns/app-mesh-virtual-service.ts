import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { servicePorts } from './app-mesh-virtual-node';
import { PortMapping } from '../appmesh/protocol';
import { IVirtualNode, VirtualNode } from '../appmesh/virtual-node';
import { VirtualRouter } from '../appmesh/virtual-router';
import { VirtualService } from '../appmesh/virtual-service';
import { VirtualServiceProvider } from '../appmesh/virtual-service-provider';
import { amend, mergePodMetadata, podTemplateOf } from '../platform/manifest';
import { nameFromId } from '../platform/names';
import { Service } from '../platform/service';

/** Properties of an AppMeshVirtualService. */
export interface AppMeshVirtualServiceProps {
  /**
   * The name of the virtual service and its Service, and so the first part of the host that clients call.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace, the second part of the host.
   * @default - the chart's
   */
  readonly namespace?: string;
  /** What answers. */
  readonly provider: VirtualServiceProvider;
}

/**
 * A virtual service with a Service of its own, which gives its host `<name>.<namespace>.svc.cluster.local` a place in DNS.
 * Clients outside the mesh reach the pods of all its nodes through it too, without the router's weights: these pods carry
 * the label `virtual-service/<name>`.
 */
export class AppMeshVirtualService extends Construct {
  /** The virtual service. */
  public readonly virtualService: VirtualService;
  /** The Service behind its host. */
  public readonly service: Service;

  /** @throws if the provider's ports are unknown, or its nodes listen on different ports. */
  constructor(scope: Construct, id: string, props: AppMeshVirtualServiceProps) {
    super(scope, id);
    const name = props.name ?? nameFromId(id);
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const who = `AppMeshVirtualService ${namespace ?? ''}/${name}`;
    const target = props.provider._target;
    const mappings = target?.portMappings;
    if (mappings === undefined || mappings.length === 0) {
      throw new Error(`${who}: the ports of its provider are unknown; give the provider listeners, or an import its portMappings`);
    }
    const label = { [`virtual-service/${name}`]: 'true' };
    const targetPorts = new Set<number>();
    const join = (node: IVirtualNode) => {
      podPorts(node, mappings).forEach((port) => targetPorts.add(port));
      const workload = node instanceof VirtualNode && node.namespace === namespace ? node._pods.workload : undefined;
      if (workload) amend(workload.apiObject, (manifest) => mergePodMetadata(podTemplateOf(manifest), { labels: label }));
    };
    if (target instanceof VirtualRouter) target._forEachTarget(({ virtualNode }) => join(virtualNode));
    else if (target instanceof VirtualNode) join(target);
    if (mappings.length === 1 && targetPorts.size > 1) {
      throw new Error(`${who}: its nodes listen on ${[...targetPorts].join(' and ')}, and a Service has one target port; let them listen on one port, ` +
        'or make a Service of your own and an appmesh.VirtualService with it');
    }
    this.service = new Service(this, 'Service', {
      name, namespace, selector: label, ports: servicePorts(mappings, mappings.length === 1 ? [...targetPorts][0] : undefined),
    });
    this.virtualService = new VirtualService(this, 'VirtualService', { name, namespace, provider: props.provider, service: this.service });
  }

  /** The host that clients call. */
  public get host(): string {
    return this.virtualService.host;
  }
}

function podPorts(node: IVirtualNode, mappings: PortMapping[]): number[] {
  return (node.portMappings ?? []).filter(({ protocol }) => mappings.some((mapping) => mapping.protocol === protocol)).map(({ port }) => port);
}
