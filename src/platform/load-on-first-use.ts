/*
 * Generated schema code and cdk8s-plus take longer to load than all of this library. They are loaded when an object
 * that needs them is synthesized or built, so that importing the library costs next to nothing.
 */

/** The generated code of one API group, or cdk8s-plus-27, loaded when it is first asked for. */
export const generated = {
  get appMesh(): typeof import('../../imports/appmesh.k8s.aws') { return require('../../imports/appmesh.k8s.aws'); },
  get argo(): typeof import('../../imports/argoproj.io') { return require('../../imports/argoproj.io'); },
  get certManager(): typeof import('../../imports/cert-manager.io') { return require('../../imports/cert-manager.io'); },
  get gkeCloud(): typeof import('../../imports/cloud.google.com') { return require('../../imports/cloud.google.com'); },
  get dapr(): typeof import('../../imports/dapr.io') { return require('../../imports/dapr.io'); },
  get elbv2(): typeof import('../../imports/elbv2.k8s.aws') { return require('../../imports/elbv2.k8s.aws'); },
  get istioExtensions(): typeof import('../../imports/extensions.istio.io') { return require('../../imports/extensions.istio.io'); },
  get awsGateway(): typeof import('../../imports/gateway.k8s.aws') { return require('../../imports/gateway.k8s.aws'); },
  get gatewayApi(): typeof import('../../imports/gateway.networking.k8s.io') { return require('../../imports/gateway.networking.k8s.io'); },
  get fluxHelm(): typeof import('../../imports/helm.toolkit.fluxcd.io') { return require('../../imports/helm.toolkit.fluxcd.io'); },
  get fluxSource(): typeof import('../../imports/source.toolkit.fluxcd.io') { return require('../../imports/source.toolkit.fluxcd.io'); },
  get monitoring(): typeof import('../../imports/monitoring.coreos.com') { return require('../../imports/monitoring.coreos.com'); },
  get gkeNetworking(): typeof import('../../imports/networking.gke.io') { return require('../../imports/networking.gke.io'); },
  get istioNetworking(): typeof import('../../imports/networking.istio.io') { return require('../../imports/networking.istio.io'); },
  get istioSecurity(): typeof import('../../imports/security.istio.io') { return require('../../imports/security.istio.io'); },
  get istioTelemetry(): typeof import('../../imports/telemetry.istio.io') { return require('../../imports/telemetry.istio.io'); },
  get openTelemetry(): typeof import('../../imports/opentelemetry.io') { return require('../../imports/opentelemetry.io'); },
  get contour(): typeof import('../../imports/projectcontour.io') { return require('../../imports/projectcontour.io'); },
};

/** cdk8s-plus-27, with which the patterns build their own core workloads. */
export function cdk8sPlus(): typeof import('cdk8s-plus-27') {
  return require('cdk8s-plus-27');
}
