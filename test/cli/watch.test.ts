import * as fs from 'fs';
import * as path from 'path';
import { Running } from './run';
import { DEPLOYMENT, folderOf, SERVICE } from '../traffic/read/folder';

const ASK = ['--url', 'http://shop.web/', '--entry', 'Service/web/shop', '--complete', '--watch', '--format', 'json'];
const DELIVERED = '"kind": "delivered"';
const ANSWERED = '"certainty"';

async function watching(paths: string[]): Promise<Running> {
  const running = new Running(['trace', ...paths, ...ASK]);
  await running.stderr.until('watching for changes; Ctrl+C ends it');
  return running;
}

async function ended(running: Running): Promise<number> {
  running.interrupt();
  return running.status;
}

test('traces again when a file changes, whatever state it is in', async () => {
  const folder = folderOf({ 'shop.yaml': `${SERVICE}---\n${DEPLOYMENT}` });
  const file = path.join(folder, 'shop.yaml');
  const running = await watching([file]);
  await running.stdout.until(DELIVERED);

  fs.writeFileSync(file, 'apiVersion: v1\nkind: [');
  await running.stderr.until('shop.yaml:2: is no YAML: ');
  running.stdout.text = '';
  fs.writeFileSync(file, SERVICE);
  await running.stdout.until(ANSWERED);

  // As editors do: a new file in its place.
  fs.writeFileSync(path.join(folder, 'new'), `${SERVICE}---\n${DEPLOYMENT}`);
  fs.renameSync(path.join(folder, 'new'), file);
  await running.stdout.until(DELIVERED);

  fs.rmSync(file);
  await running.stderr.until('no such file or folder');
  running.stdout.text = '';
  fs.writeFileSync(file, `${SERVICE}---\n${DEPLOYMENT}`);
  await running.stdout.until(DELIVERED);
  expect(await ended(running)).toBe(0);
});

test('watches folders with their folders', async () => {
  const folder = folderOf({ 'all/web/service.yaml': SERVICE });
  const running = await watching([path.join(folder, 'all')]);
  fs.writeFileSync(path.join(folder, 'all/web/deployment.yaml'), DEPLOYMENT);
  await running.stdout.until(DELIVERED);
  fs.rmSync(path.join(folder, 'all/web/deployment.yaml'));
  await running.stdout.until('"kind": "re');
  expect(await ended(running)).toBe(1);
});

test('watches the requests and the profile', async () => {
  const folder = folderOf({ 'service.yaml': SERVICE, 'requests.jsonl': '', 'profile.yaml': 'complete: false' });
  const [manifests, requests, profile] = ['service.yaml', 'requests.jsonl', 'profile.yaml'].map((name) => path.join(folder, name));
  const running = new Running(['trace', manifests, '--requests', requests, '--profile', profile, '--watch', '--format', 'json']);
  await running.stderr.until('watching for changes');
  fs.writeFileSync(requests, '{"url": "http://shop.web/", "entry": "Service/web/shop"}');
  await running.stdout.until('"kind":"delivered"');
  fs.writeFileSync(profile, 'complete: true');
  await running.stdout.until('"kind":"re');
  expect(await ended(running)).toBe(1);
});
