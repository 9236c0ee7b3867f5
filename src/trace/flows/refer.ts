/** Flow P, first figure: a participant has a user invited by REFER, and perhaps removed again. */
import { sameAddressOfRecord } from "../../wire/sip/uri.ts";
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
    holds: removed === undefined ? ["subscribed"] : ["subscribed", "removed"],
  };
};
