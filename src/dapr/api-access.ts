import type { ConfigurationSpecApi } from '../../imports/dapr.io';

/** The parts of a sidecar's own API. */
export enum DaprApi {
  /** Calling other applications. */
  INVOKE = 'invoke',
  /** State stores. */
  STATE = 'state',
  /** Publishing messages. */
  PUBLISH = 'publish',
  /** Subscribing to messages over a stream; gRPC only. */
  SUBSCRIBE = 'subscribe',
  /** Output bindings. */
  BINDINGS = 'bindings',
  /** Secret stores. */
  SECRETS = 'secrets',
  /** Actors. */
  ACTORS = 'actors',
  /** What the sidecar knows about itself. */
  METADATA = 'metadata',
  /** Configuration stores. */
  CONFIGURATION = 'configuration',
  /** Taking a distributed lock. */
  LOCK = 'lock',
  /** Giving a distributed lock back. */
  UNLOCK = 'unlock',
  /** Encryption. */
  CRYPTO = 'crypto',
  /** Low-level encryption. */
  SUBTLE_CRYPTO = 'subtlecrypto',
  /** Workflows. */
  WORKFLOWS = 'workflows',
  /** Jobs. */
  JOBS = 'jobs',
  /** Stopping the sidecar. */
  SHUTDOWN = 'shutdown',
  /** Conversations with language models. */
  CONVERSATION = 'conversation',
}

interface Rule { readonly name: string; readonly version: string; readonly protocol: string }

const STABLE = ['v1'];
const ALPHA = ['v1alpha1'];
const STABLE_AND_ALPHA = ['v1', 'v1alpha1'];

/*
 * The versions under which daprd registers each part. A gRPC rule that it does not know is dropped, and a list with no
 * known rule left opens everything, so nothing else is ever written. Every part has a gRPC version, and the one without
 * an HTTP route gets an HTTP rule that matches nothing, so that each list closes both protocols.
 */
const VERSIONS: Record<DaprApi, { http: string[]; grpc: string[] }> = {
  [DaprApi.INVOKE]: { http: STABLE, grpc: STABLE },
  [DaprApi.STATE]: { http: STABLE_AND_ALPHA, grpc: STABLE_AND_ALPHA },
  [DaprApi.PUBLISH]: { http: STABLE_AND_ALPHA, grpc: STABLE_AND_ALPHA },
  [DaprApi.SUBSCRIBE]: { http: ALPHA, grpc: ALPHA },
  [DaprApi.BINDINGS]: { http: STABLE, grpc: STABLE },
  [DaprApi.SECRETS]: { http: STABLE, grpc: STABLE },
  [DaprApi.ACTORS]: { http: STABLE, grpc: STABLE_AND_ALPHA },
  [DaprApi.METADATA]: { http: STABLE, grpc: STABLE },
  [DaprApi.CONFIGURATION]: { http: STABLE_AND_ALPHA, grpc: STABLE_AND_ALPHA },
  [DaprApi.LOCK]: { http: ALPHA, grpc: ALPHA },
  [DaprApi.UNLOCK]: { http: ALPHA, grpc: ALPHA },
  [DaprApi.CRYPTO]: { http: ALPHA, grpc: ALPHA },
  [DaprApi.SUBTLE_CRYPTO]: { http: ALPHA, grpc: ALPHA },
  [DaprApi.WORKFLOWS]: { http: ['v1', 'v1beta1', 'v1alpha1'], grpc: ['v1beta1', 'v1alpha1'] },
  [DaprApi.JOBS]: { http: STABLE_AND_ALPHA, grpc: STABLE_AND_ALPHA },
  [DaprApi.SHUTDOWN]: { http: STABLE, grpc: STABLE },
  [DaprApi.CONVERSATION]: { http: ['v1alpha1', 'v1alpha2'], grpc: ['v1alpha1', 'v1alpha2'] },
};

/**
 * Which parts of its own API a sidecar answers, over HTTP and gRPC alike. Health checks are always answered.
 *
 * @see https://docs.dapr.io/operations/configuration/api-allowlist/
 */
export class ApiAccess {
  /** Calling other applications and nothing else: what a sidecar that outsiders reach may do. */
  public static invokeOnly(): ApiAccess {
    return ApiAccess.allow(DaprApi.INVOKE);
  }

  /**
   * These parts and nothing else.
   * @throws if none is named
   */
  public static allow(...apis: DaprApi[]): ApiAccess {
    return new ApiAccess({ allowed: rules('allow', apis) });
  }

  /**
   * Everything but these parts.
   * @throws if none is named
   */
  public static deny(...apis: DaprApi[]): ApiAccess {
    return new ApiAccess({ denied: rules('deny', apis) });
  }

  private constructor(private readonly spec: ConfigurationSpecApi) {}

  /** @internal */
  public _spec(): ConfigurationSpecApi {
    return this.spec;
  }
}

function rules(factory: string, apis: DaprApi[]): Rule[] {
  if (apis.length === 0) throw new Error(`ApiAccess.${factory}: name at least one part of the API; Dapr takes an empty list for "everything"`);
  return [...new Set(apis)].flatMap((name) => {
    const versions = VERSIONS[name];
    if (!versions) throw new Error(`ApiAccess.${factory}: unknown part "${name}"; known are ${Object.keys(VERSIONS).join(', ')}`);
    return [
      ...versions.http.map((version) => ({ name, version, protocol: 'http' })),
      ...versions.grpc.map((version) => ({ name, version, protocol: 'grpc' })),
    ];
  });
}
