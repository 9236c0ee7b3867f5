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

export class Outlet {
  readonly session: MsrpSession;
  readonly #pace: Pace;
  readonly #onWaiting: () => void;
  /** Copies that are not written, in the order in which they came. */
  readonly #copies = new Set<SentCopy>();
  #moved = false;
  #blocked = false;

  /** `onWaiting`: something has to wait for the participant to read. */
  constructor(session: MsrpSession, pace: Pace, onWaiting: () => void) {
    this.session = session;
    this.#pace = pace;
    this.#onWaiting = onWaiting;
  }

  /** Whether it may be sent one more message. */
  get open(): boolean {
    const { waitingMessages, waitingOctets } = this.#pace;
    if (this.#copies.size >= waitingMessages) return false;
    // Only of many can there be too much.
    if (this.#copies.size < 2) return true;
    let octets = 0;
    for (const copy of this.#copies) octets += copy.behind;
    return octets < waitingOctets;
  }

  send(parts: CopyParts): Copy {
    const earlier = [...this.#copies].filter(
      ({ original }) => original.senderId === parts.original.senderId && original.complete,
    );
    const copy = new SentCopy(this, parts);
    this.#copies.add(copy);
    copy.startAfter(earlier);
    if (this.#isBlocked) this.#onWaiting();
    return copy;
  }

  moved(): void {
    this.#moved = true;
  }

  written(copy: SentCopy): void {
    this.#moved = true;
    this.#copies.delete(copy);
  }

  /** Something that is there is not read; not so when all that is missing is for the sender to bring. */
  get #isBlocked(): boolean {
    for (const { behind, original } of this.#copies) if (behind > 0 || original.complete) return true;
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
  readonly #outlet: Outlet;
  readonly #parts: CopyParts;
  #sending: MsrpSending | undefined = undefined;
  /** Copies that go before it. */
  #before = 0;
  #followers: (() => void)[] = [];
  #ended = false;
  #givenUp: number | undefined = undefined;

  constructor(outlet: Outlet, parts: CopyParts) {
    this.#outlet = outlet;
    this.#parts = parts;
    this.original = parts.original;
  }

  /** Octets that are there for it and that it has not taken. */
  get behind(): number {
    return this.original.pushed - this.taken;
  }

  /** Each sender's messages arrive in its order, as far as they were complete one before the other. */
  startAfter(earlier: readonly SentCopy[]): void {
    this.#before = earlier.length;
    if (earlier.length === 0) return this.#start();
    for (const copy of earlier)
      copy.#followers.push(() => {
        this.#before -= 1;
        if (this.#before === 0) this.#start();
      });
  }

  #start(): void {
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
    this.#outlet.moved();
    this.original.advanced(this.taken);
    return bytes;
  }

  /** The last octet is written, or none will be any more. */
  #finish(): void {
    if (this.written) return;
    this.written = true;
    this.#outlet.written(this);
    for (const follower of this.#followers.splice(0)) follower();
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
