import { GcePathType } from './gce-path-type';

/** Says what is wrong with a path, or undefined if nothing is. */
export function gcePathProblem(path: string, type: GcePathType): string | undefined {
  if (!path.startsWith('/')) return `path must begin with "/", got "${path}"`;
  if (/[\\[\]()^$+?#|{}]/.test(path)) return `path is no regular expression and holds no query, got "${path}"`;
  if (type !== GcePathType.PATTERN && path.includes('*')) return `"*" goes with GcePathType.PATTERN only, got "${path}"`;
  if (path.includes('*') && !/^[^*]*\/\*$/.test(path)) return `"*" stands at the end after "/" only, got "${path}"`;
  return undefined;
}

/** The paths of the URL map that a path becomes: the longest one wins, whatever its type. */
export function urlMapPaths(path: string, type: GcePathType): string[] {
  if (type !== GcePathType.PREFIX) return [path];
  if (path === '/') return ['/*'];
  const bare = path.replace(/\/+$/, '');
  return [bare, `${bare}/*`];
}
