/** Start line and headers (RFC 7230 3.1, 3.2), and how long the body is (3.3.3). */
import { httpError } from "./http-error.ts";
import { httpHeaders, isBodiless } from "./message.ts";
import type { HttpHeader, HttpRequest, HttpResponse } from "./message.ts";

export type HttpHead = Omit<HttpRequest, "body"> | Omit<HttpResponse, "body">;

const TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([\\x21-\\x7e]+) HTTP/(\\d\\.\\d)$`, "u");
const STATUS_LINE = /^HTTP\/(\d\.\d) (\d{3}) ?([\t\x20-\x7e\x80-\xff]*)$/u;
const FIELD = new RegExp(`^(${TOKEN}):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*)$`, "u");

/** Reads a head: all lines up to the empty one, each with its CRLF. Throws HttpParseError. */
export function parseHead(bytes: Uint8Array, reads: "requests" | "responses"): HttpHead {
  const lines = splitLines(bytes);
  const start = lines[0]?.text ?? "";
  const headers = lines.slice(1).map((line) => parseField(bytes, line));
  return reads === "requests" ? requestHead(bytes, start, headers) : responseHead(bytes, start, headers);
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

function splitLines(bytes: Uint8Array): readonly Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const text of Buffer.from(bytes).toString("latin1").split("\r\n")) {
    if (/[\r\n]/u.test(text)) throw lineEnd(bytes, offset + text.search(/[\r\n]/u));
    if (text !== "") lines.push({ text, offset });
    offset += text.length + 2;
  }
  return lines;
}

function lineEnd(bytes: Uint8Array, offset: number): Error {
  return httpError(bytes, offset, {
    code: "line-end",
    expected: "lines that end in CR LF",
    clause: "RFC 7230 3.5",
    remedy: "Send CR and LF only together, at the end of lines.",
  });
}

function parseField(bytes: Uint8Array, line: Line): HttpHeader {
  const match = FIELD.exec(line.text);
  if (match !== null) return { name: match[1] ?? "", value: utf8(match[2] ?? "").trim() };
  throw httpError(bytes, line.offset, {
    code: "header",
    expected: "a name, a colon right behind it, and a value on one line",
    clause: "RFC 7230 3.2.4",
    remedy: "Do not fold header lines, and leave no space before the colon.",
  });
}

/** Values are read as UTF-8 where they are that: asserted identities carry display names. */
function utf8(latin1: string): string {
  const text = Buffer.from(latin1, "latin1").toString("utf8");
  return text.includes("\uFFFD") ? latin1 : text;
}

function requestHead(bytes: Uint8Array, start: string, headers: readonly HttpHeader[]): HttpHead {
  const match = REQUEST_LINE.exec(start);
  if (match === null) throw startLine(bytes, "a request line such as GET /path HTTP/1.1", "RFC 7230 3.1.1");
  const version = versionOf(bytes, match[3]);
  return { kind: "request", version, method: match[1] ?? "", target: match[2] ?? "", headers };
}

function responseHead(bytes: Uint8Array, start: string, headers: readonly HttpHeader[]): HttpHead {
  const match = STATUS_LINE.exec(start);
  if (match === null) throw startLine(bytes, "a status line such as HTTP/1.1 200 OK", "RFC 7230 3.1.2");
  const version = versionOf(bytes, match[1]);
  return { kind: "response", version, status: Number(match[2]), reason: match[3] ?? "", headers };
}

function startLine(bytes: Uint8Array, expected: string, clause: string): Error {
  return httpError(bytes, 0, {
    code: "start-line",
    expected,
    clause,
    remedy: "Speak HTTP/1.1 on this connection.",
  });
}

function versionOf(bytes: Uint8Array, version: string | undefined): "1.0" | "1.1" {
  if (version === "1.0" || version === "1.1") return version;
  throw httpError(bytes, 0, {
    code: "version",
    expected: "HTTP/1.1 or HTTP/1.0",
    found: `HTTP/${String(version)}`,
    clause: "RFC 7230 2.6",
    remedy: "Send HTTP/1.1.",
  });
}

/** A number of bytes, or the rule that says where the body ends. */
export type BodyLength = number | "chunked" | "until-close";

/** RFC 7230 3.3.3. `answered` is the method that a response answers. Throws HttpParseError `content-length`, `transfer-encoding`. */
export function bodyLength(bytes: Uint8Array, head: HttpHead, answered: string | undefined): BodyLength {
  if (head.kind === "response" && (isBodiless(head.status) || answered === "HEAD")) return 0;
  const coding = httpHeaders(head, "Transfer-Encoding").join(",").trim().toLowerCase();
  const lengths = new Set(
    httpHeaders(head, "Content-Length").flatMap((value) => value.split(",").map((each) => each.trim())),
  );
  if (coding !== "") return chunkedOnly(bytes, coding, lengths.size > 0);
  const [length] = lengths;
  if (length === undefined) return head.kind === "request" ? 0 : "until-close";
  if (lengths.size === 1 && /^\d{1,15}$/u.test(length)) return Number(length);
  throw httpError(bytes, 0, {
    code: "content-length",
    expected: "one Content-Length of digits",
    found: [...lengths].join(", "),
    clause: "RFC 7230 3.3.2",
    remedy: "Send the number of bytes of the body, once.",
  });
}

function chunkedOnly(bytes: Uint8Array, coding: string, hasLength: boolean): "chunked" {
  if (coding === "chunked" && !hasLength) return "chunked";
  throw httpError(bytes, 0, {
    code: hasLength ? "content-length" : "transfer-encoding",
    expected: hasLength ? "Transfer-Encoding or Content-Length, not both" : "Transfer-Encoding: chunked",
    found: hasLength ? "both" : coding,
    clause: "RFC 7230 3.3.3",
    remedy: "Frame the body in one way: by its length, or in chunks.",
  });
}
