import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { entryProblem } from './ledger';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ledger-'));
fs.writeFileSync(path.join(folder, 'values.yaml'), 'envoy:\n  kind: deployment\n---\nsecond: 2\n');
afterAll(() => fs.rmSync(folder, { recursive: true }));

const written = {
  folders: [folder],
  objects: [{
    kind: 'Service',
    metadata: { name: 'web', namespace: 'shop', annotations: { 'dapr.io/app-id': 'web' } },
    spec: { ports: [{ port: 80 }], empty: null },
  }],
};
const problem = (entry: object) => entryProblem({ article: 'a Service', ...entry }, written);

test.each([
  { object: 'Service/shop/web', field: 'spec.ports[0].port', value: 80 },
  { object: 'Service/shop/web', field: 'spec.ports[0]', value: { port: 80 } },
  { object: 'Service/shop/web', field: 'metadata.annotations["dapr.io/app-id"]', value: 'web' },
  { object: 'Service/shop/web', field: 'metadata.annotations.dapr.io/app-id', value: 'web' },
  { object: 'Service/shop/web', field: 'spec.empty' },
  { file: 'values.yaml', field: 'envoy.kind', value: 'deployment' },
  { file: 'values.yaml', field: 'second', value: 2 },
  { file: 'values.yaml', value: 'kind: deployment' },
  { file: 'values.yaml' },
  { leftOut: 'an SSH server with a fixed password' },
])('%j holds', (entry) => {
  expect(problem(entry)).toBeUndefined();
});

test.each([
  [{ object: 'Service/shop/api', field: 'spec' }, 'there is no Service/shop/api; there is Service/shop/web'],
  [{ object: 'Service/shop/web', field: 'spec.port' }, 'Service/shop/web has no spec.port'],
  [{ object: 'Service/shop/web', field: 'spec.ports[1].port' }, 'has no spec.ports[1].port'],
  [{ object: 'Service/shop/web', field: 'spec.ports[0].port', value: '80' }, 'is 80, not "80"'],
  [{ object: 'Service/shop/web' }, 'an object needs a field'],
  [{ file: 'other.yaml' }, 'there is no other.yaml'],
  [{ file: 'values.yaml', value: 'daemonset' }, 'does not contain daemonset'],
  [{ leftOut: 'no' }, 'gives no reason'],
  [{}, 'needs one of object, file and leftOut'],
  [{ object: 'Service/shop/web', leftOut: 'both is a contradiction' }, 'needs one of'],
  [{ article: ' ', leftOut: 'what is left out?' }, 'names nothing in the article'],
  [{ objects: 'Service/shop/web' }, 'unknown key objects'],
])('%j does not', (entry, message) => {
  expect(problem(entry)).toContain(message);
});
