/* How the AWS Load Balancer Controller spells lists and maps in annotations: "a,b" and "k=v,k2=v2". */

/** Throws with the owner's reference: a Resource's `_fail`, or that of a part which names itself. */
export type Fail = (problem: string) => never;

/** `a,b`; undefined for an empty list, which the controller would take for a value. */
export function listValue(what: string, items: string[] | undefined, fail: Fail): string | undefined {
  if (items === undefined) return undefined;
  if (items.length === 0) fail(`${what}: an empty list says nothing; leave it out`);
  for (const item of items) {
    if (item.trim() === '' || item.includes(',')) fail(`${what}: a value must be non-empty and free of commas, got "${item}"`);
  }
  return items.join(',');
}

/** `k=v,k2=v2` with the keys in order. */
export function mapValue(what: string, map: { [key: string]: string } | undefined, fail: Fail): string | undefined {
  const entries = Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  for (const [key, value] of entries) {
    if (key === '' || /[,=]/.test(key) || value.includes(',')) fail(`${what}: keys are free of "," and "=", values of ",", got "${key}=${value}"`);
  }
  return entries.map(([key, value]) => `${key}=${value}`).join(',');
}

/** Refuses a number that AWS refuses. */
export function checkRange(what: string, value: number | undefined, lowest: number, highest: number, fail: Fail): void {
  if (value !== undefined && (!Number.isInteger(value) || value < lowest || value > highest)) {
    fail(`${what} must be a whole number from ${lowest} to ${highest}, got ${value}`);
  }
}

/** Says what is wrong with a CIDR block, or undefined if nothing is. */
export function cidrProblem(cidr: string): string | undefined {
  const [address, length, ...rest] = cidr.split('/');
  const octets = address.split('.');
  const v4 = octets.length === 4 && octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255);
  const v6 = address.includes(':') && /^[0-9a-f:.]+$/i.test(address);
  if (rest.length === 0 && /^\d+$/.test(length ?? '') && (v4 || v6) && Number(length) <= (v4 ? 32 : 128)) return undefined;
  return `a CIDR block is written as 10.0.0.0/8 or 2001:db8::/32, got "${cidr}"`;
}

/** The annotations that have a value, under their prefix. */
export function annotationsOf(prefix: string, values: { [key: string]: string | undefined }): { [key: string]: string } {
  return Object.fromEntries(Object.entries(values)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([key, value]) => [`${prefix}/${key}`, value]));
}
