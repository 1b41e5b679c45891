import { Size } from 'cdk8s';
import { GatewayScaling } from './gateway-scaling';

/** Options of gateway pods that Istio's webhook completes. */
export interface InjectedGatewayOptions {
  /**
   * How many pods there are.
   * @default GatewayScaling.between(2, 5)
   */
  readonly scaling?: GatewayScaling;
  /**
   * The CPU that a pod asks for, in thousandths. There is no CPU limit, since a throttled proxy is a slow one.
   * @default 100
   */
  readonly cpuRequestMillis?: number;
  /**
   * The memory that a pod asks for.
   * @default Size.mebibytes(128)
   */
  readonly memoryRequest?: Size;
  /**
   * The memory that a pod may have.
   * @default Size.gibibytes(1)
   */
  readonly memoryLimit?: Size;
  /**
   * More labels of the pods. They never become part of a selector.
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };
  /**
   * More annotations of the pods.
   * @default - none
   */
  readonly podAnnotations?: { [key: string]: string };
}

/** A gateway workload that was installed by somebody else, such as by Istio's Helm chart `gateway`. */
export interface ExistingGatewayOptions {
  /** The name of its Service. */
  readonly serviceName: string;
  /** Labels of its pods; the chart `gateway` of release `istio-ingress` sets `istio: ingress`. */
  readonly selector: { [key: string]: string };
  /**
   * The Service's port for plain HTTP.
   * @default 80
   */
  readonly httpPort?: number;
  /**
   * The pods' port behind it.
   * @default - the same as `httpPort`, as the chart has it
   */
  readonly httpTargetPort?: number;
  /**
   * The name of the Service's port for plain HTTP.
   * @default 'http2'
   */
  readonly httpPortName?: string;
  /**
   * The Service's port for HTTPS.
   * @default 443
   */
  readonly httpsPort?: number;
  /**
   * The pods' port behind it.
   * @default - the same as `httpsPort`, as the chart has it
   */
  readonly httpsTargetPort?: number;
  /**
   * The name of the Service's port for HTTPS.
   * @default 'https'
   */
  readonly httpsPortName?: string;
  /**
   * The name of the Service's port for the status.
   * @default 'status-port'
   */
  readonly statusPortName?: string;
}
