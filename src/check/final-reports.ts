/** Final Reports that came to the sender of a message, as REPORT or as SEND (clause 5.7.3, Appendix O). */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import type { MsrpRecord } from "../trace/session/msrp-records.ts";
import { isMsrpRequest } from "../trace/session/msrp-records.ts";
import { parseContentType } from "../wire/mime/content-type.ts";
import { msrpHeader } from "../wire/msrp/headers.ts";
import type { MsrpRequestHead } from "../wire/msrp/message.ts";
import {
  FINAL_REPORT_TYPE_SPELLINGS,
  readFinalReport,
  type FinalReport,
  type ReportedLeg,
} from "../wire/xml/final-report.ts";
import { memo } from "./memo.ts";
import { readable } from "./pager-message.ts";
import { talks, type Talk } from "./switch-messages.ts";

export interface SentReport {
  readonly record: MsrpRecord<MsrpRequestHead>;
  /** As sent. */
  readonly contentType: string;
  /** Whether it is one of the printed types. */
  readonly isTyped: boolean;
  readonly body: Uint8Array;
  /** Undefined: it cannot be read. */
  readonly document: FinalReport | undefined;
}

/** Requests to the nodes of Scrim that are, or are meant to be, Final Reports; in order. */
const reportsAt = memo((trace: ScenarioTrace): readonly SentReport[] =>
  trace.sessionMode.msrp.filter(isMsrpRequest).flatMap((record) => {
    const contentType = msrpHeader(record.head, "Content-Type")?.trim();
    const { body } = record;
    if (record.way !== "from-sut" || contentType === undefined || body === undefined) return [];
    const type = readable(() => parseContentType(contentType).type, "");
    const isTyped = FINAL_REPORT_TYPE_SPELLINGS.includes(type);
    const document = readable(() => readFinalReport(body), undefined);
    if (!isTyped && document === undefined) return [];
    return [{ record, contentType, isTyped, body, document }];
  }),
);

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
