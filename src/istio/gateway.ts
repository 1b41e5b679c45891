import { Construct } from 'constructs';
import { GatewayServer } from './gateway-server';
import type { GatewaySpec } from '../../imports/networking.istio.io';
import { generated } from '../platform/load-on-first-use';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** Properties of a Gateway. */
export interface GatewayProps extends ResourceProps {
  /** Labels of the gateway's pods; Istio looks for them in every namespace. */
  readonly selector: { [key: string]: string };
  /**
   * The ports that are opened.
   * @default - none yet; add them with `addServer`
   */
  readonly servers?: GatewayServer[];
}

/** A Gateway, made here or elsewhere. */
export interface IGateway extends IResource {}

/**
 * The ports that gateway pods open, and the hosts that they serve there.
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export class Gateway extends Resource implements IGateway {
  /** Labels of the gateway's pods. */
  public readonly selector: { [key: string]: string };
  private readonly servers: GatewayServer[] = [];
  private produced?: () => GatewayServer[];

  /** @throws if the selector is empty, or two servers do not go together; at synthesis if there is no server. */
  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id, { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' }, props);
    this.selector = props.selector;
    if (Object.keys(props.selector).length === 0) this._fail('the selector must name labels; an empty one takes over every gateway pod of the mesh');
    props.servers?.forEach((server) => this.addServer(server));
    this.node.addValidation({
      validate: () => (this.produced || this.servers.length > 0 ? [] : [`${this.reference}: opens no port; call addServer() or leave it out`]),
    });
  }

  /** How virtual services refer to the gateway: `namespace/name`. */
  public get gatewayName(): string {
    if (this.namespace === undefined) this._fail('has no namespace to be referred to by; set `namespace`, or the chart\'s');
    return `${this.namespace}/${this.name}`;
  }

  /** @throws if another server has the port's name, the port for another class of protocols, or a host with TLS on the port. */
  public addServer(server: GatewayServer): this {
    for (const other of this.servers) {
      if (other.portName === server.portName && other.port !== server.port) {
        this._fail(`ports ${other.port} and ${server.port} are both named "${server.portName}"; set \`portName\``);
      }
      if (other.port !== server.port) continue;
      if ((other._class === 'http') !== (server._class === 'http')) {
        this._fail(`port ${server.port} has a plain HTTP server and one with TLS; Istio keeps one and drops the other, so give one another port`);
      }
      if (other.portName === server.portName && server._class !== 'http') {
        this._fail(`two servers on port ${server.port} are named "${server.portName}"; set \`portName\``);
      }
      const host = server.hosts.find((each) => other.hosts.includes(each));
      if (host !== undefined) this._fail(`host "${host}" is served twice on port ${server.port}; Istio drops the second`);
    }
    this.servers.push(server);
    return this;
  }

  /**
   * Takes the servers from elsewhere, at synthesis.
   * @internal
   */
  public _produceServers(produce: () => GatewayServer[]): void {
    this.produced = produce;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const servers = [...(this.produced?.() ?? []), ...this.servers];
    const spec: GatewaySpec = { selector: this.selector, servers: servers.map((server) => server._render()) };
    return { spec: generated.istioNetworking.toJson_GatewaySpec(spec) };
  }
}
