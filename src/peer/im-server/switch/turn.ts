/** One message of a participant, of which the headers are read, as the decisions see it. */
import type { IncomingStream } from "../../../endpoint/msrp/incoming.ts";
import type { SwitchConference, SwitchParticipant } from "./participant.ts";
import type { MessageWrapper } from "./wrapper.ts";

export interface MessageTurn {
  readonly conference: SwitchConference;
  /** Who takes part now, the sender too. */
  readonly participants: readonly SwitchParticipant[];
  readonly sender: SwitchParticipant;
  readonly incoming: IncomingStream;
  readonly wrapper: MessageWrapper;
}

/** What became of the message at one recipient. */
export interface Leg {
  readonly recipient: SwitchParticipant;
  /** An MSRP status, or `too-large` for the recipient's max-size. */
  readonly status: number | "too-large";
}

/** What is sent for the server itself. */
export interface Announcement {
  readonly kind: AnnouncementKind;
  readonly text?: string;
  /** The URL of content that lies elsewhere, in place of a text (RFC 4483). */
  readonly externalContent?: string;
}

export type AnnouncementKind = "system-message" | "announcement" | "advertisement";
