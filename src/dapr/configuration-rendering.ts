import { AccessControlList } from './access-control-list';
import type { ConfigurationOptions } from './configuration';
import type { ConfigurationSpec } from '../../imports/dapr.io';
import { generated } from '../platform/load-on-first-use';

/** The spec of a Configuration, for the object and for the file of a self-hosted sidecar alike. */
export function renderConfiguration(options: ConfigurationOptions, accessControl?: AccessControlList): Record<string, unknown> {
  const { metrics, apiLogging } = options;
  const spec: ConfigurationSpec = {
    tracing: options.tracing?._spec(),
    api: options.api?._spec(),
    metrics: metrics && {
      enabled: metrics.enabled ?? true,
      recordErrorCodes: metrics.recordErrorCodes,
      http: metrics.increasedCardinality === undefined && metrics.pathMatching === undefined ? undefined : {
        increasedCardinality: metrics.increasedCardinality,
        pathMatching: metrics.pathMatching,
      },
    },
    logging: apiLogging && {
      apiLogging: {
        enabled: apiLogging.enabled ?? true,
        obfuscateUrLs: apiLogging.obfuscateUrls,
        omitHealthChecks: apiLogging.omitHealthChecks,
      },
    },
    accessControl: accessControl?.spec(),
  };
  return generated.dapr.toJson_ConfigurationSpec(spec)!;
}
