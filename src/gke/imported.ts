import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { nameProblem, NameSyntax } from '../platform/names';
import { IResource } from '../platform/resource';

/** An object of the chart's namespace that exists already. */
export class ImportedObject extends Construct implements IResource {
  public readonly namespace?: string;

  constructor(scope: Construct, id: string, kind: string, public readonly name: string) {
    super(scope, id);
    this.namespace = Chart.of(this).namespace;
    const problem = nameProblem(name, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`${kind} ${this.namespace ?? ''}/${name}: ${problem}`);
  }
}
