/** Messages of the conference itself (clause 7.2.3.5). */
import { formatCpimAddress } from "../../../wire/cpim/address.ts";
import { buildCpim } from "../../../wire/cpim/build.ts";
import type { SwitchDecisions } from "./decisions.ts";
import type { Original } from "./outlet.ts";
import type { SwitchConference, SwitchParticipant } from "./participant.ts";
import type { Announcement } from "./turn.ts";

/** Throws CpimError when the conference's address cannot stand in a header. */
export function wrapAnnouncement(
  announcement: Announcement,
  recipient: SwitchParticipant,
  conference: SwitchConference,
  { announcement: decisions }: SwitchDecisions,
): Uint8Array {
  const from = { uri: decisions.from(conference), displayName: decisions.displayName(announcement) };
  return buildCpim({
    headers: [
      ["From", formatCpimAddress(from)],
      ["To", formatCpimAddress({ uri: decisions.to(recipient) })],
    ],
    ...decisions.content(announcement),
  });
}

/** A message that is there as a whole. Those of the server keep their order too. */
export function ownMessage(octets: number): Original {
  return {
    senderId: "",
    pushed: octets,
    complete: true,
    advanced: () => undefined,
    copyWritten: () => undefined,
  };
}
