import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Prerequisite, Prerequisites } from './prerequisites';

/** The clouds that an identity can come from. */
export enum CloudProvider {
  /** Amazon Web Services. */
  AWS = 'aws',
  /** Microsoft Azure. */
  AZURE = 'azure',
  /** Google Cloud. */
  GCP = 'gcp',
}

/** Options of an Azure identity. */
export interface AzureIdentityOptions {
  /**
   * The tenant, when it is not the cluster's.
   * @default - the tenant that the workload identity webhook is installed with
   */
  readonly tenantId?: string;
}

/**
 * The cloud identity that pods act as, without any secret in the cluster: each cloud trusts the pods' ServiceAccount.
 *
 * It becomes annotations on the ServiceAccount and, on Azure, a label on the pods. What has to exist in the cloud is
 * written to the app's prerequisites.
 */
export class CloudIdentity {
  /**
   * An IAM role assumed through the cluster's OIDC provider (IRSA).
   *
   * @param roleArn the role, `arn:aws:iam::<account>:role/<name>`
   * @throws if it is no role ARN
   * @see https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html
   */
  public static aws(roleArn: string): CloudIdentity {
    if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) {
      throw new Error(`CloudIdentity.aws: a role ARN is written arn:aws:iam::<12 digits>:role/<name>, got "${roleArn}"`);
    }
    return new CloudIdentity({
      provider: CloudProvider.AWS,
      subject: roleArn,
      serviceAccountAnnotations: { 'eks.amazonaws.com/role-arn': roleArn },
      kind: 'IAM role',
      command: (namespace, name) =>
        `aws iam update-assume-role-policy --role-name ${roleArn.split('/').pop()} --policy-document ` +
        `'<trust of the OIDC provider of the cluster for system:serviceaccount:${namespace}:${name}>'`,
    });
  }

  /**
   * An IAM role through EKS Pod Identity: nothing stands on the ServiceAccount, the association is made in EKS.
   *
   * @param roleArn the role that the association names; it goes into the prerequisites
   * @throws if it is no role ARN
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
   */
  public static eksPodIdentity(roleArn?: string): CloudIdentity {
    if (roleArn !== undefined) CloudIdentity.aws(roleArn);
    return new CloudIdentity({
      provider: CloudProvider.AWS,
      subject: roleArn,
      kind: 'EKS Pod Identity association',
      command: (namespace, name) =>
        `aws eks create-pod-identity-association --cluster-name <cluster> --namespace ${namespace} ` +
        `--service-account ${name} --role-arn ${roleArn ?? '<role ARN>'}`,
    });
  }

  /**
   * An Azure managed identity or application through workload identity federation.
   *
   * @param clientId the identity's client id, a GUID
   * @throws if it is no GUID
   * @see https://azure.github.io/azure-workload-identity/docs/topics/service-account-labels-and-annotations.html
   */
  public static azure(clientId: string, options: AzureIdentityOptions = {}): CloudIdentity {
    for (const [what, id] of [['client id', clientId], ['tenant id', options.tenantId]] as const) {
      if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
        throw new Error(`CloudIdentity.azure: the ${what} is a GUID, got "${id}"`);
      }
    }
    return new CloudIdentity({
      provider: CloudProvider.AZURE,
      subject: clientId,
      serviceAccountAnnotations: {
        'azure.workload.identity/client-id': clientId,
        ...(options.tenantId === undefined ? {} : { 'azure.workload.identity/tenant-id': options.tenantId }),
      },
      podLabels: { 'azure.workload.identity/use': 'true' },
      kind: 'Federated identity credential',
      command: (namespace, name) =>
        `az identity federated-credential create --name ${namespace}-${name} --identity-name <identity of client ${clientId}> ` +
        `--resource-group <group> --issuer <OIDC issuer of the cluster> --subject system:serviceaccount:${namespace}:${name}`,
    });
  }

  /**
   * A Google service account through Workload Identity Federation for GKE.
   *
   * @param serviceAccount its address, `<name>@<project>.iam.gserviceaccount.com`
   * @throws if it is no such address
   * @see https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity
   */
  public static gcp(serviceAccount: string): CloudIdentity {
    const match = /^[a-z][-a-z0-9]{4,28}[a-z0-9]@([a-z][-a-z0-9.:]*[a-z0-9])\.iam\.gserviceaccount\.com$/.exec(serviceAccount);
    if (!match) {
      throw new Error(`CloudIdentity.gcp: a service account is written <name>@<project>.iam.gserviceaccount.com, got "${serviceAccount}"`);
    }
    return new CloudIdentity({
      provider: CloudProvider.GCP,
      subject: serviceAccount,
      serviceAccountAnnotations: { 'iam.gke.io/gcp-service-account': serviceAccount },
      kind: 'Workload identity binding',
      command: (namespace, name) =>
        `gcloud iam service-accounts add-iam-policy-binding ${serviceAccount} --role roles/iam.workloadIdentityUser ` +
        `--member "serviceAccount:<project of the cluster>.svc.id.goog[${namespace}/${name}]"`,
    });
  }

  /** The cloud that the identity belongs to. */
  public readonly provider: CloudProvider;
  /** The role ARN, client id or service account; undefined where only the cloud knows it. */
  public readonly subject?: string;
  /** What stands on the ServiceAccount. */
  public readonly serviceAccountAnnotations: { [key: string]: string };
  /** What stands on the pods. */
  public readonly podLabels: { [key: string]: string };
  private readonly kind: string;
  private readonly command: (namespace: string, name: string) => string;

  private constructor(identity: {
    provider: CloudProvider;
    subject?: string;
    serviceAccountAnnotations?: Record<string, string>;
    podLabels?: Record<string, string>;
    kind: string;
    command: (namespace: string, name: string) => string;
  }) {
    this.provider = identity.provider;
    this.subject = identity.subject;
    this.serviceAccountAnnotations = identity.serviceAccountAnnotations ?? {};
    this.podLabels = identity.podLabels ?? {};
    this.kind = identity.kind;
    this.command = identity.command;
  }

  /**
   * Puts the annotations on a ServiceAccount of any cdk8s library and notes what the cloud has to know.
   *
   * @param purpose what the identity is for, such as `read DNS zones`
   */
  public applyTo(serviceAccount: IConstruct, purpose: string): void {
    const object = ApiObject.of(serviceAccount);
    for (const [key, value] of Object.entries(this.serviceAccountAnnotations)) object.metadata.addAnnotation(key, value);
    const namespace = object.metadata.namespace ?? 'default';
    Prerequisites.of(serviceAccount).add(this._prerequisite(namespace, object.name, purpose, `ServiceAccount/${namespace}/${object.name}`));
  }

  /**
   * What the cloud has to know so that a ServiceAccount may act as the identity.
   * @internal
   */
  public _prerequisite(namespace: string, serviceAccount: string, purpose: string, reliedOnBy: string): Prerequisite {
    return {
      kind: this.kind,
      value: this.subject,
      purpose: `lets ServiceAccount ${namespace}/${serviceAccount} ${purpose}`,
      command: this.command(namespace, serviceAccount),
      reliedOnBy: [reliedOnBy],
    };
  }
}
