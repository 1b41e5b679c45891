import type { TrafficRequest } from 'cdk8s-traffic';

/** What an example says that becomes of a request. */
export interface TrafficPromise {
  readonly request: TrafficRequest;
  /** Where each share of it ends: `Service/web/shop:80`, `70% Service/web/shop:80`, or the target of a redirect. */
  readonly ends: readonly string[];
}

const GKE = 'asm-advent2021-frontend.endpoints.acme-dev-123456.cloud.goog';

/** What the README of each example promises; the first of each is shown in full. */
export const PROMISES: { readonly [example: string]: readonly TrafficPromise[] } = {
  'appmesh': [
    { request: { url: 'http://www.example.com/' }, ends: ['50% VirtualNode/mesh-test/vnode-1:8080', '50% VirtualNode/mesh-test/vnode-2:8080'] },
    { request: { url: 'http://svc-v.mesh-test.svc.cluster.local/', from: 'Deployment/mesh-test/nginx-x' }, ends: ['50% VirtualNode/mesh-test/vnode-1:8080', '50% VirtualNode/mesh-test/vnode-2:8080'] },
  ],
  'dapr-contour': [
    { request: { url: 'https://aggregator.example.com/backend/prices' }, ends: ['70% DaprApp/web/aggregator:8080', '30% DaprApp/web/aggregator-2:8080'] },
    { request: { url: 'http://localhost:3500/v1.0/invoke/timefeed/method/now', from: 'Deployment/web/aggregator' }, ends: ['DaprApp/web/timefeed:8080'] },
    { request: { url: 'http://aggregator.example.com/backend' }, ends: ['https://aggregator.example.com/backend'] },
  ],
  'dapr-sidecar': [
    { request: { url: 'http://localhost:3500/v1.0/bindings/blob', method: 'POST', from: 'Deployment/batch/main' }, ends: ['DaprApi/batch/main:3500'] },
    { request: { url: 'http://main:9000/batchstatus', entry: 'Service/batch/main' }, ends: ['Service/batch/main:9000'] },
  ],
  'eks-shared-gateway': [
    { request: { url: 'https://api.example.com/api/v1/orders/7' }, ends: ['Service/orders/orders:80'] },
    { request: { url: 'https://api.example.com/api/v1/users' }, ends: ['Service/users/users:80'] },
    { request: { url: 'http://api.example.com/api/v1/users' }, ends: ['https://api.example.com/api/v1/users'] },
  ],
  'gke-grpc': [
    { request: { url: `grpcs://${GKE}/echo.EchoService/Call`, headers: { env: 'env1' } }, ends: ['Service/env1/app-service:50051'] },
    { request: { url: `grpcs://${GKE}/echo.EchoService/Call`, headers: { env: 'env2' } }, ends: ['Service/env2/app-service:50051'] },
    { request: { url: `http://${GKE}/` }, ends: [`https://${GKE}/`] },
  ],
};
