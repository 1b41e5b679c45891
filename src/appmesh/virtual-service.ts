import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ImportedMeshResource } from './imported-mesh-resource';
import { IMeshResource, MeshResource } from './mesh-resource';
import { PortMapping } from './protocol';
import { serviceHost } from './service-host';
import { VirtualServiceProvider } from './virtual-service-provider';
import type { VirtualServiceSpec } from '../../imports/appmesh.k8s.aws';
import { generated } from '../platform/load-on-first-use';
import { isHostName, nameFromId } from '../platform/names';
import { ObservedService } from '../platform/observed';
import { IResource, ResourceProps } from '../platform/resource';

/** A virtual service, made here or elsewhere. Its AWS name is the host that clients call. */
export interface IVirtualService extends IMeshResource {
  /** The ports that clients use; undefined where the app does not know them. */
  readonly portMappings?: PortMapping[];
  /** Its ARN, where it is referred to by that. */
  readonly arn?: string;
}

/** What is known of a virtual service that is made elsewhere. */
export interface VirtualServiceAttributes {
  /** Its name in the cluster. */
  readonly name: string;
  /**
   * Its namespace.
   * @default - the chart's
   */
  readonly namespace?: string;
  /**
   * The host that clients call.
   * @default - `<name>.<namespace>.svc.cluster.local`
   */
  readonly host?: string;
  /**
   * The ports that clients use.
   * @default - unknown, nothing is checked
   */
  readonly portMappings?: PortMapping[];
  /**
   * Its ARN, to refer to it by that: the way to what is in a shared mesh but not in this cluster.
   * @default - it is referred to by name
   */
  readonly arn?: string;
}

/** Properties of a VirtualService. */
export interface VirtualServiceProps extends ResourceProps {
  /** What answers. */
  readonly provider: VirtualServiceProvider;
  /**
   * The Service that gives the host its place in DNS: without one the name does not resolve and no Envoy ever sees the call.
   * @default - a Service with the virtual service's name and namespace, made elsewhere
   */
  readonly service?: IConstruct;
  /**
   * The host that clients call, for one that is no Service of the cluster. It cannot be changed later.
   * @default - `<service>.<namespace>.svc.cluster.local`
   */
  readonly host?: string;
}

/**
 * A host that clients call and the mesh answers. Envoy takes a call for it only if the caller writes exactly this host and
 * has the virtual service among its backends; so the AWS name is always said, in full.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_services.html
 */
export class VirtualService extends MeshResource implements IVirtualService {
  /** A virtual service of this name that is made elsewhere, in the chart's namespace unless told. */
  public static fromVirtualServiceName(scope: Construct, id: string, virtualServiceName: string, namespace?: string): IVirtualService {
    return VirtualService.fromVirtualServiceAttributes(scope, id, { name: virtualServiceName, namespace });
  }

  /** A virtual service that is made elsewhere. */
  public static fromVirtualServiceAttributes(scope: Construct, id: string, attributes: VirtualServiceAttributes): IVirtualService {
    return new ImportedVirtualService(scope, id, attributes);
  }

  private readonly provider: VirtualServiceProvider;
  private readonly service?: ObservedService;

  /** The host that clients call; it is the AWS name. */
  public readonly host: string;

  /** @throws if the host is none, both `service` and `host` are given, or at synthesis if the Service lacks a port that is listened on. */
  constructor(scope: Construct, id: string, props: VirtualServiceProps) {
    const service = props.service === undefined ? undefined : new ObservedService(props.service, `VirtualService ${props.name ?? nameFromId(id)}`);
    const namespace = service === undefined ? props.namespace ?? Chart.of(scope).namespace : service.namespace;
    const host = props.host ?? (namespace && serviceHost(service?.name ?? props.name ?? nameFromId(id), namespace));
    super(scope, id, 'VirtualService', { ...props, awsName: host });
    this.provider = props.provider;
    this.service = service;
    if (props.host !== undefined && props.service !== undefined) this._fail('takes `service` or `host`, got both');
    if (props.host !== undefined && (!isHostName(props.host) || props.host.startsWith('*'))) this._fail(`host must be a host name, got "${props.host}"`);
    if (host === undefined) this._fail(`${service?.reference} has no namespace; set one, or give its chart one`);
    this.host = host;
    this.node.addValidation({ validate: () => this.problems() });
  }

  /** The ports that clients use: those of the provider's listeners. */
  public get portMappings(): PortMapping[] | undefined {
    return this.provider._target?.portMappings;
  }

  /** @internal */
  public _references(): IResource[] {
    return this.provider._target ? [this.provider._target] : [];
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const spec: VirtualServiceSpec = { awsName: this.host, provider: this.provider._render(this) };
    return { spec: generated.appMesh.toJson_VirtualServiceSpec(spec) };
  }

  private problems(): string[] {
    if (!this.service) return [];
    const ports = this.service.ports.map(({ port }) => port);
    return (this.portMappings ?? []).filter(({ port }) => !ports.includes(port)).map(({ port }) =>
      `${this.reference}: its provider listens on ${port}, but ${this.service!.reference} has the ports ${ports.join(', ')}; clients connect to the Service's ports`);
  }
}

class ImportedVirtualService extends ImportedMeshResource implements IVirtualService {
  public readonly portMappings?: PortMapping[];

  constructor(scope: Construct, id: string, attributes: VirtualServiceAttributes) {
    super(scope, id, 'VirtualService', {
      ...attributes,
      awsName: attributes.host ?? serviceHost(attributes.name, attributes.namespace ?? Chart.of(scope).namespace ?? ''),
    });
    this.portMappings = attributes.portMappings;
  }
}
