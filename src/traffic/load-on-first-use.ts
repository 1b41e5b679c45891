/*
 * The model, its systems and the libraries that read YAML and regular expressions are loaded when the first model is made,
 * so that importing the package costs next to nothing.
 */

/** The model itself. */
export function core(): typeof import('./model') {
  return require('./model');
}

/** What reads files. */
export function fileReader(): typeof import('./read/files') {
  return require('./read/files');
}

/** What reads cdk8s apps. */
export function appReader(): typeof import('./read/app') {
  return require('./read/app');
}
