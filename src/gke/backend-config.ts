import { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { BackendCdn, renderCdn } from './backend-cdn';
import { googleNameProblem } from './google-names';
import { ImportedObject } from './imported';
import type { BackendConfigSpec } from '../../imports/cloud.google.com';
import { generated } from '../platform/load-on-first-use';
import { nameProblem, NameSyntax } from '../platform/names';
import { portProblem } from '../platform/ports';
import { IResource, Resource, ResourceProps } from '../platform/resource';

/** What a health check speaks. */
export enum HealthCheckType {
  /** Plain HTTP. */
  HTTP = 'HTTP',
  /** HTTP over TLS. */
  HTTPS = 'HTTPS',
  /** HTTP/2 over TLS. */
  HTTP2 = 'HTTP2',
}

/** How a load balancer of Google Cloud finds out whether a backend can serve. */
export interface BackendHealthCheck {
  /**
   * The port that is asked, of the pods with network endpoint groups.
   * @default - the port that serves
   */
  readonly port?: number;
  /**
   * The path, which has to answer 200.
   * @default '/'
   */
  readonly path?: string;
  /**
   * What the check speaks. It is always said: left out it would be what the traffic speaks, on a port that may not.
   * @default HealthCheckType.HTTP
   */
  readonly type?: HealthCheckType;
  /**
   * The time between two checks, at least `timeout`.
   * @default - 15 seconds with network endpoint groups, 60 without
   */
  readonly interval?: Duration;
  /**
   * How long an answer may take.
   * @default - 15 seconds with network endpoint groups, 60 without
   */
  readonly timeout?: Duration;
  /**
   * Good answers until a backend is used again.
   * @default - 1
   */
  readonly healthyThreshold?: number;
  /**
   * Bad answers until a backend is left out.
   * @default - 2 with network endpoint groups, 10 without
   */
  readonly unhealthyThreshold?: number;
}

/** Which requests go to the same backend. */
export enum SessionAffinity {
  /** Any backend will do. */
  NONE = 'NONE',
  /** Those of one address. */
  CLIENT_IP = 'CLIENT_IP',
  /** Those with a cookie that the load balancer gives. */
  GENERATED_COOKIE = 'GENERATED_COOKIE',
}

/** Properties of a BackendConfig. */
export interface BackendConfigProps extends ResourceProps {
  /**
   * How the load balancer finds out whether a backend can serve.
   * @default - from the pods' readiness probe, where it is on the port that serves; otherwise GET / has to answer 200
   */
  readonly healthCheck?: BackendHealthCheck;
  /**
   * How long a request may take, streams of gRPC and web sockets included.
   * @default - 30 seconds, as Google has it
   */
  readonly timeout?: Duration;
  /**
   * How long a backend that goes away still serves its running requests, at most an hour.
   * @default - not at all
   */
  readonly drainingTimeout?: Duration;
  /**
   * The name of a Cloud Armor policy that every request has to pass; for external Ingresses.
   * @default - none
   */
  readonly securityPolicy?: string;
  /**
   * Which requests go to the same backend.
   * @default SessionAffinity.NONE
   */
  readonly sessionAffinity?: SessionAffinity;
  /**
   * How long the cookie of SessionAffinity.GENERATED_COOKIE is good for, at most a day.
   * @default - until the browser closes
   */
  readonly affinityCookieTtl?: Duration;
  /**
   * Headers that requests get, by name; values may hold variables such as `{client_region}`.
   * @default - none
   */
  readonly requestHeaders?: { [name: string]: string };
  /**
   * Headers that responses get, by name.
   * @default - none
   */
  readonly responseHeaders?: { [name: string]: string };
  /**
   * The share of requests that is logged, 0 to 1; 0 turns the log off.
   * @default - as Google has it
   */
  readonly logSampleRate?: number;
  /**
   * The Secret with `client_id` and `client_secret` of the OAuth client by which Identity-Aware Proxy asks who a user is.
   * @default - nobody is asked
   */
  readonly identityAwareProxySecret?: string;
  /**
   * What Cloud CDN keeps. Not together with Identity-Aware Proxy.
   * @default - nothing
   */
  readonly cdn?: BackendCdn;
}

/** Settings of a backend, made here or elsewhere. */
export interface IBackendConfig extends IResource {}

/**
 * How a load balancer of a GKE Ingress treats the backends of a Service. Services of its namespace refer to it.
 *
 * @see https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration
 */
export class BackendConfig extends Resource implements IBackendConfig {
  /** A BackendConfig of the chart's namespace that exists already. */
  public static fromBackendConfigName(scope: Construct, id: string, backendConfigName: string): IBackendConfig {
    return new ImportedObject(scope, id, 'BackendConfig', backendConfigName);
  }

  private readonly props: BackendConfigProps;
  private timeout?: () => Duration;

  /** @throws if a value is out of Google's limits, or does not go with another. */
  constructor(scope: Construct, id: string, props: BackendConfigProps) {
    super(scope, id, { apiVersion: 'cloud.google.com/v1', kind: 'BackendConfig' }, props);
    this.props = props;
    this.checkHealthCheck(props.healthCheck);
    this.checkAffinity();
    const { timeout, drainingTimeout, logSampleRate } = props;
    if (timeout && timeout.toSeconds() < 1) this._fail(`timeout must be at least 1 second, got ${timeout.toSeconds()}`);
    if (drainingTimeout && drainingTimeout.toSeconds() > 3600) {
      this._fail(`drainingTimeout must be at most 3600 seconds, got ${drainingTimeout.toSeconds()}`);
    }
    if (logSampleRate !== undefined && !(logSampleRate >= 0 && logSampleRate <= 1)) {
      this._fail(`logSampleRate must be from 0 to 1, got ${logSampleRate}`);
    }
    const { securityPolicy, identityAwareProxySecret } = props;
    const policyProblem = securityPolicy === undefined ? undefined : googleNameProblem(securityPolicy);
    if (policyProblem) this._fail(`securityPolicy: ${policyProblem}`);
    const secretProblem = identityAwareProxySecret === undefined ? undefined : nameProblem(identityAwareProxySecret, NameSyntax.SUBDOMAIN);
    if (secretProblem) this._fail(`identityAwareProxySecret: ${secretProblem}`);
    if (identityAwareProxySecret !== undefined && props.cdn !== undefined) {
      this._fail('cdn and identityAwareProxySecret exclude each other: what is kept would be served to everybody');
    }
    for (const name of Object.keys({ ...props.requestHeaders, ...props.responseHeaders })) {
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) this._fail(`header name must be one of HTTP, got "${name}"`);
    }
  }

  /**
   * A timeout that is known at synthesis, for where none was given.
   * @internal
   */
  public _defaultTimeout(produce: () => Duration): void {
    this.timeout = produce;
  }

  /** @internal */
  public _render(): { [field: string]: unknown } {
    const { props } = this;
    const check = props.healthCheck;
    const spec: BackendConfigSpec = {
      timeoutSec: (props.timeout ?? this.timeout?.())?.toSeconds(),
      connectionDraining: props.drainingTimeout && { drainingTimeoutSec: props.drainingTimeout.toSeconds() },
      securityPolicy: props.securityPolicy === undefined ? undefined : { name: props.securityPolicy },
      healthCheck: check && {
        type: check.type ?? HealthCheckType.HTTP,
        port: check.port,
        requestPath: check.path ?? '/',
        checkIntervalSec: check.interval?.toSeconds(),
        timeoutSec: check.timeout?.toSeconds(),
        healthyThreshold: check.healthyThreshold,
        unhealthyThreshold: check.unhealthyThreshold,
      },
      sessionAffinity: props.sessionAffinity && { affinityType: props.sessionAffinity, affinityCookieTtlSec: props.affinityCookieTtl?.toSeconds() },
      customRequestHeaders: headers(props.requestHeaders),
      customResponseHeaders: headers(props.responseHeaders),
      logging: props.logSampleRate === undefined ? undefined : { enable: props.logSampleRate > 0, sampleRate: props.logSampleRate || undefined },
      iap: props.identityAwareProxySecret === undefined
        ? undefined
        : { enabled: true, oauthclientCredentials: { secretName: props.identityAwareProxySecret } },
      cdn: props.cdn && renderCdn(props.cdn),
    };
    return { spec: generated.gkeCloud.toJson_BackendConfigSpec(spec) };
  }

  private checkHealthCheck(check: BackendHealthCheck = {}): void {
    const problem = check.port === undefined ? undefined : portProblem(check.port, 'health check port');
    if (problem) this._fail(problem);
    if (check.path !== undefined && !check.path.startsWith('/')) this._fail(`health check path must begin with "/", got "${check.path}"`);
    const [interval, timeout] = [check.interval?.toSeconds() ?? 15, check.timeout?.toSeconds() ?? 15];
    if (timeout > interval) this._fail(`health check timeout must not be longer than the interval, got ${timeout} s and ${interval} s`);
    for (const key of ['healthyThreshold', 'unhealthyThreshold'] as const) {
      const value = check[key];
      if (value !== undefined && (!Number.isInteger(value) || value < 1 || value > 10)) this._fail(`health check ${key} must be from 1 to 10, got ${value}`);
    }
  }

  private checkAffinity(): void {
    const ttl = this.props.affinityCookieTtl?.toSeconds();
    if (ttl === undefined) return;
    if (this.props.sessionAffinity !== SessionAffinity.GENERATED_COOKIE) this._fail('affinityCookieTtl goes with SessionAffinity.GENERATED_COOKIE');
    if (ttl > 86400) this._fail(`affinityCookieTtl must be at most 86400 seconds, got ${ttl}`);
  }
}

function headers(map: { [name: string]: string } | undefined): { headers: string[] } | undefined {
  return map && { headers: Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}:${value}`) };
}
