import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { IMeshResource } from './mesh-resource';
import { nameProblem, NameSyntax } from '../platform/names';

/** An object of a mesh that is made elsewhere. */
export abstract class ImportedMeshResource extends Construct implements IMeshResource {
  public readonly name: string;
  public readonly namespace: string;
  public readonly awsName: string;
  public readonly arn?: string;

  constructor(scope: Construct, id: string, kind: string, attributes: { name: string; namespace?: string; awsName?: string; arn?: string }) {
    super(scope, id);
    const namespace = attributes.namespace ?? Chart.of(this).namespace;
    const problem = nameProblem(attributes.name, NameSyntax.SUBDOMAIN)
      ?? (namespace === undefined ? 'namespace must be known; give it, or give the chart one' : nameProblem(namespace, NameSyntax.LABEL));
    if (attributes.arn !== undefined && !/^arn:aws[a-z-]*:appmesh:[a-z0-9-]+:\d{12}:mesh\/.+$/.test(attributes.arn)) {
      throw new Error(`${kind} ${namespace ?? ''}/${attributes.name} (imported): an ARN is written arn:aws:appmesh:<region>:<account>:mesh/…, got "${attributes.arn}"`);
    }
    if (problem) throw new Error(`${kind} ${namespace ?? ''}/${attributes.name} (imported): ${problem}`);
    this.name = attributes.name;
    this.namespace = namespace!;
    this.arn = attributes.arn;
    this.awsName = attributes.awsName ?? `${this.name}_${this.namespace}`;
  }
}
