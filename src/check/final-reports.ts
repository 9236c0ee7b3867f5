/** Final Reports that came to the sender of a message, as REPORT or as SEND (clause 5.7.3, Appendix O). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { MsrpRecord } from "../trace/session/msrp-records.ts";
import { isMsrpRequest } from "../trace/session/msrp-records.ts";
import { parseCpim } from "../wire/cpim/parse.ts";
import { parseContentType } from "../wire/mime/content-type.ts";
import { msrpHeader, successReportOf } from "../wire/msrp/headers.ts";
import type { MsrpRequestHead } from "../wire/msrp/message.ts";
import { sameAddressOfRecord } from "../wire/sip/uri.ts";
import {
  FINAL_REPORT_TYPE_SPELLINGS,
  TOO_LARGE_STATUS,
  readFinalReport,
  type FinalReport,
  type ReportedLeg,
} from "../wire/xml/final-report.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";
import type { Participant } from "./conference.ts";
import { isTaken, isTooLargeFor, recipientsOf } from "./deliveries.ts";
import { endedAt, isBound, limitOf } from "./session-media.ts";
import { copiesAt } from "./session-tokens.ts";
import { isKnown, misbehaves, ownEntities, talks, type Talk } from "./switch-messages.ts";
import { hadTimeFor } from "./waiting-time.ts";

export interface SentReport {
  /** The REPORT, or the first chunk. */
  readonly record: MsrpRecord<MsrpRequestHead>;
  /** As sent. */
  readonly contentType: string;
  /** Whether it is one of the printed types. */
  readonly isTyped: boolean;
  readonly body: Uint8Array;
  /** Undefined: it cannot be read. */
  readonly document: FinalReport | undefined;
}

/** What came to the nodes of Scrim and is, or is meant to be, a Final Report; in order. A SEND may come in several chunks (RFC 4975 5.1). */
const reportsAt = memo((trace: ScenarioTrace): readonly SentReport[] =>
  [...byReport(trace), ...bySend(trace)]
    .filter(({ record }) => record.way === "from-sut")
    .sort((one, other) => one.record.seq - other.record.seq)
    .flatMap(({ record, contentType, body }) => {
      const type = readable(() => parseContentType(contentType).type, "");
      const isTyped = FINAL_REPORT_TYPE_SPELLINGS.includes(type);
      const document = readable(() => readFinalReport(body), undefined) ?? wrappedReport(type, body);
      return isTyped || document !== undefined ? [{ record, contentType, isTyped, body, document }] : [];
    }),
);

type Carried = Pick<SentReport, "record" | "contentType" | "body">;

function byReport(trace: ScenarioTrace): readonly Carried[] {
  return trace.sessionMode.msrp.filter(isMsrpRequest).flatMap((record) => {
    const contentType = msrpHeader(record.head, "Content-Type")?.trim();
    const { body } = record;
    return record.head.method === "SEND" || contentType === undefined || body === undefined
      ? []
      : [{ record, contentType, body }];
  });
}

function bySend(trace: ScenarioTrace): readonly Carried[] {
  return trace.sessionMode.messages.flatMap(({ chunks: [first], contentType, body }) =>
    first === undefined || contentType === undefined || body === undefined
      ? []
      : [{ record: first.request, contentType, body }],
  );
}

/** A server may take the wrapper of the session for due. */
function wrappedReport(type: string, body: Uint8Array): FinalReport | undefined {
  return type === "message/cpim"
    ? readable(() => readFinalReport(parseCpim(body).body), undefined)
    : undefined;
}

/** Those on the message: by Message-ID of the document or of the REPORT, and of the one that alone was asked about. */
export function finalReportsOf({ sent, sender }: Talk, trace: ScenarioTrace): readonly SentReport[] {
  const asked = talks(trace).filter(
    (one) => one.sender.user.node === sender.user.node && one.finalReport === "yes",
  );
  return reportsAt(trace).filter(({ record, document }) => {
    if (record.node !== sent.node || record.seq < sent.seq) return false;
    const id =
      record.head.method === "REPORT" ? msrpHeader(record.head, "Message-ID")?.trim() : document?.messageId;
    return id === sent.messageId || asked.length === 1;
  });
}

