import { Construct } from 'constructs';
import { DEFAULT_TRUST_DOMAIN } from './access-control-list';
import { checkAppId } from './app-id';
import { DaprAppAttributes, IDaprApp, InvocationOptions } from './invocable-app';
import { SIDECAR_PORTS } from './sidecar-ports';
import { nameProblem, NameSyntax } from '../platform/names';

/** An application that somebody else builds. */
export class ImportedDaprApp extends Construct implements IDaprApp {
  public readonly appId: string;
  public readonly namespace: string;
  public readonly trustDomain: string;
  public readonly internalGrpcPort: number;

  constructor(scope: Construct, id: string, attributes: DaprAppAttributes) {
    super(scope, id);
    this.appId = attributes.appId;
    this.namespace = attributes.namespace;
    this.trustDomain = attributes.trustDomain ?? DEFAULT_TRUST_DOMAIN;
    this.internalGrpcPort = attributes.internalGrpcPort ?? SIDECAR_PORTS.internalGrpc;
    checkAppId(this.appId, (problem) => { throw new Error(`DaprApp.fromAppId: ${problem}`); });
    const problem = nameProblem(this.namespace, NameSyntax.LABEL);
    if (problem) throw new Error(`DaprApp.fromAppId: app ${this.appId}: namespace: ${problem}`);
  }

  public allowInvocationFrom(_appId: string, _namespace: string, _options?: InvocationOptions): void {
    // Its owner lets callers in, where it is built.
  }
}
