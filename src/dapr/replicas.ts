import { ApiObject, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ObservedWorkload } from '../platform/observed';

/** How a workload comes to have several replicas, as the end of a sentence; undefined if it has one at a time. */
export function severalReplicas(construct: IConstruct, workload: ObservedWorkload): string | undefined {
  const { kind, name, replicas } = workload;
  if (kind === 'DaemonSet') return 'runs on every node';
  if (replicas !== undefined && replicas > 1) return `has ${replicas} replicas`;
  const scaler = Chart.of(construct).node.findAll()
    .filter((other): other is ApiObject => ApiObject.isApiObject(other))
    .filter((object) => object.kind === 'HorizontalPodAutoscaler' || object.kind === 'ScaledObject')
    .find((object) => {
      const target = object.toJson().spec?.scaleTargetRef;
      return target?.name === name && (target.kind ?? 'Deployment') === kind;
    });
  return scaler && `is scaled by ${scaler.kind}/${scaler.metadata.namespace ?? ''}/${scaler.name}`;
}
