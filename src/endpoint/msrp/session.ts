/** One MSRP session of an endpoint (RFC 4975 5.4, 7): its paths, its connection, and the messages on it. */
import { createReception } from "../../machine/msrp/reception.ts";
import type { IncomingMessage, Reception } from "../../machine/msrp/reception.ts";
import { createSessionBinding } from "../../machine/msrp/binding.ts";
import type { SessionState } from "../../machine/msrp/binding.ts";
import { pathForPeer, pathToPeer } from "../../machine/msrp/relay-client.ts";
import { msrpReport, msrpRequest } from "../../wire/msrp/build.ts";
import { messageIdOf } from "../../wire/msrp/headers.ts";
import { newIdent, newTransactionIdFor } from "../../wire/msrp/ident.ts";
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";
import { parseMsrpUri } from "../../wire/msrp/uri.ts";
import type { MsrpUri } from "../../wire/msrp/uri.ts";
import { acceptsType } from "../../wire/sdp/message-media.ts";
import { Incoming, SendReader } from "./incoming.ts";
import type { IncomingHost, IncomingStream, ReportParts } from "./incoming.ts";
import type { Link } from "./link.ts";
import type { ConnectOptions, MsrpSession, MsrpSessionOptions, SessionEnd } from "./msrp-session.ts";
import type { RequestReader } from "./link-reader.ts";
import type { OutContext } from "./link-writer.ts";
import { Sending } from "./sending.ts";
import type { MsrpSending, SendingHost, SendOptions } from "./sending.ts";
import { sourceOf } from "./source.ts";
import type { MessageContent } from "./source.ts";
import { collectMessage } from "./whole-message.ts";
import type { ReceivedMessage } from "./whole-message.ts";

/** What a session needs of its endpoint. */
export interface SessionHost {
  readonly token: (length: number) => string;
  readonly guard: (call: () => void) => void;
  readonly wholeMessageOctets: number;
  linkTo(uri: MsrpUri, share: boolean): Link;
  /** The session is on the link, and the peer at that URI may be reached by it. */
  joined(session: Session, link: Link, peer: MsrpUri | undefined): void;
  left(session: Session, link: Link | undefined): void;
}

