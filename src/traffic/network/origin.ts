/** Where in the manifests something stands: explanations, findings and drawings point home by it. */
export interface Origin {
  /** `Kind/namespace/name`. */
  readonly object: string;
  /** JSON path in the object, such as `spec.routes[0]`; empty for the object as a whole. */
  readonly at: string;
}

export function origin(object: string, at = ''): Origin {
  return { object, at };
}

/** The same object, further in. */
export function within(parent: Origin, at: string): Origin {
  return { object: parent.object, at: parent.at === '' ? at : at.startsWith('[') ? parent.at + at : `${parent.at}.${at}` };
}
