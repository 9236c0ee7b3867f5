/** MSRP from one session to another, as it comes (clause 6.1.3, 2 and 3): a message is sent on before it is complete, its octets unchanged. */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import { createSharedSource } from "../../../endpoint/msrp/source.ts";
import { msrpReadable } from "../../../wire/msrp/error.ts";
import {
  byteRangeOf,
  contentTypeOf,
  failureReportOf,
  messageIdOf,
  msrpHeader,
  statusOf,
  successReportOf,
} from "../../../wire/msrp/headers.ts";
import type { MsrpRequestHead } from "../../../wire/msrp/message.ts";

/** Octets that may wait for the far end to read before the sender has to wait. */
const MOST_WAITING = 262_144;
/** Fields that each hop writes for itself. */
const OF_ONE_HOP: ReadonlySet<string> = new Set([
  "to-path",
  "from-path",
  "message-id",
  "byte-range",
  "success-report",
  "failure-report",
  "content-type",
]);

/** Looks at the beginning of a message; `wait`: more of it is needed. */
export type Inspection = (
  octets: Uint8Array,
  complete: boolean,
) => "pass" | "wait" | { readonly refuse: number };

/** Messages that came from one end, by Message-ID: reports on them may come long after they went on. */
export type Sent = Map<string, IncomingStream>;

/** As many as an endpoint remembers; the oldest go first. */
const REMEMBERED = 1024;

export interface Relaying {
  readonly from: MsrpSession;
  readonly to: () => MsrpSession;
  /** Whether messages from this end go on at all. */
  readonly passes: () => boolean;
  readonly inspect: (incoming: IncomingStream) => Inspection | undefined;
  /** What came from this end, and what came from the other and is reported on here. */
  readonly sent: Sent;
  readonly sentByOther: Sent;
}

export function relayMessages({ from, to, passes, inspect, sent, sentByOther }: Relaying): void {
  from.onReport((report, body) => {
    const incoming = sentByOther.get(messageIdOf(report) ?? "");
    if (incoming !== undefined) reportBack(incoming, report, body);
  });
  from.onIncoming((incoming) => {
    if (!passes()) return;
    sent.set(incoming.messageId, incoming);
    const oldest = sent.keys().next();
    if (sent.size > REMEMBERED && oldest.done !== true) sent.delete(oldest.value);
    const inspection = inspect(incoming);
    if (inspection === undefined) carry(incoming, to());
    else hold(incoming, inspection, () => carry(incoming, to()));
  });
}

/** Takes octets of the message and their place in it. */
type Carrying = (bytes: Uint8Array, at: number) => void;

/** Begins to send the message on; what comes of it from now on follows. */
function carry(incoming: IncomingStream, to: MsrpSession): Carrying {
  const { head, messageId, contentType, total } = incoming;
  const source = createSharedSource(total === "*" ? undefined : total);
  const reader = source.reader();
  source.seal();
  const failureReport = msrpReadable(() => failureReportOf(head)) ?? "yes";
  let over = false;
  const sending = to.send(reader, {
    contentType,
    messageId,
    successReport: msrpReadable(() => successReportOf(head)) ?? false,
    ...(msrpHeader(head, "Failure-Report") === undefined ? {} : { failureReport }),
    headers: head.headers
      .filter(({ name }) => !OF_ONE_HOP.has(name.toLowerCase()))
      .map(({ name, value }) => [name, value] as const),
    onDone: (outcome) => {
      if (outcome.kind !== "failed" || outcome.via === "report") return;
      if (over) incoming.report(outcome.status, outcome.comment);
      else incoming.refuse(outcome.status);
    },
  });
  const inOrder = createOrder((bytes) => {
    source.push(bytes);
    if (source.backlog > MOST_WAITING) incoming.pause();
  });
  incoming.onOctets((bytes, at) => inOrder(bytes.slice(), at));
  source.onCaughtUp(() => incoming.resume());
  incoming.onEnd((end) => {
    over = true;
    if (end === "complete") source.end();
    else sending.abort();
  });
  return inOrder;
}

/** With what it carries: a Final Report may (5.7.4). */
function reportBack(incoming: IncomingStream, report: MsrpRequestHead, body: Uint8Array | undefined): void {
  const status = msrpReadable(() => statusOf(report));
  const contentType = contentTypeOf(report);
  if (status !== undefined)
    incoming.report(
      status.code,
      status.comment,
      msrpReadable(() => byteRangeOf(report)),
      body === undefined || contentType === undefined ? undefined : { contentType, body },
    );
}

/** Pieces in the order of the message: one that comes too early waits for those before it. */
function createOrder(push: (bytes: Uint8Array) => void): (bytes: Uint8Array, at: number) => void {
  const early = new Map<number, Uint8Array>();
  let next = 1;
  return (bytes, at) => {
    early.set(at, bytes);
    for (let piece = early.get(next); piece !== undefined; piece = early.get(next)) {
      early.delete(next);
      next += piece.length;
      push(piece);
    }
  };
}

/** Keeps the beginning of a message until it is known whether it may go on. */
function hold(incoming: IncomingStream, inspection: Inspection, start: () => Carrying): void {
  const held: { readonly bytes: Uint8Array; readonly at: number }[] = [];
  let decided = false;
  const look = (complete: boolean): void => {
    const whole = Buffer.concat(held.map(({ bytes }) => bytes));
    const verdict = inspection(whole, complete);
    if (verdict === "wait" && !complete) return;
    decided = true;
    if (verdict !== "wait" && verdict !== "pass") return incoming.refuse(verdict.refuse);
    const octets = start();
    for (const { bytes, at } of held.splice(0)) octets(bytes, at);
  };
  incoming.onOctets((bytes, at) => {
    if (decided) return;
    held.push({ bytes: bytes.slice(), at });
    look(false);
  });
  incoming.onEnd((end) => {
    if (!decided && end === "complete") look(true);
  });
}
