import { Construct } from 'constructs';
import { HttpProxyAttributes, IHttpProxy } from './proxy-include';
import { nameProblem, NameSyntax } from '../platform/names';

/** An HTTPProxy that somebody else writes. */
export class ImportedHttpProxy extends Construct implements IHttpProxy {
  public readonly name: string;
  public readonly namespace: string;

  constructor(scope: Construct, id: string, attributes: HttpProxyAttributes) {
    super(scope, id);
    this.name = attributes.proxyName;
    this.namespace = attributes.namespace;
    const problem = nameProblem(this.name, NameSyntax.SUBDOMAIN) ?? nameProblem(this.namespace, NameSyntax.LABEL);
    if (problem) throw new Error(`HTTPProxy ${this.namespace}/${this.name}: ${problem}`);
  }
}
