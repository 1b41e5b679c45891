import { Construct } from 'constructs';
import { ALB_PREFIX, AlbListeners, loadBalancerAnnotations, membershipAnnotations, targetAnnotations } from './alb-annotations';
import { AlbBackend } from './alb-backend';
import { AlbHealthCheck, AlbIpAddressType, AlbProtocolVersion, AlbSettings, AlbTargetType } from './alb-settings';
import { isHostName } from '../platform/names';
import { Resource, ResourceProps } from '../platform/resource';
import { requireFeature } from '../platform/targets';

/** How a path of an Ingress is compared. */
export enum AlbPathType {
  /** Whole segments from the beginning. */
  PREFIX = 'Prefix',
  /** The whole path. */
  EXACT = 'Exact',
  /** The pattern as it is, with `*` and `?`: `/` is the root alone, `/*` is everything. */
  PATTERN = 'ImplementationSpecific',
}

/** A rule of an Application Load Balancer. */
export interface AlbRule {
  /**
   * The host, exactly, or with `*.` in front for everything below it.
   * @default - every host
   */
  readonly host?: string;
  /**
   * The path.
   * @default '/'
   */
  readonly path?: string;
  /**
   * How the path is compared.
   * @default AlbPathType.PREFIX
   */
  readonly pathType?: AlbPathType;
  /** What is done with the requests. */
  readonly backend: AlbBackend;
}

/** Properties of an AlbIngress. */
export interface AlbIngressProps extends ResourceProps, AlbSettings {
  /**
   * The ARNs of the certificates; the first is the default one. With a certificate the load balancer listens on 443 and
   * redirects from 80.
   * @default - none: plain HTTP on port 80
   */
  readonly certificates?: string[];
  /**
   * Whether port 80 redirects to HTTPS. In a group the redirect takes the place of the HTTP rules of all members.
   * @default - true where there is a certificate
   */
  readonly redirectHttp?: boolean;
  /**
   * The rules, tried in the order given; nothing sorts them by host.
   * @default - none yet; add them with `addRule`
   */
  readonly rules?: AlbRule[];
  /**
   * Which HTTP the targets are spoken to.
   * @default AlbProtocolVersion.HTTP1
   */
  readonly protocolVersion?: AlbProtocolVersion;
  /**
   * How the load balancer finds out whether a target can serve.
   * @default - GET / on the port that serves has to answer 200
   */
  readonly healthCheck?: AlbHealthCheck;
  /**
   * The class, which has to belong to the AWS Load Balancer Controller.
   * @default 'alb'
   */
  readonly ingressClassName?: string;
  /**
   * Whether another member of the group says how the load balancer is to be, and this one brings rules only.
   * @default false
   */
  readonly joinsGroup?: boolean;
}

/**
 * An Application Load Balancer by the AWS Load Balancer Controller.
 *
 * What it takes to be found out in AWS is found out here: a certificate without HTTPS, a redirect without its listener, a
 * wildcard that blocks the whole group, limits of names, values and rules.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/
 */
export class AlbIngress extends Resource {
  private readonly rules: AlbRule[] = [];
  private readonly ingressClassName: string;
  private readonly instanceTargets: boolean;

