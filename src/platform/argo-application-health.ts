import * as path from 'path';
import { App } from 'cdk8s';
import { IConstruct } from 'constructs';
import { CompanionFile, FileContent } from './companion-file';
import { Prerequisites } from './prerequisites';

const SETTING = 'resource.customizations.health.argoproj.io_Application';
const FILE = 'argocd/argocd-cm.patch.yaml';
const LUA = `local health = (obj.status or {}).health or {}
return { status = health.status or "Progressing", message = health.message or "" }
`;

/**
 * Lets Argo CD judge an Application by the health of what it installs. Argo CD has no opinion of Applications of its
 * own, so that without it the sync waves of Applications do not wait for each other.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
 */
export class ArgoApplicationHealth {
  /**
   * Writes the setting to the companion file `argocd/argocd-cm.patch.yaml`, once per app, and notes that it must be made.
   *
   * @param reliedOnBy the Applications that are ordered by waves, as `Kind/namespace/name`
   * @param argoNamespace the namespace that Argo CD runs in
   */
  public static requireFor(scope: IConstruct, reliedOnBy: string[], argoNamespace: string = 'argocd'): CompanionFile {
    const app = App.of(scope);
    Prerequisites.of(scope).add({
      kind: 'Argo CD setting',
      value: `ConfigMap/${argoNamespace}/argocd-cm: ${SETTING}`,
      purpose: 'lets the sync waves of Applications wait for each other',
      command: `kubectl patch configmap argocd-cm --namespace ${argoNamespace} --type merge --patch-file ${path.basename(CompanionFile.directoryOf(scope))}/${FILE}`,
      reliedOnBy,
    });
    return (app.node.tryFindChild(FILE.replace(/\//g, '-')) as CompanionFile | undefined) ?? new CompanionFile(app, FILE.replace(/\//g, '-'), {
      path: FILE,
      content: FileContent.yaml({ data: { [SETTING]: LUA } }),
      purpose: 'patch for Argo CD\'s ConfigMap: sync waves wait until an Application is healthy',
    });
  }

  private constructor() {}
}
