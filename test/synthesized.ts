import { App, Chart, ChartProps, Testing } from 'cdk8s';

/** A chart to put constructs into; namespace `web` unless told. */
export function chart(props: ChartProps = { namespace: 'web' }, id = 'test'): Chart {
  return new Chart(Testing.app(), id, props);
}

/** What one chart, or all charts of an app, would write: `cdk8s synth` without the files. */
export function synthesized(scope: Chart | App): any[] {
  if (scope instanceof Chart) return Testing.synth(scope);
  return scope.charts.flatMap((each) => Testing.synth(each));
}

/** The one object of a kind (and name, where there are several). */
export function only(objects: any[], kind: string, name?: string): any {
  const found = objects.filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  if (found.length !== 1) {
    const all = objects.map((object) => `${object.kind}/${object.metadata.namespace ?? ''}/${object.metadata.name}`).join(', ');
    throw new Error(`expected one ${kind}${name ? ` ${name}` : ''}, found ${found.length} among ${all}`);
  }
  return found[0];
}
