import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/*
 * Compiles the TypeScript in docs/ and in the examples' READMEs: each fenced block that is marked ts is a module of its own.
 * The README's and the doc comments' are compiled by jsii-rosetta.
 */

const CONFIG = 'test/tsconfig.json';

const snippets = new Map<string, { file: string; text: string }>();
for (const file of markdownFiles()) {
  for (const { line, text } of blocksOf(fs.readFileSync(file, 'utf8'))) {
    // Empty lines in front make a position in the snippet the position in the page.
    snippets.set(path.resolve(`${file}.${line}.ts`), { file, text: `${'\n'.repeat(line)}${text}` });
  }
}

const parsed = ts.parseJsonConfigFileContent(ts.readConfigFile(CONFIG, ts.sys.readFile).config, ts.sys, path.dirname(CONFIG));
const options: ts.CompilerOptions = {
  ...parsed.options,
  strict: true,
  noEmit: true,
  isolatedModules: false,
  noUnusedLocals: false,
  moduleDetection: ts.ModuleDetectionKind.Force,
};
const host = ts.createCompilerHost(options);
const { fileExists, readFile, getSourceFile } = host;
host.fileExists = (name) => snippets.has(path.resolve(name)) || fileExists(name);
host.readFile = (name) => snippets.get(path.resolve(name))?.text ?? readFile(name);
host.getSourceFile = (name, languageVersion, ...rest) => {
  const snippet = snippets.get(path.resolve(name));
  return snippet ? ts.createSourceFile(name, snippet.text, languageVersion, true) : getSourceFile(name, languageVersion, ...rest);
};

const program = ts.createProgram([...snippets.keys()], options, host);
const problems: string[] = [];
for (const [name, { file }] of snippets) {
  const source = program.getSourceFile(name)!;
  for (const diagnostic of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
    const { line, character } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
    problems.push(`${file}:${line + 1}:${character + 1}: TS${diagnostic.code}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n  ')}`);
  }
}

for (const problem of problems) console.error(problem);
console.log(`${snippets.size} snippets of docs/ and examples/, ${problems.length} problems`);
if (problems.length > 0) process.exitCode = 1;

function markdownFiles(): string[] {
  const below = (folder: string) => !fs.existsSync(folder) ? [] : fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => path.join(folder, file));
  return [...below('docs'), ...below('examples')].sort();
}

/** The blocks that are marked ts or typescript, with the number of lines before their first. */
function* blocksOf(markdown: string): Generator<{ line: number; text: string }> {
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^(\s*)(`{3,})(?:ts|typescript)\s*$/.exec(lines[at]);
    if (!fence) continue;
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence[2]);
    if (end < 0) throw new Error(`a block that is opened in line ${at + 1} is not closed`);
    yield { line: at + 1, text: lines.slice(at + 1, end).join('\n') };
    at = end;
  }
}
