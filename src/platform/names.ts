import { IConstruct } from 'constructs';

/** The syntax that a kind asks of its names. */
export enum NameSyntax {
  /** Lower-case letters, digits, `-` and `.`, at most 253 characters (RFC 1123 subdomain). */
  SUBDOMAIN = 'subdomain',
  /** Lower-case letters, digits and `-`, at most 63 characters (RFC 1123 label). */
  LABEL = 'label',
  /** As a label, and beginning with a letter (RFC 1035 label), as Services demand. */
  SERVICE = 'service',
}

const SYNTAX: Record<NameSyntax, { pattern: RegExp; length: number; words: string }> = {
  [NameSyntax.SUBDOMAIN]: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    length: 253,
    words: 'lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
  },
  [NameSyntax.LABEL]: {
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    length: 63,
    words: 'lower-case letters, digits and "-", beginning and ending with a letter or digit',
  },
  [NameSyntax.SERVICE]: {
    pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    length: 63,
    words: 'lower-case letters, digits and "-", beginning with a letter and ending with a letter or digit',
  },
};

/** Says what is wrong with a name, or undefined if nothing is. */
export function nameProblem(name: string, syntax: NameSyntax): string | undefined {
  const rule = SYNTAX[syntax];
  if (name === '') return 'name must not be empty';
  if (name.length > rule.length) return `name must have at most ${rule.length} characters, got ${name.length} ("${name}")`;
  if (!rule.pattern.test(name)) return `name must be ${rule.words}, got "${name}"`;
  return undefined;
}

/** The name that an object takes from its construct's id: `DaprIngress` becomes `dapr-ingress`. No hash is added. */
export function nameFromId(id: string): string {
  return id
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

const taken = new WeakMap<IConstruct, Map<string, string>>();

/**
 * Notes that an object with this identity exists in the app, and throws if another one has it already:
 * the second would overwrite the first when both are applied.
 */
export function claimIdentity(construct: IConstruct, identity: string, reference: string): void {
  const root = construct.node.root;
  let names = taken.get(root);
  if (!names) taken.set(root, names = new Map());
  const other = names.get(identity);
  if (other !== undefined) {
    throw new Error(`${reference}: ${construct.node.path} and ${other} are the same object; give one of them another \`name\` or \`namespace\``);
  }
  names.set(identity, construct.node.path);
}

/** Whether a text is a DNS host name, with an optional `*.` in front. */
export function isHostName(host: string): boolean {
  return host.length <= 253 && /^(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/.test(host);
}
