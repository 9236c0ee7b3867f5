/** Flow L: a session between two users becomes a conference with a third. */
import { actorOf, addressesIn, nextOf, type FindPlay } from "./flow-play.ts";

export const extension: FindPlay = (trace) => {
  const stimulus = trace.stimuli.find(
    ({ action, intent }) => action === "start-session" && intent["toKind"] === "user",
  );
  if (stimulus === undefined) return undefined;
  const extended = nextOf(stimulus, trace, ({ action }) => action === "extend-session");
  const bob = actorOf(addressesIn(stimulus.intent, "to")[0], trace);
  if (extended === undefined || bob === undefined) return undefined;
  const others = addressesIn(extended.intent, "to").flatMap((address) => actorOf(address, trace) ?? []);
  const ted = others.find((actor) => actor !== bob);
  if (ted === undefined) return undefined;
  return { stimulus, users: { "user-a": stimulus.actor, "user-b": bob, "user-c": ted }, holds: [] };
};
