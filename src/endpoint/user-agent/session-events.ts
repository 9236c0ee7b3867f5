/** What a user agent tells its user, and what the user can do with what it is told of. */
import type { Dialog } from "../../machine/dialog/dialog.ts";
import type { Carrier, Side } from "../../machine/invite-session/offer-answer.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { OutgoingRequest, SendOptions } from "../request-sender.ts";
import type { DialogHandle } from "./dialogs.ts";
import type { MessageOptions, ModificationOptions } from "./options.ts";

export type EndReason =
  | "bye"
  /** Before it was answered. */
  | "cancelled"
  | "rejected"
  /** Another fork was answered, and this one never was. */
  | "forked"
  /** 64 * T1 passed without ACK, or without PRACK. */
  | "no ACK"
  | "no PRACK"
  /** Nobody refreshed the session. */
  | "expired"
  /** Another dialog took its place (RFC 3891). */
  | "replaced"
  /** A request within it got 481, 408, no response, or a response that takes down the dialog. */
  | "failed";

/** Where a peer does what it may not. */
export type Irregularity =
  /** A session description where neither offer nor answer may be. */
  | "unexpected-description"
  /** A message that should have had the answer has none. */
  | "no-answer"
  /** A message that should have had an offer has none. */
  | "no-offer"
  /** A reliable provisional response although the INVITE did not allow it, or without RSeq. */
  | "unexpected-100rel";

export type SessionEvent =
  /** UAC: a response from 101 on in this dialog; a reliable one once and in order. */
  | { readonly type: "provisional"; readonly response: SipResponse; readonly reliable: boolean }
  /** UAC: a 2xx came, and its ACK went. UAS: the 2xx went. */
  | { readonly type: "accepted"; readonly response: SipResponse }
  /** UAC: the 2xx came again. */
  | { readonly type: "accepted again"; readonly response: SipResponse }
  /** UAS: the ACK of the INVITE or of a re-INVITE came. */
  | { readonly type: "acknowledged"; readonly request: SipRequest }
  /** UAS: PRACK came. */
  | { readonly type: "pracked"; readonly request: SipRequest }
  /** Offer and answer are there: the media are known. */
  | { readonly type: "agreed"; readonly local: Body; readonly remote: Body; readonly offerer: Side }
  /** A re-INVITE or UPDATE that waits for the user's answer. */
  | { readonly type: "offered"; readonly modification: IncomingModification }
  /** A re-INVITE or UPDATE was answered with 2xx. */
  | {
      readonly type: "modified";
      readonly by: Side;
      readonly method: "INVITE" | "UPDATE";
      readonly response: SipResponse;
    }
  /** A re-INVITE or UPDATE of the own end was refused; the session is as it was. */
  | {
      readonly type: "modification refused";
      readonly method: "INVITE" | "UPDATE";
      readonly response: SipResponse;
    }
  | { readonly type: "replaced"; readonly by: InviteSession }
  | { readonly type: "irregular"; readonly code: Irregularity; readonly message: SipMessage }
  | {
      readonly type: "ended";
      readonly by: Side;
      readonly why: EndReason;
      /** The request or response that ended it, if one did. */
      readonly message?: SipMessage;
    };

export type SessionHandler = (event: SessionEvent, session: InviteSession) => void;

/** What becomes of an INVITE that was sent. */
export type InviteEvent =
  /** A response made a dialog: the time to watch its session, before anything happens in it. */
  | { readonly type: "session"; readonly session: InviteSession }
  /** Also 100, which is in no dialog. A reliable one once and in order. */
  | {
      readonly type: "provisional";
      readonly response: SipResponse;
      readonly reliable: boolean;
      readonly session?: InviteSession;
    }
  /** Once for each dialog that the INVITE made; `kept` is false for one that is hung up again. */
  | {
      readonly type: "accepted";
      readonly response: SipResponse;
      readonly session: InviteSession;
      readonly kept: boolean;
    }
  | { readonly type: "rejected"; readonly response: SipResponse }
  /** `response`: the final one, if one came in time. */
  | { readonly type: "cancelled"; readonly response?: SipResponse }
  | { readonly type: "failed"; readonly reason: "timeout" | "transport" };

export type InviteHandler = (event: InviteEvent, invite: OutgoingInvite) => void;

export interface OutgoingInvite {
  /** As it was sent last, with Via. */
  readonly request: SipRequest;
  readonly callId: string;
  /** By dialog, in the order of their first response. */
  readonly sessions: readonly InviteSession[];
  /** No final response came yet. */
  readonly pending: boolean;
  on(handler: InviteHandler): void;
  /** RFC 3261 9.1: as soon as a provisional response came. A 2xx that comes nevertheless gets ACK and BYE. */
  cancel(options?: MessageOptions): void;
}

