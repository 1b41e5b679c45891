import { nameProblem, NameSyntax } from '../platform/names';

/** Refuses an app id that names no Service: `<app-id>-dapr` has to be one DNS label. */
export function checkAppId(appId: string, fail: (problem: string) => never): void {
  if (appId.includes('.')) fail(`app id must have no dots, which separate it from a namespace, got "${appId}"`);
  const problem = nameProblem(appId, NameSyntax.SERVICE);
  if (problem) fail(`app id: ${problem}`);
  if (appId.length > 58) fail(`app id must have at most 58 characters, so that "<app id>-dapr" is a DNS label, got ${appId.length} ("${appId}")`);
}
