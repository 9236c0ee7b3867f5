/** What is sent to each recipient: the SEND that came, on another session (clauses 7.2.3.3 step 2b, 7.2.3.4 step c, 5.7.3). */
import { failureReportOf, successReportOf } from "../../../../wire/msrp/headers.ts";
import type { FailureReport } from "../../../../wire/msrp/headers.ts";
import type { MessageTurn } from "../turn.ts";

/** What every hop of MSRP writes anew, and what is decided here by name. */
const OF_THE_HOP = new Set([
  "to-path",
  "from-path",
  "message-id",
  "byte-range",
  "success-report",
  "failure-report",
  "content-type",
]);

export const relayedCopy = {
  messageId: ({ incoming }: MessageTurn): string => incoming.messageId,
  contentType: ({ incoming }: MessageTurn): string => incoming.contentType,
  /** Fields of extensions and of MIME, in their order. */
  headers: ({ incoming }: MessageTurn): readonly (readonly [string, string])[] =>
    incoming.head.headers
      .filter(({ name }) => !OF_THE_HOP.has(name.toLowerCase()))
      .map(({ name, value }) => [name, value] as const),
  /** The body, piece by piece as it comes, from its first octet with the CPIM headers on. */
  octets: (_turn: MessageTurn, piece: Uint8Array): Uint8Array => piece,
  /** 5.7.3, step 1: asked for where a Final Report is, else as the sender has it. */
  successReport: (turn: MessageTurn): boolean =>
    turn.wrapper.finalReport || (successReportOf(turn.incoming.head) ?? false),
  failureReport: (turn: MessageTurn): FailureReport | undefined =>
    turn.wrapper.finalReport ? "yes" : failureReportOf(turn.incoming.head),
} as const;
