import { ReadObject } from '../../read/objects';

/** The class of an object as Contour reads it: annotations before the field. */
export function classOf(object: ReadObject): string {
  return object.annotations['projectcontour.io/ingress.class'] ?? object.annotations['kubernetes.io/ingress.class'] ?? object.spec.ingressClassName ?? '';
}

/** Whether a Contour that is set to some classes takes an object; set to none, it takes what has no class, and `contour`. */
export function takes(object: ReadObject, classNames: readonly string[] | undefined): boolean {
  const name = classOf(object);
  return classNames && classNames.length > 0 ? classNames.includes(name) : name === '' || name === 'contour';
}
