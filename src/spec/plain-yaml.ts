/**
 * The part of YAML that Scrim's own data files use: block mappings and sequences by indentation, flow collections, plain and double-quoted
 * scalars, comments. Reads them about twenty times as fast as a whole YAML parser, which a command that only lists something notices.
 * What lies outside that part is an error, never a guess. A SUT file, which others write, is read with the whole of YAML.
 */
export type PlainValue = string | number | boolean | null | readonly PlainValue[] | PlainMapping;

export interface PlainMapping {
  readonly [key: string]: PlainValue;
}

export class PlainYamlError extends Error {
  readonly code = "plain-yaml";
  /** Both from 1. */
  readonly line: number;
  readonly column: number;

  constructor(line: number, column: number, message: string) {
    super(`${line}:${column}: ${message}`);
    this.name = "PlainYamlError";
    this.line = line;
    this.column = column;
  }
}

interface Line {
  readonly number: number;
  readonly indent: number;
  readonly text: string;
}

interface Reading {
  readonly lines: Line[];
  at: number;
  /** Of the collections that are being read. */
  depth: number;
}

/** Collections within each other. Data of Scrim's has a handful. */
export const MAX_DEPTH = 64;

const KEY = /^(?:"((?:[^"\\]|\\.)*)"|([A-Za-z0-9_][\w.-]*)):(?: +(.*))?$/;
const NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;
/** What YAML would take as a number, a truth or nothing, written in a way that a reader might not. */
const DOUBTFUL =
  /^(?:[-+]?(?:0\d+|\.\d+|\d+\.|\d+(?:\.\d*)?e[-+]?\d+|\.inf)|\+[\d.]+|0x[\da-f]+|0o[0-7]+|\.nan|true|false|null)$/i;

/** Throws {@link PlainYamlError}. An empty text is `null`. */
export function readPlainYaml(text: string): PlainValue {
  const reading: Reading = { lines: linesOf(text), at: 0, depth: 0 };
  const first = reading.lines[0];
  if (first === undefined) return null;
  const value = readBlock(reading, first.indent);
  const rest = reading.lines[reading.at];
  if (rest !== undefined)
    throw errorAt(rest, "expected the end of the block: the line is indented less than what it belongs to");
  return value;
}

function linesOf(text: string): Line[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const content = raw.trimStart();
    if (content === "" || content.startsWith("#")) return [];
    const indent = raw.length - content.length;
    if (raw.slice(0, indent).includes("\t"))
      throw new PlainYamlError(index + 1, 1, "expected spaces before the text, came a tab");
    return [{ number: index + 1, indent, text: content.trimEnd() }];
  });
}

function readBlock(reading: Reading, indent: number): PlainValue {
  const line = reading.lines[reading.at];
  if (line === undefined) return null;
  if (isEntry(line.text)) return nested(reading, line, () => readSequence(reading, indent));
  if (KEY.test(line.text)) return nested(reading, line, () => readMapping(reading, indent));
  reading.at += 1;
  return readInline(reading, line, 0);
}

function nested(reading: Reading, line: Line, read: () => PlainValue): PlainValue {
  reading.depth += 1;
  if (reading.depth > MAX_DEPTH)
    throw errorAt(line, `expected at most ${MAX_DEPTH} collections within each other`);
  const value = read();
  reading.depth -= 1;
  return value;
}

