/** 7.2.1.4, steps 8 to 10: a group without a session gets one, a session that is there is entered with a 200. */
import { tagOfTo } from "../trace/session/journeys.ts";
import { check } from "./check.ts";
import {
  answersOf,
  goodSetUps,
  judgeAnswer,
  mediaOf,
  offeredIn,
  typesBeyond,
  typesOf,
  type GroupSetUp,
} from "./group-session-answers.ts";
import { goodInvites, isTakenUp } from "./group-session-admission.ts";
import type { GroupInvite } from "./group-session.ts";
import { endOf, expectStatus, expectThat, missed, passed } from "./outcome.ts";

/** Statuses by which a session, or what was called, is said not to be there. */
const NOT_THERE: ReadonlySet<number> = new Set([404, 410, 481, 604]);

export const missingSessionIsMade = check<GroupInvite>("7.2.1.4-8", {
  trigger: (trace) =>
    goodInvites(trace, "idle").filter(
      (invite) => isTakenUp(invite, trace) || NOT_THERE.has(invite.exchange.final?.message.status ?? 0),
    ),
  judge: (invite, trace) =>
    expectThat(
      isTakenUp(invite, trace),
      "the group, which has no session, gets one",
      isTakenUp(invite, trace) ? "members were invited, or the INVITE was accepted" : endOf(invite.exchange),
      invite.exchange,
    ),
});

/** A 200 by step 9 would be another than the one by which the making of a session is answered. */
export const madeSessionIsNotJoined = check<GroupSetUp>("7.2.1.4-8b-2", {
  trigger: (trace) => goodSetUps(trace).filter(({ invite: { accepted } }) => accepted !== undefined),
  judge: (one) => {
    const expected = "no 200 but that which a member's 200 leads to";
    const { exchange, accepted } = one.invite;
    const answers = exchange.responses.filter(({ message }) => message.status >= 200 && message.status < 300);
    if (new Set(answers.map(({ message }) => tagOfTo(message))).size > 1)
      return missed(expected, `${answers.length} of them`, exchange, answers.at(-1));
    const [first] = answersOf(one);
    const isEarly =
      one.setUp.invitations.length > 0 && (first?.accepted?.seq ?? Infinity) > (accepted?.seq ?? 0);
    const outcome = passed(expected, endOf(exchange), exchange, first?.accepted);
    return isEarly
      ? { ...outcome, result: "noted", note: "a 200 before any member's, which 7.2.1.3 speaks of as well" }
      : outcome;
  },
});

export const joiningIsAccepted = check<GroupInvite>("7.2.1.4-9", {
  trigger: (trace) => goodInvites(trace, "running"),
  judge: ({ exchange }, trace) => expectStatus(exchange, [200], trace.complete),
});

export const answerIsSent = check<GroupInvite>("7.2.1.4-10", {
  trigger: (trace) =>
    goodInvites(trace, "running").filter(({ exchange: { final } }) => (final?.message.status ?? 200) < 300),
  judge: ({ exchange }, trace) => {
    const outcome = expectStatus(exchange, [200], trace.complete);
    return { ...outcome, expected: "the 200 gets to who joins" };
  },
});

export const answerHasMsrp = check<GroupInvite>("7.2.1.4-9a", {
  trigger: (trace) => goodInvites(trace, "running").filter(({ accepted }) => accepted !== undefined),
  judge: judgeAnswer,
});

export const typesWereOffered = check<GroupInvite>("7.2.1.4-9b", {
  trigger: (trace) =>
    goodInvites(trace, "running").filter(({ accepted }) => typesOf(mediaOf(accepted)).length > 0),
  judge: (invite) => {
    const types = typesOf(mediaOf(invite.accepted));
    const beyond = typesBeyond(types, offeredIn(invite));
    const actual = `accept-types: ${types.join(" ")}`;
    return expectThat(beyond.length === 0, "accept-types that were offered", actual, invite.exchange);
  },
});
