/**
 * What becomes of a message on its way out (RFC 4975 7.1.1 to 7.1.4, 10): which transactions wait, what responses and reports say, and when
 * the sender knows. How it is cut into chunks is in `interleaving.ts`, how long a transaction waits in `transactions.ts`.
 */
import type { FailureReport, MsrpStatus } from "../../wire/msrp/headers.ts";
import { createOctetRanges } from "./octet-ranges.ts";
import type { OctetSpan } from "./octet-ranges.ts";

/** How it ended. */
export type SendingOutcome =
  /** Everything was written and, where responses are due, answered with 200; no success report was asked for. */
  | { readonly kind: "sent" }
  /** Success reports cover every octet. */
  | { readonly kind: "delivered" }
  /** Success reports were asked for, and the session ended before they covered every octet (RFC 4975 7.1.1). */
  | { readonly kind: "unreported" }
  /** Given up by the sender. */
  | { readonly kind: "aborted" }
  | {
      readonly kind: "failed";
      readonly status: number;
      readonly via: FailureCause;
      readonly comment?: string;
    };

/**
 * `timeout`: 30 s without a response, status 408 (RFC 4975 10.4 treats both alike). `connection`: it ended, 481. `source`: what was to
 * be sent could not be read, or was not of the length that had been announced.
 */
export type FailureCause = "response" | "report" | "timeout" | "connection" | "source";

export type OutgoingEvent =
  /** The head of a chunk is written. */
  | { readonly type: "opened" }
  /** The end-line of a chunk is written. `last`: it was that of the message, with `$`. */
  | { readonly type: "closed"; readonly octets: number; readonly last: boolean }
  | { readonly type: "response"; readonly status: number; readonly comment?: string | undefined }
  | { readonly type: "timeout" }
  | { readonly type: "report"; readonly status: MsrpStatus; readonly range: OctetSpan | undefined }
  | { readonly type: "abort" }
  | { readonly type: "source-failed"; readonly comment: string }
  /** The session or its connection ended. */
  | { readonly type: "lost" };

export type OutgoingAction =
  /** No further chunk; the one that is open ends with `#`. */
  | { readonly type: "stop" }
  /** All of it is written, and answered where answers are due. */
  | { readonly type: "sent" }
  | { readonly type: "ended"; readonly outcome: SendingOutcome }
  /** RFC 4975 10.8, 10.10: the peer knows no such session, or has it on another connection. */
  | { readonly type: "session-failed"; readonly status: number };

export interface OutgoingMessage {
  readonly messageId: string;
  readonly successReport: boolean;
  readonly failureReport: FailureReport;
  readonly outcome: SendingOutcome | undefined;
  /** Octets in chunks that are closed. */
  readonly written: number;
  /** Octets that success reports cover. */
  readonly reported: number;
  on(event: OutgoingEvent): OutgoingAction[];
}

export interface OutgoingMessageOptions {
  readonly messageId: string;
  readonly successReport?: boolean;
  readonly failureReport?: FailureReport;
}

/** Holes that success reports may leave: no order of chunks explains more, and each is looked at with every report. */
const MOST_HOLES = 1024;

export function createOutgoingMessage(options: OutgoingMessageOptions): OutgoingMessage {
  return new Outgoing(options);
}

class Outgoing implements OutgoingMessage {
  readonly messageId: string;
  readonly successReport: boolean;
  readonly failureReport: FailureReport;
  outcome: SendingOutcome | undefined = undefined;
  written = 0;
  /** Transactions that wait for their response. */
  #waiting = 0;
  #allWritten = false;
  #sent = false;
  readonly #confirmed = createOctetRanges();
  /** A message of no octets is covered by any report. */
  #anyReport = false;

  constructor(options: OutgoingMessageOptions) {
    this.messageId = options.messageId;
    this.successReport = options.successReport ?? false;
    this.failureReport = options.failureReport ?? "yes";
  }

  get reported(): number {
    return this.#confirmed.octets;
  }

  on(event: OutgoingEvent): OutgoingAction[] {
    if (this.outcome !== undefined) return [];
    switch (event.type) {
      case "opened":
        if (this.failureReport === "yes") this.#waiting += 1;
        return [];
      case "closed":
        this.written += event.octets;
        this.#allWritten ||= event.last;
        return this.#progress();
      case "response":
        return this.#answered(event.status, event.comment);
      case "timeout":
        return this.#fail(408, "timeout");
      case "report":
        return this.#reportedOn(event.status, event.range);
      case "abort":
        return this.#end({ kind: "aborted" });
      case "source-failed":
        return this.#fail(400, "source", event.comment);
      case "lost":
        break;
    }
    return this.#lost();
  }

  #answered(status: number, comment: string | undefined): OutgoingAction[] {
    if (!isSuccess(status)) return this.#fail(status, "response", comment);
    this.#waiting = Math.max(0, this.#waiting - 1);
    return this.#progress();
  }

  /** RFC 4975 7.3.2: a report is read as a response with its status would be; of other namespaces nothing is known. */
  #reportedOn({ namespace, code, comment }: MsrpStatus, range: OctetSpan | undefined): OutgoingAction[] {
    if (namespace !== "000") return [];
    if (!isSuccess(code)) return this.#fail(code, "report", comment);
    if (!this.successReport || this.#confirmed.spans.length > MOST_HOLES) return [];
    this.#anyReport = true;
    this.#confirmed.add(range?.start ?? 1, range?.end ?? this.written);
    return this.#progress();
  }

  /** The session ended: what needs no answer any more is not lost. */
  #lost(): OutgoingAction[] {
    if (this.#sent) return this.#end({ kind: "unreported" });
    return this.#fail(481, "connection");
  }

  #progress(): OutgoingAction[] {
    if (!this.#allWritten || this.#waiting > 0) return [];
    const news: OutgoingAction[] = this.#sent ? [] : [{ type: "sent" }];
    this.#sent = true;
    if (!this.successReport) return [...news, ...this.#end({ kind: "sent" })];
    const delivered = this.#anyReport && this.#confirmed.covers(1, this.written);
    return delivered ? [...news, ...this.#end({ kind: "delivered" })] : news;
  }

  #fail(status: number, via: FailureCause, comment?: string): OutgoingAction[] {
    const outcome = { kind: "failed", status, via, ...(comment === undefined ? {} : { comment }) } as const;
    const dead = (status === 481 || status === 506) && via !== "connection";
    return [...this.#end(outcome), ...(dead ? [{ type: "session-failed", status } as const] : [])];
  }

  #end(outcome: SendingOutcome): OutgoingAction[] {
    this.outcome = outcome;
    const stop: OutgoingAction[] = this.#allWritten ? [] : [{ type: "stop" }];
    return [...stop, { type: "ended", outcome }];
  }
}

/** RFC 4975 10 defines 200 alone; what else begins with 2 is of an extension. */
function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
