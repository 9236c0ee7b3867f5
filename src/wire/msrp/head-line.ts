/** The lines of an MSRP head (RFC 4975 9): start line, header fields, end-line. Positions are those of the line. */
import { decodeBytes } from "../sip/text.ts";
import { flagOf } from "./end-line.ts";
import { excerpt, MsrpParseError } from "./error.ts";
import type { MsrpParseErrorCode } from "./error.ts";
import { hasIdentCharacters, IDENT_CLAUSE, isIdent } from "./ident.ts";
import type { MsrpFlag, MsrpHeader } from "./message.ts";

/** A line of a head, with its place in the message. */
export interface HeadLine {
  /** One character per byte, without the line end. */
  readonly text: string;
  readonly offset: number;
  /** From 1. */
  readonly number: number;
}

export type StartLine =
  | { readonly kind: "request"; readonly transactionId: string; readonly method: string }
  | {
      readonly kind: "response";
      readonly transactionId: string;
      readonly status: number;
      readonly comment?: string;
    };

export function lineError(
  code: MsrpParseErrorCode,
  line: HeadLine,
  index: number,
  clause: string,
  expected: string,
  actual = excerpt(line.text.slice(index)),
  advice?: string,
): MsrpParseError {
  const place = { offset: line.offset + index, line: line.number, column: index + 1 };
  const said = { ...place, clause, expected, actual };
  return new MsrpParseError(code, advice === undefined ? said : { ...said, advice });
}

const START_CLAUSE = "RFC 4975 9 req-start, resp-start";
const PROTOCOL = "MSRP ";

/** Offset of the first byte that no start line has there; -1 when there is none. */
export function protocolMismatch(text: string): number {
  for (let index = 0; index < Math.min(text.length, PROTOCOL.length); index += 1) {
    if (text[index] !== PROTOCOL[index]) return index;
  }
  return -1;
}

/** The transaction identifier of a start line, however wrong the rest: with it the end-line can be looked for. */
export function transactionIdIn(text: string): string | undefined {
  const ident = /^MSRP ([^ \r\n]+)/.exec(text)?.[1];
  return ident !== undefined && hasIdentCharacters(ident) ? ident : undefined;
}

/**
 * `req-start = pMSRP SP transact-id SP method CRLF`, `resp-start = pMSRP SP transact-id SP status-code [SP comment] CRLF`
 *
 * @throws MsrpParseError
 */
export function readStartLine(line: HeadLine): StartLine {
  const { text } = line;
  const mismatch = protocolMismatch(text);
  if (mismatch !== -1) throw lineError("protocol", line, mismatch, START_CLAUSE, '"MSRP " in capitals');
  const start = PROTOCOL.length;
  const space = text.indexOf(" ", start);
  const transactionId = text.slice(start, space === -1 ? undefined : space);
  if (!hasIdentCharacters(transactionId))
    throw lineError("transaction-id", line, start, IDENT_CLAUSE, "a transaction identifier");
  if (space === -1)
    throw lineError("start-line", line, text.length, START_CLAUSE, "a method or a status code");
  if (!isIdent(transactionId)) {
    const actual = `${transactionId.length} characters`;
    throw lineError("transaction-id-length", line, start, IDENT_CLAUSE, "4 to 32 characters", actual);
  }
  return /[0-9]/.test(text.charAt(space + 1))
    ? { kind: "response", transactionId, ...readStatus(line, space + 1) }
    : { kind: "request", transactionId, method: readMethod(line, space + 1) };
}

/** `method = mSEND / mREPORT / other-method`, `other-method = 1*UPALPHA` */
function readMethod(line: HeadLine, start: number): string {
  const method = line.text.slice(start);
  const length = /^[A-Z]*/.exec(method)?.[0].length ?? 0;
  if (length === 0 || length < method.length)
    throw lineError("method", line, start + length, "RFC 4975 9 method", "a method in capital letters only");
  return method;
}

/** `status-code = 3DIGIT`, `comment = utf8text` */
function readStatus(line: HeadLine, start: number): { status: number; comment?: string } {
  const found = /^([0-9]{3})(?: (.*))?$/s.exec(line.text.slice(start));
  if (found === null) throw lineError("status-code", line, start, "RFC 4975 9 status-code", "three digits");
  const status = Number(found[1]);
  if (found[2] === undefined) return { status };
  const control = controlIn(found[2]);
  if (control !== -1)
    throw lineError("comment", line, start + 4 + control, "RFC 4975 9 utf8text", "text without controls");
  return { status, comment: decodeBytes(found[2]) };
}

/** Index of the first character that `utf8text` has not; bytes from 0x80 on are looked at by `validate.ts`. */
function controlIn(text: string): number {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.search(/[\u0000-\u0008\u000a-\u001f\u007f]/);
}

const HEADER_NAME = /^[A-Za-z][!#-'*+\-.0-9A-Z^-~]*/;

/**
 * `ext-header = hname ":" SP hval CRLF`, `hname = ALPHA *token`. White space around the value other than the one space is left to
 * `validate.ts`.
 *
 * @throws MsrpParseError
 */
export function readHeader(line: HeadLine): MsrpHeader {
  const clause = "RFC 4975 9 ext-header";
  const name = HEADER_NAME.exec(line.text)?.[0] ?? "";
  if (name === "") {
    const advice = /^[ \t]/.test(line.text) ? "MSRP has no folded header fields: send one line" : undefined;
    throw lineError("header-name", line, 0, clause, "a header name or the end-line", undefined, advice);
  }
  if (line.text.charAt(name.length) !== ":")
    throw lineError("header-colon", line, name.length, clause, "a colon after the header name");
  const rest = line.text.slice(name.length + 1);
  const separator = /^[ \t]*/.exec(rest)?.[0] ?? "";
  const control = controlIn(rest);
  if (control !== -1) {
    const at = name.length + 1 + control;
    throw lineError("header-value", line, at, "RFC 4975 9 utf8text", "a value without control characters");
  }
  return { name, value: decodeBytes(rest.slice(separator.length)), separator, offset: line.offset };
}

/** Whether a line of the head is meant to be an end-line: no header name begins with a hyphen. */
export function looksLikeEndLine(text: string): boolean {
  return text.startsWith("-------");
}

/**
 * `end-line = "-------" transact-id continuation-flag CRLF`
 *
 * @throws MsrpParseError (`end-line`, `continuation-flag`)
 */
export function readEndLine(line: HeadLine, transactionId: string): MsrpFlag {
  const clause = "RFC 4975 9 end-line";
  const wanted = `-------${transactionId}`;
  if (!line.text.startsWith(wanted) || continuesIdent(line, wanted))
    throw lineError("end-line", line, 7, clause, `the transaction identifier ${transactionId}`);
  const flag = flagAt(line, wanted);
  if (flag === undefined || line.text.length > wanted.length + 1) {
    const at = wanted.length + (flag === undefined ? 0 : 1);
    const expected = flag === undefined ? "+, $ or #" : "the end of the line";
    throw lineError("continuation-flag", line, at, clause, expected);
  }
  return flag;
}

function flagAt(line: HeadLine, wanted: string): MsrpFlag | undefined {
  return flagOf(line.text.charCodeAt(wanted.length));
}

/** `-------abcd5$` is the end-line of `abcd5`, not of `abcd` with a wrong flag. */
function continuesIdent(line: HeadLine, wanted: string): boolean {
  return /^[A-Za-z0-9.\-+%=]+[$+#]$/.test(line.text.slice(wanted.length));
}
