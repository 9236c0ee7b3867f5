/** A session that goes through a B2BUA: two legs, each a dialog of its own, and what is known of their far ends. */
import type {
  IncomingModification,
  InviteSession,
  Modification,
  OutgoingInvite,
} from "../../../endpoint/user-agent/session-events.ts";
import type { Dialog } from "../../../machine/dialog/dialog.ts";
import type { SipRequest, SipResponse } from "../../../wire/sip/message.ts";
import type { Turn } from "../turn.ts";
import type { ParticipatingFunction } from "./addresses.ts";
import type { ParticipatingDecisions } from "./decisions.ts";
import type { MediaPath } from "./media-path.ts";

/** Where the INVITE came from, and where it went. */
export type LegName = "upstream" | "downstream";

export interface Leg {
  readonly name: LegName;
  /** Local tag of its dialog. */
  tag: string;
  session: InviteSession | undefined;
  /** The value of Contact of the far end, from its last message that had one. */
  contact: string | undefined;
  /** Methods in Allow of the far end; undefined as long as it said nothing. */
  allow: readonly string[] | undefined;
  /** User-Agent of its requests, Server of its responses. */
  release: string | undefined;
  /** A re-INVITE or UPDATE from the far end that has no answer yet. */
  pending: IncomingModification | undefined;
  /** What became of it on the other leg. */
  passed: Modification | undefined;
  /** An INVITE without offer was accepted here with the offer of the other leg: the ACK brings the answer. */
  answerAwaited: boolean;
}

export interface Call {
  readonly at: ParticipatingFunction;
  readonly turn: Turn;
  readonly decisions: ParticipatingDecisions;
  /** The INVITE that came. */
  readonly invite: SipRequest;
  readonly legs: Readonly<Record<LegName, Leg>>;
  /** Undefined: MSRP goes past the server. */
  readonly media: MediaPath | undefined;
  outgoing: OutgoingInvite | undefined;
  /** A reliable provisional response with an offer, whose PRACK has to bring the answer from upstream. */
  offeredEarly: SipResponse | undefined;
}

export function other({ legs }: Call, { name }: Leg): Leg {
  return legs[name === "upstream" ? "downstream" : "upstream"];
}

export function newLeg(name: LegName, tag: string): Leg {
  return {
    name,
    tag,
    session: undefined,
    contact: undefined,
    allow: undefined,
    release: undefined,
    pending: undefined,
    passed: undefined,
    answerAwaited: false,
  };
}

/** A dialog as its far end names it, in Replaces: tags from the point of view of whoever is to look for it (RFC 3891 3). */
export interface DialogName {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
}

/** How the server names the dialog of a leg to the far end of that leg. */
export function nameForFarEnd({ callId, localTag, remoteTag }: Dialog): DialogName {
  return { callId, toTag: remoteTag, fromTag: localTag };
}

/** Whether the far end of the leg means this dialog by that name. */
export function isNamed(dialog: Dialog, { callId, toTag, fromTag }: DialogName): boolean {
  const tags = [dialog.localTag, dialog.remoteTag];
  return dialog.callId === callId && tags.includes(toTag) && tags.includes(fromTag) && toTag !== fromTag;
}
