import { Alias, Composer, Document, isAlias, isMap, isScalar, isSeq, LineCounter, Node, Pair, Parser, Scalar, YAMLMap } from 'yaml';
import { DEEPEST, SourceDocument, SyntaxFault } from './document';
import { KUBECTL_SCALARS } from './yaml-scalars';

/** A single YAML document is held in memory many times over; JSON is not. */
const LARGEST = 24 * 1024 * 1024;
const TOO_DEEP = `is nested deeper than ${DEEPEST} levels`;
/** What aliases may expand to. */
const MOST_VALUES = 2_000_000;

/** Reads the documents of a YAML text one after the other, as kubectl does. */
export function* readYaml(text: string): Generator<SourceDocument> {
  refuseLargeDocuments(text);
  const lines = new LineCounter();
  const parser = new Parser(lines.addNewLine);
  const composer = new Composer({ schema: 'failsafe', customTags: KUBECTL_SCALARS, merge: false, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const lineAt = (offset: number) => lines.linePos(offset).line;
  try {
    for (const document of composer.compose(parser.parse(text))) {
      const [error] = document.errors;
      if (error) throw new SyntaxFault(faultText(error.code, error.message, text), lineAt(error.pos[0]));
      const value = new Values(lineAt).of(document.contents as Node | null);
      yield { value, lineOf: (path) => lineAt(offsetOf(document, path)) };
    }
  } catch (error) {
    if (error instanceof RangeError) throw new SyntaxFault(TOO_DEEP, 1);
    throw error;
  }
}

function refuseLargeDocuments(text: string): void {
  if (text.length <= LARGEST) return;
  let start = 0;
  const check = (end: number) => {
    if (end - start > LARGEST) {
      throw new SyntaxFault(`holds a YAML document of more than ${LARGEST / 1024 / 1024} MiB: write it as JSON (kubectl get -o json), or as several documents`, lineIn(text, start));
    }
    start = end;
  };
  for (const match of text.matchAll(/^---/gm)) check(match.index);
  check(text.length);
}

function lineIn(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

// The parser's messages may quote the text, which may be a Secret's.
function faultText(code: string, message: string, text: string): string {
  if (message.includes('call stack')) return TOO_DEEP;
  const plain = code === 'UNEXPECTED_TOKEN' ? message.split(':')[0] : code === 'BAD_DQ_ESCAPE' ? 'Invalid escape sequence in double quotes' : message;
  return `is no YAML: ${plain}${templateHint(text)}`;
}

function templateHint(text: string): string {
  return text.includes('{{') ? '; it looks like a template: render it first, as with `helm template`' : '';
}

function offsetOf(document: Document, path: readonly (string | number)[]): number {
  let node: any = document.contents;
  let offset = node?.range?.[0] ?? document.range?.[0] ?? 0;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    const next: any = isMap(node) || isSeq(node) ? node.get(step, true) : undefined;
    if (!next?.range) break;
    node = next;
    offset = node.range[0];
  }
  return offset;
}

/** Turns nodes into values: aliases once, merge keys, keys as text, no key twice. */
class Values {
  private readonly anchors = new Map<string, { value: any; size: number; open: boolean }>();

  public constructor(private readonly lineAt: (offset: number) => number) {}

  public of(node: Node | null): any {
    return node === null ? undefined : this.read(node, 0).value;
  }

  private read(node: Node, depth: number): { value: any; size: number } {
    if (depth > DEEPEST) this.fail(node, TOO_DEEP);
    if (isAlias(node)) return this.alias(node);
    const name = (node as Scalar).anchor;
    const anchor = name === undefined ? undefined : { value: undefined as any, size: 1, open: true };
    if (anchor) this.anchors.set(name!, anchor);
    const found = isMap(node) ? this.map(node, depth) : isSeq(node) ? this.sequence(node.items as Node[], depth) : { value: (node as Scalar).value, size: 1 };
    if (anchor) Object.assign(anchor, found, { open: false });
    return found;
  }

  private alias(node: Alias): { value: any; size: number } {
    const anchor = this.anchors.get(node.source);
    if (!anchor) this.fail(node, `alias *${node.source} has no anchor before it`);
    if (anchor!.open) this.fail(node, `alias *${node.source} stands inside what it means`);
    return anchor!;
  }

  private sequence(items: readonly Node[], depth: number): { value: any[]; size: number } {
    let size = 1;
    const value = items.map((item) => {
      const found = this.read(item, depth + 1);
      size = this.grown(size + found.size, item);
      return found.value;
    });
    return { value, size };
  }

  private map(node: YAMLMap, depth: number): { value: any; size: number } {
    const own = new Map<string, any>();
    const merges: { node: Node; value: any }[] = [];
    let size = 1;
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = this.key(pair.key, node);
      const found = pair.value === null ? { value: null, size: 1 } : this.read(pair.value, depth + 1);
      size = this.grown(size + found.size, pair.key);
      if (key === '<<' && isPlain(pair.key)) {
        merges.push({ node: pair.value ?? pair.key, value: found.value });
      } else {
        if (own.has(key)) this.fail(pair.key, `key ${shorten(key)} is there twice`);
        own.set(key, found.value);
      }
    }
    for (const merge of merges) this.merge(own, merge.node, merge.value);
    return { value: Object.fromEntries(own), size };
  }

  private grown(size: number, node: Node): number {
    if (size > MOST_VALUES) this.fail(node, `grows to more than ${MOST_VALUES} values by its aliases`);
    return size;
  }

  // What stands in the map itself, or was merged before, stays.
  private merge(into: Map<string, any>, node: Node, value: any): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) this.fail(node, 'the merge key << takes a map or a list of maps');
      for (const [key, each] of Object.entries(source)) if (!into.has(key)) into.set(key, each);
    }
  }

  private key(node: Node, map: YAMLMap): string {
    let key: any = node;
    if (isAlias(node)) key = this.alias(node).value;
    else if (isScalar(node)) key = this.read(node, 0).value;
    if (key === null || key === undefined) return this.fail(node ?? map, 'a key is empty');
    if (typeof key === 'object') return this.fail(node, `a key must be text, not a ${isSeq(node) ? 'list' : 'map'}; it looks like a template: render it first, as with \`helm template\``);
    return String(key);
  }

  private fail(node: Node, what: string): never {
    throw new SyntaxFault(what, this.lineAt(node.range?.[0] ?? 0));
  }
}

function isPlain(node: Node): boolean {
  return isScalar(node) && (node.type === undefined || node.type === 'PLAIN');
}

function shorten(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
}
