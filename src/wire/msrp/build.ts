/** Requests, responses, reports and chunks made by Scrim (RFC 4975 7.1, 7.2). */
import type { ByteRange, MsrpStatus } from "./headers.ts";
import { formatByteRange, formatMsrpStatus, msrpHeader, msrpHeaderFields } from "./headers.ts";
import { newTransactionIdFor } from "./ident.ts";
import type { TokenSource } from "./ident.ts";
import type {
  MsrpFlag,
  MsrpFrame,
  MsrpHead,
  MsrpHeader,
  MsrpRequestHead,
  MsrpResponseHead,
} from "./message.ts";

export function msrpField(name: string, value: string): MsrpHeader {
  return { name, value, separator: " ", offset: -1 };
}

export interface MsrpRequestParts {
  readonly method: string;
  readonly transactionId: string;
  /** Paths as they are written, URIs divided by one space. */
  readonly toPath: string;
  readonly fromPath: string;
  /** Name and value, behind the paths; Content-Type last (RFC 4975 7.1). */
  readonly headers?: readonly (readonly [string, string])[];
}

export function msrpRequest(parts: MsrpRequestParts): MsrpRequestHead {
  const { method, transactionId, toPath, fromPath, headers = [] } = parts;
  const paths = [msrpField("To-Path", toPath), msrpField("From-Path", fromPath)];
  const others = headers.map(([name, value]) => msrpField(name, value));
  return { kind: "request", method, transactionId, headers: [...paths, ...others] };
}

export interface MsrpResponseParts {
  readonly comment?: string;
  /** The URI of whoever answers; else the first of the request's To-Path, which is what the request was sent to. */
  readonly fromPath?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** RFC 4975 7.2: a SEND is answered to the previous hop only, every other request to the whole path back. */
export function msrpResponse(
  request: MsrpRequestHead,
  status: number,
  parts: MsrpResponseParts = {},
): MsrpResponseHead {
  const back = msrpHeader(request, "From-Path") ?? "";
  const toPath = request.method === "SEND" ? firstOf(back) : back;
  const fromPath = parts.fromPath ?? firstOf(msrpHeader(request, "To-Path") ?? "");
  const others = (parts.headers ?? []).map(([name, value]) => msrpField(name, value));
  const headers = [msrpField("To-Path", toPath), msrpField("From-Path", fromPath), ...others];
  const head = { kind: "response", transactionId: request.transactionId, status, headers } as const;
  const comment = parts.comment ?? COMMENTS.get(status);
  return comment === undefined ? head : { ...head, comment };
}

function firstOf(path: string): string {
  return path.split(" ", 1)[0] ?? "";
}

/** RFC 4975 10, RFC 4976 10.3, RFC 7701 10.3; the words are Scrim's. */
const COMMENTS: ReadonlyMap<number, string> = new Map([
  [200, "OK"],
  [400, "Unintelligible request"],
  [401, "Unauthorized"],
  [403, "Not allowed"],
  [404, "Recipient not found"],
  [408, "Timeout"],
  [413, "Stop sending this message"],
  [415, "Media type not understood"],
  [423, "Parameter out of bounds"],
  [424, "Malformed nickname"],
  [425, "Nickname reserved or in use"],
  [428, "Private messages not supported"],
  [481, "No such session"],
  [501, "Method not understood"],
  [506, "Session on another connection"],
]);

export interface MsrpReportParts {
  readonly transactionId: string;
  readonly status: MsrpStatus;
  readonly byteRange?: ByteRange;
  /** The URI of whoever reports; else the last of the request's To-Path, which is the session. */
  readonly fromPath?: string;
}

/** A REPORT on a SEND (RFC 4975 7.1.2 to 7.1.4): to its whole From-Path. */
export function msrpReport(request: MsrpRequestHead, parts: MsrpReportParts): MsrpRequestHead {
  const { transactionId, status, byteRange } = parts;
  const fromPath = parts.fromPath ?? (msrpHeader(request, "To-Path") ?? "").split(" ").at(-1) ?? "";
  const range: [string, string][] =
    byteRange === undefined ? [] : [["Byte-Range", formatByteRange(byteRange)]];
  return msrpRequest({
    method: "REPORT",
    transactionId,
    toPath: msrpHeader(request, "From-Path") ?? "",
    fromPath,
    headers: [
      ["Message-ID", msrpHeader(request, "Message-ID") ?? ""],
      ...range,
      ["Status", formatMsrpStatus(status)],
    ],
  });
}

export interface MsrpMessageParts {
  readonly messageId: string;
  readonly toPath: string;
  readonly fromPath: string;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Between Byte-Range and Content-Type: Success-Report, Failure-Report, Content-Disposition. */
  readonly headers?: readonly (readonly [string, string])[];
}

/** RFC 4975 7.1.1: a chunk above 2048 octets has to be interruptible. */
export const LARGEST_FIXED_CHUNK = 2048;

/**
 * A message at hand as SEND requests of at most `chunkBytes` octets each, in order (RFC 4975 7.1.1). A chunk above 2048 octets has `*` as
 * its range-end. One chunk even of an empty body.
 */
export function* msrpChunks(
  message: MsrpMessageParts,
  token: TokenSource,
  chunkBytes = LARGEST_FIXED_CHUNK,
): Generator<MsrpFrame> {
  const total = message.body.length;
  let at = 0;
  do {
    const body = message.body.subarray(at, at + Math.max(1, chunkBytes));
    const end = body.length > LARGEST_FIXED_CHUNK ? "*" : at + body.length;
    const flag: MsrpFlag = at + body.length === total ? "$" : "+";
    const head = sendHead(message, newTransactionIdFor(body, token), { start: at + 1, end, total });
    yield { head, content: "body", bodyBytes: body.length, body, flag };
    at += body.length;
  } while (at < total);
}

/** The head of one chunk of a message. */
export function sendHead(
  message: Omit<MsrpMessageParts, "body">,
  transactionId: string,
  range: ByteRange,
): MsrpRequestHead {
  const { messageId, toPath, fromPath, contentType, headers = [] } = message;
  return msrpRequest({
    method: "SEND",
    transactionId,
    toPath,
    fromPath,
    headers: [
      ["Message-ID", messageId],
      ["Byte-Range", formatByteRange(range)],
      ...headers,
      ["Content-Type", contentType],
    ],
  });
}

/** A copy with one header field of the name: in the place of the first, or before Content-Type. */
export function withMsrpHeader<H extends MsrpHead>(head: H, name: string, value: string): H {
  const [old] = msrpHeaderFields(head, name);
  const others = head.headers.filter((header) => header === old || !sameName(header.name, name));
  if (old !== undefined) {
    const headers = others.map((header) => (header === old ? msrpField(old.name, value) : header));
    return { ...head, headers };
  }
  const last = others.findIndex((header) => sameName(header.name, "Content-Type"));
  const place = last === -1 ? others.length : last;
  return { ...head, headers: [...others.slice(0, place), msrpField(name, value), ...others.slice(place)] };
}

/** A copy without the header fields of the name. */
export function withoutMsrpHeader<H extends MsrpHead>(head: H, name: string): H {
  return { ...head, headers: head.headers.filter((header) => !sameName(header.name, name)) };
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
