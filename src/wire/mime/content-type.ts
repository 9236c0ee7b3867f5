/**
 * Values of Content-Type (RFC 2045 5.1) and Content-Disposition (RFC 2183): a name and parameters. Comments in parentheses, which RFC 822
 * allowed, are no part of SIP (RFC 3261 25.1) and are refused.
 */
import { mimeError } from "./mime-error.ts";

/** Names in lower case, values unquoted; the object has no prototype, so every name is only data. */
export type MimeParameters = Readonly<Record<string, string>>;

export interface ContentType {
  /** `type/subtype` in lower case. */
  readonly type: string;
  readonly params: MimeParameters;
}

export interface Disposition {
  /** In lower case. */
  readonly type: string;
  readonly params: MimeParameters;
}

// RFC 2045 5.1: token := 1*<any (US-ASCII) CHAR except SPACE, CTLs, or tspecials>
const TOKEN = "[!#$%&'*+\\-.0-9A-Z^_`a-z{|}~]+";
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}`, "u");
const DISPOSITION_TYPE = new RegExp(`^${TOKEN}`, "u");
// RFC 3261 25.1 allows white space around SEMI and EQUAL.
const PARAMETER = new RegExp(
  `[ \\t]*;[ \\t]*(${TOKEN})[ \\t]*=[ \\t]*(?:(${TOKEN}|\\[[0-9A-Fa-f:.]+\\])|"((?:[^"\\\\]|\\\\.)*)")`,
  "uy",
);
const ONLY_TOKEN = new RegExp(`^${TOKEN}$`, "u");

/** Reads a Content-Type value. Throws MimeError `bad-media-type` or `bad-parameter`; offsets are those of the value. */
export function parseContentType(value: string): ContentType {
  return parseValue(value, MEDIA_TYPE, "a media type such as text/plain", "RFC 2045 5.1");
}

/** Reads a Content-Disposition value. Throws as `parseContentType` does. */
export function parseDisposition(value: string): Disposition {
  return parseValue(value, DISPOSITION_TYPE, "a disposition such as recipient-list", "RFC 2183 2");
}

function parseValue(value: string, kind: RegExp, expected: string, clause: string): ContentType {
  const text = value.trim();
  const type = kind.exec(text)?.[0];
  if (type === undefined) {
    throw mimeError(new TextEncoder().encode(text), 0, {
      code: "bad-media-type",
      expected,
      clause,
      remedy: "Send a token there.",
    });
  }
  return { type: type.toLowerCase(), params: parseParameters(text, type.length, clause) };
}

function parseParameters(text: string, start: number, clause: string): MimeParameters {
  const params: Record<string, string> = Object.create(null);
  let at = start;
  while (at < text.length) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (match === null || name === undefined || name in params) {
      throw mimeError(new TextEncoder().encode(text), new TextEncoder().encode(text.slice(0, at)).length, {
        code: "bad-parameter",
        expected: match === null ? '"; name=value"' : `each parameter once, but ${String(name)} comes again`,
        clause,
        remedy: 'Write parameters as ;name=token or ;name="quoted".',
      });
    }
    params[name] = match[2] ?? (match[3] ?? "").replaceAll(/\\(.)/gu, "$1");
    at = PARAMETER.lastIndex;
  }
  return params;
}

/** Writes the value; what is no token is quoted. */
export function formatContentType(value: ContentType | Disposition): string {
  const params = Object.entries(value.params).map(([name, text]) => `;${name}=${quoteIfNeeded(text)}`);
  return value.type + params.join("");
}

function quoteIfNeeded(text: string): string {
  return ONLY_TOKEN.test(text) ? text : `"${text.replaceAll(/["\\]/gu, String.raw`\$&`)}"`;
}
