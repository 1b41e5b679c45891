import { isHostName } from '../platform/names';

/** Says what is wrong with a host of a Gateway or VirtualService, or undefined if nothing is. */
export function hostProblem(host: string): string | undefined {
  if (host === '') return 'a host must not be empty';
  if (host === '*' || isHostName(host)) return undefined;
  return `a host is a DNS name in lower case, such as "shop.example.com" or "*.example.com", or "*", got "${host}"`;
}

/** Whether two hosts have names in common; `*.example.com` covers any depth, and not `example.com`. */
export function hostsOverlap(a: string, b: string): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

function covers(pattern: string, host: string): boolean {
  return pattern === '*' || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)));
}
