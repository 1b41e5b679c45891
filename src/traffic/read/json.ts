import { DEEPEST, SourceDocument, SyntaxFault } from './document';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BLANK = /[ \t\n\r]*/y;

/** Reads JSON documents that follow each other, with the lines of their objects. No key may be there twice, as for the API server. */
export function readJson(text: string): SourceDocument[] {
  return new JsonReader(text).documents();
}

class JsonReader {
  private readonly lines = new WeakMap<object, number>();
  private at = 0;
  private line = 1;
  private newline: number;

  public constructor(private readonly text: string) {
    this.newline = text.indexOf('\n');
  }

  public documents(): SourceDocument[] {
    const documents: SourceDocument[] = [];
    for (this.skip(); this.at < this.text.length; this.skip()) {
      const line = this.lineHere();
      const value = this.value(0);
      documents.push({ value, lineOf: (path) => this.lineOf(value, path, line) });
    }
    return documents;
  }

  private lineOf(value: any, path: readonly (string | number)[], line: number): number {
    let found = line;
    let current = value;
    for (const step of path) {
      current = current?.[step];
      if (typeof current !== 'object' || current === null) break;
      found = this.lines.get(current) ?? found;
    }
    return found;
  }

  private value(depth: number): any {
    if (depth > DEEPEST) this.fail(`is nested deeper than ${DEEPEST} levels`);
    switch (this.text[this.at]) {
      case '{': return this.object(depth);
      case '[': return this.array(depth);
      case '"': return this.string();
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case 'n': return this.word('null', null);
      default: {
        const digits = this.match(NUMBER);
        return digits === undefined ? this.fail(this.at >= this.text.length ? 'is no JSON: it ends too early' : 'is no JSON: a value is expected') : Number(digits);
      }
    }
  }

  private object(depth: number): any {
    const line = this.lineHere();
    const entries = new Map<string, any>();
    this.at++;
    this.skip();
    while (this.text[this.at] !== '}') {
      if (entries.size > 0) this.expect(',');
      if (this.text[this.at] !== '"') this.fail('is no JSON: a key in double quotes is expected');
      const keyLine = this.lineHere();
      const key = this.string();
      if (entries.has(key)) throw new SyntaxFault(`key ${JSON.stringify(key.slice(0, 60))} is there twice`, keyLine);
      this.skip();
      this.expect(':');
      entries.set(key, this.value(depth + 1));
      this.skip();
    }
    this.at++;
    const value = Object.fromEntries(entries);
    this.lines.set(value, line);
    return value;
  }

  private array(depth: number): any[] {
    const line = this.lineHere();
    const value: any[] = [];
    this.at++;
    this.skip();
    while (this.text[this.at] !== ']') {
      if (value.length > 0) this.expect(',');
      value.push(this.value(depth + 1));
      this.skip();
    }
    this.at++;
    this.lines.set(value, line);
    return value;
  }

  private string(): string {
    const start = this.at;
    let escaped = false;
    for (this.at++; ; this.at++) {
      const code = this.text.charCodeAt(this.at);
      if (code === QUOTE) break;
      // NaN is the end; characters below U+0020 must be escaped.
      if (!(code >= 0x20)) return this.fail('is no JSON: a text does not end on its line');
      if (code === BACKSLASH) {
        escaped = true;
        this.at++;
      }
    }
    this.at++;
    if (!escaped) return this.text.slice(start + 1, this.at - 1);
    try {
      return JSON.parse(this.text.slice(start, this.at));
    } catch {
      return this.fail('is no JSON: invalid escape in a text');
    }
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('is no JSON: a value is expected');
    this.at += word.length;
    return value;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) this.fail(`is no JSON: ${character} is expected${this.at >= this.text.length ? ', but it ends' : ''}`);
    this.at++;
    this.skip();
  }

  private skip(): void {
    this.match(BLANK);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private lineHere(): number {
    for (; this.newline >= 0 && this.newline < this.at; this.newline = this.text.indexOf('\n', this.newline + 1)) this.line++;
    return this.line;
  }

  private fail(what: string): never {
    throw new SyntaxFault(what, this.lineHere());
  }
}
