/** What the focus asks of the MSRP switch (clause 7.2.3): who is in the conference, and by which MSRP session. */
import type { SwitchConference, SwitchParticipant } from "../switch/participant.ts";
import type { ConferenceSwitch as Switch } from "../switch/switch.ts";
import type { ServerParts } from "../turn.ts";

export type ConferenceSwitch = Pick<Switch, "join" | "change" | "leave" | "announce" | "close">;

/** `onLost`: somebody's MSRP session is over, or it reads nothing, and nobody has said that it left. */
export type CreateSwitch = (
  server: ServerParts,
  conference: SwitchConference,
  onLost: (participant: SwitchParticipant) => void,
) => ConferenceSwitch;
