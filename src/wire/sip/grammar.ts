/**
 * The basic rules of RFC 3261 25.1, and a reader that takes the value of a header field apart. Each rule is quoted above what reads it.
 * Regular expressions here are sticky or anchored and never ambiguous: reading is linear.
 */
/* oxlint-disable no-control-regex -- the rules name control characters */
import { excerpt, SipParseError } from "./error.ts";
import type { SipParseErrorCode } from "./error.ts";

/** `token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )` */
const TOKEN = /[A-Za-z0-9\-.!%*_+`'~]+/y;
const WHOLE_TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

export function isToken(text: string): boolean {
  return WHOLE_TOKEN.test(text);
}

/**
 * `quoted-string = SWS DQUOTE *(qdtext / quoted-pair ) DQUOTE`, `qdtext = LWS / %x21 / %x23-5B / %x5D-7E / UTF8-NONASCII`,
 * `quoted-pair = "\" (%x00-09 / %x0B-0C / %x0E-7F)`
 */
const QUOTED_STRING =
  /"[^"\\\x00-\x08\x0a-\x1f\x7f]*(?:\\[\x00-\x09\x0b\x0c\x0e-\x7f][^"\\\x00-\x08\x0a-\x1f\x7f]*)*"/y;

/** `host = hostname / IPv4address / IPv6reference`; loose in the labels, which `isHost` checks. */
const HOST = /\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+/y;

/** `hostname = *( domainlabel "." ) toplabel [ "." ]`, `toplabel = ALPHA / ALPHA *( alphanum / "-" ) alphanum` */
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
/** `IPv4address = 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT "." 1*3DIGIT`, each part at most 255 */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d?\d)$/;

/**
 * `IPv6address = hexpart [ ":" IPv4address ]`, `hexpart = hexseq / hexseq "::" [ hexseq ] / "::" [ hexseq ]`; eight groups in all. By this
 * rule three colons stand before an IPv4address that follows a `::`; RFC 4291 has two there, and RFC 5118 4.10 wants both taken.
 */
export function isIPv6Address(text: string): boolean {
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

const COLONS_BEFORE_IPV4 = /(?<!:):::(?=[0-9.]+$)/;

export function isIPv4Address(text: string): boolean {
  return IPV4.test(text);
}

/** `host = hostname / IPv4address / IPv6reference`, `IPv6reference = "[" IPv6address "]"` */
export function isHost(text: string): boolean {
  if (text.startsWith("[")) return text.endsWith("]") && isIPv6Address(text.slice(1, -1));
  if (isIPv4Address(text)) return true;
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(".");
  return labels.every((label) => LABEL.test(label)) && /^[A-Za-z]/.test(labels.at(-1) ?? "");
}

/** The text that a `quoted-string` stands for; any other value as it is. */
export function unquoted(value: string): string {
  if (!value.startsWith('"') || value.length < 2) return value;
  return value.slice(1, -1).replace(/\\([^])/g, "$1");
}

/** The `quoted-string` for a text. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

/**
 * Parameters by name in lower case (they are compared without regard to case, RFC 3261 7.3.1), values as sent, quotes included
 * (`unquoted` takes them off); undefined where a parameter has no value, so ask with `has` for those.
 */
export type Params = ReadonlyMap<string, string | undefined>;

export const NO_PARAMS: Params = new Map();

/** `*( SEMI generic-param )` */
export function formatParams(params: Params): string {
  let text = "";
  for (const [name, value] of params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

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
    while (this.peek() === " " || this.peek() === "\t") this.at += 1;
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
    if (this.peek() !== character) {
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
    const found = sticky.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  need(sticky: RegExp, expected: string): string {
    const found = this.match(sticky);
    if (found === undefined) throw this.fail(expected);
    return found;
  }

  token(expected: string): string {
    return this.need(TOKEN, `${expected} (token)`);
  }

  /** As sent, with its quotes. */
  quotedString(expected: string): string {
    return this.need(QUOTED_STRING, `${expected} (quoted-string)`);
  }

  digits(expected: string): string {
    return this.need(DIGITS, `${expected} (digits)`);
  }

  host(expected: string): string {
    const from = this.at;
    const host = this.need(HOST, `${expected} (host)`);
    if (!isHost(host)) throw this.fail(`${expected} (host)`, "field-syntax", from);
    return host;
  }

  /** `generic-param = token [ EQUAL gen-value ]`, `gen-value = token / host / quoted-string`; none twice (7.3.1). */
  params(): Params {
    if (this.done) return NO_PARAMS;
    const params = new Map<string, string | undefined>();
    while (this.takes(";")) {
      const from = this.at;
      const name = this.token("a parameter name").toLowerCase();
      if (params.has(name)) throw this.fail(`parameter ${name} only once`, "duplicate-parameter", from);
      params.set(name, this.takes("=") ? this.genValue(name) : undefined);
    }
    return params;
  }

  /** `gen-value = token / host / quoted-string` */
  genValue(name: string): string {
    if (this.peek() === '"') return this.quotedString(`the value of ${name}`);
    return this.peek() === "[" ? this.host(`the value of ${name}`) : this.token(`the value of ${name}`);
  }

  /** Nothing but white space may be left. */
  end(expected = "the end of the value"): void {
    this.space();
    if (!this.done) throw this.fail(expected);
  }
}

const DIGITS = /[0-9]+/y;

/** Splits at `separator` outside quoted strings and angle brackets; white space around the parts is dropped. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!text.includes(separator)) return [text.trim()];
  const parts: string[] = [];
  let from = 0;
  let closing = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (closing === '"' && character === "\\") at += 1;
    else if (closing !== "") closing = character === closing ? "" : closing;
    else if (character === '"') closing = '"';
    else if (character === "<") closing = ">";
    else if (character === separator) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...parts, text.slice(from).trim()];
}
