/**
 * Where in a line of JSON something stands. `JSON.parse` does the reading; this scanner runs only once that or the schema has failed, to say
 * at which character.
 */
export type JsonPath = readonly (string | number)[];

export class JsonSyntaxError extends Error {
  /** Offset in characters; the length of the text where it ends too early. */
  readonly offset: number;
  constructor(offset: number) {
    super(`not JSON at ${offset}`);
    this.name = "JsonSyntaxError";
    this.offset = offset;
  }
}

const MAX_DEPTH = 64;

/** Offset of the first character that is not JSON; undefined when the text is JSON. The length of the text: it ends too early. */
export function jsonErrorOffset(text: string): number | undefined {
  try {
    scan(text, () => undefined);
    return undefined;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return error.offset;
    throw error;
  }
}

/** Offset of the value at `path`, or of the nearest value around it. */
export function jsonValueOffset(text: string, path: JsonPath): number {
  let best = { depth: -1, offset: 0 };
  const see = (at: JsonPath, offset: number): void => {
    if (at.length > best.depth && at.every((key, index) => key === path[index]))
      best = { depth: at.length, offset };
  };
  try {
    scan(text, see);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return best.offset;
}

type See = (path: JsonPath, offset: number) => void;

const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORDS = ["true", "false", "null"];

function scan(text: string, see: See): void {
  const end = skip(text, SPACE, scanValue(text, skip(text, SPACE, 0), [], see));
  if (end < text.length) throw new JsonSyntaxError(end);
}

function scanValue(text: string, at: number, path: JsonPath, see: See): number {
  if (path.length > MAX_DEPTH) throw new JsonSyntaxError(at);
  see(path, at);
  const first = text[at];
  if (first === "{") return scanMembers(text, at, "}", path, see);
  if (first === "[") return scanMembers(text, at, "]", path, see);
  if (first === '"') return scanString(text, at);
  for (const word of WORDS) {
    if (text.startsWith(word, at)) return at + word.length;
    if (at < text.length && word.startsWith(text.slice(at))) throw new JsonSyntaxError(text.length);
  }
  return scanNumber(text, at);
}

/** A number that the end of the text cuts. */
const CUT_NUMBER = /-?(?:[0-9]+(?:\.|(?:\.[0-9]+)?[eE][+-]?))?$/y;

function scanNumber(text: string, at: number): number {
  if (skip(text, CUT_NUMBER, at) === text.length) throw new JsonSyntaxError(text.length);
  const end = skip(text, NUMBER, at);
  if (end > at) return end;
  throw new JsonSyntaxError(at);
}

function scanMembers(text: string, open: number, close: "}" | "]", path: JsonPath, see: See): number {
  let at = skip(text, SPACE, open + 1);
  if (text[at] === close) return at + 1;
  for (let index = 0; ; index += 1) {
    let key: string | number = index;
    if (close === "}") {
      const keyEnd = scanString(text, at);
      key = String(JSON.parse(text.slice(at, keyEnd)));
      at = skip(text, SPACE, keyEnd);
      if (text[at] !== ":") throw new JsonSyntaxError(at);
      at = skip(text, SPACE, at + 1);
    }
    at = skip(text, SPACE, scanValue(text, at, [...path, key], see));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new JsonSyntaxError(at);
    at = skip(text, SPACE, at + 1);
  }
}

/** Reads by hand: a pattern with a repeated group would fail on a string of megabytes. */
function scanString(text: string, open: number): number {
  if (text[open] !== '"') throw new JsonSyntaxError(Math.min(open, text.length));
  let at = open + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) throw new JsonSyntaxError(at);
    at = code === 0x5c ? scanEscape(text, at) : at + 1;
  }
  throw new JsonSyntaxError(text.length);
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
/** An escape that the end of the text cuts. */
const CUT_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/y;

function scanEscape(text: string, at: number): number {
  const end = skip(text, ESCAPE, at);
  if (end > at) return end;
  throw new JsonSyntaxError(skip(text, CUT_ESCAPE, at));
}

function skip(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