export class Session implements MsrpSession {
  readonly uri: string;
  readonly parsedUri: MsrpUri;
  readonly #host: SessionHost;
  readonly #options: MsrpSessionOptions;
  readonly #binding = createSessionBinding<Link>();
  readonly #reception: Reception;
  readonly #context: OutContext;
  #usePath: readonly string[] = [];
  #relayLink: Link | undefined = undefined;
  #remotePath: readonly string[] = [];
  readonly #sendings = new Map<string, Sending>();
  readonly #incomings = new Map<IncomingMessage, Incoming>();
  readonly #incomingHost: IncomingHost;
  readonly #sendingHost: SendingHost;
  readonly #handlers = {
    message: [] as ((message: ReceivedMessage) => void)[],
    incoming: [] as ((incoming: IncomingStream) => void)[],
    report: [] as ((report: MsrpRequestHead, body: Uint8Array | undefined) => void)[],
    request: undefined as ((request: MsrpRequestHead) => number) | undefined,
    bound: [] as (() => void)[],
    closed: [] as ((end: SessionEnd) => void)[],
  };
  #toldBound = false;

  constructor(host: SessionHost, uri: string, options: MsrpSessionOptions) {
    this.#host = host;
    this.#options = options;
    this.uri = uri;
    this.parsedUri = parseMsrpUri(uri);
    this.#context = { session: uri, annotation: options.annotation };
    const { acceptTypes, maxSize, limits = {} } = options;
    this.#reception = createReception({
      limits: { ...limits, ...(maxSize === undefined ? {} : { maxSize }) },
      ...(acceptTypes === undefined ? {} : { accepts: (type: string) => acceptsType(acceptTypes, type) }),
    });
    this.#incomingHost = this.#makeIncomingHost();
    this.#sendingHost = this.#makeSendingHost();
  }

  get localPath(): string {
    return pathForPeer(this.#usePath, this.uri).join(" ");
  }

  get remotePath(): string {
    return this.#remotePath.join(" ");
  }

  get state(): SessionState {
    return this.#binding.state;
  }

  get link(): Link | undefined {
    return this.#binding.connection;
  }

  get queued(): number {
    return this.link?.queued ?? 0;
  }

  get outstanding(): number {
    return this.#sendings.size;
  }

  /** What its relays gave: requests go through them, and come by the connection to the nearest. */
  useRelays(usePath: readonly string[], link: Link): void {
    if (this.state === "closed") return;
    this.#usePath = usePath;
    this.#relayLink = link;
    this.#host.joined(this, link, undefined);
  }

  connect(
    remotePath: string,
    { role = "active", share = true, first = "bodiless" }: ConnectOptions = {},
  ): void {
    if (this.state === "closed") return;
    this.#remotePath = remotePath.split(" ").filter((uri) => uri !== "");
    const peer = parseMsrpUri(this.#remotePath[0] ?? "");
    if (role === "passive" || this.link !== undefined) {
      if (this.link !== undefined && this.#relayLink === undefined) this.#host.joined(this, this.link, peer);
      return this.#startWaiting();
    }
    const link = this.#relayLink ?? this.#host.linkTo(peer, share);
    this.#binding.connecting(link);
    this.#host.joined(this, link, this.#relayLink === undefined ? peer : undefined);
    if (this.#sendings.size === 0 && first === "bodiless") this.sendBodiless();
    this.#startWaiting();
  }

  #startWaiting(): void {
    const { link } = this;
    if (link === undefined || this.#remotePath.length === 0) return;
    for (const sending of this.#sendings.values()) sending.start(link);
  }

  #paths(): { readonly toPath: string; readonly fromPath: string } {
    return { toPath: pathToPeer(this.#usePath, this.#remotePath).join(" "), fromPath: this.uri };
  }

  send(content: MessageContent, options: SendOptions): MsrpSending {
    const messageId = options.messageId ?? newIdent(this.#host.token);
    const sending = new Sending(this.#sendingHost, sourceOf(content, options.size), {
      ...options,
      messageId,
    });
    this.#sendings.set(messageId, sending);
    if (this.state === "closed") sending.on({ type: "lost" });
    else this.#startWaiting();
    return sending;
  }

  sendBodiless(): void {
    const { link } = this;
    if (link === undefined) return;
    const head = msrpRequest({
      method: "SEND",
      transactionId: newIdent(this.#host.token),
      ...this.#paths(),
      headers: [
        ["Message-ID", newIdent(this.#host.token)],
        ["Byte-Range", "1-0/0"],
      ],
    });
    link.request(head, {
      context: this.#context,
      response: ({ status }) => (status === 481 || status === 506 ? this.#refused(status) : this.#confirm()),
      timeout: () => undefined,
      lost: () => undefined,
    });
  }

  hold(): () => void {
    let held = this.link;
    held?.pause();
    return () => {
      held?.resume();
      held = undefined;
    };
  }

  sendBytes(bytes: Uint8Array, annotation = this.#options.annotation): void {
    this.link?.postBytes(bytes, { ...this.#context, annotation });
  }

  destroyConnection(): void {
    this.link?.destroy();
  }

  onMessage(handler: (message: ReceivedMessage) => void): void {
    this.#handlers.message.push(handler);
  }

  onIncoming(handler: (incoming: IncomingStream) => void): void {
    this.#handlers.incoming.push(handler);
  }

  onReport(handler: (report: MsrpRequestHead, body: Uint8Array | undefined) => void): void {
    this.#handlers.report.push(handler);
  }

  onRequest(handler: (request: MsrpRequestHead) => number): void {
    this.#handlers.request = handler;
  }

  onBound(handler: () => void): void {
    this.#handlers.bound.push(handler);
  }

  onClosed(handler: (end: SessionEnd) => void): void {
    this.#handlers.closed.push(handler);
  }

  close(): void {
    this.#end({ kind: "hang-up" });
  }

  /** The connection ended. */
  lost(error: Error | undefined): void {
    this.#end({ kind: "connection", ...(error === undefined ? {} : { error }) });
  }

  #refused(status: number): void {
    this.#end({ kind: "refused", status });
  }

  #end(end: SessionEnd): void {
    if (this.state === "closed") return;
    const link = this.link ?? this.#relayLink;
    this.#binding.close();
    for (const sending of this.#sendings.values()) sending.on({ type: "lost" });
    for (const incoming of this.#incomings.values()) incoming.end("lost");
    this.#host.left(this, link);
    for (const handler of this.#handlers.closed) this.#host.guard(() => handler(end));
  }

  #confirm(): void {
    this.#binding.connected();
    if (this.#toldBound || this.state !== "bound") return;
    this.#toldBound = true;
    for (const handler of this.#handlers.bound) this.#host.guard(handler);
  }

  /** A request for the session, and who reads it; the status of a refusal. */
  readerFor(link: Link, head: MsrpRequestHead): RequestReader | number {
    const fresh = this.link === undefined;
    const refusal = this.#binding.request(link);
    if (refusal !== undefined) return refusal;
    if (fresh) {
      const peer = this.#relayLink === undefined ? this.#remotePath[0] : undefined;
      this.#host.joined(this, link, peer === undefined ? undefined : parseMsrpUri(peer));
    }
    const bind = (reader: RequestReader): RequestReader => ({
      context: reader.context,
      body: (bytes) => reader.body(bytes),
      end: (flag, content) => reader.end(flag, content),
      deliver: () => {
        reader.deliver();
        this.#confirm();
        if (fresh) this.#startWaiting();
      },
    });
    const reader = this.#readerOf(link, head);
    return fresh || !this.#toldBound ? bind(reader) : reader;
  }

  #readerOf(link: Link, head: MsrpRequestHead): RequestReader {
    if (head.method === "SEND") return new SendReader(this.#incomingHost, link, head);
    const nothing = (): void => undefined;
    if (head.method === "REPORT") return this.#reportReader(head);
    const deliver = (): void => this.#otherRequest(link, head);
    return { context: this.#context, body: nothing, end: nothing, deliver };
  }

  /** Of a body no more is kept than of a message that is put together; what is longer is left out. */
  #reportReader(head: MsrpRequestHead): RequestReader {
    const pieces: Uint8Array[] = [];
    let octets = 0;
    return {
      context: this.#context,
      body: (bytes) => {
        octets += bytes.length;
        if (octets <= this.#host.wholeMessageOctets) pieces.push(Uint8Array.from(bytes));
        else pieces.length = 0;
      },
      end: () => undefined,
      deliver: () => this.#report(head, pieces.length === 0 ? undefined : Buffer.concat(pieces)),
    };
  }

  #report(head: MsrpRequestHead, body: Uint8Array | undefined): void {
    this.#sendings.get(messageIdOf(head) ?? "")?.report(head);
    for (const handler of this.#handlers.report) this.#host.guard(() => handler(head, body));
  }

  #otherRequest(link: Link, head: MsrpRequestHead): void {
    let status = 501;
    this.#host.guard(() => (status = this.#handlers.request?.(head) ?? 501));
    link.respond(head, status, this.#context);
  }

  #sendReport(head: MsrpRequestHead, { status: code, range, comment, content }: ReportParts): void {
    const status = { namespace: "000", code, ...(comment === undefined ? {} : { comment }) };
    const transactionId = newTransactionIdFor(content?.body ?? new Uint8Array(0), this.#host.token);
    const parts = { transactionId, status, byteRange: range, fromPath: this.uri };
    this.link?.post(msrpReport(head, parts), { ...this.#context, cause: head }, content);
  }

  #begins(incoming: Incoming): void {
    this.#incomings.set(incoming.message, incoming);
    for (const handler of this.#handlers.incoming) this.#host.guard(() => handler(incoming));
    const handlers = this.#handlers.message;
    if (handlers.length === 0 || incoming.message.refusal !== undefined) return;
    collectMessage(incoming, this.#host.wholeMessageOctets, (message) => {
      for (const handler of handlers) this.#host.guard(() => handler(message));
    });
  }

  #makeIncomingHost(): IncomingHost {
    return {
      context: this.#context,
      guard: this.#host.guard,
      reception: this.#reception,
      reports: this.#options.reports ?? "whole",
      sendReport: (head, parts) => this.#sendReport(head, parts),
      begins: (incoming) => this.#begins(incoming),
      incomingOf: (message) => this.#incomings.get(message),
      ended: ({ message }) => void this.#incomings.delete(message),
    };
  }

  #makeSendingHost(): SendingHost {
    return {
      context: this.#context,
      guard: this.#host.guard,
      paths: () => this.#paths(),
      ended: ({ messageId }) => void this.#sendings.delete(messageId),
      answered: () => this.#confirm(),
      failed: (status) => this.#refused(status),
    };
  }
}
