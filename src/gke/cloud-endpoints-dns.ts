import { Construct, IConstruct } from 'constructs';
import { isIpAddress } from './google-names';
import { CompanionFile, FileContent } from '../platform/companion-file';
import { apiObjectOf, referenceOf } from '../platform/manifest';
import { Prerequisites } from '../platform/prerequisites';

/** Properties of a CloudEndpointsDns. */
export interface CloudEndpointsDnsProps {
  /** The name, `<name>.endpoints.<project>.cloud.goog`. */
  readonly host: string;
  /** The IP address that the name leads to. */
  readonly address: string;
  /**
   * The title of the document.
   * @default - the host
   */
  readonly title?: string;
  /**
   * The version of the document.
   * @default '1.0.0'
   */
  readonly version?: string;
  /**
   * The objects that clients reach by the name.
   * @default - not said
   */
  readonly reliedOnBy?: IConstruct[];
}

const HOST = /^([a-z]([-a-z0-9]*[a-z0-9])?)\.endpoints\.([a-z][-a-z0-9]{4,28}[a-z0-9])\.cloud\.goog$/;

/**
 * A name under `cloud.goog` by Cloud Endpoints: a document among the companion files, which one command deploys. No zone
 * of one's own is needed.
 *
 * @see https://cloud.google.com/endpoints/docs/openapi/cloud-goog-dns-configure
 */
export class CloudEndpointsDns extends Construct {
  /** Whether a host is one that Cloud Endpoints gives. */
  public static serves(host: string): boolean {
    return HOST.test(host);
  }

  /** The name. */
  public readonly host: string;
  /** The document's path below the folder of the companion files. */
  public readonly path: string;

  /** @throws if the host is not one of Cloud Endpoints, or the address is no IP address. */
  constructor(scope: Construct, id: string, props: CloudEndpointsDnsProps) {
    super(scope, id);
    const match = HOST.exec(props.host);
    if (!match) throw new Error(`CloudEndpointsDns ${props.host}: host is written <name>.endpoints.<project>.cloud.goog, got "${props.host}"`);
    if (!isIpAddress(props.address)) throw new Error(`CloudEndpointsDns ${props.host}: address must be an IP address, got "${props.address}"`);
    this.host = props.host;
    this.path = `cloud-endpoints/${match[1]}.yaml`;
    const title = props.title ?? props.host;
    new CompanionFile(this, 'Document', {
      path: this.path,
      purpose: `the DNS name ${props.host}, for gcloud endpoints services deploy`,
      content: FileContent.yaml({
        'swagger': '2.0',
        'info': { title, description: `Leads ${props.host} to ${props.address}`, version: props.version ?? '1.0.0' },
        'host': props.host,
        'paths': {},
        'x-google-endpoints': [{ name: props.host, target: props.address }],
      }),
    });
    Prerequisites.of(this).add({
      kind: 'DNS record',
      value: props.host,
      purpose: `leads clients to ${props.address}`,
      command: `gcloud endpoints services deploy ${this.path} --project ${match[3]}`,
      reliedOnBy: (props.reliedOnBy ?? []).map((object) => referenceOf(apiObjectOf(object, `CloudEndpointsDns ${props.host}`, 'an object'))),
    });
  }
}
