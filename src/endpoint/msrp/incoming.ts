/** A message on its way into a session: octets as they come, responses and reports as the sender asked for them. */
import type { IncomingChunk, IncomingMessage, Reception } from "../../machine/msrp/reception.ts";
import { wantsReport } from "../../machine/msrp/answering.ts";
import type { ByteRange } from "../../wire/msrp/headers.ts";
import type { MsrpContent, MsrpFlag, MsrpRequestHead } from "../../wire/msrp/message.ts";
import type { Link } from "./link.ts";
import type { RequestReader } from "./link-reader.ts";
import type { OutContext } from "./link-writer.ts";

/** How a message ended. `refused`: this end told the sender to stop. `lost`: the session ended first. */
export type IncomingEnd = "complete" | "aborted" | "refused" | "lost";

/** A message from its first chunk on, complete or not. */
export interface IncomingStream {
  readonly messageId: string;
  /** Of the chunk that came first. */
  readonly head: MsrpRequestHead;
  readonly contentType: string;
  /** Octets of the whole, where they are known. */
  readonly total: number | "*";
  /** Octets that are there. */
  readonly received: number;
  /** `bytes` hold during the call only; `at` is the place of the first of them in the message, from 1. Chunks may come in any order. */
  onOctets(handler: (bytes: Uint8Array, at: number) => void): void;
  /** A chunk has ended, of which `head` is the head. */
  onChunk(handler: (head: MsrpRequestHead, flag: MsrpFlag) => void): void;
  onEnd(handler: (end: IncomingEnd) => void): void;
  /**
   * Has the sender stop: the chunk that is open, or the next one, is answered with the status; with none open a failure report tells. As the
   * message's Failure-Report allows.
   */
  refuse(status: number): void;
  /** A REPORT on the message, if the sender asked for such. Default range: all that is there. `content` tells more (RFC 4975 7.1.2). */
  report(status: number, comment?: string, range?: ByteRange, content?: ReportContent): void;
  /** Nothing is read from the connection until `resume`: the peer has to wait, with all its sessions on that connection. */
  pause(): void;
  resume(): void;
}

/** The body of a REPORT, of octets that stand in one piece. */
export interface ReportContent {
  readonly contentType: string;
  readonly body: Uint8Array;
}

/** What is reported. */
export interface ReportParts {
  readonly status: number;
  readonly range: ByteRange;
  readonly comment?: string | undefined;
  readonly content?: ReportContent | undefined;
}

/** What a message in comes to need of its session. */
export interface IncomingHost {
  readonly context: OutContext;
  readonly guard: (call: () => void) => void;
  readonly reception: Reception;
  /** Success reports are sent when a message is complete, after each chunk, or by whoever takes the message. */
  readonly reports: "whole" | "chunks" | "none";
  sendReport(head: MsrpRequestHead, parts: ReportParts): void;
  /** A message begins. */
  begins(incoming: Incoming): void;
  /** For messages whose first chunk was seen before. */
  incomingOf(message: IncomingMessage): Incoming | undefined;
  ended(incoming: Incoming): void;
}

export class Incoming implements IncomingStream {
  readonly message: IncomingMessage;
  readonly #host: IncomingHost;
  readonly #link: Link;
  readonly #octets: ((bytes: Uint8Array, at: number) => void)[] = [];
  readonly #chunks: ((head: MsrpRequestHead, flag: MsrpFlag) => void)[] = [];
  readonly #ends: ((end: IncomingEnd) => void)[] = [];
  #paused = false;
  #over = false;
  /** Its chunk that is being read. */
  reader: SendReader | undefined = undefined;

  constructor(host: IncomingHost, link: Link, message: IncomingMessage) {
    this.#host = host;
    this.#link = link;
    this.message = message;
  }

  get messageId(): string {
    return this.message.messageId;
  }

  get head(): MsrpRequestHead {
    return this.message.head;
  }

  get contentType(): string {
    return this.message.contentType;
  }

  get total(): number | "*" {
    return this.message.total;
  }

  get received(): number {
    return this.message.received.octets;
  }

  onOctets(handler: (bytes: Uint8Array, at: number) => void): void {
    this.#octets.push(handler);
  }

  onChunk(handler: (head: MsrpRequestHead, flag: MsrpFlag) => void): void {
    this.#chunks.push(handler);
  }

  onEnd(handler: (end: IncomingEnd) => void): void {
    this.#ends.push(handler);
  }

