/** A path as Istio's proxies match it: dot segments are resolved, needless escapes undone, slashes stay as many as they are. */
export function resolvedPath(path: string): string {
  if (!/[\\%]|\/\.{1,2}(\/|$)/.test(path)) return path;
  const decoded = path.replace(/\\/g, '/').replace(/%([2-7][0-9a-f])/gi, (whole, hex) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : whole;
  });
  const kept: string[] = [];
  const parts = decoded.split('/').slice(1);
  parts.forEach((part, i) => {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
    if (i === parts.length - 1 && (part === '.' || part === '..')) kept.push('');
  });
  return `/${kept.join('/')}`;
}
