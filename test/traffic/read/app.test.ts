import * as fs from 'fs';
import { ApiObject, App, Chart, JsonPatch, Lazy } from 'cdk8s';
import { folderOf } from './folder';
import { TrafficModel } from '../../../src';
import { readApp } from '../../../src/traffic/read/app';

function shop(): { app: App; chart: Chart; service: ApiObject; outdir: string } {
  const outdir = `${folderOf({})}/dist`;
  const app = new App({ outdir });
  const chart = new Chart(app, 'web', { namespace: 'web', labels: { team: 'web' } });
  const service = new ApiObject(chart, 'Service', {
    apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' }, spec: { selector: Lazy.any({ produce: () => ({ app: 'shop' }) }), ports: [{ port: 80, targetPort: 9090 }] },
  });
  new ApiObject(new Chart(chart, 'apps', { namespace: 'web' }), 'Deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'shop' },
    spec: { template: { metadata: { labels: { app: 'shop' } }, spec: { containers: [{ name: 'a', image: 'a', ports: [{ containerPort: 8080 }] }] } } },
  });
  service.addJsonPatch(JsonPatch.replace('/spec/ports/0/targetPort', 8080));
  return { app, chart, service, outdir };
}

test('reads what the app would write, each object once, with the paths of constructs', () => {
  const { app } = shop();
  expect(readApp(app).map(({ ref, labels, place }) => [ref, labels.team, place])).toEqual([
    ['Service/web/shop', 'web', { constructPath: 'web/Service' }],
    ['Deployment/web/shop', undefined, { constructPath: 'web/apps/Deployment' }],
  ]);
  expect(TrafficModel.fromApp(app, { complete: true }).trace({ url: 'http://shop/', entry: 'Service/web/shop' }).outcomes).toMatchObject([{ kind: 'delivered', certainty: 'certain' }]);
});

test('is what synth writes', () => {
  const { app, outdir } = shop();
  const objects = readApp(app).map((object) => object.raw);
  app.synth();
  const folder = TrafficModel.fromFiles([outdir]).trace({ url: 'http://shop/', entry: 'Service/web/shop' });
  expect(TrafficModel.fromObjects(objects).trace({ url: 'http://shop/', entry: 'Service/web/shop' })).toEqual(folder);
});

test('writes nothing and runs no validation', () => {
  const { app, chart, outdir } = shop();
  chart.node.addValidation({ validate: () => { throw new Error('validated'); } });
  TrafficModel.fromApp(app);
  expect(fs.existsSync(outdir)).toBe(false);
});

test('an empty app has no objects', () => {
  expect(readApp(new App())).toEqual([]);
});

test('an object that cannot be rendered is named by its construct', () => {
  const { app, chart } = shop();
  new ApiObject(chart, 'Broken', { apiVersion: 'v1', kind: 'ConfigMap', data: Lazy.any({ produce: () => { throw new Error('no data yet'); } }) });
  expect(() => TrafficModel.fromApp(app)).toThrow(/'web\/Broken'.*no data yet/);
});

test('an object without a kind is named by its construct', () => {
  const { app, service } = shop();
  service.addJsonPatch(JsonPatch.remove('/kind'));
  expect(() => TrafficModel.fromApp(app)).toThrow('web/Service is no object with apiVersion and kind, but an object without kind');
});
