/** What body, Byte-Range and flag have to do with each other (RFC 4975 7.1, 7.1.1, 7.1.2, 7.2). */
import { LARGEST_FIXED_CHUNK } from "./build.ts";
import { msrpReadable } from "./error.ts";
import { byteRangeOf, msrpHeaderFields } from "./headers.ts";
import type { ByteRange } from "./headers.ts";
import type { MsrpFrame } from "./message.ts";
import { inMsrpField, inMsrpMessage, nameOf } from "./violation.ts";
import type { MsrpViolation } from "./violation.ts";

export function bodyViolations(frame: MsrpFrame): MsrpViolation[] {
  return [...contentViolations(frame), ...rangeViolations(frame), ...flagViolations(frame)];
}

/** RFC 4975 7.1: "Non-SEND request bodies MUST NOT be larger than 10240 octets." */
const LARGEST_OTHER_BODY = 10_240;

function contentViolations(frame: MsrpFrame): MsrpViolation[] {
  const { head, content, bodyBytes } = frame;
  const found: MsrpViolation[] = [];
  const report = (code: MsrpViolation["code"], clause: string, what: string, header = ""): void => {
    found.push(inMsrpMessage(code, clause, what, header));
  };
  if (head.kind === "response" && content !== "none")
    report(
      "body-forbidden",
      "RFC 4975 9 msrp-response",
      "expected the end-line behind the header fields of a response",
    );
  if (content === "empty-line")
    report(
      "empty-line",
      "RFC 4975 7.1, 9 content-stuff",
      "expected a body and a CRLF behind the empty line, or no empty line",
    );
  if (content === "body" && head.kind === "request" && msrpHeaderFields(head, "Content-Type").length === 0)
    report("content-type-missing", "RFC 4975 7.1", "expected with a body, got none", "Content-Type");
  if (head.kind === "request" && head.method !== "SEND" && bodyBytes > LARGEST_OTHER_BODY)
    report(
      "body-too-large",
      "RFC 4975 7.1",
      `expected at most ${LARGEST_OTHER_BODY} octets, got ${bodyBytes}`,
    );
  if (bodyHoldsEndLine(frame))
    report(
      "end-line-in-body",
      "RFC 4975 7.1",
      "expected a transaction identifier whose end-line is not in the body",
    );
  return found;
}

/** Seven hyphens, identifier and flag, at the beginning of a line or not: receivers may look for less than the whole line. */
function bodyHoldsEndLine({ head, body }: MsrpFrame): boolean {
  if (body === undefined) return false;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return ["$", "+", "#"].some((flag) => bytes.includes(`-------${head.transactionId}${flag}`, 0, "latin1"));
}

function rangeViolations(frame: MsrpFrame): MsrpViolation[] {
  const [field] = msrpHeaderFields(frame.head, "Byte-Range");
  const range = msrpReadable(() => byteRangeOf(frame.head));
  if (field === undefined || range === undefined) return largeChunk(frame, undefined);
  const found = RANGE_RULES.flatMap(({ clause, wrong }) => {
    const what = wrong(range, frame);
    return what === undefined ? [] : [inMsrpField(field, "byte-range", clause, what)];
  });
  const isSend = frame.head.kind === "request" && frame.head.method === "SEND";
  if (found.length > 0 || !isSend) return found;
  return [...largeChunk(frame, range), ...lengthViolations(frame, range)];
}

interface RangeRule {
  readonly clause: string;
  /** What is wrong; undefined when nothing is. */
  readonly wrong: (range: ByteRange, frame: MsrpFrame) => string | undefined;
}

const RANGE_CLAUSE = "RFC 4975 7.1.1";

const RANGE_RULES: readonly RangeRule[] = [
  {
    clause: RANGE_CLAUSE,
    wrong: ({ start }) => (start === 0 ? "expected octets counted from 1, got 0" : undefined),
  },
  {
    clause: RANGE_CLAUSE,
    wrong: ({ start, end }) =>
      end !== "*" && end < start - 1
        ? `expected a range-end of at least ${start - 1}, got ${end}`
        : undefined,
  },
  {
    clause: RANGE_CLAUSE,
    wrong: ({ end, total }) =>
      end !== "*" && total !== "*" && end > total
        ? `expected a range-end up to ${total}, got ${end}`
        : undefined,
  },
  {
    clause: RANGE_CLAUSE,
    wrong: ({ start, total }) =>
      total !== "*" && start > total + 1
        ? `expected a range-start up to ${total + 1}, got ${start}`
        : undefined,
  },
  {
    clause: RANGE_CLAUSE,
    wrong: ({ start, total }, { head, content }) =>
      head.kind === "request" && head.method === "SEND" && start > 1 && (content === "none" || total === 0)
        ? `expected a range-start of 1 where there is no content, got ${start}`
        : undefined,
  },
];

/** RFC 4975 7.1.1: a chunk above 2048 octets has `*` as its range-end. */
function largeChunk({ head, bodyBytes }: MsrpFrame, range: ByteRange | undefined): MsrpViolation[] {
  const isSend = head.kind === "request" && head.method === "SEND";
  if (!isSend || bodyBytes <= LARGEST_FIXED_CHUNK || range === undefined || range.end === "*") return [];
  const what = `expected * as range-end of a chunk of ${bodyBytes} octets, got ${range.end}`;
  return msrpHeaderFields(head, "Byte-Range")
    .slice(0, 1)
    .map((field) => inMsrpField(field, "byte-range", RANGE_CLAUSE, what));
}

function lengthViolations({ bodyBytes, flag }: MsrpFrame, range: ByteRange): MsrpViolation[] {
  const { start, end, total } = range;
  const last = start - 1 + bodyBytes;
  const wrong = (what: string): MsrpViolation[] => [inMsrpMessage("body-length", RANGE_CLAUSE, what)];
  // An abort cuts a chunk short wherever it is; 7.3.1 calls anything else short of range-end illegal.
  if (end !== "*" && last !== end && (flag !== "#" || last > end))
    return wrong(`expected ${end - start + 1} octets as Byte-Range says, got ${bodyBytes}`);
  if (total === "*") return [];
  if (last > total) return wrong(`expected octets up to ${total}, got them up to ${last}`);
  return flag === "$" && last < total
    ? wrong(`expected the last octet of the message to be ${total}, got ${last}`)
    : [];
}

function flagViolations({ head, flag }: MsrpFrame): MsrpViolation[] {
  if (flag === "$" || (head.kind === "request" && head.method === "SEND")) return [];
  const clause = head.kind === "response" ? "RFC 4975 7.2" : "RFC 4975 7.1, 7.1.2";
  return [inMsrpMessage("flag", clause, `expected $ at the end of a ${nameOf(head)}, got ${flag}`)];
}
