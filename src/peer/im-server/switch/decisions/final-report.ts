/** Reports to the sender: those of MSRP, and the Final Delivery Report (clause 5.7.3, Appendix O). */
import { successReportOf } from "../../../../wire/msrp/headers.ts";
import { acceptsType } from "../../../../wire/sdp/message-media.ts";
import {
  FINAL_REPORT_TYPE_SPELLINGS,
  TOO_LARGE_STATUS,
  writeFinalReport,
  type FinalReport,
  type ReportedLeg,
} from "../../../../wire/xml/final-report.ts";
import { identityOf } from "../participant.ts";
import type { Leg, MessageTurn } from "../turn.ts";

/** As 5.7.3 prints it. */
const TYPE = "application/vnd.oma.final-report+xml";

export const finalReport = {
  /**
   * Without a Final Report: whether the report of MSRP tells of the recipient. There has to be one only, because the sender gets one report;
   * else it tells of the switch (RFC 7701 6.3).
   */
  tellsOfRecipient: (_turn: MessageTurn, recipients: number): boolean => recipients === 1,
  /** 7.2.3.3, last paragraph. */
  isWanted: ({ wrapper }: MessageTurn): boolean => wrapper.finalReport,
  /** 5.7.3: in a REPORT when the sender asked for such, else in a SEND. */
  travelsAsReport: ({ incoming }: MessageTurn): boolean => successReportOf(incoming.head) ?? false,
  /** That of 5.7.3, or another of the printed ones where the sender takes that and not the first. */
  contentType: ({ sender }: MessageTurn): string => {
    const accepted = (type: string): boolean => acceptsType(sender.acceptTypes ?? ["*"], type);
    return [TYPE, ...FINAL_REPORT_TYPE_SPELLINGS].find(accepted) ?? TYPE;
  },
  /** 5.7.3, NOTE 1: one report at the end, or several. */
  series: (_turn: MessageTurn, legs: readonly ReportedLeg[]): readonly (readonly ReportedLeg[])[] => [legs],
  document: (turn: MessageTurn, legs: readonly ReportedLeg[], isLast: boolean): FinalReport => ({
    messageId: turn.incoming.messageId,
    ...(isLast ? { last: true } : {}),
    legs,
  }),
  body: (document: FinalReport): Uint8Array => writeFinalReport(document),
  /** Appendix O.1: the status of MSRP, or 9999 with the size that the recipient takes. */
  leg: (_turn: MessageTurn, { recipient, status }: Leg): ReportedLeg => {
    const { uri } = identityOf(recipient);
    if (status !== "too-large") return { uri, status };
    const { maxSize } = recipient;
    return { uri, status: TOO_LARGE_STATUS, ...(maxSize === undefined ? {} : { maxSize }) };
  },
  /** Whose status is told: everybody's. */
  legs: (_turn: MessageTurn, legs: readonly Leg[]): readonly Leg[] => legs,
  /** Milliseconds from when a message is written for its last recipient; whose report has not come by then counts as not reached. */
  waitMs: (): number => 30_000,
  unreportedStatus: (): number => 408,
} as const;
