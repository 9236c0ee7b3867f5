/** The attributes of a file that is to be transferred (RFC 5547 6). */
import { attributeError } from "./error.ts";

export interface FileSelector {
  /** Percent-encoding undone. */
  readonly name?: string;
  /** Octets. */
  readonly size?: number;
  /** As sent, with parameters. */
  readonly type?: string;
  readonly hashes: readonly FileHash[];
}

export interface FileHash {
  /** In lower case. */
  readonly algorithm: string;
  /** Bytes in upper-case hexadecimal, with colons between them. */
  readonly value: string;
}

const CLAUSE = "RFC 5547 6 file-selector-attr";

const SELECTORS = {
  name: /name:"([^"%\r\n\0]|%[0-9A-Fa-f]{2})+"/y,
  size: /size:[0-9]+/y,
  type: /type:[!#-'*+\-.0-9A-Z^-~]+\/[!#-'*+\-.0-9A-Z^-~]+(?:;[!#-'*+\-.0-9A-Z^-~]+="(?:[^"%\r\n\0]|%[0-9A-Fa-f]{2})*")*/y,
  hash: /hash:[!#-'*+\-.0-9A-Z^-~]+:[0-9A-F]{2}(?::[0-9A-F]{2})*/y,
} as const;

type SelectorName = keyof typeof SELECTORS;
const NAMES: readonly SelectorName[] = ["name", "size", "type", "hash"];

/** `file-selector-attr = "file-selector" [":" selector *(SP selector)]`. @throws SdpParseError (`attribute-syntax`) */
export function parseFileSelector(text: string): FileSelector {
  const found: { name?: string; size?: number; type?: string; hashes: FileHash[] } = { hashes: [] };
  for (let at = 0; at < text.length; at += 1) {
    const [kind, value] = selectorAt(text, at);
    if (kind !== "hash" && found[kind] !== undefined)
      throw attributeError(text, at, "RFC 5547 6", `one ${kind} selector`);
    if (kind === "name") found.name = unescaped(value.slice(1, -1));
    else if (kind === "size") found.size = Number(value);
    else if (kind === "type") found.type = value;
    else found.hashes.push(hashOf(value));
    at += kind.length + 1 + value.length;
    if (at < text.length && text[at] !== " ")
      throw attributeError(text, at, CLAUSE, "a space between selectors");
    if (at === text.length - 1) throw attributeError(text, at, CLAUSE, "no space at the end");
  }
  return found;
}

function selectorAt(text: string, at: number): [SelectorName, string] {
  for (const name of NAMES) {
    const reader = SELECTORS[name];
    reader.lastIndex = at;
    const match = reader.exec(text)?.[0];
    if (match !== undefined) return [name, match.slice(name.length + 1)];
  }
  throw attributeError(text, at, CLAUSE, 'name:"…", size:…, type:… or hash:…');
}

function hashOf(text: string): FileHash {
  const colon = text.indexOf(":");
  return { algorithm: text.slice(0, colon).toLowerCase(), value: text.slice(colon + 1) };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function formatFileSelector(selector: FileSelector): string {
  const name = selector.name?.replace(/["%\r\n\0]/g, encodeURIComponent);
  return [
    ...(name === undefined ? [] : [`name:"${name}"`]),
    ...(selector.type === undefined ? [] : [`type:${selector.type}`]),
    ...(selector.size === undefined ? [] : [`size:${selector.size}`]),
    ...selector.hashes.map(({ algorithm, value }) => `hash:${algorithm}:${value}`),
  ].join(" ");
}

export interface FileRange {
  /** The first octet is 1. */
  readonly start: number;
  readonly stop: number | "*";
}

/** `file-range-attr = "file-range:" start-offset "-" stop-offset`. @throws SdpParseError (`attribute-syntax`) */
export function parseFileRange(text: string): FileRange {
  const found = /^([1-9][0-9]*)-([1-9][0-9]*|\*)$/.exec(text);
  if (found === null)
    throw attributeError(text, 0, "RFC 5547 6 file-range-attr", "start-stop, such as 1-32349 or 1-*");
  return { start: Number(found[1]), stop: found[2] === "*" ? "*" : Number(found[2]) };
}
