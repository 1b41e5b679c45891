import { execFileSync } from 'child_process';
import * as path from 'path';
import { assertBuilt, ROOT } from './built-library';

beforeAll(assertBuilt);

/** The files that a script has loaded, as paths below the project. */
function loadedBy(script: string): string[] {
  const print = 'console.log(JSON.stringify(Object.keys(require.cache)))';
  const files: string[] = JSON.parse(execFileSync(process.execPath, ['-e', `${script}\n${print}`], { cwd: ROOT, encoding: 'utf8' }));
  return files.map((file) => path.relative(ROOT, file));
}

test('importing the library loads neither generated types nor cdk8s-plus', () => {
  const loaded = loadedBy('require("./lib/src");');
  expect(loaded).toContain('lib/src/index.js');
  expect(loaded.filter((file) => /^lib\/imports\/|cdk8s-plus/.test(file))).toEqual([]);
});

test('it loads no package beside its peers', () => {
  const packages = new Set(loadedBy('require("./lib/src");').map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean));
  const ofCdk8s = new Set(loadedBy('require("cdk8s");').map((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean));
  expect([...packages].filter((name) => !ofCdk8s.has(name))).toEqual([]);
});

test('an object loads the types of its own API group only', () => {
  const loaded = loadedBy(`
    const { App, Chart, Testing } = require('cdk8s');
    const { contour } = require('./lib/src');
    const chart = new Chart(new App(), 'web', { namespace: 'web' });
    new contour.TlsCertificateDelegation(chart, 'Wildcard').delegateToAll('wildcard');
    Testing.synth(chart);
  `);
  expect(loaded.filter((file) => file.startsWith('lib/imports/'))).toEqual(['lib/imports/projectcontour.io.js']);
});
