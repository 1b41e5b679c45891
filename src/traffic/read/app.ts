import { ApiObject, App } from 'cdk8s';
import { openLists, readManifests } from './elements';
import { InputError } from './input-error';
import { ReadObject } from './objects';

/** The objects of an app as it would write them, each with the path of its construct. */
export function readApp(app: App, defaultNamespace?: string): ReadObject[] {
  const objects = app.node.findAll().filter((construct): construct is ApiObject => construct instanceof ApiObject);
  return readManifests(objects.flatMap((object) => {
    const constructPath = object.node.path;
    // An object that cannot be rendered says so itself, with its path.
    return openLists(object.toJson(), () => ({ constructPath }), (what) => { throw new InputError(`${constructPath} ${what}`); });
  }), defaultNamespace);
}
