import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Outcome, TrafficModel, TrafficRequest } from '../../../src';
import { manifestFiles, objectsIn } from '../../../tasks/examples';

/** What an example writes. */
export interface WrittenExample {
  readonly objects: any[];
  /** The folder of what it writes beside the manifests. */
  readonly files: string;
}

/** Synthesizes an example as `cdk8s synth` does, without a process of its own. */
export function writtenExample(name: string): WrittenExample {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), `${name}-traffic-`));
  afterAll(() => fs.rmSync(scratch, { recursive: true }));
  const output = path.join(scratch, 'dist');
  process.env.CDK8S_OUTDIR = output;
  jest.requireActual(`../../../examples/${name}/main`);
  delete process.env.CDK8S_OUTDIR;
  return { objects: manifestFiles(output).flatMap((file) => objectsIn(path.join(output, file))), files: `${output}.files` };
}

/** A change to some of the objects, to see that the traffic depends on them. */
export function changed(objects: any[], kind: string, change: (object: any) => void): any[] {
  const found = objects.filter((object) => object.kind === kind);
  expect([kind, found.length > 0]).toEqual([kind, true]);
  return objects.map((object) => {
    if (object.kind !== kind) return object;
    const copy = structuredClone(object);
    change(copy);
    return copy;
  });
}

/** What becomes of a request, a line for each share: `70% DaprApp/web/shop:8080 GET http://shop.example.com/cart`. */
export function answers(objects: any[], request: TrafficRequest): string[] {
  return TrafficModel.fromObjects(objects).trace(request).outcomes.map((outcome) => {
    const share = outcome.share === 1 ? '' : `${Number((outcome.share * 100).toFixed(2))}% `;
    return `${share}${answer(outcome)}`;
  });
}

function answer({ kind, status, location, destination, request }: Outcome): string {
  if (destination && request) {
    const { namespace, name, port } = destination;
    return `${destination.kind}/${namespace}/${name}:${port} ${request.method} ${request.scheme}://${request.host}${request.path}`;
  }
  return [`${kind}`, status, location].filter((each) => each !== undefined).join(' ');
}
