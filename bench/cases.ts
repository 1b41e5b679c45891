import { App, Chart } from 'cdk8s';
import type * as library from '../src';

/** A system of a number of routes, built with the library. */
export type Case = (app: App, routes: number, lib: typeof library) => void;

/** What is measured, by name. */
export const CASES: Record<string, Case> = {
  IstioSharedGateway(app, routes, { Backend, GatewayTls, IstioSharedGateway, LoadBalancer, PathMatch }) {
    const gateway = new IstioSharedGateway(new Chart(app, 'gateway'), 'Edge', {
      namespace: 'istio-ingress', hosts: ['*.example.com'], loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('example-com'),
    });
    for (let i = 0; i < routes; i += 1) {
      gateway.route(`route-${i}`, {
        host: `host-${i % 20}.example.com`,
        path: PathMatch.prefix(`/api/${i}`),
        to: Backend.serviceNamed(`service-${i % 50}`, { namespace: `team-${i % 10}`, port: 80 }),
      });
    }
  },

  DaprIngress(app, routes, { DaprIngress, DaprIngressTls, DaprTarget }) {
    const ingress = new DaprIngress(new Chart(app, 'ingress', { namespace: 'ingress-system' }), 'Edge', { tls: DaprIngressTls.secret('example-com') });
    for (let i = 0; i < routes; i += 1) {
      ingress.host(`host-${i % 20}.example.com`).route(`/api/${i}`, {
        rewrite: '/',
        to: [DaprTarget.app(`app-${i % 50}`, `team-${i % 10}`).weight(70), DaprTarget.app(`app-${i % 50}-next`, `team-${i % 10}`).weight(30)],
      });
    }
  },
};
