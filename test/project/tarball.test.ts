import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { assertBuilt, ROOT } from './built-library';

const PEERS = ['cdk8s', 'constructs', 'cdk8s-plus-27'];
const BUNDLED: string[] = [...JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).bundledDependencies ?? []].sort();
const consumer = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-traffic-consumer-'));
let packed: { filename: string; size: number; unpackedSize: number; files: { path: string }[]; bundled: string[] };

/** An empty project with the packed library, its peers and the newest cdk8s-plus, and nothing else. */
beforeAll(() => {
  assertBuilt();
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', consumer], { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  [packed] = JSON.parse(output);
  const modules = path.join(consumer, 'node_modules');
  fs.mkdirSync(path.join(modules, 'cdk8s-traffic'), { recursive: true });
  execFileSync('tar', ['-xzf', path.join(consumer, packed.filename), '--strip-components=1', '-C', path.join(modules, 'cdk8s-traffic')]);
  // The registry is left alone: an install without optional dependencies puts these folders there, and no other.
  for (const name of [...PEERS, 'cdk8s-plus-33']) fs.cpSync(path.join(ROOT, 'node_modules', name), path.join(modules, name), { recursive: true });
  fs.writeFileSync(path.join(consumer, 'package.json'), '{ "private": true }\n');
});
afterAll(() => fs.rmSync(consumer, { recursive: true }));

test('holds what is needed and nothing else', () => {
  const paths = packed.files.map((file) => file.path);
  expect(paths).toEqual(expect.arrayContaining(['.jsii', 'LICENSE', 'README.md', 'package.json', 'lib/src/index.js', 'lib/src/index.d.ts']));
  const needed = /^(\.jsii|LICENSE|README\.md|package\.json|lib\/(src|imports)\/.*(\.js|\.d\.ts|\.jsiirc\.json))$/;
  const bundled = (file: string) => packed.bundled.some((name) => file.startsWith(`node_modules/${name}/`));
  const unneeded = paths.filter((file) => !needed.test(file) && !bundled(file));
  expect(unneeded).toEqual([]);

  const source = (file: string) => path.join(ROOT, file.replace(/^lib\//, '').replace(/(\.js|\.d\.ts)$/, '.ts'));
  expect(paths.filter((file) => file.startsWith('lib/') && !file.endsWith('.json') && !fs.existsSync(source(file)))).toEqual([]);

  const kilobytes = (bytes: number) => `${Math.round(bytes / 1024)} KB`;
  process.stdout.write(`${packed.filename}: ${kilobytes(packed.size)} packed, ${kilobytes(packed.unpackedSize)} unpacked, ${paths.length} files\n`);
  expect(packed.size).toBeLessThan(2 * 1024 * 1024);
});

test('has no dependency but its peers and what it brings along', () => {
  const manifest = JSON.parse(fs.readFileSync(path.join(consumer, 'node_modules/cdk8s-traffic/package.json'), 'utf8'));
  expect(Object.keys(manifest.peerDependencies).sort()).toEqual([...PEERS].sort());
  expect(Object.keys(manifest.dependencies ?? {}).sort()).toEqual(BUNDLED);
  expect(manifest.optionalDependencies ?? {}).toEqual({});
});

const APP = `
const app = new App({ outdir: 'dist' });
const chart = new Chart(app, 'shop', { namespace: 'shop' });
const gateway = new IstioSharedGateway(chart, 'Edge', { namespace: 'istio-ingress', hosts: ['shop.example.com'], loadBalancer: LoadBalancer.none(), tls: GatewayTls.secret('shop-tls') });
for (const [line, kplus] of [['kplus27', kplus27], ['kplus33', kplus33]] as const) {
  const deployment = new kplus.Deployment(chart, line, { metadata: { name: line }, containers: [{ image: 'registry.example.com/shop:1', portNumber: 8080 }] });
  const service = deployment.exposeViaService({ name: line, ports: [{ port: 80, targetPort: 8080, name: 'http' }] });
  gateway.route(line, { path: PathMatch.prefix('/' + line), to: Backend.service(service) });
}
app.synth();
`;
const NAMES = 'Backend, GatewayTls, IstioSharedGateway, LoadBalancer, PathMatch';

function expectRoutes(): void {
  const text = fs.readFileSync(path.join(consumer, 'dist/shop.k8s.yaml'), 'utf8');
  expect(text).toContain('kind: Gateway');
  for (const line of ['kplus27', 'kplus33']) expect(text).toContain(`host: ${line}.shop.svc.cluster.local`);
}

/** Runs a script in the project without anything of the environment that this one is tested in. */
function run(script: string): void {
  fs.rmSync(path.join(consumer, 'dist'), { recursive: true, force: true });
  execFileSync(process.execPath, [script], { cwd: consumer, env: { PATH: process.env.PATH }, stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
}

test('synthesizes a pattern from JavaScript, with objects of two cdk8s-plus lines', () => {
  fs.writeFileSync(path.join(consumer, 'app.js'), `
const { App, Chart } = require('cdk8s');
const kplus27 = require('cdk8s-plus-27');
const kplus33 = require('cdk8s-plus-33');
const { ${NAMES} } = require('cdk8s-traffic');
${APP.replace(' as const', '')}`);
  run('app.js');
  expectRoutes();
});

test('synthesizes the same from strict TypeScript, with every declaration checked', () => {
  fs.writeFileSync(path.join(consumer, 'main.ts'), `
import { App, Chart } from 'cdk8s';
import * as kplus27 from 'cdk8s-plus-27';
import * as kplus33 from 'cdk8s-plus-33';
import { ${NAMES} } from 'cdk8s-traffic';
${APP}`);
  fs.writeFileSync(path.join(consumer, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { strict: true, target: 'es2022', module: 'node16', types: [], outDir: '.' },
    files: ['main.ts'],
  }));
  execFileSync(process.execPath, [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: consumer, stdio: ['ignore', 'inherit', 'inherit'] });
  run('main.js');
  expectRoutes();
});
