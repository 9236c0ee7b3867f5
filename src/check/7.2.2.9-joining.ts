/** 7.2.2.9: who may join a session: in an ad-hoc one who was invited, in that of a group whom join-handling lets in. */
import type { ScenarioTrace } from "../trace/scenario-trace.ts";
import { check, type Check } from "./check.ts";
import { isSameUser } from "./conference-members.ts";
import { isWeighed } from "./group-session-admission.ts";
import { endOf, expectStatus, expectThat, missed, undecided } from "./outcome.ts";
import { goodRejoinings, rejoiningsWith, type Rejoining } from "./rejoining.ts";

const isAdHoc = ({ conference }: Rejoining): boolean => conference?.kind === "ad-hoc";

/** Nobody has invited who sends it. */
export const uninvitedDoNotJoin = check<Rejoining>("7.2.2.9-1", {
  trigger: (trace) => rejoiningsWith("not-admitted", trace).filter(isAdHoc),
  judge: ({ exchange, accepted }, trace) => {
    const expected = "an INVITE of a user whom nobody invited to the session is refused";
    if (exchange.final !== undefined)
      return expectThat(accepted === undefined, expected, endOf(exchange), exchange);
    return trace.complete
      ? missed(expected, "no final response", exchange)
      : undecided(expected, "the trace ends before a final response", exchange);
  },
});

/** At the beginning: on the list, or the list's author. */
function wasFirstInvited({ conference, originator }: Rejoining, trace: ScenarioTrace): boolean {
  const { listed = [], setUp } = conference ?? {};
  return [...listed, setUp?.uri ?? ""].some((uri) => isSameUser(uri, originator, trace));
}

function joins(statement: string, isMeant: (one: Rejoining, trace: ScenarioTrace) => boolean): Check {
  return check<Rejoining>(statement, {
    trigger: (trace) => goodRejoinings(trace).filter((one) => isAdHoc(one) && isMeant(one, trace)),
    judge: ({ exchange }, trace) => expectStatus(exchange, [200], trace.complete),
  });
}

export const firstInvitedJoin = joins("7.2.2.9-1a", wasFirstInvited);
export const laterInvitedJoin = joins("7.2.2.9-1b", (one, trace) => !wasFirstInvited(one, trace));

export const joinHandlingIsObeyed = isWeighed(
  "7.2.2.9-2",
  { ground: "not-joiner", when: ["running"], statuses: [403] },
  {
    bad: "an INVITE of a user whom join-handling does not let in is refused",
    good: "an INVITE of a user whom join-handling lets in is taken",
  },
);
