import { Duration } from 'cdk8s';

/** A duration as Istio writes it: `10s`, `1500ms`. */
export function durationText(duration: Duration): string;
export function durationText(duration: Duration | undefined): string | undefined;
export function durationText(duration: Duration | undefined): string | undefined {
  if (duration === undefined) return undefined;
  const milliseconds = duration.toMilliseconds();
  return milliseconds % 1000 === 0 ? `${milliseconds / 1000}s` : `${milliseconds}ms`;
}
