/** Reads a SUT file: YAML with positions, the schema, the defaults, the rules between entries. */
import { readFileSync } from "node:fs";
import {
  type Document,
  LineCounter,
  type ParsedNode,
  isMap,
  isNode,
  isPair,
  isScalar,
  parseDocument,
  visit,
} from "yaml";
import { completeSutFile } from "./sut-file-defaults.ts";
import { SutFileError, type SutFileProblem } from "./sut-file-error.ts";
import { type Path, type UnplacedProblem, problemsOf } from "./sut-file-issues.ts";
import { contradictionsIn } from "./sut-file-rules.ts";
import { sutFileSchema } from "./sut-file-schema.ts";
import type { SutFile } from "./sut-file.ts";
import { MAX_YAML_DEPTH, tooDeepAt } from "./yaml-nesting.ts";

/** A megabyte of YAML describes some thousands of users; more is a mistake. */
const MAXIMUM_BYTES = 1_048_576;

interface Source {
  readonly file: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** Throws {@link SutFileError} with all problems; errors of the file system are its problem too. */
export function readSutFile(path: string): SutFile {
  return readSutFileText(textOf(path), path);
}

/** As {@link readSutFile}, of a text; `file` is the name that errors tell. */
export function readSutFileText(text: string, file = "SUT file"): SutFile {
  const source = parsed(text, file);
  const content = contentOf(source);
  const result = sutFileSchema.safeParse(content ?? {});
  if (!result.success)
    throw errorOf(
      source,
      result.error.issues.flatMap((issue) => problemsOf(issue, content)),
    );
  const sut = completeSutFile(result.data);
  const problems = contradictionsIn(sut, (at) => source.document.hasIn(at));
  if (problems.length > 0) throw errorOf(source, problems);
  return sut;
}

function textOf(path: string): string {
  const problem = (came: string, advice: string): SutFileError =>
    new SutFileError(path, [
      { code: "syntax", line: 1, column: 1, path: "", expected: "a SUT file", came, advice },
    ]);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw problem(reason, "Name a file that can be read; `scrim init` writes one.");
  }
  if (bytes.length > MAXIMUM_BYTES)
    throw problem(`${bytes.length} bytes`, "A SUT file is at most a megabyte long.");
  return bytes.toString("utf8");
}

function refuseDepth(text: string, file: string): void {
  const at = tooDeepAt(text);
  if (at === undefined) return;
  throw new SutFileError(file, [
    {
      code: "syntax",
      line: text.slice(0, at).split(/\r\n?|\n/u).length,
      column: 1,
      path: "",
      expected: `at most ${MAX_YAML_DEPTH} collections within each other`,
      came: "more",
      advice: "A SUT file nests a handful: close what was opened.",
    },
  ]);
}

function parsed(text: string, file: string): Source {
  refuseDepth(text, file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (document.errors.length === 0) return { file, document, lines };
  const problems = document.errors.map((error): SutFileProblem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      code: "syntax",
      line,
      column: col,
      path: "",
      expected: "YAML",
      came: `an error: ${error.message}`,
      advice: "Mind the indentation, and quote texts with colons.",
    };
  });
  throw new SutFileError(file, problems);
}

/** Throws on an alias that leads nowhere, and on aliases that would expand without end. */
function contentOf({ file, document, lines }: Source): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const { line, col } = lines.linePos(firstAlias(document));
    const advice = "Write the entry out in place of the alias.";
    throw new SutFileError(file, [
      {
        code: "syntax",
        line,
        column: col,
        path: "",
        expected: "YAML",
        came: `an error: ${error.message}`,
        advice,
      },
    ]);
  }
}

function firstAlias(document: Document.Parsed): number {
  let offset = 0;
  visit(document, {
    Alias: (_, alias) => {
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

function errorOf(source: Source, problems: readonly UnplacedProblem[]): SutFileError {
  const placed = problems.map((problem) => place(source, problem));
  return new SutFileError(
    source.file,
    placed.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

function place(source: Source, { at, atKey, ...problem }: UnplacedProblem): SutFileProblem {
  const { line, col } = source.lines.linePos(offsetOf(source.document, at, atKey ?? false));
  return { ...problem, line, column: col, path: written(at) };
}

/** Where an entry stands; of one that is missing, where the entry is that it belongs to. */
function offsetOf(document: Document.Parsed, at: Path, atKey: boolean): number {
  const value: unknown = atKey ? undefined : document.getIn(at, true);
  if (isNode(value) && value.range) return value.range[0];
  return keyOffset(document, at) ?? (at.length === 0 ? 0 : offsetOf(document, at.slice(0, -1), true));
}

function keyOffset(document: Document.Parsed, at: Path): number | undefined {
  const parent: unknown = at.length <= 1 ? document.contents : document.getIn(at.slice(0, -1), true);
  const name = at.at(-1);
  if (!isMap<ParsedNode>(parent)) return undefined;
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
  return pair?.key.range?.[0];
}

function written(at: Path): string {
  return at.reduce<string>(
    (path, key) =>
      typeof key === "number" ? `${path}[${key}]` : path === "" ? String(key) : `${path}.${String(key)}`,
    "",
  );
}
