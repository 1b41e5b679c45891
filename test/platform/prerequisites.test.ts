import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { Prerequisite, Prerequisites } from '../../src';
import { chart } from '../synthesized';

const address: Prerequisite = {
  kind: 'Static address',
  value: 'edge-ip',
  purpose: 'is what DNS points at',
  command: 'gcloud compute addresses create edge-ip --global',
  reliedOnBy: ['Ingress/edge/edge'],
};
const certificate: Prerequisite = { kind: 'Certificate', purpose: 'serves TLS', command: 'make certificate', reliedOnBy: ['Gateway/edge/edge'] };

function outdir(): string {
  return path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'prerequisites-')), 'dist');
}

function listed(directory: string): any[] {
  return JSON.parse(fs.readFileSync(path.join(`${directory}.files`, 'prerequisites.json'), 'utf8')).prerequisites;
}

test('an app has one list, wherever it is asked for', () => {
  const app = new App({ outdir: outdir() });
  const [one, two] = [new Chart(app, 'one'), new Chart(app, 'two')];
  Prerequisites.of(one).add(address);
  Prerequisites.of(two).add(certificate);
  expect(Prerequisites.of(app)).toBe(Prerequisites.of(two));
  expect(Prerequisites.of(app).list()).toEqual([certificate, address]);
  expect(Prerequisites.of(chart()).list()).toEqual([]);
});

test('the same thing noted twice is listed once, with everything that relies on it; the order is not that of the code', () => {
  const list = (items: Prerequisite[]) => {
    const prerequisites = Prerequisites.of(chart());
    for (const item of items) prerequisites.add(item);
    return prerequisites.list();
  };
  const other = { ...address, reliedOnBy: ['Ingress/edge/another', 'Ingress/edge/edge'] };
  const merged = [certificate, { ...address, reliedOnBy: ['Ingress/edge/another', 'Ingress/edge/edge'] }];
  expect(list([address, certificate, other])).toEqual(merged);
  expect(list([other, certificate, address])).toEqual(merged);
  expect(list([address, { ...address, value: 'other-ip' }])).toHaveLength(2);
});

test('are written for programs and for people', () => {
  const directory = outdir();
  const app = new App({ outdir: directory });
  Prerequisites.of(new Chart(app, 'edge')).add(address);
  Prerequisites.of(app).add(certificate);
  app.synth();

  expect(listed(directory)).toEqual([certificate, address]);
  expect(fs.readFileSync(path.join(`${directory}.files`, 'prerequisites.md'), 'utf8')).toBe(`# What must exist outside the cluster

## Certificate

It serves TLS.

\`\`\`
make certificate
\`\`\`

Relied on by \`Gateway/edge/edge\`.

## Static address: \`edge-ip\`

It is what DNS points at.

\`\`\`
gcloud compute addresses create edge-ip --global
\`\`\`

Relied on by \`Ingress/edge/edge\`.
`);
});

test('apps of one process that share an outdir share the list', () => {
  const directory = outdir();
  const [platform, team] = [new App({ outdir: directory }), new App({ outdir: directory })];
  Prerequisites.of(platform).add(address);
  Prerequisites.of(team).add(certificate);
  platform.synth();
  team.synth();
  expect(listed(directory)).toEqual([certificate, address]);
});

test('an app that relies on nothing writes nothing', () => {
  const directory = outdir();
  const app = new App({ outdir: directory });
  new Chart(app, 'edge');
  app.synth();
  expect(fs.existsSync(`${directory}.files`)).toBe(false);
});