export function reportedLegs(talk: Talk, trace: ScenarioTrace): readonly ReportedLeg[] {
  return finalReportsOf(talk, trace).flatMap(({ document }) => document?.legs ?? []);
}

/** What a recipient told of the message, or would have told. */
export interface Fate {
  readonly recipient: Participant;
  /** `too-large`: for what it takes. Undefined: nothing is known of it. */
  readonly status: number | "too-large" | undefined;
  /** What it takes, in octets. */
  readonly limit: number | undefined;
  /** When it told, in milliseconds since the epoch. */
  readonly at: number | undefined;
}

/** A message that was taken, and asked for a Final Report. */
export interface Asked {
  readonly talk: Talk;
  readonly fates: readonly Fate[];
  readonly reports: readonly SentReport[];
  /** Other nodes that got a Final Report on it. */
  readonly strays: readonly SentReport[];
  /** By the rules of MSRP, the sender wants REPORTs (RFC 4975 7.1.1). */
  readonly wantsReport: boolean;
}

export const askedReports = memo((trace: ScenarioTrace): readonly Asked[] =>
  talks(trace).flatMap((talk) => {
    const recipients = recipientsOf(talk).filter(
      (one) =>
        isKnown(one, talk.sent.seq) &&
        isBound(one, talk.sent.seq, trace) &&
        !misbehaves(one, trace, ["refusesWith"]),
    );
    if (talk.finalReport !== "yes" || !isTaken(talk, trace) || recipients.length === 0) return [];
    const [first] = talk.sent.chunks;
    return {
      talk,
      fates: recipients.map((recipient) => fateOf(recipient, talk, trace)),
      reports: finalReportsOf(talk, trace),
      strays: strayReportsOf(talk, trace),
      wantsReport: first !== undefined && readable(() => successReportOf(first.request.head), false),
    };
  }),
);

/** By the Message-ID that the document names: what goes to somebody else. */
function strayReportsOf({ sent }: Talk, trace: ScenarioTrace): readonly SentReport[] {
  return reportsAt(trace).filter(
    ({ record, document }) =>
      record.node !== sent.node && record.seq > sent.seq && document?.messageId === sent.messageId,
  );
}

function fateOf(recipient: Participant, { sent, token }: Talk, trace: ScenarioTrace): Fate {
  const limit = limitOf(recipient, trace);
  const known = { recipient, limit: limit === "unclear" ? undefined : limit };
  if (isTooLargeFor(recipient, sent, trace))
    return { ...known, status: "too-large", at: endedAt(sent, trace) };
  const [copy] = copiesAt(recipient, token, trace);
  const refusal = copy?.chunks.find(({ response }) => response !== undefined && response.head.status !== 200);
  const told = refusal?.response ?? copy?.reports.at(-1)?.record;
  const status = refusal?.response?.head.status ?? copy?.reports.at(-1)?.status;
  return { ...known, status, at: told?.at };
}

/** The server knows what became of it everywhere, and had time to tell. */
export function isOverdue({ talk, fates }: Asked, trace: ScenarioTrace): boolean {
  const times = fates.map(({ at }) => at ?? Number.POSITIVE_INFINITY);
  return hadTimeFor(Math.max(endedAt(talk.sent, trace), ...times), trace, talk.sender.untilAt);
}

/** The leg of a recipient: by its address, or by the name that the server gave it. */
export function isLegOf({ uri }: ReportedLeg, { recipient }: Fate, trace: ScenarioTrace): boolean {
  const { imAddress, tel } = recipient.user;
  const own = [imAddress, tel, ...ownEntities(recipient, Number.POSITIVE_INFINITY, trace)];
  return own.some((address) => address !== undefined && sameAddressOfRecord(address, uri));
}

/** Whether a leg tells what the recipient did; undefined: nothing is known of that. */
export function statusesAgree({ status }: ReportedLeg, fate: Fate): boolean | undefined {
  if (fate.status === undefined) return undefined;
  return status === (fate.status === "too-large" ? TOO_LARGE_STATUS : fate.status);
}
