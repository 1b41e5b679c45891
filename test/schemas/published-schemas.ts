import * as fs from 'fs';
import * as path from 'path';
import { buildSync } from 'esbuild';

/*
 * Schemas that others publish: the @kubernetes-models packages hold, for each kind, the validator that ajv compiled from
 * its schema. They are modules for Node 22; esbuild makes of each one script that runs anywhere.
 */

const MODULES = path.resolve(__dirname, '../../node_modules');
const CACHE = path.join(MODULES, '.cache/cdk8s-traffic-schemas');
const PACKAGES = [
  'kubernetes-models',
  ...['istio', 'contour', 'gateway-api', 'gke', 'cert-manager', 'argo-cd', 'flux-cd', 'prometheus-operator', 'opentelemetry-operator']
    .map((name) => `@kubernetes-models/${name}`),
];

/** What ajv compiles a schema to. */
export interface CompiledSchema {
  (data: unknown): boolean;
  errors?: { instancePath: string; keyword: string; params: object }[] | null;
}

const loaded = new Map<string, CompiledSchema | undefined>();

/** The compiled schema of a kind, or undefined if nobody publishes one. */
export function publishedSchema(apiVersion: string, kind: string): CompiledSchema | undefined {
  const key = `${apiVersion} ${kind}`;
  if (!loaded.has(key)) loaded.set(key, load(apiVersion, kind));
  return loaded.get(key);
}

/** The compiled schema of `metadata`, which all kinds share. */
export function metadataSchema(): CompiledSchema {
  if (!loaded.has('metadata')) {
    loaded.set('metadata', evaluate(
      '@kubernetes-models/apimachinery',
      path.join(MODULES, '@kubernetes-models/apimachinery/_schemas/IoK8sApimachineryPkgApisMetaV1ObjectMeta.js'),
    ));
  }
  return loaded.get('metadata')!;
}

/** The file that holds the compiled schema of a kind, and the package that it is from. */
export function publishedSchemaFile(apiVersion: string, kind: string): { package: string; file: string } | undefined {
  for (const name of PACKAGES) {
    const file = path.join(MODULES, name, apiVersion, `${kind}.js`);
    if (!fs.existsSync(file)) continue;
    const text = fs.readFileSync(file, 'utf8');
    const schema = /["']([./]+_schemas\/[^"']+)["']/.exec(text)?.[1];
    // Parts such as a Container stand beside the kinds, and are none.
    if (schema && text.includes(`.kind="${kind}"`)) return { package: name, file: path.resolve(path.dirname(file), schema) };
  }
  return undefined;
}

function load(apiVersion: string, kind: string): CompiledSchema | undefined {
  const found = publishedSchemaFile(apiVersion, kind);
  return found && evaluate(found.package, found.file);
}

function evaluate(packageName: string, file: string): CompiledSchema {
  const { version } = JSON.parse(fs.readFileSync(path.join(MODULES, packageName, 'package.json'), 'utf8'));
  const cached = path.join(CACHE, `${packageName.replace('/', '+')}@${version}`, `${path.basename(file, '.js')}.cjs`);
  if (!fs.existsSync(cached)) {
    const { outputFiles } = buildSync({ entryPoints: [file], bundle: true, format: 'cjs', platform: 'node', external: ['re2-wasm'], write: false, logLevel: 'error' });
    fs.mkdirSync(path.dirname(cached), { recursive: true });
    // Test files run side by side: each writes its own file and moves it into place.
    const mine = `${cached}.${process.pid}`;
    fs.writeFileSync(mine, outputFiles[0].text);
    fs.renameSync(mine, cached);
  }
  const module = { exports: {} as { validate?: CompiledSchema } };
  new Function('module', 'exports', 'require', fs.readFileSync(cached, 'utf8'))(module, module.exports, require);
  if (!module.exports.validate) throw new Error(`${file}: expected an exported function "validate"`);
  return module.exports.validate;
}
