/**
 * Delivery notifications about a group message: those that reach the controlling function, and those that it sends to who asked (8.3.1.2 to
 * 8.3.1.4). They carry no token; the Message-ID of the message ties them to it (RFC 5438 6).
 */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { policyIn } from "../spec/configuration-sets.ts";
import { imdnHeadersOf } from "../wire/cpim/imdn-headers.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Imdn } from "../wire/xml/imdn.ts";
import { originatorOf } from "./grounds.ts";
import {
  acceptedGroupMessages,
  copiesOf,
  mustReceive,
  recipientOf,
  type GroupMessage,
} from "./group-message.ts";
import { cpimOf, dispositionsAsked, imdnsOf } from "./pager-message.ts";

/** A MESSAGE that brings notifications about one group message. */
export interface Notice {
  readonly exchange: Exchange;
  readonly at: number;
  readonly seq: number;
  readonly imdns: readonly Imdn[];
}

/** A group message that was taken and asks for notifications, with all that was reported on it. */
export interface ReportedMessage extends GroupMessage {
  readonly asked: readonly string[];
  /** When the server was given the message: Ts2 starts then, where it starts. Milliseconds since the epoch. */
  readonly start: number;
  /** Notifications that reached the controlling function. */
  readonly received: readonly Notice[];
  /** Notifications that the controlling function sent on, made or put together. */
  readonly sent: readonly Notice[];
}

export function reportedMessages(trace: ScenarioTrace): readonly ReportedMessage[] {
  return acceptedGroupMessages(trace).flatMap((message) => {
    const asked = dispositionsAsked(message.request).map((value) => value.toLowerCase());
    return asked.length === 0 ? [] : [reported(message, asked, trace)];
  });
}

function reported(message: GroupMessage, asked: readonly string[], trace: ScenarioTrace): ReportedMessage {
  const ids = messageIdsOf(message, trace);
  return {
    ...message,
    asked,
    start: message.exchange.request.at,
    received: noticesAbout(ids, "to-sut", trace),
    sent: noticesAbout(ids, "from-sut", trace),
  };
}

/** The id that the sender gave the message, and those of copies, should the server have changed it. */
function messageIdsOf(message: GroupMessage, trace: ScenarioTrace): ReadonlySet<string> {
  const requests = [message.request, ...copiesOf(message, trace).map(({ request }) => request.message)];
  return new Set(requests.flatMap((request) => messageIdOf(request) ?? []));
}

function messageIdOf(request: Parameters<typeof cpimOf>[0]): string | undefined {
  const cpim = cpimOf(request);
  return cpim === undefined ? undefined : imdnHeadersOf(cpim).messageId;
}

function noticesAbout(
  ids: ReadonlySet<string>,
  way: "to-sut" | "from-sut",
  trace: ScenarioTrace,
): readonly Notice[] {
  return noticesAt(way, trace)
    .map((notice) => ({ ...notice, imdns: notice.imdns.filter(({ messageId }) => ids.has(messageId)) }))
    .filter(({ imdns }) => imdns.length > 0);
}

function noticesAt(way: "to-sut" | "from-sut", trace: ScenarioTrace): readonly Notice[] {
  return trace
    .exchanges({ method: "MESSAGE", way, function: "controlling" })
    .map((exchange) => noticeOf(exchange))
    .filter(({ imdns }) => imdns.length > 0);
}

function noticeOf(exchange: Exchange): Notice {
  const { at, seq, message } = exchange.request;
  return { exchange, at, seq, imdns: imdnsOf(message) };
}

/** What the controlling function sent to the sender of a message that asked for nothing, and about no message that asked for something. */
export function unaskedNotices({ exchange, sender }: GroupMessage, trace: ScenarioTrace): readonly Notice[] {
  const asking = trace
    .exchanges({ method: "MESSAGE" })
    .filter(({ request }) => dispositionsAsked(request.message).length > 0);
  const ids = new Set(asking.flatMap(({ request }) => messageIdOf(request.message) ?? []));
  return noticesAt("from-sut", trace)
    .filter(({ seq }) => seq > exchange.request.seq)
    .filter(({ imdns }) => imdns.every(({ messageId }) => !ids.has(messageId)))
    .filter(
      (notice) => sender !== undefined && sameAddressOfRecord(notice.exchange.request.message.uri, sender),
    );
}

/** A copy that ended in a failure response, and for whom it was; an earlier attempt that was repeated does not count. */
export interface FailedCopy {
  readonly copy: Exchange;
  readonly recipient: string;
  /** When the failure reached the server. */
  readonly at: number;
  readonly seq: number;
}

