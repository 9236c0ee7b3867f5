/** A message on its way out of a session, as its sender sees it. */
import { createOutgoingMessage } from "../../machine/msrp/outgoing-message.ts";
import type {
  OutgoingAction,
  OutgoingEvent,
  OutgoingMessage,
  SendingOutcome,
} from "../../machine/msrp/outgoing-message.ts";
import type { LaneParts } from "../../machine/msrp/interleaving.ts";
import { byteRangeOf, statusOf } from "../../wire/msrp/headers.ts";
import type { FailureReport } from "../../wire/msrp/headers.ts";
import { msrpReadable } from "../../wire/msrp/error.ts";
import type { MsrpFlag, MsrpRequestHead, MsrpResponseHead } from "../../wire/msrp/message.ts";
import type { Annotation } from "../crossing.ts";
import type { Link } from "./link.ts";
import type { OutContext, OutgoingStream, StreamOwner } from "./link-writer.ts";
import type { MessageSource } from "./source.ts";

export interface SendOptions {
  /** Needed: a message has a media type. */
  readonly contentType: string;
  /** Default: a new one. */
  readonly messageId?: string;
  readonly successReport?: boolean;
  /** Default `yes`; with `no` and `partial` the sender hears of no success (RFC 4975 7.1.1). */
  readonly failureReport?: FailureReport;
  /** Octets of the whole where the content does not tell. */
  readonly size?: number;
  /** Writes `*` as total although it is known. */
  readonly hideSize?: boolean;
  /**
   * Most octets of one chunk. Default: none, one chunk for as long as nothing else is to be sent (RFC 4975 7.1.1). For peers that hold
   * chunks whole, 2048.
   */
  readonly chunkOctets?: number;
  /** Further header fields, before Content-Type. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly annotation?: Annotation;
  onResponse?(response: MsrpResponseHead): void;
  onReport?(report: MsrpRequestHead): void;
  /** All of it is written, and answered where answers are due. */
  onSent?(): void;
  onDone?(outcome: SendingOutcome): void;
}

export interface MsrpSending {
  readonly messageId: string;
  /** Octets in chunks that are closed. */
  readonly written: number;
  /** Octets that success reports cover. */
  readonly reported: number;
  readonly outcome: SendingOutcome | undefined;
  /** Settles when nothing more will come of it; never fails. */
  readonly done: Promise<SendingOutcome>;
  /** Ends the chunk that is open with `+`; the rest follows in another. */
  interrupt(): void;
  /** Gives the message up, with `#` if a chunk is open. */
  abort(): void;
}

/** What a sending needs of its session. */
export interface SendingHost {
  readonly context: OutContext;
  readonly guard: (call: () => void) => void;
  paths(): { readonly toPath: string; readonly fromPath: string };
  ended(sending: Sending): void;
  /** A response came: the peer knows the session. */
  answered(): void;
  failed(status: number): void;
}

export class Sending implements MsrpSending, StreamOwner {
  readonly done: Promise<SendingOutcome>;
  readonly context: OutContext;
  readonly #host: SendingHost;
  readonly #source: MessageSource;
  readonly #options: SendOptions;
  readonly #message: OutgoingMessage;
  #stream: OutgoingStream | undefined = undefined;
  #link: Link | undefined = undefined;
  #settle: (outcome: SendingOutcome) => void = () => undefined;

  constructor(
    host: SendingHost,
    source: MessageSource,
    options: SendOptions & { readonly messageId: string },
  ) {
    this.#host = host;
    this.#source = source;
    this.#options = options;
    this.#message = createOutgoingMessage(options);
    const { annotation = host.context.annotation } = options;
    this.context = { ...host.context, annotation };
    this.done = new Promise((resolve) => (this.#settle = resolve));
  }

  get messageId(): string {
    return this.#message.messageId;
  }

  get written(): number {
    return this.#message.written;
  }

  get reported(): number {
    return this.#message.reported;
  }

  get outcome(): SendingOutcome | undefined {
    return this.#message.outcome;
  }

  /** There is a connection: the message gets in line. */
  start(link: Link): void {
    if (this.outcome !== undefined || this.#stream !== undefined) return;
    this.#link = link;
    this.#stream = link.stream(this.#parts(), this.#source, this);
  }

  #parts(): LaneParts {
    const {
      contentType,
      successReport,
      failureReport,
      hideSize,
      chunkOctets,
      headers = [],
      size,
    } = this.#options;
    const total = hideSize === true ? "*" : (this.#source.size ?? size ?? "*");
    const reports: (readonly [string, string])[] = [];
    if (successReport === true) reports.push(["Success-Report", "yes"]);
    if (failureReport !== undefined) reports.push(["Failure-Report", failureReport]);
    return {
      messageId: this.messageId,
      ...this.#host.paths(),
      contentType,
      total,
      headers: [...reports, ...headers],
      ...(chunkOctets === undefined ? {} : { chunkOctets }),
    };
  }

  interrupt(): void {
    this.#stream?.interrupt();
  }

  abort(): void {
    this.on({ type: "abort" });
  }

  opened(transactionId: string): void {
    this.on({ type: "opened" });
    if (this.#message.failureReport === "no") return;
    this.#link?.opened(transactionId, {
      context: this.context,
      response: (head) => this.#response(head),
      // RFC 4975 7.1.1: with `partial` no timer runs; the transaction is only forgotten.
      timeout: () => this.#message.failureReport === "yes" && this.on({ type: "timeout" }),
      lost: () => undefined,
    });
  }

  closed(transactionId: string, octets: number, flag: MsrpFlag): void {
    this.#link?.sent(transactionId);
    this.on({ type: "closed", octets, last: flag === "$" });
  }

  sourceFailed(error: Error): void {
    this.on({ type: "source-failed", comment: error.message });
  }

  #response(head: MsrpResponseHead): void {
    this.#host.answered();
    this.#host.guard(() => this.#options.onResponse?.(head));
    this.on({ type: "response", status: head.status, comment: head.comment });
  }

  report(head: MsrpRequestHead): void {
    this.#host.guard(() => this.#options.onReport?.(head));
    const status = msrpReadable(() => statusOf(head));
    const range = msrpReadable(() => byteRangeOf(head));
    if (status === undefined) return;
    const known =
      range !== undefined && range.end !== "*" ? { start: range.start, end: range.end } : undefined;
    this.on({ type: "report", status, range: known });
  }

  on(event: OutgoingEvent): void {
    for (const action of this.#message.on(event)) this.#perform(action);
  }

  #perform(action: OutgoingAction): void {
    switch (action.type) {
      case "stop":
        if (this.#stream === undefined) this.#source.cancel?.();
        return this.#stream?.abort();
      case "sent":
        return this.#host.guard(() => this.#options.onSent?.());
      case "ended":
        this.#host.ended(this);
        this.#settle(action.outcome);
        return this.#host.guard(() => this.#options.onDone?.(action.outcome));
      case "session-failed":
        return this.#host.failed(action.status);
    }
  }
}
