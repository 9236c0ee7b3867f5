/** IM Sessions of the client as its procedures see them (clause 7.1). */
import type { EventAgent } from "../../../endpoint/events/event-agent.ts";
import type { Subscribing } from "../../../endpoint/events/subscriber.ts";
import type { MsrpTerms } from "../../../endpoint/msrp/negotiation.ts";
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import type {
  IncomingInvite,
  InviteSession,
  OutgoingInvite,
} from "../../../endpoint/user-agent/session-events.ts";
import type { UserAgent } from "../../../endpoint/user-agent/user-agent.ts";
import type { AnswerInvitationsAction, InboxEntry } from "../../../spec/actions.ts";
import type { SdpDescription } from "../../../wire/sdp/description.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { ConferenceUser } from "../../../wire/xml/conference-info.ts";

export type SessionKind = "one-to-one" | "ad-hoc" | "group" | "rejoined" | "invited";

/** What is wanted of an initial INVITE. */
export interface Invitation {
  readonly kind: Exclude<SessionKind, "invited">;
  /** The user, the group or the session that is asked for; of an ad-hoc conference nothing. */
  readonly target: string;
  /** Users in the list of an ad-hoc conference. */
  readonly recipients: readonly string[];
  /** The session that becomes a conference, with the user who takes part in it. */
  readonly extended?: { readonly user: string; readonly session: ClientSession };
  readonly anonymous: boolean;
  readonly alias?: string | undefined;
  readonly acceptTypes?: readonly string[] | undefined;
  readonly maxSize?: number | undefined;
}

export interface SessionMedia {
  readonly msrp: MsrpSession;
  readonly origin: { readonly sessionId: string; version: number };
  terms: MsrpTerms;
  /** The description that was offered last. */
  offer: SdpDescription | undefined;
  /** What the other end takes. */
  peer: { readonly acceptTypes: readonly string[]; readonly maxSize?: number | undefined } | undefined;
}

/** What a SIP message said of the other end (7.1.1.1). */
export interface SessionPeer {
  allow: readonly string[];
  /** The URI in Contact: the IM Session Identity. */
  identity: string | undefined;
  isFocus: boolean;
  /** User-Agent and Server. */
  products: readonly string[];
}

export interface ClientSession {
  readonly name: string;
  readonly kind: SessionKind;
  readonly invitation: Invitation | undefined;
  state: "inviting" | "ringing" | "open" | "ended";
  readonly peer: SessionPeer;
  readonly anonymous: boolean;
  call: OutgoingInvite | undefined;
  incoming: IncomingInvite | undefined;
  dialog: InviteSession | undefined;
  media: SessionMedia | undefined;
  /** Subscriptions to its participants, in the order in which they were asked for. */
  readonly watching: Subscribing[];
  /** By entity, as the participants' information told (RFC 4575). */
  readonly participants: Map<string, ConferenceUser>;
  /** The entity that is marked as this client's own (Appendix M). */
  ownEntity: string | undefined;
  /** Who is writing, by address (RFC 3994). */
  readonly composing: Set<string>;
  /** The BYE was the user's wish. */
  leaving: boolean;
  disarm: () => void;
}

/** How a tester has the client misbehave in all its sessions. */
export interface SessionScript {
  /** Behind the feature tag in Contact: `isfocus`. */
  readonly contactParameters?: string;
  /** In place of the own address in From of each message/cpim. */
  readonly cpimFrom?: string;
  /** How it reads from its MSRP connections: a pause behind each piece, or not at all after the first. */
  readonly reading?: "slow" | "never";
  /** The pause, in milliseconds; default 200. */
  readonly pauseMs?: number;
  /** Breaks its MSRP connection off as soon as so many octets of one message have come. */
  readonly dropAfterOctets?: number;
  /** It writes so many octets of a message, and then rests for so many milliseconds. */
  readonly writing?: { readonly octets: number; readonly pauseMs: number };
  /** The status with which it refuses each message. */
  readonly refusesWith?: number;
  /** Without ACK to 2xx. */
  readonly withoutAck?: boolean;
  /** Neither refreshes nor ends sessions whose time is over. */
  readonly withoutRefresh?: boolean;
  /** Holds its media open when it has left, and goes on writing. */
  readonly keepsMedia?: boolean;
  /** Provisional responses want PRACK, where the INVITE allows them. */
  readonly ringsReliably?: true;
  /** Changes of its sessions go by UPDATE. */
  readonly updates?: boolean;
  /** Sees each response within sessions before it goes; undefined: there is none. */
  readonly answer?: (response: SipResponse) => SipResponse | undefined;
}

export type RequestEdit = (request: SipRequest) => SipRequest;

export interface Sessions {
  readonly userAgent: UserAgent;
  readonly events: EventAgent;
  readonly msrp: MsrpEndpoint;
  /** In the order in which they were started and came. */
  readonly list: ClientSession[];
  /** Changes of a tester, by Call-ID and method. */
  readonly edits: Map<string, RequestEdit>;
  script: SessionScript;
  behaviour: AnswerInvitationsAction;
  store: (entry: InboxEntry) => void;
}

export const ACCEPTING: AnswerInvitationsAction = { action: "answer-invitations", answer: "accept" };

export const editKey = (callId: string, method: string): string => `${callId} ${method}`;

/** A change of these requests from now on, or none. */
export function setEdit(
  { edits }: Sessions,
  callId: string,
  method: string,
  edit: RequestEdit | undefined,
): void {
  if (edit === undefined) edits.delete(editKey(callId, method));
  else edits.set(editKey(callId, method), edit);
}

/** The session of that name; without a name the latest that has not ended, or the latest. */
export function sessionNamed({ list }: Sessions, name: string | undefined): ClientSession | undefined {
  if (name !== undefined) return list.findLast((session) => session.name === name);
  return list.findLast(({ state }) => state !== "ended") ?? list.at(-1);
}
