/** The label and annotation that the controller's injector reads. */
export const INJECTOR_KEY = 'appmesh.k8s.aws/sidecarInjectorWebhook';
