/** A session of an MSRP endpoint, as whoever uses it sees it. */
import type { ConnectionRole, SessionState } from "../../machine/msrp/binding.ts";
import type { ReceptionLimits } from "../../machine/msrp/reception.ts";
import type { MsrpRequestHead } from "../../wire/msrp/message.ts";
import type { Annotation } from "../crossing.ts";
import type { IncomingStream } from "./incoming.ts";
import type { MsrpSending, SendOptions } from "./sending.ts";
import type { MessageContent } from "./source.ts";
import type { ReceivedMessage } from "./whole-message.ts";

export interface MsrpSessionOptions {
  /** Media types that are taken, as in a=accept-types; others are refused with 415. Default: all. */
  readonly acceptTypes?: readonly string[];
  /** Octets of a message, as in a=max-size; a larger one is refused with 413. */
  readonly maxSize?: number;
  readonly limits?: Partial<Omit<ReceptionLimits, "maxSize">>;
  /** When success reports are sent that were asked for. Default `whole`: when the message is complete. */
  readonly reports?: "whole" | "chunks" | "none";
  /** The part of the URI behind the host. Default: a new one, of 82 random bits (RFC 4975 14.1). */
  readonly sessionId?: string;
  /** Which of the endpoint's hops stands in the URI. Default: the first. */
  readonly transport?: "tcp" | "tls";
  /** Put on every crossing of the session. */
  readonly annotation?: Annotation;
}

export interface ConnectOptions {
  /** `active` connects and sends first (RFC 4975 5.4, RFC 6135). Default active. */
  readonly role?: ConnectionRole;
  /** Use a connection to the same host and port that is there (RFC 4975 5.4). Default true. */
  readonly share?: boolean;
  /** What the active end sends first when nothing waits to be sent: a SEND without content, or nothing, which RFC 4975 5.4 forbids. */
  readonly first?: "bodiless" | "nothing";
}

/** Why a session is over. */
export type SessionEnd =
  /** This end closed it. */
  | { readonly kind: "hang-up" }
  /** The connection ended, or could not be made. */
  | { readonly kind: "connection"; readonly error?: Error }
  /** The peer knows it not (481), or has it on another connection (506). */
  | { readonly kind: "refused"; readonly status: number };

export interface MsrpSession {
  /** URI of this end. */
  readonly uri: string;
  /** The value of a=path: the URI, behind those of its relays. */
  readonly localPath: string;
  /** What the peer's a=path said; empty before `connect`. */
  readonly remotePath: string;
  readonly state: SessionState;
  /** Bytes that wait on its connection for the peer to read. */
  readonly queued: number;
  /** Messages that were given to `send` and of which more may be heard. */
  readonly outstanding: number;
  /** Takes the path of the peer. The active end connects at once and sends the first SEND; the passive end waits for it. */
  connect(remotePath: string, options?: ConnectOptions): void;
  /** Sends a message, now or as soon as there is a connection. */
  send(content: MessageContent, options: SendOptions): MsrpSending;
  /** A SEND without content (RFC 4975 7.1). */
  sendBodiless(): void;
  /** Whole messages, of at most the endpoint's `wholeMessageOctets`. */
  onMessage(handler: (message: ReceivedMessage) => void): void;
  /** Messages from the head of their first chunk on; called before any octet is there, so that it can refuse. */
  onIncoming(handler: (incoming: IncomingStream) => void): void;
  /** REPORTs, also those that belong to no message that is known; with their body, should they have one. */
  onReport(handler: (report: MsrpRequestHead, body: Uint8Array | undefined) => void): void;
  /** Requests other than SEND and REPORT: the status of the response. Default 501. */
  onRequest(handler: (request: MsrpRequestHead) => number): void;
  /** The session is bound to its connection. */
  onBound(handler: () => void): void;
  onClosed(handler: (end: SessionEnd) => void): void;
  /**
   * Nothing is read from its connection until the function that is returned is called: the peer has to wait, with all its sessions on that
   * connection. Does nothing while there is no connection.
   */
  hold(): () => void;
  /** Bytes as they are: a tester must misbehave, too. */
  sendBytes(bytes: Uint8Array, annotation?: Annotation): void;
  /** Breaks the connection off at once, and with it every session on it. */
  destroyConnection(): void;
  /** Ends the session; its connection when no other session is on it. */
  close(): void;
}
