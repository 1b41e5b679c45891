import { Construct } from 'constructs';
import { Membership } from './membership';
import type { IMesh } from './mesh';
import { type IMeshResource, MeshResource } from './mesh-resource';
import type { IVirtualGateway } from './virtual-gateway';
import type { IVirtualNode } from './virtual-node';
import { CompanionFile, FileContent } from '../platform/companion-file';

/** Where in AWS the mesh lives. */
export interface AwsEnvironment {
  /** The account, 12 digits. */
  readonly account: string;
  /** The region, such as `ap-northeast-1`. */
  readonly region: string;
  /**
   * The partition: `aws`, `aws-cn`, `aws-us-gov`, …
   * @default 'aws'
   */
  readonly partition?: string;
}

/** Properties of an EnvoyPolicy. */
export interface EnvoyPolicyProps {
  /** Where in AWS the mesh lives. */
  readonly environment: AwsEnvironment;
  /** The policy's name in IAM; the file is called after it. */
  readonly policyName: string;
}

/**
 * The IAM policy document that lets Envoys fetch their configuration: for the nodes and gateways that are granted and no
 * other. It is written among the companion files as `iam/<policy name>.json`.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
 */
export class EnvoyPolicy extends Construct {
  /** The policy's name in IAM. */
  public readonly policyName: string;
  /** Where in AWS the mesh lives. */
  public readonly environment: AwsEnvironment;
  /** The file's path below the folder of companion files. */
  public readonly path: string;
  private readonly granted = new Map<string, { kind: string; to: IMeshResource }>();

  /** @throws if the account, the region or the name is missing or malformed, or at synthesis if nothing is granted. */
  constructor(scope: Construct, id: string, props: EnvoyPolicyProps) {
    super(scope, id);
    const { account, region, partition } = props.environment;
    this.policyName = props.policyName;
    this.environment = { account, region, partition: partition ?? 'aws' };
    if (!/^[\w+=,.@-]{1,128}$/.test(this.policyName)) this.fail(`a policy's name has 1 to 128 letters, digits and "+=,.@_-", got "${this.policyName}"`);
    if (!/^\d{12}$/.test(account ?? '')) this.fail(`environment.account must be an account of 12 digits, got "${account}"`);
    if (!/^[a-z]{2,}(-[a-z]+)+-\d$/.test(region ?? '')) this.fail(`environment.region must be a region such as "ap-northeast-1", got "${region}"`);
    if (!/^aws(-[a-z]+)*$/.test(this.environment.partition!)) this.fail(`environment.partition must be a partition such as "aws", got "${partition}"`);
    this.path = `iam/${this.policyName}.json`;
    new CompanionFile(this, 'Document', {
      path: this.path,
      content: FileContent._deferred(() => `${JSON.stringify(this._document(), undefined, 2)}\n`),
      purpose: `IAM policy ${this.policyName}: lets the Envoys of the mesh fetch their configuration`,
    });
    this.node.addValidation({
      validate: () => (this.granted.size > 0 ? [] : [`EnvoyPolicy ${this.policyName}: grants nothing; call grantVirtualNode() or grantVirtualGateway()`]),
    });
  }

  /** Lets the Envoys of a node fetch their configuration. */
  public grantVirtualNode(virtualNode: IVirtualNode): void {
    this.grant('virtualNode', virtualNode);
  }

  /** Lets the Envoys of a gateway fetch their configuration. */
  public grantVirtualGateway(virtualGateway: IVirtualGateway): void {
    this.grant('virtualGateway', virtualGateway);
  }

  /** @internal */
  public _document(): unknown {
    const meshes = new Map<string, string>();
    const granted = [...this.granted.values()];
    const acm = [...new Set(granted.flatMap(({ to }) => (to instanceof MeshResource ? to._acmArns : [])))].sort();
    const statement = (action: string, resources: string[]) => ({ Effect: 'Allow', Action: action, Resource: resources });
    const authorities = acm.filter((arn) => arn.includes(':acm-pca:'));
    const certificates = acm.filter((arn) => !arn.includes(':acm-pca:'));
    return {
      Version: '2012-10-17',
      Statement: [
        statement('appmesh:StreamAggregatedResources', granted.map(({ kind, to }) => `${this.meshArn(to, meshes)}/${kind}/${to.awsName}`).sort()),
        ...(certificates.length > 0 ? [statement('acm:ExportCertificate', certificates)] : []),
        ...(authorities.length > 0 ? [statement('acm-pca:GetCertificateAuthorityCertificate', authorities)] : []),
      ],
    };
  }

  private grant(kind: string, to: IMeshResource): void {
    this.granted.set(`${kind}/${to.namespace}/${to.name}`, { kind, to });
  }

  private meshArn(member: IMeshResource, known: Map<string, string>): string {
    const before = known.get(member.namespace!);
    if (before !== undefined) return before;
    const mesh: IMesh | undefined = Membership.of(this).meshOf(member.namespace)?.mesh;
    if (!mesh) this.fail(`the app knows of no mesh that selects the namespace ${member.namespace}; import it with Mesh.fromMeshName()`);
    const { partition, region, account } = this.environment;
    const name = mesh.meshOwner === undefined || mesh.meshOwner === account ? mesh.awsName : `${mesh.awsName}@${mesh.meshOwner}`;
    const arn = `arn:${partition}:appmesh:${region}:${account}:mesh/${name}`;
    known.set(member.namespace!, arn);
    return arn;
  }

  private fail(problem: string): never {
    throw new Error(`EnvoyPolicy ${this.policyName}: ${problem}`);
  }
}
