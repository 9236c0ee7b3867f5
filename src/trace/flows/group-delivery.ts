/** Flow D.3: a message to a Pre-defined Group whose sender wants to be told of its delivery. */
import { sameAddressOfRecord } from "../../wire/sip/uri.ts";
import type { Stimulated } from "../event.ts";
import { registeredAt } from "../registered-at.ts";
import type { ScenarioTrace } from "../scenario-trace.ts";
import { actorOf, addressesIn, type FindPlay, type FlowPlay } from "./flow-play.ts";

export const groupDelivery: FindPlay = (trace) => {
  const stimulus = trace.stimuli.find((one) => begins(one, trace));
  const users = stimulus && castOf(stimulus, trace);
  return stimulus === undefined || users === undefined ? undefined : { stimulus, users, holds: ["deferral"] };
};

function begins({ action, intent }: Stimulated, trace: ScenarioTrace): boolean {
  return (
    action === "send-message" &&
    addressesIn(intent, "report").includes("positive-delivery") &&
    groupOf(intent, trace) !== undefined
  );
}

function groupOf(intent: Stimulated["intent"], trace: ScenarioTrace): ReturnType<ScenarioTrace["group"]> {
  const [to] = addressesIn(intent, "to");
  return to === undefined ? undefined : trace.group(to);
}

/** The sender is User A, the members who are there B and C, the one who is away D. */
function castOf(start: Stimulated, trace: ScenarioTrace): FlowPlay["users"] | undefined {
  const sender = trace.user(start.actor)?.imAddress;
  const others = (groupOf(start.intent, trace)?.members ?? []).filter(
    (member) => sender !== undefined && !sameAddressOfRecord(member, sender),
  );
  const actors = (there: boolean): readonly string[] =>
    others
      .filter((member) => registeredAt(member, start.seq, trace) === there)
      .flatMap((member) => actorOf(member, trace) ?? []);
  const [b, c] = actors(true);
  const [d] = actors(false);
  if (b === undefined || c === undefined || d === undefined) return undefined;
  return { "user-a": start.actor, "user-b": b, "user-c": c, "user-d": d };
}
