import { Duration } from 'cdk8s';
import { IResource } from '../platform/resource';

/* Generated enums are only types here: loading them would load all of the generated code, and their values are the wire's own words. */

/** A word of the wire under the generated enum that lists it. */
export function wire<T>(word: string): T {
  return word as unknown as T;
}

/** A duration as App Mesh writes it: whole seconds where it can, milliseconds where it must. */
export function wireDuration<U>(duration: Duration): { unit: U; value: number } {
  const milliseconds = duration.toMilliseconds();
  return milliseconds % 1000 === 0
    ? { unit: wire<U>('s'), value: milliseconds / 1000 }
    : { unit: wire<U>('ms'), value: milliseconds };
}

/** A reference from one object to another; App Mesh takes a missing namespace for the referring object's own. */
export function wireReference(from: IResource, to: IResource): { name: string; namespace?: string } {
  return to.namespace === undefined || to.namespace === from.namespace ? { name: to.name } : { name: to.name, namespace: to.namespace };
}
