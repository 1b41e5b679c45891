import { Construct } from 'constructs';
import { IIssuer } from './issuer-reference';
import { nameProblem, NameSyntax } from '../platform/names';

/** An issuer that exists already. */
export class ImportedIssuer extends Construct implements IIssuer {
  public readonly issuesWildcards?: boolean = undefined;

  constructor(scope: Construct, id: string, public readonly kind: string, public readonly name: string, public readonly namespace?: string) {
    super(scope, id);
    const problem = nameProblem(name, NameSyntax.SUBDOMAIN);
    if (problem) throw new Error(`${kind} ${namespace ?? ''}/${name}: ${problem}`);
  }
}
