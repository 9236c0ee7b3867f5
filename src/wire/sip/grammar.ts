/**
 * The basic rules of RFC 3261 25.1, and a reader that takes the value of a header field apart. Each rule is quoted above what reads it.
 * Regular expressions here are sticky or anchored and never ambiguous: reading is linear.
 */
/* oxlint-disable no-control-regex -- the rules name control characters */
import {
  afterScheme,
  ALPHANUM,
  BARE_URI,
  DIGIT,
  ENCLOSED_URI,
  HOST,
  IPV6,
  isAll,
  isIn,
  lowerCase,
  QDTEXT,
  scan,
  TOKEN,
} from "./characters.ts";
import { excerpt, SipParseError } from "./error.ts";
import type { SipParseErrorCode } from "./error.ts";
import { NO_PARAMS, usualParams } from "./params.ts";
import type { Params } from "./params.ts";
import { USUAL_PARAMS } from "./usual-forms.ts";

export function isToken(text: string): boolean {
  return isAll(text, TOKEN);
}

/** `IPv4address = 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT`, each part at most 255 */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d?\d)$/;

/**
 * `IPv6address = hexpart [ ":" IPv4address ]`, `hexpart = hexseq / hexseq "::" [ hexseq ] / "::" [ hexseq ]`; eight groups in all. By this
 * rule three colons stand before an IPv4address that follows a `::`; RFC 4291 has two there, and RFC 5118 4.10 wants both taken.
 */
export function isIPv6Address(text: string): boolean {
  if (!text.includes(".")) return isHexpart(text);
  const halves = text.replace(COLONS_BEFORE_IPV4, "::").split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasIPv4 = IPV4.test(last);
  const hex = hasIPv4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (hasIPv4 ? 2 : 0);
  return (
    hex.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8)
  );
}

/** An IPv6 address without an IPv4 address in it: eight groups of one to four digits, or fewer and one `::`. */
function isHexpart(text: string): boolean {
  let groups = 0;
  let digits = 0;
  let shortened = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== COLON) {
      if (!isIn(IPV6, code)) return false;
      if (digits === 0) groups += 1;
      digits += 1;
      if (digits > 4) return false;
    } else if (text.charCodeAt(at + 1) === COLON) {
      if (shortened) return false;
      shortened = true;
      digits = 0;
      at += 1;
    } else {
      // One colon stands between two groups.
      if (digits === 0 || at + 1 === text.length) return false;
      digits = 0;
    }
  }
  return shortened ? groups < 8 : groups === 8;
}

const COLON = 0x3a;
const COLONS_BEFORE_IPV4 = /(?<!:):::(?=[0-9.]+$)/;

export function isIPv4Address(text: string): boolean {
  return IPV4.test(text);
}

/** `host = hostname / IPv4address / IPv6reference`, `IPv6reference = "[" IPv6address "]"` */
export function isHost(text: string): boolean {
  if (text.startsWith("[")) return text.endsWith("]") && isIPv6Address(text.slice(1, -1));
  return isHostname(text) || isIPv4Address(text);
}

/**
 * `hostname = *( domainlabel "." ) toplabel [ "." ]`, `domainlabel = alphanum / alphanum *( alphanum / "-" ) alphanum`,
 * `toplabel = ALPHA / ALPHA *( alphanum / "-" ) alphanum`
 */
function isHostname(text: string): boolean {
  const end = text.charCodeAt(text.length - 1) === DOT ? text.length - 1 : text.length;
  let labelStart = 0;
  // A label begins and ends with alphanum: no dot or hyphen before or after a dot, nor at either end, but hyphens within.
  let previous = DOT;
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (previous === DOT || previous === HYPHEN) return false;
      labelStart = at + 1;
    } else if (code === HYPHEN) {
      if (previous === DOT) return false;
    } else if (!isIn(ALPHANUM, code)) return false;
    previous = code;
  }
  return previous !== DOT && previous !== HYPHEN && !isIn(DIGIT, text.charCodeAt(labelStart));
}

const DOT = 0x2e;
const HYPHEN = 0x2d;