/** A session description of the peer that has to be answered, or a request for an offer. */
export interface Offered {
  readonly session: InviteSession;
  readonly carrier: Carrier;
  /** Undefined: a re-INVITE without an offer, which asks for one; an UPDATE without, which only refreshes. */
  readonly offer: Body | undefined;
  readonly message: SipMessage;
}

export type OfferDecision =
  /** The answer (or the offer that is asked for). */
  | { readonly body?: Body; readonly headers?: readonly HeaderPair[] }
  /** An offer in a response cannot be refused: it gets ACK without an answer, and BYE (RFC 3261 13.2.2.4); or just PRACK. */
  | { readonly status: number; readonly body?: Body; readonly headers?: readonly HeaderPair[] }
  /**
   * The user answers later: a re-INVITE or UPDATE by what comes with the event `offered`, a 2xx by `acknowledge`, a reliable provisional response
   * by `prack`.
   */
  | "later";

export type OnOffer = (offered: Offered) => OfferDecision;

/** A re-INVITE or UPDATE that came. */
export interface IncomingModification {
  readonly method: "INVITE" | "UPDATE";
  readonly request: SipRequest;
  readonly offer: Body | undefined;
  /** A provisional response; default 183. */
  progress(options?: MessageOptions & { readonly status?: number; readonly reliable?: boolean }): void;
  accept(options?: MessageOptions & { readonly status?: number }): void;
  reject(status: number, options?: MessageOptions & { readonly reason?: string }): void;
}

export type SessionPhase =
  /** Before the final response. */
  "early" | "confirmed" | "ended";

/** A re-INVITE or UPDATE of the own end. */
export interface Modification {
  /** `waiting`: for its turn, or to be tried again. */
  readonly state: "waiting" | "sent" | "done";
  /** One that waits never goes; a re-INVITE that went is cancelled (RFC 3261 9.1). */
  cancel(options?: MessageOptions): void;
}

/** How the session timer stands. */
export interface SessionInterval {
  /** Seconds. */
  readonly interval: number;
  readonly refresher: Side;
}

/** An INVITE session: the usage that an INVITE makes of a dialog. */
export interface InviteSession {
  readonly role: "uac" | "uas";
  readonly phase: SessionPhase;
  readonly dialog: Dialog;
  /** For other usages of the dialog: subscriptions, REFER. */
  readonly handle: DialogHandle;
  /** The INVITE that made it. */
  readonly invite: SipRequest;
  /** What offer and answer agreed on last. */
  readonly local: Body | undefined;
  readonly remote: Body | undefined;
  readonly timer: SessionInterval | undefined;
  /** The value of Contact from the next message on. */
  contact: string;
  onOffer: OnOffer | undefined;
  /** Requests in the dialog that no usage knows: true if it takes care of the answer. */
  onRequest: ((incoming: IncomingRequest) => boolean) | undefined;
  /** The BYE that ended the session because its time was over has been answered, or will not be. */
  onExpired: (() => void) | undefined;
  on(handler: SessionHandler): void;
  /** Waits until RFC 3261 14.1 lets it go. */
  reinvite(options?: ModificationOptions): Modification;
  /** Waits until RFC 3311 5.1 lets it go. */
  update(options?: ModificationOptions): Modification;
  /** UPDATE where the peer allows it, else a re-INVITE with the description as it is (RFC 4028 7.4). */
  refresh(options?: ModificationOptions & { readonly method?: "INVITE" | "UPDATE" }): Modification;
  /** Waits for the ACK where RFC 3261 15 asks for it, unless `force` is set; an early session of a UAC is cancelled instead. */
  bye(
    options?: MessageOptions & {
      readonly force?: boolean;
      readonly onDone?: (response?: SipResponse) => void;
    },
  ): void;
  /** ACK to the last 2xx by hand, when it does not go by itself. */
  acknowledge(options?: MessageOptions): void;
  /** PRACK to a reliable provisional response by hand. */
  prack(response: SipResponse, options?: MessageOptions): void;
  /** Any other request in the dialog. */
  request(method: string, options?: MessageOptions & Omit<SendOptions, "to">): OutgoingRequest | undefined;
}

/** An INVITE that came, and the session that it will make. */
export interface IncomingInvite extends InviteSession {
  readonly incoming: IncomingRequest;
  /** Session descriptions apart: the offer of the INVITE. */
  readonly offer: Body | undefined;
  /** The session that it is to replace (RFC 3891). */
  readonly replaces: InviteSession | undefined;
  /**
   * Default 180, reliably if the INVITE requires it. `reliable` comes to nothing when the INVITE does not allow it; a second reliable response
   * waits for the PRACK of the first.
   */
  ring(options?: MessageOptions & { readonly status?: number; readonly reliable?: boolean }): void;
  /** Without a body, `onOffer` is asked for the answer. Waits for PRACK where RFC 3262 3 asks for it. */
  accept(options?: MessageOptions & { readonly status?: number }): void;
  reject(status: number, options?: MessageOptions & { readonly reason?: string }): void;
}
