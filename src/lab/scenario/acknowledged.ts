/** When those who were let into sessions are in on both ends. */
import { callIdOf, header } from "../../wire/sip/headers.ts";
import type { SipMessage } from "../../wire/sip/message.ts";
import type { LiveCrossing } from "../live.ts";
import type { Play } from "./play.ts";

/** A user is in for certain when the ACK was sent on each hop: before, what is asked next may overtake the acceptance. */
export async function acknowledged(play: Play): Promise<void> {
  const { live, rig } = play;
  const peer = rig.sutFile.server?.node ?? "server";
  const isAcknowledged = (direction: "in" | "out"): boolean => {
    const acks = live.exchangedWith(peer, "ACK", 0, direction).map(({ message }) => orderOf(message));
    return live
      .exchangedWith(peer, "INVITE", 0, direction)
      .every((invite) => isRefused(live.finalTo(invite)) || acks.includes(orderOf(invite.message)));
  };
  await play.window({
    purpose: "presence",
    of: "ACKs of those who are in",
    lengthMs: rig.sutFile.guards.quietMs,
    condition: () => isAcknowledged("in") && isAcknowledged("out"),
    elapsing: "meant",
  });
  await play.repeated();
}

/** An ACK has the number of its INVITE. */
function orderOf(message: SipMessage): string {
  return `${callIdOf(message) ?? ""} ${/^\s*\d+/u.exec(header(message, "CSeq") ?? "")?.[0] ?? ""}`;
}

function isRefused(final: LiveCrossing | undefined): boolean {
  return final?.message.kind === "response" && final.message.status >= 300;
}