  octets(bytes: Uint8Array, at: number): void {
    for (const handler of this.#octets) this.#host.guard(() => handler(bytes, at));
  }

  chunk(head: MsrpRequestHead, flag: MsrpFlag): void {
    for (const handler of this.#chunks) this.#host.guard(() => handler(head, flag));
  }

  end(end: IncomingEnd): void {
    if (this.#over) return;
    this.#over = true;
    this.resume();
    this.#host.ended(this);
    for (const handler of this.#ends) this.#host.guard(() => handler(end));
  }

  refuse(status: number): void {
    if (this.#over) return;
    this.#host.reception.refuse(this.message, status);
    if (this.reader === undefined) this.report(status);
    else this.reader.refuse(status);
    this.end("refused");
  }

  report(status: number, comment?: string, range?: ByteRange, content?: ReportContent): void {
    if (!wantsReport(this.head, status)) return;
    this.#host.sendReport(this.head, { status, comment, range: range ?? this.#range(), content });
  }

  #range(): ByteRange {
    const { spans } = this.message.received;
    const end = spans.at(-1)?.end ?? 0;
    return { start: spans[0]?.start ?? 1, end, total: this.total };
  }

  pause(): void {
    if (this.#paused || this.#over) return;
    this.#paused = true;
    this.#link.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#link.resume();
  }
}

/** RFC 4975 7.1.1: a chunk above so many octets can be interrupted, so that it is worth while to refuse it before its end. */
const INTERRUPTIBLE = 2048;

/** One SEND of a session. */
export class SendReader implements RequestReader {
  readonly context: OutContext;
  readonly #host: IncomingHost;
  readonly #link: Link;
  readonly #chunk: IncomingChunk;
  readonly #incoming: Incoming | undefined;
  #octets = 0;
  #responded = false;
  #after: () => void = () => undefined;

  constructor(host: IncomingHost, link: Link, head: MsrpRequestHead) {
    this.#host = host;
    this.#link = link;
    this.context = host.context;
    this.#chunk = host.reception.begin(head);
    this.#incoming = this.#incomingOf(this.#chunk);
    if (this.#incoming !== undefined) this.#incoming.reader = this;
    if (this.#incoming !== undefined && this.#chunk.first && this.status === 200) host.begins(this.#incoming);
  }

  #incomingOf({ message, first, duplicate }: IncomingChunk): Incoming | undefined {
    if (message === undefined || duplicate) return undefined;
    return first ? new Incoming(this.#host, this.#link, message) : this.#host.incomingOf(message);
  }

  get status(): number {
    const { message, status } = this.#chunk;
    return message?.refusal ?? status;
  }

  body(bytes: Uint8Array): void {
    const at = this.#chunk.position;
    this.#octets += bytes.length;
    this.#host.reception.body(this.#chunk, bytes.length);
    if (this.status === 200) this.#incoming?.octets(bytes, at);
    else {
      this.#incoming?.end("refused");
      if (this.#octets > INTERRUPTIBLE) this.#respond();
    }
  }

  /** The message is refused while this chunk of it is read. */
  refuse(_status: number): void {
    if (this.#octets > INTERRUPTIBLE) this.#respond();
  }

  end(flag: MsrpFlag, content: MsrpContent): void {
    const end = this.#host.reception.end(this.#chunk, flag, content);
    const incoming = this.#incoming;
    const { head } = this.#chunk;
    if (incoming === undefined) {
      this.#after = () => this.#reportDuplicate();
      return;
    }
    incoming.reader = undefined;
    const ok = this.status === 200 && content !== "none";
    this.#after = () => {
      if (ok) incoming.chunk(head, flag);
      if (ok && this.#host.reports === "chunks") this.#reportChunk(incoming);
      if (end.kind === "aborted") incoming.end("aborted");
      if (end.kind !== "complete") return;
      if (this.#host.reports === "whole")
        incoming.report(200, undefined, { start: 1, end: end.total, total: end.total });
      incoming.end("complete");
    };
  }

  #reportChunk(incoming: Incoming): void {
    incoming.report(200, undefined, this.#range(incoming.total));
  }

  /** RFC 4975 5.4: octets that were there before are acknowledged again, though nobody is shown them. */
  #reportDuplicate(): void {
    const { head, message, duplicate } = this.#chunk;
    if (!duplicate || message?.state !== "complete" || this.#host.reports === "none") return;
    if (wantsReport(head, 200))
      this.#host.sendReport(head, { status: 200, range: this.#range(message.total) });
  }

  #range(total: number | "*"): ByteRange {
    const end = this.#chunk.position - 1;
    return { start: end - this.#octets + 1, end, total };
  }

  deliver(): void {
    this.#respond();
    this.#after();
  }

  #respond(): void {
    if (this.#responded) return;
    this.#responded = true;
    this.#link.respond(this.#chunk.head, this.status, this.context);
  }
}
