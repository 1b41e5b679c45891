import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';
import { platform, Prerequisites } from '../../src';

test('is a patch among the other files, once per app, and a prerequisite', () => {
  const outdir = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'argo-health-')), 'dist');
  const app = new App({ outdir });
  const first = platform.ArgoApplicationHealth.requireFor(new Chart(app, 'a'), ['Application/gitops/a'], 'gitops');
  const second = platform.ArgoApplicationHealth.requireFor(new Chart(app, 'b'), ['Application/gitops/b'], 'gitops');
  expect(second).toBe(first);
  app.synth();

  const patch = parse(fs.readFileSync(path.join(`${outdir}.files`, 'argocd/argocd-cm.patch.yaml'), 'utf8'));
  // A patch, no object of its own: nobody applies it by mistake.
  expect(Object.keys(patch)).toEqual(['data']);
  const lua: string = patch.data['resource.customizations.health.argoproj.io_Application'];
  expect(lua).toContain('obj.status');
  expect(lua).toContain('"Progressing"');
  expect(fs.readdirSync(outdir)).toEqual(expect.not.arrayContaining(['argocd']));
  expect(Prerequisites.of(app).list()).toEqual([expect.objectContaining({
    kind: 'Argo CD setting',
    command: 'kubectl patch configmap argocd-cm --namespace gitops --type merge --patch-file dist.files/argocd/argocd-cm.patch.yaml',
    reliedOnBy: ['Application/gitops/a', 'Application/gitops/b'],
  })]);
});
