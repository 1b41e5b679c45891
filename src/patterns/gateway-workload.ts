import { Construct } from 'constructs';
import type { GatewayEdgePort } from './gateway-edge';
import type { WorkloadContext, WorkloadPorts } from './gateway-workload-context';
import { buildInjectedGateway } from './gateway-workload-objects';
import { ExistingGatewayOptions, InjectedGatewayOptions } from './gateway-workload-options';
import { noteDemands } from './gateway-workload-prerequisites';
import { nameProblem, NameSyntax } from '../platform/names';
import { portProblem } from '../platform/ports';

const STATUS_PORT = 15021;

/** The pods that carry the traffic of a gateway. */
export class GatewayWorkload {
  /**
   * Pods of our own, completed by Istio's webhook: Deployment, Service, autoscaler, disruption budget and ServiceAccount.
   * They are rolled without losing a request, and wait for the load balancer before they go.
   *
   * @see https://istio.io/latest/docs/setup/additional-setup/gateway/
   */
  public static injected(options: InjectedGatewayOptions = {}): GatewayWorkload {
    return new GatewayWorkload({
      selector: (name, namespace) => ({ 'app': name, 'istio': name, 'gateway-namespace': namespace }),
      serviceName: (name) => name,
      ports: {
        http: { name: 'http', port: 80, targetPort: 8080 },
        https: { name: 'https', port: 443, targetPort: 8443 },
        status: { name: 'status-port', port: STATUS_PORT, targetPort: STATUS_PORT },
      },
      bind: (scope, context, workload) => {
        buildInjectedGateway(scope, context, workload._ports, workload._selector(context.name, context.namespace), options);
      },
    });
  }

  /**
   * Pods and a Service that exist in the gateway's namespace already.
   * @throws if the selector is empty, or a name or port is none.
   */
  public static existing(options: ExistingGatewayOptions): GatewayWorkload {
    const who = `GatewayWorkload.existing ${options.serviceName}`;
    const problem = nameProblem(options.serviceName, NameSyntax.SERVICE);
    if (problem) throw new Error(`${who}: serviceName: ${problem}`);
    if (Object.keys(options.selector).length === 0) throw new Error(`${who}: the selector must name labels of the gateway's pods`);
    const port = (name: string, number: number, targetPort = number): GatewayEdgePort => {
      const wrong = portProblem(number, `port "${name}"`) ?? portProblem(targetPort, `the pods' port behind "${name}"`) ?? nameProblem(name, NameSyntax.LABEL);
      if (wrong) throw new Error(`${who}: ${wrong}`);
      return { name, port: number, targetPort };
    };
    return new GatewayWorkload({
      selector: () => options.selector,
      serviceName: () => options.serviceName,
      ports: {
        http: port(options.httpPortName ?? 'http2', options.httpPort ?? 80, options.httpTargetPort),
        https: port(options.httpsPortName ?? 'https', options.httpsPort ?? 443, options.httpsTargetPort),
        status: port(options.statusPortName ?? 'status-port', STATUS_PORT),
      },
      bind: (scope, context) => {
        if (context.revision !== undefined) {
          throw new Error(`IstioSharedGateway ${context.namespace}/${context.name}: revision has no effect on pods that exist already; leave it out`);
        }
        noteDemands(scope, context, options.serviceName);
      },
    });
  }

  /** @internal */
  public readonly _ports: WorkloadPorts;
  /** @internal */
  public readonly _selector: (name: string, namespace: string) => { [key: string]: string };
  /** @internal */
  public readonly _serviceName: (name: string) => string;
  /** @internal */
  public readonly _bind: (scope: Construct, context: WorkloadContext) => void;

  private constructor(variant: {
    ports: WorkloadPorts;
    selector: (name: string, namespace: string) => { [key: string]: string };
    serviceName: (name: string) => string;
    bind: (scope: Construct, context: WorkloadContext, workload: GatewayWorkload) => void;
  }) {
    this._ports = variant.ports;
    this._selector = variant.selector;
    this._serviceName = variant.serviceName;
    this._bind = (scope, context) => variant.bind(scope, context, this);
  }
}