export function failedCopies(message: GroupMessage, trace: ScenarioTrace): readonly FailedCopy[] {
  const copies = copiesOf(message, trace);
  return message.recipients.flatMap((recipient) => {
    const copy = copies.findLast((one) => recipientOf(one, [recipient]) !== undefined);
    const final = copy?.final;
    if (copy === undefined || final === undefined || final.message.status < 400) return [];
    return [{ copy, recipient, at: final.at, seq: final.seq }];
  });
}

export function saysNotDelivered(imdn: Imdn): boolean {
  return imdn.kind === "delivery" && imdn.status !== "delivered";
}

/** Whether a notification is about what became of the message at a recipient. Without the URI it may be about anyone. */
export function isAbout({ recipientUri, originalRecipientUri }: Imdn, recipient: string): boolean {
  const named = [recipientUri, originalRecipientUri].filter((uri) => uri !== undefined);
  return named.length === 0 || named.some((uri) => sameAddressOfRecord(uri, recipient));
}

/** The same report, held and sent on. Both are about the message already; the server may have given its copies ids of their own. */
function sameReport(a: Imdn, b: Imdn): boolean {
  return (
    a.kind === b.kind &&
    a.status === b.status &&
    (a.recipientUri === undefined ||
      b.recipientUri === undefined ||
      sameAddressOfRecord(a.recipientUri, b.recipientUri))
  );
}

/** Whether a notification went out while Ts2 ran and recipients had not reported yet (15.1: the timer ends when everyone has). */
export function isSentEarly(message: ReportedMessage, sent: Notice, trace: ScenarioTrace): boolean {
  return isGathering(message, sent.at, trace) && !allReported(message, sent.seq, trace);
}

/** Where a report was sent on, after it had come. */
export function sentOn(imdn: Imdn, after: number, { sent }: ReportedMessage): Notice | undefined {
  return sent.find(({ seq, imdns }) => seq > after && imdns.some((one) => sameReport(one, imdn)));
}

/** Ts2 of the server under test, in milliseconds; undefined where it gathers nothing. */
export function aggregationMs({ sutFile, configurationSet }: ScenarioTrace): number | undefined {
  const { server } = sutFile;
  return server !== undefined && policyIn(server, configurationSet).aggregation
    ? server.timers.ts2Ms
    : undefined;
}

/** Timers of a platform may fire a little early. */
const EARLY = 0.1;

/** Whether Ts2 of the message surely runs at a time, unless everyone has reported. */
export function isGathering({ start }: ReportedMessage, at: number, trace: ScenarioTrace): boolean {
  const ts2 = aggregationMs(trace);
  return ts2 !== undefined && at < start + ts2 * (1 - EARLY);
}

/** Whether Ts2 of the message is surely over at a time, or never ran. */
export function isPastGathering({ start }: ReportedMessage, at: number, trace: ScenarioTrace): boolean {
  const ts2 = aggregationMs(trace);
  return ts2 === undefined || at > start + ts2 + trace.sutFile.guards.quietMs;
}

/** Whether nothing more was to be expected at `seq`: Ts2 ends then (15.1). */
function allReported(message: ReportedMessage, seq: number, trace: ScenarioTrace): boolean {
  const before = message.received.filter((notice) => notice.seq < seq);
  const positive = message.asked.some((value) => value !== "negative-delivery");
  return mustReceive(message).every(
    (recipient) =>
      before.some((notice) => reporterIs(notice, recipient)) ||
      hasSettled(message, recipient, seq, positive, trace),
  );
}

function reporterIs({ exchange, imdns }: Notice, recipient: string): boolean {
  const reporter = originatorOf(exchange.request.message);
  return (
    (reporter !== undefined && sameAddressOfRecord(reporter, recipient)) ||
    imdns.some((imdn) => imdn.recipientUri !== undefined && isAbout(imdn, recipient))
  );
}

/** A failure says all there is; success does where only failures were to be told. */
function hasSettled(
  message: GroupMessage,
  recipient: string,
  seq: number,
  positive: boolean,
  trace: ScenarioTrace,
): boolean {
  const final = copiesOf(message, trace).findLast(
    (one) => recipientOf(one, [recipient]) !== undefined,
  )?.final;
  if (final === undefined || final.seq > seq) return false;
  return final.message.status >= 300 || !positive;
}

/** Whether it was silent so long after `at` that Ts2 of a message given to the server then would have ended. */
export function silentPastGathering(at: number, trace: ScenarioTrace): boolean {
  const needed = (aggregationMs(trace) ?? 0) + trace.sutFile.guards.quietMs;
  return (
    trace.complete &&
    trace.windows.some(({ how, closedAt }) => how === "elapsed" && closedAt - at >= needed * (1 - EARLY))
  );
}
