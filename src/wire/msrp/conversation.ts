/**
 * What takes more than one message to see: answers to requests, reports on messages, chunks of messages (RFC 4975 7). For one connection,
 * whose two ends are `a` and `b`; messages are given in the order in which they were seen.
 */
import { msrpReadable } from "./error.ts";
import {
  byteRangeOf,
  failureReportOf,
  messageIdOf,
  msrpHeader,
  statusOf,
  successReportOf,
} from "./headers.ts";
import type { FailureReport } from "./headers.ts";
import type { MsrpFrame, MsrpRequestHead, MsrpResponseHead } from "./message.ts";
import { sameMsrpUri } from "./uri.ts";
import { inMsrpMessage } from "./violation.ts";
import type { MsrpViolation, MsrpViolationCode } from "./violation.ts";

export type MsrpEnd = "a" | "b";

export interface MsrpConversation {
  /** What the message, sent by that end, does wrong in the light of what was seen before. Message by message, see `msrpViolations`. */
  observe(sender: MsrpEnd, frame: MsrpFrame): MsrpViolation[];
}

/** Remembers at most this many transactions and messages each, the newest. */
const REMEMBERED = 10_000;

export function createMsrpConversation(): MsrpConversation {
  return new Conversation();
}

interface Transaction {
  readonly request: MsrpRequestHead;
  readonly message: Message | undefined;
  /** An answer has to come; until then the identifier is in use. */
  readonly waits: boolean;
  answered: boolean;
}

interface Message {
  readonly successReport: boolean;
  readonly failureReport: FailureReport;
  /** Octet that the next chunk has to begin with. */
  next: number;
  ended: boolean;
  /** A 413 to it was seen. */
  refused: boolean;
}

class Conversation implements MsrpConversation {
  readonly #transactions = new Map<string, Transaction>();
  readonly #messages = new Map<string, Message>();

  observe(sender: MsrpEnd, frame: MsrpFrame): MsrpViolation[] {
    const { head } = frame;
    if (head.kind === "response") return this.#response(other(sender), head);
    const before = this.#transactions.get(keyOf(sender, head.transactionId));
    const reused = before?.waits === true && !before.answered;
    const found = reused
      ? violation(
          "transaction-reused",
          "RFC 4975 7.1",
          `${head.transactionId} is still waiting for its answer`,
        )
      : [];
    if (head.method === "REPORT") found.push(...this.#report(other(sender), head));
    const message = head.method === "SEND" ? this.#chunk(sender, head, frame, found) : undefined;
    const waits = head.method !== "REPORT" && (message?.failureReport ?? "yes") === "yes";
    const transaction = { request: head, message, waits, answered: false };
    remember(this.#transactions, keyOf(sender, head.transactionId), transaction);
    return found;
  }

  #response(requester: MsrpEnd, head: MsrpResponseHead): MsrpViolation[] {
    const transaction = this.#transactions.get(keyOf(requester, head.transactionId));
    if (transaction === undefined)
      return violation("response-unmatched", "RFC 4975 7.2", `no request ${head.transactionId} was seen`);
    const { request, message, answered } = transaction;
    if (request.method === "REPORT")
      return violation("response-to-report", "RFC 4975 7.1.2", "a REPORT is never answered");
    const found = unwanted(head, message);
    if (answered && found.length === 0)
      found.push(
        ...violation("response-unmatched", "RFC 4975 7.2", `${head.transactionId} was answered before`),
      );
    transaction.answered = true;
    if (head.status === 413 && message !== undefined) message.refused = true;
    return [...found, ...pathBack(request, head)];
  }

  #report(sender: MsrpEnd, head: MsrpRequestHead): MsrpViolation[] {
    const message = this.#messages.get(messageKey(sender, head, "To-Path"));
    const status = msrpReadable(() => statusOf(head));
    if (message === undefined || status === undefined) return [];
    if (status.code === 413) message.refused = true;
    if (status.code === 200 && !message.successReport)
      return violation("report-not-wanted", "RFC 4975 7.1.3", "the SEND did not ask for success reports");
    return status.code !== 200 && message.failureReport === "no"
      ? violation("report-not-wanted", "RFC 4975 7.1.4", "the SEND wanted no failure reports")
      : [];
  }

