/**
 * One connection with the sessions on it (RFC 4975 5.4): requests wait here for their responses, and what comes finds its session by To-Path.
 */
import { createMsrpTransactions } from "../../machine/msrp/transactions.ts";
import { wantsResponse } from "../../machine/msrp/answering.ts";
import type { Connection, Hop } from "../../net/network.ts";
import { msrpField, msrpResponse } from "../../wire/msrp/build.ts";
import type { MsrpParseError } from "../../wire/msrp/error.ts";
import { msrpHeader } from "../../wire/msrp/headers.ts";
import type { MsrpFrame, MsrpHead, MsrpRequestHead, MsrpResponseHead } from "../../wire/msrp/message.ts";
import type { MsrpUri } from "../../wire/msrp/uri.ts";
import type { MsrpTap } from "./crossing.ts";
import { LinkReader } from "./link-reader.ts";
import type { ReportContent } from "./incoming.ts";
import type { RequestReader } from "./link-reader.ts";
import { createLinkTap } from "./link-tap.ts";
import { edgeList } from "./edge.ts";
import { LinkWriter } from "./link-writer.ts";
import type { OutContext, OutgoingStream, StreamOwner } from "./link-writer.ts";
import type { LaneParts } from "../../machine/msrp/interleaving.ts";
import type { MessageSource } from "./source.ts";
import type { LinkSettings } from "./settings.ts";

/** A request that waits for its response. */
export interface Outstanding {
  readonly context: OutContext;
  response(head: MsrpResponseHead): void;
  timeout(): void;
  /** The connection ended first. */
  lost(): void;
}

/** What the endpoint does for its connections. */
export interface LinkHost {
  readonly settings: LinkSettings;
  /** Who reads a request, or the status that refuses it. */
  readerFor(link: Link, head: MsrpRequestHead): RequestReader | number;
  ended(link: Link, error: Error | undefined): void;
  /** When the next transaction of the link times out. */
  arm(link: Link, at: number | undefined): void;
}

const WAITING_FRAMES = 16_384;

export class Link {
  /** Whom it reaches: scheme, host and port of a first URI (RFC 4975 5.4). */
  readonly authorities = new Set<string>();
  /** Sessions that use it. */
  readonly sessions = new Set<object>();
  readonly #host: LinkHost;
  readonly #connection: Connection;
  readonly #remote: Hop;
  readonly #listening: Hop | undefined;
  readonly #writer: LinkWriter;
  readonly #reader: LinkReader;
  readonly #transactions;
  #armed = false;
  #pauses = 0;
  #open = true;

