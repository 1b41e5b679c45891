import { App, Chart } from 'cdk8s';
import { Backend, IstioSharedGateway, IstioSharedGatewayAttributes, PathMatch } from 'cdk8s-traffic';
import { httpService } from './http-service';

/** Team users: its service and its path, and not a line of the gateway. */
export function users(gateway: IstioSharedGatewayAttributes): App {
  const team = new Chart(new App(), 'team-users', { namespace: 'users' });
  const shared = IstioSharedGateway.fromAttributes(team, 'SharedGateway', gateway);
  shared.route('users', { path: PathMatch.prefix('/api/v1/users'), to: Backend.service(httpService(team, 'users')) });
  return App.of(team) as App;
}
