/** What is on its way to one participant: its messages in each sender's order, and no more of them than memory allows. */
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import type { MessageSource } from "../../../endpoint/msrp/source.ts";
import type { MsrpSending, SendOptions } from "../../../endpoint/msrp/sending.ts";
import type { Pace } from "./decisions/pace.ts";

/** How a copy ended: `status` of MSRP, 200 where it was delivered as far as was asked. */
export type CopyEnd = (status: number) => void;

/** The message of which copies are sent. */
export interface Original {
  readonly senderId: string;
  /** Octets that can be sent. */
  readonly pushed: number;
  /** All of it is there. */
  readonly complete: boolean;
  /** A copy has taken so many octets. */
  advanced(taken: number): void;
  /** Nothing more of a copy is written. */
  copyWritten(): void;
}

export interface Copy {
  /** Octets taken to be sent. */
  readonly taken: number;
  /** Nothing more of it is written, be it complete or given up. */
  readonly written: boolean;
  /** Not sent further, if it is not written yet; no report is waited for. */
  giveUp(status: number): void;
}

export interface CopyParts {
  readonly original: Original;
  /** Octets of the original from the first on. */
  readonly source: MessageSource;
  readonly options: SendOptions;
  readonly onEnd: CopyEnd;
}

export interface OutletEvents {
  /** Something has to wait for the participant to read. */
  readonly onWaiting: () => void;
  /** Less waits than did. */
  readonly onRoom: () => void;
}

/** Messages of one sender: each sender's messages arrive in its order, as far as they were complete one before the other. */
interface Line {
  readonly started: Set<SentCopy>;
  waiting: SentCopy[];
}

/** What is complete and not written goes before what came after it; what its sender still brings holds nothing up. */
function startNext(line: Line): void {
  for (;;) {
    for (const { original } of line.started) if (original.complete) return;
    const next = line.waiting.shift();
    if (next === undefined) return;
    line.started.add(next);
    next.start();
  }
}

export class Outlet {
  readonly session: MsrpSession;
  readonly #pace: Pace;
  readonly #events: OutletEvents;
  /** Copies that are not written, in the order in which they came. */
  readonly #copies = new Set<SentCopy>();
  readonly #lines = new Map<string, Line>();
  /** That waited when their copies began. */
  #octets = 0;
  #moved = false;
  #blocked = false;

  constructor(session: MsrpSession, pace: Pace, events: OutletEvents) {
    this.session = session;
    this.#pace = pace;
    this.#events = events;
  }

  /** Whether it may be sent one more message. */
  get open(): boolean {
    const { waitingMessages, waitingOctets } = this.#pace;
    // Only of many can there be too much.
    return this.#copies.size < 2 || (this.#copies.size < waitingMessages && this.#octets < waitingOctets);
  }

  send(parts: CopyParts): Copy {
    const { senderId } = parts.original;
    const line = this.#lines.get(senderId) ?? { started: new Set(), waiting: [] };
    this.#lines.set(senderId, line);
    const copy = new SentCopy(this, parts);
    this.#copies.add(copy);
    this.#octets += copy.charge;
    line.waiting.push(copy);
    startNext(line);
    if (this.#isBlocked) this.#events.onWaiting();
    return copy;
  }

  /** So many octets wait no more. */
  moved(octets: number): void {
    this.#moved = true;
    this.#octets -= octets;
  }

  written(copy: SentCopy): void {
    this.moved(copy.charge);
    this.#copies.delete(copy);
    this.#next(copy);
    if (this.#copies.size === Math.floor(this.#pace.crowdMessages / 2)) this.#events.onRoom();
  }

  #next(written: SentCopy): void {
    const { senderId } = written.original;
    const line = this.#lines.get(senderId);
    if (line === undefined) return;
    if (!line.started.delete(written)) line.waiting = line.waiting.filter((copy) => copy !== written);
    startNext(line);
    if (line.started.size + line.waiting.length === 0) this.#lines.delete(senderId);
  }

  /** So much waits that senders need not hurry. */
  get crowded(): boolean {
    const { crowdMessages } = this.#pace;
    if (this.#copies.size <= crowdMessages) return false;
    let waiting = 0;
    for (const copy of this.#copies) if (copy.waits) waiting += 1;
    return waiting > crowdMessages;
  }

  /** Something that is there is not read; not so when all that is missing is for the sender to bring. */
  get #isBlocked(): boolean {
    for (const copy of this.#copies) if (copy.waits) return true;
    return false;
  }

  /** Asked at regular intervals: whether something waited when it was asked last and now, and nothing was read between. */
  look(): "stuck" | "waits" | "idle" {
    const waited = this.#blocked;
    const moved = this.#moved;
    this.#blocked = this.#isBlocked;
    this.#moved = false;
    if (!this.#blocked) return "idle";
    return waited && !moved ? "stuck" : "waits";
  }
}

class SentCopy implements Copy {
  readonly original: Original;
  taken = 0;
  written = false;
  /** Octets of it that count as waiting. */
  charge: number;
  readonly #outlet: Outlet;
  readonly #parts: CopyParts;
  #sending: MsrpSending | undefined = undefined;
  #ended = false;
  #givenUp: number | undefined = undefined;

  constructor(outlet: Outlet, parts: CopyParts) {
    this.#outlet = outlet;
    this.#parts = parts;
    this.original = parts.original;
    this.charge = parts.original.pushed;
  }

  /** Octets that are there for it and that it has not taken. */
  get behind(): number {
    return this.original.pushed - this.taken;
  }

  /** For the recipient, and not for octets of the sender. */
  get waits(): boolean {
    return this.behind > 0 || this.original.complete;
  }

  start(): void {
    if (this.#ended) return;
    const { source, options } = this.#parts;
    const watched: MessageSource = {
      ...(source.size === undefined ? {} : { size: source.size }),
      read: () => this.#take(source.read()),
      cancel: () => {
        source.cancel?.();
        this.#finish();
      },
    };
    this.#sending = this.#outlet.session.send(watched, {
      ...options,
      onDone: (outcome) => {
        this.#end(outcome.kind === "failed" ? outcome.status : STATUS[outcome.kind]);
      },
    });
  }

  #take(
    read: Uint8Array | undefined | Promise<Uint8Array | undefined>,
  ): Uint8Array | undefined | Promise<Uint8Array | undefined> {
    if (read instanceof Promise) return read.then((bytes) => this.#count(bytes));
    return this.#count(read);
  }

  #count(bytes: Uint8Array | undefined): Uint8Array | undefined {
    if (bytes === undefined || this.written) return bytes;
    this.taken += bytes.length;
    const discharged = Math.min(this.charge, bytes.length);
    this.charge -= discharged;
    this.#outlet.moved(discharged);
    this.original.advanced(this.taken);
    return bytes;
  }

  /** The last octet is written, or none will be any more. */
  #finish(): void {
    if (this.written) return;
    this.written = true;
    this.#outlet.written(this);
    this.original.copyWritten();
  }

  #end(status: number): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#finish();
    this.#parts.onEnd(this.#givenUp ?? status);
  }

  giveUp(status: number): void {
    if (this.#ended) return;
    this.#givenUp = status;
    if (this.#sending !== undefined) return this.#sending.abort();
    this.#parts.source.cancel?.();
    this.#end(status);
  }
}

/** `unreported`: the session ended before the report that was asked for came. */
const STATUS = { sent: 200, delivered: 200, unreported: 481, aborted: 408 } as const;
