import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CompanionFile, FileContent } from '../../src';
import { companionFilesOf } from '../../src/platform/companion-file';

function appIn(outdir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'companion-')), 'dist')): { app: App; outdir: string; files: string } {
  return { app: new App({ outdir }), outdir, files: `${outdir}.files` };
}

function write(scope: Construct, file: string, content = FileContent.text(file)): CompanionFile {
  return new CompanionFile(scope, file.replace(/\W/g, '-') || 'empty', { path: file, content, purpose: `holds ${file}` });
}

function filesIn(directory: string): string[] {
  return fs.readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(directory, path.join(entry.path, entry.name)))
    .sort();
}

test('files stand beside the manifests, never among them, and an index says what they are for', () => {
  const { app, outdir, files } = appIn();
  const chart = new Chart(app, 'shop');
  write(chart, 'helm/values.yaml', FileContent.yaml({ replicas: 2, host: 'on' }));
  write(chart, 'policy.json', FileContent.json({ Version: '2012-10-17' }));
  write(app, 'notes.txt', FileContent.text('first\nsecond'));
  expect(fs.existsSync(files)).toBe(false);
  app.synth();

  expect(filesIn(outdir)).toEqual(['shop.k8s.yaml']);
  expect(filesIn(files)).toEqual(['helm/values.yaml', 'index.json', 'notes.txt', 'policy.json']);
  expect(fs.readFileSync(path.join(files, 'helm/values.yaml'), 'utf8')).toBe('replicas: 2\nhost: "on"\n');
  expect(fs.readFileSync(path.join(files, 'policy.json'), 'utf8')).toBe('{\n  "Version": "2012-10-17"\n}\n');
  expect(fs.readFileSync(path.join(files, 'notes.txt'), 'utf8')).toBe('first\nsecond');
  expect(JSON.parse(fs.readFileSync(path.join(files, 'index.json'), 'utf8'))).toEqual({
    files: [
      { path: 'helm/values.yaml', purpose: 'holds helm/values.yaml' },
      { path: 'notes.txt', purpose: 'holds notes.txt' },
      { path: 'policy.json', purpose: 'holds policy.json' },
    ],
  });
});

test('the folder is named after the outdir, with or without a slash at its end', () => {
  expect(CompanionFile.directoryOf(new Chart(new App({ outdir: 'a/dist' }), 'c'))).toBe('a/dist.files');
  expect(CompanionFile.directoryOf(new App({ outdir: 'a/dist/' }))).toBe('a/dist.files');
});

test('what is known at synthesis only is asked for then', () => {
  const { app, files } = appIn();
  let text = 'early';
  const file = write(app, 'late.txt', FileContent._deferred(() => text));
  text = 'late';
  app.synth();
  expect(fs.readFileSync(path.join(files, 'late.txt'), 'utf8')).toBe('late');
  expect(file.render()).toBe('late');
});

test('an app without such files writes no folder', () => {
  const { app, files } = appIn();
  new Chart(app, 'shop');
  app.synth();
  expect(fs.existsSync(files)).toBe(false);
});

test('an earlier synthesis leaves nothing behind, and what others put there stays', () => {
  const { app, outdir, files } = appIn();
  write(app, 'kept.txt');
  app.synth();
  fs.writeFileSync(path.join(files, 'stale.txt'), 'x');
  fs.writeFileSync(path.join(files, 'foreign.txt'), 'x');
  fs.writeFileSync(path.join(files, 'index.json'), JSON.stringify({ files: [{ path: 'stale.txt' }, { path: 'kept.txt' }] }));

  jest.isolateModules(() => {
    const later = jest.requireActual<typeof import('../../src')>('../../src');
    const again = new App({ outdir });
    new later.CompanionFile(again, 'New', { path: 'new.txt', content: later.FileContent.text('x'), purpose: 'x' });
    again.synth();
  });
  expect(filesIn(files)).toEqual(['foreign.txt', 'index.json', 'new.txt']);
});

test('apps of one process that share an outdir share the folder and its index', () => {
  const { app, outdir, files } = appIn();
  write(app, 'platform.txt');
  const team = new App({ outdir });
  write(team, 'team.txt');
  app.synth();
  team.synth();
  app.synth();
  expect(filesIn(files)).toEqual(['index.json', 'platform.txt', 'team.txt']);
  expect(JSON.parse(fs.readFileSync(path.join(files, 'index.json'), 'utf8')).files.map((file: any) => file.path)).toEqual(['platform.txt', 'team.txt']);
});

test('two files of one path are refused when the app is synthesized, and nothing is written', () => {
  const { app, outdir } = appIn();
  write(new Chart(app, 'one'), 'values.yaml');
  write(new Chart(app, 'two'), 'values.yaml');
  expect(() => app.synth()).toThrow('CompanionFile two/values-yaml: one/values-yaml writes "values.yaml" too; give one of them another path');
  expect(fs.existsSync(outdir)).toBe(false);
});

test('files are found below a construct, by path', () => {
  const { app } = appIn();
  const chart = new Chart(app, 'one');
  write(chart, 'b.txt');
  write(chart, 'a.txt');
  write(app, 'c.txt');
  expect(companionFilesOf(chart).map((file) => [file.path, file.purpose])).toEqual([['a.txt', 'holds a.txt'], ['b.txt', 'holds b.txt']]);
  expect(companionFilesOf(app)).toHaveLength(3);
});

test.each(['', '.', '..', '/etc/passwd', '../x', 'a/../../x', './x', 'a//b', 'a/', 'a\\b', '..\\x', 'index.json'])('refuses the path "%s"', (file) => {
  const { app } = appIn();
  expect(() => write(new Chart(app, 'c'), file))
    .toThrow(/^CompanionFile c\/\S+: path must be relative and below the folder, such as "contour\/values.yaml", got "/);
});

test.each(['x', 'a/b/c.json', 'a.b', '.hidden', '..x/y'])('takes the path "%s"', (file) => {
  const { app } = appIn();
  expect(write(app, file).path).toBe(file);
});
