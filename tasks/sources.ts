import { parse } from 'yaml';
import { Crd, crdFromCatalog, crdsOf } from './crds';

/** Where the releases are pinned. */
export const SOURCES = 'imports/sources.yaml';

/** A project whose CRDs are imported. */
export interface Source {
  readonly name: string;
  readonly release: string;
  /** Files of CRDs; `{release}` stands for the release. */
  readonly urls?: string[];
  /** A file of JSON Schema a kind, with `{group}`, `{kind}` and `{version}`; the kinds then name their version. */
  readonly catalog?: string;
  /** The kinds of each API group. */
  readonly kinds: Record<string, string[]>;
}

/** The text of the sources with other releases; its comments stay. */
export function raised(text: string, raises: string[]): string {
  for (const raise of raises) {
    const [name, release] = raise.split('@');
    const entry = new RegExp(`(- name: ${name}\\n(?:\\s+#.*\\n)*\\s+release: )\\S+`);
    if (!entry.test(text)) throw new Error(`${SOURCES}: has no source "${name}"; it has ${parse(text).sources.map((source: Source) => source.name).join(', ')}`);
    text = text.replace(entry, `$1${release}`);
  }
  return text;
}

/** The CRDs of every source, each kind that it names once. */
export async function download(sources: Source[]): Promise<Crd[]> {
  const crds: Crd[] = [];
  for (const source of sources) {
    if (source.catalog) {
      for (const [group, kinds] of Object.entries(source.kinds)) {
        for (const [kind, version] of kinds.map((entry) => entry.split('/'))) {
          const url = filled(source.catalog, { release: source.release, group, kind: kind.toLowerCase(), version });
          crds.push(crdFromCatalog(await fetchText(url, source), url, group, kind, version));
        }
      }
      continue;
    }
    const found: Crd[] = [];
    for (const template of source.urls ?? []) {
      const url = filled(template, { release: source.release });
      found.push(...crdsOf(await fetchText(url, source), url));
    }
    for (const [group, kinds] of Object.entries(source.kinds)) {
      for (const kind of kinds) {
        const crd = found.find((each) => each.spec.group === group && each.spec.names.kind === kind);
        if (!crd) throw new Error(`${source.name} ${source.release}: has no ${kind} of ${group} any more; take it out of ${SOURCES}, or name the file that holds it`);
        crds.push(crd);
      }
    }
  }
  return crds;
}

function filled(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

async function fetchText(url: string, source: Source): Promise<string> {
  const remedy = `is "${source.release}" a release of ${source.name}, and is there a network? Without one: npx projen import FOLDER`;
  let response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(`${url}: download failed: ${(error as any).cause?.message ?? (error as Error).message}; ${remedy}`);
  }
  if (!response.ok) throw new Error(`${url}: download failed: ${response.status} ${response.statusText}; ${remedy}`);
  return response.text();
}
