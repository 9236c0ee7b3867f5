/**
 * Classes of characters of RFC 3261 25.1 as a table, and scanning by them. Reading is what Scrim does most: a scan by table costs a
 * fraction of a regular expression, and it is linear by its form.
 */

/** `token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )` */
export const TOKEN = 1;
/** `DIGIT` */
export const DIGIT = 2;
/** `hostname`, `IPv4address`: letters, digits, dots and hyphens */
export const HOST = 4;
/** Within brackets of an `IPv6reference` */
export const IPV6 = 8;
/** Within angle brackets: printable, no space, no angle bracket */
export const ENCLOSED_URI = 16;
/** Of an `addr-spec` without angle brackets: none of what ends it (20.10) */
export const BARE_URI = 32;
/** `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` */
export const SCHEME = 64;
/** `qdtext` without the quote and the backslash, as far as ASCII goes */
export const QDTEXT = 128;
/** `user = 1*( unreserved / escaped / user-unreserved )`, less the escapes */
export const USER = 256;
/** `paramchar = param-unreserved / unreserved / escaped`, less the escapes */
export const PARAMCHAR = 512;
/** `alphanum` */
export const ALPHANUM = 1024;
/** Printable, without space */
export const VISIBLE = 2048;

const ALPHANUMS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const UNRESERVED = `${ALPHANUMS}-_.!~*'()`;

const CLASSES: readonly (readonly [number, string])[] = [
  [TOKEN, `${ALPHANUMS}-.!%*_+\`'~`],
  [DIGIT, "0123456789"],
  [HOST, `${ALPHANUMS}.-`],
  [IPV6, "0123456789ABCDEFabcdef:."],
  [ENCLOSED_URI, visibleBut("<>")],
  [BARE_URI, visibleBut('"<>,;?')],
  [SCHEME, `${ALPHANUMS}+-.`],
  [QDTEXT, `\t ${visibleBut('"\\')}`],
  [USER, `${UNRESERVED}&=+$,;?/`],
  [PARAMCHAR, `${UNRESERVED}[]/:&+$`],
  [ALPHANUM, ALPHANUMS],
  [VISIBLE, visibleBut("")],
];

function visibleBut(excluded: string): string {
  const codes = Array.from({ length: 0x7f - 0x21 }, (_, index) => 0x21 + index);
  return codes
    .map((code) => String.fromCharCode(code))
    .filter((character) => !excluded.includes(character))
    .join("");
}

/** By character code; beyond ASCII nothing is in a class. */
const TABLE = new Uint16Array(128);
for (const [mask, characters] of CLASSES) {
  for (const character of characters) {
    const code = character.charCodeAt(0);
    TABLE[code] = (TABLE[code] ?? 0) | mask;
  }
}

export function isIn(mask: number, code: number): boolean {
  return code < 128 && ((TABLE[code] ?? 0) & mask) !== 0;
}

/** The index of the first character from `start` to `end` that is not in the class; `end` when all are. */
export function scan(text: string, mask: number, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const code = text.charCodeAt(at);
    if (code >= 128 || ((TABLE[code] ?? 0) & mask) === 0) return at;
    at += 1;
  }
  return end;
}

/** `scan` that takes `escaped = "%" HEXDIG HEXDIG` as well. */
export function scanEscaped(text: string, mask: number, start: number, end: number): number {
  let at = scan(text, mask, start, end);
  while (at + 2 < end && text.charCodeAt(at) === PERCENT && isHex(text, at + 1) && isHex(text, at + 2)) {
    at = scan(text, mask, at + 3, end);
  }
  return at;
}

const PERCENT = 0x25;

function isHex(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code !== 0x3a && code !== 0x2e && isIn(IPV6, code);
}

/** Whether all of the text, and at least one character, is in the class. */
export function isAll(text: string, mask: number): boolean {
  return text !== "" && scan(text, mask, 0, text.length) === text.length;
}

/** In lower case; most names are already, and telling so is cheaper than `toLowerCase`. */
export function lowerCase(text: string): string {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 0x41 && code <= 0x5a) || code >= 128) return text.toLowerCase();
  }
  return text;
}

/** After the colon of `scheme ":"` at `start`; -1 when there is none. */
export function afterScheme(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (!isIn(ALPHANUM, first) || isIn(DIGIT, first)) return -1;
  const colon = scan(text, SCHEME, start + 1, text.length);
  return text.charCodeAt(colon) === COLON ? colon + 1 : -1;
}

const COLON = 0x3a;
