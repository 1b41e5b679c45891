export * from './argo-application';
export * from './argo-application-health';
export * from './argo-source';
export * from './flux-helm-release';
export * from './flux-helm-repository';
export * from './helm-chart';
export * from './namespace';
export * from './service';