  constructor(host: LinkHost, connection: Connection, ends: { remote: Hop; listening?: Hop | undefined }) {
    this.#host = host;
    this.#connection = connection;
    this.#remote = ends.remote;
    this.#listening = ends.listening;
    const { settings } = host;
    const { edge, guard } = settings;
    this.#transactions = createMsrpTransactions<Outstanding>(settings.transactionTimeoutMs);
    this.#writer = new LinkWriter({
      connection,
      token: (length) => settings.ids.token(length),
      turnOctets: settings.turnOctets,
      tap: this.#tap(settings.tap, "out"),
      guard,
      waiting: settings.waitingFrames ?? WAITING_FRAMES,
      // A peer that asks and does not read the answers would have them fill the memory.
      overflow: () => this.destroy(),
      edge:
        edge === undefined
          ? undefined
          : (frame, { session, cause }) => edgeList(edge, frame, { to: this.remote, cause, session }),
    });
    this.#reader = new LinkReader({
      limits: settings.wireLimits,
      tap: this.#tap(settings.tap, "in"),
      request: (head) => this.#request(head),
      response: (head) => this.#response(head),
      contextOf: (head) => this.#transactions.peek(head.transactionId)?.context ?? {},
      malformed: (error, transactionId, received) => this.#malformed(error, transactionId, received),
      guard,
    });
  }

  /** Reading starts here, so that whoever made the link knows it before anything comes. */
  start(): void {
    const { guard } = this.#host.settings;
    this.#connection.onClose((error) => guard(() => this.#ended("peer", error)));
    this.#connection.onData((bytes) => {
      guard(() => this.#reader.push(bytes));
      if (this.#reader.broken) this.destroy();
    });
  }

  #tap(tap: MsrpTap | undefined, direction: "in" | "out"): ReturnType<typeof createLinkTap> | undefined {
    const { name, clock } = this.#host.settings;
    if (tap === undefined) return undefined;
    const ends = (): { local: Hop; remote: Hop } => ({ local: this.local, remote: this.remote });
    return createLinkTap(tap, direction, { node: name, now: () => clock.now(), ends });
  }

  get open(): boolean {
    return this.#open;
  }

  get local(): Hop {
    const { local, transport } = this.#connection;
    return local.port === 0 && this.#listening !== undefined ? this.#listening : { ...local, transport };
  }

  get remote(): Hop {
    return this.#remote;
  }

  /** Bytes that wait for the peer to read. */
  get queued(): number {
    return this.#connection.queued;
  }

  /** A response, or a request that wants none. */
  post(head: MsrpHead, context: OutContext, content?: ReportContent): void {
    if (this.#open)
      this.#writer.post(content === undefined ? bare(head) : withContent(head, content), context);
  }

  /** A request without chunks that waits for its response. */
  request(head: MsrpRequestHead, outstanding: Outstanding): void {
    if (!this.#open) return outstanding.lost();
    this.#transactions.open(head.transactionId, outstanding);
    this.#writer.post(bare(head), outstanding.context);
    this.sent(head.transactionId);
  }

  stream(parts: LaneParts, source: MessageSource, owner: StreamOwner): OutgoingStream {
    return this.#writer.stream(parts, source, owner);
  }

  postBytes(bytes: Uint8Array, context: OutContext): void {
    if (this.#open) this.#writer.postBytes(bytes, context);
  }

  /** The head of a chunk is written. */
  opened(transactionId: string, outstanding: Outstanding): void {
    this.#transactions.open(transactionId, outstanding);
  }

  /** The end-line of a request is written: its time runs. */
  sent(transactionId: string): void {
    this.#transactions.sent(transactionId, this.#host.settings.clock.now());
    this.#rearm();
  }

  time(now: number): void {
    this.#armed = false;
    for (const request of this.#transactions.due(now)) this.#host.settings.guard(() => request.timeout());
    this.#rearm();
  }

  #rearm(): void {
    const { deadline } = this.#transactions;
    if (deadline === undefined && !this.#armed) return;
    if (deadline !== undefined && this.#armed) return;
    this.#armed = deadline !== undefined;
    this.#host.arm(this, deadline);
  }

  /** Nothing is read until as many `resume` came: the peer has to wait. */
  pause(): void {
    this.#pauses += 1;
    if (this.#pauses === 1) this.#connection.pause();
  }

  resume(): void {
    this.#pauses = Math.max(0, this.#pauses - 1);
    if (this.#pauses === 0) this.#connection.resume();
  }

  /** Ends after what was sent. */
  close(): void {
    this.#connection.close();
    this.#ended("own", undefined);
  }

  /** Ends at once. */
  destroy(): void {
    this.#connection.destroy();
    this.#ended("own", undefined);
  }

  #ended(by: "own" | "peer", error: Error | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    // What this end cut off is no mistake of the peer's.
    if (by === "peer") this.#reader.end();
    this.#writer.close();
    this.#host.arm(this, undefined);
    const { guard } = this.#host.settings;
    for (const request of this.#transactions.clear()) guard(() => request.lost());
    this.#host.ended(this, error);
  }

  #request(head: MsrpRequestHead): RequestReader {
    const reader = this.#host.readerFor(this, head);
    if (typeof reader !== "number") return reader;
    const nothing = (): void => undefined;
    return { context: {}, body: nothing, end: nothing, deliver: () => this.respond(head, reader, {}) };
  }

  /** Answers a request, if it wants an answer with that status and says where to. */
  respond(head: MsrpRequestHead, status: number, context: OutContext): void {
    if (!wantsResponse(head, status) || msrpHeader(head, "From-Path") === undefined) return;
    // Who was asked is not said: the URI of this end without a session, which is what can be told of it.
    const nameless = msrpHeader(head, "To-Path") === undefined ? { fromPath: this.#uri() } : {};
    this.post(msrpResponse(head, status, nameless), { ...context, cause: head });
  }

  #uri(): string {
    const { host, port, transport } = this.local;
    const authority = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
    return `${transport === "tls" ? "msrps" : "msrp"}://${authority};tcp`;
  }

  #response(head: MsrpResponseHead): void {
    const request = this.#transactions.answer(head.transactionId);
    this.#rearm();
    if (request !== undefined) this.#host.settings.guard(() => request.response(head));
  }

  /** RFC 4975 10.2: 400, where what came of the message says whom to answer. */
  #malformed(_error: MsrpParseError, transactionId: string | undefined, received: Uint8Array): void {
    if (transactionId === undefined) return;
    const text = Buffer.from(received.buffer, received.byteOffset, received.byteLength).toString("latin1");
    const valueOf = (name: string): string | undefined =>
      new RegExp(`^${name}: ?([\\x21-\\x7e ]+)\\r?$`, "im").exec(text)?.[1];
    const [to, from] = [valueOf("To-Path"), valueOf("From-Path")];
    const isRequest = /^MSRP \S+ [0-9]{3}/.exec(text) === null && /^MSRP \S+ REPORT/.exec(text) === null;
    if (to === undefined || from === undefined || !isRequest) return;
    const headers = [msrpField("To-Path", to), msrpField("From-Path", from)];
    const request: MsrpRequestHead = { kind: "request", method: "SEND", transactionId, headers };
    this.post(msrpResponse(request, 400), { cause: request });
  }
}

function bare(head: MsrpHead): MsrpFrame {
  return { head, content: "none", bodyBytes: 0, flag: "$" };
}

function withContent(head: MsrpHead, { contentType, body }: ReportContent): MsrpFrame {
  const headers = [...head.headers, msrpField("Content-Type", contentType)];
  return { head: { ...head, headers }, content: "body", body, bodyBytes: body.length, flag: "$" };
}

/** What a connection to a URI can be shared by (RFC 4975 5.4: host, port and scheme). */
export function authorityOf(uri: MsrpUri): string {
  return `${uri.scheme} ${uri.host.toLowerCase()} ${uri.port ?? 0} ${uri.transport}`;
}