  /** Notes the chunk; what is wrong with it is added to `found`. */
  #chunk(sender: MsrpEnd, head: MsrpRequestHead, frame: MsrpFrame, found: MsrpViolation[]): Message {
    const key = messageKey(sender, head, "From-Path");
    const known = messageIdOf(head) === undefined ? undefined : this.#messages.get(key);
    const range = msrpReadable(() => byteRangeOf(head));
    const message = known ?? {
      successReport: msrpReadable(() => successReportOf(head)) ?? false,
      failureReport: msrpReadable(() => failureReportOf(head)) ?? "yes",
      // A message may go on from another connection (RFC 4975 7.3.2), so what comes first may begin anywhere.
      next: range?.start ?? 1,
      ended: false,
      refused: false,
    };
    found.push(...chunkViolations(head, frame, message, known === undefined));
    message.next = (range?.start ?? message.next) + frame.bodyBytes;
    message.ended ||= frame.flag !== "+";
    remember(this.#messages, key, message);
    return message;
  }
}

function chunkViolations(
  head: MsrpRequestHead,
  frame: MsrpFrame,
  message: Message,
  first: boolean,
): MsrpViolation[] {
  const clause = "RFC 4975 7.1.1";
  const range = msrpReadable(() => byteRangeOf(head));
  const found: MsrpViolation[] = [];
  if (!first && message.ended)
    return violation(
      "message-ended",
      "RFC 4975 7.1",
      "the message ended with an earlier chunk",
      "Message-ID",
    );
  // A chunk on its way when the 413 came is interrupted (RFC 4975 10.5): the flag # is how that looks.
  if (message.refused && frame.flag !== "#")
    found.push(
      ...violation("message-refused", "RFC 4975 10.5", "the message was refused with 413", "Message-ID"),
    );
  if (!first && msrpHeader(head, "Byte-Range") === undefined)
    found.push(
      ...violation("chunk-range-missing", clause, "expected in every chunk but the first", "Byte-Range"),
    );
  if (range !== undefined && range.start !== message.next) {
    const what = `expected the chunk that begins with octet ${message.next}, got ${range.start}`;
    found.push(...violation("chunk-order", clause, what, "Byte-Range"));
  }
  const success = msrpReadable(() => successReportOf(head)) ?? message.successReport;
  const failure = msrpReadable(() => failureReportOf(head)) ?? message.failureReport;
  if (success !== message.successReport || failure !== message.failureReport)
    found.push(...violation("chunk-reports", clause, "expected the reports that the first chunk asked for"));
  return found;
}

/** RFC 4975 7.1.4 and 7.2: what Failure-Report says of answers. */
function unwanted(head: MsrpResponseHead, message: Message | undefined): MsrpViolation[] {
  const code = "response-not-wanted";
  if (message?.failureReport === "no") return violation(code, "RFC 4975 7.1.4", "Failure-Report was no");
  return message?.failureReport === "partial" && head.status === 200
    ? violation(code, "RFC 4975 7.1.4", "Failure-Report was partial, which wants no 200")
    : [];
}

/** RFC 4975 7.2: to the previous hop of a SEND, along the whole path of anything else. */
function pathBack(request: MsrpRequestHead, head: MsrpResponseHead): MsrpViolation[] {
  const from = msrpHeader(request, "From-Path")?.split(" ") ?? [];
  const expected = request.method === "SEND" ? from.slice(0, 1) : from;
  const actual = msrpHeader(head, "To-Path")?.split(" ") ?? [];
  const same =
    expected.length === actual.length &&
    expected.every((uri, index) => sameMsrpUri(uri, actual[index] ?? ""));
  const what = `expected ${expected.join(" ")}, got ${actual.join(" ")}`;
  return same || expected.length === 0 ? [] : violation("response-path", "RFC 4975 7.2", what, "To-Path");
}

function violation(code: MsrpViolationCode, clause: string, what: string, header = ""): MsrpViolation[] {
  return [inMsrpMessage(code, clause, what, header)];
}

function other(end: MsrpEnd): MsrpEnd {
  return end === "a" ? "b" : "a";
}

function keyOf(end: MsrpEnd, transactionId: string): string {
  return `${end} ${transactionId}`;
}

/** A Message-ID counts within the session of its sender, which is the last URI of a path. */
function messageKey(end: MsrpEnd, head: MsrpRequestHead, path: "From-Path" | "To-Path"): string {
  const session = msrpHeader(head, path)?.split(" ").at(-1) ?? "";
  return `${end} ${messageIdOf(head) ?? ""} ${session}`;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED) break;
    map.delete(oldest);
  }
}
