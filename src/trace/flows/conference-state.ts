/** Flow D.1: a participant subscribes to the state of a conference, and perhaps somebody joins while the subscription is active. */
import type { Stimulated } from "../event.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";
import { methodOf } from "../sip-identity.ts";
import type { FindPlay } from "./flow-play.ts";

export const conferenceState: FindPlay = (trace) => {
  const stimulus = trace.stimuli.find(({ action }) => action === "subscribe-participants");
  if (stimulus === undefined) return undefined;
  const joined = whoJoined(stimulus, trace);
  return joined === undefined
    ? { stimulus, users: { "user-a": stimulus.actor }, holds: [] }
    : { stimulus, users: { "user-a": stimulus.actor, "user-c": joined }, holds: ["active"] };
};

/** The first client that sends or gets a 200 to INVITE from then on, but for the subscriber. */
function whoJoined({ seq, actor }: Stimulated, trace: ScenarioTrace): string | undefined {
  const nodes = trace.messages
    .filter(
      (one) =>
        one.seq > seq &&
        one.message.kind === "response" &&
        one.message.status === 200 &&
        methodOf(one.message) === "INVITE",
    )
    .map(({ node }) => node);
  const others = trace.users.filter((user) => user.actor !== actor);
  return nodes.flatMap((node) => others.find((user) => user.node === node)?.actor ?? [])[0];
}
