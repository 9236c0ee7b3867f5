/** A conference of the focus as it stands (RFC 4353): who is in it, who was asked, and what is left when it is over. */
import type { InviteSession, OutgoingInvite } from "../../../endpoint/user-agent/session-events.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import type { Group } from "../../../wire/xml/group.ts";
import type { SdpLine } from "../../../wire/sdp/description.ts";
import type { AliasTable } from "../switch/aliases.ts";
import type { Roster } from "./roster.ts";
import type { Person } from "./person.ts";
import type { ConferenceSwitch } from "./switch-seam.ts";

export type ConferenceKind = "one-to-one" | "ad-hoc" | "group";

/** What a participant and the focus agreed on for MSRP. */
export interface MediaTerms {
  readonly acceptTypes: readonly string[];
  readonly acceptWrappedTypes: readonly string[];
  /** Octets that the other end takes. */
  readonly maxSize: number | undefined;
  /** Attributes that the server does not know, which are passed on with the offer (7.2.2.2-4a). */
  readonly others: readonly SdpLine[];
}

export interface Participant {
  readonly id: string;
  person: Person;
  /** The one that the initial INVITE came from, one that was invited, or one that came of its own accord. */
  readonly how: "originator" | "invited" | "joined";
  /** Key of its `user` element: never the address of one who asked for privacy. */
  readonly entity: string;
  readonly session: InviteSession;
  msrp: MsrpSession;
  terms: MediaTerms;
  /** Version of the session description that went last. */
  description: { readonly sessionId: string; version: number };
  /** Methods in Allow. */
  readonly allow: readonly string[];
  /** URI of its Contact. */
  readonly contact: string | undefined;
  readonly release: string | undefined;
  /** A Conversation History Function, which does not count. */
  readonly history: boolean;
  /** It came again by another dialog, so that the end of this one means nothing. */
  superseded: boolean;
}

/** One user who has been asked and has not answered. */
export interface Invitation {
  readonly uri: string;
  readonly invite: OutgoingInvite;
}

export interface Conference {
  readonly kind: ConferenceKind;
  /** The IM Session Identity. */
  readonly identity: string;
  /** Of a pre-defined group; changes when its document does. */
  group: Group | undefined;
  readonly originator: Person;
  /** Who may come into a session without a group (7.2.2.9). */
  readonly admitted: string[];
  /** What the originator offered, as far as the server takes it: offered to everybody who is invited. */
  readonly terms: MediaTerms;
  readonly participants: Map<string, Participant>;
  readonly invitations: Set<Invitation>;
  readonly roster: Roster;
  readonly aliases: AliasTable;
  readonly mediaSwitch: ConferenceSwitch;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  over: boolean;
  /** Strikes the maximum length out. */
  stopClock: () => void;
}

/** Conferences by what they are known by. All of it is bounded. */
export interface Conferences {
  add(conference: Conference): void;
  /** It is over; its identity is remembered. */
  end(conference: Conference): void;
  withIdentity(uri: string): Conference | undefined;
  ofGroup(uri: string): Conference | undefined;
  /** Whether a session had this identity and is over. */
  hasEnded(uri: string): boolean;
  list(): readonly Conference[];
}
