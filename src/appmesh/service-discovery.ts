import { IConstruct } from 'constructs';
import { serviceHost } from './service-host';
import { wire } from './wire';
import type { VirtualNodeSpecServiceDiscovery } from '../../imports/appmesh.k8s.aws';
import { nameProblem, isHostName, NameSyntax } from '../platform/names';
import { ObservedService } from '../platform/observed';

/** What the addresses are that DNS answers with. */
export enum DnsResponseType {
  /** The endpoints themselves, as of a headless Service. */
  ENDPOINTS = 'ENDPOINTS',
  /** A load balancer in front of them, as a Service with an address of its own is. */
  LOADBALANCER = 'LOADBALANCER',
}

/** Options of discovery by DNS. */
export interface DnsServiceDiscoveryOptions {
  /**
   * What the addresses are that DNS answers with.
   * @default - App Mesh's: LOADBALANCER
   */
  readonly responseType?: DnsResponseType;
}

/** How callers find the endpoints of a virtual node. */
export class ServiceDiscovery {
  /**
   * By the DNS name of a Service of any cdk8s library.
   * @throws if it is no Service, or its namespace is unknown
   */
  public static service(service: IConstruct, options: DnsServiceDiscoveryOptions = {}): ServiceDiscovery {
    const observed = new ObservedService(service, 'ServiceDiscovery.service');
    if (observed.namespace === undefined) throw new Error(`ServiceDiscovery.service: ${observed.reference} has no namespace; set one, or give its chart one`);
    return new ServiceDiscovery({ dns: { hostname: serviceHost(observed.name, observed.namespace), responseType: wireResponse(options) } }, observed);
  }

  /**
   * By the DNS name of a Service that is made elsewhere.
   * @throws if a name is no name of a Service or a namespace
   */
  public static serviceNamed(serviceName: string, namespace: string, options: DnsServiceDiscoveryOptions = {}): ServiceDiscovery {
    const problem = nameProblem(serviceName, NameSyntax.SERVICE) ?? nameProblem(namespace, NameSyntax.LABEL);
    if (problem) throw new Error(`ServiceDiscovery.serviceNamed: ${problem}`);
    return new ServiceDiscovery({ dns: { hostname: serviceHost(serviceName, namespace), responseType: wireResponse(options) } });
  }

  /**
   * By any DNS name, such as that of a database outside the cluster.
   * @throws if it is no host name
   */
  public static dns(hostname: string, options: DnsServiceDiscoveryOptions = {}): ServiceDiscovery {
    if (!isHostName(hostname) || hostname.startsWith('*')) throw new Error(`ServiceDiscovery.dns: expected a host name, got "${hostname}"`);
    return new ServiceDiscovery({ dns: { hostname, responseType: wireResponse(options) } });
  }

  /**
   * By AWS Cloud Map. It cannot be changed later.
   *
   * @param attributes those of the instances that are meant
   */
  public static cloudMap(namespaceName: string, serviceName: string, attributes: { [key: string]: string } = {}): ServiceDiscovery {
    if (namespaceName === '' || serviceName === '') {
      throw new Error(`ServiceDiscovery.cloudMap: needs a namespace and a service, got "${namespaceName}" and "${serviceName}"`);
    }
    const list = Object.entries(attributes).map(([key, value]) => ({ key, value }));
    return new ServiceDiscovery({ awsCloudMap: { namespaceName, serviceName, attributes: list.length === 0 ? undefined : list } });
  }

  private constructor(private readonly rendered: VirtualNodeSpecServiceDiscovery, private readonly service?: ObservedService) {}

  /**
   * The Service, where the app knows it.
   * @internal
   */
  public get _service(): ObservedService | undefined {
    return this.service;
  }

  /** @internal */
  public _render(): VirtualNodeSpecServiceDiscovery {
    return this.rendered;
  }
}

function wireResponse<T>(options: DnsServiceDiscoveryOptions): T | undefined {
  return options.responseType === undefined ? undefined : wire<T>(options.responseType);
}
