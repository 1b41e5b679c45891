import { App, Chart, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { parse } from 'yaml';
import { CompanionFile, dapr, DaprHostOptions, DaprIngress, DaprIngressProps, DaprTarget } from '../../src';
import { synthesized } from '../synthesized';

/** What may be changed about the system of the tests. */
export interface SystemOptions {
  readonly ingress?: DaprIngressProps;
  readonly host?: string;
  readonly hostOptions?: DaprHostOptions;
  readonly appPort?: number;
  readonly backend?: string;
  readonly build?: (ingress: DaprIngress, apps: { aggregator: dapr.DaprApp; aggregator2: dapr.DaprApp; timefeed: dapr.DaprApp }) => void;
}

/** A Dapr application in a Deployment of its own, in the chart's namespace. */
export function daprApp(scope: Chart, appId: string, props: Partial<dapr.DaprAppProps> = {}): dapr.DaprApp {
  const port = props.appPort ?? 8081;
  const workload = new Deployment(scope, `${appId}-deployment`, {
    metadata: { name: appId },
    containers: [{ image: `registry.example.com/${appId}:1.0.0`, ports: [{ number: port, name: 'http' }] }],
  });
  return new dapr.DaprApp(scope, appId, { workload, appId, ...props, appPort: port });
}

/** An ingress before two versions of an application that both invoke a third, as one app. */
export function daprSystem(options: SystemOptions = {}) {
  const app: App = Testing.app();
  const web = new Chart(app, 'web', { namespace: 'web' });
  const platform = new Chart(app, 'platform');
  const backend = options.backend ?? 'aggregator';
  const aggregator = daprApp(web, backend, { appPort: options.appPort });
  const aggregator2 = daprApp(web, `${backend}-2`, { appPort: options.appPort });
  const timefeed = daprApp(web, 'timefeed', { appPort: options.appPort });
  for (const caller of [aggregator, aggregator2]) caller.invokes(timefeed);
  const ingress = new DaprIngress(platform, 'ContourIngress', { namespace: 'ingress-system', issuer: 'letsencrypt-prod', ...options.ingress });
  ingress.host(options.host ?? 'aggregator.example.com', options.hostOptions).route('/backend', {
    rewrite: '/', to: [DaprTarget.of(aggregator).weight(70), DaprTarget.of(aggregator2).weight(30)],
  });
  options.build?.(ingress, { aggregator, aggregator2, timefeed });
  return {
    app,
    ingress,
    objects: () => synthesized(app),
    values: () => parse(ingress.contourValues.render()),
    files: () => app.node.findAll()
      .filter((construct): construct is CompanionFile => construct instanceof CompanionFile)
      .map((file) => ({ path: file.path, text: file.render() })),
  };
}

/** Every route of an HTTPProxy that leads to Envoy's sidecars. */
export function sidecarRoutes(objects: any[]): any[] {
  return objects.filter(({ kind }) => kind === 'HTTPProxy').flatMap(({ spec }) => spec.routes).filter(({ services }) => services);
}
