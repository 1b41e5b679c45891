import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { AwsEnvironment, EnvoyPolicy } from '../appmesh/envoy-policy';
import { IVirtualGateway } from '../appmesh/virtual-gateway';
import { IVirtualNode } from '../appmesh/virtual-node';
import { CloudIdentity, CloudProvider } from '../platform/cloud-identity';
import { cdk8sPlus } from '../platform/load-on-first-use';
import { amend, keepPatches, podTemplateOf } from '../platform/manifest';
import { claimIdentity, nameFromId, nameProblem, NameSyntax } from '../platform/names';
import { ObservedWorkload } from '../platform/observed';
import { Prerequisites } from '../platform/prerequisites';

/** Properties of an AppMeshProxyAuthorization. */
export interface AppMeshProxyAuthorizationProps {
  /**
   * The name of the ServiceAccount and of the IAM policy.
   * @default - the construct's id in lower case, words joined by `-`
   */
  readonly name?: string;
  /**
   * The namespace of the pods.
   * @default - the chart's
   */
  readonly namespace?: string;
  /** The identity that the Envoys act as: `CloudIdentity.aws` or `CloudIdentity.eksPodIdentity`. */
  readonly identity: CloudIdentity;
  /** Where in AWS the mesh lives. */
  readonly environment: AwsEnvironment;
}

/**
 * What lets the Envoys of one namespace fetch their configuration from App Mesh: a ServiceAccount with an identity, and the
 * IAM policy of that identity as a file, `iam/<name>.json`, which names the nodes and gateways one by one.
 *
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/proxy-authorization.html
 */
export class AppMeshProxyAuthorization extends Construct {
  /** The ServiceAccount's name. */
  public readonly serviceAccountName: string;
  /** The namespace. */
  public readonly namespace: string;
  /** The policy document. */
  public readonly policy: EnvoyPolicy;

  /** @throws if the namespace is unknown, the identity is not one of AWS, or its account is not that of the mesh. */
  constructor(scope: Construct, id: string, props: AppMeshProxyAuthorizationProps) {
    super(scope, id);
    const name = props.name ?? nameFromId(id);
    const namespace = props.namespace ?? Chart.of(this).namespace;
    const who = `AppMeshProxyAuthorization ${namespace ?? ''}/${name}`;
    if (namespace === undefined) throw new Error(`${who}: needs to know its namespace; set \`namespace\`, or give the chart one`);
    const problem = nameProblem(name, NameSyntax.SUBDOMAIN) ?? nameProblem(namespace, NameSyntax.LABEL);
    if (problem) throw new Error(`${who}: ${problem}`);
    if (props.identity.provider !== CloudProvider.AWS) {
      throw new Error(`${who}: App Mesh knows identities of AWS, got one of ${props.identity.provider}; use CloudIdentity.aws() or eksPodIdentity()`);
    }
    this.serviceAccountName = name;
    this.namespace = namespace;
    this.policy = new EnvoyPolicy(this, 'Policy', { policyName: name, environment: props.environment });
    const { account, partition } = this.policy.environment;
    const [, rolePartition, , , roleAccount] = props.identity.subject?.split(':') ?? [];
    if (roleAccount !== undefined && (roleAccount !== account || rolePartition !== partition)) {
      throw new Error(`${who}: the role ${props.identity.subject} is of the account ${rolePartition}:${roleAccount}, the mesh of ${partition}:${account}; ` +
        'App Mesh would deny every Envoy');
    }

    const reference = `ServiceAccount/${namespace}/${name}`;
    claimIdentity(this, `v1/${reference}`, reference);
    const serviceAccount = new (cdk8sPlus().ServiceAccount)(this, 'ServiceAccount', { metadata: { name, namespace }, automountToken: false });
    keepPatches(serviceAccount);
    props.identity.applyTo(serviceAccount, 'fetch the configuration of Envoys from App Mesh');
    Prerequisites.of(this).add({
      kind: 'IAM policy',
      value: `arn:${partition}:iam::${account}:policy/${name}`,
      purpose: `lets the role of ServiceAccount ${namespace}/${name} fetch the configuration of Envoys from App Mesh`,
      command: `aws iam create-policy --policy-name ${name} --policy-document file://${this.policy.path}\n` +
        `aws iam attach-role-policy --role-name ${props.identity.subject?.split('/').pop() ?? '<role>'} --policy-arn arn:${partition}:iam::${account}:policy/${name}`,
      reliedOnBy: [reference],
    });
  }

  /** Lets the pods of a workload run as a node of the mesh. */
  public authorizeNode(virtualNode: IVirtualNode, workload: IConstruct): void {
    this.policy.grantVirtualNode(virtualNode);
    this.lend(workload);
  }

  /** Lets the pods of a workload run as a gateway of the mesh. */
  public authorizeGateway(virtualGateway: IVirtualGateway, workload: IConstruct): void {
    this.policy.grantVirtualGateway(virtualGateway);
    this.lend(workload);
  }

  private lend(workload: IConstruct): void {
    const observed = new ObservedWorkload(workload, `AppMeshProxyAuthorization ${this.namespace}/${this.serviceAccountName}`);
    if (observed.namespace !== this.namespace) {
      throw new Error(`AppMeshProxyAuthorization ${this.namespace}/${this.serviceAccountName}: a ServiceAccount serves pods of its own namespace, ` +
        `got ${observed.reference}; make another one there`);
    }
    const own: string | undefined = observed.podSpec.serviceAccountName;
    if (own !== undefined && own !== 'default' && own !== this.serviceAccountName) {
      throw new Error(`AppMeshProxyAuthorization ${this.namespace}/${this.serviceAccountName}: ${observed.reference} runs as the ServiceAccount ${own}, ` +
        'which the policy is not for; leave it out there');
    }
    amend(observed.apiObject, (manifest) => {
      const template = podTemplateOf(manifest);
      template.spec.serviceAccountName = this.serviceAccountName;
    });
  }
}
