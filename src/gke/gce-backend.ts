import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { IBackendConfig } from './backend-config';
import { GceProtocol } from './gce-protocol';
import { annotateService } from './service-annotations';
import { apiObjectOf } from '../platform/manifest';
import { nameProblem, NameSyntax } from '../platform/names';
import { ObservedService } from '../platform/observed';
import { portProblem } from '../platform/ports';

/** How a Service is treated by the load balancer. */
export interface GceBackendOptions {
  /**
   * What the load balancer speaks to the port.
   * @default GceProtocol.HTTP
   */
  readonly protocol?: GceProtocol;
  /**
   * Timeout, health check, firewall and the like; of the Service's namespace.
   * @default - Google's
   */
  readonly backendConfig?: IBackendConfig;
}

/** A Service behind a GKE Ingress. */
export class GceBackend {
  /**
   * A Service of the Ingress's namespace, which any cdk8s library built. It gets the annotations that the controller reads:
   * pods are reached directly, the port's protocol, and its BackendConfig.
   *
   * @param service the Service
   * @param port its port, by number or name; the port has to have a name
   */
  public static service(service: IConstruct, port: any, options: GceBackendOptions = {}): GceBackend {
    const observed = new ObservedService(service, 'GceBackend.service');
    return new GceBackend(observed.name, port, { observed, object: apiObjectOf(service, 'GceBackend.service', 'a Service'), options });
  }

  /**
   * A Service of the Ingress's namespace that is made elsewhere, with its annotations.
   *
   * @param name the Service's name
   * @param port its port, by number or name
   */
  public static serviceNamed(name: string, port: any): GceBackend {
    const problem = nameProblem(name, NameSyntax.SERVICE);
    if (problem) throw new Error(`GceBackend.serviceNamed: ${problem}`);
    return new GceBackend(name, port);
  }

  private readonly name: string;
  private readonly port: any;
  private readonly own?: { observed: ObservedService; object: ApiObject; options: GceBackendOptions };

  private constructor(name: string, port: any, own?: { observed: ObservedService; object: ApiObject; options: GceBackendOptions }) {
    const problem = typeof port === 'number' ? portProblem(port) : nameProblem(String(port), NameSyntax.LABEL);
    if (problem) throw new Error(`GceBackend ${name}: ${problem}`);
    this.name = name;
    this.port = port;
    this.own = own;
  }

  /** @internal */
  public _bind(namespace: string | undefined, fail: (problem: string) => never): { [key: string]: unknown } {
    if (this.own) this.annotate(namespace, fail);
    return { service: { name: this.name, port: typeof this.port === 'number' ? { number: this.port } : { name: this.port } } };
  }

  private annotate(namespace: string | undefined, fail: (problem: string) => never): void {
    const { observed, object, options } = this.own!;
    if ((observed.namespace ?? 'default') !== (namespace ?? 'default')) {
      fail(`${observed.reference} is in another namespace; a GKE Ingress serves its own. Move the Ingress to "${observed.namespace}"`);
    }
    const port = observed.ports.find((each) => each.port === this.port || each.name === this.port);
    if (!port) fail(`${observed.reference} has no port ${this.port}; it has ${observed.ports.map((each) => each.name ?? each.port).join(', ')}`);
    if (port!.name === undefined) fail(`${observed.reference}: port ${this.port} needs a name, by which its protocol and BackendConfig are found`);
    if (observed.type === 'ExternalName' || observed.headless) {
      fail(`${observed.reference} is ${observed.headless ? 'headless' : 'of type ExternalName'}, which no load balancer of Google Cloud takes`);
    }
    const { protocol = GceProtocol.HTTP, backendConfig } = options;
    if (backendConfig && (backendConfig.namespace ?? 'default') !== (observed.namespace ?? 'default')) {
      fail(`BackendConfig ${backendConfig.namespace ?? ''}/${backendConfig.name} is in another namespace than ${observed.reference}, where it is looked for`);
    }
    annotateService(object, { portName: port!.name!, protocol, backendConfig: backendConfig?.name }, fail);
  }
}
