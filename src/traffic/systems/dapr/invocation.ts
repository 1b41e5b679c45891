import { Request } from '../../network/request';

/** Whom a request to daprd is for. */
export interface Invocation {
  /** `app`, `app.namespace`, the name of an HTTPEndpoint, or an `http(s)://` URL. */
  readonly target: string;
  /** The method, without a leading slash and not yet normalised. */
  readonly method: string;
  /** How the target was named. */
  readonly by: 'header' | 'authorization' | 'path';
}

/** Finds the target as daprd does: header, then basic authorization, then path; undefined where nobody is named. */
export function invocationOf(request: Request): Invocation | undefined {
  const path = decodePath(request.path);
  const header = request.header('dapr-app-id');
  if (header) return { target: header, method: cleanPath(path).replace(/^\//, ''), by: 'header' };
  const basic = /^Basic (.+)$/.exec(request.header('authorization') ?? '');
  if (basic) {
    const credentials = decodeBase64(basic[1]);
    if (credentials?.startsWith('dapr-app-id:')) {
      return { target: credentials.slice('dapr-app-id:'.length), method: cleanPath(path).replace(/^\//, ''), by: 'authorization' };
    }
  }
  const rest = /^\/+v1\.0\/+invoke\/+(.*)$/s.exec(path)?.[1];
  const split = rest?.indexOf('/method/') ?? -1;
  if (rest === undefined || split <= 0) return undefined;
  const target = rest.slice(0, split);
  return { target: unescape(target) || target, method: rest.slice(split + '/method/'.length), by: 'path' };
}

/** The method as the callee gets it; undefined where daprd refuses it. */
export function normalMethod(method: string): string | undefined {
  if (/[#?]/.test(method) || [...method].some((character) => character < ' ' || character === '\u007f')) return undefined;
  const clean = cleanPath(method);
  return (clean === '.' ? '' : clean).replace(/^(\.\.\/)+/, '').replace(/^\//, '');
}

/** Resolves `.` and `..`, and merges slashes, as Go's path.Clean does. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop();
    else if (part !== '..' || !rooted) kept.push(part);
  }
  const text = kept.join('/');
  return rooted ? `/${text}` : text || '.';
}

function decodePath(path: string): string {
  return unescape(path) ?? path;
}

function unescape(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}
