/** Says what is wrong with the name of a resource of Google Cloud, or undefined if nothing is. */
export function googleNameProblem(name: string): string | undefined {
  if (/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) return undefined;
  return `a name in Google Cloud is at most 63 lower-case letters, digits and "-", beginning with a letter, got "${name}"`;
}

/** Whether a text is an IP address. */
export function isIpAddress(text: string): boolean {
  const octets = text.split('.');
  if (octets.length === 4) return octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) <= 255);
  return /^[0-9a-f:]{2,39}$/i.test(text) && (text.match(/:/g) ?? []).length >= 2 && !/:::/.test(text);
}
