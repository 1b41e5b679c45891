import { App, Chart } from 'cdk8s';
import { Backend, IstioSharedGateway, IstioSharedGatewayAttributes, PathMatch } from 'cdk8s-traffic';
import { httpService } from './http-service';

/** Team orders: its service and its path, and not a line of the gateway. */
export function orders(gateway: IstioSharedGatewayAttributes): App {
  const team = new Chart(new App(), 'team-orders', { namespace: 'orders' });
  const shared = IstioSharedGateway.fromAttributes(team, 'SharedGateway', gateway);
  shared.route('orders', { path: PathMatch.prefix('/api/v1/orders'), to: Backend.service(httpService(team, 'orders')) });
  return App.of(team) as App;
}
