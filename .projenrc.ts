import { cdk8s, javascript, typescript } from 'projen';

/** The systems with level 2 constructs: one folder and one jsii submodule each. */
const systems = ['contour', 'istio', 'appmesh', 'dapr', 'certmanager', 'gatewayapi', 'aws', 'gke', 'otel'];

const project = new cdk8s.ConstructLibraryCdk8s({
  name: 'cdk8s-traffic',
  description: 'Edge-to-mesh traffic for cdk8s: Contour, Istio, App Mesh, Dapr, AWS and GKE in a few lines of typed code',
  author: 'The cdk8s-traffic authors',
  authorAddress: 'maintainers@cdk8s-traffic.dev',
  authorOrganization: true,
  copyrightOwner: 'The cdk8s-traffic authors',
  license: 'Apache-2.0',
  repositoryUrl: 'https://github.com/cdk8s-traffic/cdk8s-traffic.git',
  keywords: [
    'cdk8s', 'kubernetes', 'ingress', 'gateway', 'service-mesh', 'istio', 'contour', 'dapr', 'appmesh', 'gateway-api', 'alb', 'gke', 'traffic',
  ],
  defaultReleaseBranch: 'main',
  projenrcTs: true,
  projenrcTsOptions: { runner: typescript.TypeScriptRunner.tsx() },
  packageManager: javascript.NodePackageManager.NPM,
  npmTrustedPublishing: true,
  npmProvenance: true,
  minNodeVersion: '20.16.0',
  workflowNodeVersion: '24.x',

  jsiiVersion: '~6.0.16',
  typescriptVersion: '~5.9.3',
  cdk8sVersion: '2.70.0',
  constructsVersion: '10.3.0',
  peerDeps: ['cdk8s-plus-27@^2.9.0'],
  devDeps: [
    'cdk8s-cli@^2.207.60',
    'cdk8s-plus-33@^2.5.57',
    'jsii-rosetta@~6.0.17',
    'cli-table3@^0.6.5',
    '@types/yargs@^17.0.33',
    'js-yaml@^4.1.0',
    '@types/js-yaml@^4.0.9',
    'ajv@^8.20.0',
    'ajv-formats@^3.0.1',
    'fast-check@^4.10.2',
    'tsx@^4.23.15',
    'esbuild@^0.28.2',
    // Other people's schemas to validate against. Only their compiled ajv validators are read, which Node 20 runs, so the
    // versions are exact: npm would fall back to years-old ones, since their `engines` ask for Node 22.
    'kubernetes-models@5.1.0',
    '@kubernetes-models/istio@3.0.1',
    '@kubernetes-models/contour@6.0.0',
    '@kubernetes-models/gateway-api@2.0.0',
    '@kubernetes-models/gke@4.6.2',
    '@kubernetes-models/cert-manager@6.0.0',
    '@kubernetes-models/argo-cd@4.0.0',
    '@kubernetes-models/flux-cd@4.0.0',
    '@kubernetes-models/prometheus-operator@6.0.0',
    '@kubernetes-models/opentelemetry-operator@2.0.0',
  ],
  // No jsii modules, so they travel in the package: RE2 in JavaScript, YAML with places, the command line and its colours.
  bundledDeps: ['re2js@^2.10.0', 'yaml@^2.9.0', 'yargs@^17.7.2', 'picocolors@^1.1.1'],
  bin: { 'cdk8s-traffic': 'lib/src/cli/main.js' },
  bumpPackage: 'commit-and-tag-version@^12',

  entrypoint: 'lib/src/index.js',
  entrypointTypes: 'lib/src/index.d.ts',
  artifactsDirectory: 'artifacts',
  tsconfig: {
    compilerOptions: { rootDir: '.', inlineSourceMap: false, inlineSources: false },
    include: ['imports/**/*.ts'],
  },
  docgen: true,
  publishToPypi: { distName: 'cdk8s-traffic', module: 'cdk8s_traffic' },
  publishToMaven: {
    javaPackage: 'io.github.cdk8s_traffic',
    mavenGroupId: 'io.github.cdk8s-traffic',
    mavenArtifactId: 'cdk8s-traffic',
  },
  publishToNuget: { dotNetNamespace: 'Cdk8sTraffic', packageId: 'Cdk8sTraffic' },
  publishToGo: { moduleName: 'github.com/cdk8s-traffic/cdk8s-traffic-go' },

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER,
    passWithNoTests: false,
    coverage: true,
    jestConfig: {
      coveragePathIgnorePatterns: ['/node_modules/', '/imports/', '/test/', '/examples/'],
      testPathIgnorePatterns: ['/node_modules/', '/lib/', '/dist/', '/artifacts/'],
      modulePathIgnorePatterns: ['<rootDir>/lib/', '<rootDir>/dist/', '<rootDir>/artifacts/'],
      moduleNameMapper: { '^cdk8s-traffic$': '<rootDir>/src/index.ts' },
      testTimeout: 60_000,
      // By default jest leaves a core idle, which is half of a small machine.
      maxWorkers: '100%',
      coverageReporters: ['lcov', 'text-summary'],
    },
  },
  eslintOptions: {
    dirs: ['src'],
    devdirs: ['test', 'examples', 'tasks', 'bench', '.projenrc.ts'],
    ignorePatterns: ['imports/', 'lib/', 'dist/', 'artifacts/', 'coverage/', '*.d.ts', '!.projenrc.ts'],
    commandOptions: { fix: false },
  },
  gitignore: ['/dist/', '/artifacts/', '*.tsbuildinfo', '.jsii.tabl.json', '.DS_Store'],
  npmIgnoreOptions: {
    ignorePatterns: [
      '/imports/', '/examples/', '/bench/', '/tasks/', '/docs/', '/dist/', '/.ci/', '/coverage/', '/rosetta/', '/artifacts/', '/test-reports/',
      '/.npmrc', '/.nvmrc', '/.gitattributes', '/tsconfig*.json', '/CONTRIBUTING.md', '/API.md', 'tsconfig.tsbuildinfo', '/.jsii.tabl.json', '*.js.map', '*.ts',
    ],
  },
  depsUpgradeOptions: { workflow: true },
});

