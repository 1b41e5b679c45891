import { Construct } from 'constructs';
import { FrontendConfig, IFrontendConfig } from './frontend-config';
import { GceBackend } from './gce-backend';
import { GcePathType } from './gce-path-type';
import { gcePathProblem, urlMapPaths } from './gce-paths';
import { googleNameProblem } from './google-names';
import { IManagedCertificate } from './managed-certificate';
import { isHostName, nameProblem, NameSyntax } from '../platform/names';
import { Resource, ResourceProps } from '../platform/resource';

/** A rule of a GKE Ingress. The longest path wins, whatever the order. */
export interface GceRule {
  /**
   * The host, exactly, or with `*.` in front for everything below it.
   * @default - every host that has no rule of its own
   */
  readonly host?: string;
  /**
   * The path.
   * @default '/'
   */
  readonly path?: string;
  /**
   * How the path is compared.
   * @default GcePathType.PREFIX
   */
  readonly pathType?: GcePathType;
  /** Where the requests go. */
  readonly backend: GceBackend;
}

/** Properties of a GceIngress. */
export interface GceIngressProps extends ResourceProps {
  /**
   * Whether the load balancer is reached from the VPC only.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * The name of a reserved address: a global one, for an internal load balancer one of its region.
   * @default - an address that may change
   */
  readonly staticAddress?: string;
  /**
   * Certificates that Google issues, of the Ingress's namespace; for external load balancers.
   * @default - none
   */
  readonly managedCertificates?: IManagedCertificate[];
  /**
   * Names of certificates in Google Cloud.
   * @default - none
   */
  readonly preSharedCertificates?: string[];
  /**
   * Names of Secrets of type kubernetes.io/tls in the Ingress's namespace.
   * @default - none
   */
  readonly tlsSecrets?: string[];
  /**
   * Redirect and TLS policy, of the Ingress's namespace.
   * @default - none
   */
  readonly frontendConfig?: IFrontendConfig;
  /**
   * Whether port 80 is open.
   * @default - where there is no certificate, or a FrontendConfig that redirects
   */
  readonly allowHttp?: boolean;
  /**
   * Where requests go that no rule takes.
   * @default - they are answered 404
   */
  readonly defaultBackend?: GceBackend;
  /**
   * The rules.
   * @default - none yet; add them with `addRule`
   */
  readonly rules?: GceRule[];
}

/**
 * An Application Load Balancer of Google Cloud by a GKE Ingress.
 *
 * One mistake in an Ingress keeps the whole load balancer at its last state, so what a single object can get wrong is an
 * error here. The class stands in the annotation: the field alone is looked at by nobody.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/concepts/ingress
 */
export class GceIngress extends Resource {
  /** Whether the load balancer is reached from the VPC only. */
  public readonly internal: boolean;
  private readonly props: GceIngressProps;
  private readonly defaultBackend?: { [key: string]: unknown };
  private readonly hosts = new Map<string, { paths: unknown[]; claimed: Map<string, string> }>();