/** The text that a `quoted-string` stands for; any other value as it is. */
export function unquoted(value: string): string {
  if (!value.startsWith('"') || value.length < 2) return value;
  const text = value.slice(1, -1);
  return text.includes("\\") ? text.replace(/\\([^])/g, "$1") : text;
}

/** The `quoted-string` for a text. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

export { formatParams, NO_PARAMS } from "./params.ts";
export type { Params } from "./params.ts";

/** Reads one header field value from left to right. Every failure is a SipParseError with its place in the value. */
export class FieldReader {
  readonly text: string;
  readonly clause: string;
  at = 0;

  constructor(text: string, clause: string) {
    this.text = text;
    this.clause = clause;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The next character; empty at the end. */
  peek(): string {
    return this.text.charAt(this.at);
  }

  fail(expected: string, code: SipParseErrorCode = "field-syntax", at: number = this.at): SipParseError {
    return new SipParseError(code, {
      offset: at,
      line: 1,
      column: at + 1,
      clause: this.clause,
      expected,
      actual: at >= this.text.length ? "the end of the value" : excerpt(this.text.slice(at)),
    });
  }

  /** `SWS = [LWS]`; folds are single spaces by now. Says whether there was any. */
  space(): boolean {
    const from = this.at;
    for (let code = this.text.charCodeAt(this.at); code === SPACE || code === TAB;) {
      this.at += 1;
      code = this.text.charCodeAt(this.at);
    }
    return this.at > from;
  }

  /** `LWS`: at least one space. */
  lws(before: string): void {
    if (!this.space()) throw this.fail(`white space before ${before}`);
  }

  /** Takes `character` with white space around it (`SEMI`, `EQUAL`, `COMMA`, `SLASH`, `COLON`) if it comes next. */
  takes(character: string): boolean {
    const from = this.at;
    this.space();
    if (this.text.charCodeAt(this.at) !== character.charCodeAt(0)) {
      this.at = from;
      return false;
    }
    this.at += 1;
    this.space();
    return true;
  }

  expect(character: string): void {
    if (!this.takes(character)) throw this.fail(JSON.stringify(character));
  }

  /** What a sticky pattern matches here; undefined when it does not. */
  match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.at;
    return sticky.test(this.text) ? this.#takeTo(sticky.lastIndex) : undefined;
  }

  need(sticky: RegExp, expected: string): string {
    const found = this.match(sticky);
    if (found === undefined) throw this.fail(expected);
    return found;
  }

  token(expected: string): string {
    return this.#some(TOKEN) ?? this.#none(`${expected} (token)`);
  }

