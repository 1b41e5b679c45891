/** Who makes the Service by which other sidecars find an application. */
export enum DaprServiceSource {
  /** Dapr's operator: for Deployments and StatefulSets, and for Argo Rollouts where its chart is told to. */
  OPERATOR = 'operator',
  /** This library: for the kinds that the operator passes over. */
  WRITTEN = 'written',
  /** Somebody else. */
  EXISTING = 'existing',
}
