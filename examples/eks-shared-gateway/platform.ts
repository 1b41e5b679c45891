import { App, Chart } from 'cdk8s';
import {
  aws, Delivery, GatewayScaling, GatewayWorkload, istio, IstioGatewaySource, IstioInstallation, IstioSharedGateway, LoadBalancer,
} from 'cdk8s-traffic';
type Gateway = { name: string; namespace: string; hosts: string[]; allowedNamespaces: string[] };

/** The platform team: namespaces, Istio, and one gateway behind one load balancer. */
export function platform({ gateway, ...site }: { certificate: string; webAcl: string; repository: string; gateway: Gateway }): App {
  const app = new App();
  const { injection } = new IstioInstallation(new Chart(app, 'platform'), 'Istio', {
    delivery: Delivery.argoCd(),
    gateway: IstioGatewaySource.manifests({ repository: site.repository, path: 'dist/eks-shared-gateway', include: 'gateway.k8s.yaml' }),
  });
  const cluster = new Chart(app, 'cluster');
  for (const name of [gateway.namespace, ...gateway.allowedNamespaces]) new istio.MeshNamespace(cluster, name, { injection });
  new IstioSharedGateway(new Chart(app, 'gateway'), 'SharedGateway', {
    ...gateway,
    workload: GatewayWorkload.injected({ scaling: GatewayScaling.between(2, 4) }),
    loadBalancer: LoadBalancer.alb({
      groupName: gateway.name, scheme: aws.AlbScheme.INTERNET_FACING, certificates: [site.certificate], webAcl: site.webAcl,
    }),
  });
  return app;
}
