/** Flow P, first figure: a participant has a user invited by REFER, and perhaps removed again. */
import { sameAddressOfRecord } from "../../wire/sip/uri.ts";
import type { Stimulated } from "../event.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";
import { firstHeader, methodOf } from "../sip-identity.ts";
import { actorOf, addressesIn, nextOf, type FindPlay } from "./flow-play.ts";

export const invitingByRefer: FindPlay = (trace) => {
  const stimulus = trace.stimuli.find(({ action }) => action === "add-participants");
  const [invited] = stimulus === undefined ? [] : addressesIn(stimulus.intent, "to");
  const user = actorOf(invited, trace);
  if (stimulus === undefined || invited === undefined || user === undefined) return undefined;
  const removed = nextOf(
    stimulus,
    trace,
    ({ action, intent }) =>
      action === "remove-participant" &&
      addressesIn(intent, "user").some((address) => sameAddressOfRecord(address, invited)),
  );
  return {
    stimulus,
    users: { "user-a": stimulus.actor, "user-b": user },
    holds: [
      ...(isSubscribed(stimulus, trace) ? ["subscribed"] : []),
      ...(removed === undefined ? [] : ["removed"]),
    ],
  };
};

/** Unless both ends agreed that there is no subscription to the outcome (RFC 4488). */
function isSubscribed({ seq }: Stimulated, trace: ScenarioTrace): boolean {
  const answer = trace.messages.find(
    ({ seq: own, message }) =>
      own > seq && message.kind === "response" && message.status < 300 && methodOf(message) === "REFER",
  );
  return answer !== undefined && !/^\s*false\b/iu.test(firstHeader(answer.message, "refer-sub") ?? "");
}