  /** @throws if a setting is out of range, or does not go with another. */
  constructor(scope: Construct, id: string, props: AlbIngressProps = {}) {
    super(scope, id, { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' }, props);
    this.ingressClassName = props.ingressClassName ?? 'alb';
    this.instanceTargets = props.targetType === AlbTargetType.INSTANCE;
    const listeners = this.listenersOf(props);
    this.checkProtocol(props, listeners);
    if (props.ipAddressType === AlbIpAddressType.DUALSTACK_WITHOUT_PUBLIC_IPV4) {
      requireFeature(this, `Ingress ${this.namespace ?? ''}/${this.name}`, 'alb-without-public-ipv4');
    }
    if (props.joinsGroup && props.groupName === undefined) this._fail('joinsGroup needs the name of the group; give groupName');
    const fail = this._fail.bind(this);
    this.annotate(props, {
      ...membershipAnnotations(props, listeners, fail),
      ...(props.joinsGroup ? {} : loadBalancerAnnotations(props, listeners, fail)),
      ...targetAnnotations(props, props.protocolVersion, props.healthCheck, fail),
    });
    for (const rule of props.rules ?? []) this.addRule(rule);
    this.node.addValidation({ validate: () => this.problems() });
  }

  /**
   * Adds a rule after the others.
   * @throws if host or path are not what the controller takes, or if the group would be refused as a whole.
   */
  public addRule(rule: AlbRule): void {
    const { host, path = '/', pathType = AlbPathType.PREFIX, backend } = rule;
    const where = `rule ${host ?? ''}${path}`;
    if (host !== undefined && (!isHostName(host) || !host.includes('.'))) {
      this._fail(`${where}: host must be a host name with a dot, such as "shop.example.com" or "*.example.com", got "${host}"`);
    }
    if (!path.startsWith('/')) this._fail(`${where}: path must begin with "/", got "${path}"`);
    if (path.length > 128) this._fail(`${where}: path must have at most 128 characters, got ${path.length}`);
    if (pathType !== AlbPathType.PATTERN && /[*?]/.test(path)) {
      this._fail(`${where}: "*" and "?" would stop the whole group; use AlbPathType.PATTERN, or a prefix without them`);
    }
    const pathValues = pathType === AlbPathType.PREFIX && path !== '/' ? 2 : 1;
    const values = (host === undefined ? 0 : 1) + pathValues + backend._conditions.reduce((sum, condition) => sum + condition._values, 0);
    if (values > 5) this._fail(`${where}: a rule holds at most 5 values over host, path and conditions, got ${values}`);
    if (this.rules.length >= 100) this._fail(`${where}: a load balancer holds at most 100 rules`);
    this.annotateBackend(backend, where);
    this.rules.push({ host, path, pathType, backend });
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const rules: { host?: string; http: { paths: unknown[] } }[] = [];
    for (const rule of this.rules) {
      const path = { path: rule.path, pathType: rule.pathType, backend: rule.backend._render() };
      // Only neighbours share an entry: within one, the controller puts exact paths and long prefixes first.
      const last = rules[rules.length - 1];
      if (last && last.host === rule.host && rule.pathType === AlbPathType.PATTERN) last.http.paths.push(path);
      else rules.push({ host: rule.host, http: { paths: [path] } });
    }
    return { spec: { ingressClassName: this.ingressClassName, rules } };
  }

  private listenersOf(props: AlbIngressProps): AlbListeners {
    const certificates = props.certificates ?? [];
    const https = certificates.length > 0;
    const redirect = props.redirectHttp ?? https;
    if (redirect && !https) this._fail('redirectHttp leads to HTTPS, which needs a certificate; give certificates');
    // A member of a group serves HTTPS only: the redirect on port 80 belongs to the one that describes the load balancer.
    return { certificates, https, http: !https || (redirect && !props.joinsGroup), redirect: redirect && !props.joinsGroup };
  }

  private checkProtocol(props: AlbIngressProps, listeners: AlbListeners): void {
    const version = props.protocolVersion ?? AlbProtocolVersion.HTTP1;
    if (version !== AlbProtocolVersion.HTTP1 && !listeners.https) {
      this._fail(`protocolVersion ${version} needs an HTTPS listener, since clients speak HTTP/2 over TLS only; give certificates`);
    }
  }

  private annotate(props: AlbIngressProps, annotations: { [key: string]: string }): void {
    for (const [key, value] of Object.entries(annotations)) {
      if (props.annotations?.[key] !== undefined) this._fail(`annotation ${key} is written from the properties; set it there, or patch apiObject`);
      this.apiObject.metadata.addAnnotation(key, value);
    }
    if (props.annotations?.['kubernetes.io/ingress.class'] !== undefined) {
      this._fail('annotation kubernetes.io/ingress.class would outrank the class field; use ingressClassName');
    }
  }

  private annotateBackend(backend: AlbBackend, where: string): void {
    const known = this.rules.find((rule) => rule.backend._name === backend._name)?.backend;
    const conditions = JSON.stringify(backend._conditions.map((condition) => condition._render()));
    const action = JSON.stringify(backend._action);
    if (known && JSON.stringify(known._conditions.map((condition) => condition._render())) !== conditions) {
      this._fail(`${where}: conditions belong to the backend's name, and "${backend._name}" has others in an earlier rule; use a second Ingress of the group`);
    }
    if (known && JSON.stringify(known._action) !== action) this._fail(`${where}: "${backend._name}" is something else in an earlier rule; rename the action`);
    if (backend._conditions.length > 0) this.apiObject.metadata.addAnnotation(`${ALB_PREFIX}/conditions.${backend._name}`, conditions);
    if (action !== undefined) this.apiObject.metadata.addAnnotation(`${ALB_PREFIX}/actions.${backend._name}`, action);
  }

  private problems(): string[] {
    if (this.rules.length === 0) return [`${this.reference}: has no rule, so that every request is answered 404; call addRule()`];
    return this.rules
      .map((rule) => rule.backend._problem(this.namespace, this.instanceTargets))
      .filter((problem): problem is string => problem !== undefined)
      .map((problem) => `${this.reference}: ${problem}`);
  }
}
