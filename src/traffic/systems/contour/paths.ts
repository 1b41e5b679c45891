/** What Envoy makes of a path before it matches: dot segments resolved, runs of slashes merged, `%2F` left alone. */
export function normalPath(path: string): string {
  // Only what needs no escape is unescaped; the rest stays as it is, down to the case of its digits.
  const decoded = path.replace(/%([2-7][0-9a-f])/gi, (whole, hex) => {
    const character = String.fromCharCode(parseInt(hex, 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : whole;
  });
  const segments: string[] = [];
  const parts = decoded.split('/').slice(1);
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === '.') {
      if (last) segments.push('');
    } else if (part === '..') {
      segments.pop();
      if (last) segments.push('');
    } else {
      segments.push(part);
    }
  });
  return `/${segments.join('/')}`.replace(/\/{2,}/g, '/');
}
