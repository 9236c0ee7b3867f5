/** Delivery notifications at the controlling function (clauses 8.3.1.2 to 8.3.1.4, 15.1 Ts2; RFC 5438 8). */
import { readableImdn } from "../../im/delivery.ts";
import { IM_TAG, SERVER_RELEASE } from "../../im/identifiers.ts";
import { writeImdn } from "../../../wire/xml/imdn.ts";
import type { Aggregation } from "../aggregation.ts";
import type { ServerParts } from "../turn.ts";

export interface FailureReport {
  readonly recipient: string;
  /** Status of the final response; 408 where none came. */
  readonly status: number;
}

export const notify = {
  /** 8.3.1.2: which message a document is about. */
  messageId: (_server: ServerParts, document: Uint8Array): string | undefined =>
    readableImdn(document)?.messageId,
  /** 8.3.1.2, step 1: whether Ts2 runs, so that the notification is kept. */
  keeps: (_server: ServerParts, aggregation: Aggregation): boolean => aggregation.running,
  /** 8.3.1.4, steps 2 and 3: whether a failure is kept as a notification would be. */
  keepsFailure: (_server: ServerParts, aggregation: Aggregation): boolean => aggregation.running,
  /** 15.1: Ts2 stops when everyone has answered. */
  complete: (_server: ServerParts, aggregation: Aggregation): boolean =>
    aggregation.answered.size >= aggregation.recipients.length,
  /** Ts2, in milliseconds. */
  waitMs: (server: ServerParts): number => server.config.timers.ts2Ms,
  /** 8.3.1.3, step 2. */
  restarts: (_server: ServerParts, _aggregation: Aggregation): boolean => false,
  /** 8.3.1.4, step 1. */
  reportsFailure: (_server: ServerParts, aggregation: Aggregation, _failure: FailureReport): boolean =>
    aggregation.dispositions.includes("negative-delivery"),
  failureDocument: (_server: ServerParts, aggregation: Aggregation, failure: FailureReport): Uint8Array =>
    writeImdn({
      messageId: aggregation.messageId,
      dateTime: aggregation.dateTime,
      recipientUri: failure.recipient,
      originalRecipientUri: failure.recipient,
      kind: "delivery",
      status: failure.status === 403 ? "forbidden" : "failed",
    }),
  /** 8.3.1.3, step 1: what was kept, by the message that it goes out in: one for all of it. */
  aggregates: (
    _server: ServerParts,
    _aggregation: Aggregation,
    documents: readonly Uint8Array[],
  ): readonly (readonly Uint8Array[])[] => (documents.length === 0 ? [] : [documents]),
  requestUri: (_server: ServerParts, to: string): string => to,
  from: (_server: ServerParts, sender: string): string => `<${sender}>`,
  to: (_server: ServerParts, to: string): string => `<${to}>`,
  acceptContact: (_server: ServerParts): string | undefined => `*;${IM_TAG}`,
  assertedIdentity: (_server: ServerParts, sender: string): string | undefined => `<${sender}>`,
  userAgent: (_server: ServerParts): string | undefined => SERVER_RELEASE,
} as const;
