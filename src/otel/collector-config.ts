import { Exporter } from './exporter';
import { Receiver } from './receiver';
import { Signal } from './signal';

/** The port and path that say whether a collector is alive and ready. */
export const HEALTH_PORT = 13133;

/** The collector's configuration, or what is wrong with its parts. */
export function collectorConfig(receivers: Receiver[], exporters: Exporter[], signals: Signal[] | undefined): { config?: any; problem?: string } {
  for (const [what, parts] of [['receiver', receivers], ['exporter', exporters]] as const) {
    if (parts.length === 0) return { problem: `a pipeline needs ${what === 'exporter' ? 'an exporter' : 'a receiver'}, got none; add one to \`${what}s\`` };
    const ids = new Set<string>();
    for (const { componentId } of parts) {
      if (ids.has(componentId)) return { problem: `${what} ${componentId} is given twice; name one of them type/name` };
      ids.add(componentId);
    }
  }

  const pipelines: Record<string, any> = {};
  const inUse = new Set<Receiver | Exporter>();
  for (const signal of signals ?? Object.values(Signal)) {
    const [from, to] = [receivers.filter((each) => each.signals.includes(signal)), exporters.filter((each) => each.signals.includes(signal))];
    if (from.length === 0 || to.length === 0) {
      if (signals) return { problem: `the pipeline for ${signal} has no ${from.length === 0 ? 'receiver' : 'exporter'}; add one, or leave ${signal} out of \`signals\`` };
      continue;
    }
    for (const part of [...from, ...to]) inUse.add(part);
    pipelines[signal] = {
      receivers: from.map((each) => each.componentId),
      processors: ['memory_limiter', 'batch'],
      exporters: to.map((each) => each.componentId),
    };
  }
  for (const [what, other, parts] of [['receiver', 'exporter', receivers], ['exporter', 'receiver', exporters]] as const) {
    const idle = parts.find((part) => !inUse.has(part));
    if (idle) return { problem: `${what} ${idle.componentId} is in no pipeline: no ${other} has one of its signals (${idle.signals.join(', ')})` };
  }

  return {
    config: {
      extensions: { health_check: { endpoint: `0.0.0.0:${HEALTH_PORT}` } },
      receivers: byId(receivers),
      processors: {
        memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 25 },
        batch: {},
      },
      exporters: byId(exporters),
      service: { extensions: ['health_check'], pipelines },
    },
  };
}

function byId(parts: (Receiver | Exporter)[]): Record<string, any> {
  return Object.fromEntries(parts.map((part) => [part.componentId, part.config ?? {}]));
}
