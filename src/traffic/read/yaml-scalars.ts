import type { ScalarTag } from 'yaml';

const TRUE = /^(?:y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(?:n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0[bB][01_]+|0[oO]?[0-7_]*|0[xX][0-9a-fA-F_]+|[1-9][0-9_]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;

function integer(text: string): number {
  const plain = text.replace(/_/g, '');
  const digits = plain.replace(/^[-+]/, '');
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return plain.startsWith('-') && value !== 0 ? -value : value;
}

/**
 * How kubectl reads plain scalars: YAML 1.1 as Go's library understands it. `yes`, `no`, `on`, `off`, `y` and `n` are
 * booleans, `0755` and `0o755` are octal, `1_000` is a number; `22:22` and dates are text.
 */
export const KUBECTL_SCALARS: ScalarTag[] = [
  { tag: 'tag:yaml.org,2002:null', default: true, test: /^(?:~|null|Null|NULL)?$/, resolve: () => null },
  { tag: 'tag:yaml.org,2002:bool', default: true, test: TRUE, resolve: () => true },
  { tag: 'tag:yaml.org,2002:bool', default: true, test: FALSE, resolve: () => false },
  { tag: 'tag:yaml.org,2002:int', default: true, test: INTEGER, resolve: integer },
  { tag: 'tag:yaml.org,2002:float', default: true, test: FLOAT, resolve: (text) => Number(text.replace(/_/g, '')) },
  { tag: 'tag:yaml.org,2002:float', default: true, test: /^\.(?:nan|NaN|NAN)$/, resolve: () => NaN },
  { tag: 'tag:yaml.org,2002:float', default: true, test: /^[-+]?\.(?:inf|Inf|INF)$/, resolve: (text) => (text.startsWith('-') ? -Infinity : Infinity) },
];
