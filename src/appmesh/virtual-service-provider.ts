import type { IMeshResource } from './mesh-resource';
import { PortMapping } from './protocol';
import type { IVirtualNode } from './virtual-node';
import type { IVirtualRouter } from './virtual-router';
import { wireReference } from './wire';
import type { VirtualServiceSpecProvider } from '../../imports/appmesh.k8s.aws';

/** What answers for a virtual service. */
export class VirtualServiceProvider {
  /** One virtual node, without any routing; retries and timeouts of its own need a router. */
  public static virtualNode(virtualNode: IVirtualNode): VirtualServiceProvider {
    return new VirtualServiceProvider(virtualNode, (from) => ({
      virtualNode: virtualNode.arn === undefined ? { virtualNodeRef: wireReference(from, virtualNode) } : { virtualNodeArn: virtualNode.arn },
    }));
  }

  /** A virtual router, which spreads requests over nodes. */
  public static virtualRouter(virtualRouter: IVirtualRouter): VirtualServiceProvider {
    return new VirtualServiceProvider(virtualRouter, (from) => ({
      virtualRouter: virtualRouter.arn === undefined
        ? { virtualRouterRef: wireReference(from, virtualRouter) } : { virtualRouterArn: virtualRouter.arn },
    }));
  }

  /** Nothing yet: the name exists and calls to it fail. */
  public static none(): VirtualServiceProvider {
    return new VirtualServiceProvider(undefined, () => undefined);
  }

  private constructor(
    private readonly target: (IMeshResource & { readonly portMappings?: PortMapping[] }) | undefined,
    private readonly render: (from: IMeshResource) => VirtualServiceSpecProvider | undefined,
  ) {}

  /** @internal */
  public get _target(): (IMeshResource & { readonly portMappings?: PortMapping[] }) | undefined {
    return this.target;
  }

  /** @internal */
  public _render(from: IMeshResource): VirtualServiceSpecProvider | undefined {
    return this.render(from);
  }
}
