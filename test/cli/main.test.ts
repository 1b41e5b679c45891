import { spawn, spawnSync } from 'child_process';
import * as path from 'path';
import { buildSync } from 'esbuild';
import { DEPLOYMENT, folderOf, SERVICE } from '../traffic/read/folder';

const root = path.join(__dirname, '../..');
const folder = folderOf({ 'shop.yaml': `${SERVICE}---\n${DEPLOYMENT}` });
const main = path.join(folder, 'main.js');
const shop = path.join(folder, 'shop.yaml');

beforeAll(() => {
  buildSync({ entryPoints: [path.join(root, 'src/cli/main.ts')], outfile: main, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' });
});

test('is a command of its own', () => {
  const { status, stdout, stderr } = spawnSync(main, ['trace', '-', '--url', 'http://shop.web/', '--entry', 'Service/web/shop'], { input: `${SERVICE}---\n${DEPLOYMENT}`, encoding: 'utf8', shell: false, argv0: 'cdk8s-traffic' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('delivered to Service/web/shop:80');
});

test('errors are one line, without a stack, and status 2', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'trace', 'no/such.yaml', '--url', 'http://a/'], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: 'cdk8s-traffic: no/such.yaml: cannot be read: no such file or folder\n' });
});

test('ends quietly when nobody reads on', async () => {
  const child = spawn(process.execPath, [main, 'trace', shop, '--requests', '-', '--format', 'json']);
  let stderr = '';
  child.stderr.on('data', (data) => { stderr += data; });
  child.stdout.once('data', () => child.stdout.destroy());
  child.stdin.on('error', () => { /* it stops reading, too */ });
  child.stdin.end('{"url": "http://shop.web/", "entry": "Service/web/shop"}\n'.repeat(20_000));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