  /** @throws if a setting does not go with another, or the controller would refuse the Ingress. */
  constructor(scope: Construct, id: string, props: GceIngressProps = {}) {
    super(scope, id, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }, props);
    this.props = props;
    this.internal = props.internal ?? false;
    this.checkCertificates();
    this.checkAnnotations();
    this.annotate();
    this.defaultBackend = props.defaultBackend?._bind(this.namespace, this._fail.bind(this));
    for (const rule of props.rules ?? []) this.addRule(rule);
    this.node.addValidation({
      validate: () => (this.defaultBackend || this.hosts.size > 0
        ? []
        : [`${this.reference}: has neither rule nor default backend, so that every request is answered 404; call addRule()`]),
    });
  }

  /** @throws if host or path are not what the controller takes, or another rule takes the same requests. */
  public addRule(rule: GceRule): void {
    const { host = '*', path = '/', pathType = GcePathType.PREFIX } = rule;
    const where = `rule ${rule.host ?? ''}${path}`;
    if (host !== '*' && !isHostName(host)) this._fail(`${where}: host must be a host name in lower case, with "*." in front or without, got "${host}"`);
    const problem = gcePathProblem(path, pathType);
    if (problem) this._fail(`${where}: ${problem}`);
    // The controller lets the last of two entries for one host win as a whole, so that all paths of a host stand in one.
    const entry = this.hosts.get(host) ?? { paths: [], claimed: new Map<string, string>() };
    for (const expanded of urlMapPaths(path, pathType)) {
      const other = entry.claimed.get(expanded);
      if (other !== undefined) this._fail(`${where}: the URL map holds "${expanded}" from ${other} already, and the last one would win`);
      entry.claimed.set(expanded, `${pathType} ${path}`);
    }
    entry.paths.push({ path, pathType, backend: rule.backend._bind(this.namespace, this._fail.bind(this)) });
    this.hosts.set(host, entry);
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const rules = [...this.hosts].map(([host, { paths }]) => ({ host: host === '*' ? undefined : host, http: { paths } }));
    const tls = (this.props.tlsSecrets ?? []).map((secretName) => ({ secretName }));
    return {
      spec: {
        defaultBackend: this.defaultBackend,
        rules: rules.length > 0 ? rules : undefined,
        tls: tls.length > 0 ? tls : undefined,
      },
    };
  }

  private get certificates(): number {
    const { managedCertificates = [], preSharedCertificates = [], tlsSecrets = [] } = this.props;
    return managedCertificates.length + preSharedCertificates.length + tlsSecrets.length;
  }

  private get allowHttp(): boolean {
    const { allowHttp, frontendConfig } = this.props;
    const redirects = frontendConfig instanceof FrontendConfig ? frontendConfig.redirectsToHttps : frontendConfig !== undefined;
    return allowHttp ?? (this.certificates === 0 || redirects);
  }

  private checkCertificates(): void {
    const { managedCertificates = [], preSharedCertificates = [], tlsSecrets = [], frontendConfig, staticAddress } = this.props;
    if (this.certificates > 15) this._fail(`a load balancer shows at most 15 certificates, got ${this.certificates}`);
    for (const certificate of managedCertificates) {
      if (this.internal) this._fail('Google issues managed certificates for external load balancers only; use a pre-shared certificate or a TLS Secret');
      if (certificate.namespace !== this.namespace) {
        this._fail(`ManagedCertificate ${certificate.namespace ?? ''}/${certificate.name} is in another namespace, where it is not looked for`);
      }
    }
    for (const name of [...preSharedCertificates, ...(staticAddress === undefined ? [] : [staticAddress])]) {
      const problem = googleNameProblem(name);
      if (problem) this._fail(problem);
    }
    for (const secret of tlsSecrets) {
      const problem = nameProblem(secret, NameSyntax.SUBDOMAIN);
      if (problem) this._fail(`TLS Secret ${problem}`);
    }
    if (!this.allowHttp && this.certificates === 0) this._fail('without HTTP and without a certificate there is nothing to listen on; give a certificate');
    if (this.internal && this.allowHttp && this.certificates > 0 && staticAddress === undefined) {
      this._fail('an internal load balancer serves HTTP and HTTPS on one address only if it is reserved; give staticAddress, or set allowHttp: false');
    }
    if (!frontendConfig) return;
    if (frontendConfig.namespace !== this.namespace) {
      this._fail(`FrontendConfig ${frontendConfig.namespace ?? ''}/${frontendConfig.name} is in another namespace, where it is not looked for`);
    }
    if (!(frontendConfig instanceof FrontendConfig) || !frontendConfig.redirectsToHttps) return;
    if (this.internal) this._fail('an internal load balancer cannot redirect to HTTPS; leave redirectToHttps out of the FrontendConfig');
    if (!this.allowHttp) this._fail('the FrontendConfig redirects requests that allowHttp: false does not let in; leave allowHttp out');
    if (this.certificates === 0) this._fail('the FrontendConfig redirects to HTTPS, which needs a certificate');
  }

  private checkAnnotations(): void {
    for (const key of Object.keys(this.props.annotations ?? {})) {
      if (/^(alb|nginx)\.ingress\.kubernetes\.io\//.test(key)) this._fail(`annotation ${key} belongs to another controller and has no effect`);
      if (key.startsWith('cloud.google.com/')) this._fail(`annotation ${key} belongs on the Service; use GceBackend.service`);
      if (key.startsWith('ingress.kubernetes.io/')) this._fail(`annotation ${key} is the controller's own report and never set by hand`);
      if (OWN_ANNOTATIONS.test(key)) this._fail(`annotation ${key} is written from the properties; set it there, or patch apiObject`);
    }
  }

  private annotate(): void {
    const { staticAddress, managedCertificates = [], preSharedCertificates = [], frontendConfig } = this.props;
    const annotations: { [key: string]: string | undefined } = {
      'kubernetes.io/ingress.class': this.internal ? 'gce-internal' : 'gce',
      'kubernetes.io/ingress.allow-http': this.allowHttp ? undefined : 'false',
      [`kubernetes.io/ingress.${this.internal ? 'regional' : 'global'}-static-ip-name`]: staticAddress,
      'networking.gke.io/managed-certificates': managedCertificates.map(({ name }) => name).join(',') || undefined,
      'ingress.gcp.kubernetes.io/pre-shared-cert': preSharedCertificates.join(',') || undefined,
      'networking.gke.io/v1beta1.FrontendConfig': frontendConfig?.name,
    };
    for (const [key, value] of Object.entries(annotations)) {
      if (value !== undefined) this.apiObject.metadata.addAnnotation(key, value);
    }
  }
}

const OWN_ANNOTATIONS = /^(kubernetes\.io\/ingress\.|networking\.gke\.io\/(managed-certificates|v1beta1\.FrontendConfig)$|ingress\.gcp\.kubernetes\.io\/)/;
