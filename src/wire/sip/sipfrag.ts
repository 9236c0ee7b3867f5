/**
 * message/sipfrag (RFC 3420): a part of a SIP message. It begins with a start line or with a header field, and an empty line stands before a
 * body only.
 */
import { SipParseError } from "./error.ts";
import { checkedField } from "./field.ts";
import type { HeaderField, SipMessage } from "./message.ts";
import { reasonPhrase } from "./status.ts";

export const SIPFRAG_TYPE = "message/sipfrag";

export type SipfragStart =
  | { readonly kind: "request"; readonly method: string; readonly uri: string; readonly version: string }
  | {
      readonly kind: "response";
      readonly version: string;
      readonly status: number;
      readonly reason: string;
    };

export interface Sipfrag {
  readonly start?: SipfragStart;
  readonly headers: readonly HeaderField[];
  readonly body?: Uint8Array;
}

const STATUS_LINE = /^(SIP\/\d+\.\d+) (\d{3}) (.*)$/i;
const REQUEST_LINE = /^([A-Za-z0-9\-.!%*_+`'~]+) (\S+) (SIP\/\d+\.\d+)$/i;
const HEADER = /^([A-Za-z0-9\-.!%*_+`'~]+)[ \t]*:[ \t]*(.*)$/s;

/**
 * RFC 3420 2 `sipfrag = [ start-line ] *message-header [ CRLF [ message-body ] ]`. Single line feeds are taken too, and the last line may
 * lack its end: implementations of REFER send both.
 *
 * @throws SipParseError `start-line`, `header-colon`, `empty`
 */
export function parseSipfrag(bytes: Uint8Array): Sipfrag {
  const text = Buffer.from(bytes).toString("latin1");
  if (text.trim() === "") throw fault("empty", 0, "a start line or a header field", "nothing");
  const { head, body } = split(text);
  const lines = linesOf(head);
  const start = startOf(lines[0]?.text ?? "");
  const headers = (start === undefined ? lines : lines.slice(1)).map(headerOf);
  return {
    ...(start === undefined ? {} : { start }),
    headers,
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body, "latin1")) }),
  };
}

function split(text: string): { readonly head: string; readonly body?: string } {
  // Without start line and fields the empty line is the first.
  const first = /^\r?\n/.exec(text);
  if (first !== null) return { head: "", body: text.slice(first[0].length) };
  const empty = /\r?\n\r?\n/.exec(text);
  if (empty === null) return { head: text };
  return { head: text.slice(0, empty.index), body: text.slice(empty.index + empty[0].length) };
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

/** Folded lines are joined (RFC 3261 7.3.1). */
function linesOf(head: string): readonly Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const part of head.split(/(?<=\n)(?![ \t])/)) {
    const text = utf8(part.replace(/\r?\n[ \t]+/g, " ").replace(/\r?\n$/, ""));
    if (text !== "") lines.push({ text, offset });
    offset += part.length;
  }
  return lines;
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

function startOf(line: string): SipfragStart | undefined {
  const status = STATUS_LINE.exec(line);
  if (status !== null) {
    const [, version = "", code = "", reason = ""] = status;
    return { kind: "response", version, status: Number(code), reason };
  }
  const request = REQUEST_LINE.exec(line);
  if (request !== null) {
    const [, method = "", uri = "", version = ""] = request;
    return { kind: "request", method, uri, version };
  }
  if (/^SIP\//i.test(line)) throw fault("start-line", 0, "a status line such as SIP/2.0 200 OK", line);
  return undefined;
}

function headerOf({ text, offset }: Line): HeaderField {
  const field = HEADER.exec(text);
  if (field === null) throw fault("header-colon", offset, "a header field, name and colon", text);
  const [, name = "", value = ""] = field;
  return { name, value: value.trim(), offset };
}

function fault(
  code: "empty" | "start-line" | "header-colon",
  offset: number,
  expected: string,
  actual: string,
): SipParseError {
  return new SipParseError(code, {
    offset,
    line: 1,
    column: offset + 1,
    clause: "RFC 3420 2 sipfrag",
    expected,
    actual,
  });
}

/** Throws SipParseError when a field would break the frame. */
export function formatSipfrag({ start, headers, body }: Sipfrag): Uint8Array {
  const startLine = start === undefined ? "" : `${formatStart(start)}\r\n`;
  const fields = headers
    .map(({ name, value }) => checkedField(name, value))
    .map(({ name, value }) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${startLine}${fields.join("")}`, "utf8");
  return new Uint8Array(body === undefined ? head : Buffer.concat([head, Buffer.from("\r\n"), body]));
}

function formatStart(start: SipfragStart): string {
  return start.kind === "request"
    ? `${start.method} ${start.uri} ${start.version}`
    : `${start.version} ${start.status} ${start.reason}`;
}

/** The status line alone, as NOTIFY of REFER has it (RFC 3515 2.4.5). */
export function statusFrag(status: number, reason: string = reasonPhrase(status)): Uint8Array {
  return formatSipfrag({ start: { kind: "response", version: "SIP/2.0", status, reason }, headers: [] });
}

/** Start line and the header fields named, in the order of the message (RFC 3420 2: those that are none of the receiver's business are left out). */
export function fragOf(message: SipMessage, fields: readonly string[]): Uint8Array {
  const wanted = new Set(fields.map((name) => name.toLowerCase()));
  const { version } = message;
  const start: SipfragStart =
    message.kind === "request"
      ? { kind: "request", method: message.method, uri: message.uri, version }
      : { kind: "response", version, status: message.status, reason: message.reason };
  return formatSipfrag({
    start,
    headers: message.headers.filter(({ name }) => wanted.has(name.toLowerCase())),
  });
}
