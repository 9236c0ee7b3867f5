/** What the user of a user agent says: about itself, about one call, about one message. */
import type { SessionTimerPolicy } from "../../machine/invite-session/session-timer.ts";
import type { TimerValues } from "../../machine/timers.ts";
import type { Clock } from "../../net/clock.ts";
import type { Ids } from "../../net/ids.ts";
import type { Hop } from "../../net/network.ts";
import type { HeaderPair } from "../../wire/sip/build.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Body } from "../../wire/sip/session-description.ts";
import type { Replaces } from "../../wire/sip/session-fields.ts";
import type { Annotation } from "../crossing.ts";
import type { SipEndpoint } from "../sip-endpoint.ts";
import type { InviteHandler, OnOffer } from "./session-events.ts";

/** What a message is sent for. */
export type Occasion =
  | "INVITE"
  | "re-INVITE"
  | "UPDATE"
  /** A re-INVITE or UPDATE that only refreshes the session. */
  | "refresh"
  | "ACK"
  | "PRACK"
  | "CANCEL"
  | "BYE"
  | "other request"
  | "provisional"
  | "reliable provisional"
  | "2xx to INVITE"
  | "2xx"
  | "rejection";

/** The last word on a message before it goes to the transaction: as it is, changed, or (undefined) not at all. */
export type Edit = <Message extends SipMessage>(message: Message, occasion: Occasion) => Message | undefined;

/** What happens by itself, unless it is switched off. */
export type Automatism =
  /** ACK to each 2xx to an INVITE, again when the 2xx comes again. */
  | "ACK"
  /** PRACK to each reliable provisional response that is in order. */
  | "PRACK"
  /** 2xx and reliable provisional responses are repeated until ACK and PRACK. */
  | "repetition"
  /** BYE when no ACK came, 504 when no PRACK came. */
  | "giving up"
  /** The session is refreshed at half its interval. */
  | "refresh"
  /** BYE when nobody refreshed in time; 487, or CANCEL, when an INVITE was not answered before its Expires (RFC 3261 13.2.1, 13.3.1). */
  | "expiry"
  /** A re-INVITE or UPDATE that met another (491, 500 with Retry-After) is tried again. */
  | "glare retry"
  /** 491 and 500 for a re-INVITE or UPDATE that meets another. */
  | "glare refusal"
  /** What was refused with 422 is asked for again with a longer interval. */
  | "422 retry"
  /** 422 for an interval that is too small. */
  | "422"
  /** 420 for what is required and not supported. */
  | "420"
  /** 482 for an INVITE that came by two ways (RFC 3261 8.2.2.2). */
  | "482"
  /** 500 for requests that are out of order. */
  | "order"
  /** ACK and BYE for a 2xx that comes after CANCEL, or from another fork than the first. */
  | "hanging up"
  /** BYE or CANCEL to the dialog that another has replaced. */
  | "replacement";

export interface UserAgentOptions {
  readonly endpoint: SipEndpoint;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Those of the endpoint, if they are not the default. */
  readonly timers?: Partial<TimerValues>;
  /** The value of Contact, with its parameters: `<sip:alice@192.0.2.1>;isfocus`. `peer`: where the other end was reached last. */
  readonly contact: string | ((peer: Hop) => string);
  /** Option tags for Supported. Default: 100rel, replaces, timer. What is required and not among them gets 420. */
  readonly supported?: readonly string[];
  /** Methods for Allow. Default: INVITE, ACK, CANCEL, BYE, PRACK, UPDATE. */
  readonly allow?: readonly string[];
  readonly sessionTimer?: SessionTimerPolicy;
  readonly without?: readonly Automatism[];
  readonly edit?: Edit;
  /** Where a request in a dialog goes; default: the address in its first Route or Request-URI, else `known`. */
  readonly nextHop?: (request: SipRequest, known: Hop) => Hop;
  /** Asked when an INVITE wants to replace a dialog (RFC 3891 3): false gets 403. Default: everybody may. */
  readonly mayReplace?: (invite: SipRequest) => boolean;
  /** Decides on offers of sessions that have no `onOffer` of their own. */
  readonly onOffer?: OnOffer;
  /** Told when a handler of the user throws in what a timer set off. Default: a warning of the process. */
  readonly onHandlerError?: (error: unknown) => void;
}

/** What may be said of any message. */
export interface MessageOptions {
  /** They take the place of fields of the same name that would stand there by themselves. */
  readonly headers?: readonly HeaderPair[];
  readonly body?: Body;
  readonly annotation?: Annotation;
  /** Id of the stimulus that the message carries out. */
  readonly stimulus?: string;
  /** The request because of which this one is sent, for {@link Edge}; responses name theirs by themselves. */
  readonly cause?: SipRequest;
}

export interface InviteOptions extends MessageOptions {
  /** Where the INVITE goes. */
  readonly to: Hop;
  /** The Request-URI; with a route whose first entry has no `lr`, its last Route. */
  readonly uri: string;
  /** The value of From, without tag. */
  readonly from: string;
  /** The value of To. Default: the Request-URI in angle brackets. */
  readonly toField?: string;
  readonly callId?: string;
  readonly fromTag?: string;
  /** CSeq. Default 1. */
  readonly sequence?: number;
  /** Values of Route. */
  readonly route?: readonly string[];
  /** In place of that of the user agent. */
  readonly contact?: string;
  readonly replaces?: Replaces;
  /** In place of that of the user agent. */
  readonly sessionTimer?: SessionTimerPolicy;
  /** `first` (default): a 2xx of another fork than the first gets ACK and BYE; `all`: each makes a session. */
  readonly forks?: "first" | "all";
  /**
   * Asked about a final response above 299: the fields for another attempt (with the next CSeq and the same Call-ID and From), such as
   * Authorization; undefined: there is none.
   */
  readonly retry?: (response: SipResponse, attempt: number) => readonly HeaderPair[] | undefined;
  /** Decides on offers of the peer: those in responses too. */
  readonly onOffer?: OnOffer;
  readonly on?: InviteHandler;
}

export interface ModificationOptions extends MessageOptions {
  /** Send at once, whatever else is in progress. */
  readonly force?: boolean;
  readonly onDone?: (outcome: ModificationOutcome) => void;
}

export interface ModificationOutcome {
  /** `dropped`: the session ended first. */
  readonly outcome: "accepted" | "rejected" | "failed" | "dropped";
  readonly response?: SipResponse;
}