// 1.13.0 was published without the binaries of most platforms, which npm ci then misses.
project.package.addPackageResolutions('unrs-resolver@1.12.2');
project.package.addField('types', 'lib/src/index.d.ts');
project.gitattributes.addAttributes('/imports/*.ts', 'linguist-generated');
project.npmrc.addConfig('omit-lockfile-registry-resolved', 'true');

// Everything that is not TypeScript of ours still has to see the package under its own name.
for (const folder of ['examples', 'bench', 'tasks']) project.tsconfigDev.addInclude(`../${folder}/**/*.ts`);
project.tsconfigDev.file.addOverride('compilerOptions.paths', { 'cdk8s-traffic': ['../src/index.ts'] });

// Who may know whom (docs/architecture.md draws it).
const eslint = project.eslint!;
const l2 = ['platform', ...systems];
eslint.addRules({
  'import/no-restricted-paths': ['error', {
    basePath: '.',
    zones: [
      { target: './imports', from: './src', message: 'imports/ is generated and knows nothing of src/' },
      ...l2.map((folder) => ({
        target: `./src/${folder}`,
        from: './src',
        except: [...new Set([`./${folder}`, './platform'])],
        message: 'a level 2 folder knows imports/, platform/ and itself',
      })),
      { target: './src/patterns', from: ['./src/migrate', './src/cli'], message: 'patterns know the level 2 folders and, to attach the check, traffic/' },
      { target: './src/traffic', from: './src', except: ['./traffic'], message: 'the model knows no construct: that is what lets it judge anybody\'s manifests' },
      { target: './src/traffic', from: './imports', message: 'the model knows no construct: that is what lets it judge anybody\'s manifests' },
      { target: './src/migrate', from: './src', except: ['./migrate', './traffic'], message: 'migrate knows traffic/ only' },
      { target: './src/cli', from: './src', except: ['./cli', './traffic', './migrate'], message: 'the command knows traffic/ and migrate/ only' },
    ],
  }],
  'import/no-cycle': 'error',
  '@stylistic/max-len': ['error', { code: 160, ignoreUrls: true, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreComments: true, ignoreRegExpLiterals: true }],
});
// Examples and benchmarks import the package under its own name, which only their tsconfig resolves.
eslint.addOverride({ files: ['examples/**/*.ts', 'bench/**/*.ts', 'tasks/**/*.ts', 'test/**/*.ts'], rules: { 'import/no-unresolved': ['error', { ignore: ['^cdk8s-traffic$'] }] } });
// The files that may load generated code and cdk8s-plus on first use.
eslint.addOverride({ files: ['src/platform/load-on-first-use.ts', 'src/traffic/load-on-first-use.ts'], rules: { '@typescript-eslint/no-require-imports': 'off' } });

// ------------------------------------------------------------------ tasks
const tsx = (script: string) => `tsx --tsconfig test/tsconfig.json ${script}`;
project.addTask('import', {
  description: 'Write imports/ with cdk8s import: from a folder of CRD files, or from the releases pinned in imports/sources.yaml',
  exec: tsx('tasks/import.ts'),
  receiveArgs: true,
});
project.addTask('demo', {
  description: 'Synthesize every example into dist/, print what was written, and trace requests through it',
  exec: tsx('tasks/demo.ts'),
});
project.addTask('bench', { description: 'Print the benchmark ratios', exec: tsx('bench/bench.ts'), receiveArgs: true });
// Loading the package must cost next to nothing: what it exports is loaded when it is first asked for.
project.compileTask.exec(tsx('tasks/lazy-exports.ts'));
const drift = project.addTask('drift', {
  description: 'Fail when API.md, imports/ or a file that projen writes is not what would be generated now',
  exec: tsx('tasks/drift.ts'),
});
const snippets = project.addTask('snippets', {
  description: 'Compile the code of README, docs and doc comments',
  steps: [
    { exec: 'jsii-rosetta extract --strict --compile .jsii' },
    { exec: tsx('tasks/snippets.ts') },
  ],
});
const typecheck = project.addTask('typecheck', {
  description: 'Type-check tests, examples, tasks and benchmarks',
  exec: 'tsc --noEmit -p test/tsconfig.json',
});
const verify = project.addTask('verify', { description: 'Compile, check, lint and test everything' });
for (const task of [project.compileTask, drift, typecheck, snippets, project.testTask]) verify.spawn(task);
project.setScript('test', 'npx projen verify');
project.setScript('demo', 'npx projen demo');
project.setScript('bench', 'npx projen bench');
project.setScript('import', 'npx projen import');
project.buildWorkflow?.addPostBuildSteps({ name: 'Verify', run: 'npx projen verify' });

project.synth();
