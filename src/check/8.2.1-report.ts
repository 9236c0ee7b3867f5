/** Reports of delivery: sent where they were asked for, and only there (clause 8.2.1, step 6); matched by who gets one late (8.1.1, note 2). */
import type { Exchange, ScenarioTrace } from "../trace/scenario-trace.ts";
import { imdnHeadersOf } from "../wire/cpim/imdn-headers.ts";
import { parseCpimAddress } from "../wire/cpim/address.ts";
import { cpimHeader } from "../wire/cpim/cpim.ts";
import { assertedIdentities, fromOf } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import type { Imdn } from "../wire/xml/imdn.ts";
import type { Outcome } from "./check.ts";
import { isTaken, messagesGiven, ofGiven, shownAfter } from "./client-inbox.ts";
import { ofMessagesWith, type SentMessage } from "./client-messages.ts";
import { clientUser, givenToClient, sentByClient } from "./client-view.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { cpimOf, dispositionsAsked, imdnsOf, readable } from "./pager-message.ts";

interface Report {
  readonly exchange: Exchange;
  readonly imdn: Imdn;
}

/** Delivery reports that the client sent after event `seq`. */
function reportsAfter(seq: number, trace: ScenarioTrace): readonly Report[] {
  return sentByClient("MESSAGE", trace)
    .filter(({ request }) => request.seq > seq)
    .flatMap((exchange) =>
      imdnsOf(exchange.request.message)
        .filter(({ kind }) => kind === "delivery")
        .map((imdn) => ({ exchange, imdn })),
    );
}

function asksForReport({ request }: Exchange): boolean {
  return dispositionsAsked(request.message).some((one) => one.toLowerCase() === "positive-delivery");
}

function messageIdOf(request: SipRequest): string | undefined {
  const cpim = cpimOf(request);
  return cpim === undefined ? undefined : imdnHeadersOf(cpim).messageId;
}

const windowOf = (trace: ScenarioTrace): string =>
  `delivery notification of ${clientUser(trace)?.actor ?? ""}`;

export const deliveryReportSent = ofGiven(
  "8.2.1-6a",
  (trace) => messagesGiven(trace).filter((exchange) => isTaken(exchange) && asksForReport(exchange)),
  (exchange, trace) => {
    const expected = "a MESSAGE with message/imdn+xml: delivered, for the Message-ID that was asked about";
    const id = messageIdOf(exchange.request.message);
    const since = exchange.final ?? exchange.request;
    const reports = reportsAfter(exchange.request.seq, trace);
    const own = reports.find(({ imdn }) => imdn.messageId === id);
    if (own !== undefined) return judgeReport(own, exchange, expected);
    if (!trace.absenceProven(since.at, windowOf(trace)) && reports.length === 0) return [];
    const other = reports.find((report) => !isAboutAnother(report, exchange, trace));
    return other === undefined
      ? missed(expected, "none came", exchange)
      : missed(
          expected,
          `a report for Message-ID ${other.imdn.messageId}, not ${id ?? ""}`,
          exchange,
          other.exchange,
        );
  },
);

/** Whether the report answers another message that asked for one. */
function isAboutAnother({ imdn }: Report, exchange: Exchange, trace: ScenarioTrace): boolean {
  return messagesGiven(trace).some(
    (other) =>
      other !== exchange && asksForReport(other) && messageIdOf(other.request.message) === imdn.messageId,
  );
}

function judgeReport({ exchange, imdn }: Report, cause: Exchange, expected: string): Outcome {
  const { request } = exchange;
  if (imdn.status !== "delivered") return missed(expected, `status ${imdn.status}`, cause, request);
  const to = waysBack(cause.request.message);
  return expectThat(
    to.some((uri) => sameAddressOfRecord(uri, request.message.uri)),
    `${expected}, to ${to.join(" or ")}`,
    `delivered, to ${request.message.uri}`,
    cause,
    request,
  );
}

/** RFC 5438 7.2.1: the nearest intermediary that recorded itself, else the sender. */
function waysBack(request: SipRequest): readonly string[] {
  const cpim = cpimOf(request);
  const bare = (value: string): string => readable(() => parseCpimAddress(value).uri, value);
  const recorded = cpim === undefined ? [] : imdnHeadersOf(cpim).recordRoutes.map(bare);
  if (recorded.length > 0) return recorded.slice(0, 1);
  const from = cpim === undefined ? undefined : cpimHeader(cpim, "From")?.value;
  const senders = [...assertedIdentities(request).map(({ uri }) => uri), fromOf(request)?.uri];
  return [
    ...(from === undefined ? [] : [bare(from)]),
    ...senders.filter((uri): uri is string => uri !== undefined),
  ];
}

export const deliveryReportOnlyOnRequest = ofGiven(
  "8.2.1-6b",
  (trace) => messagesGiven(trace).filter((exchange) => isTaken(exchange) && !asksForReport(exchange)),
  (exchange, trace) => {
    const expected = "no report of delivery";
    const since = exchange.final ?? exchange.request;
    const stray = reportsAfter(exchange.request.seq, trace).find(
      (report) => !isAboutAnother(report, exchange, trace),
    );
    if (stray !== undefined) return missed(expected, "one was sent", exchange, stray.exchange.request);
    return trace.absenceProven(since.at, windowOf(trace)) ? passed(expected, "none came", exchange) : [];
  },
);

/** A 202, and later a report about the message: the driver shows it as one. */
export const messageIdKept = ofMessagesWith(
  "8.1.1-n2",
  ({ report }, { final }) => report.length > 0 && final?.message.status === 202,
  judgeLateReport,
);

function judgeLateReport(
  { exchange, wish }: SentMessage,
  trace: ScenarioTrace,
): Outcome | readonly Outcome[] {
  const id = messageIdOf(exchange.request.message);
  const late = givenToClient("MESSAGE", trace).find(
    ({ request }) =>
      request.seq > exchange.request.seq &&
      imdnsOf(request.message).some(({ messageId }) => messageId === id),
  );
  const told = late?.final === undefined ? undefined : shownAfter(late.final.seq, trace);
  if (late === undefined || told === undefined || id === undefined) return [];
  const expected = "the report shown as one about the message that was sent";
  const shown = told.entries.filter(({ kind }) => kind === "delivery-report");
  if (shown.length === 0) return missed(expected, "no delivery report was shown", exchange, late);
  const matched = shown.some(({ text }) => [id, wish.text].some((words) => text.includes(words)));
  return matched
    ? passed(expected, `shown: ${shown[0]?.text.slice(0, 80) ?? ""}`, exchange, late)
    : noted(
        expected,
        `shown: ${shown[0]?.text.slice(0, 80) ?? ""}`,
        "which message it is about is not told",
        exchange,
        late,
      );
}