  /**
   * `quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE`, `qdtext = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII`,
   * `quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)`. As sent, with its quotes.
   */
  quotedString(expected: string): string {
    const { text } = this;
    const end = text.length;
    if (text.charCodeAt(this.at) !== QUOTE) return this.#none(`${expected} (quoted-string)`);
    for (let at = scan(text, QDTEXT, this.at + 1, end); at < end; at = scan(text, QDTEXT, at, end)) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) return this.#takeTo(at + 1);
      if (code === BACKSLASH && isQuotable(text.charCodeAt(at + 1))) at += 2;
      else if (code >= 128) at += 1;
      else break;
    }
    return this.#none(`${expected} (quoted-string)`);
  }

  digits(expected: string): string {
    return this.#some(DIGIT) ?? this.#none(`${expected} (digits)`);
  }

  /** `1*DIGIT` below 2**32, as RFC 3261 20.19 has it of delta-seconds and 8.1.1.5 of sequence numbers: more is no number that can be written again. */
  number(expected: string): number {
    const from = this.at;
    const value = Number(this.digits(expected));
    if (value >= 2 ** 32) throw this.fail(`${expected}, below 2**32`, "field-syntax", from);
    return value;
  }

  /** `LAQUOT addr-spec RAQUOT`, as sent, without the brackets: neither white space nor angle brackets stand in a URI. */
  enclosedUri(expected: string): string {
    const start = afterScheme(this.text, this.at + 1);
    const end = start === -1 ? -1 : scan(this.text, ENCLOSED_URI, start, this.text.length);
    if (end <= start || this.text.charCodeAt(end) !== RIGHT_BRACKET) return this.#none(expected);
    const uri = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return uri;
  }

  /**
   * `addr-spec` without angle brackets: it ends where a parameter or the next value begins. 20.10: a URI with a comma, a question mark or a
   * semicolon must be enclosed.
   */
  bareUri(expected: string): string {
    const start = afterScheme(this.text, this.at);
    const end = start === -1 ? -1 : scan(this.text, BARE_URI, start, this.text.length);
    return end <= start ? this.#none(expected) : this.#takeTo(end);
  }

  /** One character of the class or more. */
  #some(mask: number): string | undefined {
    const end = scan(this.text, mask, this.at, this.text.length);
    return end === this.at ? undefined : this.#takeTo(end);
  }

  #takeTo(end: number): string {
    const taken = this.text.slice(this.at, end);
    this.at = end;
    return taken;
  }

  #none(expected: string): never {
    throw this.fail(expected);
  }

  /** `host = hostname / IPv4address / IPv6reference` */
  host(expected: string): string {
    const from = this.at;
    const host = this.#some(HOST) ?? this.#bracketed() ?? this.#none(`${expected} (host)`);
    if (!isHost(host)) throw this.fail(`${expected} (host)`, "field-syntax", from);
    return host;
  }

  #bracketed(): string | undefined {
    if (this.text.charAt(this.at) !== "[") return undefined;
    const end = scan(this.text, IPV6, this.at + 1, this.text.length);
    return end > this.at + 1 && this.text.charAt(end) === "]" ? this.#takeTo(end + 1) : undefined;
  }

  /** `generic-param = token [ EQUAL gen-value ]`, `gen-value = token / host / quoted-string`; none twice (7.3.1). */
  params(): Params {
    return this.#usualParams() ?? this.#anyParams();
  }

  /** Parameters up to the end of the value. */
  #usualParams(): Params | undefined {
    if (this.done) return NO_PARAMS;
    PARAMS_TO_THE_END.lastIndex = this.at;
    const found = PARAMS_TO_THE_END.exec(this.text);
    const params = found === null ? undefined : usualParams(found, 1);
    if (params !== undefined) this.at = this.text.length;
    return params;
  }

  #anyParams(): Params {
    const params = new Map<string, string | undefined>();
    while (this.takes(";")) {
      const from = this.at;
      const name = lowerCase(this.token("a parameter name"));
      if (params.has(name)) throw this.fail(`parameter ${name} only once`, "duplicate-parameter", from);
      params.set(name, this.takes("=") ? this.genValue(name) : undefined);
    }
    return params;
  }

  /** `gen-value = token / host / quoted-string` */
  genValue(name: string): string {
    const next = this.text.charCodeAt(this.at);
    if (next === QUOTE) return this.quotedString(`the value of ${name}`);
    if (next === LEFT_SQUARE) return this.host(`the value of ${name}`);
    return this.#some(TOKEN) ?? this.#none(`the value of ${name} (token)`);
  }

  /** Nothing but white space may be left. */
  end(expected = "the end of the value"): void {
    this.space();
    if (!this.done) throw this.fail(expected);
  }
}

const PARAMS_TO_THE_END = new RegExp(`${USUAL_PARAMS}$`, "y");

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const RIGHT_BRACKET = 0x3e;
const LEFT_SQUARE = 0x5b;
const BACKSLASH = 0x5c;

/** What a backslash may stand before in a `quoted-pair`. */
function isQuotable(code: number): boolean {
  return code < 128 && code !== 0x0a && code !== 0x0d;
}

/** Splits at `separator` outside quoted strings and angle brackets; white space around the parts is dropped. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text.trim()];
  const wanted = separator.charCodeAt(0);
  const parts: string[] = [];
  let from = 0;
  let closing = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (closing === QUOTE && code === BACKSLASH) at += 1;
    else if (closing !== 0) closing = code === closing ? 0 : closing;
    else if (code === QUOTE) closing = QUOTE;
    else if (code === LEFT_BRACKET) closing = RIGHT_BRACKET;
    else if (code === wanted) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

const LEFT_BRACKET = 0x3c;