function isEntry(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

function readSequence(reading: Reading, indent: number): PlainValue {
  const values: PlainValue[] = [];
  for (;;) {
    const line = reading.lines[reading.at];
    if (line === undefined || line.indent < indent) return values;
    if (line.indent > indent || !isEntry(line.text))
      throw errorAt(line, `expected "- " in column ${indent + 1}`);
    const rest = line.text.slice(1).trimStart();
    if (rest === "") throw errorAt(line, "expected a value after the dash");
    // What follows the dash is a block of its own, indented as far as it stands.
    const within = indent + line.text.length - rest.length;
    reading.lines[reading.at] = { number: line.number, indent: within, text: rest };
    values.push(readBlock(reading, within));
  }
}

function readMapping(reading: Reading, indent: number): PlainValue {
  const mapping: Record<string, PlainValue> = {};
  for (;;) {
    const line = reading.lines[reading.at];
    if (line === undefined || line.indent < indent) return mapping;
    const found = line.indent === indent ? KEY.exec(line.text) : null;
    if (found === null) throw errorAt(line, `expected "key: value" in column ${indent + 1}`);
    const key = found[1] === undefined ? (found[2] ?? "") : unquote(found[1], line, 0);
    if (Object.hasOwn(mapping, key)) throw errorAt(line, `expected each key once, came a second ${key}`);
    reading.at += 1;
    mapping[key] = readValue(reading, line, indent, found[3]);
  }
}

function readValue(reading: Reading, line: Line, indent: number, rest: string | undefined): PlainValue {
  if (rest !== undefined && !rest.startsWith("#"))
    return readInline(reading, line, line.text.length - rest.length);
  const next = reading.lines[reading.at];
  if (next === undefined || next.indent <= indent) return null;
  return readBlock(reading, next.indent);
}

/** A scalar or a flow collection, from `offset` of `line` on; a flow collection may go over several lines. */
function readInline(reading: Reading, line: Line, offset: number): PlainValue {
  const start = line.text[offset];
  if (start !== "{" && start !== "[") return readScalar(line, offset);
  const flow = new FlowReader(reading, line, offset);
  const value = flow.value();
  flow.end();
  return value;
}

function readScalar(line: Line, offset: number): PlainValue {
  const text = line.text.slice(offset);
  if (text.startsWith('"')) {
    const quoted = /^"((?:[^"\\]|\\.)*)"(?:\s+#.*)?$/.exec(text);
    if (quoted === null) throw errorAt(line, "expected one quoted text on the line", offset);
    return unquote(quoted[1] ?? "", line, offset);
  }
  return plainScalar(text.replace(/\s+#.*$/, ""), line, offset);
}

function plainScalar(text: string, line: Line, offset: number): string | number | boolean | null {
  if (/^[&*!|>%@`'{}[\],]/.test(text) || /: /.test(text) || text.endsWith(":"))
    throw errorAt(line, `expected a plain text or one in double quotes, came ${text}`, offset);
  if (text === "true") return true;
  if (text === "false") return false;
  if (text === "null" || text === "~" || text === "") return null;
  if (DOUBTFUL.test(text))
    throw errorAt(line, `expected ${text} in double quotes, or written as a plain number or word`, offset);
  return NUMBER.test(text) ? Number(text) : text;
}

function unquote(text: string, line: Line, offset: number): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    throw errorAt(line, "expected only the escapes of JSON within quotes", offset);
  }
}

class FlowReader {
  readonly #reading: Reading;
  #line: Line;
  #at: number;

  constructor(reading: Reading, line: Line, at: number) {
    this.#reading = reading;
    this.#line = line;
    this.#at = at;
  }

  value(): PlainValue {
    const start = this.#peek();
    if (start === "{") return nested(this.#reading, this.#line, () => this.#mapping());
    if (start === "[") return nested(this.#reading, this.#line, () => this.#sequence());
    return this.#scalar();
  }

  /** Nothing but a comment may follow. */
  end(): void {
    const rest = this.#line.text.slice(this.#at).trim();
    if (rest !== "" && !rest.startsWith("#"))
      throw errorAt(this.#line, "expected the end of the line", this.#at);
  }

  #mapping(): PlainValue {
    const mapping: Record<string, PlainValue> = {};
    this.#at += 1;
    while (this.#peek() !== "}") {
      const key = this.#key();
      if (this.#peek() !== ":") throw errorAt(this.#line, 'expected ":" after the key', this.#at);
      this.#at += 1;
      mapping[key] = this.value();
      this.#separator("}");
    }
    this.#at += 1;
    return mapping;
  }

  #key(): string {
    this.#peek();
    const start = this.#at;
    const key = this.#scalar();
    if (typeof key !== "string") throw errorAt(this.#line, "expected a key that is a text", start);
    return key;
  }

  #sequence(): PlainValue {
    const values: PlainValue[] = [];
    this.#at += 1;
    while (this.#peek() !== "]") {
      values.push(this.value());
      this.#separator("]");
    }
    this.#at += 1;
    return values;
  }

  #separator(end: string): void {
    const next = this.#peek();
    if (next === ",") this.#at += 1;
    else if (next !== end) throw errorAt(this.#line, `expected "," or "${end}"`, this.#at);
  }

  #scalar(): string | number | boolean | null {
    const text = this.#line.text.slice(this.#at);
    const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(text);
    const taken = quoted ?? /^[^,{}[\]"]*?(?=\s*(?:[,{}[\]]|:(?:\s|$)|$))/.exec(text);
    const whole = taken?.[0] ?? "";
    if (whole === "") throw errorAt(this.#line, "expected a value", this.#at);
    const value =
      quoted === null
        ? plainScalar(whole, this.#line, this.#at)
        : unquote(quoted[1] ?? "", this.#line, this.#at);
    this.#at += whole.length;
    return value;
  }

  /** The next character that is no blank, on this line or the next ones. */
  #peek(): string {
    for (;;) {
      while (this.#line.text[this.#at] === " ") this.#at += 1;
      const next = this.#line.text[this.#at];
      if (next !== undefined && next !== "#") return next;
      const line = this.#reading.lines[this.#reading.at];
      if (line === undefined)
        throw errorAt(this.#line, "expected the end of the collection before the end of the file", this.#at);
      this.#reading.at += 1;
      this.#line = line;
      this.#at = 0;
    }
  }
}

function errorAt(line: Line, message: string, offset = 0): PlainYamlError {
  return new PlainYamlError(line.number, line.indent + offset + 1, message);
}
