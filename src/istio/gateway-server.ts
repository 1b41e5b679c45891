import { hostProblem } from './hosts';
import type { GatewaySpecServers, GatewaySpecServersTls } from '../../imports/networking.istio.io';
import { nameProblem, NameSyntax } from '../platform/names';
import { portProblem } from '../platform/ports';

/** The lowest TLS version that a server speaks. */
export enum TlsVersion {
  /** TLS 1.2. */
  V1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  V1_3 = 'TLSV1_3',
}

/** Options that all servers have. */
export interface GatewayServerOptions {
  /**
   * The port of the gateway's Service. Istio listens on that Service port's target port.
   * @default - 80 for plain HTTP, 443 for everything with TLS
   */
  readonly port?: number;
  /**
   * The name of the port, unique in the gateway.
   * @default - the protocol in lower case, and the number where it is not the usual one
   */
  readonly portName?: string;
  /**
   * The hosts that are served: `shop.example.com`, `*.example.com` or `*`, and with a namespace in front, such as
   * `shop/*`, for the virtual services of that namespace only.
   * @default ['*']
   */
  readonly hosts?: string[];
}

/** Options of a server that ends TLS. */
export interface GatewayTlsServerOptions extends GatewayServerOptions {
  /** The Secret with `tls.crt` and `tls.key`, in the namespace of the gateway's pods. */
  readonly credentialName: string;
  /**
   * The lowest TLS version.
   * @default - TLS 1.2, as Istio has it
   */
  readonly minimumVersion?: TlsVersion;
  /**
   * Cipher suites for TLS 1.2.
   * @default - Istio's
   */
  readonly cipherSuites?: string[];
}

type ServerClass = 'http' | 'https' | 'tls';

/** A port that a Gateway opens, what it speaks there, and for whom. */
export class GatewayServer {
  /** Plain HTTP, HTTP/1.1 and HTTP/2 alike. */
  public static http(options: GatewayServerOptions = {}): GatewayServer {
    return new GatewayServer('http', 'HTTP', 80, options);
  }

  /**
   * Plain HTTP whose every request is sent to HTTPS. It is for gateways that clients reach themselves: behind a load
   * balancer that ends TLS it sends clients in circles.
   */
  public static httpsRedirect(options: GatewayServerOptions = {}): GatewayServer {
    return new GatewayServer('http', 'HTTP', 80, options, { httpsRedirect: true });
  }

  /** HTTPS, ended with a certificate from a Secret. */
  public static https(options: GatewayTlsServerOptions): GatewayServer {
    return new GatewayServer('https', 'HTTPS', 443, options, terminating('SIMPLE', options));
  }

  /** HTTPS for clients that show a certificate which the Secret's `ca.crt` signed. */
  public static mutualHttps(options: GatewayTlsServerOptions): GatewayServer {
    return new GatewayServer('https', 'HTTPS', 443, options, terminating('MUTUAL', options));
  }

  /** HTTPS with the mesh's own certificates, for clients of the mesh. */
  public static istioMutual(options: GatewayServerOptions = {}): GatewayServer {
    return new GatewayServer('https', 'HTTPS', 443, options, tlsOfMode('ISTIO_MUTUAL'));
  }

  /** TLS that is passed on as it is, by SNI; only `tls` routes apply, and HTTP routes none. */
  public static tlsPassthrough(options: GatewayServerOptions = {}): GatewayServer {
    return new GatewayServer('tls', 'TLS', 443, options, tlsOfMode('PASSTHROUGH'));
  }

  /** The port of the gateway's Service. */
  public readonly port: number;
  /** The port's name. */
  public readonly portName: string;
  /** The hosts that are served. */
  public readonly hosts: string[];
  /** @internal */
  public readonly _class: ServerClass;
  private readonly protocol: string;
  private readonly tls?: GatewaySpecServersTls;

  private constructor(kind: ServerClass, protocol: string, usualPort: number, options: GatewayServerOptions, tls?: GatewaySpecServersTls) {
    this._class = kind;
    this.protocol = protocol;
    this.tls = tls;
    this.port = options.port ?? usualPort;
    this.portName = options.portName ?? (this.port === usualPort ? protocol.toLowerCase() : `${protocol.toLowerCase()}-${this.port}`);
    this.hosts = options.hosts ?? ['*'];
    const problem = portProblem(this.port) ?? nameProblem(this.portName, NameSyntax.LABEL)
      ?? (this.hosts.length === 0 ? 'hosts must name at least one; leave it out for "*"' : undefined)
      ?? this.hosts.map(serverHostProblem).find((each) => each !== undefined);
    if (problem) throw new Error(`GatewayServer ${this.port}/${protocol}: ${problem}`);
  }

  /** @internal */
  public _render(): GatewaySpecServers {
    return { port: { number: this.port, name: this.portName, protocol: this.protocol }, hosts: this.hosts, tls: this.tls };
  }
}

function serverHostProblem(host: string): string | undefined {
  const [namespace, name] = host.includes('/') ? host.split('/', 2) as [string, string] : [undefined, host];
  if (namespace !== undefined && namespace !== '*' && namespace !== '.' && nameProblem(namespace, NameSyntax.LABEL)) {
    return `before "/" stands a namespace, "." or "*", got "${host}"`;
  }
  return hostProblem(name);
}

function tlsOfMode(mode: string): GatewaySpecServersTls {
  return { mode: mode as GatewaySpecServersTls['mode'] };
}

function terminating(mode: string, options: GatewayTlsServerOptions): GatewaySpecServersTls {
  const problem = nameProblem(options.credentialName, NameSyntax.SUBDOMAIN);
  if (problem) throw new Error(`GatewayServer.https: credentialName: ${problem}`);
  return {
    ...tlsOfMode(mode),
    credentialName: options.credentialName,
    minProtocolVersion: options.minimumVersion as GatewaySpecServersTls['minProtocolVersion'],
    cipherSuites: options.cipherSuites,
  };
}
