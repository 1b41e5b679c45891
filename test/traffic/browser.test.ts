import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build, Metafile } from 'esbuild';
import { albToIstio, SCENES } from './scenery';

const CORE = join(__dirname, '../../src/traffic/model.ts');

async function bundle(): Promise<{ code: string; metafile: Metafile }> {
  // For a browser esbuild refuses every module of Node that nobody marks as external.
  const result = await build({ entryPoints: [CORE], bundle: true, platform: 'browser', format: 'iife', globalName: 'core', write: false, metafile: true, logLevel: 'silent' });
  return { code: result.outputFiles[0].text, metafile: result.metafile };
}

describe('the core of the model in a page', () => {
  let code: string;
  let inputs: string[];

  beforeAll(async () => {
    const bundled = await bundle();
    code = bundled.code;
    inputs = Object.keys(bundled.metafile.inputs);
  });

  // What a page has and the language itself has not; no require, no process, no Buffer.
  const page = () => createContext({ atob, btoa, TextEncoder, TextDecoder, URL });

  test('is made of the core and RE2 alone', () => {
    const packages = new Set(inputs.filter((input) => input.includes('node_modules/')).map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)![1]));
    expect([...packages]).toEqual(['re2js']);
    expect(inputs.filter((input) => !input.includes('node_modules/') && !input.includes('src/traffic/'))).toEqual([]);
  });

  test('asks for nothing of Node', () => {
    expect(code).not.toMatch(/\brequire\(["'](node:|fs|path|url|os|util|crypto|stream|cdk8s|constructs)/);
    expect(code).not.toMatch(/\bprocess\.(env|cwd|argv|stdout)|\bBuffer\.|\b__dirname\b/);
  });

  test('is small enough to be sent', () => {
    expect(code.length).toBeLessThan(1_500_000);
  });

  test('traces', () => {
    const context = page();
    runInContext(code, context);
    Object.assign(context, { objects: JSON.stringify(albToIstio) });
    const text = runInContext('String(core.Model.fromObjects(JSON.parse(objects)).trace({ url: "https://shop.example.com/api/v1/orders/7" }))', context);
    expect(text).toContain('is delivered to Service/orders/orders:80');
    expect(text).toContain('path /api/v1/orders/7 becomes /orders/7');
  });

  test.each(SCENES.map((scene) => [scene.name, scene] as const))('answers as it does here: %s', (_name, scene) => {
    const context = page();
    runInContext(code, context);
    Object.assign(context, { objects: JSON.stringify(scene.objects), requests: JSON.stringify(scene.requests) });
    const there = runInContext('JSON.stringify(JSON.parse(requests).map((request) => core.Model.fromObjects(JSON.parse(objects)).trace(request)))', context);
    const { Model } = jest.requireActual('../../src/traffic/model');
    expect(there).toBe(JSON.stringify(scene.requests.map((request) => Model.fromObjects(scene.objects).trace(request))));
  });
});
