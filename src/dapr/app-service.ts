import { Construct } from 'constructs';
import { DaprServiceSource } from './dapr-service-source';
import { SidecarOptions } from './sidecar-options';
import { SIDECAR_PORTS } from './sidecar-ports';
import { ObservedWorkload } from '../platform/observed';
import { Service } from '../platform/service';

const MADE_BY_OPERATOR = ['Deployment', 'StatefulSet'];

/** What decides about an application's Service. */
interface AppServiceOptions extends SidecarOptions {
  readonly serviceSource?: DaprServiceSource;
}

/** The Service `<app-id>-dapr` of one application. */
export class AppService {
  /** What the pods have to be labelled with for the Service to select them. */
  public readonly podLabels: Record<string, string> = {};
  private needed = false;

  constructor(
    app: Construct & { readonly appId: string; readonly namespace?: string },
    private readonly workload: ObservedWorkload,
    private readonly options: AppServiceOptions,
    fail: (problem: string) => never,
  ) {
    const { serviceSource } = options;
    const byOperator = MADE_BY_OPERATOR.includes(workload.kind);
    if (serviceSource === DaprServiceSource.WRITTEN && byOperator) {
      fail(`Dapr's operator makes the Service of a ${workload.kind} and would overwrite one of ours; leave \`serviceSource\` out`);
    }
    if (serviceSource === DaprServiceSource.OPERATOR && !byOperator && workload.kind !== 'Rollout') {
      fail(`Dapr's operator makes no Service for a ${workload.kind}; set \`serviceSource\` to WRITTEN or EXISTING`);
    }
    if (serviceSource !== DaprServiceSource.WRITTEN) return;

    const grpc = options.grpcPort ?? SIDECAR_PORTS.grpc;
    const internal = options.internalGrpcPort ?? SIDECAR_PORTS.internalGrpc;
    const metrics = options.metricsPort ?? SIDECAR_PORTS.metrics;
    this.podLabels['dapr.io/app-id'] = app.appId;
    new Service(app, 'Service', {
      name: `${app.appId}-dapr`,
      namespace: app.namespace,
      labels: { 'dapr.io/enabled': 'true' },
      headless: true,
      selector: this.podLabels,
      ports: [
        { name: 'dapr-http', port: 80, targetPort: SIDECAR_PORTS.http },
        { name: 'dapr-grpc', port: grpc },
        { name: 'dapr-internal', port: internal },
        ...(options.enableMetrics === false ? [] : [{ name: 'dapr-metrics', port: metrics }]),
      ],
    });
  }

  /** Notes that somebody invokes the application. */
  public need(): void {
    this.needed = true;
  }

  public problems(): string[] {
    if (!this.needed || this.options.serviceSource !== undefined || MADE_BY_OPERATOR.includes(this.workload.kind)) return [];
    return [`Dapr's operator makes no Service for a ${this.workload.kind}, so nobody finds it; set \`serviceSource\` to WRITTEN or EXISTING`];
  }
}
